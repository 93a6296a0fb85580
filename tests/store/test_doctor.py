"""Why an empty answer is empty: the mistakes that people make, each with what they are told."""

import time

import pyoxigraph as ox
import pytest

from kg.store import dataset, doctor

GRAPH = """
@prefix a: <http://x/ns#> . @prefix e: <http://x/e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:n a a:Actor ; a:label "Northland"@en , "Şimali"@az ; a:year "1992"^^xsd:gYear ; a:count 97000 ; a:memberOf e:union .
e:t a a:Treaty ; a:label "Accord"@en ; a:signedBy e:n .
e:c a a:Claim ; a:text "x" ; a:qualifier e:closeTo .
<http://x/c#assertion> { e:n a:signed e:t }
<http://x/g> { e:n a:inferredThing e:t }
"""
HEAD = (
    "PREFIX a: <http://x/ns#> PREFIX e: <http://x/e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    "# a comment with { braces }\n"
)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    found.load(GRAPH.encode(), format=ox.RdfFormat.TRIG)
    return found


def diagnose(store: ox.Store, text: str) -> list[str]:
    assert list(store.query(HEAD + text, base_iri="http://x/")) == [], "the mistake has to give no rows"  # type: ignore[call-overload]
    asked = dataset.arrange(store, HEAD + text, base="http://x/")
    return doctor.diagnose(store, HEAD + text, asked.default, asked.named, "http://x/")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SELECT * { ?x a:signed ?y }", "{ ?x a:signed ?y } matches in assertion graphs only"),
        ("BASE <e/> PREFIX a: <../ns#> SELECT * { <n> a:signed <t> }", "{ <n> a:signed <t> } matches in assertion graphs only"),
        ("SELECT * { e:n a:signed e:t }", "{ e:n a:signed e:t } matches in assertion graphs only"),
        ("SELECT * { ?x a:inferredThing ?y }", "{ ?x a:inferredThing ?y } matches in named graphs only, such as <http://x/g>"),
        ("SELECT * { GRAPH ?g { ?x a:label ?y } }", "{ ?x a:label ?y } matches in the default graph only: take it out of GRAPH"),
        ("SELECT * { GRAPH <http://x/no> { ?s ?p ?o } }", "the dataset has no graph <http://x/no>"),
        ("SELECT * { GRAPH <http://x/g> { ?s a:signed ?o } }", "{ ?s a:signed ?o } matches in assertion graphs only"),
        ("SELECT * { ?x a a:actor }", "a:actor occurs nowhere in the dataset; did you mean <http://x/ns#Actor>?"),
        ("SELECT * { ?x a:Label ?y }", "a:Label occurs nowhere in the dataset; did you mean <http://x/ns#label>?"),
        ("SELECT * { ?x a:qualifier e:close-to }", "e:close-to occurs nowhere in the dataset; did you mean <http://x/e/closeTo>?"),
        ("SELECT * { ?x <https://x/ns#label> ?y }", "<https://x/ns#label> occurs nowhere in the dataset; did you mean <http://x"),
        ("SELECT * { ?x a:lable ?y }", "a:lable occurs nowhere in the dataset; did you mean <http://x/ns#label>?"),
        ("SELECT * { ?x a:qualifer ?y }", "a:qualifer occurs nowhere in the dataset; did you mean <http://x/ns#qualifier>?"),
        ("SELECT * { ?x a:unheardOf ?y }", "a:unheardOf occurs nowhere in the dataset"),
        ("SELECT * { VALUES ?x { e:n2 } ?x a:label ?y }", "e:n2 occurs nowhere in the dataset"),
        ('SELECT * { ?x a:label "Northland" }', '"Northland" has no language tag; in the dataset it is "Northland"@en'),
        ("SELECT * { ?x a:label '''Northland'''@de }", "'''Northland'''@de has another language tag; in the dataset it is"),
        ('SELECT * { ?x a:label "northland"@en }', '"northland"@en occurs nowhere in the dataset; it is spelt "Northland"@en'),
        ('SELECT * { ?x a:text "x"@en }', '"x"@en occurs nowhere in the dataset; the value is there without a language tag: "x"'),
        ('SELECT * { ?x a:count "97000" }', '"97000" occurs nowhere in the dataset; the value is there as integer'),
        ("SELECT * { ?x a:year 1992 }", "1992 occurs nowhere in the dataset; the value is there as gYear"),
        ('SELECT * { ?x a:label ?l FILTER(lang(?l) = "fr") }', 'no value of a:label has the language "fr"; the languages there: az, en'),
        ('SELECT * { ?x a:label ?l FILTER(langMatches(LANG(?l), "de")) }', 'no value of a:label has the language "de"'),
        ("SELECT * { e:t a:memberOf ?y }", "no triple matches { e:t a:memberOf ?y }"),
        ("SELECT * { e:union a:memberOf ?y }", "no triple matches { e:union a:memberOf ?y }; the other way round"),
        ("SELECT * { ?x a a:Treaty ; a:memberOf ?z }", "{ ?x a a:Treaty } and { ?x a:memberOf ?z } each match, but for no common value of ?x"),
        ("SELECT * { ?x a:signedBy/a:text ?y }", "{ ?x a:signedBy [] } and { [] a:text ?y } each match, but for no common value"),
        ("SELECT * { ?x ^a:signed ?y }", "{ ?y a:signed ?x } matches in assertion graphs only"),
        ("SELECT * { ?x a:signed+ ?y }", "{ ?x a:signed [] } matches in assertion graphs only"),
        ("SELECT * { [ a a:Treaty ; a:text ?y ] }", "{ [] a a:Treaty } and { [] a:text ?y } each match"),
        ("SELECT * { { ?x a:foo ?y } UNION { ?x a:bar ?y } }", "a:foo occurs nowhere in the dataset (in an OPTIONAL, UNION or MINUS)"),
        ("SELECT * FROM <http://x/no> { ?x a:label ?l }", "the dataset has no graph <http://x/no>"),
        ("SELECT * FROM <http://x/g> { ?x a:label ?l }", "{ ?x a:label ?l } matches in the dataset's own default graph"),
        ("SELECT * FROM <http://x/g> FROM <http://x/c#assertion> { ?x a:label ?l }", "{ ?x a:label ?l } matches in the dataset's own default"),
        ("SELECT * { ?x a:label ?y FILTER(STRLEN(?y) > 100) }", "each triple pattern matches by itself"),
        ("SELECT * { ?s ?p ?o } LIMIT 0", "LIMIT 0 asks for no rows"),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s OFFSET 1000", "OFFSET 1000 may lie past the last row"),
        ("SELECT ?x { { SELECT ?x { ?x a:label ?l } LIMIT 3 } ?x a a:Cliam }", "a:Cliam occurs nowhere in the dataset"),
        ("SELECT * { ?x a a:Claim . FILTER NOT EXISTS { ?x a:text ?t } ?x a:txt ?y }", "a:txt occurs nowhere in the dataset"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(store: ox.Store, text: str, first: str) -> None:
    reasons = diagnose(store, text)
    assert reasons[0].startswith(first), reasons


def test_what_rows_can_do_without_is_told_last(store: ox.Store) -> None:
    reasons = diagnose(store, "SELECT * { ?x a a:Treaty ; a:text ?z OPTIONAL { ?x a:foo ?k } MINUS { ?x a:bar ?k } }")
    assert "no common value" in reasons[0]
    assert reasons[1].startswith("a:foo occurs nowhere")


@pytest.mark.parametrize(
    "text",
    ["", "SELECT", "SELECT * {", "nonsense", "SELECT * { ?x ( ", "{}{}{}", "SELECT * { ?x a:b 'x' }", "SELECT * { " * 5000,
     "SELECT * { ?x !a:b|^a:c* (1 2 [a:d 3]) }", '"""', "SELECT * { VALUES (?x ?y) { (1 UNDEF) } }", "\x00", "SELECT * { ?x a:b (((((", "SELECT * { ?x a:b%3Ac ?y . <a b> <x:%zz> <:> }"],
)  # fmt: skip
def test_no_text_is_an_error(store: ox.Store, text: str) -> None:
    doctor.diagnose(store, HEAD + text)


def test_the_time_is_bounded() -> None:
    store = ox.Store()
    made = (
        f"<http://x/{n}> <http://x/p> <http://x/{n + 1}> .\n<http://x/{n}> <http://x/q> <http://y/{n}> ."
        for n in range(40_000)
    )
    store.bulk_load("\n".join(made).encode(), format=ox.RdfFormat.N_TRIPLES)
    patterns = " . ".join(f"?a{n} <http://x/p> ?b{n} . ?b{n} <http://x/q> ?a{n}" for n in range(6))
    began = time.process_time()  # not of the clock: other tests run beside this one
    doctor.diagnose(store, f"SELECT * {{ {patterns} }}", seconds=0.1)
    assert time.process_time() - began < 1.0


def test_a_header_is_ascii_and_bounded() -> None:
    text = doctor.header(["“Şimali”\r\nSet-Cookie: x", "y" * 10_000])
    assert text.isascii()
    assert text.isprintable()
    assert len(text) == doctor.HEADER
    assert text.startswith(r"\u201c\u015eimali\u201d Set-Cookie: x; yyy")
