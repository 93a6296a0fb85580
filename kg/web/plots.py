"""Lays out figures as dot-and-range plots: one a measure and unit, each with a scale of its own, ready to be drawn.

Positions are percentages of the drawing's width, so that it fits a phone and a desk alike; heights are pixels.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from kg.store import figures
from kg.vocab import SCHEMES
from kg.web.dates import spoken
from kg.web.models import Link
from kg.web.scales import Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.figures import Figure
    from kg.web.scales import Tick
    from kg.web.site import Site

Shape = Literal["exact", "near", "blur", "over", "least", "most", "under", "range"]
SHAPES: dict[str, Shape] = {  # qualifier → how a number with it is drawn; any other, and none, as an exact number
    "nearly": "near",
    "almost-all": "near",
    "about": "blur",
    "some": "blur",
    "estimated": "blur",
    "over": "over",
    "more-than": "over",
    "at-least": "least",
    "up-to": "most",
    "less-than": "under",
}
LEGEND: tuple[tuple[Shape, str], ...] = (
    ("exact", "the number, given as it is"),
    ("near", "nearly: it is not quite reached"),
    ("blur", "about, some: it lies near"),
    ("over", "over, more than: it is passed"),
    ("least", "at least: this or more"),
    ("most", "up to: this or less"),
    ("under", "less than: it is not reached"),
    ("range", "from the one to the other"),
)
_HEAD, _ROW, _FOOT = 26, 42, 26  # heights: a speaker's name, a row, the axis below
_DOUBTFUL = ("garbled", "placeholder-value", "duplicated-values", "printed-error")
_SHORT, _LONG = 41, 70  # letters of a row on a phone and on a desk
_PLURALS = {"percent": "%", "person": "people", "times": "times", "unit not told": "unit not told"}


@dataclass(frozen=True, slots=True)
class Dot:
    """Shows one figure: where its number lies (None where it has none), how it is drawn, and all that is said of it."""

    link: Link  # to the claim; its label is the claim's text
    speakers: tuple[Link, ...]
    things: tuple[Link, ...]
    details: tuple[str, ...]  # group, place, date
    said: str  # number with qualifier, in words
    printed: str
    qualifier: str
    flags: tuple[Link, ...]
    doubtful: bool
    role: str
    shape: Shape
    low: float | None
    high: float | None
    y: int
    shared: bool = False  # whether the whole drawing is of the same things, which its head says
    alike: bool = False  # whether its speaker gives the same number of the same in another claim too

    @property
    def speaker(self) -> str:
        """Return who says it."""
        return ", ".join(link.label for link in self.speakers)

    @property
    def label(self) -> str:
        """Return what it is of, where and when, in one line; where that is another's too, what its claim says."""
        if self.alike:
            return self.link.label
        things = "" if self.shared else ", ".join(link.label for link in self.things)
        return " · ".join(filter(None, (things, *self.details, self.role))) or self.link.label

    @property
    def short(self) -> str:
        """Return the label as it fits a phone, beside what is said."""
        return _cut(self.label, _SHORT - len(self.said) - 2 * self.doubtful)

    @property
    def long(self) -> str:
        """Return the label as it fits a desk, beside what is said."""
        return _cut(self.label, _LONG - len(self.said) - 2 * self.doubtful)


@dataclass(frozen=True, slots=True)
class Group:
    """Shows the numbers that one speaker gives, greatest first."""

    speaker: str
    y: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """Shows the figures of one measure in one unit on a scale, by speaker; `worded` are those that give no number."""

    anchor: str
    measure: Link
    unit: str
    of: tuple[Link, ...]  # what all its figures are of, where that is the same
    groups: tuple[Group, ...]
    worded: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    logarithmic: bool
    height: int

    @property
    def numbers(self) -> int:
        """Return how many figures are drawn."""
        return sum(len(group.dots) for group in self.groups)


def plots(site: Site, found: Iterable[Figure]) -> tuple[Plot, ...]:
    """Return the plots of some figures, one a measure and unit, in the order in which these come."""
    grouped: dict[tuple[str, str], list[Figure]] = {}
    for figure in found:
        grouped.setdefault((figure.measure, figure.unit), []).append(figure)
    learn(site, (figure for each in grouped.values() for figure in each))
    return tuple(_plot(site, measure, unit, each) for (measure, unit), each in grouped.items())


def of_thing(site: Site, iri: str, limit: int = 40) -> tuple[Plot, ...]:
    """Return the plots of the figures that are of a thing or given for it as a place, `limit` figures at most."""
    return plots(site, figures.of(site.build().search, iri)[:limit])


def learn(site: Site, found: Iterable[Figure]) -> None:
    """Look up the names of all that some figures speak of, at once."""
    site.learn(iri for each in found for iri in (*_named(each), *each.things, *each.flags, *each.speakers) if iri)


