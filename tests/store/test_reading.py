"""What the index keeps for the reader, read back from the small build."""

import sqlite3
from pathlib import Path

import pytest

from kg.errors import MissingPartError
from kg.store import reading
from tests.store.builds import BASE, make


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("build") / "0001") / "search.sqlite"


def test_the_outline_is_in_the_order_of_the_text_with_its_pages_and_footnotes(index: Path) -> None:
    outline = reading.outline(index, f"{BASE}source/border-2020")
    assert outline is not None
    assert (outline.title, outline.publishers) == ("The Border Report", (f"{BASE}actor/institute",))
    assert (outline.length, len(outline.sha256)) == (5000, 64)
    assert [(each.title, each.start, each.end, each.claims) for each in outline.sections] == [
        ("Introduction", 0, 1000, 1), ("The river crossing", 1000, 5000, 1), ("Tolls", 3000, 5000, 1)
    ]  # fmt: skip
    assert outline.sections[2].parent == outline.sections[1].iri
    assert [(each.number, each.inferred, each.claims) for each in outline.pages] == [
        (1, False, 1), (2, False, 0), (3, True, 1), (6, True, 1)
    ]  # fmt: skip
    (note,) = outline.footnotes
    assert (note.number, note.marks) == ("1", (1200,))
    assert [(each.start, each.end) for each in note.ranges] == [(4800, 4850)]


def test_a_claim_has_its_ranges_with_fingerprints_and_all_that_is_shown_of_it(index: Path) -> None:
    (said,) = reading.claims(index, f"{BASE}section/border-2020/2")
    assert said.text == "Northland handed over maps that show nearly 97,000 buoys."
    assert [(each.start, each.end, each.letters) for each in said.ranges] == [(1100, 1150, 42), (1160, 1199, 31)]
    assert (said.claimant, said.reportedBy, said.page) == ((f"{BASE}actor/institute",), (), "3")
    assert said.cites == (f"{BASE}reference/border-2020/1",)
    (vague,) = reading.claims(index, f"{BASE}section/border-2020/2.1")
    assert vague.attribution.endswith("/vague")
    assert (vague.condition, vague.reportedBy) == ("if the ferry stops", (f"{BASE}actor/institute",))


def test_what_is_not_there_is_nothing(index: Path) -> None:
    assert reading.outline(index, f"{BASE}source/none") is None
    assert reading.outline(index, f"{BASE}section/border-2020/2") is None
    assert reading.claims(index, f"{BASE}source/border-2020") == ()
    assert reading.passages(index, f"{BASE}source/none") == []
    assert reading.sources(index) == [f"{BASE}source/border-2020"]


def test_all_passages_of_a_source_are_in_order(index: Path) -> None:
    found = reading.passages(index, f"{BASE}source/border-2020")
    assert [each.start for each in found] == [100, 1100, 1160, 3100, 4800]


def test_an_index_that_an_older_program_made_says_what_to_do(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "old.sqlite").close()
    with pytest.raises(MissingPartError, match="Build again: kg build"):
        reading.outline(tmp_path / "old.sqlite", f"{BASE}source/border-2020")
