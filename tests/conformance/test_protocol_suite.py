"""The W3C's protocol tests and the service description's, asked of the endpoint over HTTP.

The endpoint never updates: a test of updates passes when each update is refused with 403 and nothing else.
"""

import json
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest

from tests.conformance.serving import Served
from tests.conformance.suites import RDF, Exchange, Request

SD = "http://www.w3.org/ns/sparql-service-description#"
TABULAR = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


def send(served: Served, request: Request) -> httpx.Response:
    """Send a request to the endpoint as it stands in the test, but for the path."""
    parts = urlsplit(request.path)
    assert parts.path == "/sparql/"
    target = f"/sparql?{parts.query}" if parts.query else "/sparql"
    return served.client.request(request.method, target, headers=list(request.headers), content=request.body or None)


def test_exchange(served: Served, exchange: Exchange) -> None:
    served.put(exchange.data)
    is_update = exchange.name.startswith("update_")
    for number, request in enumerate(exchange.requests):
        response = send(served, request)
        if is_update:
            if number == 0:
                assert response.status_code == 403
                assert "read only" in response.text or "not allowed" in response.text
            continue
        assert {f"StatusCode{response.status_code // 100}xx"} & request.statuses, response.text
        media = response.headers["Content-Type"].split(";")[0]
        match request.format:
            case "boolean":
                assert media in BOOLEAN
            case "tabular":
                assert media in TABULAR
            case "RDF":
                assert media in GRAPHS
        if request.truth is not None:
            assert json.loads(response.content)["boolean"] is request.truth


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml", "application/n-triples"])
def test_the_service_description(served: Served, accept: str | None) -> None:
    """`returns-rdf`, `has-endpoint-triple` and `conforms-to-schema` of the suite, which names them and no requests."""
    response = served.client.get("/sparql", headers={"Accept": accept} if accept else {"Accept": "*/*"})
    media = response.headers["Content-Type"].split(";")[0]
    form = ox.RdfFormat.from_media_type(media)
    assert response.status_code == 200
    assert form is not None
    store = ox.Store()
    store.load(response.content, format=form)
    endpoint = ox.NamedNode(str(served.client.base_url.join("/sparql")))
    (service,) = store.quads_for_pattern(None, ox.NamedNode(f"{SD}endpoint"), endpoint)
    kinds = {quad.object for quad in store.quads_for_pattern(service.subject, ox.NamedNode(f"{RDF}type"), None)}
    assert ox.NamedNode(f"{SD}Service") in kinds
    for name, kind in (("defaultDataset", "Dataset"), ("availableGraphs", "GraphCollection")):
        (link,) = store.quads_for_pattern(service.subject, ox.NamedNode(SD + name), None)
        assert ox.Quad(link.object, ox.NamedNode(f"{RDF}type"), ox.NamedNode(SD + kind)) in store  # type: ignore[arg-type]
