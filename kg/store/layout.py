"""What stands where in a build's store, and how the store is written.

The query default graph of a build *is* the store's default graph: what the reasoner, the ontology and the audit add is
copied into it, and stands in its own named graph too, which tells where a triple comes from. (Asked over a list of
graphs, the engine is five times slower and answers a triple once for each graph that holds it.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MERGED = ("graph/inferred", "graph/ontology", "graph/audit", "graph/network")


def arrange(
    corpus: Iterable[ox.Quad], inferred: Iterable[ox.Quad], ontology: Iterable[ox.Quad], base: str
) -> Iterator[ox.Quad]:
    """Yield the quads of a store: the corpus as it is, the ontology in its graph, and copies in the default graph.

    Assertion graphs and `<base>graph/entailed/…` are not copied; an inferred triple that the corpus states is left out.
    """
    merged = {f"{base}{name}" for name in MERGED}
    stated = set()
    for quad in corpus:
        yield quad
        if isinstance(quad.graph_name, ox.DefaultGraph):
            stated.add(quad.triple)
    home = ox.NamedNode(f"{base}graph/ontology")
    declared = (ox.Quad(quad.subject, quad.predicate, quad.object, home) for quad in ontology)
    for quads in (inferred, declared):
        for quad in quads:
            copied = isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in merged
            if copied and quad.triple in stated:
                continue
            yield quad
            if copied:
                yield ox.Quad(quad.subject, quad.predicate, quad.object)


def in_memory(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store in memory, for what is asked many questions while a build is made."""
    store = ox.Store()
    store.bulk_extend(quads)
    return store


def write(path: Path, quads: Iterable[ox.Quad]) -> int:
    """Write a new store and return how many quads it holds; it is flushed and closed when this returns."""
    store = ox.Store(path)
    store.bulk_extend(quads)
    store.optimize()
    store.flush()
    return len(store)
