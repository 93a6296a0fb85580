"""An entity's page: names, voices, claims by kind, relations with their claims, provisions, and what was inferred."""

import csv
import io
import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from kg.vocab import ASC, SCHEMES
from kg.web.agreements import worded
from kg.web.models import Link
from kg.web.pages.thing import thing_page
from kg.web.rows import Term
from tests.store.builds import BASE
from tests.web.test_pages import outline


def page(client: FlaskClient, html: dict[str, str], path: str) -> str:
    """The text of a page, each run of blanks as one."""
    response = client.get(path, headers=html)
    assert response.status_code == 200
    outline(response.text)
    return re.sub(r"\s+", " ", response.text)


def part(text: str, anchor: str) -> str:
    """A section of the page."""
    found = re.search(rf'<section aria-labelledby="{anchor}">.*?</section>', text)
    assert found is not None, anchor
    return found.group()


def test_names_stand_by_language_with_the_language_named(client: FlaskClient, html: dict[str, str]) -> None:
    text = page(client, html, "/actor/northland")
    assert '<dt>Azerbaijani</dt><dd lang="az">Şimali Ölkə</dd>' in text
    assert '<dt>English</dt><dd lang="en">Republic of Northland</dd>' in text


def test_who_speaks_of_it_is_counted_with_the_framing(client: FlaskClient, html: dict[str, str]) -> None:
    voices = part(page(client, html, "/actor/northland"), "voices")
    assert '<a href="/claims?speaker=actor/institute&amp;about=actor/northland" aria-label="1 claims">1</a>' in voices
    assert "framing=so-called" in voices
    assert 'through <a href="/actor/institute">' in part(page(client, html, "/actor/southland"), "voices")


def test_the_number_of_speakers_leads_to_the_query_that_counts_them(client: FlaskClient, html: dict[str, str]) -> None:
    counts = {}
    for path in ("/actor/northland", "/actor/southland", "/place/ferry-town", "/topic/tolls", "/thing/ferry-maps"):
        found = re.search(r'by ([\d,]+) speakers? <a class="how" href="([^"]+)"', page(client, html, path))
        assert found is not None, path
        query = parse_qs(urlsplit(unescape(found[2])).query)["query"][0]
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
        assert answer.split() == ["values", found[1]], path
        counts[path] = found[1]
    assert counts["/actor/southland"] == "2"
    assert counts["/place/ferry-town"] == "1"


def test_the_claims_that_are_counted_are_given_as_tables(client: FlaskClient, html: dict[str, str]) -> None:
    given = {}
    for path in ("/actor/northland", "/actor/institute", "/actor/daily-post", "/place/ferry-town", "/topic/tolls"):
        text = page(client, html, path)
        counts = re.findall(r'<span><a href="/claims\?([^"]+)"><b>(\d+)</b>', text)
        tools = re.search(r'<aside class="tools".*?</aside>', text)
        assert tools is not None
        tables = re.findall(r'<a href="/claims\.csv\?([^"]+)">CSV of the claims ([^<]+)</a>', tools.group())
        assert [address for address, _ in tables] == [address for address, _ in counts] != []
        for address, number in counts:
            answer = client.get(f"/claims.csv?{unescape(address)}")
            assert len(list(csv.DictReader(io.StringIO(answer.text)))) == int(number) > 0, address
        assert not re.search(r'<link rel="alternate" href="[^"]*claims\.csv', text)
        given[path] = [words for _, words in tables]
    assert given["/actor/northland"] == ["about it"]
    assert given["/actor/institute"] == ["by it", "of others that it passes on"]
    assert given["/place/ferry-town"] == ["about it"]
    assert given["/topic/tolls"] == ["about it", "that name it in what they state"]


def test_claims_are_grouped_by_kind_and_each_stands_once(client: FlaskClient, html: dict[str, str]) -> None:
    claims = part(page(client, html, "/actor/northland"), "claims")
    assert re.findall(r"<h3>(.*?)</h3>", claims) == ["event claims", "figure claims"]
    assert claims.count('<article class="claim">') == 1
    assert "Shown above, under another kind." in claims
    assert 'href="/claims/query?kind=EventClaim&amp;about=actor/northland"' in claims
    for words in ("River Institute</a> says", "p. 3", "Les cartes du fleuve", "12 June 2019", "Framing:"):
        assert words in claims


def test_relations_have_their_claims_and_denied_ones_say_so(client: FlaskClient, html: dict[str, str]) -> None:
    relations = part(page(client, html, "/actor/northland"), "relations")
    denied = re.search(
        r'<li class="tie"><p><span class="tag not">not</span> <a href="/event/toll-dispute-2019">', relations
    )
    assert denied is not None
    assert 'href="/claim/border-2020/2-001">Northland handed over maps' in relations
    incoming = part(page(client, html, "/thing/ferry-maps"), "relations")
    assert "<h3>… Maps of the &lt;crossing&gt;</h3>" in incoming
    assert incoming.count("<h3>") == 1


