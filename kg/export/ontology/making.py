"""Makes the files of the ontology's documentation: for readers, for programs, and as data."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import BuildError
from kg.export.ontology import pages, terms
from kg.export.publication import key_of
from kg.export.rdf import nquads
from kg.export.readable import Readable
from kg.export.turtle import prefixes_of
from kg.protocol import GRAPH_FORMATS
from kg.vocab import OWL, SCHEMES, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.export.publication import Publication

FOLDER, DOCUMENT, STEM, VERSIONS = "ontology", "terms.json", "ascribe", "versions"
_SERIALISED = {
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_VERSION_IRI, _PRIOR = ox.NamedNode(f"{OWL}versionIRI"), ox.NamedNode(f"{OWL}priorVersion")


def files(publication: Publication, shapes: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file, the same bytes for the same publication and shapes.

    Beside the shapes' folder may stand one of the ontology's earlier versions, `<version>.ttl` as it was released.
    Raises BuildError where such a file is another version, or one that the ontology names as its prior is not there.
    """
    document = asdict(terms.describe(publication, shapes))
    yield DOCUMENT, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    yield "index.html", pages.whole(document).encode()
    for path in sorted(pages.STATIC.iterdir()):
        yield path.name, path.read_bytes()
    own = _ontology(publication)
    yield f"{STEM}.ttl", Readable(own).turtle().get("ontology", "").encode()
    names = {name: iri for name, iri in prefixes_of(publication.base).items() if iri.endswith(("#", "/"))}
    triples = [quad.triple for quad in ox.parse(nquads(own.ontology), format=ox.RdfFormat.N_QUADS)]
    yield from _serialised(STEM, triples, names)
    for version, path in _earlier(own, shapes.with_name(VERSIONS)).items():
        yield f"{named(version)}.ttl", path.read_bytes()
        triples = [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
        yield from _serialised(named(version), triples, names)
    yield "shapes.ttl", _shapes(shapes)


def named(version: str) -> str:
    """Return the name, less its suffix, of the files that hold an earlier version of the ontology."""
    return f"{STEM}-{version}"


def _serialised(stem: str, triples: list[ox.Triple], names: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an ontology in the formats other than Turtle."""
    for form in GRAPH_FORMATS:
        if form.key in _SERIALISED:
            known = names if form.key == "rdfxml" else {}
            yield f"{stem}.{form.suffix}", ox.serialize(triples, format=_SERIALISED[form.key], prefixes=known) or b""


def _earlier(own: Publication, folder: Path) -> dict[str, Path]:
    """Return version → file of the earlier versions that are kept in a folder."""
    found = {path.stem: path for path in sorted(folder.glob("*.ttl"))}
    for version, path in found.items():
        quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        said = {quad.object for quad in quads if quad.predicate == _VERSION_IRI}
        if said != {ox.NamedNode(f"{SCHEMES}{version}")}:
            raise BuildError(f"{path} is not version {version} of the ontology. Name it by the version that it says.")
    for quad in own.ontology:
        version = getattr(quad.object, "value", "").removeprefix(SCHEMES)
        if quad.predicate == _PRIOR and version not in found:
            raise BuildError(
                f"The ontology names {version} as its prior version, and {folder / version}.ttl is not there. "
                f"Put there the file {FOLDER}/{STEM}.ttl of the release that had it."
            )
    return found


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
