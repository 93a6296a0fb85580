"""The Web Annotations are what the W3C's model asks for, and say where each claim stands."""

import json
from typing import Any

import pyoxigraph as ox

from kg.vocab import ASC, OA, RDF
from tests.conftest import REPO
from tests.export.conftest import Release

CONTEXT = REPO / "tests" / "fixtures" / "export" / "anno.jsonld"  # the W3C's, as at http://www.w3.org/ns/anno.jsonld


def annotations(release: Release) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(release.read("annotations.jsonld"))
    return found


def test_every_passage_has_an_annotation_with_the_members_that_the_model_asks_for(release: Release) -> None:
    document = annotations(release)
    assert document["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert document["type"] == "AnnotationCollection"
    assert document["id"] == f"{release.publication.base}downloads/annotations.jsonld"  # where it is served
    page = document["first"]
    assert (page["type"], page["partOf"]) == ("AnnotationPage", document["id"])
    assert len(page["items"]) == document["total"] == len(release.publication.nodes.of_type("Passage"))
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["page"] > 0
        assert item["body"]
        for target in item["target"]:
            selector = target["selector"]
            assert selector["type"] == "TextPositionSelector"
            assert 0 <= selector["start"] < selector["end"]
            assert len(target["sha256"]) == 64


def test_annotations_are_rdf_that_says_where_each_claim_stands(release: Release) -> None:
    document = annotations(release)
    document["@context"][0] = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    quads = list(ox.parse(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD))
    cells = {f"{RDF}first", f"{RDF}rest"}  # of the list of items, which the context asks for
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode) and quad.predicate.value not in cells]
    store = ox.Store()
    store.extend(quads)
    found = store.query(
        f"""SELECT ?claim ?range ?start ?end WHERE {{
          ?note a <{OA}Annotation> ; <{OA}hasBody> ?claim ; <{OA}hasTarget> ?range .
          ?range <{OA}hasSource> ?source ; <{OA}hasSelector> [ <{OA}start> ?start ; <{OA}end> ?end ]
          FILTER(CONTAINS(STR(?claim), "/claim/") && !CONTAINS(STR(?claim), "#")) }}"""
    )
    here = {tuple(term.value for term in row) for row in found}  # type: ignore[union-attr]
    nodes = release.publication.nodes
    there = {
        (claim, each, nodes.one(selector, f"{OA}start"), nodes.one(selector, f"{OA}end"))
        for claim in nodes.of_type("Claim")
        for passage in nodes.links(claim, f"{ASC}passage")
        for each in nodes.links(passage, f"{ASC}range")
        for selector in nodes.links(each, f"{OA}hasSelector")
    }
    assert here == there
