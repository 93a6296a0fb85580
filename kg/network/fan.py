"""Draws one thing between its neighbours: it stands in the middle, they stand in two columns, the nearest at the top.

Nothing is computed but rows, so that the drawing costs a page nothing and no name lies on another.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import TYPE_CHECKING

from kg.network.drawing import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW, _LEADING, _SIZE = 42.0, 16.0, 14.0
_AWAY, _NAMES = 84.0, 176.0  # from the middle to a column, and the room of its names


@dataclass(frozen=True, slots=True)
class Blade:
    """Holds one neighbour: name, kind, how many claims link it, and the address of its page."""

    name: str
    kind: str
    claims: int
    href: str


def fan(name: str, kind: str, blades: Sequence[Blade]) -> str:
    """Return a thing and its neighbours as SVG, with the classes of :mod:`kg.network.drawing` and `k-` + kind."""
    rows = (len(blades) + 1) // 2
    half = max(rows * _ROW, _ROW * 2) / 2
    most = max((blade.claims for blade in blades), default=1) or 1
    side = _AWAY + _NAMES
    lines, spots = [], []
    for n, blade in enumerate(blades):
        right = -1 if n % 2 else 1
        there = rows if right == 1 else len(blades) // 2
        x, y = right * _AWAY, (n // 2 - (there - 1) / 2) * _ROW
        thick = 0.8 + 4.2 * sqrt(blade.claims / most)
        lines.append(
            f'<path class="edge stated" d="M0 0C{x * 0.45:.1f} 0 {x * 0.5:.1f} {y:g} {x:g} {y:g}" fill="none" '
            f'stroke="#9aa5ac" stroke-width="{thick:.1f}" stroke-opacity="0.7"/>'
        )
        spots.append(_blade(blade, x, y, right))
    label = f"{name} and {len(blades)} things that the same claims name"
    middle = [
        f'<circle class="k-{kind} middle" cx="0" cy="0" r="13" fill="#1d2226"/>',
        *_text(wrapped(name), 0, 30, "middle", True),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="network fan" viewBox="{-side:g} {-half:g} {2 * side:g} '
            f'{2 * half:g}" font-size="{_SIZE:g}" role="group" aria-label="{escape(label)}">',
            *lines,
            *spots,
            *middle,
            "</svg>\n",
        ]
    )


def _blade(blade: Blade, x: float, y: float, right: int) -> str:
    hint = f"{blade.name} ({blade.kind}): {blade.claims} claim{'s' * (blade.claims != 1)}"
    names = wrapped(blade.name)
    top = y + _SIZE * 0.35 - (len(names) - 1) * _LEADING / 2
    text = "".join(_text(names, x + right * 13, top, "start" if right == 1 else "end", False))
    return (
        f'<a class="node" href="{escape(blade.href)}"><title>{escape(hint)}</title>'
        f'<circle class="k-{blade.kind}" cx="{x:g}" cy="{y:g}" r="7" fill="#767f86"/>{text}</a>'
    )


def _text(names: Sequence[str], x: float, y: float, anchor: str, strong: bool) -> list[str]:
    spans = "".join(f'<tspan x="{x:g}" y="{y + n * _LEADING:g}">{escape(line)}</tspan>' for n, line in enumerate(names))
    weight = ' font-weight="650"' if strong else ""
    return [
        f'<text class="name" text-anchor="{anchor}"{weight} fill="#1d2226" stroke="#ffffff" stroke-width="3.5" '
        f'stroke-linejoin="round" paint-order="stroke">{spans}</text>'
    ]
