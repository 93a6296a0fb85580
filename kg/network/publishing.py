"""Publishes what was measured as RDF, for the graph `<base>graph/network`: it can be asked as all else.

A network is `<base>network/<name>`, what it says of a thing `<base>network/<name>/<key>`, and the count of the claims
that name two things `<base>network/co-occurrence/<key>+<key>`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.network import PROJECTIONS
from kg.vocab import ASC, DCTERMS, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.networks import Edge, Network

LEAST = 2  # claims that must name two things for their count to be published
MOST = 5000  # such pairs at most, those with most claims: the rest stands in the files of the network
_TYPE = ox.NamedNode(f"{RDF}type")
_INTEGER, _DECIMAL = ox.NamedNode(f"{XSD}integer"), ox.NamedNode(f"{XSD}decimal")
_COUNTED = {  # fact → property of a network
    "nodes": "nodeCount",
    "edges": "edgeCount",
    "communities": "communityCount",
    "pivots": "pivotCount",
    "seed": "seed",
}


def quads(networks: Iterable[Network], base: str) -> Iterator[ox.Quad]:
    """Yield the quads that say of each network how it was made, and of each thing in it what was measured."""
    graph = ox.NamedNode(f"{base}graph/network")
    for each in networks:
        iri = f"{base}network/{each.name}"
        told = [*_network(each, iri)]
        network = ox.NamedNode(iri)
        for node in each.nodes:
            about = f"{iri}/{node.key}"
            told += [
                (about, _TYPE, _asc("NetworkNode")),
                (about, _asc("inNetwork"), network),
                (about, _asc("networkMember"), ox.NamedNode(f"{base}{node.key}")),
                (about, _asc("degree"), _integer(node.degree)),
                (about, _asc("claimDegree"), _integer(node.claims)),
                (about, _asc("betweenness"), _decimal(node.betweenness)),
                (about, _asc("community"), _integer(node.community)),
            ]
            if each.directed:
                told.append((about, _asc("inDegree"), _integer(node.inward)))
                told.append((about, _asc("outDegree"), _integer(node.outward)))
        if each.name == "co-occurrence":
            told += _pairs(each.edges, iri, base)
        yield from (ox.Quad(ox.NamedNode(subject), predicate, value, graph) for subject, predicate, value in told)


_Told = tuple[str, ox.NamedNode, ox.NamedNode | ox.Literal]


def _network(each: Network, iri: str) -> Iterator[_Told]:
    projection = PROJECTIONS[each.name]
    said = f"Nodes: {projection.nodes}. Edges: {projection.edges}."
    yield iri, _TYPE, _asc("Network")
    yield iri, ox.NamedNode(f"{DCTERMS}title"), ox.Literal(projection.title, language="en")
    yield iri, ox.NamedNode(f"{DCTERMS}description"), ox.Literal(said, language="en")
    for fact, name in _COUNTED.items():
        yield iri, _asc(name), _integer(int(each.facts[fact]))
    yield iri, _asc("modularity"), _decimal(float(each.facts["modularity"]))


def _pairs(edges: Iterable[Edge], iri: str, base: str) -> Iterator[_Told]:
    """Yield the counts of the pairs that most claims name, and from how many claims on a pair is counted."""
    chosen = sorted((edge for edge in edges if edge.weight >= LEAST), key=lambda e: (-e.weight, e.source, e.target))[
        :MOST
    ]
    if chosen:
        yield iri, _asc("leastClaimCount"), _integer(LEAST if len(chosen) < MOST else chosen[-1].weight)
    for edge in chosen:
        about = f"{iri}/{edge.source}+{edge.target}"
        yield about, _TYPE, _asc("CoOccurrence")
        yield about, _asc("inNetwork"), ox.NamedNode(iri)
        for key in (edge.source, edge.target):
            yield about, _asc("networkMember"), ox.NamedNode(f"{base}{key}")
        yield about, _asc("claimCount"), _integer(edge.weight)


@cache
def _asc(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{ASC}{name}")


@cache
def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_INTEGER)


def _decimal(value: float) -> ox.Literal:
    return ox.Literal(f"{value:.6f}", datatype=_DECIMAL)
