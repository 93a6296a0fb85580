"""A cited work: its record, the footnotes that cite it, and the claims that rest on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.vocab import ASC, DCTERMS
from kg.web import negotiated
from kg.web.claims import listed
from kg.web.nodes import facts, head, links, read_nodes

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.models import Card, Fact, Head, Link, Pager
    from kg.web.rows import Row
    from kg.web.site import Site

blueprint = Blueprint("work", __name__)


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Shows a cited work: its record, the footnotes that cite it and the claims that rest on it."""

    head: Head
    types: tuple[Link, ...]
    facts: tuple[Fact, ...]
    references: tuple[Link, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/work/<path:name>")
def work(name: str) -> BaseResponse:
    """Show a cited work, or give its data."""
    return negotiated.thing("work", name, _page)


def _page(site: Site, iri: str) -> str:
    return render_template("work.html", page=work_page(site, iri, negotiated.page_number()))


def work_page(site: Site, iri: str, page: int) -> WorkPage:
    """Return the page of a cited work."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    found = site.rows("references", iri)
    site.learn(row["section"].value for row in found if "section" in row)
    references = tuple(site.link(row["reference"], _page_note(site, row)) for row in found)
    cards, pager = listed(site, "claims-work", iri, page, f"{site.path(iri)}?page=", 0)
    terms = {
        "alternative": "Translated title",
        "creator": "Authors",
        "date": "Date",
        "language": "Language",
        "bibliographicCitation": "Detail",
    }
    author = ", ".join(link.label for link in links(site, node.get("creator", DCTERMS)))
    author += ": " if author else ""
    return WorkPage(
        head(site, iri, label.text, "work", f"{author}“{label.text}”, as cited.", label.language),
        tuple(site.link(term) for term in node.types if term.value not in (f"{ASC}Entity", f"{ASC}Work")),
        (
            *facts(site, node, terms, DCTERMS),
            *facts(site, node, {"outlet": "Outlet", "url": "Address as printed", "note": "Curator's note"}),
        ),
        references,
        cards,
        pager,
    )


def _page_note(site: Site, row: Row) -> str:
    page = f"p. {row['page'].value}" if "page" in row else ""
    section = site.label(row["section"].value).text if "section" in row else ""
    return ", ".join(filter(None, (section, page)))
