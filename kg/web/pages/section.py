"""The reader: a section of a source, its claims beside the operator's own copy of the text, or by page without one.

The text is shown from memory, with `Cache-Control: private, no-store`, and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template

from kg.anchors import Range
from kg.errors import NotFoundError
from kg.protocol import GRAPH_FORMATS
from kg.store import reading
from kg.store.choice import Choice
from kg.store.facets import Facets, key_of
from kg.web import negotiated
from kg.web.citing import tools
from kg.web.margin import (
    beside,
    numbered,
    own_stretches,
    page_mark,
    passage_anchor,
    source_id,
    speeches,
    unmapped,
    voice,
)
from kg.web.models import Head, Link, Tab
from kg.web.shelf import PRIVATE, shelf
from kg.web.typeset import Placed, Setter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.store.reading import Footnote, Outline, Said, Section
    from kg.texts import Copy
    from kg.web.margin import Beside, PageMark, Speech
    from kg.web.site import Site
    from kg.web.typeset import Block, Run

blueprint = Blueprint("section", __name__)
_FILTERS = {"kind": "by kind", "speaker": "by speaker"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Shows a run of text: where it leads, whose voice it is, how many claims stand on it, and what begins here."""

    text: str
    href: str
    voice: str
    claims: int
    passages: str  # the numbers of the passages on the page, the narrowest first
    anchors: tuple[tuple[str, int], ...]  # of the passages that begin here, with their numbers
    page: PageMark | None
    mark: Link | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Shows a block of the text with the claims whose passages begin in it; `note` is the footnote that it is."""

    kind: str
    pieces: tuple[Piece, ...]
    claims: int
    speeches: tuple[Speech, ...]
    note: Link | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """Shows the claims of one printed page."""

    page: PageMark | None
    speeches: tuple[Speech, ...]


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Shows a section: its text with the claims beside it where there is a copy, else its claims page by page."""

    head: Head
    source: Link
    source_id: str
    number: str
    pages: str
    parent: Link | None
    subsections: tuple[Link, ...]
    before: Link | None
    after: Link | None
    total: int
    counted: str  # address of the query that counts them
    faceted: str  # address of them by facet
    filters: tuple[tuple[str, tuple[Tab, ...]], ...]
    publishers: tuple[Link, ...]
    language: str
    has_text: bool
    pinned: bool
    paragraphs: tuple[Paragraph, ...]
    leaves: tuple[Leaf, ...]
    lost: int  # passages that were not found in the copy
    missing: tuple[Speech, ...]  # what stands on them
    inferred: bool  # whether page numbers are


@blueprint.get("/section/<path:name>")
def section(name: str) -> BaseResponse:
    """Show a section, or give its data."""
    return negotiated.thing("section", name, _page)


def _page(site: Site, iri: str) -> str | BaseResponse:
    copy = shelf().copy(site.build(), source_id(site, iri))
    text = render_template("section.html", page=section_page(site, iri, copy))
    return text if copy is None else Response(text, headers=PRIVATE)


def section_page(site: Site, iri: str, copy: Copy | None = None) -> SectionPage:
    """Return the page of a section; raises NotFoundError where there is none."""
    build = site.build()
    source = f"{build.base}source/{source_id(site, iri)}"
    outline = reading.outline(build.search, source)
    own = next((each for each in outline.sections if each.iri == iri), None) if outline else None
    if outline is None or own is None:
        raise NotFoundError(f"Nothing stands at {iri}. The sections are listed at {site.path(source)}.")
    found = reading.claims(build.search, iri)
    site.learn(outline.publishers)
    shown = beside(site, found, outline.footnotes)
    marks = [page_mark(site, source, page) for page in outline.pages]
    paragraphs = _paragraphs(site, outline, own, found, shown, marks, copy) if copy else ()
    begun = {claim.passage for paragraph in paragraphs for speech in paragraph.speeches for claim in speech.claims}
    missing = [each for each in shown if copy and each.passage not in begun]
    titles = {each.iri: Link(numbered(each), site.path(each.iri)) for each in outline.sections}
    order = [each.iri for each in outline.sections]
    at = order.index(iri)
    return SectionPage(
        _head(site, iri, own, outline),
        Link(outline.title, site.path(source)),
        source_id(site, iri),
        own.number,
        "–".join(dict.fromkeys(filter(None, (own.first_page, own.last_page)))),
        titles.get(own.parent),
        tuple(titles[each.iri] for each in outline.sections if each.parent == iri),
        titles[order[at - 1]] if at else None,
        titles[order[at + 1]] if at + 1 < len(order) else None,
        len(found),
        site.editor("section-count", iri),
        f"/claims?{urlencode({'section': key_of(iri, build.base)})}",
        _filters(site, iri),
        tuple(map(site.link, outline.publishers)),
        outline.language,
        copy is not None,
        copy is not None and copy.pinned,
        paragraphs,
        () if copy else _leaves(site, outline, own, found, shown),
        len({each.passage for each in missing}),
        speeches(missing),
        any(mark.inferred for mark in marks),
    )


def _head(site: Site, iri: str, own: Section, outline: Outline) -> Head:
    path = site.path(iri)
    query = site.editor("section-claims", iri)
    data = [Link(each.label, f"{path}.{each.suffix}") for each in GRAPH_FORMATS]
    data.append(Link("CSV of the claims", query.replace("edit=1", "format=csv")))
    cited = f"“{numbered(own)}”, in: {outline.title}, read as claims."
    return Head(own.title, "section", iri, tools(site, data, query, iri, own.title, cited))


