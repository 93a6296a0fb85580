"""Writes nodes as Turtle that is pleasant to read and to diff: the same graph, the same text.

A block is what one node says: its classes first, then its properties in a reader's order. Nodes of the data set are
written as in the curated files, relative to the base (`<claim/report/2-031>`), or with a prefix where their name is a
plain word (`actor:armenia`). Blank nodes, which only OWL's expressions are, stand inside the block that uses them.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.publication import TYPE, Nodes, Term, key_of
from kg.vocab import ASC, EDTF, KINDS, RDF, SHARED_PREFIXES, XSD
from kg.vocab import prefixes as known_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = tuple[str, str]  # what is written on one line, and the comment behind it

WIDTH = 120
PREFIXES = {  # of the vocabularies that the ontology is aligned with, besides those of kg.vocab
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "doco": "http://purl.org/spar/doco/",
    "edtf": EDTF,
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "np": "http://www.nanopub.org/nschema#",
    "npx": "http://purl.org/nanopub/x/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "qudt": "http://qudt.org/schema/qudt/",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "time": "http://www.w3.org/2006/time#",
    "unit-qudt": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
}
FIRST = (  # the order in which a reader wants to be told; what is not named follows by name, and LAST at the end
    "dcterms:title", "dcterms:alternative", "skos:prefLabel", "rdfs:label", "skos:altLabel", "skos:notation",
    "asc:text", "dcterms:creator", "dcterms:publisher", "asc:outlet", "dcterms:description", "skos:definition",
    "skos:example", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:inverseOf", "asc:number",
    "rdf:subject", "rdf:predicate", "rdf:object", "asc:role", "asc:measure", "rdf:value", "asc:min", "asc:max",
    "asc:unit", "asc:qualifier", "asc:of", "asc:polarity", "asc:claimant", "asc:attribution", "asc:reportedBy",
    "asc:modality", "asc:condition", "asc:about", "asc:topic", "dcterms:date", "asc:when", "asc:earliest", "asc:latest",
    "asc:where", "asc:framing", "asc:flag", "asc:confidence", "asc:inSource", "asc:inSection", "asc:page",
    "asc:passage", "asc:range", "oa:hasSource", "oa:hasSelector", "oa:start", "oa:end", "asc:letters", "asc:sha256",
    "asc:states", "asc:figure", "asc:assertion", "asc:cites",
)  # fmt: skip
LAST = ("asc:hasSection", "asc:hasPage", "dcterms:source", "asc:note", "skos:inScheme", "rdfs:isDefinedBy")

_NAMES = {name: at for at, name in enumerate(FIRST)} | {name: 1000 + at for at, name in enumerate(LAST)}
_RANK = {SHARED_PREFIXES[name.split(":")[0]] + name.split(":")[1]: at for name, at in _NAMES.items()}
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")  # a local name that needs no escapes
_RELATIVE = re.compile(
    rf"(?!.*/\.\.?(?:[/#]|$))(?:{'|'.join(KINDS)}|graph|network)/[A-Za-z0-9_./#-]+"
)  # no dot segments
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\x00-\x1f\x7f]')
_SHORT = {f"{XSD}integer": re.compile(r"-?(?:0|[1-9][0-9]*)"), f"{XSD}boolean": re.compile("true|false")}


class Names:
    """Writes IRIs, noting in `used` which prefixes they need (an empty one stands for the base)."""

    def __init__(self, base: str, prefixes: dict[str, str] | None = None) -> None:
        self.used: set[str] = set()
        self.base = base
        self._prefixes = prefixes_of(base) | (prefixes or {})
        self._by_namespace = {namespace: prefix for prefix, namespace in self._prefixes.items()}
        self._names: dict[str, tuple[str, str]] = {}

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix, relative to the base or in full: the first that needs no escapes."""
        found = self._names.get(iri)
        if found is None:
            found = self._names[iri] = self._named(iri)
        if found[1] != "full":
            self.used.add(found[1])
        return found[0]

    def header(self) -> str:
        """Return the declarations of the base and of the prefixes that are used, and of no others."""
        lines = [f"@base <{self.base}> .\n"] if "" in self.used else []
        lines += [f"@prefix {name}: <{self._prefixes[name]}> .\n" for name in sorted(self.used - {""})]
        return "".join(lines)

    def _named(self, iri: str) -> tuple[str, str]:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        for namespace, local in ((iri[:cut], iri[cut:]), (iri, "")):
            prefix = self._by_namespace.get(namespace)
            if prefix is not None and (not local or _PLAIN.fullmatch(local)):
                return f"{prefix}:{local}", prefix
        rest = iri.removeprefix(self.base)
        return (f"<{rest}>", "") if rest != iri and _RELATIVE.fullmatch(rest) else (f"<{iri}>", "full")


