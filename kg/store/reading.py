"""Keeps each source as the reader shows it, in the order of its text, so that a section costs one look-up.

The table `reading` holds one JSON document a source (its sections, pages and footnotes) and one a section (its claims).
Offsets are code points of the pinned text, ends exclusive.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.anchors import Range
from kg.errors import MissingPartError
from kg.store.search import ask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph as ox

_TABLE = "CREATE TABLE reading(iri TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID"
_MANY = ("claimant", "reportedBy", "cites")
_ONE = ("modality", "attribution", "condition")


@dataclass(frozen=True, slots=True)
class Section:
    """Names a section and the stretch of the text that it takes, its subsections included; no stretch is 0 to 0."""

    iri: str
    title: str
    number: str
    start: int
    end: int
    first_page: str
    last_page: str
    parent: str
    claims: int


@dataclass(frozen=True, slots=True)
class Page:
    """Names a printed page, the stretch of the text that it holds, and whether and how that was inferred."""

    number: int
    start: int
    end: int
    inferred: bool
    note: str
    claims: int


@dataclass(frozen=True, slots=True)
class Footnote:
    """Names a footnote with where its marks stand in the body, and its own passage."""

    iri: str
    number: str
    page: str
    section: str
    marks: tuple[int, ...]
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Holds what a source has but its claims, in the order of the text, and what its pinned text is known by."""

    title: str
    publishers: tuple[str, ...]
    language: str
    sha256: str
    length: int
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    footnotes: tuple[Footnote, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Holds what the reader shows of a claim; people, footnotes and terms are IRIs."""

    iri: str
    text: str
    passage: str
    page: str
    ranges: tuple[Range, ...]
    claimant: tuple[str, ...]
    reportedBy: tuple[str, ...]  # noqa: N815 - named as the property
    cites: tuple[str, ...]
    modality: str
    attribution: str
    condition: str


def build(store: ox.Store, path: Path) -> int:
    """Add the table to the index file at `path`; return how many sources and sections it has."""
    ranges = _ranges(store)
    claims = _claims(store, ranges)
    rows: dict[str, object] = {section: [asdict(each) for each in found] for section, found in claims.items()}
    for source, outline in _outlines(store, ranges, claims).items():
        rows[source] = asdict(outline)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_TABLE)
        documents = ((iri, json.dumps(body, ensure_ascii=False)) for iri, body in sorted(rows.items()))
        connection.executemany("INSERT INTO reading VALUES (?, ?)", documents)
    return len(rows)


def _ranges(store: ox.Store) -> dict[str, tuple[Range, ...]]:
    """Return passage → its ranges in the order of the text."""
    found = defaultdict(list)
    query = (
        "SELECT ?passage ?start ?end ?sha256 ?letters { ?passage asc:range ?range . ?range oa:hasSelector ?selector ; "
        "asc:sha256 ?sha256 . ?selector oa:start ?start ; oa:end ?end OPTIONAL { ?range asc:letters ?letters } }"
    )
    for passage, start, end, sha256, letters in ask(store, query):
        found[passage].append(Range(int(start), int(end), sha256, int(letters) if letters else None))
    return {passage: tuple(sorted(each, key=lambda one: one.start)) for passage, each in found.items()}


def _claims(store: ox.Store, ranges: dict[str, tuple[Range, ...]]) -> dict[str, list[Said]]:
    """Return section → its claims in the order of the text, the longer of two passages that begin alike first."""
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    listed = " ".join(f"asc:{name}" for name in (*_MANY, *_ONE))
    query = (
        f"SELECT ?claim ?property ?value {{ VALUES ?property {{ {listed} }} ?claim asc:text ?t ; ?property ?value }}"
    )
    for claim, name, value in sorted(ask(store, query)):
        values[claim, name.rsplit("#", 1)[-1]].append(value)
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    query = (
        "SELECT ?claim ?section ?text ?passage ?page { ?claim asc:text ?text ; asc:inSection ?section ; "
        "asc:passage ?passage OPTIONAL { ?passage asc:page ?page } }"
    )
    for claim, section, text, passage, page in sorted(ask(store, query), reverse=True):
        many = {name: tuple(values[claim, name]) for name in _MANY}
        one = {name: next(iter(values[claim, name]), "") for name in _ONE}
        said: dict[str, Any] = {**many, **one}
        found[section][claim] = Said(claim, text, passage, page, ranges.get(passage, ()), **said)
    return {section: sorted(claims.values(), key=_place) for section, claims in found.items()}


def _place(said: Said) -> tuple[int, int, str]:
    first, last = (said.ranges[0].start, said.ranges[-1].end) if said.ranges else (0, 0)
    return first, -last, said.iri


def _outlines(
    store: ox.Store, ranges: dict[str, tuple[Range, ...]], claims: dict[str, list[Said]]
) -> dict[str, Outline]:
    """Return source → what it has but its claims."""
    sections, pages = defaultdict(list), defaultdict(set)
    for source, iri, title, number, start, end, first, last, parent in ask(
        store,
        "SELECT ?source ?section ?title ?number ?start ?end ?first ?last ?parent { ?source asc:hasSection ?section . "
        "?section dcterms:title ?title OPTIONAL { ?section asc:number ?number } "
        "OPTIONAL { ?section oa:start ?start ; oa:end ?end } OPTIONAL { ?section asc:firstPage ?first } "
        "OPTIONAL { ?section asc:lastPage ?last } OPTIONAL { ?section asc:subsectionOf ?parent } }",
    ):
        stretch = int(start or 0), int(end or 0)
        sections[source].append(Section(iri, title, number, *stretch, first, last, parent, len(claims.get(iri, ()))))
    for source, number, start, end, inferred, note in ask(
        store,
        "SELECT ?source ?number ?start ?end ?inferred ?note { ?source asc:hasPage ?page . ?page asc:page ?number ; "
        "oa:start ?start ; oa:end ?end OPTIONAL { ?page asc:inferred ?inferred } OPTIONAL { ?page asc:note ?note } }",
    ):
        on_it = sum(said.page == number for each in sections[source] for said in claims.get(each.iri, ()))
        pages[source].add((int(start), Page(int(number), int(start), int(end), inferred == "true", note, on_it)))
    notes = _footnotes(store, ranges)
    found = {}
    publishers = defaultdict(set)
    for source, publisher in ask(
        store, "SELECT ?s ?publisher { ?s asc:hasSection ?part ; dcterms:publisher ?publisher }"
    ):
        publishers[source].add(publisher)
    for source, title, language, sha256, length in ask(
        store,
        "SELECT DISTINCT ?source ?title ?language ?sha256 ?length { ?source asc:hasSection ?section ; "
        "dcterms:title ?title OPTIONAL { ?source dcterms:language ?language } "
        "OPTIONAL { ?source asc:textEdition ?text . ?text asc:sha256 ?sha256 ; asc:length ?length } }",
    ):
        inside = tuple(sorted(sections[source], key=lambda each: (each.start, -each.end, each.iri)))
        own = {each.iri for each in inside}
        found[source] = Outline(
            title,
            tuple(sorted(publishers[source])),
            language,
            sha256,
            int(length or 0),
            inside,
            tuple(page for _, page in sorted(pages[source], key=lambda pair: pair[0])),
            tuple(note for note in notes if note.section in own),
        )
    return found


def _footnotes(store: ox.Store, ranges: dict[str, tuple[Range, ...]]) -> list[Footnote]:
    """Return the footnotes of all sources in the order of their numbers."""
    query = (
        "SELECT ?reference ?number ?page ?section ?passage ?mark { ?reference asc:inSection ?section ; "
        "asc:number ?number OPTIONAL { ?reference asc:page ?page } OPTIONAL { ?reference asc:passage ?passage } "
        "OPTIONAL { ?reference asc:mark ?mark } }"
    )
    rows = sorted(ask(store, query), key=lambda row: (row[1].zfill(9), row[0]))
    found = []
    for iri, group in groupby(rows, key=lambda row: row[0]):
        same = list(group)
        _, number, page, section, passage, _ = same[0]
        marks = tuple(sorted({int(row[5]) for row in same if row[5]}))
        found.append(Footnote(iri, number, page, section, marks, ranges.get(passage, ())))
    return found


# ------------------------------------------------------------------------------------------------------- reading


def outline(path: Path, source: str) -> Outline | None:
    """Return what a source has but its claims, or None for what is no source."""
    body = _body(path, source)
    if not isinstance(body, dict):
        return None
    return Outline(
        body["title"],
        tuple(body["publishers"]),
        body["language"],
        body["sha256"],
        body["length"],
        tuple(Section(**each) for each in body["sections"]),
        tuple(Page(**each) for each in body["pages"]),
        tuple(
            Footnote(**{**each, "marks": tuple(each["marks"]), "ranges": _read_ranges(each["ranges"])})
            for each in body["footnotes"]
        ),
    )


def claims(path: Path, section: str) -> tuple[Said, ...]:
    """Return the claims of a section in the order of the text."""
    body = _body(path, section)
    if not isinstance(body, list):
        return ()
    return tuple(
        Said(**{**each, **{name: tuple(each[name]) for name in _MANY}, "ranges": _read_ranges(each["ranges"])})
        for each in body
    )


def sources(path: Path) -> list[str]:
    """Return the IRIs of all sources."""
    with _opened(path) as connection:
        rows = connection.execute("SELECT iri FROM reading WHERE body LIKE '{%' ORDER BY iri")
        return [iri for (iri,) in rows]


def passages(path: Path, source: str) -> list[Range]:
    """Return the ranges of all passages of a source, of claims and of footnotes, in the order of the text."""
    whole = outline(path, source)
    if whole is None:
        return []
    found = {each for note in whole.footnotes for each in note.ranges}
    for section in whole.sections:
        found |= {each for said in claims(path, section.iri) for each in said.ranges}
    return sorted(found, key=lambda each: (each.start, each.end))


def _opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))


def _body(path: Path, iri: str) -> Any:
    with _opened(path) as connection:
        try:
            row = connection.execute("SELECT body FROM reading WHERE iri = ?", (iri,)).fetchone()
        except sqlite3.OperationalError as error:
            raise MissingPartError(f"{path}: has nothing for the reader ({error}). Build again: kg build") from error
    return json.loads(row[0]) if row else None


def _read_ranges(found: Iterable[dict[str, Any]]) -> tuple[Range, ...]:
    return tuple(Range(**each) for each in found)