def _named(figure: Figure) -> tuple[str, ...]:
    return figure.measure, figure.unit, figure.qualifier, figure.place, figure.role, figure.source


def _plot(site: Site, measure: str, unit: str, found: Sequence[Figure]) -> Plot:
    ends = [end for each in found if each.bounds for end in each.bounds]
    scale = Scale.over(ends, percent=unit.endswith("/percent")) if ends else None
    shared = len(found) > 1 and len({each.things for each in found}) == 1
    groups, height = _groups(site, found, scale, shared=shared)
    worded = _told_apart(dot(site, figure, shared=shared) for figure in found if figure.bounds is None)
    of = tuple(map(site.link, found[0].things)) if shared else ()
    anchor = f"{measure.rsplit('/', 1)[-1]}-{unit.rsplit('/', 1)[-1]}"
    link = Link(site.label(measure).text, f"/figures?measure={measure.rsplit('/', 1)[-1]}")
    ticks = scale.ticks() if scale else ()
    logarithmic = scale is not None and scale.logarithmic
    return Plot(anchor, link, unit_of(site, unit), of, groups, worded, ticks, logarithmic, height + _FOOT)


def _groups(site: Site, found: Sequence[Figure], scale: Scale | None, *, shared: bool) -> tuple[tuple[Group, ...], int]:
    """Return the figures with numbers by speaker, who says the greatest first, and how high they stand in all."""
    told = [(figure, bounds) for figure in found if (bounds := figure.bounds) is not None]
    told.sort(key=lambda each: (-each[1][1], -each[1][0], each[0].number, each[0].iri))
    by_speaker: dict[tuple[str, ...], list[tuple[Figure, tuple[float, float]]]] = {}
    for figure, bounds in told:
        by_speaker.setdefault(figure.speakers, []).append((figure, bounds))
    groups = []
    y = 0
    for said_by in by_speaker.values():
        start = y + _HEAD
        dots = _told_apart(
            dot(site, figure, scale, bounds, start + _ROW * row, shared=shared)
            for row, (figure, bounds) in enumerate(said_by)
        )
        groups.append(Group(dots[0].speaker, y, dots))
        y = start + _ROW * len(dots)
    return tuple(groups), y


def _told_apart(dots: Iterable[Dot]) -> tuple[Dot, ...]:
    """Return the figures of one drawing, those alike marked so."""
    made = tuple(dots)
    times = Counter((each.speakers, each.label, each.said) for each in made)
    return tuple(replace(each, alike=times[each.speakers, each.label, each.said] > 1) for each in made)


def dot(
    site: Site,
    figure: Figure,
    scale: Scale | None = None,
    bounds: tuple[float, float] | None = None,
    y: int = 0,
    *,
    shared: bool = False,
) -> Dot:
    """Return one figure as it is drawn on a scale, or as it is listed where there is none."""
    key = figure.qualifier.rsplit("/", 1)[-1]
    low, high = (scale.at(end) for end in bounds) if scale and bounds else (None, None)
    ranged = bounds is not None and bounds[0] != bounds[1]
    place = site.label(figure.place).text if figure.place and figure.place not in figure.things else ""
    flags = tuple(site.link(flag) for flag in figure.flags)
    return Dot(
        Link(figure.text, site.path(figure.claim)),
        tuple(map(site.link, figure.speakers)),
        tuple(map(site.link, figure.things)),
        tuple(filter(None, (place, spoken(figure.edtf) if figure.edtf else ""))),
        said(site, figure),
        figure.printed,
        site.label(figure.qualifier).text if figure.qualifier else "",
        flags,
        any(flag.rsplit("/", 1)[-1] in _DOUBTFUL for flag in figure.flags),
        site.label(figure.role).text if figure.role else "",
        "range" if ranged else SHAPES.get(key, "exact"),
        low,
        high,
        y,
        shared,
    )


def said(site: Site, figure: Figure) -> str:
    """Return the number of a figure as a reader says it: qualifier, then value or range."""
    qualifier = site.label(figure.qualifier).text if figure.qualifier else ""
    if figure.value:
        number = grouped(figure.value)
    elif figure.low and figure.high:
        number = f"{grouped(figure.low)}–{grouped(figure.high)}"
    elif figure.low or figure.high:
        number = f"{'from ' if figure.low else 'to '}{grouped(figure.low or figure.high)}"
    else:
        number = ""
    return f"{qualifier} {number}".strip()


def grouped(text: str) -> str:
    """Return a decimal number with commas between its thousands."""
    return f"{Decimal(text):,f}"


def unit_of(site: Site, unit: str) -> str:
    """Return a unit in words; a count says nothing beside its measure."""
    if not unit or unit == f"{SCHEMES}unit/count":
        return ""
    name = site.label(unit).text
    return _PLURALS.get(name, f"{name}s")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