class Writer:
    """Writes the nodes of a graph as blocks.

    `names` writes the IRIs; `comment` gives the words put behind a link to a node, or nothing.
    """

    def __init__(self, nodes: Nodes, names: Names | None = None, comment: Callable[[str], str] = lambda _: "") -> None:
        self.nodes = nodes
        self.names = names or Names(nodes.base)
        self.iri = self.names.iri
        self._comment = comment

    def block(self, node: str) -> str:
        """Return what a node says, as one statement of Turtle ending in a full stop and a line break."""
        said = self.nodes.said(node)
        properties: list[list[Row]] = []
        if TYPE in said:
            types = ", ".join(self.term(each, 2) for each in said[TYPE])
            short = len(types) < WIDTH - 50
            properties.append(
                [(row, "") for row in ([f"a {types}"] if short else textwrap.wrap(f"a {types}", WIDTH - 50))]
            )
        properties += [self._property(predicate, said[predicate]) for predicate in reading_order(said)]
        text = ["[]" if node.startswith("_:") else self.iri(node)]
        for at, rows in enumerate(properties):
            last, comment = rows[-1]
            rows[-1] = (f"{last} {'.' if at == len(properties) - 1 else ';'}", comment)
            written = [f"{row}  # {comment}" if comment else row for row, comment in rows]
            text.append((" " if at == 0 else "\n    ") + "\n        ".join(written))
        return "".join(text) + "\n"

    def graph(self, name: str, nodes: Iterable[str]) -> str:
        """Return what some nodes say as a named graph of TriG."""
        return enclosed(self.iri(name), "".join(self.block(node) for node in nodes))

    def term(self, term: Term, depth: int) -> str:
        """Return a term as Turtle; `depth` is the indentation of the lines that an expression may need."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        return self._expression(key_of(term), depth)

    def _literal(self, term: ox.Literal) -> str:
        value, datatype = term.value, term.datatype.value
        if term.language:
            return f"{quoted(value)}@{term.language}"
        if datatype == f"{XSD}string":
            return quoted(value)
        short = _SHORT.get(datatype)
        return value if short and short.fullmatch(value) else f"{quoted(value)}^^{self.iri(datatype)}"

    def _expression(self, node: str, depth: int) -> str:
        said = self.nodes.said(node)
        if f"{RDF}first" in said:
            return _fitted("(", [self.term(each, depth + 1) for each in self.nodes.members(node)], "", ")", depth)
        parts = [f"a {', '.join(self.term(each, depth + 1) for each in said[TYPE])}"] if TYPE in said else []
        for predicate in reading_order(said):
            objects = ", ".join(self.term(each, depth + 1) for each in said[predicate])
            parts.append(f"{self.iri(predicate)} {objects}")
        return _fitted("[", parts, " ;", "]", depth)

    def _property(self, predicate: str, objects: list[Term]) -> list[Row]:
        """Return a property as one row where it fits, else with a row for each value."""
        name = self.iri(predicate)
        written = [(self.term(each, 2), self._remark(each)) for each in objects]
        line = ", ".join(text for text, _ in written)
        if len(written) == 1:
            return [(f"{name} {line}", written[0][1])]
        if len(name) + len(line) < WIDTH - 8 and not any(comment for _, comment in written):
            return [(f"{name} {line}", "")]
        ends = [","] * (len(written) - 1) + [""]
        return [(name, ""), *((text + end, comment) for (text, comment), end in zip(written, ends, strict=True))]

    def _remark(self, term: Term) -> str:
        return self._comment(term.value) if isinstance(term, ox.NamedNode) else ""


def reading_order(predicates: Iterable[str]) -> list[str]:
    """Return properties, classes aside, in the order in which a reader wants to be told them."""
    known = (each for each in predicates if each != TYPE)
    return sorted(known, key=lambda each: (_RANK.get(each, len(FIRST)), not each.startswith(ASC), each))


def prefixes_of(base: str) -> dict[str, str]:
    """Return every prefix that a published file may declare, with its namespace."""
    return PREFIXES | known_prefixes(base)


def enclosed(name: str, text: str) -> str:
    """Return blocks as a graph of TriG; `name` is written as it is."""
    return f"{name} {{\n{textwrap.indent(text, '    ')}}}\n"


def quoted(text: str) -> str:
    """Return a text as a Turtle string on one line."""
    escaped = _TO_ESCAPE.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", text)
    return f'"{escaped}"'


def remark(text: str, width: int = WIDTH) -> str:
    """Return a text as lines of comment."""
    return (
        "".join(f"# {line}".rstrip() + "\n" for line in textwrap.wrap(text, width - 2, break_long_words=False)) or "#\n"
    )


def heading(title: str) -> str:
    """Return the comment that opens a section."""
    rule = "#" * 80
    return f"{rule}\n# {title}\n{rule}\n"


def _fitted(start: str, parts: list[str], between: str, end: str, depth: int) -> str:
    line = f"{start} {f'{between} '.join(parts)} {end}"
    if len(line) < WIDTH - 40 and "\n" not in line:
        return line
    indent = "\n" + "    " * depth
    return f"{start}{indent}{f'{between}{indent}'.join(parts)}\n{'    ' * (depth - 1)}{end}"
