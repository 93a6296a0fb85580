"""Describes the ontology as a reader looks it up: each term with what it means, hangs together with and is used in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.ontology import rules
from kg.export.ontology.examples import RULE, Example, Uses
from kg.export.publication import key_of, natural
from kg.vocab import ASC, DCTERMS, EDTF, OWL, RDFS, SCHEMES, SHARED_PREFIXES, SKOS, anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from kg.export.publication import Nodes, Publication

VERSION, _VANN = f"{OWL}versionIRI", "http://purl.org/vocab/vann/"
_CHARACTERISTICS = {
    "FunctionalProperty": "functional: at most one value",
    "InverseFunctionalProperty": "inverse functional: a value belongs to one thing",
    "TransitiveProperty": "transitive: holds along a chain",
    "SymmetricProperty": "symmetric: holds both ways",
    "AsymmetricProperty": "asymmetric: never holds both ways",
    "IrreflexiveProperty": "irreflexive: never holds of a thing and itself",
    "ReflexiveProperty": "reflexive: holds of everything and itself",
}
_MATCHES = {
    f"{RDFS}subClassOf": "narrower than",
    f"{RDFS}subPropertyOf": "narrower than",
    f"{OWL}equivalentClass": "the same as",
    f"{OWL}equivalentProperty": "the same as",
    f"{SKOS}exactMatch": "the same as",
    f"{SKOS}closeMatch": "close to",
    f"{SKOS}relatedMatch": "related to",
    f"{SKOS}broadMatch": "narrower than",
    f"{SKOS}narrowMatch": "broader than",
}
_OTHERS = SHARED_PREFIXES | {
    "bibo": "http://purl.org/ontology/bibo/", "cito": "http://purl.org/spar/cito/", "doco": "http://purl.org/spar/doco/",
    "fabio": "http://purl.org/spar/fabio/", "foaf": "http://xmlns.com/foaf/0.1/", "odrl": "http://www.w3.org/ns/odrl/2/",
    "geosparql": "http://www.opengis.net/ont/geosparql#", "org": "http://www.w3.org/ns/org#",
    "qudt": "http://qudt.org/schema/qudt/", "unit": "http://qudt.org/vocab/unit/", "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/", "time": "http://www.w3.org/2006/time#", "vann": _VANN,
    "edtf": EDTF,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ref:
    """Names something that a term hangs together with; `how` says in which way, where there are several."""

    iri: str
    label: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Holds one thing that is said of a term, with its values."""

    name: str
    values: tuple[Ref, ...]
    joint: str = ", "  # what stands between values


@dataclass(frozen=True, slots=True)
class Term:
    """Holds one class, property or concept."""

    iri: str
    anchor: str
    kind: str
    label: str
    definition: str
    notes: tuple[str, ...]  # examples in words, from the ontology itself
    characteristics: tuple[str, ...]
    facts: tuple[Fact, ...]
    used: int
    inferred: int
    example: Example | None


@dataclass(frozen=True, slots=True)
class Branch:
    """Holds a class with the classes below it."""

    term: Ref
    below: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Holds a concept scheme with its concepts."""

    iri: str
    anchor: str
    title: str
    description: str
    concepts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Holds the whole documentation; as JSON it is what pages are made from."""

    iri: str
    version_iri: str
    version: str
    title: str
    description: str
    creator: str
    license: str
    namespace: str
    dataset: str
    rule: str  # by which examples are chosen
    hierarchy: tuple[Branch, ...]
    classes: tuple[Term, ...]
    relations: tuple[Term, ...]
    properties: tuple[Term, ...]
    vocabularies: tuple[Vocabulary, ...]
    shapes: tuple[rules.Rules, ...]
    others: tuple[Ref, ...]  # terms of other vocabularies that the graph uses
    names: dict[str, str]  # what examples name: IRI → name


def describe(publication: Publication, shapes: Path) -> Document:
    """Return the documentation of a publication's ontology, with the rules of a folder of shapes."""
    return _Describer(publication, rules.read(shapes)).document()