def _filters(site: Site, iri: str) -> tuple[tuple[str, tuple[Tab, ...]], ...]:
    """Return what the section's claims can be narrowed down by, with how many claims each leaves."""
    build = site.build()
    key = key_of(iri, build.base)
    choice = Choice(values={"section": (key,)})
    with Facets(build.search) as facets:
        found = {name: facets.counts(choice, name, limit=12).values for name in _FILTERS}
    site.learn(value.iri for values in found.values() for value in values)
    return tuple(
        (
            _FILTERS[name],
            tuple(
                Tab(
                    site.label(value.iri).text,
                    value.count,
                    f"/claims?{urlencode({'section': key, name: value.key})}",
                    False,
                )
                for value in values
            ),
        )
        for name, values in found.items()
        if values
    )


def _leaves(
    site: Site, outline: Outline, own: Section, found: Sequence[Said], shown: Sequence[Beside]
) -> tuple[Leaf, ...]:
    """Return the claims by page: all pages that the section stands on, and those of claims beyond them."""
    source = f"{site.build().base}source/{source_id(site, own.iri)}"
    stretches = own_stretches(outline, own)
    marks = {str(page.number): page_mark(site, source, page) for page in outline.pages}
    pages = [
        str(page.number)
        for page in outline.pages
        if any(low < page.end and page.start < high for low, high in stretches)
    ]
    by_page: dict[str, list[Beside]] = {number: [] for number in pages}
    for said, claim in zip(found, shown, strict=True):
        by_page.setdefault(said.page, []).append(claim)
    return tuple(
        Leaf(marks.get(number) or (unmapped(site, source, number) if number else None), speeches(claims))
        for number, claims in by_page.items()
    )


def _paragraphs(
    site: Site,
    outline: Outline,
    own: Section,
    found: Sequence[Said],
    shown: Sequence[Beside],
    pages: Sequence[PageMark],
    copy: Copy,
) -> tuple[Paragraph, ...]:
    """Return the text of a section, without its subsections', with its claims at the paragraphs they begin in."""
    by_passage: dict[str, list[tuple[Said, Beside]]] = {}
    for said, claim in zip(found, shown, strict=True):
        by_passage.setdefault(said.passage, []).append((said, claim))
    passages = list(by_passage)
    placed = [Placed(tuple(piece for each in said.ranges for piece in copy.place(each)))
              for said in (by_passage[iri][0][0] for iri in passages)]  # fmt: skip
    notes = [note for note in outline.footnotes if note.ranges]
    setter = Setter(
        copy.text,
        placed,
        [mark for _, mark in _marks(outline.footnotes, copy)],
        [_hull(note, copy) for note in notes],
        [copy.start(page.start) for page in outline.pages],
    )
    mark_links = [Link(note.number, site.path(note.iri)) for note, _ in _marks(outline.footnotes, copy)]
    note_links = [Link(note.number, site.path(note.iri)) for note in notes]

    def piece(run: Run) -> Piece:
        over = [pair for number in run.covering for pair in by_passage[passages[number]]]
        narrowest = by_passage[passages[run.covering[0]]] if over else []
        return Piece(
            run.text,
            f"#{narrowest[0][1].anchor}" if narrowest and any(map(str.isalnum, run.text)) else "",
            voice(said for said, _ in narrowest),
            len(over),
            " ".join(map(str, run.covering)),
            tuple((passage_anchor(passages[number]), number) for number in run.opens),
            None if run.page is None else pages[run.page],
            None if run.mark is None else mark_links[run.mark],
        )

    def paragraph(block: Block) -> Paragraph:
        claims = [claim for number in block.opens for _, claim in by_passage[passages[number]]]
        note = None if block.note is None else note_links[block.note]
        return Paragraph(block.kind, tuple(map(piece, block.runs)), len(claims), speeches(claims), note)

    return tuple(paragraph(block) for low, high in _stretches(outline, own, copy) for block in setter.blocks(low, high))


def _marks(footnotes: Sequence[Footnote], copy: Copy) -> list[tuple[Footnote, Range]]:
    found = [(note, copy.mark(at, note.number)) for note in footnotes for at in note.marks]
    return [(note, mark) for note, mark in found if mark is not None]


def _hull(note: Footnote, copy: Copy) -> Range:
    """Return the stretch of a footnote in the copy; an empty one before the text where it was not found."""
    pieces = [piece for each in note.ranges for piece in copy.place(each)]
    if not pieces:
        return Range(-1, -1)
    return Range(min(each.start for each in pieces), max(each.end for each in pieces))


def _stretches(outline: Outline, own: Section, copy: Copy) -> list[tuple[int, int]]:
    """Return the stretches of the copy that are the section's own, in order."""
    starts = {each.start: copy.start(each.start, numbered(each)) for each in reversed(outline.sections)}
    last = max((each.end for each in outline.sections), default=0)

    def there(offset: int) -> int:  # a section ends where another one starts, or with the text
        return starts[offset] if offset in starts else len(copy.text) if offset >= last else copy.start(offset)

    found = [(there(low), there(high)) for low, high in own_stretches(outline, own)]
    return [(low, high) for low, high in found if low < high]
