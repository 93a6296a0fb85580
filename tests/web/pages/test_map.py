"""The map: places with points and without, claims by time, and control as someone's saying only."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient


def rows(text: str) -> dict[str, str]:
    """Anchor → row of the tables, as HTML on one line."""
    found = re.findall(r'<tr id="([^"]+)"(.*?)</tr>', text, re.DOTALL)
    return {anchor: re.sub(r"\s+", " ", row) for anchor, row in found}


def test_places_stand_in_tables_with_and_without_a_point(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/map", headers=html).text
    found = rows(text)
    assert set(found) == {"place-ferry-town", "place-ferry-district", "place-far-port", "place-delta", "place-mill"}
    town = found["place-ferry-town"]
    assert 'data-latitude="40.5" data-longitude="46.25" data-count="3"' in town
    assert "from an invented gazetteer" in town
    assert 'href="/claims?place=place/ferry-town"' in town
    assert "An area: a single point would not show it" in found["place-delta"]
    assert "No reference data on record gives its point." in found["place-mill"]
    assert "In no gazetteer." in found["place-mill"]


def test_control_is_told_as_what_someone_says(drawn: FlaskClient, html: dict[str, str]) -> None:
    found = rows(drawn.get("/map", headers=html).text)
    plain = {anchor: re.sub(r"<[^>]+>|\s+", " ", row) for anchor, row in found.items()}
    assert re.search(r"Northland\s+says:\s+Southland\s+gained control of\s+it\s+\(1992\)", plain["place-delta"])
    assert re.search(r"Southland\s+says:\s+Northland\s+not\s+controls\s+it", plain["place-ferry-town"])
    assert "says:" not in plain["place-mill"]


def test_nothing_is_drawn_but_shapes_of_the_data_set_and_marks_of_one_kind(
    drawn: FlaskClient, html: dict[str, str]
) -> None:
    text = drawn.get("/map", headers=html).text
    drawing = re.search(r'<svg class="locator".*?</svg>', text, re.DOTALL)
    assert drawing is not None
    assert set(re.findall(r'class="([^"]+)"', drawing.group())) == {
        "locator",
        "sea",
        "land",
        "border",
        "spot",
        "spotname",
    }
    assert len(re.findall(r'class="spot"', drawing.group())) == 1  # for two places at one point
    assert "Natural Earth" in text
    assert "no statement of this one" in text


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        ("from=1992&to=1992", {"place-delta"}),
        ("from=1993&to=1996", {"place-ferry-town"}),
        ("speaker=actor/south", {"place-ferry-town", "place-ferry-district", "place-mill"}),
        ("kind=PositionClaim", {"place-ferry-district", "place-mill"}),
        ("kind=FigureClaim&speaker=actor/institute", {"place-ferry-town", "place-mill"}),
    ],
)
def test_places_are_filtered_by_address(
    drawn: FlaskClient, html: dict[str, str], query: str, anchors: set[str]
) -> None:
    assert set(rows(drawn.get(f"/map?{query}", headers=html).text)) == anchors


def test_control_follows_the_filters(drawn: FlaskClient, html: dict[str, str]) -> None:
    assert "says:" not in rows(drawn.get("/map?speaker=actor/institute", headers=html).text)["place-ferry-town"]


def test_no_place_says_what_to_do(drawn: FlaskClient, html: dict[str, str]) -> None:
    assert "choose more years" in drawn.get("/map?from=1900&to=1901", headers=html).text


@pytest.mark.parametrize("query", ["from=soon", "to=0", "to=12345", "kind=Tale"])
def test_what_there_is_not_is_told(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    assert drawn.get(f"/map?{query}", headers=html).status_code == 400


def test_scripts_and_shapes_are_files_of_the_project(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/map", headers=html).text
    addresses = re.findall(r'(?:src|data-world|data-region|href)="(/static/[^"]+)"', text)
    assert len(addresses) >= 6
    for address in addresses:
        with drawn.get(address) as response:
            assert response.status_code == 200, address


@pytest.mark.parametrize("query", ["", "speaker=actor/south", "from=1992&to=1995"])
def test_the_query_behind_the_page_counts_the_same(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    text = drawn.get(f"/map?{query}", headers=html).text
    link = re.search(r'href="(/sparql\?[^"]+)">the query behind it', text)
    assert link is not None
    asked = parse_qs(urlsplit(link.group(1).replace("&amp;", "&")).query)["query"][0]
    counted = list(csv.DictReader(io.StringIO(drawn.post("/sparql", data={"query": asked, "format": "csv"}).text)))
    listed = list(csv.DictReader(io.StringIO(drawn.get(f"/map.csv?{query}").text)))
    assert {(row["place"], row["claims"]) for row in counted} == {(row["place"], row["claims"]) for row in listed}


def test_csv_says_who_says_that_whom_controls_a_place(drawn: FlaskClient) -> None:
    found = {row["name"]: row for row in csv.DictReader(io.StringIO(drawn.get("/map.csv").text))}
    assert found["The Delta"]["controlled"] == "Northland: Southland gained control of it (1992)"
    assert found["Ferry Town"]["controlled"] == "Southland: not: Northland controls it"
    assert (found["Far Port"]["latitude"], found["Mill"]["latitude"]) == ("-10.5", "")
