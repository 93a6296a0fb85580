"""A release that is loaded into an empty engine answers the example questions as the project's own endpoint does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.answering import open_engine
from tests.export.conftest import Release
from tests.export.engines import Answer, Ask, answer_of, dataset, oxigraph, virtuoso
from tests.test_questions import QUESTIONS


@pytest.fixture(scope="module")
def ours(real_release: Release) -> Iterator[dict[str, Answer]]:
    engine = open_engine(real_release.config)
    found = {}
    for name, question in QUESTIONS.items():
        with engine.query(question.text) as answer:
            found[name] = answer_of(answer.read())
    engine.close()
    return found


def files(release: Release, *names: str) -> list[Path]:
    """The files for the graph that is asked: with all graphs beside, the ontology stands in its own there."""
    return [release.folder / f"{name}.ttl" for name in (*names, "inferred", "network")]


def graphs(release: Release) -> Path:
    return release.folder / f"{release.name}.nq"


def differing(ask: Ask, ours: dict[str, Answer], names: set[str]) -> list[str]:
    """The questions that are answered otherwise, with rows that are missing and rows that are too many."""
    found = []
    for name in sorted(names):
        theirs = ask(QUESTIONS[name].text)
        rows = (ours[name] - theirs, theirs - ours[name])
        if any(rows):
            found.append(f"{name}: {rows}")
    return found


def test_an_empty_oxigraph_answers_alike(real_release: Release, ours: dict[str, Answer]) -> None:
    with oxigraph(files(real_release, real_release.name), graphs(real_release)) as ask:
        assert differing(ask, ours, set(QUESTIONS)) == []


def test_an_empty_dataset_of_rdflib_answers_alike(real_release: Release, ours: dict[str, Answer]) -> None:
    named = files(real_release, "ontology", "vocabularies")
    with dataset(named, graphs(real_release), seconds=20) as ask:
        assert differing(ask, ours, set(QUESTIONS)) == []


def test_an_empty_virtuoso_answers_alike(real_release: Release, ours: dict[str, Answer], tmp_path: Path) -> None:
    named = files(real_release, real_release.name)
    with virtuoso(named, graphs(real_release), tmp_path, seconds=30) as ask:
        assert differing(ask, ours, set(QUESTIONS)) == []
