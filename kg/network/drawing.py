"""Draws networks as SVG, by hand, and as PNG from the same SVG with a font of the project's own.

A drawing carries its colours as attributes, so that it stands alone; on a page, style sheets go before them by the
classes `edge`, `denied`, `inferred`, `node`, `name` and `c1` to `c8`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from kg.network.placing import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.store.networks import Edge, Node

SHOWN = 36  # nodes that the drawing of a whole network has
_SEED = 4
_COLOURS = ("#4269a5", "#b5651d", "#3f8f63", "#a8506b", "#7a62a8", "#8a7a2a", "#2f8f9d", "#7d6b5d")  # of communities
_OTHER = "#767f86"
_INK, _GROUND, _LINE, _WARN = "#1d2226", "#ffffff", "#9aa5ac", "#8a3b12"
_SIZE = 13.0  # of names
_FONT = Path(__file__).parent / "vendor" / "noto-sans" / "NotoSans_400Regular.ttf"
_NARROW, _WIDE = set("fijlrt.,:;'’|!()[]-I1 "), set("mwMWOQGD@%&—")
_LINE_LETTERS = 19  # in a line of a name, of which there are two at most
_LEADING = 15.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Holds one node as drawn: its name (whole and as shown), place, radius and community."""

    key: str
    name: str
    x: float
    y: float
    radius: float
    community: int

    @property
    def lines(self) -> list[str]:
        """Return the name as it is shown: in one line or two, cut where it is long."""
        return wrapped(self.name)

    @property
    def side(self) -> float:
        """Return how far the node and its name reach to each side."""
        return max(self.radius, *(width(line) / 2 for line in self.lines))

    @property
    def bottom(self) -> float:
        """Return where the name ends."""
        return self.y + self.radius + 4 + _LEADING * len(self.lines)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Holds a drawing: its nodes with their places and the edges between them; `total` nodes could have been drawn."""

    title: str
    spots: tuple[Spot, ...]
    edges: tuple[Edge, ...]
    directed: bool
    total: int


def wrapped(name: str, letters: int = _LINE_LETTERS) -> list[str]:
    """Return a name in one line or two of about so many letters, with a sign where it is cut."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1].rstrip(' ,;:–-')}…"]
    return [line if len(line) <= letters + 6 else f"{line[: letters + 5]}…" for line in lines] or [""]


def width(text: str, size: float = _SIZE) -> float:
    """Return about how wide a text is, rather more than less: fonts differ from reader to reader."""
    return size * sum(0.34 if each in _NARROW else 0.92 if each in _WIDE else 0.6 for each in text)


def radius(node: Node, most: int) -> float:
    """Return the radius of a node: its area grows with the number of its neighbours."""
    return round(4 + 14 * sqrt(node.degree / max(most, 1)), 1)


def positions(
    nodes: Sequence[Node], edges: Iterable[Edge], names: Mapping[str, str], room: float = 1.0
) -> dict[str, tuple[float, float]]:
    """Return key → place of the nodes that a drawing shows; with less `room` they stand closer together."""
    number = {node.key: n for n, node in enumerate(nodes)}
    most = max((node.degree for node in nodes), default=1)
    links: dict[tuple[int, int], float] = {}
    for edge in edges:
        if edge.source in number and edge.target in number and edge.source != edge.target:
            ends = sorted((number[edge.source], number[edge.target]))
            links[ends[0], ends[1]] = links.get((ends[0], ends[1]), 0.0) + edge.weight
    heaviest = max(links.values(), default=1.0)
    pulls = {ends: 0.15 + 0.85 * sqrt(weight / heaviest) for ends, weight in links.items()}
    sizes = []
    for node in nodes:
        spot = Spot(node.key, names[node.key], 0, 0, radius(node, most), node.community)
        sizes.append((spot.side + 5, spot.radius + 4, spot.bottom + 4))
    boxes = place(sizes, pulls, _SEED, room)
    return {node.key: (round(box.x, 1), round(box.y, 1)) for node, box in zip(nodes, boxes, strict=True)}


def drawing(
    title: str, nodes: Sequence[Node], edges: Iterable[Edge], names: Mapping[str, str], *, directed: bool, total: int
) -> Drawing:
    """Return the drawing of nodes that have their places, and of the edges between them."""
    most = max((node.degree for node in nodes), default=1)
    spots = tuple(
        Spot(node.key, names[node.key], node.x or 0.0, node.y or 0.0, radius(node, most), node.community)
        for node in nodes
    )
    shown = {node.key for node in nodes}
    inside = tuple(edge for edge in edges if edge.source in shown and edge.target in shown)
    return Drawing(title, spots, inside, directed, total)


