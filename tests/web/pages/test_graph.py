"""The graph page: views, selections, paths and their addresses, the same without a script as with one."""

import json
import re

import pytest
from flask.testing import FlaskClient

from kg.network import PROJECTIONS

NORTH, SOUTH, MAPS = "actor/northland", "actor/southland", "thing/ferry-maps"
EDGE = f"{NORTH}~handedOver~stated~{MAPS}"


def text(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(re.sub(r"<[^>]*>", " ", response.text.split('<script type="application/json"')[0]).split())


def drawn(client: FlaskClient, address: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'id="graph-data">(.*?)</script>', client.get(address).text, re.DOTALL)
    assert found is not None
    told: dict[str, list[dict[str, object]]] = json.loads(found.group(1))
    return told


def ids(client: FlaskClient, address: str) -> set[object]:
    return {node["id"] for node in drawn(client, address)["nodes"]}


def test_the_whole_shows_the_most_central_things_with_their_edges_as_a_table(client: FlaskClient) -> None:
    shown = text(client, "/graph")
    assert "5 of 5 things shown, with 3 edges" in shown
    assert "Northland handed over Maps of the &lt;crossing&gt; 1 claim" in shown
    assert re.search(r"Northland not .* Toll dispute of 2019 1 claim", shown)
    told = drawn(client, "/graph")
    assert {edge["status"] for edge in told["edges"]} == {"stated", "denied"}
    assert ids(client, "/graph") == {NORTH, MAPS, "event/toll-dispute-2019", SOUTH, "agreement/river-accord"}


def test_a_view_from_a_thing_says_how_many_neighbours_of_which_kind_wait(client: FlaskClient) -> None:
    assert ids(client, f"/graph?start={NORTH}") == {NORTH, MAPS, "event/toll-dispute-2019"}
    shown = text(client, f"/graph?net=co-occurrence&start=place/ferry-town&count=5&hide={NORTH}&node=place/ferry-town")
    assert "1 hidden" in shown
    assert "Ferry Town" in shown
    assert "2 actors, 1 shown: show more" in shown


def test_an_expansion_brings_neighbours_of_one_kind(client: FlaskClient) -> None:
    start = f"/graph?net=co-occurrence&from=agreement/river-accord&to={SOUTH}"
    assert ids(client, start) == {"agreement/river-accord", SOUTH}
    places = ids(client, f"{start}&expand={SOUTH}:place")
    assert places == {"agreement/river-accord", SOUTH, "place/ferry-town"}
    assert ids(client, f"{start}&expand={SOUTH}") > places


def test_an_edge_opens_its_claims(client: FlaskClient) -> None:
    response = client.get("/graph", query_string={"edge": EDGE})
    assert "Northland handed over maps that show nearly 97,000 buoys." in response.text
    assert 'href="/claim/border-2020/2-001"' in response.text
    assert "River Institute" in response.text


def test_a_path_has_its_claims_and_speakers(client: FlaskClient) -> None:
    shown = text(client, f"/graph?net=co-occurrence&from=river accord&to={MAPS}")
    assert "Shortest path: 2 steps" in shown
    assert "Southland signed the River Accord." in shown
    assert "From River Accord to Maps of the &lt;crossing&gt;" in shown
    assert "No claims lead from" in text(client, f"/graph?from={SOUTH}&to={MAPS}")


def test_a_path_begun_asks_for_its_end(client: FlaskClient) -> None:
    response = client.get("/graph?from=maps of the")
    assert "Shortest path From Maps of the &lt;crossing&gt; to" in text(client, "/graph?from=maps of the")
    assert f'<input type="hidden" name="from" value="{MAPS}">' in response.text


def test_filters_are_by_relation_speaker_and_year(client: FlaskClient) -> None:
    assert ids(client, "/graph?relation=signed") == {SOUTH, "agreement/river-accord"}
    assert ids(client, "/graph?speaker=actor/institute") == {NORTH, MAPS, "event/toll-dispute-2019"}
    assert ids(client, "/graph?since=2050") == set()
    assert "There is no edge between these things" in text(client, "/graph?since=2050")
    assert "No edge of this network" in text(client, f"/graph?start={SOUTH}&relation=handedOver")


def test_the_query_behind_the_edges_counts_them(client: FlaskClient) -> None:
    views = [f"?net={name}" for name in PROJECTIONS]
    views += ["?relation=signed", "?speaker=actor/institute", "?since=2019&until=2019", f"?start={SOUTH}"]
    for chosen in views:
        page = client.get(f"/graph{chosen}").text
        behind = re.search(r'<a href="(/sparql[^"]+)">([0-9]+) edges?</a>', page)
        assert behind is not None
        answer = client.get(behind.group(1).replace("&amp;", "&") + "&format=csv", headers={"Accept": "text/csv"})
        assert len(answer.text.splitlines()) - 1 == int(behind.group(2)), chosen


def test_a_search_leads_to_the_thing_or_offers_what_fits(client: FlaskClient) -> None:
    found = client.get("/graph?find=Northland&by=claims")
    assert (found.status_code, found.headers["Location"]) == (303, f"/graph?by=claims&node={NORTH}&start={NORTH}")
    assert "Several things fit “to”. Start from one" in text(client, "/graph?find=to")
    assert "Nothing is called “xyzzy”" in text(client, "/graph?find=xyzzy")
    things = client.get("/graph.json?find=simali").get_json()["things"]
    assert things == [{"id": NORTH, "label": "Northland", "kind": "actor"}]


def test_the_view_is_given_as_data(client: FlaskClient) -> None:
    told = client.get(f"/graph.json?start={NORTH}&by=betweenness").get_json()
    assert (told["network"], told["measure"], told["shown"]) == ("relations", "betweenness", 3)
    assert max(node["size"] for node in told["nodes"]) == 1
    for form, begins in (("graphml", b"<?xml"), ("gexf", b"<?xml"), ("csv", b"source,")):
        response = client.get(f"/graph.{form}?start={NORTH}")
        assert response.data.startswith(begins)
        assert response.headers["Content-Disposition"] == f'attachment; filename="graph.{form}"'


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("net=friends", "There are: co-occurrence"),
        ("by=fame", "Measures are: degree"),
        ("count=4", "from 5 to 100"),
        ("count=x", "from 5 to 100"),
        ("since=-1", "from 0 to 9999"),
        ("start=actor/nobody", "nothing called “actor/nobody”"),
        ("speaker=actor/nobody", "nothing called"),
        ("relation=sold", "It has: handedOver"),
        ("from=xyzzy&to=northland", "Nothing is called “xyzzy”"),
        ("net=actors&net=relations", "fewer times"),
    ],
)
def test_what_cannot_be_shown_is_told(client: FlaskClient, query: str, said: str) -> None:
    response = client.get(f"/graph?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert said in response.text


def test_whole_graphs_keep_their_addresses(client: FlaskClient) -> None:
    assert client.get("/graph/network", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    assert client.get("/graph", headers={"Accept": "text/html"}).mimetype == "text/html"
    assert client.put("/graph/network", data="").status_code == 405


def test_every_step_is_a_link_and_every_control_a_form(client: FlaskClient) -> None:
    page = client.get(f"/graph?start={NORTH}&node={NORTH}").text
    links = set(re.findall(r'<a data-view rel="nofollow" href="([^"]+)"', page))
    assert links
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link
    assert page.count('action="/graph"') == 3
    assert re.search(r"<style|style=|onclick", page) is None
