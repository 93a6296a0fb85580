"""Makes all networks of a build: projected, measured, and the most central part of each placed for its drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.network import PROJECTIONS, drawing, measuring, projecting
from kg.store import networks as tables
from kg.store.networks import Network, Networks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from kg.store.networks import Claim, Edge, Node, Thing

FIRST = "co-occurrence"  # the network that stands for all: the one that the front page and the README show

DRAWN = ("co-occurrence", "actors", "speakers", "outlets")  # placed once a build; the others when they are asked for


@dataclass(frozen=True, slots=True)
class Made:
    """Holds the networks of a build with the things and the claims that they name."""

    networks: tuple[Network, ...]
    things: tuple[Thing, ...]
    claims: tuple[Claim, ...]

    def write(self, path: Path) -> None:
        """Add the networks to the index file at `path`."""
        tables.build(path, self.networks, self.things, self.claims)


def make(store: ox.Store, inferred: Iterable[ox.Quad], base: str) -> Made:
    """Return the networks of the claims in a store in memory, with what was inferred from the claims."""
    projected = projecting.project(store, inferred, base)
    names = {thing.key: thing.label for thing in projected.things}
    made = []
    for name, edges in projected.edges.items():
        nodes, facts = measuring.measure(edges)
        placed = _placed(nodes, edges, names) if name in DRAWN else nodes
        made.append(Network(name, PROJECTIONS[name].directed, placed, edges, facts))
    return Made(tuple(made), projected.things, projected.claims)


def _placed(nodes: tuple[Node, ...], edges: tuple[Edge, ...], names: Mapping[str, str]) -> tuple[Node, ...]:
    chosen = measuring.central(nodes, edges, drawing.SHOWN)
    at = drawing.positions(chosen, edges, names)
    return tuple(replace(node, x=at[node.key][0], y=at[node.key][1]) if node.key in at else node for node in nodes)


def whole(read: Networks, name: str, limit: int | None = None) -> drawing.Drawing:
    """Return the drawing of a network: of its `limit` most linked nodes that were placed when it was built.

    Things of one name are told apart by their kinds.
    """
    nodes = read.drawn(name)[:limit]
    edges = read.edges(name, keys=[node.key for node in nodes])
    title = PROJECTIONS[name].title
    return drawing.drawing(
        title,
        nodes,
        edges,
        told_apart(read.things(node.key for node in nodes)),
        directed=PROJECTIONS[name].directed,
        total=int(read.facts(name).get("nodes", 0)),
    )


def told_apart(things: Mapping[str, Thing]) -> dict[str, str]:
    """Return key → name, with the kind beside names that several things have."""
    several: dict[str, int] = {}
    for thing in things.values():
        several[thing.label] = several.get(thing.label, 0) + 1
    return {
        key: f"{thing.label} ({thing.kind})" if several[thing.label] > 1 else thing.label
        for key, thing in things.items()
    }


def picture(path: Path, folder: Path) -> None:
    """Write the drawing of the network that stands for all, of the index at `path`, as network.svg and network.png."""
    with Networks(path) as read:
        text = drawing.svg(whole(read, FIRST))
    if text:
        (folder / "network.svg").write_text(text, encoding="utf-8")
        (folder / "network.png").write_bytes(drawing.png(text, zoom=1))
