"""How the data set uses each term: how often, and in which claim a reader sees it best."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.publication import TYPE, key_of, natural
from kg.vocab import ASC, RDF, RDFS, SCHEMES

if TYPE_CHECKING:
    from kg.export.publication import Nodes, Publication

RULE = (
    "Of all claims that use a term, the one with the shortest wording is its example; of several as short, the first."
)
_DENIED = f"{SCHEMES}polarity/negative"
_DEPTH = 3  # links from a claim to what is looked for: claim, footnote, work, its author
_ABOUT, _RELATION = f"{ASC}about", f"{RDF}predicate"


@dataclass(frozen=True, slots=True)
class Example:
    """Holds a claim that shows a term: its IRI and wording, and the triple in which the term stands (IRIs or text)."""

    claim: str
    text: str
    subject: str = ""
    predicate: str = ""
    object: str = ""


class Uses:
    """Finds the uses of classes, properties and concepts in a corpus."""

    def __init__(self, publication: Publication) -> None:
        self._nodes = publication.nodes
        self._kinds = _kinds(publication.terms)
        self._from: dict[str, list[str]] = defaultdict(list)  # node → nodes that link to it
        self._about: dict[str, list[str]] = defaultdict(list)  # thing → claims about it
        self._instances: dict[str, list[str]] = defaultdict(list)
        self._statements: dict[str, list[str]] = defaultdict(list)  # relation → statement nodes
        self._subjects: dict[str, list[tuple[str, str]]] = defaultdict(list)  # property → its subjects and values
        self._said: Counter[str] = Counter()  # concept → how often it is the value of something
        for node in self._nodes:
            self._read(node)
        self._following = Counter(
            key_of(quad.object) if quad.predicate.value == TYPE else quad.predicate.value
            for quad in publication.inferred
        )
        self._best: dict[tuple[str, int], tuple[int, list[object], str] | None] = {}

    def inferred(self, name: str) -> int:
        """Return how often a class or property follows or is computed, without being stated."""
        return self._following[name]

    def of_class(self, name: str) -> tuple[int, Example | None]:
        """Return how many things are of a class or one below it, and an example."""
        found = self._instances[name]
        best = self._choose(found)
        return len(found), best and Example(*self._claim(best[0]), *self._typed(best[1], name))

    def of_relation(self, name: str) -> tuple[int, Example | None]:
        """Return how many statements have a relation, and one of them."""
        found = self._statements[name]
        plain = [node for node in found if _DENIED not in self._nodes.links(node, f"{ASC}polarity")]
        best = self._choose(plain or found)
        if best is None or not plain:  # a denied statement would need more words
            return len(found), best and Example(*self._claim(best[0]))
        ends = [self._nodes.terms(best[1], f"{RDF}{end}")[0].value for end in ("subject", "object")]
        return len(found), Example(*self._claim(best[0]), ends[0], name, ends[1])

    def of_property(self, name: str) -> tuple[int, Example | None]:
        """Return how often a property is stated, and an example."""
        found = self._subjects[name]
        best = self._choose([subject for subject, _ in found])
        if best is None:
            return len(found), None
        value = next(value for subject, value in found if subject == best[1])
        return len(found), Example(*self._claim(best[0]), best[1], name, value)

    def of_concept(self, name: str) -> tuple[int, Example | None]:
        """Return how often a concept is used, and an example."""
        best = self._choose(self._from[name])
        if best is None:
            return self._said[name], None
        node = best[1]
        predicate = next(each for each in self._nodes.said(node) if name in self._nodes.links(node, each))
        return self._said[name], Example(*self._claim(best[0]), node, predicate, name)

    def _read(self, node: str) -> None:
        for predicate, terms in self._nodes.said(node).items():
            for term in terms:
                value = key_of(term)
                self._subjects[predicate].append((node, str(term.value)))
                if predicate == TYPE:
                    continue
                self._from[value].append(node)
                if predicate == _ABOUT:
                    self._about[value].append(node)
                self._said[value] += 1
                if predicate == _RELATION:
                    self._statements[value].append(node)
        for name in {above for each in self._nodes.types(node) for above in self._kinds.get(each, {each})}:
            self._instances[name].append(node)

    def _choose(self, nodes: list[str]) -> tuple[str, str] | None:
        """Return the claim that shows one of some nodes best, and that node."""
        ranked = [(found, natural(node), node) for node in nodes if (found := self._showing(node, _DEPTH))]
        if not ranked:
            return None
        best = min(ranked)
        return best[0][2], best[2]

    def _showing(self, node: str, depth: int) -> tuple[int, list[object], str] | None:
        """Return the claim that shows a node best, as (characters, order, claim): itself, or one that leads to it."""
        types = self._nodes.types(node)
        if f"{ASC}WithdrawnClaim" in types:
            return None
        if f"{ASC}Claim" in types:
            return len(self._nodes.one(node, f"{ASC}text")), natural(node), node
        if depth == 0:
            return None
        key = (node, depth)
        if key not in self._best:
            self._best[key] = None  # where links go in a ring
            near = (
                self._about[node] or self._from[node]
            )  # a claim that is about a thing shows it better than its speaker
            found = (self._showing(each, depth - 1) for each in dict.fromkeys(near))
            self._best[key] = min((each for each in found if each), default=None)
        return self._best[key]

    def _claim(self, claim: str) -> tuple[str, str]:
        return claim, self._nodes.one(claim, f"{ASC}text")

    def _typed(self, node: str, name: str) -> tuple[str, str, str]:
        return node, TYPE, next((each for each in sorted(self._nodes.types(node)) if each != name), name)


def _kinds(terms: Nodes) -> dict[str, set[str]]:
    """Return each class with all that it is a kind of, itself among them."""
    found: dict[str, set[str]] = {}

    def above(name: str) -> set[str]:
        if name not in found:
            found[name] = {name}
            for each in terms.links(name, f"{RDFS}subClassOf"):
                found[name] = found[name] | above(each)
        return found[name]

    for node in terms:
        above(node)
    return found
