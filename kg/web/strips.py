"""Lays out dates on a common axis, exact ones as dots, vague ones as long as they may reach, ready to be drawn.

Positions are percentages of the drawing's width.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from kg.store import chronicle
from kg.store.choice import Choice
from kg.store.facets import Facets, key_of
from kg.web.dates import spoken
from kg.web.models import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.chronicle import Entry, Period, Span
    from kg.store.lines import Line
    from kg.web.site import Site

Shape = Literal["dot", "ring", "solid", "vague", "fade-left", "fade-right"]
LEGEND: tuple[tuple[tuple[Shape, ...], bool, str], ...] = (
    (("dot",), False, "on that day"),
    (("vague",), False, "at some time within it: a month, a year, a decade"),
    (("vague",), True, "about then, or perhaps then"),
    (("solid",), False, "from the one to the other, all the time"),
    (("vague", "solid"), False, "the same, its beginning (or end) known only to the month or year"),
    (("solid", "fade-right"), False, "from then on: no end is given"),
    (("fade-left", "solid"), False, "until then: no beginning is given"),
)
_LEAST = 1.3  # percent: what is shorter is drawn as a point
_WEEK, _MONTH, _YEAR = 7, 30.4, 365.25  # days
_TICKS = (  # of an axis of more than so many days: a tick every so many years, or months, or days
    (70 * _YEAR, "year", 20),
    (35 * _YEAR, "year", 10),
    (14 * _YEAR, "year", 5),
    (7 * _YEAR, "year", 2),
    (2.2 * _YEAR, "year", 1),
    (1.1 * _YEAR, "month", 6),
    (7 * _MONTH, "month", 3),
    (2.5 * _MONTH, "month", 1),
    (3 * _WEEK, "day", 14),
    (8, "day", 7),
    (0, "day", 1),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Draws a part of a date: its shape, where it begins and how long it is."""

    shape: Shape
    at: float
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """Names who gives a date, with the claims in which they do; a link's label is the claim's text."""

    speakers: tuple[Link, ...]
    claims: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """Shows one date of an entry: in words, as drawn (`dashed`: called approximate or uncertain), and who gives it."""

    words: str
    edtf: str
    pieces: tuple[Piece, ...]
    dashed: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Shows an event, or a claim that tells of no event, with every date that is given for it."""

    link: Link
    event: bool
    dates: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """Marks a moment on the axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Shows dated entries on one axis; `total` is how many there are, of which these are the first."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    total: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps days to percentages of a drawing's width, from the first day to the end of the last."""

    first: date
    last: date

    @classmethod
    def over(cls, first: str, last: str) -> Axis:
        """Return the axis between two days (ISO 8601)."""
        return cls(date.fromisoformat(first), date.fromisoformat(last))

    @property
    def days(self) -> int:
        """Return how long it is."""
        return (self.last - self.first).days + 1

    def at(self, day: str, *, end: bool = False) -> float:
        """Return where a day begins (or ends), within the drawing."""
        passed = (date.fromisoformat(day) - self.first).days + end
        return round(min(100.0, max(0.0, 2 + 96 * passed / self.days)), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Return the marks of the axis."""
        unit, every = next((unit, every) for least, unit, every in _TICKS if self.days > least)
        return tuple(Tick(self.at(day.isoformat()), label) for day, label in self._marks(unit, every))

    def _marks(self, unit: str, every: int) -> Iterable[tuple[date, str]]:
        if unit == "day":
            day = self.first
            while day <= self.last:
                yield day, f"{day.day} {calendar.month_abbr[day.month]}"
                day += timedelta(days=every)
            return
        months = every * (12 if unit == "year" else 1)
        month = -(-(self.first.year * 12 + self.first.month - 1 + (self.first.day > 1)) // months) * months
        while (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            yield day, str(day.year) if unit == "year" else f"{calendar.month_abbr[day.month]} {day.year}"
            month += months
            if month // 12 > date.max.year:
                return


def of_thing(site: Site, iri: str, limit: int = 25) -> Strip | None:
    """Return the dated events and claims that a thing has to do with, on one axis, or None where there are none."""
    base = site.build().base
    key = key_of(iri, base)
    facet = "place" if key.startswith("place/") else "about"
    with Facets(site.build().search) as facets:
        if not facets.known(facet, key):
            return None
        chosen = facets.chosen(Choice(values={facet: (key,)}))
    found = chronicle.read(site.build().search, chosen, limit=limit)
    bounds = chronicle.extent(span for span, _ in found.spans)
    if bounds is None:
        return None
    return strip(site, found, Axis.over(*bounds), f"/timeline?{facet}={key}")


def strip(site: Site, found: Period, axis: Axis, href: str = "") -> Strip:
    """Return what was read of a chronicle, laid out on an axis."""
    site.learn(iri for line in found.lines.values() for iri in (*line.speakers, line.iri))
    site.learn(entry.iri for entry in found.entries)
    return Strip(tuple(_row(site, each, found.lines, axis) for each in found.entries), axis.ticks(), found.total, href)


def _row(site: Site, entry: Entry, lines: dict[int, Line], axis: Axis) -> Row:
    event = _is_event(site, entry.iri)
    link = site.link(entry.iri) if event else Link(lines[entry.dates[0][1][0]].text, site.path(entry.iri))
    dates = tuple(
        Dated(
            spoken(span.edtf),
            span.edtf,
            pieces(span, axis),
            span.approximate or span.uncertain,
            _said(site, [lines[number] for number in numbers]),
        )
        for span, numbers in entry.dates
    )
    return Row(link, event, dates)


def _is_event(site: Site, iri: str) -> bool:
    return site.kind(iri) == "event"


def _said(site: Site, found: Sequence[Line]) -> tuple[Said, ...]:
    by_speaker: dict[tuple[str, ...], list[Link]] = {}
    for line in found:
        by_speaker.setdefault(line.speakers, []).append(Link(line.text, site.path(line.iri)))
    return tuple(Said(tuple(map(site.link, who)), tuple(claims)) for who, claims in by_speaker.items())


def pieces(span: Span, axis: Axis) -> tuple[Piece, ...]:
    """Return how a date is drawn: what is sure of it solid, what is left open vague, open ends fading."""
    if not span.lasting or (span.first and span.last and span.begun > span.ended):
        return _vague(axis, span.first, span.last, exact=span.first == span.last)
    found: list[Piece] = []
    begun, ended = span.begun or axis.first.isoformat(), span.ended or axis.last.isoformat()
    if not span.first:
        found.append(_bar("fade-left", 0.0, axis.at(ended)))
    elif span.first < span.begun:
        found += _vague(axis, span.first, min(span.begun, ended), exact=False)
    if span.first and span.last:
        found.append(_bar("solid", axis.at(begun), axis.at(ended, end=True)))
    if not span.last:
        found.append(_bar("fade-right", axis.at(begun), 100.0))
    elif span.ended < span.last:
        found += _vague(axis, max(span.ended, begun) if span.first else span.ended, span.last, exact=False)
    return tuple(each for each in found if each.width or each.shape in ("dot", "ring"))


def _vague(axis: Axis, first: str, last: str, *, exact: bool) -> tuple[Piece, ...]:
    if last < axis.first.isoformat() or first > axis.last.isoformat():
        return ()  # before or after what is shown
    start, end = axis.at(first), axis.at(last, end=True)
    if end - start < _LEAST or exact:
        return (Piece("dot" if exact else "ring", round((start + end) / 2, 2)),)
    return (_bar("vague", start, end),)


def _bar(shape: Shape, start: float, end: float) -> Piece:
    return Piece(shape, start, round(max(0.0, end - start), 2))
