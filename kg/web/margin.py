"""What the reader shows beside or in place of a source's text: its claims and pages, and where they are addressed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kg.store import reading
from kg.web.models import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.reading import Footnote, Outline, Page, Said, Section
    from kg.web.site import Site

OWN, NAMED, VAGUE, SEVERAL = "own", "named", "vague", "several"


@dataclass(frozen=True, slots=True)
class Beside:
    """Shows a claim beside its passage: who says what and how, with its footnotes; `passage` counts within the page."""

    anchor: str
    link: Link
    speakers: tuple[Link, ...]
    reporters: tuple[Link, ...]
    modality: str
    condition: str
    footnotes: tuple[Link, ...]
    voice: str
    passage: int
    place: str  # anchor of the passage on the page
    opens: bool  # whether no other claim of the passage comes before it


@dataclass(frozen=True, slots=True)
class Speech:
    """Shows claims that follow each other and are said by the same."""

    speakers: tuple[Link, ...]
    reporters: tuple[Link, ...]
    voice: str
    claims: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class PageMark:
    """Shows where a printed page begins; `href` leads to the page map."""

    number: str
    anchor: str
    href: str
    inferred: bool
    note: str


def source_id(site: Site, iri: str) -> str:
    """Return the id of the source that a section, passage or footnote is a part of, from its IRI."""
    return iri[len(site.build().base) :].split("/")[1]


def outline_of(site: Site, iri: str) -> Outline | None:
    """Return the outline of the source that a thing is a part of."""
    return reading.outline(site.build().search, f"{site.build().base}source/{source_id(site, iri)}")


def passage_anchor(iri: str) -> str:
    """Return the anchor of a passage on the page of its section."""
    return f"at-{iri.rsplit('/', 1)[-1]}"


def place(site: Site, section: str, passage: str) -> str:
    """Return the address of a passage in the reader."""
    return f"{site.path(section)}#{passage_anchor(passage)}"


def numbered(section: Section) -> str:
    """Return a section's title with its number before it."""
    return f"{section.number}. {section.title}" if section.number else section.title


def own_stretches(outline: Outline, section: Section) -> list[tuple[int, int]]:
    """Return the stretches of the pinned text that a section takes without its subsections, in order."""
    at, found = section.start, []
    for child in (each for each in outline.sections if each.parent == section.iri):
        found.append((at, child.start))
        at = child.end
    found.append((at, section.end))
    return [(low, high) for low, high in found if low < high]


def page_mark(site: Site, source: str, page: Page) -> PageMark:
    """Return the mark of a page of a source, given by the source's IRI."""
    anchor = f"p-{page.number}"
    return PageMark(str(page.number), anchor, f"{site.path(source)}#page-{page.number}", page.inferred, page.note)


def unmapped(site: Site, source: str, number: str) -> PageMark:
    """Return the mark of a page that passages name and the source's page map does not."""
    return PageMark(number, f"p-{number}", site.path(source) or "", False, "")


def beside(site: Site, found: Sequence[Said], footnotes: Iterable[Footnote]) -> tuple[Beside, ...]:
    """Return claims as they are shown beside their text, in the order given."""
    site.learn({iri for said in found for iri in (*said.claimant, *said.reportedBy, said.modality) if iri})
    numbers = {note.iri: note.number for note in footnotes}
    passages = {iri: number for number, iri in enumerate(dict.fromkeys(said.passage for said in found))}
    people = {iri: site.link(iri) for said in found for iri in (*said.claimant, *said.reportedBy)}
    put = {said.modality: site.label(said.modality).text for said in found if said.modality}
    shown: list[Beside] = []
    for said in found:
        name = said.iri.rsplit("/", 1)[-1]
        cites = tuple(Link(numbers.get(iri, "?"), site.path(iri)) for iri in said.cites)
        shown.append(
            Beside(
                f"c-{name}",
                Link(said.text, site.path(said.iri), name),
                tuple(people[iri] for iri in said.claimant),
                tuple(people[iri] for iri in said.reportedBy),
                put.get(said.modality, ""),
                said.condition,
                cites,
                voice([said]),
                passages[said.passage],
                passage_anchor(said.passage),
                passages[said.passage] not in {each.passage for each in shown[-1:]},
            )
        )
    return tuple(shown)


def speeches(claims: Iterable[Beside]) -> tuple[Speech, ...]:
    """Return claims by who says them, in the order given."""
    by_who = groupby(claims, key=lambda each: (each.speakers, each.reporters, each.voice))
    return tuple(Speech(*who, tuple(same)) for who, same in by_who)


def voice(found: Iterable[Said]) -> str:
    """Return in whose voice claims are: the source's own, someone's named, someone's not named, or several."""
    voices = {said.attribution.rsplit("/", 1)[-1] for said in found} & {OWN, NAMED, VAGUE}
    return voices.pop() if len(voices) == 1 else SEVERAL if voices else OWN
