"""Lays out places on the coasts and borders of Natural Earth as one small drawing, for pages that need no script."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kg.store.choice import Choice
from kg.store.facets import Facets
from kg.store.gazetteer import places
from kg.web import coasts
from kg.web.vendor import SERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.store.gazetteer import Place
    from kg.web.coasts import Point
    from kg.web.models import Link
    from kg.web.site import Site

REGION = SERVED / "world-atlas" / "region-small.json"
WIDTH = 800.0  # units of the drawing; its height follows from the region
_PROPORTION = 1.7  # width to height
_AROUND = 0.5  # degrees that are shown around the outermost points
LEAST, MOST = 6.0, 20.0  # radius of the smallest and the greatest symbol
_NAMED, _LETTERS = 8, 24  # spots that are named where there is room, and letters of a name at most
_SIZE, _WIDE = 20.0, 0.56  # of the letters: their height in units, and how wide they are for that

Anchor = Literal["start", "middle", "end"]  # what of the name stands at its point
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Label:
    """Names a spot where nothing else stands."""

    x: float
    y: float
    anchor: Anchor
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Marks the places at one point, in units of the drawing; the symbol's area tells the number of claims."""

    x: float
    y: float
    radius: float
    count: int
    places: tuple[Link, ...]
    label: Label | None = None

    @property
    def name(self) -> str:
        """Return the names of its places."""
        return ", ".join(link.label for link in self.places)


@dataclass(frozen=True, slots=True)
class Locator:
    """Shows where places lie: land and borders as SVG paths, a spot for each point; `outside` lie beyond its edge."""

    width: float
    height: float
    land: str
    borders: str
    spots: tuple[Spot, ...]
    outside: int


def locator(site: Site, counts: Mapping[str, int] | None = None, around: float = _AROUND) -> Locator:
    """Return the drawing of the places that claims speak of; `counts` (IRI → claims) says which, None: all of them.

    `around` is how many degrees are shown around the outermost points.
    """
    path = site.build().search
    known = places(path)
    if counts is None:
        with Facets(path) as facets:
            counts = {each.iri: each.count for each in facets.counts(Choice(), "place", None).values}
    drawn = coasts.read(REGION)
    points = by_point(known[iri] for iri in counts if iri in known)
    west, south, east, north = drawn.bounds
    inside = {point: each for point, each in points.items() if west <= point[1] <= east and south <= point[0] <= north}
    site.learn(place.iri for each in inside.values() for place in each)
    west, south, east, north = _framed(drawn.bounds, list(inside), around)
    narrow = _narrow(south, north)
    unit = WIDTH / ((east - west) * narrow)

    def at(point: Point) -> Point:
        return (point[0] - west) * narrow * unit, (north - point[1]) * unit

    most = max((counts[place.iri] for each in points.values() for place in each), default=0) or 1
    spots = []
    for (latitude, longitude), each in inside.items():
        x, y = at((longitude, latitude))
        count = max(counts[place.iri] for place in each)
        links = tuple(site.link(place.iri) for place in each)
        spots.append(Spot(round(x, 1), round(y, 1), radius(count, most), count, links))
    spots.sort(key=lambda spot: -spot.count)  # so that the small stand before the great
    height = round((north - south) * unit, 1)
    return Locator(
        WIDTH,
        height,
        " ".join(f"{_path(map(at, ring))}z" for ring in drawn.land),
        " ".join(_path(map(at, line)) for line in drawn.borders),
        tuple(named(spots, height)),
        sum(len(each) for each in points.values()) - sum(len(each) for each in inside.values()),
    )


def named(spots: Sequence[Spot], height: float) -> Iterable[Spot]:
    """Yield the spots, the greatest of them named beside where that hides no other spot, name or edge."""
    taken = [(each.x - each.radius, each.y - each.radius, each.x + each.radius, each.y + each.radius) for each in spots]
    for n, spot in enumerate(spots):
        label = next(_labels(spot, height, taken), None) if n < _NAMED else None
        if label is not None:
            taken.append(_box(label))
        yield replace(spot, label=label)


def _labels(spot: Spot, height: float, taken: Sequence[Box]) -> Iterator[Label]:
    """Yield the places for the name of a spot that are free: beside it, above it, below it."""
    text = spot.places[0].label
    text = text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"
    aside = spot.radius + 4
    places: tuple[tuple[float, float, Anchor], ...] = (
        (aside, _SIZE * 0.35, "start"),
        (-aside, _SIZE * 0.35, "end"),
        (0, -aside - 2, "middle"),
        (0, aside + _SIZE * 0.75, "middle"),
    )
    for x, y, anchor in places:
        label = Label(round(spot.x + x, 1), round(spot.y + y, 1), anchor, text)
        left, top, right, bottom = _box(label)
        inside = left >= 0 and top >= 0 and right <= WIDTH and bottom <= height
        if inside and not any(left < e and w < right and top < s and n < bottom for w, n, e, s in taken):
            yield label


def _box(label: Label) -> Box:
    width = len(label.text) * _SIZE * _WIDE
    left = label.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]
    return left, label.y - _SIZE * 0.8, left + width, label.y + _SIZE * 0.25


def _framed(
    region: tuple[float, float, float, float], points: Sequence[tuple[float, float]], around: float = _AROUND
) -> tuple[float, float, float, float]:
    """Return west, south, east, north around points (latitude, longitude), within a region and in good proportion."""
    if not points:
        return region
    ends = [(min(each) - around, max(each) + around) for each in zip(*points, strict=True)]
    (south, north), (west, east) = ends
    wanted = _narrow(south, north) * (east - west) / (north - south)
    if wanted < _PROPORTION:
        more = (east - west) * (_PROPORTION / wanted - 1) / 2
        west, east = west - more, east + more
    else:
        more = (north - south) * (wanted / _PROPORTION - 1) / 2
        south, north = south - more, north + more
    return max(west, region[0]), max(south, region[1]), min(east, region[2]), min(north, region[3])


def _narrow(south: float, north: float) -> float:
    """Return how much of a degree of latitude a degree of longitude is, between two latitudes."""
    return math.cos(math.radians((south + north) / 2))


def by_point(found: Iterable[Place]) -> dict[tuple[float, float], list[Place]]:
    """Return point (latitude, longitude) → the places there; those without a point are left out."""
    points: dict[tuple[float, float], list[Place]] = {}
    for place in found:
        if place.point is not None:
            points.setdefault(place.point, []).append(place)
    return points


def radius(count: int, most: int) -> float:
    """Return the radius of a symbol whose area tells the number of claims."""
    return round(max(LEAST, MOST * math.sqrt(count / max(most, 1))), 1)


def _path(points: Iterable[Point]) -> str:
    """Return points as the drawing commands of an SVG path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
