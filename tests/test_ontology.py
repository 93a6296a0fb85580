"""The ontology and its vocabularies are whole, and inside OWL 2 DL as far as the triples tell."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.corpus.quads import parse_ontology
from kg.vocab import ASC, DCTERMS, OWL, RDF, RDFS, SCHEME_NAMES, SCHEMES, SKOS, XSD
from tests.conftest import REPO

ONTOLOGY = REPO / "ontology"
TYPE = f"{RDF}type"
KINDS = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
OBJECT, DATA = f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"
DATATYPES = {  # of the OWL 2 datatype map, as far as used; custom ones are declared
    *(f"{XSD}{name}" for name in ("anyURI", "boolean", "decimal", "integer", "string")),
    f"{RDF}PlainLiteral",
    f"{RDFS}Literal",
}
LOADED = re.compile(
    r"occup(y|ied|ation)|liberat|provocat|aggress|so-called|regime|sabotage|separatis|puppet|terroris|illegal",
    re.IGNORECASE,
)


class Graph:
    """Answers by subject and predicate IRI; blank nodes are their own terms."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.quads = quads
        self.values: defaultdict[tuple[object, str], list[object]] = defaultdict(list)
        for quad in quads:
            self.values[name(quad.subject), quad.predicate.value].append(name(quad.object))

    def __call__(self, subject: object, predicate: str) -> list[object]:
        return self.values[subject, predicate]

    def listed(self, head: object) -> Iterator[object]:
        while head != f"{RDF}nil":
            yield self(head, f"{RDF}first")[0]
            head = self(head, f"{RDF}rest")[0]

    def of_type(self, kind: str) -> set[str]:
        return {
            subject
            for (subject, p), kinds in self.values.items()
            if p == TYPE and kind in kinds
            if isinstance(subject, str)
        }


def name(term: object) -> object:
    return term.value if isinstance(term, ox.NamedNode) else term


