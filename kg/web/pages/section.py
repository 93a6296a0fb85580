"""A section of a source, with its claims in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.vocab import ASC
from kg.web import negotiated
from kg.web.claims import listed
from kg.web.models import Fact
from kg.web.nodes import facts, head, read_nodes, source_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.models import Card, Head, Pager
    from kg.web.site import Site

blueprint = Blueprint("section", __name__)


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Shows a section: where it stands and its claims in the order of the text."""

    head: Head
    facts: tuple[Fact, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/section/<path:name>")
def section(name: str) -> BaseResponse:
    """Show a section, or give its data."""
    return negotiated.thing("section", name, _page)


def _page(site: Site, iri: str) -> str:
    return render_template("section.html", page=section_page(site, iri, negotiated.page_number()))


def section_page(site: Site, iri: str, page: int) -> SectionPage:
    """Return the page of a section with its claims in the order of the text."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    cards, pager = listed(site, "claims-section", iri, page, f"{site.path(iri)}?page=", 0)
    source = source_of(site, iri)
    names = {"number": "Number", "subsectionOf": "Part of", "firstPage": "First page", "lastPage": "Last page"}
    return SectionPage(
        head(site, iri, label.text, "section", f"“{label.text}”, in: {site.label(source).text}."),
        (Fact("Source", (site.link(source),)), *facts(site, node, names), *_subsections(site, iri)),
        cards,
        pager,
    )


def _subsections(site: Site, iri: str) -> tuple[Fact, ...]:
    found = [row["part"].value for row in site.rows("parts", iri) if row["property"].value == f"{ASC}subsectionOf"]
    site.learn(found)
    return (Fact("Subsections", tuple(map(site.link, found))),) if found else ()
