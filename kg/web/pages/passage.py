"""A passage: where it is in the text, and what stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.web import negotiated
from kg.web.claims import listed, ranges
from kg.web.models import Fact
from kg.web.nodes import facts, head, links, read_nodes

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.models import Card, Head, Pager, Range
    from kg.web.site import Site

blueprint = Blueprint("passage", __name__)


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Shows a passage: its ranges in the text, and the claims and the footnote that stand on it."""

    head: Head
    facts: tuple[Fact, ...]
    ranges: tuple[Range, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/passage/<path:name>")
def passage(name: str) -> BaseResponse:
    """Show a passage, or give its data."""
    return negotiated.thing("passage", name, _page)


def _page(site: Site, iri: str) -> str:
    return render_template("passage.html", page=passage_page(site, iri, negotiated.page_number()))


def passage_page(site: Site, iri: str, page: int) -> PassagePage:
    """Return the page of a passage: where it is in the text, and what stands on it."""
    nodes = read_nodes(site, iri)
    cards, pager = listed(site, "claims-passage", iri, page, f"{site.path(iri)}?page=", 0)
    texts = sorted({term for node in nodes.values() for term in node.get("hasSource", "http://www.w3.org/ns/oa#")})
    owners = [row["owner"] for row in site.rows("owner", iri) if site.kind(row["owner"].value) == "reference"]
    site.learn(term.value for term in owners)
    footnotes = (Fact("Footnote", links(site, owners)),) if owners else ()
    label = site.label(iri).text
    return PassagePage(
        head(site, iri, label, "passage", f"Passage {label}."),
        (Fact("Source", links(site, texts)), *facts(site, nodes[iri], {"page": "Page"}), *footnotes),
        ranges(nodes),
        cards,
        pager,
    )
