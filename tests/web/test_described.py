"""What the server says of the data set to programs: description, signposts, link set, lists of addresses."""

import json
import re
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from kg.config import Config
from kg.export.description import listed
from kg.vocab import RDF
from tests.web.conftest import TITLE

BASE = "https://w3id.org/ascribe/tiny/"
HERE = "http://localhost/"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(client: FlaskClient, path: str) -> list[str]:
    found = [str(each.text) for each in ET.fromstring(client.get(path).data).iter(LOC)]
    assert all(each.startswith(HERE) for each in found)
    return [each.removeprefix(HERE.rstrip("/")) for each in found]


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
@pytest.mark.parametrize("path", ["/", "/.well-known/void"])
def test_the_description_is_given_in_each_format_with_the_servers_addresses(
    published: FlaskClient, path: str, media: str
) -> None:
    response = published.get(path, headers={"Accept": media})
    assert (response.status_code, response.mimetype) == (200, media)
    read = {quad.triple for quad in ox.parse(response.data, format=ox.RdfFormat.from_media_type(media))}
    assert {str(each.object) for each in read if each.predicate.value.endswith("#dataDump")} == {
        f"<{HERE}downloads/tiny.{suffix}>" for suffix in ("ttl", "trig", "nq", "jsonld", "rdf")
    }
    assert not [each for each in read if "tiny/downloads/" in str(each)]
    turtle = published.get("/.well-known/void", headers={"Accept": "*/*"})
    assert turtle.mimetype == "text/turtle"
    assert {quad.triple for quad in ox.parse(turtle.data, format=ox.RdfFormat.TURTLE)} == read


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "image/png", "text/html,*/*;q=0.8"])
def test_everyone_else_is_given_the_page(published: FlaskClient, accept: str | None) -> None:
    response = published.get("/", headers={"Accept": accept} if accept else {})
    assert response.mimetype == "text/html"
    assert "Accept" in response.headers["Vary"]


def test_a_build_without_a_release_is_described_too(client: FlaskClient) -> None:
    read = ox.parse(client.get("/.well-known/void").data, format=ox.RdfFormat.TURTLE)
    said = {quad.predicate.value.rsplit("#", 1)[-1]: quad.object for quad in read}
    assert said["sparqlEndpoint"] == ox.NamedNode(f"{HERE}sparql")
    assert "distribution" not in said
    assert 'rel="item"' not in client.get("/").headers["Link"]
    assert client.get("/linkset.json").get_json()["linkset"][0]["anchor"] == HERE


def test_only_the_version_that_is_served_is_found(published: FlaskClient) -> None:
    response = published.get("/version/0.1.0")
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    other = published.get("/version/0.0.9")
    assert other.status_code == 404
    assert "but version 0.1.0" in other.text


def test_the_link_set_has_every_file(published: FlaskClient, published_project: Config) -> None:
    response = published.get("/linkset.json")
    assert response.mimetype == "application/linkset+json"
    page, *files = response.get_json()["linkset"]
    names = {name for name, _ in listed(build.released(published_project))} - {"SHA256SUMS", "ro-crate-metadata.json"}
    assert {each["anchor"] for each in files} == {f"{HERE}downloads/{name}" for name in names}
    assert all(each["license"] for each in files)
    items = {each["href"] for each in page["item"]}
    describing = {each["href"] for each in page["describedby"]}
    assert items | describing >= {f"{HERE}downloads/{name}" for name in names - {"void.ttl"}}
    assert not items & describing
    assert page["cite-as"] == [{"href": BASE}]


def test_files_lead_back_to_the_data_set(published: FlaskClient) -> None:
    with published.get("/downloads/claims.csv") as table, published.get("/downloads/CITATION.cff") as citation:
        assert table.content_type == "text/csv; charset=utf-8"
        assert '</>; rel="collection"' in table.headers["Link"]
        assert citation.mimetype == "application/yaml"
        assert '</>; rel="describes"' in citation.headers["Link"]


def test_data_of_a_thing_lead_to_what_they_describe(published: FlaskClient) -> None:
    link = published.get("/claim/river-report/1-001.ttl").headers["Link"]
    assert f'<{BASE}claim/river-report/1-001>; rel="describes"' in link
    assert 'rel="license"' in link


@pytest.mark.parametrize("path", ["/", "/claim/river-report/1-001"])
def test_pages_say_in_schema_org_what_they_are_and_nothing_breaks_out(published: FlaskClient, path: str) -> None:
    text = published.get(path, headers={"Accept": "text/html"}).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    said = json.loads(found)
    assert "<" not in found
    dataset = said if path == "/" else said["isPartOf"]
    assert (dataset["@id"], dataset["name"], dataset["version"]) == (BASE, TITLE, "0.1.0")
    if path == "/":
        assert {each["contentUrl"] for each in said["distribution"]} >= {f"{HERE}downloads/tiny.ttl"}
    else:
        assert said["mainEntity"]["@id"] == f"{BASE}claim/river-report/1-001"


def test_the_sitemap_lists_each_thing_with_a_page_once(published: FlaskClient, published_project: Config) -> None:
    lists = addresses(published, "/sitemap.xml")
    found = [path for each in lists for path in addresses(published, each)]
    assert len(found) == len(set(found))
    nodes = build.published(published_project).nodes
    kinds = (
        "Claim",
        "Section",
        "Reference",
        "Source",
        "Actor",
        "Place",
        "Agreement",
        "Event",
        "Thing",
        "Topic",
        "Work",
    )
    wanted = {"/" + node.removeprefix(BASE) for node in nodes if f"{RDF}type" in nodes.said(node) and "#" not in node}
    listed_kinds = {kind.lower() for kind in kinds}
    assert {path for path in wanted if path.split("/")[1] in listed_kinds} == {
        path for path in found if path.count("/") > 1 and not path.startswith("/questions/")
    }
    for path in found:
        with published.get(path) as response:
            assert response.status_code == 200, path
    assert published.get("/sitemap/claim-2.xml").data.count(b"<url>") == 0
    for path in ("/sitemap/claim-0.xml", "/sitemap/nothing-1.xml", "/sitemap/claim-x.xml", "/sitemap/claim.xml"):
        assert published.get(path).status_code == 404


def test_robots_are_told_where_the_sitemap_is_and_kept_from_what_never_ends(published: FlaskClient) -> None:
    lines = published.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {HERE}sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert "/sparql" in closed
    open_to_robots = [path for each in addresses(published, "/sitemap.xml") for path in addresses(published, each)]
    assert not [path for path in open_to_robots if path.startswith(tuple(closed))]
    assert not "/ns".startswith(tuple(closed))
