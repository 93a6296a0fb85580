"""A source: its record, its outline and page map, and the ways into the reader and its references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, render_template

from kg.errors import NotFoundError
from kg.protocol import GRAPH_FORMATS
from kg.store import reading
from kg.store.facets import key_of
from kg.vocab import DCTERMS
from kg.web import negotiated
from kg.web.citing import tools
from kg.web.languages import spoken
from kg.web.margin import numbered, own_stretches, source_id
from kg.web.models import Fact, Head, Link
from kg.web.nodes import facts, read_nodes
from kg.web.shelf import shelf

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.store.reading import Outline, Page, Section
    from kg.web.site import Site

blueprint = Blueprint("source", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """Shows one section in the outline; `claims` leads to them."""

    link: Link
    number: str
    pages: str
    claims: Link
    nested: bool


@dataclass(frozen=True, slots=True)
class PageEntry:
    """Shows one printed page: where in the reader it stands, how many claims it has, and how its number is known."""

    number: int
    places: tuple[Link, ...]
    claims: int
    inferred: bool
    note: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Shows a source: its record, its outline and its pages; `first` is the first section with claims."""

    head: Head
    facts: tuple[Fact, ...]
    total: int
    counted: str
    first: Link | None
    references: Link
    has_text: bool
    outline: tuple[Entry, ...]
    outline_query: str
    pages: tuple[PageEntry, ...]
    pages_query: str
    inferred: bool


@blueprint.get("/source/<path:name>")
def source(name: str) -> BaseResponse:
    """Show a source, or give its data."""
    return negotiated.thing("source", name, _page)


def _page(site: Site, iri: str) -> str:
    has_text = shelf().copy(site.build(), source_id(site, iri)) is not None
    return render_template("source.html", page=source_page(site, iri, has_text))


def source_page(site: Site, iri: str, has_text: bool = False) -> SourcePage:
    """Return the page of a source; `has_text` says whether the reader shows its text."""
    build = site.build()
    nodes = read_nodes(site, iri)
    outline = reading.outline(build.search, iri)
    if outline is None:
        raise NotFoundError(f"Nothing stands at {iri}. All sources stand at /source.")
    node, path = nodes[iri], site.path(iri)
    terms = {"creator": "Authors", "publisher": "Publisher", "date": "Date"}
    language = (Fact("Language", (Link(spoken(outline.language)),)),) if outline.language else ()
    edition = tuple(
        Link(given.one("identifier", DCTERMS), None, f"{given.one('length')} code points, sha256 {given.one('sha256')}")
        for term in node.get("textEdition")
        if (given := nodes.get(term.value)) is not None
    )
    pinned = (Fact("Text edition", edition),) if edition else ()
    query = site.editor("source-claims", iri)
    data = [Link(each.label, f"{path}.{each.suffix}") for each in GRAPH_FORMATS]
    data.append(Link("CSV of the claims", query.replace("edit=1", "format=csv")))
    cited = f"“{outline.title}”, read as claims."
    first = next((each for each in outline.sections if each.claims), None)
    works = sum(1 for _ in outline.footnotes)
    return SourcePage(
        Head(outline.title, "source", iri, tools(site, data, query, iri, outline.title, cited)),
        (*facts(site, node, terms, DCTERMS), *language, *facts(site, node, {"publishedIn": "Published in"}), *pinned),
        sum(each.claims for each in outline.sections),
        f"/claims?{urlencode({'source': key_of(iri, build.base)})}",
        Link(numbered(first), site.path(first.iri)) if first else None,
        Link(f"{works} footnote{'' if works == 1 else 's'} and what they cite", f"{path}/references"),
        has_text,
        tuple(_entry(site, each) for each in outline.sections),
        site.editor("outline", iri),
        tuple(_page_entry(site, outline, page) for page in outline.pages),
        site.editor("pages", iri),
        any(page.inferred for page in outline.pages),
    )


def _entry(site: Site, section: Section) -> Entry:
    key = key_of(section.iri, site.build().base)
    return Entry(
        Link(section.title, site.path(section.iri)),
        section.number,
        "–".join(dict.fromkeys(filter(None, (section.first_page, section.last_page)))),
        Link(str(section.claims), f"/claims?{urlencode({'section': key})}" if section.claims else None),
        bool(section.parent),
    )


def _page_entry(site: Site, outline: Outline, page: Page) -> PageEntry:
    places = tuple(
        Link(numbered(section), f"{site.path(section.iri)}#p-{page.number}")
        for section in outline.sections
        if any(low < page.end and page.start < high for low, high in own_stretches(outline, section))
    )
    return PageEntry(page.number, places, page.claims, page.inferred, page.note)