class _Describer:
    """Gathers what is said of each term, and in which terms it is spoken of."""

    def __init__(self, publication: Publication, shapes: Sequence[rules.Rules]) -> None:
        self._publication, self._shapes = publication, shapes
        self._terms: Nodes = publication.terms
        self._uses = Uses(publication)
        self._back: dict[tuple[str, str], list[str]] = {}  # (property, value) → subjects
        for node in sorted(self._terms):
            for name in self._terms.said(node):
                for value in self._meant(node, name):
                    self._back.setdefault((name, value), []).append(node)

    def document(self) -> Document:
        terms, iri = self._terms, ASC.removesuffix("#")
        classes = [self._class(node) for node in self._of("Class")]
        properties = [
            self._property(node)
            for node in sorted(
                {*self._of("ObjectProperty"), *self._of("DatatypeProperty"), *self._of("AnnotationProperty")}
            )
        ]
        relations = [each for each in properties if each.kind == "relation"]
        others = [each for each in properties if each.kind != "relation"]
        vocabularies = [self._vocabulary(node) for node in sorted(terms) if f"{SKOS}ConceptScheme" in terms.types(node)]
        every = [*classes, *properties, *(each for scheme in vocabularies for each in scheme.concepts)]
        shown = {each.example for each in every if each.example}
        named = {name for each in shown for name in (each.subject, each.object) if name in self._publication.nodes}
        return Document(
            iri=iri,
            version_iri=next(iter(terms.links(iri, VERSION)), ""),
            version=terms.one(iri, f"{OWL}versionInfo"),
            title=terms.one(iri, f"{DCTERMS}title"),
            description=terms.one(iri, f"{DCTERMS}description"),
            creator=terms.one(iri, f"{DCTERMS}creator"),
            license=next(iter(terms.links(iri, f"{DCTERMS}license")), ""),
            namespace=ASC,
            dataset=str(self._publication.dataset.get("title", "")),
            rule=RULE,
            hierarchy=self._hierarchy(),
            classes=_by_anchor(classes),
            relations=_by_anchor(relations),
            properties=_by_anchor(others),
            vocabularies=tuple(vocabularies),
            shapes=tuple(self._shapes),
            others=self._foreign(),
            names={name: self._named(name) for name in sorted(named, key=natural)},
        )

    def _of(self, kind: str) -> list[str]:
        return [node for node in self._terms if node.startswith(ASC) and f"{OWL}{kind}" in self._terms.types(node)]

    def _class(self, node: str) -> Term:
        used, example = self._uses.of_class(node)
        back = self._back
        facts = [
            self._fact("Kind of", self._own(self._terms.links(node, f"{RDFS}subClassOf"))),
            self._fact("Kinds", self._own(back.get((f"{RDFS}subClassOf", node), ()))),
            self._fact("Never also", self._disjoint(node)),
            self._fact("Properties from it", self._own(back.get((f"{RDFS}domain", node), ()))),
            self._fact("Properties to it", self._own(back.get((f"{RDFS}range", node), ()))),
        ]
        return self._term(node, "class", facts, used, example)

    def _property(self, node: str) -> Term:
        types = self._terms.types(node)
        relation = f"{ASC}Relation" in types
        data = "text or number" if f"{OWL}DatatypeProperty" in types else "annotation"
        kind = "relation" if relation else "link" if f"{OWL}ObjectProperty" in types else data
        used, example = self._uses.of_relation(node) if relation else self._uses.of_property(node)
        above = f"{RDFS}subPropertyOf"
        inverse = {*self._terms.links(node, f"{OWL}inverseOf"), *self._back.get((f"{OWL}inverseOf", node), ())}
        chains = [self._terms.members(each) for each in self._terms.links(node, f"{OWL}propertyChainAxiom")]
        facts = [
            self._fact("Domain", self._meant(node, f"{RDFS}domain"), " or "),
            self._fact("Range", self._meant(node, f"{RDFS}range"), " or "),
            self._fact("Inverse", sorted(inverse)),
            self._fact("Narrower than", self._own(self._terms.links(node, above))),
            self._fact("Broader than", self._own(self._back.get((above, node), ()))),
            *(self._fact("Follows from", [key_of(each) for each in chain], " and then ") for chain in chains),
        ]
        return self._term(node, kind, facts, used, example)

    def _concept(self, node: str) -> Term:
        used, example = self._uses.of_concept(node)
        facts = [
            self._fact("Narrower than", self._terms.links(node, f"{SKOS}broader")),
            self._fact("Broader than", self._back.get((f"{SKOS}broader", node), ())),
        ]
        return self._term(node, "concept", facts, used, example)

    def _term(self, node: str, kind: str, facts: Iterable[Fact | None], used: int, example: Example | None) -> Term:
        terms = self._terms
        others = [
            Ref(each, short(each), how)
            for name, how in _MATCHES.items()
            for each in terms.links(node, name)
            if not each.startswith((ASC, SCHEMES, "_:"))
        ]
        checked = [
            Ref(each.anchor, each.title)
            for each in self._shapes
            if node in each.targets or any(node in rule.path for rule in each.rules)
        ]
        more = [
            Fact(name, tuple(found)) for name, found in (("In other vocabularies", others), ("Rules", checked)) if found
        ]
        return Term(
            node, anchor(node), kind, terms.label(node), terms.one(node, f"{SKOS}definition"),
            (*terms.all(node, f"{SKOS}example"), *terms.all(node, f"{RDFS}comment")),
            tuple(text for name, text in _CHARACTERISTICS.items() if f"{OWL}{name}" in terms.types(node)),
            (*(fact for fact in facts if fact is not None), *more),
            used, self._uses.inferred(node), example,
        )  # fmt: skip

    def _vocabulary(self, node: str) -> Vocabulary:
        concepts = [self._concept(each) for each in self._back.get((f"{SKOS}inScheme", node), ())]
        title, about = (self._terms.one(node, f"{DCTERMS}{name}") for name in ("title", "description"))
        return Vocabulary(
            node, anchor(node), title, about, tuple(sorted(concepts, key=lambda each: each.label.lower()))
        )

    def _hierarchy(self) -> tuple[Branch, ...]:
        def branch(node: str) -> Branch:
            below = self._own(self._back.get((f"{RDFS}subClassOf", node), ()))
            return Branch(self._ref(node), tuple(branch(each) for each in self._by_label(below)))

        tops = [each for each in self._of("Class") if not self._own(self._terms.links(each, f"{RDFS}subClassOf"))]
        return tuple(branch(each) for each in self._by_label(tops))

    def _foreign(self) -> tuple[Ref, ...]:
        """Return the declared terms of other vocabularies that the ontology or the data use."""
        kinds = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
        found = (node for node in self._terms if not node.startswith((ASC, SCHEMES, "_:")))
        return tuple(Ref(node, short(node)) for node in sorted(found, key=short) if self._terms.types(node) & kinds)

    def _disjoint(self, node: str) -> list[str]:
        """Return the classes that a class is said to have nothing in common with."""
        terms, found = self._terms, {*self._terms.links(node, f"{OWL}disjointWith")}
        found.update(self._back.get((f"{OWL}disjointWith", node), ()))
        for each in terms:
            if f"{OWL}AllDisjointClasses" in terms.types(each):
                members = [
                    key_of(member) for head in terms.links(each, f"{OWL}members") for member in terms.members(head)
                ]
                found.update(members if node in members else ())
        return sorted(found - {node})

    def _meant(self, node: str, name: str) -> list[str]:
        """Return the values of a term's property, the members for a union."""
        found = []
        for value in self._terms.links(node, name):
            union = self._terms.links(value, f"{OWL}unionOf")
            found += [key_of(each) for each in self._terms.members(union[0])] if union else [value]
        return found

    def _fact(self, name: str, values: Iterable[str], joint: str = ", ") -> Fact | None:
        found = tuple(self._ref(each) for each in values if not each.startswith("_:"))
        return Fact(name, found, joint) if found else None

    def _own(self, names: Iterable[str]) -> list[str]:
        return [each for each in names if each.startswith(ASC)]

    def _by_label(self, names: Iterable[str]) -> list[str]:
        key: Callable[[str], str] = self._terms.label
        return sorted(names, key=key)

    def _ref(self, node: str) -> Ref:
        own = node.startswith((ASC, SCHEMES))
        return Ref(node, self._terms.label(node) if own else short(node))

    def _named(self, node: str) -> str:
        """Return the name of a thing, or what it is where it has none."""
        nodes, found = self._publication.nodes, self._publication.nodes.label(node)
        if found != nodes.name(node):
            return found
        kinds = sorted(self._terms.label(each) for each in nodes.types(node) if each.startswith(ASC))
        return f"the {kinds[0]}" if kinds else found


def _by_anchor(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: term.anchor.lower()))


def short(iri: str) -> str:
    """Return an IRI with the usual prefix of its vocabulary."""
    fitting = [(len(space), f"{name}:{iri[len(space) :]}") for name, space in _OTHERS.items() if iri.startswith(space)]
    return max(fitting)[1].removesuffix(":") if fitting else iri
