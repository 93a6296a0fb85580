"""The time of pages: each is asked for, its verdict is computed, and the document keeps its other parts."""

from pathlib import Path

import pytest

from benchmarks import pages
from benchmarks.pages import Timed
from benchmarks.processes import PeerError


def test_things_and_claims_of_the_build_are_asked_for(model: Path, tmp_path: Path) -> None:
    things, claims = pages.measure(model, "the built graph", 60.0, tmp_path / "log", 12)
    assert (things.kind, claims.kind) == ("things", "claims")
    for each in (things, claims):
        assert len(each.seconds) == 12
        assert min(each.seconds) > 0
        assert each.reached
        assert each.quads > 10_000
    log = (tmp_path / "log").read_text("utf-8")
    for path in pages.addresses(model, "claims", 22):
        assert path in log


def test_the_same_pages_are_drawn_each_time_all_of_one_kind(model: Path) -> None:
    drawn = pages.addresses(model, "things", 40)
    assert drawn == pages.addresses(model, "things", 40)
    assert len(set(drawn)) == 40
    assert {path.split("/")[1] for path in drawn} <= {"actor", "place", "agreement", "event", "thing", "topic"}


def test_a_page_that_is_not_there_is_told(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pages.QUERIES, "things", "SELECT 'actor/nobody'")
    with pytest.raises(PeerError, match="/actor/nobody was answered with 404"):
        pages.measure(model, "the built graph", 1.0, tmp_path / "log", 1)


def test_the_document_keeps_its_other_parts(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# Benchmarks\n\n## Build\n\nfast\n\n## Endpoint\n\nfaster\n", encoding="utf-8")
    slow = Timed("synthetic", 1_000_000, "claims", (0.002, 0.2), 0.15)
    for found in ((slow,), (Timed("the built graph", 64_000, "things", (0.01, 0.02), 0.06), slow)):
        pages.write(document, found, "a machine")
    text = document.read_text("utf-8")
    assert text.startswith("# Benchmarks\n\n## Build\n\nfast\n\n## Pages\n\n`python -m benchmarks pages`, on 2")
    assert text.endswith("| **missed** |\n\n## Endpoint\n\nfaster\n")
    assert "| the built graph | 64,000 | things | 2 | 10.0 | 20.0 | 20.0 | 60.0 | reached |" in text
    assert text.count("## Pages") == 1
    assert text.count("| synthetic | 1,000,000 | claims | 2 | 2.0 | 200 | 200 | 150 | **missed** |") == 1
