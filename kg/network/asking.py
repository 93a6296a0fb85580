"""Answers what `kg network` and the pages ask for: a network, or the part that a filter leaves, in some format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError
from kg.network import PROJECTIONS, drawing, making, measuring, writing
from kg.store.networks import ALL, Filter, Networks
from kg.vocab import ASC

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.store.networks import Edge, Node

PICTURES = ("svg", "png")
FORMATS = (*writing.FORMATS, *PICTURES)
MEDIA = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}


class Asked(NamedTuple):
    """Names what was asked for of a network, as the command line and addresses write it: keys, and years."""

    about: Sequence[str] = ()
    speaker: Sequence[str] = ()
    relation: Sequence[str] = ()
    since: int | None = None
    until: int | None = None

    def filter(self, read: Networks, network: str) -> Filter:
        """Return the filter; raises UsageError, with the nearest name, for a thing or relation that is not there."""
        known = read.things([*self.about, *self.speaker])
        for key in (*self.about, *self.speaker):
            if key not in known:
                raise UsageError(f"There is nothing called “{key}”. Name things by their ids, such as actor/armenia.")
        relations = {name if ":" in name else f"{ASC}{name}" for name in self.relation}
        there = {relation for relation, _ in read.relations(network)}
        if missing := sorted(relation.removeprefix(ASC) for relation in relations - there):
            some = ", ".join(sorted(relation.removeprefix(ASC) for relation in there)[:8]) or "none"
            raise UsageError(f"The network {network} has no relation “{missing[0]}”. It has: {some}.")
        return Filter(frozenset(relations), tuple(self.speaker), tuple(self.about), self.since, self.until)


EVERYTHING = Asked()


def answer(path: Path, name: str, form: str, asked: Asked = EVERYTHING) -> bytes:
    """Return a network of the index file at `path` in one of FORMATS.

    What a filter leaves is measured anew, so that its numbers are its own. Raises UsageError for an unknown network,
    thing or relation.
    """
    if name not in PROJECTIONS:
        raise UsageError(f"There is no network “{name}”. There are: {', '.join(PROJECTIONS)}.")
    with Networks(path) as read:
        wanted = asked.filter(read, name)
        if wanted == ALL and form in PICTURES and name in making.DRAWN:
            return picture(making.whole(read, name), form)
        edges = read.edges(name, wanted)
        if wanted == ALL:
            nodes: Iterable[Node] = read.nodes(name, _ends(edges)).values()
        else:
            nodes, _ = measuring.measure(edges)
        return given(read, name, sorted(nodes, key=lambda node: node.key), edges, form)


def given(read: Networks, name: str, nodes: Sequence[Node], edges: Sequence[Edge], form: str) -> bytes:
    """Return some nodes and edges of a network in one of FORMATS."""
    directed = PROJECTIONS[name].directed
    things = read.things(node.key for node in nodes)
    if form in PICTURES:
        chosen = measuring.central(nodes, edges, drawing.SHOWN)
        names = making.told_apart(read.things(node.key for node in chosen))
        at = drawing.positions(chosen, edges, names)
        placed = [replace(node, x=at[node.key][0], y=at[node.key][1]) for node in chosen]
        title = PROJECTIONS[name].title
        return picture(drawing.drawing(title, placed, edges, names, directed=directed, total=len(nodes)), form)
    claims = read.claims(number for edge in edges for number in edge.claims)
    return writing.write(form, nodes, edges, things, claims, directed=directed)


def picture(found: drawing.Drawing, form: str) -> bytes:
    """Return a drawing as SVG or PNG; raises UsageError where there is nothing to draw."""
    text = drawing.svg(found)
    if not text:
        raise UsageError("There is nothing to draw: no claim meets all that is asked for. Ask for less.")
    return drawing.png(text) if form == "png" else text.encode()


def _ends(edges: Iterable[Edge]) -> list[str]:
    return sorted({key for edge in edges for key in (edge.source, edge.target)})
