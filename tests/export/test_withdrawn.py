"""What was withdrawn is told in every file as withdrawn, and is nowhere claimed."""

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.config import Config
from kg.export.publication import DEFAULT
from kg.export.rdf import digest
from kg.export.release import render
from kg.export.subset import Selection, select
from tests.conftest import WITHDRAWN
from tests.export import readers
from tests.export.conftest import Release, release_of

ID = "river-report/2-003"


@pytest.fixture(scope="module")
def release(withdrawn: Config) -> Release:
    return release_of(withdrawn)


def rows(release: Release, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(release.read(f"{table}.csv"))))


def test_the_table_of_the_withdrawn_says_when_why_and_what_it_said(release: Release, tiny_release: Release) -> None:
    (row,) = rows(release, "withdrawn")
    (before,) = (each for each in rows(tiny_release, "claims") if each["id"] == ID)
    assert (row["id"], row["iri"], row["text"]) == (ID, before["iri"], before["text"])
    assert (row["date"], row["because"], row["replacedBy"]) == WITHDRAWN
    assert rows(tiny_release, "withdrawn") == []


@pytest.mark.parametrize("table", ["claims", "statements", "figures"])
def test_it_is_in_no_other_table(table: str, release: Release, tiny_release: Release) -> None:
    assert ID in tiny_release.read(f"{table}.csv") or table == "figures"
    assert ID not in release.read(f"{table}.csv")


def test_formats_with_graphs_keep_what_it_said_in_a_graph_of_its_own(release: Release, tiny_release: Release) -> None:
    claim = ox.NamedNode(f"{release.publication.base}claim/{ID}")
    before = {
        quad.triple
        for quad in readers.pyoxigraph(tiny_release.folder / "tiny.trig")
        if quad.subject == claim and quad.graph_name == DEFAULT and not quad.predicate.value.endswith("#assertion")
    }
    digests = set()
    for suffix in ("trig", "nq", "jsonld"):
        quads = readers.pyoxigraph(release.folder / f"tiny.{suffix}")
        kept = {quad.triple for quad in quads if quad.graph_name == release.publication.withdrawn_graph}
        assert before <= kept, suffix
        assert {quad.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for quad in quads
                if quad.subject == claim and quad.graph_name == DEFAULT} == {
            "type", "withdrawnOn", "withdrawnBecause", "isReplacedBy",
        }  # fmt: skip
        assert not any(str(quad.graph_name) == f"<{claim.value}#assertion>" for quad in quads)
        digests.add(digest(quads))
    assert len(digests) == 1


def test_turtle_shows_it_in_a_section_of_its_own(release: Release, tiny_release: Release) -> None:
    _, _, section = release.read("source-river-report.ttl").partition(
        "# Claims that were withdrawn, with the reasons\n"
    )
    assert f"<claim/{ID}> a asc:WithdrawnClaim ;" in section
    assert WITHDRAWN[1] in section
    assert "dcterms:isReplacedBy <claim/river-report/2-002> .  # " in section
    assert "withdrawn, with the reasons" not in tiny_release.read("source-river-report.ttl")
    trig = release.read("tiny.trig")
    kept = trig.index("# What the withdrawn claims said")
    assert trig.index("# Claims that were withdrawn") < kept < trig.index("# What the program adds")
    assert "<graph/withdrawn> {\n" in trig[kept : kept + 200]


def test_it_has_no_nanopublication(release: Release, tiny_release: Release) -> None:
    assert f"Claim {ID}" in tiny_release.read("nanopubs.trig")
    assert f"Claim {ID}" not in release.read("nanopubs.trig")


def test_parts_of_the_graph_leave_it_out(release: Release) -> None:
    part = select(release.publication, Selection(source=("river-report",)))
    for form in ("turtle", "trig", "nquads", "csv"):
        assert ID.encode() not in render(release.publication, part, form), form


def test_a_build_and_its_release_publish_the_same(release: Release, tmp_path: Path) -> None:
    content = (release.folder / "tiny.nq").read_bytes()
    assert digest(release.publication.quads()) == digest(ox.parse(content, format=ox.RdfFormat.N_QUADS))
