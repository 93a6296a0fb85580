"""The browser looks at every page there is: each route is a page that is visited, or gives data or leads to another."""

from kg.config import Config
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from tests.browser.pages import PAGES
from tests.conftest import REPO

NO_PAGE = (  # what gives data, or leads to another page
    ".<", "/<any(statement,", "/claims/query", "/data", "/downloads/<", "/figures.csv", "/graph/<", "/health",
    "/linkset", "/map.csv", "/metrics", "/network/<", "/np/", "/ns", "/ontology/static", "/openapi", "/robots",
    "/sitemap", "/sparql/terms", "/static", "/timeline.csv", "/version", "/.well-known",
)  # fmt: skip


def test_every_page_is_visited(built: Config) -> None:
    engine = EmbeddedEngine(built.build / "current", built.limits)
    try:
        app = create_app(Config(root=REPO, build=built.build), engine)
    finally:
        engine.close()
    rules = {each.rule for each in app.url_map.iter_rules() if "GET" in (each.methods or ())}
    pages = {rule for rule in rules if not any(part in rule for part in NO_PAGE)}
    at = app.url_map.bind("localhost")
    addresses = [kind.address.partition("?")[0] for kind in PAGES if kind.status == 200]
    visited = {at.match(address, return_rule=True)[0].rule for address in addresses}  # type: ignore[union-attr]
    assert pages - visited == set()
    assert len(pages) > 15
