"""Measuring a peer: what goes into its file, that nothing is measured twice, and that what is missing is named."""

import json
from pathlib import Path

import pytest

from benchmarks import queries
from benchmarks.corpora import Corpus
from benchmarks.measure import Effort, measure
from benchmarks.peer import OverdueError, Peer
from benchmarks.peers import Ascribe, InProcess, Virtuoso
from benchmarks.processes import PeerError
from benchmarks.tools import Tools
from tests.benchmarks.conftest import Made

GIBIBYTE = 2**30


@pytest.fixture(scope="module")
def held(small: Made) -> Corpus:
    values = queries.values(small.path)
    return Corpus("small", small.path, small.facts["quads"], small.facts["digest"], "asked", values, small.facts)


@pytest.mark.parametrize("kind", [InProcess, Ascribe])
def test_a_peer_answers_in_full(kind: type[Peer], held: Corpus, tmp_path: Path) -> None:
    peer = kind(Tools(tmp_path, 4 * GIBIBYTE), tmp_path)
    peer.load(held.path, 100)
    peer.start(held.path, 100)
    try:
        counted = peer.ask("SELECT (COUNT(*) AS ?all) WHERE { ?s ?p ?o }", "table", 20)
        graphs = peer.ask("SELECT (COUNT(*) AS ?all) WHERE { GRAPH ?g { ?s ?p ?o } }", "table", 20)
        both = [int(json.loads(each.body)["results"]["bindings"][0]["all"]["value"]) for each in (counted, graphs)]
        assert sum(both) == held.quads
        with pytest.raises(PeerError):
            peer.ask("SELECT nonsense", "table", 20)
    finally:
        peer.stop()


def test_a_query_that_takes_too_long_is_given_up(held: Corpus, tmp_path: Path) -> None:
    peer = InProcess(Tools(tmp_path, 4 * GIBIBYTE), tmp_path)
    peer.load(held.path, 100)
    peer.start(held.path, 100)
    try:
        with pytest.raises(OverdueError):
            peer.ask("SELECT (COUNT(*) AS ?all) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "table", 0.5)
    finally:
        peer.stop()


def test_a_peer_that_needs_too_much_memory_is_stopped(held: Corpus, tmp_path: Path) -> None:
    peer = InProcess(Tools(tmp_path, 1_000_000), tmp_path)
    with pytest.raises(PeerError, match=r"needed more than 0\.0 GiB of memory"):
        peer.load(held.path, 100)


def test_what_was_measured_is_not_measured_again(held: Corpus, tmp_path: Path) -> None:
    path, told = tmp_path / "pyoxigraph.json", []
    for _ in range(2):
        peer = InProcess(Tools(tmp_path, 4 * GIBIBYTE), tmp_path / "work")
        measure(peer, held, path, Effort.short(), say=told.append)
    assert told[-1] == "small pyoxigraph: measured before"
    found = json.loads(path.read_text("utf-8"))
    assert found["complete"]
    assert found["queries"].keys() == {query.name for query in queries.queries()}
    for name, query in found["queries"].items():
        assert len(query["cold"]) == len(query["warm"]) == Effort.short().runs, name
    assert found["asked"]["rss"] >= found["asked"]["pss"] > 0


def test_a_missing_peer_is_named_as_missing(held: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "virtuoso.json"
    measure(Virtuoso(Tools(tmp_path, GIBIBYTE), tmp_path), held, path, Effort.short(), say=lambda _: None)
    missing = json.loads(path.read_text("utf-8"))["missing"]
    assert missing == "virtuoso-t and isql-vt not found: apt-get install virtuoso-opensource-7"
