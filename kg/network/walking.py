"""Chooses what a view of a network shows: from the most central things or from some thing on, step by step.

A view is a function of its state and of the build, so that an address that holds the state brings the same view back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.store.networks import ALL, Filter, Measure, Node

if TYPE_CHECKING:
    from kg.store.networks import Edge, Networks

MOST_NODES = 200
MOST_EDGES = 600


@dataclass(frozen=True, slots=True)
class State:
    """Says what a view shows: things are named by their keys, `expanded` by a key, or a key and a kind.

    `count` things stand at the beginning and come with each expansion; `path` are the two ends of a way.
    """

    network: str
    by: Measure = "degree"
    count: int = 40
    starts: tuple[str, ...] = ()
    expanded: tuple[tuple[str, str], ...] = ()
    hidden: frozenset[str] = frozenset()
    path: tuple[str, str] | None = None
    wanted: Filter = ALL


@dataclass(frozen=True, slots=True)
class Around:
    """Counts the neighbours of a thing that is shown: kind → how many there are, and how many of them are shown."""

    there: dict[str, int]
    shown: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many neighbours there are."""
        return sum(self.there.values())


@dataclass(frozen=True, slots=True)
class View:
    """Holds what a view shows; `total` things and `links` edges could be shown, were it not cut."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    around: dict[str, Around]
    total: int
    links: int
    inferred: int  # of the links
    way: tuple[tuple[str, Edge, str], ...] = ()
    missing: tuple[str, ...] = field(default=())  # starts that stand in no edge of the network


def look(read: Networks, state: State) -> View:
    """Return the view of a state."""
    way = tuple(read.path(state.network, *state.path, state.wanted)) if state.path else ()
    chosen: dict[str, None] = dict.fromkeys(state.path or ())
    chosen |= dict.fromkeys(end for _, _, end in way)
    known: dict[str, Counter[str]] = {}

    def neighbours(key: str) -> Counter[str]:
        if key not in known:
            known[key] = read.neighbours(state.network, key, state.wanted)
        return known[key]

    total = 0
    if state.starts or state.path:
        for key in state.starts:
            chosen[key] = None
            chosen |= dict.fromkeys(_heaviest(neighbours(key), state.count))
        reach = set(chosen).union(*(neighbours(key) for key in state.starts))
        total = len(reach)
    else:
        whole, total = _whole(read, state)
        chosen |= dict.fromkeys(whole)
    for key, kind in state.expanded:
        if key in chosen:
            near = neighbours(key)
            left = Counter({k: n for k, n in near.items() if k not in chosen and _is(k, kind)})
            chosen |= dict.fromkeys(_heaviest(left, state.count))
            total = max(total, len(set(near) | set(chosen)))
    keys = [key for key in chosen if key not in state.hidden][:MOST_NODES]
    edges = read.edges(state.network, state.wanted, keys=keys)
    follow = sum(edge.status == "inferred" for edge in edges)
    inside = set(keys)
    around = {}
    for key in keys:
        near = neighbours(key)
        there = Counter(map(_kind, near))
        around[key] = Around(dict(sorted(there.items())), dict(Counter(_kind(k) for k in near if k in inside)))
    measured = read.nodes(state.network, keys)
    nodes = tuple(measured.get(key) or Node(key, 0, 0, 0, 0, 0.0, 0) for key in keys)
    alone = tuple(key for key in state.starts if not neighbours(key))
    return View(nodes, tuple(edges[:MOST_EDGES]), around, max(total, len(keys)), len(edges), follow, way, alone)


def _whole(read: Networks, state: State) -> tuple[list[str], int]:
    """Return the most central things of a network, or of what a filter leaves of it, and how many there are."""
    if state.wanted == ALL:
        total = int(read.facts(state.network).get("nodes", 0))
        return [node.key for node in read.top(state.network, state.by, state.count)], total
    degree: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for edge in read.edges(state.network, state.wanted):
        for key in {edge.source, edge.target}:
            degree[key] += 1
            claims[key] += edge.weight
    ranked = _heaviest(claims if state.by == "claims" else degree, state.count)
    return ranked, len(degree)


def _heaviest(found: Counter[str], count: int) -> list[str]:
    return sorted(found, key=lambda key: (-found[key], key))[:count]


def _kind(key: str) -> str:
    return key.split("/", 1)[0]


def _is(key: str, kind: str) -> bool:
    return not kind or _kind(key) == kind
