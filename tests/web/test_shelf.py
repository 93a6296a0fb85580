"""What `kg serve --text` says before it serves: which copy it shows, or what is wrong with it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import build
from kg.anchors import Range, locate
from kg.config import Config
from kg.errors import UsageError
from kg.store.embedded import EmbeddedEngine
from kg.store.engine import Build
from kg.texts import Copy, SourceText
from kg.web.shelf import Shelf
from tests.conftest import REPO, TINY, project_at
from tests.store import builds

TEXT = REPO / "tests" / "fixtures" / "web" / "border-2020.txt"


@pytest.fixture(scope="module")
def tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = project_at(tmp_path_factory.mktemp("tiny"), TINY / "data")
    build.build(config)
    return config


@pytest.fixture(scope="module")
def refused(tiny_built: Config) -> Callable[..., str]:
    """Run `kg serve` with some options and return what it says when it does not serve."""

    def run(*options: str) -> str:
        command = [sys.executable, "-m", "kg", "--project", str(tiny_built.root), "serve", "--port", "0", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr
        assert "Serving on" not in done.stderr
        return done.stderr

    return run


def test_a_file_that_is_missing_is_named(refused: Callable[..., str], tmp_path: Path) -> None:
    said = refused("--text", f"river-report={tmp_path / 'none.txt'}")
    assert f"{tmp_path / 'none.txt'}: there is no text of river-report here" in said
    assert "--text river-report=FILE" in said


def test_a_source_that_is_not_there_is_named_with_those_that_are(refused: Callable[..., str]) -> None:
    said = refused("--text", f"lake-report={TINY / 'river-report.txt'}")
    assert "There is no source lake-report" in said
    assert "river-report.txt" in said
    assert "the sources are river-report" in said


def test_another_document_is_told_by_its_passages(refused: Callable[..., str]) -> None:
    said = refused("--text", f"river-report={REPO / 'LICENSE'}")
    assert f"{REPO / 'LICENSE'}: is not the text of river-report" in said
    assert "--text river-report=FILE" in said


def test_what_is_no_text_is_told(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\xff\xfe")
    assert "is not UTF-8" in refused("--text", f"river-report={tmp_path / 'report.pdf'}")


def test_texts_go_with_the_graph_and_not_with_files(refused: Callable[..., str]) -> None:
    said = refused(str(REPO / "ontology" / "ascribe.ttl"), "--text", f"river-report={TINY / 'river-report.txt'}")
    assert "--text belongs to the built graph" in said


def test_the_pinned_edition_and_another_are_told_apart(engine: EmbeddedEngine, tmp_path: Path) -> None:
    assert Shelf({"border-2020": TEXT}).open(engine.build()) == [
        f"border-2020: shown beside its claims from {TEXT} (the pinned edition)."
    ]
    other = tmp_path / "other.txt"
    other.write_text(TEXT.read_text("utf-8").replace("97,000", "98,000"), encoding="utf-8")
    assert Shelf({"border-2020": other}).open(engine.build()) == [
        f"border-2020: shown beside its claims from {other} (4 of 5 passages found in it)."
    ]


def test_a_copy_is_read_once(engine: EmbeddedEngine, tmp_path: Path) -> None:
    path = tmp_path / "copy.txt"
    path.write_bytes(TEXT.read_bytes())
    shelf = Shelf({"border-2020": path})
    shelf.open(engine.build())
    path.unlink()
    copy = shelf.copy(engine.build(), "border-2020")
    assert copy is not None
    assert copy.pinned
    assert shelf.copy(engine.build(), "another") is None


def test_a_new_build_places_its_passages_anew_and_one_without_the_source_shows_no_text(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.read_text("utf-8") + "More.", encoding="utf-8")
    shelf = Shelf({"border-2020": other})
    shelf.open(engine.build())
    graph = builds.GRAPH.read_text("utf-8")
    later = builds.make(tmp_path / "0002", graph.replace("Tolls may rise", "Tolls will rise"))
    moved = Build(later, "another", builds.BASE, {})
    copy = shelf.copy(moved, "border-2020")
    assert copy is not None
    assert len(copy.places) == 5
    gone = builds.make(tmp_path / "0003", graph.replace("border-2020", "lake-2020"))
    assert shelf.copy(Build(gone, "a third", builds.BASE, {}), "border-2020") is None


def test_in_another_extraction_all_is_placed_as_in_the_pinned_text(report_text: Path) -> None:
    """The report in lines of 90 letters with another cover: each passage, mark and section is where it belongs."""
    import textwrap

    import yaml

    folder = REPO / "data" / "sources" / "air-center-2021"
    source = yaml.safe_load((folder / "source.yaml").read_text("utf-8"))
    notes = yaml.safe_load((folder / "references.yaml").read_text("utf-8"))
    text = SourceText.open("air-center-2021", report_text).text
    paragraphs = [each if "\t" in each else textwrap.fill(each, 90) for each in text.split("\n\n")]
    other = "Another cover\n\n" + "\n\n".join(paragraphs)
    whole = range(0, len(text) - 80, 350)
    passages = [Range.of(text, at, at + 80) for at in whole if text[at : at + 80].strip()]
    copy = Copy.of(SourceText("air-center-2021", other), "", "00", passages, report_text)
    assert not copy.pinned
    assert len(copy.places) > 0.99 * len(passages)
    for section in source["sections"]:
        at = copy.start(section["start"], section["title"])
        here = text[section["start"] : section["start"] + 20].split()
        assert other[at : at + 20].split()[: len(here) - 1] == here[:-1], section["id"]
    for note in notes:
        for mark in note["marks"]:
            found = copy.mark(mark, str(note["number"]))
            assert found is not None
            assert other[found.start - 6 : found.start].split()[-1] == text[mark - 6 : mark].split()[-1]


def test_another_document_is_refused_before_all_passages_are_sought(report_text: Path) -> None:
    text = SourceText.open("air-center-2021", report_text).text
    passages = [Range.of(text, at, at + 60) for at in range(0, len(text) - 60, 60) if text[at : at + 60].strip()]
    assert not any(each.found for each in locate(TEXT.read_text("utf-8"), passages[:3]))
    began = time.thread_time()
    with pytest.raises(UsageError, match="is not the text of air-center-2021"):
        Copy.of(SourceText("air-center-2021", TEXT.read_text("utf-8") * 10), "", "00", passages, TEXT)
    assert time.thread_time() - began < 20, "some passages tell"
