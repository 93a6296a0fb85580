"""Exports carry the whole graph: they are read back to the same quads, and the table to the same claims."""

import csv
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, corpus, export
from kg.config import Config


@pytest.fixture
def loaded(tiny: Config) -> corpus.Corpus:
    return corpus.load(tiny)


@pytest.mark.parametrize("key", ["trig", "nquads", "jsonld"])
def test_formats_with_graphs_are_read_back_whole(loaded: corpus.Corpus, key: str) -> None:
    content = export.serialise(export.in_order(loaded.quads), key, loaded.base)
    media_type = {"trig": "application/trig", "nquads": "application/n-quads", "jsonld": "application/ld+json"}[key]
    assert set(ox.parse(content, format=ox.RdfFormat.from_media_type(media_type))) == set(loaded.quads)


def test_turtle_loses_no_statement(loaded: corpus.Corpus) -> None:
    content = export.serialise(export.in_order(loaded.quads), "turtle", loaded.base)
    read = set(ox.parse(content, format=ox.RdfFormat.TURTLE))
    assert read == {quad for quad in loaded.quads if quad.graph_name == ox.DefaultGraph()}
    subjects = {quad.subject for quad in read if quad.predicate.value.endswith("#subject")}
    asserted = [quad for quad in loaded.quads if quad.graph_name != ox.DefaultGraph()]
    stated = [quad for quad in read if quad.predicate.value.endswith("#predicate")]
    assert len(subjects) == len(stated) == len(asserted) + 2  # the two that their claim denies are asserted nowhere


def test_nothing_published_is_a_blank_node(loaded: corpus.Corpus) -> None:
    terms = {term for quad in loaded.quads for term in (quad.subject, quad.object)}
    assert not [term for term in terms if isinstance(term, ox.BlankNode)]


def test_the_table_has_a_row_a_claim(tiny: Config) -> None:
    build.build(tiny)
    text = build.exported(tiny, "csv").decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(rows[0]) == export.CSV_COLUMNS
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == 8
    row = by_id["river-report/2-002"]
    assert row["iri"] == "https://w3id.org/ascribe/tiny/claim/river-report/2-002"
    assert row["section"] == "river-report/2"
    assert row["page"] == "3"
    assert row["ranges"] == "448-499;609-621"
    assert row["types"] == "FigureClaim|LegalClaim"
    assert row["claimant"] == "actor/river-institute"
    assert row["statements"] == (
        "agreement/river-accord/article-1 obliges actor/southland"
        "|agreement/river-accord/article-1 deadline within thirty days"
    )
    assert json.loads(row["figures"]) == [
        {"measure": "duration", "value": "30", "unit": "day", "of": "agreement/river-accord/article-1"}
    ]
    assert row["references"] == "3"
    assert by_id["river-report/1-003"]["polarity"] == "negative"
    assert by_id["river-report/2-003"]["modality"] == "conditional"
    assert by_id["river-report/1-002"]["references"] == "1"


def test_an_unwritable_target_is_named(tiny: Config, tmp_path: Path) -> None:
    from tests.test_build import finished, kg

    build.build(tiny)
    status, out, err = finished(kg(tiny, "export", "-o", str(tmp_path / "nowhere" / "x.ttl")))
    assert (status, out) == (2, "")
    assert "cannot be written" in err
    status, out, err = finished(kg(tiny, "export", "--format", "csv", "-o", str(tmp_path / "x.csv")))
    assert status == 0
    assert (tmp_path / "x.csv").read_bytes() == build.exported(tiny, "csv")
