"""Keeps the dates that claims give and the events that they give them for, made once a build.

A date is kept as the EDTF text that stands in the data and as the days between which it can begin and end, so that a
page can draw it as exactly, and as vaguely, as it was said.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import lines
from kg.store.search import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from kg.store.lines import Line

_TABLES = """
CREATE TABLE dated(number INTEGER, edtf TEXT, first TEXT, begun TEXT, ended TEXT, last TEXT, lasting INTEGER,
  PRIMARY KEY(number, edtf)) WITHOUT ROWID;
CREATE TABLE happening(number INTEGER, edtf TEXT, event TEXT, PRIMARY KEY(number, edtf, event)) WITHOUT ROWID;
"""
_READ = """
SELECT dated.number, edtf, first, begun, ended, last, lasting, coalesce(event, iri)
FROM dated JOIN claim USING (number) LEFT JOIN happening USING (number, edtf)
ORDER BY CASE first WHEN '' THEN last ELSE first END, CASE last WHEN '' THEN '~' ELSE last END, dated.number
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Holds a date: its EDTF text, and the days (ISO 8601, empty at an open end) that bound it.

    It begins from `first` to `begun` and ends from `ended` to `last`. What is not `lasting` is one moment somewhere
    from `first` to `last`.
    """

    edtf: str
    first: str
    begun: str
    ended: str
    last: str
    lasting: bool

    @property
    def approximate(self) -> bool:
        """Return whether the date is called approximate (`~`)."""
        return any(sign in self.edtf for sign in "~%")

    @property
    def uncertain(self) -> bool:
        """Return whether the date is called uncertain (`?`)."""
        return any(sign in self.edtf for sign in "?%")

    def touches(self, since: str, until: str) -> bool:
        """Return whether any of it may lie from one day to another (both included; an empty day is no bound)."""
        return (not self.last or self.last >= since) and (not until or not self.first or self.first <= until)


@dataclass(frozen=True, slots=True)
class Entry:
    """Holds an event, or a claim that tells of no event, with each date given for it and the numbers of the claims."""

    iri: str
    dates: tuple[tuple[Span, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Holds what was chosen of a chronicle: a window of entries, how many there are, all their spans, the lines."""

    entries: tuple[Entry, ...]
    total: int
    spans: tuple[tuple[Span, int], ...]  # each date once a claim, with the claim's number
    lines: dict[int, Line]


def span(edtf: str) -> Span | None:
    """Return the days that bound an EDTF date, or None where the text is no date."""
    from kg.corpus.derive import day_bounds

    whole = day_bounds(edtf)
    if whole is None:
        return None
    first, last = (day.isoformat() if day else "" for day in whole)
    start, slash, end = edtf.partition("/")
    if not slash or start[:1] in "[{":
        return Span(edtf, first, last, first, last, lasting=False)
    begin, finish = (day_bounds(part) if part.strip(".") else None for part in (start, end))
    begun = begin[1].isoformat() if begin and begin[1] else ""
    ended = finish[0].isoformat() if finish and finish[0] else ""
    return Span(edtf, first, begun, ended, last, lasting=True)


def build(store: ox.Store, path: Path, base: str) -> int:
    """Add the claims' dates to the index file at `path`, which numbers the claims already; return their number."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        numbers = lines.numbers(connection)
        spans = {edtf: span(edtf) for (edtf,) in ask(store, "SELECT DISTINCT ?when { ?any asc:when ?when }")}
        dated = {
            (numbers[claim], edtf)
            for claim, edtf in _dates(store)
            if claim in numbers and edtf in spans and spans[edtf] is not None
        }
        rows = [
            (number, edtf, each.first, each.begun, each.ended, each.last, each.lasting)
            for number, edtf in sorted(dated)
            if (each := spans[edtf]) is not None
        ]
        connection.executemany("INSERT INTO dated VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        happenings = {
            (numbers[claim], edtf, event)
            for claim, edtf, event in _events(store, f"{base}event/")
            if (numbers.get(claim, -1), edtf) in dated
        }
        connection.executemany("INSERT INTO happening VALUES (?, ?, ?)", sorted(happenings))
    return len(rows)


def _dates(store: ox.Store) -> list[list[str]]:
    return ask(
        store, "SELECT DISTINCT ?claim ?when { ?claim asc:text ?text ; (asc:states|asc:figure)?/asc:when ?when }"
    )


def _events(store: ox.Store, events: str) -> Iterator[tuple[str, str, str]]:
    """Yield claim, date, event: those that the dated statements are between, else those that the claim is about."""
    ends = "?statement (rdf:subject|rdf:object) ?event"
    stated = ask(
        store,
        "SELECT DISTINCT ?claim ?when ?event { ?claim asc:states ?statement . ?statement asc:when ?when . "
        f"{ends} FILTER(isIRI(?event)) }}",
    )
    told = ask(
        store,
        "SELECT DISTINCT ?claim ?when ?event { ?claim asc:when ?when ; asc:states ?statement . "
        f"{ends} FILTER(isIRI(?event)) }}",
    )
    about = ask(
        store,
        "SELECT DISTINCT ?claim ?when ?event { ?claim asc:when|(asc:figure/asc:when) ?when ; "
        "asc:about|(asc:figure/asc:of) ?event }",
    )
    settled: dict[tuple[str, str], bool] = {}
    for rows in (stated, told, about):
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for claim, edtf, event in rows:
            if event.startswith(events) and (claim, edtf) not in settled:
                found[claim, edtf].add(event)
        for (claim, edtf), each in found.items():
            settled[claim, edtf] = True
            yield from ((claim, edtf, event) for event in sorted(each))


def read(
    path: Path, chosen: int | None = None, since: str = "", until: str = "", limit: int = 50, offset: int = 0
) -> Period:
    """Return a window of the dated entries whose claims are in a bitset (None: all), from one day to another.

    Entries come in the order of their earliest date; an open beginning is placed at its end.
    """
    with closing(lines.opened(path)) as connection:
        grouped: dict[str, dict[Span, list[int]]] = defaultdict(lambda: defaultdict(list))
        spans: dict[tuple[int, str], Span] = {}
        for number, edtf, first, begun, ended, last, lasting, iri in connection.execute(_READ):
            if chosen is not None and not chosen >> number & 1:
                continue
            date = Span(edtf, first, begun, ended, last, bool(lasting))
            if date.touches(since, until):
                grouped[iri][date].append(number)
                spans[number, edtf] = date
        entries = [
            Entry(iri, tuple((date, tuple(claims)) for date, claims in dates.items())) for iri, dates in grouped.items()
        ]
        window = tuple(entries[offset : offset + limit])
        shown = (number for entry in window for _, claims in entry.dates for number in claims)
        told = tuple((date, number) for (number, _), date in spans.items())
        return Period(window, len(entries), told, lines.read(connection, shown))


def dated(path: Path) -> int:
    """Return the bitset of the claims that give a date."""
    with closing(lines.opened(path)) as connection:
        numbers = {number for (number,) in connection.execute("SELECT DISTINCT number FROM dated")}
    return lines.bits(numbers)


def extent(spans: Iterable[Span]) -> tuple[str, str] | None:
    """Return the first and the last day of some dates, or None where there are none."""
    days = [day for each in spans for day in (each.first or each.last, each.last or each.first) if day]
    return (min(days), max(days)) if days else None
