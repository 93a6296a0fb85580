"""A passage: where it is in the text, and what stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from kg import anchors
from kg.vocab import DCTERMS, OA
from kg.web import negotiated
from kg.web.claims import listed, ranges
from kg.web.margin import place, source_id
from kg.web.models import Fact
from kg.web.nodes import facts, head, links, read_nodes
from kg.web.shelf import PRIVATE, shelf
from kg.web.typeset import shown

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.texts import Copy
    from kg.web.models import Card, Head, Link, Pager, Range
    from kg.web.nodes import Node
    from kg.web.site import Site

blueprint = Blueprint("passage", __name__)


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Shows a passage: its ranges in the text, and the claims and the footnote that stand on it.

    `place` leads to it in the reader; `words` are its pieces in the operator's copy of the text, if there is one.
    """

    head: Head
    facts: tuple[Fact, ...]
    place: str
    words: tuple[str, ...]
    publishers: tuple[Link, ...]
    ranges: tuple[Range, ...]
    claims: tuple[Card, ...]
    pager: Pager


@blueprint.get("/passage/<path:name>")
def passage(name: str) -> BaseResponse:
    """Show a passage, or give its data."""
    return negotiated.thing("passage", name, _page)


def _page(site: Site, iri: str) -> str | BaseResponse:
    copy = shelf().copy(site.build(), source_id(site, iri))
    page = passage_page(site, iri, negotiated.page_number(), copy)
    return Response(render_template("passage.html", page=page), headers=PRIVATE if page.words else {})


def passage_page(site: Site, iri: str, page: int, copy: Copy | None = None) -> PassagePage:
    """Return the page of a passage: where it is in the text, and what stands on it."""
    nodes = read_nodes(site, iri)
    cards, pager = listed(site, "claims-passage", iri, page, f"{site.path(iri)}?page=", 0)
    texts = sorted({term for node in nodes.values() for term in node.get("hasSource", OA)})
    used = site.rows("owner", iri)
    owners = [row["owner"] for row in used if site.kind(row["owner"].value) == "reference"]
    section = next((row["section"].value for row in used if "section" in row), None)
    where = ""
    if section is not None:
        where = place(site, section, iri)
        if owners and len(owners) == len(used):  # a footnote's: its number is there where the text is
            note = site.label(owners[0].value).text.split()[-1]
            at = read_nodes(site, owners[0].value)[owners[0].value].one("page")
            where = f"{site.path(section)}#" + (f"note-{note}" if copy else f"p-{at}")
    site.learn(term.value for term in owners)
    footnotes = (Fact("Footnote", links(site, owners)),) if owners else ()
    label = site.label(iri).text
    return PassagePage(
        head(site, iri, label, "passage", f"Passage {label}."),
        (Fact("Source", links(site, texts)), *facts(site, nodes[iri], {"page": "Page"}), *footnotes),
        where,
        _words(nodes, copy) if copy else (),
        links(
            site,
            [term for text in texts for term in read_nodes(site, text.value)[text.value].get("publisher", DCTERMS)],
        ),
        ranges(nodes),
        cards,
        pager,
    )


def _words(nodes: dict[str, Node], copy: Copy) -> tuple[str, ...]:
    """Return what a passage says in the copy, piece by piece."""
    found = []
    for node in nodes.values():
        for selector in node.get("hasSelector", OA):
            at, letters = nodes[selector.value], node.one("letters")
            start, end = int(at.one("start", OA)), int(at.one("end", OA))
            wanted = anchors.Range(start, end, node.one("sha256"), int(letters) if letters else None)
            found += [(start, shown(copy.text[piece.start : piece.end])) for piece in copy.place(wanted)]
    return tuple(words for _, words in sorted(found, key=lambda each: each[0]))
