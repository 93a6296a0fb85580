"""Projects the claims of a graph onto networks: edges with the claims that they rest on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import vocab
from kg.store.choice import PATHS
from kg.store.facets import key_of, number_claims
from kg.store.networks import Claim, Edge, Status, Thing
from kg.store.search import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS = ("source", "actor", "place", "agreement", "event", "thing", "topic", "work")
_NEGATIVE = f"{vocab.SCHEMES}polarity/negative"
_Found = dict[tuple[str, str, str, Status], set[int]]  # source, target, relation, status → claims


@dataclass(frozen=True, slots=True)
class Projected:
    """Holds the edges of each network by name, the things that may stand in one, and the claims by number."""

    edges: dict[str, tuple[Edge, ...]]
    things: tuple[Thing, ...]
    claims: tuple[Claim, ...]


def project(store: ox.Store, inferred: Iterable[ox.Quad], base: str) -> Projected:
    """Return the networks of the claims in a store; `inferred` holds, among others, what follows from a source."""
    reader = _Reader(store, base)
    relations = reader.relations()
    inferred_edges = reader.inferred(inferred, relations)
    found = {
        "co-occurrence": reader.together(),
        "actors": {key: claims for key, claims in relations.items() if _actors(key[0], key[1])},
        "speakers": reader.speakers(),
        "citations": reader.citations(),
        "outlets": reader.outlets(),
        "relations": relations | inferred_edges,
    }
    edges = {name: tuple(_edges(each)) for name, each in found.items()}
    return Projected(edges, tuple(reader.things()), tuple(reader.claims()))


def _actors(*keys: str) -> bool:
    return all(key.startswith("actor/") for key in keys)


def _edges(found: _Found) -> Iterator[Edge]:
    for (source, target, relation, status), claims in sorted(found.items()):
        yield Edge(source, target, relation, status, tuple(sorted(claims)))


class _Reader:
    """Asks the store what claims name, state and cite; things go by their keys, claims by their numbers."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self.store, self.base = store, base
        self.order = number_claims(store, base)
        self.numbers = {iri: number for number, iri in enumerate(self.order)}
        self.named: dict[int, list[str]] = defaultdict(list)
        for claim, iri in self._rows(f"?claim asc:text ?text ; {PATHS['about']} ?value"):
            if iri.startswith(base) and self._kind(iri) in _KINDS:
                self.named[self.numbers[claim]].append(key_of(iri, base))
        self.said: dict[int, list[str]] = defaultdict(list)
        for claim, iri in self._rows("?claim asc:text ?text ; asc:claimant ?value"):
            self.said[self.numbers[claim]].append(key_of(iri, base))

    def _rows(self, pattern: str, variables: str = "?claim ?value") -> list[list[str]]:
        rows = ask(self.store, f"SELECT DISTINCT {variables} {{ {pattern} }} ORDER BY {variables}")
        return [row for row in rows if row[0] in self.numbers]

    def _kind(self, iri: str) -> str:
        return iri[len(self.base) :].split("/", 1)[0]

    def together(self) -> _Found:
        """Return the pairs of things that one claim names."""
        found: _Found = defaultdict(set)
        for number, keys in self.named.items():
            for one, other in combinations(sorted(set(keys)), 2):
                found[one, other, "", "stated"].add(number)
        return found

    def relations(self) -> _Found:
        """Return what statements of claims say of two things, or deny of them."""
        found: _Found = defaultdict(set)
        rows = self._rows(
            "?claim asc:states ?statement . ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o "
            f"OPTIONAL {{ ?statement asc:polarity ?polarity FILTER(?polarity = <{_NEGATIVE}>) }} FILTER(isIRI(?o))",
            "?claim ?s ?p ?o ?polarity",
        )
        for claim, subject, predicate, value, denied in rows:
            if value.startswith(self.base) and self._kind(value) in _KINDS:
                status: Status = "denied" if denied else "stated"
                ends = key_of(subject, self.base), key_of(value, self.base)
                found[*ends, predicate, status].add(self.numbers[claim])
        return found

    def inferred(self, quads: Iterable[ox.Quad], stated: _Found) -> _Found:
        """Return what follows from the statements of a source about two things that no claim relates."""
        linked = {frozenset(key[:2]) for key in stated}
        home = f"{self.base}graph/entailed/"
        found: _Found = {}
        for quad in quads:
            if not str(getattr(quad.graph_name, "value", "")).startswith(home):
                continue
            ends = (getattr(quad.subject, "value", ""), getattr(quad.object, "value", ""))
            if not isinstance(quad.object, ox.NamedNode) or not all(end.startswith(self.base) for end in ends):
                continue
            keys = (key_of(ends[0], self.base), key_of(ends[1], self.base))
            if keys[0] != keys[1] and frozenset(keys) not in linked and quad.predicate.value.startswith(vocab.ASC):
                found[*keys, quad.predicate.value, "inferred"] = set()
        return found

    def speakers(self) -> _Found:
        """Return who makes claims that name whom."""
        found: _Found = defaultdict(set)
        for number, names in self.said.items():
            for speaker in names:
                for target in self.named.get(number, ()):
                    if target != speaker and _actors(target):
                        found[speaker, target, "", "stated"].add(number)
        return found

    def citations(self) -> _Found:
        """Return which claim cites which work, and which work appeared in which outlet (with the claims citing it)."""
        found: _Found = defaultdict(set)
        cites, outlet = f"{vocab.ASC}citesWork", f"{vocab.ASC}outlet"
        for claim, work, home in self._cited():
            number = self.numbers[claim]
            found[key_of(claim, self.base), key_of(work, self.base), cites, "stated"].add(number)
            if home:
                found[key_of(work, self.base), key_of(home, self.base), outlet, "stated"].add(number)
        return found

    def outlets(self) -> _Found:
        """Return on which outlets the claims of whom rest."""
        found: _Found = defaultdict(set)
        for claim, _, home in self._cited():
            for speaker in self.said.get(self.numbers[claim], ()) if home else ():
                found[speaker, key_of(home, self.base), "", "stated"].add(self.numbers[claim])
        return found

    def _cited(self) -> list[list[str]]:
        pattern = "?claim asc:cites/asc:citesWork ?work OPTIONAL { ?work asc:outlet ?outlet }"
        return self._rows(pattern, "?claim ?work ?outlet")

    def things(self) -> Iterator[Thing]:
        """Yield everything that may stand in a network with the name by which it is shown, English before others."""
        best: dict[str, tuple[bool, str, str]] = {}
        query = "SELECT ?iri ?name (lang(?name) AS ?language) { ?iri skos:prefLabel|dcterms:title ?name }"
        for iri, name, language in ask(self.store, query):
            if iri.startswith(self.base) and self._kind(iri) in _KINDS:
                offer = (language not in ("en", ""), language, name)
                best[key_of(iri, self.base)] = min(best.get(key_of(iri, self.base), offer), offer)
        for key, (_, language, name) in sorted(best.items()):
            yield Thing(key, name, language, key.split("/", 1)[0])
        for claim in self.claims():
            yield Thing(claim.key, claim.text, "en", "claim")

    def claims(self) -> Iterator[Claim]:
        """Yield the claims in the order of their numbers."""
        rows = ask(
            self.store,
            "SELECT ?claim ?text ?modality ?first ?last { ?claim asc:text ?text "
            "OPTIONAL { ?claim asc:modality ?modality } "
            "OPTIONAL { ?claim asc:earliest ?first } OPTIONAL { ?claim asc:latest ?last } } ORDER BY ?claim",
        )
        told: dict[str, tuple[str, str, str, str]] = {}
        for claim, text, modality, first, last in rows:
            told.setdefault(claim, (text, key_of(modality, self.base), first, last))
        for number, iri in enumerate(self.order):
            text, modality, first, last = told[iri]
            speakers = tuple(self.said.get(number, ()))
            yield Claim(number, key_of(iri, self.base), text, modality, first or last, last or first, speakers)
