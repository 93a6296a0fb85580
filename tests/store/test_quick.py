"""Which queries look quick: look-ups do, and no bomb."""

import pytest

from kg.store.quick import is_quick
from tests.security import corpus


@pytest.mark.parametrize(
    "text",
    [
        "ASK {}",
        "SELECT * { ?s ?p ?o } LIMIT 10",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "PREFIX a: <http://x/y/> SELECT ?c ?t { ?c a a:Claim ; a:text ?t . OPTIONAL { ?c a:about ?x } } ORDER BY ?c",
        "SELECT ?p ?o { GRAPH ?g { <a:s> ?p ?o } FILTER(?o != 1) }",
    ],
)
def test_look_ups_look_quick(text: str) -> None:
    assert is_quick(text)


@pytest.mark.parametrize("name", corpus.BOMBS)
def test_no_bomb_looks_quick(name: str) -> None:
    assert not is_quick(corpus.BOMBS[name])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f }",
        "SELECT * { ?a <a:p>* ?b }",
        "SELECT * { ?a ^<a:p>|<a:q> ?b }",
        "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f }",
        "no query",
        "",
    ],
)
def test_others_do_not(text: str) -> None:
    assert not is_quick(text)
