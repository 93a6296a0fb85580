"""Learns the shape of a built graph: its terms, its quads, which of them change, and with which claim each comes."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.vocab import ASC, KINDS, RDF, SCHEMES, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BASE = "https://w3id.org/ascribe/synthetic/"
MANY = 8  # claims about an entity from which on all reports have it in common: a third of all entities here
ENTITIES = ("actor", "place", "agreement", "event", "thing", "topic")
CODES = ("language", "notation", "number", "asPrinted", "identifier")  # texts that are kept as they are
COMPUTED = ("graph/network", "graph/audit")  # from a graph as a whole: not learnt, a build computes them anew
NUMBERS = (f"{RDF}value", f"{ASC}min", f"{ASC}max")
TOKEN = re.compile(r"(\\u[0-9A-F]{4}|\\.|%[0-9A-Fa-f]{2}|@[A-Za-z-]+$|\^\^<[^>]*>$)|([^\W\d_]+)")

Row = tuple[str, str, str, str]  # a quad in N-Quads' writing; the default graph is the empty text
Quad = tuple[int, int, int, int]  # a quad by the numbers of its terms


@dataclass(slots=True)
class Node:
    """Holds a term that stands in a report: an IRI or a literal that is made anew for each."""

    kind: str  # a kind of IRI, or one of text, hash, number
    slug: str = ""
    rest: str = ""
    common: bool = False
    unit: int = -1  # the number of the claim with which it comes into the graph


@dataclass(slots=True)
class Shape:
    """Holds what is learnt from a build: terms, quads by term numbers, and which of the terms change."""

    base: str
    digest: str
    terms: list[str]
    nodes: dict[int, Node]
    quads: list[Quad]  # in the order of units
    units: list[int]  # of each quad
    fixed: list[bool]  # of each quad: it belongs to something common, and is written once
    swaps: list[list[int]]  # groups of terms that may change places in a report
    claims: int
    words: dict[int, list[int]]  # length → frequencies of the words of that length, the most frequent first


def learn(build: Path) -> Shape:
    """Return the shape of a build; `build` is its folder."""
    facts = json.loads((build / "build.json").read_text(encoding="utf-8"))
    return _Learner(facts["base"], facts["digest"]).learn(ox.Store.read_only(str(build / "store")))


class _Learner:
    """Collects terms and quads from a store and orders them by the claims that need them."""

    def __init__(self, base: str, digest: str) -> None:
        self.base = base
        self.numbers: dict[tuple[str, str], int] = {}
        self.shape = Shape(base, digest, [], {}, [], [], [], [], 0, {})

    def learn(self, quads: Iterable[ox.Quad]) -> Shape:
        shape = self.shape
        every = {(str(q.subject), str(q.predicate), str(q.object), _graph(q)) for q in quads}
        computed = {row[:3] for row in every if row[3] in {f"<{self.base}{name}>" for name in COMPUTED}}
        rows = sorted(row for row in every if row[:3] not in computed)
        ontology = f"<{self.base}graph/ontology>"
        percent = {row[0] for row in rows if row[1] == f"<{ASC}unit>" and row[2] == f"<{SCHEMES}unit/percent>"}
        kept = {row[:3] for row in rows if row[3] == ontology} | {
            row[:3] for row in rows if row[0] in percent and row[1].strip("<>") in NUMBERS
        }
        found = [self._numbered(row, row[:3] in kept) for row in rows]
        links: dict[int, list[int]] = defaultdict(list)
        for (s, _, o, _), row in zip(found, rows, strict=True):
            if row[3] == "" and s in shape.nodes and o in shape.nodes and row[2].startswith("<"):
                links[s].append(o)
        self._assign_units(links)
        self._choose_common(links, found, rows)
        order = sorted(range(len(found)), key=lambda n: (self._unit(found[n]), n))
        own = {"", f"<{self.base}graph/inferred>"}
        for n in order:
            node = shape.nodes.get(found[n][0])
            shape.quads.append(found[n])
            shape.units.append(self._unit(found[n]))
            unchanging = shape.units[-1] < 0
            shape.fixed.append(unchanging or (node is not None and node.common and rows[n][3] in own))
        self._count_words()
        return shape

    def _numbered(self, row: Row, kept: bool) -> Quad:
        category = "" if kept else _category(row[1], row[2])
        return (self._term(row[0]), self._term(row[1]), self._term(row[2], category), self._term(row[3]))

    def _term(self, text: str, category: str = "") -> int:
        found = self.numbers.setdefault((text, category), len(self.numbers))
        if found == len(self.shape.terms):
            self.shape.terms.append(text)
            if text.startswith(f"<{self.base}"):
                self._place(found, text[len(self.base) + 1 : -1])
            elif category:
                self.shape.nodes[found] = Node(category)
        return found

    def _place(self, number: int, path: str) -> None:
        kind, _, local = path.partition("/")
        if kind == "graph" and local.startswith("entailed/"):
            self.shape.nodes[number] = Node("graph/entailed", local.partition("/")[2])
        elif kind in KINDS:
            slug = re.split(r"[/#]", local, maxsplit=1)[0]
            self.shape.nodes[number] = Node(kind, slug, local[len(slug) :])
        else:
            self.shape.terms[number] = f"<{BASE}{path}>"

    def _assign_units(self, links: dict[int, list[int]]) -> None:
        """Give each node the number of the first claim that leads to it; what none leads to is spread among them."""
        nodes = self.shape.nodes
        claims = [n for n, node in nodes.items() if node.kind == "claim" and "#" not in node.rest]
        claims.sort(key=lambda n: _natural(self.shape.terms[n]))
        self.shape.claims = len(claims)
        is_claim = set(claims)
        for unit, claim in enumerate(claims):
            self._spread(claim, unit, links, is_claim)
        left = [n for n, node in nodes.items() if node.unit < 0 and node.slug and node.kind != "graph/entailed"]
        left.sort(key=lambda n: _natural(self.shape.terms[n]))
        for at, number in enumerate(left):
            if nodes[number].unit < 0:
                self._spread(number, at * len(claims) // len(left), links, is_claim)
        for node in nodes.values():
            node.unit = max(node.unit, 0)

    def _spread(self, start: int, unit: int, links: dict[int, list[int]], claims: set[int]) -> None:
        stack = [start]
        while stack:
            at = stack.pop()
            if self.shape.nodes[at].unit < 0:
                self.shape.nodes[at].unit = unit
                stack += [each for each in links[at] if each not in claims]

    def _unit(self, quad: Quad) -> int:
        nodes = self.shape.nodes
        return max((nodes[n].unit for n in quad if n in nodes and nodes[n].slug), default=-1)

    def _choose_common(self, links: dict[int, list[int]], quads: list[Quad], rows: list[Row]) -> None:
        """Mark the entities that all reports have in common, with all that these lead to."""
        nodes = self.shape.nodes
        groups = self._entities()
        mentions: Counter[tuple[str, str]] = Counter()
        classes: dict[int, list[str]] = defaultdict(list)
        for (s, _, o, _), (_, predicate, text, graph) in zip(quads, rows, strict=True):
            if graph:
                continue
            if predicate == f"<{ASC}about>" and o in nodes:
                mentions[nodes[o].kind, nodes[o].slug] += 1
            elif predicate == f"<{ASC}identifier>":
                mentions[nodes[s].kind, nodes[s].slug] += MANY
            elif predicate == f"<{RDF}type>":
                classes[s].append(text)
        waiting = [number for key, members in groups.items() if mentions[key] >= MANY for number in members]
        while waiting:
            number = waiting.pop()
            if not nodes[number].common:
                nodes[number].common = True
                others = (nodes[other] for other in links[number])
                waiting += [number for other in others for number in groups.get((other.kind, other.slug), ())]
        self.shape.swaps = self._alike(groups.values(), classes)

    def _entities(self) -> dict[tuple[str, str], list[int]]:
        """Return the nodes of each entity: itself and what stands under it by its IRI."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, node in self.shape.nodes.items():
            if node.kind in ENTITIES:
                found[node.kind, node.slug].append(number)
        return dict(found)

    def _alike(self, groups: Iterable[list[int]], classes: dict[int, list[str]]) -> list[list[int]]:
        """Return groups of common entities of the same classes, without those that others stand under by their IRI."""
        nodes = self.shape.nodes
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for members in groups:
            if not any(nodes[n].rest.startswith("/") for n in members):
                for number in (n for n in members if nodes[n].common and not nodes[n].rest):
                    found[nodes[number].kind, *sorted(classes[number])].append(number)
        return [sorted(each) for _, each in sorted(found.items()) if len(each) > 1]

    def _count_words(self) -> None:
        counts: Counter[str] = Counter()
        for number, node in self.shape.nodes.items():
            if node.kind == "text":
                counts.update(word.casefold() for _, word in TOKEN.findall(self.shape.terms[number]) if word)
            elif node.kind in ENTITIES and not node.rest:
                counts.update(word.casefold() for _, word in TOKEN.findall(node.slug) if word)
        for word, count in sorted(counts.items()):
            self.shape.words.setdefault(len(word), []).append(count)
        for frequencies in self.shape.words.values():
            frequencies.sort(reverse=True)


def _graph(quad: ox.Quad) -> str:
    return "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)


def _category(predicate: str, term: str) -> str:
    """Return how a literal is made anew: as text, hash or number; nothing for what is kept."""
    if not term.startswith('"'):
        return ""
    name = re.split(r"[/#]", predicate.strip("<>"))[-1]
    if name == "sha256":
        return "hash"
    if predicate.strip("<>") in NUMBERS and term.endswith(f"^^<{XSD}decimal>"):
        return "number"
    plain = term.endswith(('"', f"^^<{XSD}anyURI>")) or re.search(r'"@[A-Za-z-]+$', term)
    return "text" if plain and name not in CODES else ""


def _natural(text: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", text)]
