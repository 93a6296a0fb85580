"""A footnote: the works that it cites, and the claims that it is the evidence of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.web import negotiated
from kg.web.claims import listed, ranges
from kg.web.margin import source_id
from kg.web.models import Fact
from kg.web.nodes import facts, head, read_nodes, source_of
from kg.web.shelf import shelf

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.models import Card, Head, Pager, Range
    from kg.web.site import Site

blueprint = Blueprint("reference", __name__)


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """Shows a footnote: the works that it cites, and the claims that it is the evidence of."""

    head: Head
    facts: tuple[Fact, ...]
    place: str  # where it stands in the reader
    ranges: tuple[Range, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/reference/<path:name>")
def reference(name: str) -> BaseResponse:
    """Show a footnote, or give its data."""
    return negotiated.thing("reference", name, _page)


def _page(site: Site, iri: str) -> str:
    has_text = shelf().copy(site.build(), source_id(site, iri)) is not None
    return render_template("reference.html", page=reference_page(site, iri, negotiated.page_number(), has_text))


def reference_page(site: Site, iri: str, page: int, has_text: bool = False) -> ReferencePage:
    """Return the page of a footnote: what it cites and which claims rest on it; `has_text`: the reader shows it."""
    nodes = read_nodes(site, iri)
    node, title = nodes[iri], site.label(iri).text.capitalize()
    cards, pager = listed(site, "claims-reference", iri, page, f"{site.path(iri)}?page=", 0)
    names = {
        "citesWork": "Cites",
        "printed": "Printed as",
        "inSection": "Section",
        "page": "Page",
        "mark": "Offset of the mark",
        "accessed": "Accessed, as printed",
        "passage": "Passage",
        "note": "Curator's note",
    }
    source = source_of(site, iri)
    section = next((term.value for term in node.get("inSection")), None)
    anchor = f"note-{node.one('number')}" if has_text else f"p-{node.one('page')}"
    return ReferencePage(
        head(
            site,
            iri,
            title,
            "reference",
            f"{title}, in: {site.label(source).text}.",
        ),
        (Fact("Source", (site.link(source),)), *facts(site, node, names)),
        f"{site.path(section)}#{anchor}" if section else "",
        ranges(nodes),
        cards,
        pager,
    )