def test_a_speaker_says_what_through_whom(client: FlaskClient, html: dict[str, str]) -> None:
    says = part(page(client, html, "/actor/observers"), "says")
    assert "through River Institute</a>&nbsp;<span" in says
    assert "Tolls may rise" in says
    own = part(page(client, html, "/actor/institute"), "says")
    assert '<a href="/claims?speaker=actor/institute&amp;attribution=own">in its own voice</a>' in own


def test_an_outlet_shows_the_claims_that_rest_on_what_appeared_there(client: FlaskClient, html: dict[str, str]) -> None:
    text = page(client, html, "/actor/daily-post")
    assert re.search(r'<a href="/claims\?outlet=actor/daily-post"><b>\d+</b> claims?</a> that rest on', text)
    assert 'href="/claims/query?outlet=actor/daily-post"' in text
    assert '<article class="claim">' in part(text, "outlet")
    assert '<div class="thing">' in text


def test_a_thing_of_a_class_with_a_plural_name_is_spoken_of_as_several(client: FlaskClient) -> None:
    found = thing_page(client.application.extensions["ascribe"], f"{BASE}actor/institute")
    several = replace(found, types=(Link("armed forces"),))
    assert (several.this, several.its_words) == ("these armed forces", "What these armed forces say")
    assert replace(found, types=(Link("process"),)).its_words == "What this process says"


def test_contents_and_deadlines_have_their_speakers(client: FlaskClient) -> None:
    site = client.application.extensions["ascribe"]
    part, claim = Term(f"{BASE}agreement/accord/1"), Term(f"{BASE}claim/border-2020/2-001")
    row = {
        "part": part, "claim": claim, "relation": Term(f"{ASC}content"), "value": Term("Free passage", "literal"),
        "polarity": Term(f"{SCHEMES}polarity/negative"), "modality": Term(f"{SCHEMES}modality/hedged"),
    }  # fmt: skip
    rows = [{**row, "speaker": Term(f"{BASE}actor/{name}")} for name in ("institute", "observers")]
    (found,) = worded(site, rows, "content")
    assert (found.text, found.denied) == ("Free passage", True)
    (said,) = found.claims
    assert said.claim.href == "/claim/border-2020/2-001"
    assert [each.href for each in said.speakers] == ["/actor/institute", "/actor/observers"]
    assert said.modality == "hedged"
    assert worded(site, rows, "deadline") == ()


def test_reference_data_names_its_source(client: FlaskClient, html: dict[str, str]) -> None:
    assert "from an invented list" in page(client, html, "/actor/northland")
    assert "from an invented gazetteer" in page(client, html, "/place/ferry-town")


def test_what_was_inferred_stands_apart(client: FlaskClient, html: dict[str, str]) -> None:
    text = page(client, html, "/actor/northland")
    inferred = re.search(r'<section class="inferred">.*?</section>', text)
    assert inferred is not None
    assert "Inferred from the ontology" in inferred.group()
    assert ">actor</a>" in inferred.group()
    assert "Entity" not in inferred.group()


def test_an_agreement_lists_provisions_and_says_what_no_claim_says(client: FlaskClient, html: dict[str, str]) -> None:
    provisions = part(page(client, html, "/agreement/river-accord"), "provisions")
    assert '<a href="/agreement/river-accord/article-1">Free passage</a>' in provisions
    assert "what it asks · whom it obliges · for whose good · by when · whether it was kept" in provisions
    assert "No claim says that it was kept or broken." in provisions
    assert "<h4>signed</h4>" in provisions
    article = part(page(client, html, "/agreement/river-accord/article-1"), "provisions")
    assert '<a href="/agreement/river-accord">River Accord</a> as a whole' in article


def test_figures_dates_and_places_are_drawn_where_there_are_some(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = page(drawn, html, "/place/ferry-town")
    assert 'class="locator"' in text
    assert 'id="dates"' in text
    assert 'id="figures"' in text
    assert 'class="locator"' not in page(drawn, html, "/actor/north")


def test_contents_stand_in_the_order_of_the_page(client: FlaskClient, html: dict[str, str]) -> None:
    for path in ("/actor/institute", "/actor/northland", "/agreement/river-accord", "/actor/daily-post"):
        text = page(client, html, path)
        anchors = re.findall(r'<a href="#([a-z]+)">', re.search(r'<nav class="contents".*?</nav>', text).group())  # type: ignore[union-attr]
        assert anchors == sorted(anchors, key=lambda anchor: text.index(f' id="{anchor}"'))


def test_contents_lead_to_parts_that_are_there(client: FlaskClient, html: dict[str, str]) -> None:
    text = page(client, html, "/agreement/river-accord")
    anchors = re.findall(r'<a href="#([a-z]+)">', re.search(r'<nav class="contents".*?</nav>', text).group())  # type: ignore[union-attr]
    assert "provisions" in anchors
    assert all(f'id="{anchor}"' in text for anchor in anchors)
