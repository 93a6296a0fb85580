"""Draws one class with its properties as SVG: what leads to it, what it holds, where it leads; from domains and ranges.

Measures are in units of the drawing; text is reckoned at 7.2 units a character of 13 units' height.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROW, _BOX, _GAP, _CENTRE, _WAY = 24, 175, 16, 230, 160
_LONG = 22  # characters of an arrow's word that fit


@dataclass(slots=True)
class Side:
    """Holds the classes on one side of a drawing, each with the properties of the arrows: class IRI → property IRIs."""

    boxes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, by: str) -> None:
        """Add an arrow to or from a class."""
        self.boxes.setdefault(name, []).append(by)

    @property
    def height(self) -> int:
        """Return the height that the boxes take."""
        return sum(len(each) * _ROW + _GAP for each in self.boxes.values()) - _GAP if self.boxes else 0


def draw(
    centre: str,
    before: Side,
    inside: Sequence[str],
    after: Side,
    name: Callable[[str], str],
    href: Callable[[str], str],
) -> str:
    """Return the drawing of a class; `inside` are its properties with texts and numbers; IRIs are worded and linked."""
    own = max((len(inside) + 1) * _ROW + 10, before.height, after.height)
    height = own + 4
    left = _BOX + _WAY if before.boxes else 0
    width = left + _CENTRE + (_WAY + _BOX if after.boxes else 0) + 2
    x, y = left + 1, 2
    parts = [_box(x, y, _CENTRE, own, name(centre), href(centre), "centre")]
    for number, each in enumerate(inside, 1):
        parts.append(_link(x + 12, y + number * _ROW + 18, name(each), href(each), "inner"))
    parts += _side(before, 1, height, (_BOX + 1, x), name, href)
    parts += _side(after, x + _CENTRE + _WAY, height, (x + _CENTRE, x + _CENTRE + _WAY), name, href)
    title = f"{name(centre)} and its properties"
    return (
        f'<svg class="model" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="group" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _side(
    side: Side, x: float, height: float, ends: tuple[float, float], name: Callable[[str], str],
    href: Callable[[str], str],
) -> list[str]:  # fmt: skip
    parts, y = [], (height - side.height) / 2
    for box, arrows in side.boxes.items():
        tall = len(arrows) * _ROW
        parts.append(_box(x, y, _BOX, tall, name(box), href(box), "other"))
        for row, by in enumerate(arrows):
            at = y + row * _ROW + _ROW / 2
            start, end = ends
            parts.append(f'<path class="arrow" d="M{start:g} {at:g}H{end - 1:g}m-6-4l6 4-6 4"/>')
            word = name(by)
            short = word if len(word) <= _LONG else word[: _LONG - 1] + "…"
            middle = (start + end) / 2
            parts.append(
                f'<a href="{escape(href(by))}"><title>{escape(word)}</title><text class="by" x="{middle:g}" '
                f'y="{at - 4:g}">{escape(short)}</text></a>'
            )
        y += tall + _GAP
    return parts


def _box(x: float, y: float, width: float, height: float, text: str, href: str, kind: str) -> str:
    at = y + (18 if kind == "centre" else height / 2 + 4)
    line = f'<path class="rule" d="M{x:g} {y + 26:g}h{width:g}"/>' if kind == "centre" else ""
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>{line}'
        f'<a href="{escape(href)}"><text class="name" x="{x + width / 2:g}" y="{at:g}">{escape(text)}</text></a>'
    )


def _link(x: float, y: float, text: str, href: str, kind: str) -> str:
    return f'<a href="{escape(href)}"><text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text></a>'
