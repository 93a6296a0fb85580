"""In which order the graph is read: parts, their sections, and in these each node with those that belong to it.

A paragraph is a node that stands for itself (a claim, an entity, a footnote) followed by the nodes that are parts of it
(a claim's passage with its ranges, its statements, its figures). Each node stands in exactly one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.publication import natural
from kg.vocab import ASC, DCTERMS, OA, OWL, SCHEMES, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.export.publication import Nodes, Publication

Paragraph = tuple[str, ...]  # nodes: the one that stands for itself first

ENTITIES = {
    "actor": "Actors", "place": "Places", "agreement": "Agreements and their provisions", "event": "Events",
    "thing": "Things", "topic": "Topics", "work": "Works",
}  # fmt: skip
_BELONG = tuple(f"{ASC}{name}" for name in ("passage", "range", "states", "figure", "hasPage", "textEdition")) + tuple(
    f"{ASC}{name}" for name in ("identifier", "coordinates", "country")
)
_SELECTOR = f"{OA}hasSelector"


@dataclass(frozen=True, slots=True)
class Section:
    """Names some paragraphs that are read together."""

    title: str
    paragraphs: Sequence[Paragraph]


@dataclass(frozen=True, slots=True)
class Part:
    """Holds what is also published as a file of its own."""

    key: str  # the file's name, without its suffix
    title: str
    sections: Sequence[Section]
    of_terms: bool = False  # whether its nodes are those of the ontology and the vocabularies


def parts(publication: Publication) -> list[Part]:
    """Return the parts of a publication that hold something: each source, the entities, vocabularies and ontology."""
    nodes, terms = publication.nodes, publication.terms
    placing = _Placing(nodes)
    found = []
    for source in nodes.of_type("Source"):
        name = nodes.name(source).split("/", 1)[1]
        title = f"{nodes.label(source)}: the source, its footnotes and its claims"
        found.append(Part(f"source-{name}", title, placing.source(source)))
    found += [
        Part("entities", "What claims are about: actors, places, agreements, events and others", placing.entities()),
        Part("others", "What belongs to none of these", placing.left()),
        Part("vocabularies", "The vocabularies", list(_vocabularies(terms)), True),
        Part("ontology", "The ontology, and how its terms stand to those of others", list(_ontology(terms)), True),
    ]
    return [part for part in found if any(section.paragraphs for section in part.sections)]


class _Placing:
    """Gives each node of the corpus its one place."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._placed: set[str] = set()
        self._by_kind: dict[str, list[str]] = {}
        for node in nodes:
            self._by_kind.setdefault(nodes.name(node).split("/", 1)[0], []).append(node)
        for found in self._by_kind.values():
            found.sort(key=natural)

    def entities(self) -> list[Section]:
        """Return the entities by kind, provisions behind their agreement."""
        return [
            Section(title, self._paragraphs(node for node in self._by_kind.get(kind, ()) if "#" not in node))
            for kind, title in ENTITIES.items()
        ]

    def source(self, source: str) -> list[Section]:
        """Return a source, its sections, its footnotes, and its claims section by section."""
        nodes = self._nodes
        sections = self._reading_order(nodes.links(source, f"{ASC}hasSection"))
        found = [
            Section(f"Source: {nodes.label(source)}", self._paragraphs([source])),
            Section("Its sections", self._paragraphs(sections)),
            Section("Its footnotes", self._paragraphs(self._of("reference", "inSource", source))),
        ]
        claims: dict[str, list[str]] = {}
        for claim in self._of("claim", "inSource", source):
            claims.setdefault(next(iter(nodes.links(claim, f"{ASC}inSection")), ""), []).append(claim)
        for section in [*sections, *sorted(claims.keys() - set(sections))]:
            number, title = nodes.one(section, f"{ASC}number"), nodes.label(section)
            name = f"Claims of section {number}: {title}" if number else f"Claims of the section “{title}”"
            found.append(Section(name, self._paragraphs(claims.get(section, ()))))
        start = f"{nodes.base}claim/{nodes.name(source).split('/', 1)[1]}/"
        withdrawn = [node for node in nodes.of_type("WithdrawnClaim") if node.startswith(start)]
        return [*found, Section("Claims that were withdrawn, with the reasons", self._paragraphs(withdrawn))]

    def left(self) -> list[Section]:
        """Return the nodes that have no place yet."""
        rest = sorted((node for node in self._nodes if node not in self._placed), key=natural)
        return [Section("Others", self._paragraphs(rest))]

    def _of(self, kind: str, predicate: str, target: str) -> list[str]:
        known = (node for node in self._by_kind.get(kind, ()) if "#" not in node)
        return [node for node in known if target in self._nodes.links(node, f"{ASC}{predicate}")]

    def _reading_order(self, sections: Sequence[str]) -> list[str]:
        """Return sections as they follow each other in the text, a section before those in it."""

        def key(section: str) -> tuple[int, int, str]:
            start, end = (self._nodes.one(section, f"{OA}{name}") for name in ("start", "end"))
            return (int(start or 0), -int(end or 0), section)

        return sorted((each for each in sections if each in self._nodes), key=key)

    def _paragraphs(self, roots: Iterator[str] | Sequence[str]) -> list[Paragraph]:
        return [paragraph for root in roots if (paragraph := tuple(self._belonging(root)))]

    def _belonging(self, node: str) -> Iterator[str]:
        """Yield a node and, depth first, those that belong to it, leaving out what has its place already."""
        if node in self._placed or node not in self._nodes:
            return
        self._placed.add(node)
        yield node
        for predicate in (*_BELONG, _SELECTOR):
            for below in self._nodes.links(node, predicate):
                yield from self._belonging(below)


def _vocabularies(terms: Nodes) -> Iterator[Section]:
    """Yield each concept scheme with its concepts, a narrower concept behind the broader one."""
    schemes = sorted(node for node in terms if f"{SKOS}ConceptScheme" in terms.types(node))
    concepts: dict[str, list[str]] = {}
    for node in sorted(terms):
        for scheme in terms.links(node, f"{SKOS}inScheme"):
            concepts.setdefault(scheme, []).append(node)
    for scheme in schemes:
        title = f"Vocabulary: {terms.one(scheme, f'{DCTERMS}title')}"
        yield Section(title, [(scheme,), *((concept,) for concept in concepts.get(scheme, ()))])


def _ontology(terms: Nodes) -> Iterator[Section]:
    """Yield the ontology's terms by what they are; nodes that stand inside an expression have no place of their own."""
    inside = {node for each in terms for said in terms.said(each) for node in terms.links(each, said)}
    found: dict[str, list[Paragraph]] = {}
    for node in sorted(terms, key=terms.content):
        elsewhere = node.startswith(SCHEMES) or (node.startswith("_:") and node in inside)
        if elsewhere and f"{OWL}Ontology" not in terms.types(node):
            continue
        found.setdefault(_heading(terms, node), []).append((node,))
    order = ("The ontology", "Classes", "Disjoint classes", "Relations that claims state")
    for title in (*order, *sorted(found.keys() - set(order))):
        yield Section(title, found.get(title, []))


def _heading(terms: Nodes, node: str) -> str:
    types = {each.rsplit("#", 1)[-1] for each in terms.types(node)}
    if "Ontology" in types:
        return "The ontology"
    if node.startswith("_:"):
        return "Disjoint classes"
    if not node.startswith(ASC):
        return "Terms of other vocabularies"
    if "Class" in types:
        return "Classes"
    return "Relations that claims state" if "Relation" in types else "Properties of claims, passages and entities"
