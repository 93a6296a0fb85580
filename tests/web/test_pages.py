"""Each page through the test client: what it says, that it shows names and no IRIs, and its data."""

import re
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.store.builds import BASE
from tests.web.crawling import crawl

CLAIM = "/claim/border-2020/2-001"
PAGES = {
    "/": ("The Border Report", "3</b> claims", "Who says &lt;what&gt;?"),
    "/actor": ("Northland", "Ada Smith"),
    "/place": ("Ferry Town",),
    "/source": ("The Border Report",),
    "/actor/northland": ("Şimali Ölkə", "A state north of the river", "handed over", "nearly 97,000 buoys", "Inferred"),
    "/actor/institute": ("of others that it passes on", "What this research institute says", "Publisher of"),
    "/actor/daily-post": ("top-level domain of the printed address", "Southland"),
    "/place/ferry-town": ("10.5, 20.25", "from an invented gazetteer"),
    "/agreement/river-accord": ("Provisions", "Free passage", "signed"),
    "/agreement/river-accord/article-1": ("Provision of", "River Accord", "what it asks · whom it obliges"),
    "/event/toll-dispute-2019": ('<span class="tag not">not</span>', "participated in"),
    "/thing/ferry-maps": ("Maps of the &lt;crossing&gt;",),
    "/topic/tolls": ("nearly 97,000 buoys",),
    CLAIM: ("River Institute</a> says", "p. 3", "footnote 1", "Les cartes du fleuve", "nearly 97,000", "1100",
            "cfb97864", "as a neighbour", "Supported by", "From the curator", "so called"),
    "/claim/border-2020/2-002": ("some observers</a>, as reported by", "conditional", "if the ferry stops", "Supports"),
    "/source/border-2020": ("Outline", "The river crossing", "p. 3–9", "Read from the start", "5000 code points"),
    "/section/border-2020/2": ("The Border Report", "nearly 97,000 buoys", "Goes on in"),
    "/section/border-2020/2.1": (", in <a", "Tolls may rise"),
    "/passage/border-2020/1100-1150_1160-1199": ("1160", "d277427f", "nearly 97,000 buoys", "in its place"),
    "/passage/border-2020/4800-4850": ("footnote 1",),
    "/reference/border-2020/1": ("Footnote 1", "Les cartes du fleuve", "1200", "nearly 97,000 buoys"),
    "/work/post-2019-06-12": ("The river maps", "12 June 2019", "French", "Daily Post",
            "https://example.org/post/1", "Cited in", "97,000"),
    "/search?q=buoys": ("<mark>buoys</mark>",),
    "/ontology": ("handed over", "Gave something to someone.", "Modality"),
    "/sparql": ("PREFIX asc:", "Who says &lt;what&gt;?", "Choose one of 1"),
    "/sparql?example=speakers": ("SELECT ?speaker { ?claim asc:claimant ?speaker }",),
}  # fmt: skip


