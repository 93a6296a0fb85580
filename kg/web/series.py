"""Adds up figures that belong together: the parts of a series, their sum, and how the totals given stand to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.store import figures
from kg.web.dates import spoken
from kg.web.plots import Dot, dot, grouped, learn, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.store.figures import Figure
    from kg.web.models import Link
    from kg.web.site import Site


@dataclass(frozen=True, slots=True)
class Segment:
    """Shows one part of a series: what it is, where it begins and how long it is, in percent of the scale."""

    name: str
    dot: Dot
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Series:
    """Shows figures that belong together as parts and totals, with the sum of the parts and how far totals are off it.

    `sum` is empty where a part has no plain number or the units differ; `differences` says, in words, for each total
    how it stands to the sum.
    """

    name: str
    source: Link
    unit: str
    parts: tuple[Segment, ...]
    totals: tuple[Segment, ...]
    sum: str
    differences: tuple[str, ...]
    flags: tuple[Link, ...]


def series(site: Site, names: Iterable[tuple[str, str]]) -> tuple[Series, ...]:
    """Return the series of figures named by source and name, each whole, with its sum."""
    return tuple(_series(site, name, figures.series(site.build().search, source, name)) for source, name in names)


def _series(site: Site, name: str, found: Sequence[Figure]) -> Series:
    learn(site, found)
    parts = [each for each in found if not each.role.endswith("/total")]
    totals = [each for each in found if each.role.endswith("/total")]
    summed = bool(parts) and all(each.value for each in parts) and len({each.unit for each in found}) == 1
    total = sum((Decimal(each.value) for each in parts), Decimal(0)) if summed else Decimal(0)
    greatest = max([float(total), *(each.bounds[1] for each in found if each.bounds)], default=0.0) or 1.0
    before = 0.0
    segments = []
    for each in parts:
        width = 100 * float(each.value) / greatest if summed else 0.0
        segments.append(Segment(_name(site, each, parts), dot(site, each), round(before, 2), round(width, 2)))
        before += width
    flags = {flag for each in found for flag in each.flags if flag.endswith("/parts-do-not-sum")}
    return Series(
        _title(site, totals[0]) if totals else name.replace("-", " "),
        site.link(found[0].source),
        unit_of(site, found[0].unit),
        tuple(segments),
        tuple(
            Segment("", dot(site, each), 0.0, round(100 * each.bounds[1] / greatest, 2) if each.bounds else 0.0)
            for each in totals
        ),
        grouped(str(total)) if summed else "",
        tuple(_difference(Decimal(each.value), total) for each in totals if summed and each.value),
        tuple(map(site.link, sorted(flags))),
    )


def _title(site: Site, total: Figure) -> str:
    """Return what a series is, from its total."""
    of = (*total.things, *filter(None, (total.place,)))
    names = [site.label(iri).text for iri in dict.fromkeys((total.measure, *of))]
    return ", ".join([*names, spoken(total.edtf)] if total.edtf else names)


def _name(site: Site, part: Figure, parts: Sequence[Figure]) -> str:
    """Return what sets a part apart from the others: what it is of, else where it is, else its measure, else all."""
    kinds: tuple[Callable[[Figure], tuple[str, ...]], ...] = (
        lambda each: each.things,
        lambda each: (each.place,) if each.place else (),
        lambda each: (each.measure,),
    )
    told = next((kind(part) for kind in kinds if len({kind(each) for each in parts}) == len(parts)), None)
    iris = told or [iri for kind in kinds for iri in kind(part)]
    return ", ".join(site.label(iri).text for iri in dict.fromkeys(iris))


def _difference(given: Decimal, total: Decimal) -> str:
    """Say how a total stands to the sum of its parts."""
    if given == total:
        return "The parts add up to the total."
    return f"The total is {grouped(str(abs(given - total)))} {'more' if given > total else 'less'} than the parts."
