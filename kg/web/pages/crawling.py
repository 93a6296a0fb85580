"""What crawlers read: which addresses there are, and which lead nowhere new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from markupsafe import escape

from kg.errors import NotFoundError
from kg.store.entries import KINDS
from kg.vocab import ASC
from kg.web.negotiated import site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.web.site import Site

blueprint = Blueprint("crawling", __name__)
_UNCOUNTED = ("provision", "section")
_FULL = 20_000  # addresses of one list; the protocol takes 50,000
_THINGS = (*KINDS, "provision", "claim", "section", "reference")  # that have pages; their classes are named alike
_WITHIN = {"provision": "agreement"}  # what stands at the addresses of another kind
_PAGES = (
    "/", "/claims", *(f"/{kind}" for kind in KINDS), "/graph", "/network", "/map", "/timeline", "/figures",
    "/questions", "/ontology", "/downloads",
)  # fmt: skip
_CLOSED = (
    "/sparql",
    "/data",
    "/search",
    "/claims?",
    "/claims.",
    "/graph?",
    "/graph/",
    "/network/",
    "/health",
    "/metrics",
)
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what is worth their while."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED), f"Sitemap: {request.url_root}sitemap.xml"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the lists of addresses."""
    counts = {row["class"].value.removeprefix(ASC): int(row["count"].value) for row in site().rows("counts")}
    names = ["pages", "questions"]
    for kind in _THINGS:
        lists = -(-counts.get(kind.capitalize(), 0) // _FULL) if kind not in _UNCOUNTED else 1
        names += [f"{kind}-{number}" for number in range(1, lists + 1)]
    return _xml("sitemapindex", "sitemap", (f"/sitemap/{name}.xml" for name in names))


@blueprint.get("/sitemap/<name>.xml")
def listed(name: str) -> Response:
    """List addresses: of pages, of questions, or of the things of a kind."""
    shown = site()
    if name == "pages":
        return _xml("urlset", "url", _PAGES)
    if name == "questions":
        return _xml("urlset", "url", (f"/questions/{each}" for each in shown.examples))
    kind, _, number = name.rpartition("-")
    if kind not in _THINGS or not (number.isascii() and number.isdigit() and 0 < int(number) < 10_000):
        raise NotFoundError(f"There is no list {name}. All lists stand in /sitemap.xml.")
    return _xml("urlset", "url", _things(shown, kind, int(number)))


def _things(site: Site, kind: str, number: int) -> Iterator[str]:
    """Yield the addresses of one list of things that have a page of their own."""
    for row in site.rows("sitemap", f"{ASC}{kind.capitalize()}", limit=_FULL, offset=(number - 1) * _FULL):
        path = site.path(row["thing"].value)
        if path is not None and path.startswith(f"/{_WITHIN.get(kind, kind)}/") and "#" not in path:
            yield path


def _xml(outer: str, inner: str, paths: Iterable[str]) -> Response:
    root = request.url_root.rstrip("/")
    rows = "".join(f"<{inner}><loc>{escape(root + path)}</loc></{inner}>\n" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_SPACE}">\n{rows}</{outer}>\n'
    return Response(text, content_type="application/xml; charset=utf-8")
