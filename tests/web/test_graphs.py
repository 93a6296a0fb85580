"""Whole graphs over HTTP: the Graph Store Protocol's reads, indirect and direct."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.store.builds import BASE

INFERRED = f"{BASE}graph/inferred"


def triples(data: bytes, form: ox.RdfFormat = ox.RdfFormat.N_TRIPLES) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(data, format=form)}


def test_a_graph_by_its_name(client: FlaskClient) -> None:
    asked = client.get("/data", query_string={"graph": INFERRED}, headers={"Accept": "application/n-triples"})
    assert (asked.status_code, asked.mimetype) == (200, "application/n-triples")
    direct = client.get("/graph/inferred", headers={"Accept": "application/n-triples"})
    assert direct.data == asked.data
    assert triples(asked.data)
    assertion = client.get("/data", query_string={"graph": f"{BASE}claim/border-2020/2-001#assertion"})
    assert assertion.mimetype == "text/turtle"
    assert b"asc:handedOver" in assertion.data


def test_the_default_graph(client: FlaskClient) -> None:
    found = triples(client.get("/data?default", headers={"Accept": "application/n-triples"}).data)
    inferred = triples(client.get("/data", query_string={"graph": INFERRED, "format": "nt"}).data)
    assert inferred < found


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_formats_are_negotiated(client: FlaskClient, media: str, form: ox.RdfFormat) -> None:
    expected = triples(client.get("/graph/inferred", headers={"Accept": "application/n-triples"}).data)
    response = client.get("/graph/inferred", headers={"Accept": f"{media}, text/plain;q=0.1"})
    assert response.mimetype == media
    assert "Accept" in response.headers["Vary"]
    assert triples(response.data, form) == expected


def test_head_has_the_length_and_no_body(client: FlaskClient) -> None:
    whole = client.get("/graph/inferred")
    head = client.head("/graph/inferred")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert client.head("/graph/none").status_code == 404


def test_the_same_graph_is_not_sent_twice(client: FlaskClient) -> None:
    tag = client.get("/graph/inferred").headers["ETag"]
    assert client.get("/graph/inferred", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("address", "accept", "status"),
    [
        ("/data", "*/*", 400),
        ("/data?default&graph=http://x/", "*/*", 400),
        ("/data?graph=http://x/1&graph=http://x/2", "*/*", 400),
        ("/data?graph=http://x/a%20b", "*/*", 400),
        ("/data?graph=http://x/none", "*/*", 404),
        ("/data?graph=%3E%7D%20UNION", "*/*", 400),
        ("/graph/none", "*/*", 404),
        ("/data?default", "image/png", 406),
        ("/data?default&format=csv", "*/*", 406),
    ],
)
def test_bad_requests_have_their_status(client: FlaskClient, address: str, accept: str, status: int) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code == status
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/data?default", "/data", "/graph/inferred"])
def test_graphs_are_read_only(client: FlaskClient, method: str, address: str) -> None:
    response = client.open(address, method=method, data="<x:a> <x:b> <x:c> .", content_type="text/turtle")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    preflight = client.options(address)
    assert (preflight.status_code, preflight.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
