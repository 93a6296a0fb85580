"""A source: its record, its outline, and its claims in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.vocab import DCTERMS
from kg.web import negotiated
from kg.web.claims import listed
from kg.web.models import Fact, Link
from kg.web.nodes import facts, head, read_nodes

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.models import Card, Head, Pager
    from kg.web.rows import Row
    from kg.web.site import Site

blueprint = Blueprint("source", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """Shows one section in an outline."""

    link: Link
    number: str
    pages: str
    claims: int
    nested: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Shows a source: its record, its outline and its claims in the order of the text."""

    head: Head
    facts: tuple[Fact, ...]
    outline: tuple[Entry, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/source/<path:name>")
def source(name: str) -> BaseResponse:
    """Show a source, or give its data."""
    return negotiated.thing("source", name, _page)


def _page(site: Site, iri: str) -> str:
    return render_template("source.html", page=source_page(site, iri, negotiated.page_number()))


def source_page(site: Site, iri: str, page: int) -> SourcePage:
    """Return the page of a source: outline, then one page of its claims in the order of the text."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    found = site.rows("outline", iri)
    total = next((int(row["claims"].value) for row in site.rows("sources") if row["source"].value == iri), 0)
    cards, pager = listed(site, "claims-source", iri, page, f"{site.path(iri)}?page=", total)
    terms = {"title": "Title", "creator": "Authors", "publisher": "Publisher", "date": "Date", "language": "Language"}
    edition = tuple(
        Link(given.one("identifier", DCTERMS), None, f"{given.one('length')} code points, sha256 {given.one('sha256')}")
        for term in node.get("textEdition")
        if (given := nodes.get(term.value)) is not None
    )
    pinned = (Fact("Text edition", edition),) if edition else ()
    return SourcePage(
        head(site, iri, label.text, "source", f"“{label.text}”, read as claims."),
        (*facts(site, node, terms, DCTERMS), *facts(site, node, {"publishedIn": "Published in"}), *pinned),
        tuple(_entry(site, row) for row in found),
        cards,
        pager,
    )


def _entry(site: Site, row: Row) -> Entry:
    ends = [row[name].value for name in ("firstPage", "lastPage") if name in row]
    return Entry(
        Link(row["title"].value, site.path(row["section"].value)),
        row["number"].value if "number" in row else "",
        "–".join(dict.fromkeys(ends)),
        int(row["claims"].value),
        "parent" in row,
    )
