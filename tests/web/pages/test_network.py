"""The page of the networks, their files and IRIs, and the small networks that other pages show."""

import csv
import html
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.network import PROJECTIONS, asking
from kg.web import pictures
from kg.web.site import Site
from tests.store.builds import BASE


@pytest.fixture
def site(client: FlaskClient) -> Site:
    found: Site = client.application.extensions["ascribe"]
    return found


def test_every_network_has_its_drawing_its_rankings_and_its_files(client: FlaskClient) -> None:
    page = client.get("/network").text
    for name in ("co-occurrence", "speakers", "outlets"):
        assert f'<section id="{name}"' in page
    assert 'id="actors"' not in page  # no claim of the small graph relates two actors
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="network"') == 3
    assert page.count("Most often between others") == len(re.findall(r"<section id=", page)) == 5
    for address in re.findall(r'href="(/network/[^"]+)"', page):
        assert client.get(address).status_code == 200, address
    assert "<script" not in page


def test_the_queries_behind_the_numbers_count_them(client: FlaskClient) -> None:
    page = client.get("/network").text
    counted = re.findall(r'<a href="(/sparql[^"]+)">([0-9]+) (?:nodes|edges)</a>', page)
    assert len(counted) == 10
    for address, number in counted:
        answer = client.get(html.unescape(address) + "&format=csv", headers={"Accept": "text/csv"})
        assert len(answer.text.splitlines()) - 1 == int(number), html.unescape(address)


def test_files_are_of_their_kind_and_not_sent_twice(client: FlaskClient) -> None:
    for form in asking.FORMATS:
        response = client.get(f"/network/co-occurrence.{form}")
        assert response.content_type == asking.MEDIA[form]
        tag = response.headers["ETag"]
        assert client.get(f"/network/co-occurrence.{form}", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/network/friends.csv").status_code == 404
    assert client.get("/network/actors.exe").status_code == 404


def test_iris_of_networks_lead_to_what_they_name(client: FlaskClient) -> None:
    for name in PROJECTIONS:
        assert client.get(f"/network/{name}").headers["Location"] == f"/network#{name}"
    of_one = client.get("/network/relations/actor/northland")
    assert (of_one.status_code, of_one.headers["Location"]) == (303, "/graph?net=relations&start=actor/northland")
    of_two = client.get("/network/co-occurrence/actor/northland+place/ferry-town")
    assert client.get(of_two.headers["Location"]).status_code == 200
    assert client.get("/network/relations/actor/nobody").status_code == 404


def test_the_neighbours_of_a_thing_are_drawn_with_links_and_listed(site: Site) -> None:
    found = pictures.neighbours(site, f"{BASE}actor/northland")
    assert found is not None
    assert (found.shown, found.total) == (4, 4)
    assert [link.href for link in found.things] == re.findall(r'<a class="node" href="([^"]+)"', found.svg)
    assert {link.note for link in found.things} == {"1 claim"}
    assert "Maps of the" in found.svg
    assert "<crossing>" not in found.svg
    assert "style=" not in found.svg
    few = pictures.neighbours(site, f"{BASE}actor/northland", limit=2)
    assert few is not None
    assert (few.shown, few.total) == (2, 4)


def test_the_queries_behind_the_pictures_count_what_they_list(client: FlaskClient, site: Site) -> None:
    for found in (
        pictures.neighbours(site, f"{BASE}actor/northland"),
        pictures.neighbours(site, f"{BASE}place/ferry-town", limit=2),
        pictures.small(site),
    ):
        assert found is not None
        query = parse_qs(urlsplit(found.query).query)["query"][0]
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
        counted = {iri.removeprefix(BASE): int(count) for iri, count in list(csv.reader(io.StringIO(answer)))[1:]}
        assert len(counted) == found.total
        for link in found.things:
            count = counted[(link.href or "")[1:]]
            assert link.note == f"{count} claim{'s' * (count != 1)}"


def test_what_is_named_with_nothing_has_no_drawing(site: Site) -> None:
    assert pictures.neighbours(site, f"{BASE}actor/daily-post") is None
    assert pictures.neighbours(site, f"{BASE}actor/nobody") is None


def test_the_small_network_of_the_whole(site: Site) -> None:
    found = pictures.small(site, limit=4)
    assert found is not None
    assert found.shown == 4
    assert found.svg.count('<a class="node"') == 4
    assert found.more == "/graph?net=co-occurrence"
