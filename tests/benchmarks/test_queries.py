"""The queries of the benchmark: they ask for something on the built graph, and answers compare as they should."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks import queries
from kg import build
from kg.config import Config


@pytest.fixture(scope="module")
def store(built: Config) -> ox.Store:
    return ox.Store.read_only(str(build.current(built) / "store"))


@pytest.fixture(scope="module")
def gaps(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    corpus = tmp_path_factory.mktemp("gaps") / "built.nq"
    store.dump(corpus, format=ox.RdfFormat.N_QUADS)
    return queries.values(corpus)


def asked(store: ox.Store, text: str) -> bytes:
    result = store.query(text)
    if isinstance(result, ox.QueryTriples):
        return ox.serialize(result, format=ox.RdfFormat.TURTLE)
    return result.serialize(format=ox.QueryResultsFormat.JSON)


def test_every_query_finds_something(store: ox.Store, gaps: dict[str, list[object]]) -> None:
    for query in queries.queries():
        rows = [queries.canonical(asked(store, query.filled(gaps, number)), query.form)[0] for number in range(20)]
        assert max(rows) > 0, query.name


def test_distinct_queries_are_distinct(gaps: dict[str, list[object]]) -> None:
    for query in queries.queries():
        assert len({query.distinct(gaps, number) for number in range(1000)}) == 1000
        assert "$gap" not in query.filled(gaps, 7)


def table(*rows: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"results": {"bindings": rows}}).encode()


def cell(value: str, **more: str) -> dict[str, dict[str, str]]:
    return {"a": {"type": "literal", "value": value, **more}}


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (table(cell("x"), cell("y")), table(cell("y"), cell("x")), True),
        (table(cell("x")), table(cell("x"), cell("x")), False),
        (table(cell("1", datatype=f"{XSD}integer")), table(cell("1.0", datatype=f"{XSD}decimal")), True),
        (table(cell("1")), table(cell("1", datatype=f"{XSD}integer")), False),
        (table(cell("x")), table(cell("x", datatype=f"{XSD}string")), True),
        (table(cell("x", **{"xml:lang": "en"})), table(cell("x")), False),
        (table({"a": {"type": "uri", "value": "x"}}), table(cell("x")), False),
        (table({}), table(cell("")), False),
    ],
)
def test_answers_compare_by_what_they_say(one: bytes, other: bytes, same: bool) -> None:
    first, second = queries.canonical(one, "table"), queries.canonical(other, "table")
    assert (first == second) is same


def test_graphs_compare_without_order_and_repeats() -> None:
    one = b"<urn:a> <urn:p> 1.0 , 2 ."
    other = b"<urn:a> <urn:p> 2 . <urn:a> <urn:p> 1.00 . <urn:a> <urn:p> 2 ."
    assert queries.canonical(one, "graph") == queries.canonical(other, "graph")
    assert queries.canonical(one, "graph")[0] == 2


def test_values_are_the_same_from_the_same_file(tmp_path: Path, store: ox.Store) -> None:
    store.dump(tmp_path / "c.nq", format=ox.RdfFormat.N_QUADS)
    assert queries.values(tmp_path / "c.nq") == queries.values(tmp_path / "c.nq")
