"""Where a query is wrong: the token, the line with a caret, and the hint."""

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.store import faults
from kg.store.worker import located

KNOWN = {"skos": "http://www.w3.org/2004/02/skos/core#", "asc": "https://w3id.org/ascribe/ns#"}


def fault(text: str) -> QueryError:
    store = ox.Store()
    try:
        store.query(text)
    except SyntaxError as error:
        return faults.fault(text, *located(store, text, str(error)), KNOWN)
    raise AssertionError(f"this is a query: {text}")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("SELECT * { ?s ?p }", "1:18", "} cannot stand here"),
        ("SELECT *\n{ ?s ?p ?o", "2:11", "ends too early"),
        ("SELECT *\n{ ?s ?p ?o  \n\n", "2:11", "ends too early"),
        ("SELECT ?x\r\nWHERE { ?x skos:a ?y }", "2:12", "“skos:”"),
        ("SELEC ?x", "1:1", "begins with SELECT"),
        ('SELECT * {\n?s ?p "é" ; ; ?x }', "2:18", "} cannot"),
        ("SELECT * { ?s <bad iri> ?o }", "1:15", "has a character that no IRI has"),
        ("SELECT * { ?s <rel> ?o }", "1:15", "no BASE"),
        ("SELECT * { FILTER(xx(?s)) }", "1:19", "an expression is expected"),
        ("SELECT * { ?s ?p ?o } LIMIT x", "1:29", "x cannot"),
        ("SELECT * WHERE { ?s ?p ?o .. }", "1:28", ". cannot"),
        ("SELECT * { ?s ?p ?o } ORDER ?s", "1:29", "expected BY"),
        ("SELECT * { ?s ?p ?o \n FILTR(?o > 1) }\nORDER BY ?s", "2:2", "FILTR cannot"),
        ("SELECT ?a WHERE ?a ?p ?b }", "1:17", "expected {"),
        ("SELECT * {\n ?a ?p ?b\n ?c ?d ?e\n}", "3:2", "?c cannot"),
        ("SELECT * { ?a ?p ?b } }", "1:23", "} cannot"),
        ("SELECT * WHERE { ?a ?b 'x' }\n}\n", "2:1", "} cannot"),
        ("SELECT COUNT(?x) { ?x ?p ?o }", "1:8", "COUNT cannot"),
        ("SELECT (COUNT(?x) as n) { ?x ?p ?o }", "1:22", "n cannot"),
        ("SELECT * { ?a ?p ?b . FILTER(?b = ) }", "1:35", ") cannot"),
        ("PREFIX foo <http://x> SELECT * {}", "1:8", "foo cannot"),
        ("SELECT * { ?a ?p ?b . OPTIONAL ?c ?d ?e }", "1:32", "expected {"),
        ("SELECT * {\n  ?a ?p ?b ;\n   ?c # a comment } .\n}\nLIMIT 10", "4:1", "} cannot"),
        ("SELECT * { ?a ?p ?b . BIND(?b ?c) }", "1:31", "?c cannot"),
    ],
)
def test_the_place_is_the_faulty_token(text: str, place: str, says: str) -> None:
    error = fault(text)
    assert f"{error.line}:{error.column}" == place, str(error)
    assert says in error.message
    line, caret = error.excerpt.split("\n")
    assert caret.index("^") - len(f"{error.line} | ") == error.column - 1  # type: ignore[operator]
    assert line == f"{error.line} | " + text.split("\n")[error.line - 1].rstrip("\r")  # type: ignore[operator]


def test_a_prefix_that_the_dataset_knows_is_offered() -> None:
    assert (
        fault("SELECT * { ?x skos:a ?y }").hint == "Add the line: PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    )
    assert "PREFIX asc: <https://w3id.org/ascribe/ns#>" in fault("SELECT * { ?x ASC:a ?y }").hint
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in fault("SELECT * { ?x foaf:a ?y }").hint
    assert fault("SELECT * { ?x nix:a ?y }").hint == "The dataset's prefixes are: asc, skos."


def test_hints() -> None:
    assert fault("SELECT * { ?s ?p ?o . FILTR(?o) }").hint == "Did you mean FILTER?"
    assert fault("SELECT * { { ?s ?p ?o }").hint == "“{” at 1:10 is opened and not closed."
    assert "(COUNT(…) AS ?name)" in fault("SELECT COUNT(?x) { ?x ?p ?o }").hint
    assert "GROUP BY" in fault("SELECT ?x (SUM(?y) AS ?z) { ?x ?p ?y }").message


def test_a_long_line_is_shown_around_the_fault() -> None:
    error = fault("SELECT * { " + "?s ?p ?o . " * 100 + "?s FILTR ?o " + "?s ?p ?o . " * 100 + "}")
    line, caret = error.excerpt.split("\n")
    assert len(line) < 120
    assert line[caret.index("^") :].startswith("FILTR")


@pytest.mark.parametrize(
    "text", ["{", "}", "SELECT", "<", "\x00", "SELECT * { ?s ?p ?o } \t\n " * 3, "é", "SELECT * {" + " ?x" * 60_000]
)
def test_any_text_has_a_message(text: str) -> None:
    assert fault(text).message
