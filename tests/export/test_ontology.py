"""The ontology's documentation, of the repository's own data."""

import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import build
from kg.config import Config
from kg.export.ontology import pages
from kg.vocab import ASC, OWL, RDF, SCHEMES, SKOS
from tests.conftest import REPO

FORMS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def folder(built: Config) -> Path:
    return build.released(built) / "ontology"


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "terms.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def entries(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    terms = [*document["classes"], *document["relations"], *document["properties"]]
    terms += [concept for scheme in document["vocabularies"] for concept in scheme["concepts"]]
    return {each["iri"]: each for each in terms}


def declared() -> set[str]:
    """The project's own terms, read from the files of the ontology."""
    wanted = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
    found = set()
    for path in [*(REPO / "ontology").glob("*.ttl"), *(REPO / "ontology" / "vocabularies").glob("*.ttl")]:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            own = isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith((ASC, SCHEMES))
            if own and quad.predicate.value == f"{RDF}type" and quad.object.value in {*wanted, f"{SKOS}Concept"}:
                found.add(quad.subject.value)
    return found


def facts(entry: dict[str, Any]) -> dict[str, set[str]]:
    return {fact["name"]: {ref["iri"] for ref in fact["values"]} for fact in entry["facts"]}


def test_every_term_has_an_entry_with_label_and_definition(entries: dict[str, dict[str, Any]]) -> None:
    assert set(entries) == declared()
    assert [iri for iri, each in entries.items() if not each["label"] or not each["definition"]] == []


def test_anchors_are_local_names_and_every_link_on_the_page_leads_somewhere(folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert {
        "Claim",
        "signed",
        "framing",
        "vocabulary.framing",
        "framing.liberated-territories",
        "shape.Claim-text",
    } <= set(anchors)
    assert set(re.findall(r'href="#([^"]*)"', page)) - set(anchors) == set()


def test_an_entry_says_how_a_term_hangs_together_with_others(entries: dict[str, dict[str, Any]]) -> None:
    signed, by = facts(entries[f"{ASC}signed"]), facts(entries[f"{ASC}signedBy"])
    assert signed["Domain"] == {f"{ASC}Actor"}
    assert signed["Range"] == {f"{ASC}Agreement"}
    assert signed["Inverse"] == {f"{ASC}signedBy"}
    assert by["Inverse"] == {f"{ASC}signed"}
    assert f"{ASC}Actor" in facts(entries[f"{ASC}State"])["Kind of"]
    assert f"{ASC}signed" in facts(entries[f"{ASC}Actor"])["Properties from it"]
    assert f"{ASC}Place" in facts(entries[f"{ASC}Actor"])["Never also"]
    assert "http://www.w3.org/ns/prov#Agent" in facts(entries[f"{ASC}Actor"])["In other vocabularies"]
    assert any("transitive" in text for text in entries[f"{ASC}partOf"]["characteristics"])


def test_examples_are_real_claims_that_use_the_term(built: Config, entries: dict[str, dict[str, Any]]) -> None:
    publication = build.published(built)
    nodes = publication.nodes
    shown = {iri: each["example"] for iri, each in entries.items() if each["example"]}
    assert len(shown) > 400
    for iri, example in shown.items():
        assert nodes.one(example["claim"], f"{ASC}text") == example["text"], iri
    example = shown[f"{ASC}signed"]
    stated = {
        tuple(nodes.links(node, f"{RDF}{end}")[0] for end in ("subject", "predicate", "object"))
        for node in nodes.links(example["claim"], f"{ASC}states")
    }
    assert (example["subject"], f"{ASC}signed", example["object"]) in stated


def test_uses_are_counted(built: Config, entries: dict[str, dict[str, Any]]) -> None:
    nodes = build.published(built).nodes
    framing = f"{SCHEMES}framing/liberated-territories"
    claims = [node for node in nodes if framing in nodes.links(node, f"{ASC}framing")]
    assert entries[framing]["used"] == len(claims) > 0
    assert entries[f"{ASC}Claim"]["used"] == len(nodes.of_type("Claim"))
    assert entries[f"{ASC}signedBy"]["used"] == 0 < entries[f"{ASC}signedBy"]["inferred"]


def test_rules_are_told_in_words(document: dict[str, Any]) -> None:
    rules = {rule["anchor"]: rule for each in document["shapes"] for rule in each["rules"]}
    messages = [
        quad.object.value
        for path in (REPO / "ontology" / "shapes").glob("*.ttl")
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("shacl#message")
    ]
    assert sorted(rule["message"] for rule in rules.values()) == sorted(messages)
    claimant = rules["shape.Claim-claimant"]
    assert claimant["label"] == "A claim has one claimant"
    assert (claimant["severity"], claimant["limits"], claimant["kinds"]) == ("violation", "exactly 1", [f"{ASC}Actor"])
    assert {rule["severity"] for rule in rules.values()} == {"violation", "warning"}


def test_the_model_is_drawn_from_domains_and_ranges(document: dict[str, Any], folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    drawn = re.findall(r'<svg class="model".*?</svg>', page, re.DOTALL)
    assert 'href="#claimant"' in drawn[0]
    assert 'href="#Actor"' in drawn[0]
    whole = pages.fragment(document, lambda iri: f"/at/{len(iri)}", lambda iri: f"/claims/{len(iri)}")
    assert 'href="/claims/' in whole


def test_every_format_holds_the_same_graph(folder: Path) -> None:
    graphs = []
    for suffix, form in FORMS.items():
        graph = ox.Dataset(ox.parse(path=folder / f"ascribe.{suffix}", format=form))
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        graphs.append(sorted(str(quad) for quad in graph))
    assert len(graphs[0]) > 2000
    assert all(graph == graphs[0] for graph in graphs)
    shapes = list(ox.parse(path=folder / "shapes.ttl", format=ox.RdfFormat.TURTLE))
    assert any(quad.predicate.value.endswith("shacl#message") for quad in shapes)
