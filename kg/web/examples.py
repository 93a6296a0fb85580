"""Gives the example questions as data: as a table, and as a graph in SHACL's words for queries."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import export
from kg.vocab import RDF, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.formats import Format
    from kg.web.queries import QueryFile
    from kg.web.site import Site

_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_LINES = ox.RdfFormat.N_TRIPLES
_KEYWORDS = ox.NamedNode("https://schema.org/keywords")


def table(site: Site) -> bytes:
    """Return the questions as CSV: id, iri, question, description, tags, query."""
    base, text = site.build().base, io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("id", "iri", "question", "description", "tags", "query"))
    for each in site.examples.values():
        iri = f"{base}questions/{each.name}"
        writer.writerow((each.name, iri, each.title, each.description, "; ".join(each.tags), each.filled(base)))
    return text.getvalue().encode()


def graph(site: Site, form: Format) -> bytes:
    """Return the questions as a graph: each an executable query of SHACL with its title, description and tags."""
    base = site.build().base
    said = ox.serialize((each for one in site.examples.values() for each in _said(one, base)), format=_LINES)
    return export.reserialise(said or b"", form.key, base)


def _said(one: QueryFile, base: str) -> Iterator[ox.Triple]:
    node, text = ox.NamedNode(f"{base}questions/{one.name}"), one.filled(base)
    found = _FORM.search(text)
    form = found.group(1).lower() if found else "select"
    yield ox.Triple(node, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{SH}SPARQL{form.capitalize()}Executable"))
    yield ox.Triple(node, ox.NamedNode(f"{RDFS}label"), ox.Literal(one.title, language="en"))
    if one.description:
        yield ox.Triple(node, ox.NamedNode(f"{RDFS}comment"), ox.Literal(one.description, language="en"))
    for tag in one.tags:
        yield ox.Triple(node, _KEYWORDS, ox.Literal(tag, language="en"))
    yield ox.Triple(node, ox.NamedNode(f"{SH}{form}"), ox.Literal(text))
