"""The embedded engine on a real store with real child processes."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.config import Config
from kg.errors import ForbiddenError, LimitError, MissingPartError, QueryError, TooLargeError, UsageError
from kg.store import answering
from kg.store.embedded import EmbeddedEngine
from tests.store import builds

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
Maker = Callable[..., EmbeddedEngine]
ASC = "PREFIX asc: <https://w3id.org/ascribe/ns#> "


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_table_comes_whole_in_each_format(engine: EmbeddedEngine) -> None:
    text = ASC + "SELECT ?claim ?text { ?claim asc:text ?text } ORDER BY ?claim"
    with engine.query(text) as answer:
        rows = json.loads(answer.read())["results"]["bindings"]
        assert (answer.kind, answer.rows, len(rows)) == ("select", 3, 3)
    assert engine.query(text, table="csv").read().startswith(b"claim,text\r\n")
    assert engine.query(text, table="tsv").read().count(b"\n") == 4
    assert engine.query(text, table="xml").rows == 3


def test_truth_and_graphs(engine: EmbeddedEngine) -> None:
    assert json.loads(engine.query("ASK {}").read())["boolean"] is True
    construct = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { <%sactor/northland> } ?s ?p ?o }" % builds.BASE  # noqa: UP031
    turtle = engine.query(construct)
    assert (turtle.kind, turtle.format) == ("graph", "turtle")
    assert b"@prefix asc:" in turtle.read()
    assert b"@prefix geo:" not in turtle.read(), "prefixes that nothing uses are left out"
    assert turtle.read() == engine.query(construct).read(), "the same question gives the same bytes"
    for form, start in (("ntriples", b"<https://"), ("rdfxml", b"<?xml"), ("jsonld", b"[")):
        assert engine.query(construct, graph=form).read().startswith(start)


def test_rows_are_counted_past_braces_in_text(engine: EmbeddedEngine) -> None:
    answer = engine.query('SELECT ?x { VALUES ?x { "},{" "a\\"},{\\"" UNDEF } }')
    assert answer.rows == 3
    assert engine.query("SELECT ?x { FILTER(false) }").rows == 0


def test_the_default_graph_holds_what_is_inferred_and_no_assertion(engine: EmbeddedEngine) -> None:
    def asks(text: str) -> bool:
        return bool(json.loads(engine.query(f"{ASC} BASE <{builds.BASE}> ASK {{ {text} }}").read())["boolean"])

    assert asks("<actor/northland> a asc:Actor")
    assert asks("GRAPH <graph/inferred> { <actor/northland> a asc:Actor }")
    assert asks("asc:handedOver a asc:Relation")
    assert not asks("<actor/northland> asc:handedOver ?x")
    assert asks("GRAPH <claim/border-2020/2-001#assertion> { <actor/northland> asc:handedOver ?x }")
    assert not asks("<agreement/river-accord> asc:signedBy ?x")
    assert asks("GRAPH <graph/entailed/border-2020> { <agreement/river-accord> asc:signedBy ?x }")


def test_several_default_graphs_are_merged(engine: EmbeddedEngine) -> None:
    graphs = [f"{builds.BASE}graph/inferred", f"{builds.BASE}claim/border-2020/1-001#assertion"]
    answer = engine.query("SELECT * { ?s ?p ?o }", default_graphs=[*graphs, graphs[0]])
    one = engine.query("SELECT * { ?s ?p ?o }", default_graphs=graphs[:1])
    assert one.rows is not None
    assert answer.rows == one.rows + 1


@pytest.mark.parametrize(
    ("text", "place"),
    [("SELECT * { ?s ?p }", "1:1"), ("SELECT *\n{ ?s ?p ?o", "2:"), ("SELECT ?x { ?x nix:a ?y }", "1:")],
)
def test_a_fault_in_the_query_is_told_with_its_place(engine: EmbeddedEngine, text: str, place: str) -> None:
    with pytest.raises(QueryError, match=f"Error at {place}"):
        engine.query(text)


@pytest.mark.parametrize(
    "call", ["SELECT (<http://x/f>(1) AS ?y) {}", "SELECT * { ?s ?p ?o FILTER(<http://x/f>(?o)) }"]
)
def test_an_unknown_function_is_the_query_s_fault(engine: EmbeddedEngine, call: str) -> None:
    with pytest.raises(QueryError, match="<http://x/f> is not supported"):
        engine.query(call)


def test_relative_names_belong_to_the_dataset(engine: EmbeddedEngine) -> None:
    assert engine.query("SELECT * { <actor/northland> ?p ?o }").rows
    assert engine.query("SELECT * FROM <graph/inferred> FROM <graph/ontology> { ?s ?p ?o }").rows
    assert engine.query("SELECT * { <actor/nobody> ?p ?o }").because[0].startswith("<actor/nobody> occurs nowhere")
    assert engine.query("SELECT * { <actor/Northland> ?p ?o }").because[0].endswith("actor/northland>?")


def test_a_prefix_that_is_missing_is_named_as_such(engine: EmbeddedEngine) -> None:
    with pytest.raises(QueryError, match="no PREFIX line"):
        engine.query("SELECT * { ?x nix:a ?y }")


def test_a_slow_query_is_stopped_while_others_are_answered(engine_with: Maker) -> None:
    engine = engine_with(timeout=1.5, workers=2)
    engine.query("ASK {}")
    before = engine.workers()
    failures: list[Exception] = []

    def slow() -> None:
        try:
            engine.query(ENDLESS)
        except LimitError as error:
            failures.append(error)

    thread = threading.Thread(target=slow)
    thread.start()
    time.sleep(0.3)
    began = time.perf_counter()
    assert engine.query("ASK {}").kind == "ask"
    assert time.perf_counter() - began < 1.0
    thread.join()
    (failure,) = failures
    assert isinstance(failure, LimitError)
    assert (failure.status, failure.retry_after) == (504, 2)
    assert "1.5 seconds" in str(failure)
    assert not all(alive(pid) for pid in before), "the worker of the slow query is gone"
    assert engine.query("ASK {}").kind == "ask"


def test_a_caller_may_lower_the_time_limit_and_never_raise_it(engine_with: Maker) -> None:
    engine = engine_with(timeout=1.0)
    for asked, seconds in ((0.3, "0.3"), (60.0, "1")):
        with pytest.raises(LimitError, match=f"longer than {seconds} seconds"):
            engine.query(ENDLESS, timeout=asked)


def test_memory_is_limited(engine_with: Maker) -> None:
    engine = engine_with(memory_bytes=64 * 2**20)
    with pytest.raises(LimitError, match="memory_bytes"):
        engine.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?i ?f LIMIT 1")
    assert engine.query("ASK {}").kind == "ask"


def test_an_answer_is_limited_and_never_cut(engine_with: Maker) -> None:
    engine = engine_with(result_bytes=100_000)
    with pytest.raises(LimitError, match="100,000 bytes"):
        engine.query("SELECT * { ?a ?b ?c . ?d ?e ?f }")


def test_a_large_answer_goes_through_a_file_that_goes_with_it(engine: EmbeddedEngine) -> None:
    with engine.query("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 12000") as answer:
        path = answer.path
        assert path is not None
        assert path.stat().st_size == answer.size > 4 * 2**20
        assert len(json.loads(answer.read())["results"]["bindings"]) == 12000
        assert sum(map(len, answer.chunks())) == answer.size
    assert not path.exists()


def test_a_worker_that_dies_is_replaced(engine: EmbeddedEngine) -> None:
    engine.query("ASK {}")
    (pid,) = engine.workers()
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    assert engine.query("ASK { ?s ?p ?o }").kind == "ask"
    assert engine.workers() != [pid]


def test_a_worker_that_dies_at_work_is_replaced_too(engine: EmbeddedEngine) -> None:
    engine.query("ASK {}")
    (pid,) = engine.workers()
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(LimitError, match="worker"):
        engine.query(ENDLESS)
    assert engine.query("ASK { ?s ?p ?o }").kind == "ask"


def test_the_queue_is_bounded(engine_with: Maker) -> None:
    engine = engine_with(timeout=2.0, workers=1, queue=1)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            engine.query(ENDLESS)
        except LimitError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert any("waiting already" in each for each in outcomes)


def test_nothing_is_left_when_an_engine_closes(engine_with: Maker) -> None:
    engine = engine_with()
    engine.query("ASK {}")
    pids = engine.workers()
    engine.close()
    assert pids
    assert not any(alive(pid) for pid in pids)


def test_a_new_build_is_taken_into_service(tmp_path: Path, engine_with: Maker) -> None:
    current = tmp_path / "current"
    builds.serve(current, builds.make(tmp_path / "1", "<a:s> <a:p> 1 .", digest="one"))
    engine = engine_with(current)
    text = "SELECT ?o { <a:s> <a:p> ?o }"
    assert b'"1"' in engine.query(text).read()
    old = engine.workers()
    builds.serve(current, builds.make(tmp_path / "2", "<a:s> <a:p> 2 .", digest="two"))
    assert b'"2"' in engine.query(text).read()
    assert engine.build().digest == "two"
    assert not any(alive(pid) for pid in old)


def test_a_missing_build_says_what_to_do(tmp_path: Path, engine_with: Maker) -> None:
    with pytest.raises(MissingPartError, match="kg build"):
        engine_with(tmp_path / "current").query("ASK {}")
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "build.json").write_text('{"digest": "x", "base": "http://x/"}', encoding="utf-8")
    with pytest.raises(MissingPartError, match="kg build"):
        engine_with(tmp_path / "current").query("ASK {}")


def test_the_engine_refuses_what_the_scan_refuses(engine: EmbeddedEngine) -> None:
    with pytest.raises(ForbiddenError):
        engine.query("PREFIX : <http://127.0.0.1:9/> SELECT * { {}SERVICE:x{} }")
    with pytest.raises(TooLargeError, match="longer than"):
        engine.query("ASK {}" + " " * 2**20)
    assert engine.workers() == []


def test_one_query_for_a_program_that_ends(tmp_path: Path, small_build: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "current").symlink_to(small_build)
    config = Config.at(tmp_path)
    assert answering.answer(config, "SELECT (1 AS ?x) {}", "csv") == b"x\r\n1\r\n"
    assert b'"x"' in answering.answer(config, "SELECT (1 AS ?x) {}")
    with pytest.raises(UsageError, match="Turtle cannot carry"):
        answering.answer(config, "ASK {}", "turtle")
