"""The SPARQL endpoint and its editor through the test client."""

import json
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from tests.store.builds import BASE

SELECT = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT ?claim ?text { ?claim asc:text ?text } ORDER BY ?claim"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
JSON = "application/sparql-results+json"


def ask(client: FlaskClient, query: str, accept: str = "*/*", **more: str) -> tuple[int, str, bytes]:
    response = client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})
    return response.status_code, response.mimetype, response.data


def test_get_and_both_posts_answer_alike(client: FlaskClient) -> None:
    _, kind, expected = ask(client, SELECT)
    assert kind == JSON
    posted = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", data=SELECT, content_type="application/sparql-query")
    assert posted.data == direct.data == expected
    assert direct.headers["Content-Length"] == str(len(expected))
    assert client.head("/sparql", query_string={"query": SELECT}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "kind", "start"),
    [
        ("text/csv", "text/csv", b"claim,text\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values", b"?claim\t?text\n"),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("application/sparql-results+json;q=0.2, text/csv;q=0.3", "text/csv", b"claim"),
    ],
)
def test_tables_are_negotiated(client: FlaskClient, accept: str, kind: str, start: bytes) -> None:
    status, media, data = ask(client, SELECT, accept)
    assert (status, media) == (200, kind)
    assert data.startswith(start)


def test_graphs_are_negotiated(client: FlaskClient) -> None:
    describe = f"DESCRIBE <{BASE}actor/northland>"
    assert ask(client, describe)[1] == "text/turtle"
    for media in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        assert ask(client, describe, media)[:2] == (200, media)


def test_a_format_by_name_wins_over_html(client: FlaskClient, html: dict[str, str]) -> None:
    assert ask(client, SELECT, html["Accept"], format="csv")[:2] == (200, "text/csv")
    assert ask(client, SELECT, format="turtle")[0] == 406
    assert ask(client, SELECT, "image/png")[0] == 406


def test_the_dataset_of_the_protocol(client: FlaskClient) -> None:
    graph = f"{BASE}claim/border-2020/1-001#assertion"
    _, _, data = ask(client, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": graph})
    assert len(json.loads(data)["results"]["bindings"]) == 1
    assert ask(client, "ASK {}", **{"default-graph-uri": "not an iri"})[0] == 400


@pytest.mark.parametrize(
    "query",
    ["INSERT DATA { <a:s> <a:p> 1 }", "LOAD <http://x/>", "SELECT * { SERVICE <http://x/> {} }", "CLEAR ALL",
     "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x{} }"],
)  # fmt: skip
def test_updates_and_federation_are_403(client: FlaskClient, html: dict[str, str], query: str) -> None:
    assert ask(client, query)[0] == 403
    assert ask(client, query, html["Accept"])[0] == 403
    assert client.post("/sparql", data={"update": query}).status_code == 403
    assert client.post("/sparql", data=query, content_type="application/sparql-update").status_code == 403


def test_faults_of_requests(client: FlaskClient, html: dict[str, str]) -> None:
    response = client.put("/sparql", data=SELECT)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert client.post("/sparql", data="{}", content_type="application/json").status_code == 415
    assert client.get("/sparql", headers={"Accept": JSON}).status_code == 400
    assert ask(client, "SELECT * {" * 300)[0] == 400
    problem = client.get("/sparql?query=SELEC", headers={"Accept": JSON})
    assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")
    assert "1:" in problem.get_json()["detail"]
    page = client.get("/sparql?query=SELEC", headers=html)
    assert page.status_code == 400
    assert "SELEC</textarea>" in page.text, "the query is given back"
    assert client.post("/sparql", data=b"x" * (5 * 2**20), content_type="application/sparql-query").status_code == 413


def test_a_slow_query_is_504_and_says_when_to_try_again(client: FlaskClient, html: dict[str, str]) -> None:
    for headers in ({"Accept": JSON}, html):
        response = client.get("/sparql", query_string={"query": ENDLESS, "timeout": "0.3"}, headers=headers)
        assert response.status_code == 504
        assert int(response.headers["Retry-After"]) >= 1
        assert "0.3 seconds" in response.text


def test_the_table_of_the_browser_shows_names(client: FlaskClient, html: dict[str, str]) -> None:
    query = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT ?who ?gap { ?c asc:claimant ?who }"
    text = client.get("/sparql", query_string={"query": query}, headers=html).text
    assert "3 rows" in text
    assert f'<a href="/actor/institute" title="{BASE}actor/institute">River Institute</a>' in text
    yes = client.get("/sparql", query_string={"query": "ASK {}"}, headers=html).text
    assert "Answer: yes" in yes
    graph = client.get("/sparql", query_string={"query": f"DESCRIBE <{BASE}actor/northland>"}, headers=html).text
    assert "asc:State" in graph


def test_an_answer_has_a_permanent_link_files_and_a_citation(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/sparql", query_string={"query": SELECT}, headers=html).text
    link = f"/sparql?{urlencode({'query': SELECT})}"
    assert f'<a href="{escape(link)}">this query with its answer</a>' in text
    assert f'<a href="{escape(link)}&amp;format=csv" download>CSV</a>' in text
    assert "build 0123456789ab" in text


def test_a_fault_names_its_place_for_the_editor(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/sparql", query_string={"query": "SELECT * {\n  ?s nix:x ?o\n}"}, headers=html).text
    assert '<div id="answer" data-line="2" data-column="6">' in text
    assert "data-line" not in client.get("/sparql", query_string={"query": SELECT}, headers=html).text


def test_a_question_opens_by_its_name_and_does_not_run(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/sparql?example=speakers", headers=html).text
    assert '<option value="speakers" selected>Who says &lt;what&gt;?</option>' in text
    assert "SELECT ?speaker {" in text
    assert "rows" not in text.split('<div id="answer">')[1]
    missing = client.get("/sparql?example=nix", headers=html)
    assert missing.status_code == 404
    assert "no question “nix”" in missing.text


def test_a_long_table_is_shown_in_part_and_says_so(client: FlaskClient, html: dict[str, str]) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 700"
    text = client.get("/sparql", query_string={"query": query}, headers=html).text
    assert "700 rows" in text
    assert "The first 500 are shown" in text
    assert len(json.loads(ask(client, query)[2])["results"]["bindings"]) == 700


def test_the_query_behind_a_page_opens_without_running(client: FlaskClient, html: dict[str, str]) -> None:
    page = client.get("/sparql", query_string={"query": ENDLESS, "edit": "1"}, headers=html)
    assert page.status_code == 200
    assert "COUNT(*)" in page.text
