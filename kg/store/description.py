"""Describes the endpoint to programs: SPARQL 1.1 Service Description, with prefixes and example queries in SHACL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.vocab import OWL, RDF, RDFS, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"
SCHEMA = "https://schema.org/"
PREFIXES = {
    "sd": SD,
    "formats": FORMATS,
    "void": VOID,
    "schema": SCHEMA,
    "sh": SH,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
}
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_FORMS = {"select": "Select", "ask": "Ask", "construct": "Construct", "describe": "Describe"}
_SERIALISATIONS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Example:
    """Holds one query that shows what can be asked: its name, form, title, description, tags and text."""

    name: str
    form: str
    title: str
    description: str
    tags: tuple[str, ...]
    text: str


def describe(
    endpoint: str,
    prefixes: Mapping[str, str],
    examples: Iterable[Example],
    graphs: Sequence[str],
    triples: int | None,
    form: str,
) -> bytes:
    """Return the description of the endpoint at an address in an RDF format by key.

    `graphs` are the named graphs worth knowing; `triples` is how many statements there are in all, if known.
    """
    found = sorted(
        {*_service(endpoint, graphs, triples), *_prefixes(endpoint, prefixes), *_examples(endpoint, examples)}, key=str
    )
    content = ox.serialize(found, format=_SERIALISATIONS[form], prefixes=PREFIXES)
    return content or b""


def _service(endpoint: str, graphs: Sequence[str], triples: int | None) -> Iterator[ox.Triple]:
    dataset, default = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    yield _link(endpoint, f"{RDF}type", f"{SD}Service")
    yield _link(endpoint, f"{SD}endpoint", endpoint)
    yield _link(endpoint, f"{SD}supportedLanguage", f"{SD}SPARQL11Query")
    yield from (_link(endpoint, f"{SD}resultFormat", FORMATS + name) for name in _RESULTS)
    yield _link(endpoint, f"{SD}defaultDataset", dataset)
    yield _link(endpoint, f"{SD}availableGraphs", dataset)
    yield _link(dataset, f"{RDF}type", f"{SD}Dataset")
    yield _link(dataset, f"{RDF}type", f"{SD}GraphCollection")
    yield _link(dataset, f"{SD}defaultGraph", default)
    yield _link(default, f"{RDF}type", f"{SD}Graph")
    if triples is not None:
        yield _said(dataset, f"{VOID}triples", str(triples), f"{XSD}integer")
    for number, graph in enumerate(graphs, 1):
        node = f"{endpoint}#graph-{number}"
        yield _link(dataset, f"{SD}namedGraph", node)
        yield _link(node, f"{RDF}type", f"{SD}NamedGraph")
        yield _link(node, f"{SD}name", graph)


def _prefixes(endpoint: str, prefixes: Mapping[str, str]) -> Iterator[ox.Triple]:
    home = f"{endpoint}#prefixes"
    yield _link(home, f"{RDF}type", f"{OWL}Ontology")
    for name, namespace in prefixes.items():
        node = f"{endpoint}#prefix-{name}"
        yield _link(home, f"{SH}declare", node)
        yield _link(node, f"{RDF}type", f"{SH}PrefixDeclaration")
        yield _said(node, f"{SH}prefix", name)
        yield _said(node, f"{SH}namespace", namespace, f"{XSD}anyURI")


def _examples(endpoint: str, examples: Iterable[Example]) -> Iterator[ox.Triple]:
    for each in examples:
        node = f"{endpoint}#example-{re.sub(r'[^A-Za-z0-9._-]', '-', each.name)}"
        yield _link(node, f"{RDF}type", f"{SH}SPARQLExecutable")
        yield _link(node, f"{RDF}type", f"{SH}SPARQL{_FORMS.get(each.form, 'Select')}Executable")
        yield _link(node, f"{SH}prefixes", f"{endpoint}#prefixes")
        yield _link(node, f"{SCHEMA}target", endpoint)
        yield _said(node, f"{RDFS}label", each.title)
        if each.description:
            yield _said(node, f"{RDFS}comment", each.description)
        yield from (_said(node, f"{SCHEMA}keywords", tag) for tag in each.tags)
        yield _said(node, f"{SH}{each.form}", each.text)


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _said(subject: str, predicate: str, value: str, datatype: str = f"{XSD}string") -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))
