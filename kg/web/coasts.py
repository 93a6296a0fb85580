"""Cuts coasts and borders out of TopoJSON, as small as a map page needs them, and reads them again.

A cut file is JSON: `bounds` (west, south, east, north in degrees), `scale` (units of a degree), and `land` (rings) and
`borders` (lines between two countries), each a list of whole numbers: the first point, then the steps from point to
point, longitude before latitude.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Point = tuple[float, float]  # longitude, latitude in degrees
Line = list[Point]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Holds coasts and borders: `land` are closed rings, to be filled by the even-odd rule."""

    bounds: tuple[float, float, float, float]  # west, south, east, north
    land: tuple[tuple[Point, ...], ...]
    borders: tuple[tuple[Point, ...], ...]


@cache
def read(path: Path) -> Shapes:
    """Return the shapes of a cut file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    scale = document["scale"]
    land, borders = (tuple(tuple(_steps(line, scale)) for line in document[name]) for name in ("land", "borders"))
    west, south, east, north = document["bounds"]
    return Shapes((west, south, east, north), land, borders)


def _steps(line: Sequence[int], scale: int) -> Iterator[Point]:
    x = y = 0
    for right, up in zip(line[::2], line[1::2], strict=True):
        x, y = x + right, y + up
        yield x / scale, y / scale


def cut(topology: bytes, bounds: Sequence[float], digits: int) -> bytes:
    """Return a cut file of what a TopoJSON file with the objects `countries` and `land` shows within bounds.

    Coordinates are rounded to `digits` decimal places of a degree.
    """
    document = json.loads(topology)
    arcs = [_arc(arc, document["transform"]) for arc in document["arcs"]]
    rings = [_joined(ring, arcs) for ring in _rings(document["objects"]["land"])]
    used = Counter(
        index if index >= 0 else ~index
        for country in document["objects"]["countries"]["geometries"]
        for ring in _rings(country)
        for index in ring
    )
    between = [arcs[index] for index, times in sorted(used.items()) if times > 1]
    west, south, east, north = bounds
    scale = 10**digits
    land = (_rounded(_clip_ring(ring, (west, south, east, north)), scale) for ring in rings)
    borders = (_rounded(part, scale) for line in between for part in _clip_line(line, (west, south, east, north)))
    made = {
        "bounds": list(bounds),
        "scale": scale,
        "land": [line for line in land if len(line) >= 8],
        "borders": [line for line in borders if len(line) >= 4],
    }
    return json.dumps(made, separators=(",", ":")).encode() + b"\n"


def _arc(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Line:
    """Return the points of an arc, which is kept as steps."""
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for right, up in arc:
        x, y = x + right, y + up
        points.append((x * wide + left, y * high + low))
    return points


def _rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    """Yield the rings of a geometry, each as the numbers of its arcs."""
    if shape["type"] == "GeometryCollection":
        for each in shape["geometries"]:
            yield from _rings(each)
    elif shape["type"] == "MultiPolygon":
        for polygon in shape["arcs"]:
            yield from polygon
    elif shape["type"] == "Polygon":
        yield from shape["arcs"]


def _joined(ring: Iterable[int], arcs: Sequence[Line]) -> Line:
    """Return a ring's points; an arc with a number below nought is walked backwards."""
    points: Line = []
    for index in ring:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += line[1:] if points else line
    return points


def _clip_ring(ring: Line, bounds: tuple[float, float, float, float]) -> Line:
    """Return what of a ring lies within bounds, by Sutherland and Hodgman: one side after the other."""
    for inside, meet in _sides(bounds):
        kept: Line = []
        for before, after in pairwise([*ring[-1:], *ring]):
            if inside(before) != inside(after):
                kept.append(meet(before, after))
            if inside(after):
                kept.append(after)
        ring = kept
    return [*ring, *ring[:1]]


def _clip_line(line: Line, bounds: tuple[float, float, float, float]) -> list[Line]:
    """Return the parts of a line that lie within bounds."""
    parts = [line]
    for inside, meet in _sides(bounds):
        cut_parts: list[Line] = []
        for part in parts:
            kept: Line = [part[0]] if inside(part[0]) else []
            for before, after in pairwise(part):
                if inside(before) != inside(after):
                    kept.append(meet(before, after))
                if inside(after):
                    kept.append(after)
                elif kept:
                    cut_parts.append(kept)
                    kept = []
            cut_parts += [kept] if kept else []
        parts = cut_parts
    return parts


def _sides(
    bounds: tuple[float, float, float, float],
) -> list[tuple[Callable[[Point], bool], Callable[[Point, Point], Point]]]:
    """Return for each side of the bounds whether a point is within it, and where a step crosses it."""
    west, south, east, north = bounds

    def upright(x: float) -> Callable[[Point, Point], Point]:
        return lambda a, b: (x, a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]))

    def level(y: float) -> Callable[[Point, Point], Point]:
        return lambda a, b: (a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]), y)

    return [
        (lambda point: point[0] >= west, upright(west)),
        (lambda point: point[0] <= east, upright(east)),
        (lambda point: point[1] >= south, level(south)),
        (lambda point: point[1] <= north, level(north)),
    ]


def _rounded(line: Line, scale: int) -> list[int]:
    """Return a line as its first point and steps in whole units, without steps of no length."""
    steps: list[int] = []
    x = y = 0
    for longitude, latitude in line:
        right, up = round(longitude * scale) - x, round(latitude * scale) - y
        if right or up or not steps:
            steps += [right, up]
            x, y = x + right, y + up
    return steps