def turtle(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph([*turtle(ONTOLOGY / "ascribe.ttl"), *turtle(ONTOLOGY / "alignments.ttl")])


@pytest.fixture(scope="module")
def everything() -> Graph:
    return Graph(parse_ontology(ONTOLOGY))


def own(graph: Graph) -> set[str]:
    return {str(subject) for subject, _ in graph.values if isinstance(subject, str) and subject.startswith(ASC)}


def test_header(ontology: Graph) -> None:
    iri = ASC.removesuffix("#")
    assert ontology(iri, f"{OWL}versionIRI") == [f"{iri}/0.1.0"]
    assert ontology(iri, f"{DCTERMS}license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert [str(each.value) for each in ontology(iri, "http://purl.org/vocab/vann/preferredNamespaceUri")] == [ASC]


def test_each_own_term_is_declared_labelled_and_defined(ontology: Graph) -> None:
    faults = []
    for term in sorted(own(ontology)):
        kinds = KINDS & set(ontology(term, TYPE))
        if len(kinds) != 1:
            faults.append(f"{term} is declared as {sorted(kinds)}")
        for predicate in (f"{RDFS}label", f"{SKOS}definition"):
            texts = [text for text in ontology(term, predicate) if getattr(text, "language", None) == "en"]
            if len(texts) != 1:
                faults.append(f"{term} has {len(texts)} English {predicate}")
        if ontology(term, f"{RDFS}isDefinedBy") != [ASC.removesuffix("#")]:
            faults.append(f"{term} has no rdfs:isDefinedBy")
    assert faults == []


def test_labels_are_unique_among_classes_and_among_properties(ontology: Graph) -> None:
    seen: defaultdict[tuple[bool, str], set[str]] = defaultdict(set)
    for term in own(ontology):
        for label in ontology(term, f"{RDFS}label"):
            seen[term.removeprefix(ASC)[0].isupper(), label.value].add(term)
    expected_twins = {"report"}  # a source that is a report, and a report that is cited
    assert {label for (_, label), terms in seen.items() if len(terms) > 1} == expected_twins


def test_no_term_is_loaded(everything: Graph) -> None:
    framing = f"{SCHEMES}framing"
    wording = [f"{RDFS}label", f"{SKOS}definition", f"{SKOS}prefLabel", f"{SKOS}example", f"{SKOS}altLabel"]
    found = []
    for (subject, predicate), values in everything.values.items():
        if isinstance(subject, str) and not subject.startswith(framing) and subject.startswith((ASC, SCHEMES)):
            texts = [subject, *(value.value for value in values if predicate in wording)]
            found += [(subject, text) for text in texts if LOADED.search(text)]
    assert found == []


def test_each_term_of_the_context_is_declared(ontology: Graph) -> None:
    context = (ONTOLOGY / "context.jsonld").read_text(encoding="utf-8")
    named = {f"{ASC}{each}" for each in re.findall(r'"asc:(\w+)"', context)}
    assert json.loads(context)
    assert named - own(ontology) == set()


def test_every_relation_has_one_domain_one_range_and_only_declared_classes_in_them(ontology: Graph) -> None:
    relations = ontology.of_type(f"{ASC}Relation")
    assert len(relations) > 100
    classes = ontology.of_type(f"{OWL}Class")
    faults = []
    for relation in sorted(relations):
        for predicate in (f"{RDFS}domain", f"{RDFS}range"):
            values = ontology(relation, predicate)
            if len(values) != 1:
                faults.append(f"{relation} has {len(values)} {predicate}")
            for value in values:
                union = ontology(value, f"{OWL}unionOf")
                members = set(ontology.listed(union[0])) if union else {value}
                if relation in ontology.of_type(OBJECT) and not members <= classes:
                    faults.append(f"{relation} {predicate} {members - classes}")
    assert faults == []


def test_nothing_undeclared_stands_in_an_axiom(ontology: Graph) -> None:
    properties = ontology.of_type(OBJECT) | ontology.of_type(DATA)
    classes = ontology.of_type(f"{OWL}Class")
    datatypes = DATATYPES | ontology.of_type(f"{RDFS}Datatype")
    annotations = ontology.of_type(f"{OWL}AnnotationProperty")
    builtin = (RDF, RDFS, OWL)
    faults = []
    for quad in ontology.quads:
        subject, predicate, value = name(quad.subject), quad.predicate.value, name(quad.object)
        if not predicate.startswith(builtin) and predicate not in properties | annotations:
            faults.append(f"{predicate} is used and not declared")
        if not isinstance(value, str):
            continue
        if predicate == f"{RDFS}subClassOf" and value not in classes:
            faults.append(f"{value} is no declared class")
        if predicate in (f"{RDFS}subPropertyOf", f"{OWL}inverseOf"):
            kinds = (ontology(subject, TYPE), ontology(value, TYPE))
            if not any(all(kind in each for each in kinds) for kind in (OBJECT, DATA)):
                faults.append(f"{subject} and {value} are not properties of one kind")
        if predicate == f"{RDFS}range" and value not in (datatypes if subject in ontology.of_type(DATA) else classes):
            faults.append(f"{value} is no range for {subject}")
        if predicate == TYPE and not value.startswith(builtin) and value not in classes:
            faults.append(f"{value} is no declared class")
    assert sorted(set(faults)) == []


def test_properties_that_a_chain_or_transitivity_composes_are_kept_out_of_what_needs_simple_ones(
    ontology: Graph,
) -> None:
    composed = ontology.of_type(f"{OWL}TransitiveProperty")
    composed |= {str(s) for (s, p), _ in ontology.values.items() if p == f"{OWL}propertyChainAxiom"}
    grown: set[str] = set()
    while composed != grown:
        grown = set(composed)
        for (subject, predicate), values in list(ontology.values.items()):
            if predicate == f"{RDFS}subPropertyOf" and subject in composed:
                composed |= {str(value) for value in values}
            if predicate == f"{OWL}inverseOf" and composed & {subject, *values}:
                composed |= {str(subject), *map(str, values)}
    kinds = ("Functional", "InverseFunctional", "Irreflexive", "Asymmetric")
    simple_only = {term for kind in kinds for term in ontology.of_type(f"{OWL}{kind}Property")}
    assert len(composed) > 4
    assert composed & simple_only == set()
    assert not {subject for (subject, p) in ontology.values if p in (f"{OWL}propertyDisjointWith", f"{OWL}onProperty")}


def test_chains_are_regular(ontology: Graph) -> None:
    """A chain must not define a property through one that is defined through it; its own place is first or last."""
    below = defaultdict(set)
    for (whole, predicate), heads in list(ontology.values.items()):
        if predicate == f"{OWL}propertyChainAxiom":
            for head in heads:
                parts = list(ontology.listed(head))
                assert len(parts) == 2
                below[whole] |= {part for part in parts if part != whole}
        if predicate == f"{RDFS}subPropertyOf":
            for value in heads:
                below[value].add(whole)
    for start in list(below):
        seen: set[object] = set()
        ahead = set(below[start])
        while ahead:
            seen |= ahead
            ahead = {each for part in ahead for each in below[part]} - seen
        assert start not in seen, f"{start} is defined through itself"


def test_vocabularies_are_whole(everything: Graph) -> None:
    files = {path.stem for path in (ONTOLOGY / "vocabularies").glob("*.ttl")}
    assert files == set(SCHEME_NAMES)
    concepts = everything.of_type(f"{SKOS}Concept")
    faults = []
    for concept in sorted(concepts):
        scheme, _, local = concept.removeprefix(SCHEMES).partition("/")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", local) or scheme not in files:
            faults.append(f"{concept} is no id of a vocabulary")
        if everything(concept, f"{SKOS}inScheme") != [SCHEMES + scheme] != everything(concept, f"{RDFS}isDefinedBy"):
            faults.append(f"{concept} is in no scheme")
        faults += [
            f"{concept} has not one English {predicate}"
            for predicate in (f"{SKOS}prefLabel", f"{SKOS}definition")
            if [getattr(value, "language", None) for value in everything(concept, predicate)] != ["en"]
        ]
        faults += [f"{each} is unknown" for each in everything(concept, f"{SKOS}broader") if each not in concepts]
    assert faults == []
    assert everything.of_type(f"{SKOS}ConceptScheme") == {SCHEMES + scheme for scheme in files}


def test_labels_of_a_vocabulary_are_unique(everything: Graph) -> None:
    seen: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for concept in everything.of_type(f"{SKOS}Concept"):
        scheme = concept.removeprefix(SCHEMES).split("/")[0]
        seen[scheme, everything(concept, f"{SKOS}prefLabel")[0].value.casefold()].append(concept)
    assert [concepts for concepts in seen.values() if len(concepts) > 1] == []


@pytest.mark.parametrize("path", sorted(ONTOLOGY.glob("*.ttl")), ids=lambda path: path.name)
def test_terms_stand_in_alphabetical_order_inside_each_section(path: Path) -> None:
    for section in re.split(r"\n#{80}\n# .*\n#{80}\n", path.read_text(encoding="utf-8")):
        names = [each.casefold() for each in re.findall(r"^asc:(\w+) ", section, re.MULTILINE)]
        if len(names) > 2:
            assert names == sorted(names)
