"""Reads a publication: from what a build has just made, or from the files of a finished build."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.corpus.records import WITHDRAWN
from kg.export.publication import DEFAULT, Publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.corpus import Corpus


def of_build(corpus: Corpus, inferred: Iterable[ox.Quad], context: Path) -> Publication:
    """Return what is published of a corpus; of what is inferred and computed, what the corpus states is left out."""
    stated = {quad.triple for quad in corpus.quads if quad.graph_name == DEFAULT}
    merged = {ox.NamedNode(f"{corpus.base}graph/{name}") for name in ("inferred", "network")}
    new = tuple(quad for quad in inferred if quad.graph_name not in merged or quad.triple not in stated)
    return Publication(described(corpus.files.dataset.value), _context(context), corpus.quads, corpus.ontology, new)


def of_files(folder: Path, dataset: dict[str, Any]) -> Publication:
    """Return what a release holds, from its N-Quads and its context."""
    base = dataset["base"]
    content = (folder / f"{dataset['id']}.nq").read_bytes()
    corpus: list[ox.Quad] = []
    ontology: list[ox.Quad] = []
    inferred: list[ox.Quad] = []
    home, withdrawn = f"{base}graph/ontology", f"{base}{WITHDRAWN}"
    for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS):
        graph = quad.graph_name
        if not isinstance(graph, ox.NamedNode) or graph.value.endswith("#assertion") or graph.value == withdrawn:
            corpus.append(quad)
        elif graph.value == home:
            ontology.append(ox.Quad(quad.subject, quad.predicate, quad.object))
        else:
            inferred.append(quad)
    return Publication(dataset, _context(folder / "context.jsonld"), tuple(corpus), tuple(ontology), tuple(inferred))


def described(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a data set with every value as text or a list of texts, as JSON can hold it."""
    return {key: _plain(value) for key, value in sorted(dataset.items())}


def _plain(value: Any) -> str | Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else str(value)


def _context(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))["@context"])
