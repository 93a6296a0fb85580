"""Measures networks with networkx: neighbours, betweenness and communities, the same in every build.

All three look at the network as one without directions in which two things are linked or not; communities also weigh
a link by its claims. Inferred and denied edges count as links: a claim relates the two things all the same.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx

from kg.store.networks import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.networks import Edge

SEED = 2020
WORK = 400_000  # edges and nodes that betweenness may walk over; above, it starts from a sample of the nodes
_DIGITS = 6


def measure(edges: Sequence[Edge]) -> tuple[tuple[Node, ...], dict[str, int | float]]:
    """Return the nodes of a network by key, and the facts: size, seed, pivots, modularity, communities.

    `pivots` is the number of nodes from which shortest ways were counted: all of them, or a sample drawn with `seed`.
    """
    keys = sorted({key for edge in edges for key in (edge.source, edge.target)})
    number = {key: n for n, key in enumerate(keys)}  # whole numbers hash alike in every run, texts do not
    graph = nx.Graph()
    graph.add_nodes_from(range(len(keys)))
    claims: dict[str, int] = defaultdict(int)
    into: dict[str, set[str]] = defaultdict(set)
    out: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        one, other = number[edge.source], number[edge.target]
        out[edge.source].add(edge.target)
        into[edge.target].add(edge.source)
        claims[edge.source] += edge.weight
        claims[edge.target] += edge.weight if one != other else 0
        if one != other:
            known = graph.edges[one, other]["weight"] if graph.has_edge(one, other) else 0
            graph.add_edge(one, other, weight=known + edge.weight)
    for _, _, data in graph.edges(data=True):
        data["weight"] = data["weight"] or 0.5  # what follows from claims binds, if less than a claim
    between, pivots = _betweenness(graph)
    groups = _communities(graph)
    of = {node: place for place, group in enumerate(groups, 1) for node in group}
    nodes = tuple(
        Node(
            key,
            graph.degree[n] - graph.has_edge(n, n),
            len(into[key] - {key}),
            len(out[key] - {key}),
            claims[key],
            round(between[n], _DIGITS),
            of[n],
        )
        for key, n in number.items()
    )
    modularity = nx.community.modularity(graph, groups) if graph.number_of_edges() else 0.0
    facts: dict[str, int | float] = {
        "nodes": len(keys),
        "edges": len(edges),
        "links": graph.number_of_edges(),
        "claims": len({claim for edge in edges for claim in edge.claims}),
        "communities": len(groups),
        "modularity": round(modularity, _DIGITS),
        "pivots": pivots,
        "seed": SEED,
    }
    return nodes, facts


def _betweenness(graph: nx.Graph[int]) -> tuple[dict[int, float], int]:
    """Return the betweenness of each node, and from how many nodes it was counted."""
    nodes, links = graph.number_of_nodes(), graph.number_of_edges()
    pivots = min(nodes, max(32, WORK // max(1, nodes + 2 * links)))
    sampled = pivots < nodes
    found: dict[int, float] = nx.betweenness_centrality(graph, k=pivots if sampled else None, seed=SEED)
    return found, pivots


def _communities(graph: nx.Graph[int]) -> list[set[int]]:
    """Return the communities by the method of Louvain, the largest first."""
    if not graph.number_of_edges():
        return [{node} for node in sorted(graph)]
    found: Iterable[set[int]] = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    return sorted(found, key=lambda group: (-len(group), min(group)))


def central(nodes: Sequence[Node], edges: Sequence[Edge], limit: int) -> list[Node]:
    """Return the nodes that a drawing of a network shows, all in one piece, the most linked first.

    It begins with the most linked node of the largest piece and takes, time after time, the most linked neighbour.
    """
    whole: nx.Graph[str] = nx.Graph()
    whole.add_edges_from((edge.source, edge.target) for edge in edges)
    pieces = sorted(nx.connected_components(whole), key=lambda piece: (-len(piece), min(piece)))
    known = {node.key: (-node.degree, -node.claims, node.key) for node in nodes}
    ahead = [min(known[key] for key in pieces[0])] if pieces else []
    seen = {ranked[2] for ranked in ahead}
    chosen: set[str] = set()
    while ahead and len(chosen) < limit:
        key = heapq.heappop(ahead)[2]
        chosen.add(key)
        for other in whole[key]:
            if other not in seen:
                seen.add(other)
                heapq.heappush(ahead, known[other])
    return sorted((node for node in nodes if node.key in chosen), key=lambda node: known[node.key])
