"""The dataset of a query: its own FROM clauses, or the request's graphs, and each triple once."""

import pyoxigraph as ox
import pytest

from kg.store import dataset

BOTH = "SELECT * FROM <http://x/a> FROM <http://x/b> { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    text = """@prefix : <http://x/> . :d :p 0 .
    :a { :s :p 1 , 2 } :b { :s :p 1 , 3 } :c { :s :p 4 } """
    found.load(text.encode(), format=ox.RdfFormat.TRIG)
    return found


def values(store: ox.Store, text: str, **given: list[str]) -> list[str]:
    asked = dataset.arrange(store, text, **given)
    return sorted(row["o"].value for row in asked.store.query(asked.text, **asked.options))  # type: ignore[union-attr, call-overload]


@pytest.mark.parametrize(
    "text",
    [
        BOTH,
        "BASE <http://x/> SELECT * FROM <a> FROM <b> WHERE { ?s ?p ?o }",
        "PREFIX : <http://x/> SELECT *FROM:a FROM:b{ ?s ?p ?o }",
        "PREFIX from: <http://x/> SELECT ?o FROM from:a from from:b { ?s from:p ?o }",
        "PREFIX : <http://x/> # FROM <http://x/c>\nSELECT * FROM :a\nFROM NAMED :c FROM <http://x/b> FROM NAMED<http://x/a> { ?s ?p ?o }",
        "PREFIX x: <http://x/> SELECT ?o FROMNAMED x:c FROM x:a FROM x:b { { SELECT ?o { ?s ?p ?o } } }",
    ],
)
def test_a_triple_in_two_graphs_is_answered_once(store: ox.Store, text: str) -> None:
    assert values(store, text) == ["1", "2", "3"]


def test_counts_are_right_too(store: ox.Store) -> None:
    assert values(store, "SELECT (COUNT(*) AS ?o) FROM <http://x/a> FROM <http://x/b> { ?s ?p ?v }") == ["3"]


def test_the_named_graphs_beside_a_merge_are_those_named(store: ox.Store) -> None:
    text = "SELECT ?o FROM <http://x/a> FROM <http://x/b> FROM NAMED <http://x/c> { GRAPH ?g { ?s ?p ?o } }"
    assert values(store, text) == ["4"]
    assert values(store, "SELECT ?o FROM <http://x/a> FROM <http://x/b> { GRAPH ?g { ?s ?p ?o } }") == []


def test_a_merge_keeps_texts_and_blank_nodes() -> None:
    store = ox.Store()
    text = r"""@prefix : <http://x/> . :a { _:b :p "one .\n two\r \\ ." . :s :q _:b } :b { _:b :p 2 } :c { _:b :p " .\n" }"""
    store.load(text.encode(), format=ox.RdfFormat.TRIG)
    query = "SELECT ?o FROM <http://x/a> FROM <http://x/b> FROM NAMED <http://x/c> "
    assert values(store, query + "{ <http://x/s> <http://x/q> ?b . ?b <http://x/p> ?o }") == ["2", "one .\n two\r \\ ."]
    assert values(store, query + "{ <http://x/s> <http://x/q> ?b GRAPH ?g { ?b <http://x/p> ?o } }") == [" .\n"]


def test_what_the_request_names_wins(store: ox.Store) -> None:
    a, b, c = ("http://x/a", "http://x/b", "http://x/c")
    assert values(store, BOTH, default=[c]) == ["4"]
    assert values(store, "SELECT * FROM <http://x/c> { ?s ?p ?o }", default=[a, b]) == ["1", "2", "3"]
    assert values(store, "SELECT * FROM <http://x/c> { ?s ?p ?o }", default=[a, b, a], named=[c]) == ["1", "2", "3"]
    assert values(store, BOTH, named=[a]) == [], "without default-graph-uri the default graph is empty"
    assert values(store, "SELECT ?o FROM NAMED <http://x/c> { GRAPH ?g { ?s ?p ?o } }", named=[a]) == ["1", "2"]
    assert values(store, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", default=[a]) == []


def test_the_places_in_a_query_stay(store: ox.Store) -> None:
    found = dataset.clauses("SELECT *\n  FROM <http://x/a>\n  FROM <http://x/b>\n{ ?s ?p ?o }")
    assert found.text == "SELECT *\n                   \n                   \n{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?from { ?from <http://x/FROM> 'FROM <http://x/a>' } # FROM <http://x/a>",
        "PREFIX from: <http://x/> SELECT * { from:a from:p ?o }",
        "PREFIX from: <http://x/> DESCRIBE from:a from:b",
        "FROM",
        "SELECT * FROM",
        "SELECT * FROM NAMED",
    ],
)
def test_the_word_alone_is_no_clause(text: str) -> None:
    found = dataset.clauses(text)
    assert (found.default, found.named, found.text) == ((), (), text)