def svg(found: Drawing, href: Callable[[str], str | None] = lambda _: None, *, alone: bool = True) -> str:
    """Return a drawing as SVG; `href` gives the address of a node, `alone` a ground and a font of its own."""
    if not found.spots:
        return ""
    left = min(spot.x - spot.side for spot in found.spots) - 10
    right = max(spot.x + spot.side for spot in found.spots) + 10
    top = min(spot.y - spot.radius for spot in found.spots) - 10
    bottom = max(spot.bottom for spot in found.spots) + 10
    box = f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"
    size = f' width="{right - left:.0f}" height="{bottom - top:.0f}"' if alone else ""
    family = ' font-family="Noto Sans, system-ui, sans-serif"' if alone else ""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" viewBox="{box}"{size}{family} '
        f'font-size="{_SIZE:g}" role="group" aria-label="{escape(found.title)}">'
    ]
    if alone:
        lines.append(f"<title>{escape(found.title)}</title>")
        lines.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
            f'fill="{_GROUND}"/>'
        )
    lines += _lines(found)
    lines += [_node(spot, href(spot.key)) for spot in found.spots]
    return "\n".join([*lines, "</svg>\n"])


def _lines(found: Drawing) -> list[str]:
    """Return the edges, the light ones first; several between two nodes are drawn as one of each status."""
    at = {spot.key: spot for spot in found.spots}
    weights: dict[tuple[str, str, str], int] = {}
    for edge in found.edges:
        ends = (edge.source, edge.target)
        if not found.directed:
            ends = (min(ends), max(ends))
        if ends[0] != ends[1]:
            weights[*ends, edge.status] = weights.get((*ends, edge.status), 0) + edge.weight
    heaviest = max(weights.values(), default=1) or 1
    drawn = []
    for (source, target, status), weight in sorted(weights.items(), key=lambda item: (item[1], item[0])):
        thick = 0.7 + 4.3 * sqrt(weight / heaviest)
        look = {"stated": "", "denied": ' stroke-dasharray="7 4"', "inferred": ' stroke-dasharray="1.5 4"'}[status]
        colour = _WARN if status == "denied" else _LINE
        path = _curve(at[source], at[target], found.directed)
        drawn.append(
            f'<path class="edge {status}" d="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.1f}" '
            f'stroke-opacity="{0.35 + 0.45 * sqrt(weight / heaviest):.2f}" stroke-linecap="round"{look}/>'
        )
        if found.directed:
            drawn.append(_head(at[source], at[target], thick, colour, status))
    return drawn


def _bend(a: Spot, b: Spot) -> tuple[float, float]:
    """Return the point that bends an edge a little to its left, so that there and back are two lines."""
    dx, dy = b.x - a.x, b.y - a.y
    return (a.x + b.x) / 2 - dy * 0.12, (a.y + b.y) / 2 + dx * 0.12


def _curve(a: Spot, b: Spot, directed: bool) -> str:
    if not directed:
        return f"M{a.x:g} {a.y:g}L{b.x:g} {b.y:g}"
    x, y = _bend(a, b)
    ex, ey = _rim(b, x, y, 6)
    return f"M{a.x:g} {a.y:g}Q{x:.1f} {y:.1f} {ex:.1f} {ey:.1f}"


def _rim(b: Spot, x: float, y: float, gap: float) -> tuple[float, float]:
    """Return the point before a node's circle, coming from (x, y)."""
    dx, dy = x - b.x, y - b.y
    far = sqrt(dx * dx + dy * dy) or 1
    return b.x + dx / far * (b.radius + gap), b.y + dy / far * (b.radius + gap)


def _head(a: Spot, b: Spot, thick: float, colour: str, status: str) -> str:
    """Return the head of an arrow at a node's rim."""
    x, y = _bend(a, b)
    tip, foot = _rim(b, x, y, 1), _rim(b, x, y, 8 + thick)
    dx, dy = (tip[0] - foot[0]) * 0.45, (tip[1] - foot[1]) * 0.45
    points = f"{tip[0]:.1f},{tip[1]:.1f} {foot[0] - dy:.1f},{foot[1] + dx:.1f} {foot[0] + dy:.1f},{foot[1] - dx:.1f}"
    return f'<polygon class="head {status}" points="{points}" fill="{colour}" fill-opacity="0.85"/>'


def colour(community: int) -> tuple[str, str]:
    """Return the class and the colour of a community: the eight largest have one each."""
    return (f"c{community}", _COLOURS[community - 1]) if 1 <= community <= len(_COLOURS) else ("c0", _OTHER)


def _node(spot: Spot, href: str | None) -> str:
    name, fill = colour(spot.community)
    inner = (
        f'<circle class="{name}" cx="{spot.x:g}" cy="{spot.y:g}" r="{spot.radius:g}" fill="{fill}" stroke="{_GROUND}" '
        f'stroke-width="1.5"/><text class="name" text-anchor="middle" fill="{_INK}" stroke="{_GROUND}" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
    )
    for n, line in enumerate(spot.lines):
        at = spot.y + spot.radius + _SIZE + n * _LEADING
        inner += f'<tspan x="{spot.x:g}" y="{at:g}">{escape(line)}</tspan>'
    hint = f"<title>{escape(spot.name)}</title>" if " ".join(spot.lines) != spot.name else ""
    if href:
        return f'<a class="node" href="{escape(href)}">{hint}{inner}</text></a>'
    return f'<g class="node">{hint}{inner}</text></g>'


def png(text: str, zoom: float = 2.0) -> bytes:
    """Return an SVG of :func:`svg` as PNG, at so many pixels a unit."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=text,
            zoom=zoom,  # type: ignore[arg-type,unused-ignore]
            skip_system_fonts=True,
            font_files=[str(_FONT)],
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
        )
    )
