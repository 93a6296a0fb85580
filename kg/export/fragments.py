"""Some triples of the graph, such as those of a page or of a search, as a file of one of the formats."""

from __future__ import annotations

import pyoxigraph as ox

from kg.export.parts import parts
from kg.export.publication import Publication, natural
from kg.export.tables import table_of
from kg.export.turtle import Names, Writer
from kg.formats import named
from kg.vocab import prefixes


def reserialise(ntriples: bytes, key: str, base: str) -> bytes:
    """Return triples, given as N-Triples, in a format of RDF or as the table of claims; sorted and without repeats."""
    quads = tuple(sorted(set(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)), key=str))
    publication = Publication({"base": base}, {}, quads)
    if key == "csv":
        return table_of(publication, "claims")
    if key == "turtle":
        return _turtle(publication)
    rdf_format = ox.RdfFormat.from_media_type(named(key).media_type)
    known = prefixes(base) if key not in ("nquads", "ntriples") else None
    return ox.serialize((quad.triple for quad in quads), format=rdf_format, prefixes=known) or b""


def _turtle(publication: Publication) -> bytes:
    names = Names(publication.base)
    writer = Writer(publication.nodes, names)
    placed = [paragraph for part in parts(publication) for section in part.sections for paragraph in section.paragraphs]
    known = {node for paragraph in placed for node in paragraph}
    placed += [(node,) for node in sorted(publication.nodes, key=natural) if node not in known]
    text = "\n".join("".join(writer.block(node) for node in paragraph) for paragraph in placed)
    return f"{names.header()}\n{text}".encode()
