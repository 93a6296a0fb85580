"""A search over everything: entities, works, sections and claims, by words and names in any spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from kg.errors import UsageError
from kg.store import search
from kg.vocab import KINDS
from kg.web import menus, negotiated, widening
from kg.web.citing import tools
from kg.web.models import Link, Pager, Tab, Tools, Widened

if TYPE_CHECKING:
    from kg.web.site import Site

blueprint = Blueprint("search", __name__)
_HITS = 20
_GRAPHS = {"turtle": "Turtle", "jsonld": "JSON-LD"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Shows a piece of a snippet, marked when it is what was searched for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Shows one thing found."""

    link: Link
    kind: str
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Shows what was found for some words."""

    words: str
    kind: str | None
    total: int
    widened: Widened | None
    kinds: tuple[Tab, ...]
    facets: str  # address of the claims found, with facets
    results: tuple[Result, ...]
    pager: Pager
    tools: Tools | None  # none where nothing was found


@blueprint.get("/search")
def found() -> str:
    """Show what is found for some words."""
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise UsageError(f"There is no kind “{kind}”. Kinds are: {', '.join(KINDS)}.")
    words = request.args.get("q", "").strip()
    page = search_page(negotiated.site(), words, kind, negotiated.page_number())
    return render_template("search.html", page=page)


def search_page(site: Site, words: str, kind: str | None, page: int) -> SearchPage:
    """Return one page of what is found for some words."""
    offset = (page - 1) * _HITS
    found = search.find(site.build().search, words, kind, _HITS, offset)
    everything = sum(found.kinds.values())
    tabs = [Tab("everything", everything, _href(words, None), kind is None)] if everything else []
    tabs += [Tab(name, count, _href(words, name), name == kind) for name, count in found.kinds.items()]
    widened = widening.widened(site, found.also, _href(found.verbatim, kind))
    results = tuple(Result(Link(hit.label, site.path(hit.iri)), hit.kind, _pieces(hit.snippet)) for hit in found.hits)
    last = offset + len(results)
    pager = Pager(
        offset + 1,
        last,
        found.total,
        _href(words, kind, page - 1) if page > 1 else None,
        _href(words, kind, page + 1) if last < found.total else None,
    )
    facets = f"/claims?{urlencode({'q': words})}" if found.kinds.get("claim") else ""
    offered = _tools(site, [hit.iri for hit in found.hits], words, kind, page)
    return SearchPage(words, kind, found.total, widened, tuple(tabs), facets, results, pager, offered)


def _tools(site: Site, iris: list[str], words: str, kind: str | None, page: int) -> Tools | None:
    """Return the data, query and citation of the things found: the text index itself is none of the graph's."""
    if not iris:
        return None
    base = site.build().base
    names, graph = (site.pages[each].filled(base, values=iris) for each in ("labels", "things-data"))
    data = [Link("CSV", menus.data(names, "csv"))]
    data += [Link(label, menus.data(graph, key)) for key, label in _GRAPHS.items()]
    title = f"Search for “{words}”"
    return tools(site, data, menus.editor(names), f"{base}{_href(words, kind, page)[1:]}", title, f"{title}.")


def _href(words: str, kind: str | None, page: int = 1) -> str:
    return (
        f"/search?{urlencode({'q': words, **({'kind': kind} if kind else {}), **({'page': page} if page > 1 else {})})}"
    )


def _pieces(snippet: str) -> tuple[Piece, ...]:
    pieces = []
    for part in snippet.split(search.OPEN):
        marked, closed, rest = part.partition(search.CLOSE)
        if closed:
            pieces += [Piece(marked, True), Piece(rest, False)]
        else:
            pieces.append(Piece(part, False))
    return tuple(piece for piece in pieces if piece.text)