class Outline(HTMLParser):
    """Collects the texts that a reader sees, the addresses that lead on, and tags that are opened and never closed."""

    VOID = frozenset(("meta", "link", "input", "br"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("href", "action", "src")]
        self.faults += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not {"code", "textarea", "pre", "script"} & set(self.open):
            self.text += data


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    assert not found.open
    assert not found.faults
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_is_for(client: FlaskClient, html: dict[str, str], path: str) -> None:
    response = client.get(path, headers=html)
    assert response.status_code == 200
    for words in PAGES[path]:
        assert words in response.text
    seen = outline(response.text).text
    without_citation = re.sub(r"Cite as.*", "", seen, flags=re.DOTALL)
    assert "w3id.org" not in without_citation, "things are shown by their names"
    scripts = response.text.replace('<script type="application/ld+json">', "")  # which is no script
    assert ("<script" in scripts) == path.startswith("/sparql"), "only the editor needs one"


@pytest.mark.parametrize("path", [path for path in PAGES if path.count("/") > 1])
def test_every_page_of_a_thing_offers_data_query_address_and_citation(
    client: FlaskClient, html: dict[str, str], path: str
) -> None:
    text = client.get(path, headers=html).text
    iri = BASE + path.lstrip("/").split("?")[0]
    for expected in (".ttl", ".jsonld", ".nt", ".rdf", "the query behind it", "Permanent address", "Cite as", iri):
        assert expected in text


@pytest.mark.parametrize("path", [
    "/claims", "/claims?kind=FigureClaim", "/claims?q=zzz", "/actor", "/place?q=zzz", "/work", "/source",
    "/search?q=buoys", "/graph", "/network", "/map", "/timeline", "/figures", "/questions", "/downloads",
])  # fmt: skip
def test_every_page_of_many_things_offers_the_same(client: FlaskClient, html: dict[str, str], path: str) -> None:
    box = re.findall(r'<aside class="tools".*?</aside>', client.get(path, headers=html).text, re.DOTALL)
    assert len(box) == 1
    for expected in ("the query behind it", f"<code>{BASE}{path[1:]}</code>", "Cite as", "BibTeX", "@misc{"):
        assert expected in box[0]
    if path != "/downloads":  # of which this build has none
        assert "Turtle" in box[0]
    if path not in ("/network", "/graph", "/downloads"):
        assert {"CSV", "JSON-LD"} <= set(re.findall(r">([\w-]+)</a>", box[0]))


UNLINKED = (  # what only programs ask, and IRIs of the data that stand on the page of something else
    "/data", "/health", "/metrics", "/ns", "/sparql/terms.json", "/downloads/<path:name>", "/network/<any(",
    "/<any(statement,", "/robots.txt", "/sitemap", "/linkset.json", "/version/", "/np/",
)  # fmt: skip


def test_every_link_of_every_page_leads_somewhere(client: FlaskClient, html: dict[str, str]) -> None:
    found = crawl(client, lambda text: outline(text).addresses, html)
    assert not found.broken()
    rules = {rule.rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missed = rules - set(found.routes)
    assert not {rule for rule in missed if not rule.startswith(UNLINKED)}, "each page can be come to"
    assert f"{CLAIM}.ttl" in found.status
    assert any(target.startswith("/sparql?query=") for target in found.status)
    things = [path for path in PAGES if path.count("/") > 1 and "?" not in path]
    assert set(things) <= set(found.status)


def test_a_link_that_leads_nowhere_is_found() -> None:
    app = Flask("broken")
    pages = {
        "/": '<a href="/a"></a>',
        "/a": '<a href="/b?x=1"></a><a href="/gone"></a>',
        "/b": '<a href="/lost?y=1"></a>',
    }
    for path, text in pages.items():
        app.add_url_rule(path, path, lambda text=text: text)
    found = crawl(app.test_client(), lambda text: outline(text).addresses, {})
    assert found.broken() == {"/gone": (404, "/a")}
    assert found.routes == {"/": 1, "/a": 1, "/b": 1, "": 1}


@pytest.mark.parametrize(
    ("accept", "suffix", "form"),
    [
        ("text/turtle", ".ttl", ox.RdfFormat.TURTLE),
        ("application/n-triples", ".nt", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ".rdf", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ".jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_a_thing_gives_its_data_by_accept_and_by_suffix(
    client: FlaskClient, accept: str, suffix: str, form: ox.RdfFormat
) -> None:
    by_accept = client.get(CLAIM, headers={"Accept": f"{accept}, text/html;q=0.1"})
    by_suffix = client.get(CLAIM + suffix)
    assert by_accept.mimetype == by_suffix.mimetype == accept
    assert by_accept.headers["Vary"] == "Accept, Accept-Encoding"
    assert by_accept.headers["Access-Control-Allow-Origin"] == "*"
    triples = set(ox.parse(by_suffix.data, format=form))
    assert triples == set(ox.parse(by_accept.data, format=form))
    subjects = {quad.subject.value.removeprefix(BASE).split("#")[0] for quad in triples}  # type: ignore[union-attr]
    assert subjects == {
        "claim/border-2020/2-001",
        "figure/border-2020/2-001/1",
        "passage/border-2020/1100-1150_1160-1199",
        "statement/border-2020/2-001/1",
        "statement/border-2020/2-001/2",
    }


def test_data_leaves_out_what_was_inferred(client: FlaskClient) -> None:
    assert "asc:State" in client.get("/actor/northland.ttl").text
    assert "asc:Actor" not in client.get("/actor/northland.ttl").text
    assert "asc:scheme" in client.get("/actor/northland.ttl").text


def test_statements_and_figures_lead_to_their_claim(client: FlaskClient, html: dict[str, str]) -> None:
    response = client.get("/statement/border-2020/2-001/2", headers=html)
    assert response.status_code == 303
    assert response.headers["Location"] == f"{CLAIM}#statement-2"
    assert 'id="statement-2"' in client.get(CLAIM, headers=html).text
    assert "asc:handedOver" in client.get("/statement/border-2020/2-001/1.ttl").text


def test_none_of_the_formats_is_406(client: FlaskClient) -> None:
    response = client.get(CLAIM, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


@pytest.mark.parametrize(
    "path", ["/actor/nobody", "/claim/none.ttl", "/nix", "/actor/a%20b", "/statement/x/1/1", "/actor/%3E%3Cx"]
)
def test_what_is_not_there_is_404_and_says_what_to_do(client: FlaskClient, html: dict[str, str], path: str) -> None:
    response = client.get(path, headers=html)
    assert response.status_code == 404
    assert 'href="/search"' in response.text
    as_data = client.get(path, headers={"Accept": "application/json"})
    assert (as_data.status_code, as_data.mimetype) == (404, "application/problem+json")
    assert client.get(path, headers={"Accept": "text/turtle"}).mimetype == "text/plain"


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "9999999", "²"])
def test_a_page_number_is_a_number(client: FlaskClient, page: str) -> None:
    assert client.get(f"/work/post-2019-06-12?page={page}").status_code == 400


def test_a_page_past_the_end_is_empty(client: FlaskClient) -> None:
    assert "There are none." in client.get("/work/post-2019-06-12?page=5").text


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><script>x</script>"]
)
def test_what_a_visitor_types_stays_text(client: FlaskClient, html: dict[str, str], evil: str) -> None:
    for path, name in (("/search", "q"), ("/sparql", "query"), ("/search", "kind"), ("/actor", "q")):
        text = client.get(path, query_string={name: evil}, headers=html).text
        assert evil not in text
        outline(text)
    assert evil not in client.get(f"/actor/{evil}", headers=html).text


def test_search_says_when_nothing_is_found(client: FlaskClient, html: dict[str, str]) -> None:
    assert "Nothing holds all of these words" in client.get("/search?q=zzz", headers=html).text
    assert "<mark>" in client.get("/search?q=tolls&kind=claim", headers=html).text


def test_every_answer_has_the_security_headers(client: FlaskClient, html: dict[str, str]) -> None:
    for path in ("/", "/nix", "/sparql?query=x", f"{CLAIM}.ttl", "/static/style.css", "/health"):
        with client.get(path, headers=html) as response:
            headers = response.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers or headers["Content-Type"] != "text/html; charset=utf-8"


def test_health_and_void(client: FlaskClient) -> None:
    assert client.get("/health").get_json()["status"] == "ok"
    void = client.get("/.well-known/void")
    quads = list(ox.parse(void.data, format=ox.RdfFormat.TURTLE))
    assert any(quad.predicate.value.endswith("#sparqlEndpoint") for quad in quads)
    assert not any(isinstance(quad.object, ox.BlankNode) for quad in quads)
