"""The list of all claims: search, facets, chips, sorting, pages, data, and the queries behind its numbers."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.config import Config
from kg.store.choice import Choice
from kg.store.facets import Facets
from tests.store.builds import BASE

ASC = "https://w3id.org/ascribe/ns#"
COLUMNS = [
    "id", "iri", "source", "section", "page", "ranges", "types", "text", "claimant", "attribution", "modality",
    "polarity", "about", "statements", "figures", "references", "when", "where", "framing", "confidence", "flags",
]  # fmt: skip


def shown(client: FlaskClient, address: str) -> list[str]:
    text = client.get(address).text
    return re.findall(r'<p class="text"><a href="/claim/border-2020/([^"]+)"', text)


def options(text: str) -> dict[tuple[str, str], tuple[int, bool]]:
    """Facet and key → the count beside it, and whether it is chosen."""
    found = re.findall(
        r'<input type="checkbox" name="(\w+)" value="([^"]+)"[^>]*?( checked)?> .*?class="number">([\d,]+)<', text
    )
    return {(name, key): (int(count.replace(",", "")), bool(checked)) for name, key, checked, count in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["1-001", "2-001", "2-002"]),
        ("q=buoys", ["2-001"]),
        ("q=%C5%9Eimali+%C3%96lk%C9%99", ["2-001"]),
        ("q=%22republic%22", ["2-001"]),
        ("kind=FigureClaim", ["2-001"]),
        ("kind=FigureClaim&kind=PredictiveClaim", ["2-001", "2-002"]),
        ("kind=FigureClaim&kind=PredictiveClaim&attribution=vague", ["2-002"]),
        ("from=2019&to=2020", ["2-001"]),
        ("from=2020", []),
        ("time=2019&time=none", ["1-001", "2-001", "2-002"]),
        ("outlet=none", ["1-001", "2-002"]),
        ("outlet=actor/daily-post", ["2-001"]),
        ("place=place/ferry-town&about=actor/southland", ["2-001"]),
        ("sort=date", ["2-001", "1-001", "2-002"]),
        ("sort=-date", ["2-001", "1-001", "2-002"]),
        ("speaker=actor/nobody", []),
        ("page=2", []),
    ],
)
def test_an_address_chooses_and_orders_claims(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert shown(client, f"/claims?{query}") == expected


def test_counts_are_those_of_the_claims_left(client: FlaskClient) -> None:
    found = options(client.get("/claims?kind=EventClaim").text)
    assert found["kind", "EventClaim"] == (1, True)
    assert found["kind", "PredictiveClaim"] == (1, False), "values of one facet widen"
    assert found["place", "place/ferry-town"] == (1, False)
    assert ("speaker", "actor/southland") not in found, "other facets narrow"
    for (name, key), (count, _) in options(client.get("/claims").text).items():
        assert len(shown(client, f"/claims?{name}={key}")) == count, (name, key)


def test_numbers_are_those_of_the_queries_behind_them(client: FlaskClient) -> None:
    def answer(address: str) -> list[dict[str, str]]:
        redirect = client.get(address)
        assert redirect.status_code == 303
        query = parse_qs(urlsplit(redirect.headers["Location"]).query)["query"][0]
        response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
        assert response.status_code == 200, response.text
        return list(csv.DictReader(io.StringIO(response.text)))

    views = ("", "kind=EventClaim&kind=PredictiveClaim", "outlet=none", "outlet=none&outlet=actor/daily-post",
             "from=2000&to=2020", "time=none", "time=2019", "speaker=actor/southland")  # fmt: skip
    for view in views:
        (row,) = answer(f"/claims/query?{view}")
        assert int(row["claims"]) == len(shown(client, f"/claims?{view}")), view
        for name in ("kind", "speaker", "section", "place", "about", "framing", "time", "outlet", "measure"):
            shown_here = options(client.get(f"/claims?{view}").text)
            expected = {key: count for (each, key), (count, _) in shown_here.items() if each == name and count}
            asked = {
                row["value"].removeprefix(BASE).rsplit("#")[-1]: int(row["claims"])
                for row in answer(f"/claims/query?{view}&count={name}")
            }
            asked = {key.split("/")[-1] if key.startswith("http") else key: count for key, count in asked.items()}
            for lacking in ("none", "unnamed"):
                expected.pop(lacking, None)
            assert asked == expected, (view, name)


def test_the_query_behind_the_page_finds_the_same_claims(client: FlaskClient) -> None:
    for view in ("kind=FigureClaim", "q=northland", "q=buoys"):
        text = client.get(f"/claims?{view}").text
        address = unescape(re.search(r'href="(/sparql\?[^"]+)">the query behind it', text)[1])  # type: ignore[index]
        query = parse_qs(urlsplit(address).query)["query"][0]
        found = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
        assert f"{BASE}claim/border-2020/2-001" in found
        assert found.count("\n") == 2


def test_chips_leave_one_thing_out(client: FlaskClient) -> None:
    text = client.get("/claims?q=buoys&kind=EventClaim&kind=FigureClaim&from=2019").text
    chips = re.findall(r'<li><a href="([^"]+)" rel="nofollow"><span>([^<]+):</span> (.*?) <span', text)
    assert [(unescape(href), title) for href, title, _ in chips] == [
        ("/claims?kind=EventClaim&kind=FigureClaim&from=2019", "Words"),
        ("/claims?q=buoys&kind=FigureClaim&from=2019", "Kind of claim"),
        ("/claims?q=buoys&kind=EventClaim&from=2019", "Kind of claim"),
        ("/claims?q=buoys&kind=EventClaim&kind=FigureClaim", "Years"),
    ]


def test_other_spellings_are_told(client: FlaskClient) -> None:
    text = client.get("/claims?q=northland").text
    assert "Also searched as <b>Şimali Ölkə</b>, <b>Republic of Northland</b>" in text
    assert 'href="/claims?q=%22northland%22"' in text
    assert "Also searched" not in client.get("/claims?q=%22northland%22").text


def test_a_search_that_finds_nothing_says_what_to_leave_out(client: FlaskClient) -> None:
    text = client.get("/claims?q=buoys&kind=PredictiveClaim").text
    assert re.search(r'<a href="/claims\?kind=PredictiveClaim"[^>]*>without words “buoys”</a>: 1 claim', text)
    assert "Begin with one" in client.get("/claims?kind=FigureClaim&attribution=vague&from=2030").text
    assert "its first page" in client.get("/claims?page=7").text


def test_what_has_no_field_is_kept_by_the_form(client: FlaskClient) -> None:
    text = client.get("/claims?reference=reference/border-2020/1").text
    assert '<input type="hidden" name="reference" value="reference/border-2020/1">' in text
    assert "Footnote:</span> footnote 1" in text


def test_empty_fields_of_the_form_are_dropped_from_the_address(client: FlaskClient) -> None:
    response = client.get("/claims?q=&kind=EventClaim&from=&to=2020&sort=date")
    assert (response.status_code, response.headers["Location"]) == (302, "/claims?kind=EventClaim&to=2020&sort=date")
    usual = client.get("/claims?q=northland&sort=match")
    assert (usual.status_code, usual.headers["Location"]) == (302, "/claims?q=northland")


@pytest.mark.parametrize("query", ["knd=x", "from=soon", "from=0", "sort=size", "page=0", "all=colour", "to=12345"])
def test_what_an_address_cannot_say_is_an_error(client: FlaskClient, query: str) -> None:
    response = client.get(f"/claims?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "Claims cannot be" in response.text or "is a " in response.text or "There is no facet" in response.text


def test_all_claims_chosen_are_given_as_a_table(client: FlaskClient) -> None:
    response = client.get("/claims.csv?kind=FigureClaim&kind=PredictiveClaim")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert list(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == ["border-2020/2-001", "border-2020/2-002"]
    assert (rows[0]["references"], rows[0]["page"], rows[0]["ranges"]) == ("1", "3", "1100-1150;1160-1199")
    assert client.get("/claims.csv?from=3000").text.splitlines() == [",".join(COLUMNS)]


@pytest.mark.parametrize(("suffix", "form"), [("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)])
def test_all_claims_chosen_are_given_as_a_graph(client: FlaskClient, suffix: str, form: ox.RdfFormat) -> None:
    response = client.get(f"/claims.{suffix}?kind=FigureClaim")
    quads = set(ox.parse(response.data, format=form))
    texts = {str(quad.subject) for quad in quads if quad.predicate.value == f"{ASC}text"}
    assert texts == {f"<{BASE}claim/border-2020/2-001>"}
    assert any(quad.predicate.value == f"{ASC}measure" for quad in quads)
    assert client.get("/claims.pdf").status_code == 404


def test_each_spelling_of_a_place_finds_the_same_claims(built: Config) -> None:
    with Facets(built.build / "current" / "search.sqlite") as facets:
        found = {words: facets.chosen(Choice(words)) for words in ("Shusha", "Shushi", "Şuşa", "Шуша", "Շուշի", "SUSA")}
        about = facets.chosen(Choice(values={"place": ("place/shusha",)}))
    assert about
    assert all(each & about == about for each in found.values()), "each finds all claims about the place"
    assert len(set(found.values())) == 1, "and they find the same"
