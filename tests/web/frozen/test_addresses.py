"""Where addresses of the site stand in the static copy."""

import pytest

from kg.web.frozen import rewriting
from kg.web.frozen.addresses import target


@pytest.mark.parametrize(
    ("address", "file", "behind"),
    [
        ("/", "index.html", ""),
        ("/claims", "claims.html", ""),
        ("/claims?page=2", "claims.page-2.html", ""),
        ("/claims?framing=annexation", "search.html", "?framing=annexation"),
        ("/claims.csv", "claims.csv", ""),
        ("/claims.csv?kind=EventClaim", "sparql.html", ""),
        ("/claim/report/2-031", "claim/report/2-031.html", ""),
        ("/claim/report/4.1-003", "claim/report/4.1-003.html", ""),
        ("/claim/report/2-031.ttl", "claim/report/2-031.ttl", ""),
        ("/actor/northland?show=said&page=3#claims", "actor/northland.page-3.show-said.html", "#claims"),
        ("/actor/northland?show=said&page=1", "actor/northland.show-said.html", ""),
        ("/figures?measure=people-killed", "figures.html", ""),
        ("/ontology#Claim", "ontology.html", "#Claim"),
        ("/ns/0.1.0", "ns/0.1.0.html", ""),
        ("/ns/0.1.0.ttl", "ns/0.1.0.ttl", ""),
        ("/search?q=shusha&kind=place", "search.html", "?q=shusha&kind=place"),
        ("/graph?start=actor/x", "graph.html", "?start=actor%2Fx"),
        ("/graph.csv?start=actor/x", "sparql.html", ""),
        ("/sparql?query=ASK+%7B%7D&edit=1", "sparql.html", "?query=ASK+%7B%7D"),
        ("/static/vendor/leaflet/leaflet.css", "static/vendor/leaflet/leaflet.css", ""),
        ("/downloads/ontology/index.html", "downloads/ontology/index.html", ""),
    ],
)
def test_an_address_has_one_file(address: str, file: str, behind: str) -> None:
    found = target(address)
    assert (found.file, found.behind) == (file, behind)


def test_links_are_relative_from_any_depth() -> None:
    at = target("/claim/report/2-031?page=2#passage")
    assert at.link("index.html") == "claim/report/2-031.page-2.html#passage"
    assert at.link("claim/report/2-030.html") == "2-031.page-2.html#passage"
    assert at.link("actor/northland.html") == "../claim/report/2-031.page-2.html#passage"
    assert target("/").link("claim/report/2-031.html") == "../../index.html"


def test_a_page_is_rewritten_whole() -> None:
    page = (
        '<link href="/static/style.css"><a href="/claims?framing=a&amp;q=b">x</a><a href="https://example.org/">y</a>'
        '<a href="#here">z</a><script type="module" src="/static/reading.js"></script><div data-world="/static/w.json">'
        '<form action="/search"><input name="q"></form><form action="/figures"><select></select></form>'
        "<footer></footer>"
    )
    made = rewriting.rewritten(page, "actor/x.html", "<p>A copy.</p>", target)
    assert 'href="../static/style.css"' in made
    assert 'href="../search.html?framing=a&amp;q=b"' in made
    assert 'href="https://example.org/"' in made
    assert 'href="#here"' in made
    assert '<script defer src="../static/reading.js">' in made
    assert 'data-world="../static/w.json"' in made
    assert '<form action="../search.html"><input name="q"></form>' in made
    assert "<select>" not in made
    assert "<p>A copy.</p>\n</footer>" in made
    assert list(rewriting.links("x.css", b"a { background: url(images/a.png) }")) == ["/images/a.png"]
