"""The endpoint without a query: a description for programs, the editor for people; and what its headers promise."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
ENDPOINT = ox.NamedNode("http://localhost/sparql")
SELECT = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT * { ?claim asc:text ?text }"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def described(client: FlaskClient, accept: str = "text/turtle") -> ox.Store:
    store = ox.Store()
    response = client.get("/sparql", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, accept)
    store.load(response.data, format=ox.RdfFormat.from_media_type(accept))
    return store


def names(store: ox.Store, subject: ox.NamedNode | None, predicate: str) -> set[str]:
    return {quad.object.value for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)}  # type: ignore[union-attr]


def test_the_service_is_described_in_each_format(client: FlaskClient) -> None:
    store = described(client)
    assert names(store, ENDPOINT, TYPE) == {f"{SD}Service"}
    assert names(store, ENDPOINT, f"{SD}endpoint") == {ENDPOINT.value}
    assert names(store, ENDPOINT, f"{SD}supportedLanguage") == {f"{SD}SPARQL11Query"}
    assert len(names(store, ENDPOINT, f"{SD}resultFormat")) == 8
    assert "https://w3id.org/ascribe/test/graph/inferred" in names(store, None, f"{SD}name")
    expected = {str(quad) for quad in store}
    for media in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        assert {str(quad) for quad in described(client, media)} == expected
    assert client.get("/sparql").mimetype == "text/turtle"
    assert client.get("/sparql/?format=jsonld").mimetype == "application/ld+json"


def test_prefixes_and_examples_can_be_used_as_they_are(client: FlaskClient) -> None:
    store = described(client)
    assert {"asc", "skos", "claim"} <= names(store, None, f"{SH}prefix")
    assert "https://w3id.org/ascribe/ns#" in names(store, None, f"{SH}namespace")
    (text,) = names(store, None, f"{SH}select")
    assert client.get("/sparql", query_string={"query": text}).status_code == 200
    example = ox.NamedNode(f"{ENDPOINT.value}#example-speakers")
    assert names(store, example, TYPE) == {f"{SH}SPARQLExecutable", f"{SH}SPARQLSelectExecutable"}
    assert names(store, example, f"{SH}prefixes") == {f"{ENDPOINT.value}#prefixes"}


def test_who_takes_results_only_is_told_that_a_query_is_missing(client: FlaskClient) -> None:
    assert client.get("/sparql", headers={"Accept": "application/sparql-results+json"}).status_code == 400
    assert client.post("/sparql", data={"format": "csv"}).status_code == 400
    assert client.get("/sparql?format=csv").status_code == 406


@pytest.mark.parametrize("address", ["/sparql", "/data?default", "/graph/inferred"])
def test_anyone_may_ask_from_anywhere_without_credentials(client: FlaskClient, address: str) -> None:
    preflight = client.options(
        address, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    for response in (client.get(address), client.get("/sparql?query=SELEC"), client.put(address)):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "X-Empty-Because" in response.headers["Access-Control-Expose-Headers"]
        assert "Accept" in response.headers["Vary"]


def test_options_names_the_methods(client: FlaskClient) -> None:
    assert client.options("/sparql").headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_fault_is_told_in_text_and_as_a_problem(client: FlaskClient) -> None:
    query = "SELECT * {\n  ?s skos:prefLabel ?o\n}"
    text = client.get("/sparql", query_string={"query": query})
    assert (text.status_code, text.mimetype) == (400, "text/plain")
    assert text.text.splitlines()[1:] == [
        "The query is not valid: Error at 2:6: the prefix “skos:” is used here and no PREFIX line declares it.",
        "2 |   ?s skos:prefLabel ?o",
        "  |      ^",
        "Add the line: PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
    ]
    problem = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/problem+json"})
    assert problem.mimetype == "application/problem+json"
    told = problem.get_json()
    assert (told["status"], told["line"], told["column"]) == (400, 2, 6)
    assert told["excerpt"].endswith("^")
    assert told["hint"].startswith("Add the line: PREFIX skos:")
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert ">2 |   ?s skos:prefLabel ?o\n  |      ^</pre>" in page.text


def test_why_an_answer_is_empty(client: FlaskClient) -> None:
    query = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT * { ?who asc:handedOver ?what }"
    for media in (
        "application/sparql-results+json",
        "text/csv",
        "application/sparql-results+xml",
        "text/tab-separated-values",
    ):
        response = client.get("/sparql", query_string={"query": query}, headers={"Accept": media})
        assert response.status_code == 200
        assert "assertion graphs only" in response.headers["X-Empty-Because"]
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "matches in assertion graphs only" in page.text
    full = client.get("/sparql", query_string={"query": SELECT})
    assert "X-Empty-Because" not in full.headers
    assert "X-Empty-Because" not in client.get("/sparql", query_string={"query": "ASK { FILTER(false) }"}).headers
