"""The graph as compact JSON-LD with the project's context: the keys are those of the curated files.

Nodes stand one inside the other as they are curated (a claim with its passage, statements and figures in it). The
context is part of the document, so that it is read without asking the network.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.export.parts import parts
from kg.export.publication import TYPE, Nodes, Term, key_of, natural
from kg.export.readable import by_graph
from kg.export.turtle import PREFIXES, WIDTH, reading_order
from kg.vocab import ASC, EDTF, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.export.publication import Publication

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Key:
    """Says what a key of the context means: its property, and how the values below it are written."""

    name: str
    type: str | None  # "@id", "@vocab", a datatype, or None
    language: str | None
    by_language: bool
    base: str  # what relative names below the key are resolved against
    inner: dict[str, list[_Key]]  # keys that are defined for the nodes below this one

    @property
    def bare(self) -> bool:
        """Tell whether the key says nothing of its values, so that a link below it needs an object."""
        return self.type is None and self.language is None and not self.by_language


class Compactor:
    """Turns nodes into JSON-LD objects under a context."""

    def __init__(self, context: dict[str, Any], base: str) -> None:
        self._base = base
        own = {name: iri for name, iri in context.items() if isinstance(iri, str) and iri.endswith(("#", "/"))}
        others = {name: iri for name, iri in PREFIXES.items() if name not in context}
        self._namespaces = own | {"edtf": EDTF} | others
        self._names = frozenset(context)
        self.used: set[str] = set()  # prefixes that the context itself does not declare
        self._keys = self._read(context)

    def node(self, nodes: Nodes, node: str, inside: frozenset[str], key: _Key | None = None) -> Node:
        """Return a node with those of its neighbours that are `inside` it written in their place."""
        found: Node = {} if node.startswith("_:") else {"id": self._relative(node, key.base if key else self._base)}
        if types := [self._vocab(key_of(each)) for each in nodes.terms(node, TYPE)]:
            found["type"] = types[0] if len(types) == 1 else types
        for predicate in reading_order(nodes.said(node)):
            self._add(found, nodes, predicate, node, inside, key)
        return found

    def _add(
        self, found: Node, nodes: Nodes, predicate: str, node: str, inside: frozenset[str], outer: _Key | None
    ) -> None:
        candidates = [*(outer.inner.get(predicate, ()) if outer else ()), *self._keys.get(predicate, ())]
        candidates.sort(key=lambda key: key.bare)  # a key that says what its values are comes before one that does not
        values: dict[str, list[Any]] = defaultdict(list)
        languages: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for term in nodes.terms(node, predicate):
            key = next((each for each in candidates if _fits(each, term)), None)
            if key is not None and key.by_language and isinstance(term, ox.Literal):
                languages[key.name][str(term.language)].append(term.value)
            elif key is not None:
                values[key.name].append(self._value(nodes, term, key, inside))
            else:
                values[self._vocab(predicate)].append(self._full(nodes, term, inside, outer))
        for name, each in values.items():
            found[name] = each[0] if len(each) == 1 else each
        for name, by in languages.items():
            found[name] = {language: texts[0] if len(texts) == 1 else texts for language, texts in sorted(by.items())}

    def _value(self, nodes: Nodes, term: Term, key: _Key, inside: frozenset[str]) -> Any:
        if not isinstance(term, ox.Literal):
            node = key_of(term)
            if node in inside or node.startswith("_:"):
                return self.node(nodes, node, inside, key)
            if key.type == "@vocab":
                return self._vocab(node)
            name = self._relative(node, key.base)
            return name if key.type == "@id" else {"id": name}
        if key.type == f"{XSD}integer" and str(int(term.value)) == term.value:
            return int(term.value)
        return term.value == "true" if key.type == f"{XSD}boolean" else term.value

    def _full(self, nodes: Nodes, term: Term, inside: frozenset[str], outer: _Key | None) -> Any:
        """Return a value that no key is made for, as an object that says what it is."""
        if isinstance(term, ox.Literal):
            if term.language:
                return {"@value": term.value, "@language": term.language}
            datatype = term.datatype.value
            return term.value if datatype == f"{XSD}string" else {"@value": term.value, "@type": self._vocab(datatype)}
        node = key_of(term)
        if f"{RDF}first" in nodes.said(node) or node == f"{RDF}nil":
            return {"@list": [self._full(nodes, each, inside, outer) for each in nodes.members(node)]}
        if node in inside or node.startswith("_:"):
            return self.node(nodes, node, inside)
        return {"id": self._relative(node, outer.base if outer else self._base)}

    def _relative(self, iri: str, base: str) -> str:
        """Return an IRI relative to what it is resolved against, in full where that would not lead back to it."""
        return iri[len(base) :] if iri.startswith(base) and len(iri) > len(base) else iri

    def _vocab(self, iri: str) -> str:
        """Return a class or a property as the context shortens it."""
        if iri.startswith(ASC) and iri[len(ASC) :] not in self._names:
            return iri[len(ASC) :]
        if iri == EDTF:
            return "edtf"
        for prefix, namespace in self._namespaces.items():
            if iri.startswith(namespace) and prefix != "edtf":
                self.used |= {prefix} - self._names
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def _read(self, context: dict[str, Any], base: str | None = None) -> dict[str, list[_Key]]:
        """Return the keys of a context by the property that they mean; those with a type or language first."""
        base = base or self._base
        found: dict[str, list[_Key]] = defaultdict(list)
        for name, meaning in context.items():
            if name.startswith("@") or name in ("id", "type") or name in self._namespaces:
                continue
            says: dict[str, Any] = {"@id": meaning} if isinstance(meaning, str) else meaning
            if "@id" not in says:
                continue  # @reverse: read in the other direction, and not written
            scoped = says.get("@context", {})
            below = self._resolved(scoped.get("@base"), base)
            kind = says.get("@type")
            key = _Key(
                name, self._iri(kind) if kind and not kind.startswith("@") else kind, says.get("@language"),
                says.get("@container") == "@language", below, self._read(scoped, below),
            )  # fmt: skip
            found[self._iri(says["@id"])].append(key)
        return dict(found)

    def _iri(self, name: str) -> str:
        prefix, sign, local = name.partition(":")
        return self._namespaces[prefix] + local if sign else self._namespaces.get(name, ASC + name)

    def _resolved(self, relative: str | None, base: str) -> str:
        if relative is None:
            return base
        return relative if ":" in relative else base + relative


def jsonld(publication: Publication) -> str:
    """Return the graph with its graphs as compact JSON-LD: nodes of the default graph, then the named graphs."""
    compact = Compactor(publication.context, publication.base)
    graph: list[Node] = []
    ontology: list[Node] = []
    for part in parts(publication):
        nodes = publication.terms if part.of_terms else publication.nodes
        for section in part.sections:
            for first, *rest in section.paragraphs:
                (ontology if part.of_terms else graph).append(compact.node(nodes, first, frozenset(rest)))
    if ontology:
        graph.append({"id": "graph/ontology", "@graph": ontology})
    graph += _named_graphs(publication, compact)
    start = {"@base": publication.base} | {name: PREFIXES[name] for name in sorted(compact.used)}
    return pretty({"@context": [start, publication.context], "@graph": graph}) + "\n"


def pretty(value: Any, indent: str = "") -> str:
    """Return JSON that is read by people too: what fits on a line stands on one."""
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    if not _long(value):
        line = json.dumps(value, ensure_ascii=False)
        if len(line) + len(indent) <= WIDTH:
            return line
    if isinstance(value, dict):
        rows = [f"{deeper}{json.dumps(key, ensure_ascii=False)}: {pretty(each, deeper)}" for key, each in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + pretty(each, deeper) for each in value) + f"\n{indent}]"


def _long(value: dict[str, Any] | list[Any]) -> bool:
    """Tell at a glance whether something cannot fit on a line: each member takes three characters at least."""
    below = value.values() if isinstance(value, dict) else value
    return len(value) > WIDTH // 3 or any(isinstance(each, dict | list) and len(each) > WIDTH // 3 for each in below)


def _named_graphs(publication: Publication, compact: Compactor) -> Iterator[Node]:
    found = by_graph(publication)
    for name in sorted(found, key=natural):
        nodes = Nodes(found[name], publication.base)
        inner = [compact.node(nodes, node, frozenset()) for node in sorted(nodes, key=natural)]
        yield {"id": name.removeprefix(publication.base), "@graph": inner}


def _fits(key: _Key, term: Term) -> bool:
    """Tell whether a key writes a value so that it is read back as it was."""
    if not isinstance(term, ox.Literal):
        return key.language is None and not key.by_language and (key.type is None or key.type in ("@id", "@vocab"))
    if term.language:
        return key.by_language or key.language == term.language
    if key.by_language or key.language is not None or key.type in ("@id", "@vocab"):
        return False
    return term.datatype.value == (key.type or f"{XSD}string")
