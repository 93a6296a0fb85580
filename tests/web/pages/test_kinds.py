"""The lists of things: tabs, filter, order, CSV, and where the numbers lead."""

import csv
import io
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.vocab import SKOS
from tests.store.builds import BASE


def names(text: str) -> list[str]:
    return re.findall(r'<tr><th scope="row"><a href="[^"]*"[^>]*>(.*?)</a>', text)


def test_a_list_has_names_classes_and_numbers_of_claims(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/actor", headers=html).text
    assert names(text) == ["Ada Smith", "Daily Post", "Northland", "River Institute", "some observers", "Southland"]
    assert '<td class="what">state</td>' in text
    assert '<a href="/claims?about=actor/southland">2</a>' in text
    assert '<a href="/claims?speaker=actor/southland">1</a>' in text
    assert "<script" not in text


def test_tabs_lead_to_the_other_kinds(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/place", headers=html).text
    assert '<a href="/actor">Actors <small>6</small></a>' in text
    assert '<a href="/place" aria-current="true">Places <small>1</small></a>' in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=simali", ["Northland"]),
        ("type=State", ["Northland", "Southland"]),
        ("type=State&sort=-name", ["Southland", "Northland"]),
        ("sort=-said", ["River Institute"]),
        ("q=zzz", []),
    ],
)
def test_the_form_filters_and_the_heads_sort(
    client: FlaskClient, html: dict[str, str], query: str, found: list[str]
) -> None:
    text = client.get(f"/actor?{query}", headers=html).text
    assert names(text)[: len(found) or None] == found
    assert ("No name holds all of these words" in text) is (not found)


@pytest.mark.parametrize(
    "query",
    [
        "actor?q=land", "actor?type=State", "actor?q=simali&type=State", "actor?q=zzz", "agreement?q=river",
        "agreement?q=passage", "agreement?type=Agreement", "event?type=Event", "work?q=maps",
    ],
)  # fmt: skip
def test_the_number_of_what_is_chosen_leads_to_the_query_that_counts_it(
    client: FlaskClient, html: dict[str, str], query: str
) -> None:
    text = client.get(f"/{query}", headers=html).text
    shown = re.search(r'<p><a href="([^"]+)&amp;edit=1"><b>(\d+)</b></a> found', text)
    assert shown
    assert int(shown[2]) == len(names(text))
    assert client.get(f"{shown[1]}&format=csv").text.split() == ["count", shown[2]]


def test_the_head_of_a_column_turns_its_order(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/actor?q=land&sort=-claims", headers=html).text
    assert 'aria-sort="descending" class="number"><a href="/actor?q=land&amp;sort=claims">Claims about it' in text
    assert '<a href="/actor?q=land">Name</a>' in text


@pytest.mark.parametrize("query", ["sort=size", "page=0"])
def test_what_cannot_be_asked_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/actor?{query}").status_code == 400


def test_the_csv_has_what_the_list_has(client: FlaskClient) -> None:
    response = client.get("/actor.csv?type=State&sort=-claims")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["id"] for row in rows] == ["actor/southland", "actor/northland"]
    assert rows[0] == {
        "id": "actor/southland",
        "iri": f"{BASE}actor/southland",
        "name": "Southland",
        "language": "en",
        "type": "State",
        "claims": "2",
        "said": "1",
    }


def test_a_class_that_cannot_be_one_is_refused(client: FlaskClient, html: dict[str, str]) -> None:
    response = client.get("/thing", query_string={"type": "a b<>"}, headers=html)
    assert response.status_code == 400
    assert "is no class" in response.text


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld"])
def test_what_is_chosen_is_given_as_a_graph(client: FlaskClient, suffix: str) -> None:
    response = client.get(f"/actor.{suffix}?type=State")
    form = ox.RdfFormat.from_extension(suffix)
    assert form is not None
    assert response.mimetype == form.media_type
    quads = ox.parse(response.data, format=form)
    named = {quad.subject.value for quad in quads if quad.predicate.value == f"{SKOS}prefLabel"}
    assert named == {f"{BASE}actor/northland", f"{BASE}actor/southland"}
    assert f'href="/actor.{suffix}?type=State"' in client.get("/actor?type=State").text
