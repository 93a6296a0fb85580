"""Makes the files of the ontology's documentation: for readers, for programs, and as data."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.ontology import pages, terms
from kg.export.publication import key_of
from kg.export.rdf import nquads
from kg.export.readable import Readable
from kg.export.turtle import prefixes_of
from kg.protocol import GRAPH_FORMATS
from kg.vocab import SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.export.publication import Publication

FOLDER, DOCUMENT, STEM = "ontology", "terms.json", "ascribe"
_SERIALISED = {
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def files(publication: Publication, shapes: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file, the same bytes for the same publication and shapes."""
    document = asdict(terms.describe(publication, shapes))
    yield DOCUMENT, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    yield "index.html", pages.whole(document).encode()
    for path in sorted(pages.STATIC.iterdir()):
        yield path.name, path.read_bytes()
    own = _ontology(publication)
    yield f"{STEM}.ttl", Readable(own).turtle().get("ontology", "").encode()
    quads = list(ox.parse(nquads(own.ontology), format=ox.RdfFormat.N_QUADS))
    names = {name: iri for name, iri in prefixes_of(publication.base).items() if iri.endswith(("#", "/"))}
    for form in GRAPH_FORMATS:
        if form.key in _SERIALISED:
            known = names if form.key == "rdfxml" else {}
            text = ox.serialize((quad.triple for quad in quads), format=_SERIALISED[form.key], prefixes=known)
            yield f"{STEM}.{form.suffix}", text or b""
    yield "shapes.ttl", _shapes(shapes)


def _ontology(publication: Publication) -> Publication:
    """Return a publication's ontology with its alignments, without the vocabularies."""
    nodes = publication.terms
    left = {node for node in nodes if nodes.links(node, f"{SKOS}inScheme")}
    left |= {node for node in nodes if f"{SKOS}ConceptScheme" in nodes.types(node)}
    kept = tuple(quad for quad in publication.ontology if key_of(quad.subject) not in left)
    return replace(publication, corpus=(), ontology=kept, inferred=())


def _shapes(folder: Path) -> bytes:
    """Return the files of shapes as one, each with the remark that it opens with; a prefix may stand several times."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.glob("*.ttl")))
