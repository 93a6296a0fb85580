"""The ontology's documentation and its data, under the path of its own IRI."""

import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.vocab import ASC, SCHEMES

FORMS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}


def subjects(content: bytes, form: ox.RdfFormat) -> set[str]:
    return {quad.subject.value for quad in ox.parse(content, format=form)}


@pytest.fixture
def version(client: FlaskClient) -> str:
    """The address of the ontology's version, as the page says it."""
    return str(re.findall(r'<(/ns/[^>]+)>; rel="latest-version"', client.get("/ns").headers["Link"])[0])


def test_the_page_has_an_entry_for_each_term(client: FlaskClient) -> None:
    page = client.get("/ontology").text
    for anchor in ("State", "handedOver", "signed", "modality.conditional", "vocabulary.modality", "shape.Claim-text"):
        assert page.count(f'id="{anchor}"') == 1
    assert "Gave something to someone." in page
    assert "&lt;h" not in page  # no tag of the page's own is shown as text
    assert re.search(r'<article class="term" id="signed">\s*<h3>', page)
    assert re.search(r'<article class="term" id="modality.conditional">\s*<h4>', page)
    assert 'href="/claims?modality=conditional"' in page
    assert "<script" not in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= {
        *re.findall(r'id="([^"]+)"', page),
        "claimant",
        "reportedBy",
    } | {
        "Claim",
        "Passage",
        "Source",
        "Statement",
        "Entity",
        "Figure",
        "Reference",
        "Work",
        "modality",
        "confidence",
        "Agreement",
        "Actor",
    }


def test_links_to_claims_lead_to_as_many_claims(client: FlaskClient) -> None:
    page = client.get("/ontology").text
    found = re.findall(r'<a href="(/claims\?[^"]+)">([0-9,]+) claims?</a>', page)
    assert found
    for address, number in found:
        assert re.search(rf"<b>\s*{number}\s*</b>|\b{number} claims?\b", client.get(address).text), address


def test_every_other_number_leads_to_the_query_that_counts_it(published: FlaskClient) -> None:
    used = re.findall(r'<p class="used">(.*?)</p>', published.get("/ontology").text)
    shown = [each for each in used if re.match(r"(<a |\d)", each)]
    assert shown
    found = re.findall(r'<a href="(/sparql\?query=[^"]+)&amp;edit=1">([0-9,]+) ', " ".join(shown))
    asked = [(address, int(number.replace(",", ""))) for address, number in found]
    assert len(asked) > 2
    for address, number in asked:
        rows = published.get(f"{address}&format=csv").text.strip().split("\r\n")[1:]
        assert len(rows) == number, address
    assert not [each for each in shown if re.search(r"[0-9]", re.sub(r"<a .*?</a>", "", each))]
    assert any("inferred or computed</a>" in each for each in shown)


@pytest.mark.parametrize("path", ["/ontology", "/ns", "/ns/", "version"])
def test_the_ontology_is_negotiated(client: FlaskClient, version: str, path: str) -> None:
    path = version if path == "version" else path
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert 'id="signed"' in page.text
    for suffix, (media, form) in FORMS.items():
        response = client.get(path, headers={"Accept": media})
        assert (response.status_code, response.mimetype) == (200, media)
        assert f"{ASC}signed" in subjects(response.data, form)
        assert "Accept" in response.vary
        assert f'.{suffix}>; rel="alternate"; type="{media}"' in response.headers["Link"]
        assert f'<{version}>; rel="latest-version"' in response.headers["Link"]
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("suffix", FORMS)
def test_the_ontology_is_given_by_suffix_too(client: FlaskClient, version: str, suffix: str) -> None:
    media, _ = FORMS[suffix]
    assert client.get(f"/ns.{suffix}").mimetype == media
    assert client.get(f"{version}.{suffix}").data == client.get(f"/ns.{suffix}").data
    assert client.get("/ns.csv").status_code == 404


def test_a_term_leads_to_its_place_and_has_its_data(client: FlaskClient) -> None:
    places = {
        "modality": "vocabulary.modality",
        "modality/conditional": "modality.conditional",
        "signed": "signed",
        "shape/Claim-text": "shape.Claim-text",
        "shape": "rules",
    }
    for name, place in places.items():
        response = client.get(f"/ns/{name}", headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["Location"]) == (303, f"/ontology#{place}")
    concept, scheme = f"{SCHEMES}modality/conditional", f"{SCHEMES}modality"
    for suffix, (media, form) in FORMS.items():
        assert subjects(client.get("/ns/modality/conditional", headers={"Accept": media}).data, form) == {concept}
        assert subjects(client.get(f"/ns/modality/conditional.{suffix}").data, form) == {concept}
        assert {concept, scheme} <= subjects(client.get(f"/ns/modality.{suffix}").data, form)
        assert subjects(client.get(f"/ns/signed.{suffix}").data, form) == {f"{ASC}signed"}
    assert client.get("/ns/shape.ttl").mimetype == "text/turtle"
    assert client.get("/ns/shape/Claim-text.ttl").headers["Location"] == "/ns/shape.ttl"


@pytest.mark.parametrize("name", ["9.9.9", "modality/nothing", "Nobody", "a%3Cb", "modality/nothing.ttl", "shape.nt"])
def test_what_is_not_there_is_said_to_be_missing(client: FlaskClient, name: str) -> None:
    assert client.get(f"/ns/{name}").status_code == 404
