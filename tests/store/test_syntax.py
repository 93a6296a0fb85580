"""What the tokens of a query show, and what is refused before a worker sees it."""

import time

import pytest

from kg.errors import ForbiddenError, QueryError
from kg.store import syntax

FEDERATED = (
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://x/> {} }",
    "SELECT * { SeRvIcE # a comment\n <http://x/> {} }",
    "SELECT * { SERVICE/**/<http://x/> {} }",
    r"SELECT * { \u0053ERVICE <http://x/> {} }",
    r"SELECT * { SERV\U00000049CE <http://x/> {} }",
    "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 1.SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://x/>{} }",
    "PREFIX : <http://x/> SELECT * { {}SERVICE:x{} }",
    "PREFIX : <http://x/> SELECT * { {}SERVICESILENT:x{} }",
    "PREFIX : <http://x/> SELECT * { ?s ?p trueSERVICE:x{} }",
    "PREFIX : <http://x/> SELECT * { ?s ?p :.SERVICE :x{} }",
    "SELECT * { BIND(<http://x/> AS ?u) SERVICE ?u {} }",
    'SELECT * { ?s ?p "a"@en.SERVICE<http://x/>{} }',
    r'SELECT * { ?s ?p "\u0022 . SERVICE <http://x/> {} #\u0022 }',
    "SELECT * { FILTER(?a<?b)SERVICE<http://x/>{} }",
)
HARMLESS = (
    'SELECT ?service { ?service <http://x/SERVICE> "SERVICE" ; rdfs:SERVICE ?o } # SERVICE',
    "SELECT * { ?s ?p '''it's a \"SERVICE\" ''' }",
    "SELECT * { ?s ?p 'SERVICE'@en }",
    r"SELECT * { ?s ex:a\-SERVICE ?o }",
)
UPDATES = (
    "INSERT DATA { <a:s> <a:p> 1 }",
    "PREFIX a: <http://x/>\n# SELECT\ndelete where { ?s ?p ?o }",
    "LOAD <http://x/>",
    "load silent <http://x/> into graph <a:g>",
    "CLEAR ALL",
    "DROP ALL",
    "CREATE GRAPH <a:g>",
    "COPY DEFAULT TO <a:g>",
    "MOVE DEFAULT TO <a:g>",
    "ADD DEFAULT TO <a:g>",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "BASE <http://x/> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
)


@pytest.mark.parametrize("text", FEDERATED)
def test_federation_is_refused_however_it_is_spelled(text: str) -> None:
    with pytest.raises(ForbiddenError, match="SERVICE"):
        syntax.check(text, 200)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_alone_is_no_federation(text: str) -> None:
    assert not syntax.check(text, 200).federated


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused_with_a_pointer_to_the_files(text: str) -> None:
    with pytest.raises(ForbiddenError, match="data/"):
        syntax.check(text, 200)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "select"),
        ("# ASK\nPREFIX select: <http://DESCRIBE/> ask {}", "ask"),
        ("BASE <http://SELECT/> CONSTRUCT WHERE {}", "construct"),
        ("describe <http://x/>", "describe"),
        ("hello", None),
        ("", None),
    ],
)
def test_the_form_is_told_without_parsing(text: str, form: str | None) -> None:
    assert syntax.scan(text).form == form


@pytest.mark.parametrize(
    "text",
    [
        "ASK " + "{" * 5000 + "}" * 5000,
        "SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "SELECT * { ?s ?p " + "[?a " * 5000 + "1" + "]" * 5000 + " }",
        "SELECT * {" + "OPTIONAL{?s ?p ?o}" * 5000 + "}",
        "SELECT * {" + "{}UNION" * 5000 + "{} }",
        "SELECT * { FILTER(" + "!" * 20000 + "?x) }",
        "SELECT * { FILTER(" + "1+" * 20000 + "1) }",
        "SELECT * { FILTER(" + "?x||" * 20000 + "1) }",
        "SELECT * { ?s " + "<a:b>/" * 20000 + "<a:b> ?o }",
    ],
)
def test_deep_nesting_and_long_chains_are_refused(text: str) -> None:
    with pytest.raises(QueryError, match="at most"):
        syntax.check(text, 200)


def test_a_long_list_of_values_is_no_nesting() -> None:
    syntax.check("SELECT * { VALUES ?x { " + "<a:b> " * 50_000 + "} }", 200)


def test_an_open_string_is_told_with_its_place() -> None:
    with pytest.raises(QueryError, match="2:11"):
        syntax.check('SELECT * {\n  ?s ?p   "open\n}', 200)


@pytest.mark.parametrize("piece", [".a", '"""a', "'''", "<", "@a-", "%41", r":\-", '"\\', "a:", "_:", "?a<b#"])
def test_no_text_makes_the_scan_slow(piece: str) -> None:
    began = time.process_time()
    syntax.scan(piece * (500_000 // len(piece)))
    assert time.process_time() - began < 10
