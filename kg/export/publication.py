"""What is published: the graph of a build in its parts, and what the nodes of a graph say."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.corpus.records import WITHDRAWN
from kg.vocab import ASC, RDF, RDFS, SCHEMES, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Term = ox.NamedNode | ox.BlankNode | ox.Literal
TYPE = f"{RDF}type"
DEFAULT = ox.DefaultGraph()

_OWN = SCHEMES.removesuffix("ns/")  # what the project's own names begin with


def key_of(term: Any) -> str:
    """Return what a node is called here: its IRI, or `_:` and its label."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)


def natural(text: str) -> list[Any]:
    """Return a sort key by which numbers count as numbers (2 before 10) and what is below a name follows it at once."""
    parts = re.split(r"(\d+)", text.replace("/", "\0").replace("#", "\1"))
    return [int(part) if part.isdecimal() else part for part in parts]


class Nodes:
    """Answers what each node of a graph says; values come in a fixed order, whatever order they were read in."""

    def __init__(self, triples: Iterable[Any], base: str) -> None:
        self.base = base
        self._said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._said[key_of(triple.subject)][triple.predicate.value].append(triple.object)
        for values in self._said.values():
            for objects in values.values():
                if len(objects) > 1:
                    objects.sort(key=self._order)

    @classmethod
    def of(cls, statements: Iterable[tuple[str, str, Term]], base: str) -> Nodes:
        """Return the nodes of statements that give subject and property as IRIs."""
        found = cls((), base)
        for subject, predicate, term in statements:
            if term not in found._said[subject][predicate]:
                found._said[subject][predicate].append(term)
        return found

    def __contains__(self, node: str) -> bool:
        return node in self._said

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def said(self, node: str) -> dict[str, list[Term]]:
        """Return a node's properties and their values, an empty dictionary for a node that says nothing."""
        return self._said.get(node, {})

    def terms(self, node: str, predicate: str) -> list[Term]:
        """Return the values of a node's property."""
        return self.said(node).get(predicate, [])

    def links(self, node: str, predicate: str) -> list[str]:
        """Return the nodes that a node's property leads to."""
        return [key_of(term) for term in self.terms(node, predicate) if not isinstance(term, ox.Literal)]

    def all(self, node: str, predicate: str) -> list[str]:
        """Return the values of a node's property as the curated files write them."""
        return [self.short(term) for term in self.terms(node, predicate)]

    def one(self, node: str, predicate: str) -> str:
        """Return the first value of a node's property as the curated files write it, or nothing."""
        return next(iter(self.all(node, predicate)), "")

    def types(self, node: str) -> set[str]:
        """Return the IRIs of a node's classes."""
        return {key_of(term) for term in self.terms(node, TYPE)}

    def of_type(self, name: str) -> list[str]:
        """Return the nodes of one of the project's classes, in natural order."""
        return sorted((node for node in self if f"{ASC}{name}" in self.types(node)), key=natural)

    def members(self, node: str) -> list[Term]:
        """Return the members of an RDF list."""
        found: list[Term] = []
        while node != f"{RDF}nil":
            found += self.terms(node, f"{RDF}first")
            node = self.links(node, f"{RDF}rest")[0]
        return found

    def content(self, node: str) -> str:
        """Return what orders a node among others: its IRI, or what a blank node says, whatever its label."""
        if not node.startswith("_:"):
            return node
        said = self.said(node).items()
        parts = (f"{name} {self.content(key_of(term))}" for name, terms in said for term in terms)
        return f"[{' ; '.join(sorted(parts))}]"

    def _order(self, term: Term) -> tuple[bool, bool, list[Any]]:
        """Return a sort key for the values of a property: the project's own names, others', then literals."""
        text = str(term) if isinstance(term, ox.Literal) else self.content(key_of(term))
        return (isinstance(term, ox.Literal), not text.startswith(_OWN), natural(text))

    def label(self, node: str) -> str:
        """Return a node's label, the English one if there is one; its short name where it has none."""
        for predicate in (f"{SKOS}prefLabel", f"{RDFS}label", "http://purl.org/dc/terms/title"):
            found = self.terms(node, predicate)
            if found:
                english = [term.value for term in found if isinstance(term, ox.Literal) and term.language == "en"]
                return str((english or [found[0].value])[0])
        return self.name(node)

    def short(self, term: Term) -> str:
        """Return a term as the curated files write it: an id, a concept, a relation or text."""
        return self.name(term.value) if isinstance(term, ox.NamedNode) else str(term.value)

    def name(self, iri: str) -> str:
        """Return an IRI as the curated files write it."""
        if iri.startswith(self.base):
            return iri[len(self.base) :]
        if iri.startswith(ASC):
            return iri[len(ASC) :]
        return iri.rsplit("/", 1)[-1] if iri.startswith(SCHEMES) else iri


@dataclass(frozen=True)
class Publication:
    """Holds a graph as it is published, and the description of the data set that it is or comes from.

    `corpus` has the claims' metadata in the default graph, their assertion graphs, and the graph of what withdrawn
    claims said; `ontology` the triples of the
    ontology and the vocabularies, with the blank nodes that OWL needs; `inferred` is in graphs of its own.
    """

    dataset: dict[str, Any]  # as in data/dataset.yaml
    context: dict[str, Any] = field(repr=False)  # the project's JSON-LD context
    corpus: tuple[ox.Quad, ...] = field(repr=False)
    ontology: tuple[ox.Quad, ...] = field(default=(), repr=False)
    inferred: tuple[ox.Quad, ...] = field(default=(), repr=False)
    note: str = ""  # what part of the data set this is, where it is not the whole

    @property
    def base(self) -> str:
        """Return the IRI that all data IRIs begin with."""
        return str(self.dataset["base"])

    @property
    def ontology_graph(self) -> ox.NamedNode:
        """Return the graph in which formats with graphs keep the ontology."""
        return ox.NamedNode(f"{self.base}graph/ontology")

    @cached_property
    def nodes(self) -> Nodes:
        """Return what the corpus says, assertion graphs and what withdrawn claims said aside."""
        return Nodes((quad for quad in self.corpus if quad.graph_name == DEFAULT), self.base)

    @property
    def withdrawn_graph(self) -> ox.NamedNode:
        """Return the graph that keeps what withdrawn claims said."""
        return ox.NamedNode(f"{self.base}{WITHDRAWN}")

    @cached_property
    def withdrawn(self) -> Nodes:
        """Return what withdrawn claims said, as it was."""
        return Nodes((quad for quad in self.corpus if quad.graph_name == self.withdrawn_graph), self.base)

    @cached_property
    def terms(self) -> Nodes:
        """Return what the ontology and the vocabularies say."""
        return Nodes(self.ontology, self.base)

    def triples(self) -> list[ox.Quad]:
        """Return what Turtle carries: the corpus without its assertion graphs, and the ontology."""
        return [*(quad for quad in self.corpus if quad.graph_name == DEFAULT), *self.ontology]

    def quads(self) -> list[ox.Quad]:
        """Return what formats with graphs carry: corpus, ontology and what is inferred, each in its graph."""
        home = self.ontology_graph
        ontology = (ox.Quad(quad.subject, quad.predicate, quad.object, home) for quad in self.ontology)
        return [*self.corpus, *ontology, *self.inferred]

    def label(self, node: str) -> str:
        """Return the label of an entity, a concept or a term."""
        return self.nodes.label(node) if node in self.nodes else self.terms.label(node)
