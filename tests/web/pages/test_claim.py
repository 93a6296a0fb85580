"""The page of one claim: its chain of provenance, figures and series, claims around it, and the curator set apart."""

import re

from flask.testing import FlaskClient

CLAIM = "/claim/border-2020/2-001"


def part(text: str, start: str, end: str) -> str:
    return text.split(start, 1)[1].split(end, 1)[0]


def stops(text: str) -> list[tuple[str, str, str]]:
    """Edge, kind and text of each stop of the chain, in their order."""
    found = re.findall(r'class="edge">([^<]+)</span><div class="box"><small[^>]*>([^<]+)</small>(.*?)</div>', text)
    return [(edge, kind, " ".join(re.sub("<[^>]+>", " ", rest).split())) for edge, kind, rest in found]


def test_the_chain_leads_to_authors_and_to_the_outlet(client: FlaskClient) -> None:
    text = client.get(CLAIM).text
    assert stops(text) == [
        ("said by", "speaker", "River Institute in its own voice"),
        ("stands in", "passage", "page 3 read it in its place characters 1,100–1,150; 1,160–1,199"),
        ("in", "section 2", "The river crossing p. 3–9"),
        ("of", "report", "The Border Report 2020, published by River Institute"),
        ("written by", "author", "Ada Smith"),
        ("cites", "footnote", "footnote 1 p. 4"),
        ("which cites", "news item", "Les cartes du fleuve 12 June 2019, French"),
        ("by", "author", "Ada Smith"),
        ("published in", "outlet", "Daily Post"),
    ]
    chain = part(text, '<div class="chain">', "</section>")
    addresses = (
        "/passage/border-2020/1100-1150_1160-1199", "/section/border-2020/2#at-1100-1150_1160-1199",
        "/section/border-2020/2", "/source/border-2020", "/actor/ada-smith",
        "/reference/border-2020/1", "/work/post-2019-06-12", "/actor/daily-post",
    )  # fmt: skip
    for address in addresses:
        assert f'href="{address}"' in chain


def test_who_speaks_and_who_reports_are_two_stops_and_no_evidence_is_said(client: FlaskClient) -> None:
    text = client.get("/claim/border-2020/2-002").text
    assert stops(text)[:2] == [
        ("said by", "speaker", "some observers not named by the source"),
        ("reported by", "who reports it", "River Institute"),
    ]
    assert "No footnote stands at this passage." in text
    assert re.search(r"<strong>Condition</strong> if the ferry stops", text)


def test_claims_around_are_shown_with_their_words(client: FlaskClient) -> None:
    around = part(client.get(CLAIM).text, "<h2>Claims around it</h2>", "</section>")
    assert "Supported by" in around
    assert "Tolls may rise if the ferry stops." in around
    assert "some observers" in around
    assert "conditional" in around
    assert "nearly 97,000 buoys" in part(client.get("/claim/border-2020/2-002").text, "<h3>Supports", "</section>")


def test_neighbours_in_the_text_are_linked(client: FlaskClient) -> None:
    beside = part(client.get(CLAIM).text, '<nav class="beside"', "</nav>")
    assert re.search(r'href="/claim/border-2020/1-001" rel="prev">.*signed the River Accord', beside)
    assert re.search(r'href="/claim/border-2020/2-002" rel="next">.*Tolls may rise', beside)
    assert 'rel="prev"' not in part(client.get("/claim/border-2020/1-001").text, '<nav class="beside"', "</nav>")


def test_the_curator_is_set_apart_from_the_claimant(client: FlaskClient) -> None:
    text = client.get(CLAIM).text
    curator = part(text, '<section class="curator">', "</section>")
    assert "Compare the map." in curator
    assert "high" in curator
    assert text.count("Compare the map.") == 1
    assert "asserted" in part(text, '<header class="claimhead">', "</header>")


def test_terms_lead_to_the_claims_that_have_them(client: FlaskClient) -> None:
    text = client.get(CLAIM).text
    for address in ("/claims?framing=so-called", "/claims?measure=mines-mapped"):
        assert f'href="{address}"' in text
        assert "nearly 97,000 buoys" in client.get(address).text


def test_figures_stand_with_qualifier_and_unit_in_the_plural(drawn: FlaskClient) -> None:
    found = [
        words
        for number in ("9", "10", "11")
        for words in re.findall(r'<b class="amount">([^<]*)</b>', drawn.get(f"/claim/r/{number}").text)
    ]
    assert found == ["over 9,000 people", "up to 40,000 people", "100 to 200 people", "many people", "60", "30", "100"]


def test_a_series_tells_its_figures_apart_by_place(drawn: FlaskClient) -> None:
    series = part(drawn.get("/claim/r/11").text, "<h3>The series “boats”", "</table>")
    assert "<th>Place</th>" in series
    assert "<th>Of</th>" not in series
    assert [re.sub("<[^>]+>", "", cell) for cell in re.findall("<td>(.*?)</td>", series)][:2] == ["part", "Ferry Town"]
