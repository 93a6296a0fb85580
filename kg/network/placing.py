"""Places the nodes of a drawing by forces, and then moves them until no name lies on another.

Only square roots and the four operations are used, which give the same bits on every machine; the start is drawn with a
seed. Lengths are in the units of the drawing, which are about a pixel.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROUNDS = 220
_APART = 3000  # rounds of moving names apart, at most
_PULL = 1.2  # to the middle
_FLAT = 0.62  # a drawing is wider than it is high


@dataclass(slots=True)
class Box:
    """Holds a node with its name: the middle of its circle, and how far both reach to each side, up and down."""

    x: float
    y: float
    side: float
    up: float
    down: float


def place(
    sizes: Sequence[tuple[float, float, float]], links: Mapping[tuple[int, int], float], seed: int, room: float = 1.0
) -> list[Box]:
    """Return a place for each node, of which `sizes` says how far it reaches (to each side, up, down).

    `links` gives the strength with which two nodes, by their numbers, draw each other.
    """
    count = len(sizes)
    dice = random.Random(seed)  # noqa: S311 - the same drawing every time is the point
    spots = [[dice.uniform(-1, 1), dice.uniform(-1, 1)] for _ in range(count)]
    _settle(spots, links)
    reach = sum(side * 2 * (up + down) for side, up, down in sizes)
    scale = room * sqrt(reach * 5.5 / _FLAT) / 2  # the names shall cover about a fifth of the drawing
    boxes = [
        Box(x * scale, y * scale * _FLAT, side, up, down) for (x, y), (side, up, down) in zip(spots, sizes, strict=True)
    ]
    _part(boxes)
    return boxes


def _settle(spots: list[list[float]], links: Mapping[tuple[int, int], float]) -> None:
    """Move points by forces (after Fruchterman and Reingold) into the square from -1 to 1."""
    count = len(spots)
    if count < 2:
        return
    ideal = 1.1 / sqrt(count)
    heat = 0.25
    for _ in range(_ROUNDS):
        force = [[-_PULL * x * ideal, -_PULL * y * ideal] for x, y in spots]
        for one in range(count):
            x, y = spots[one]
            pushed = force[one]
            for other in range(one):
                dx, dy = x - spots[other][0], y - spots[other][1]
                near = dx * dx + dy * dy or 1e-9
                push = ideal * ideal / near
                pushed[0] += dx * push
                pushed[1] += dy * push
                force[other][0] -= dx * push
                force[other][1] -= dy * push
        for (one, other), strength in links.items():
            dx, dy = spots[one][0] - spots[other][0], spots[one][1] - spots[other][1]
            pull = sqrt(dx * dx + dy * dy) / ideal * strength
            force[one][0] -= dx * pull
            force[one][1] -= dy * pull
            force[other][0] += dx * pull
            force[other][1] += dy * pull
        for spot, (dx, dy) in zip(spots, force, strict=True):
            far = sqrt(dx * dx + dy * dy) or 1e-9
            step = min(far, heat) / far
            spot[0] += dx * step
            spot[1] += dy * step
        heat *= 0.98
    for axis in (0, 1):
        low, high = min(spot[axis] for spot in spots), max(spot[axis] for spot in spots)
        for spot in spots:
            spot[axis] = (spot[axis] - low) / ((high - low) or 1) * 2 - 1


def _part(boxes: list[Box]) -> None:
    """Move boxes apart, the way that is shorter, until none lies on another."""
    for _ in range(_APART):
        moved = False
        for one, a in enumerate(boxes):
            for b in boxes[:one]:
                across = a.side + b.side - abs(a.x - b.x)
                if across <= 0:
                    continue
                middle = (a.y + (a.down - a.up) / 2) - (b.y + (b.down - b.up) / 2)
                along = (a.up + a.down + b.up + b.down) / 2 - abs(middle)
                if along <= 0:
                    continue
                moved = True
                if across < along:
                    step = (across / 2 + 0.1) * (1 if a.x >= b.x else -1)
                    a.x += step
                    b.x -= step
                else:
                    step = (along / 2 + 0.1) * (1 if middle >= 0 else -1)
                    a.y += step
                    b.y -= step
        if not moved:
            return
