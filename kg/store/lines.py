"""Keeps each claim in one line, its text and who says it, so that a list of claims costs no query to the graph."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store.search import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

_TABLE = "CREATE TABLE line(number INTEGER PRIMARY KEY, text TEXT NOT NULL, speakers TEXT NOT NULL)"
_AT_ONCE = 500  # question marks in one query


@dataclass(frozen=True, slots=True)
class Line:
    """Holds a claim in one line: its IRI, its text, and the IRIs of who says it."""

    iri: str
    text: str
    speakers: tuple[str, ...]


def build(store: ox.Store, path: Path) -> int:
    """Add the claims' lines to the index file at `path`, which numbers the claims already; return their number."""
    texts = dict(ask(store, "SELECT ?claim ?text { ?claim asc:text ?text }"))
    speakers: dict[str, list[str]] = defaultdict(list)
    for claim, speaker in sorted(ask(store, "SELECT DISTINCT ?claim ?who { ?claim asc:claimant ?who }")):
        speakers[claim].append(speaker)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_TABLE)
        rows = [
            (number, texts.get(claim, ""), " ".join(speakers[claim])) for claim, number in numbers(connection).items()
        ]
        connection.executemany("INSERT INTO line VALUES (?, ?, ?)", rows)
    return len(rows)


def numbers(connection: sqlite3.Connection) -> dict[str, int]:
    """Return claim → its number, as :func:`kg.store.facets.build` gave it."""
    return dict(connection.execute("SELECT iri, number FROM claim ORDER BY number"))


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection that reads the index file at `path`; close it after the answer."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def read(connection: sqlite3.Connection, wanted: Iterable[int]) -> dict[int, Line]:
    """Return claim number → its line."""
    numbers = sorted(set(wanted))
    found: dict[int, Line] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        rows = connection.execute(
            f"SELECT number, iri, text, speakers FROM line JOIN claim USING (number) WHERE number IN ({marks})",  # noqa: S608 - question marks only
            part,
        )
        found |= {number: Line(iri, text, tuple(speakers.split())) for number, iri, text, speakers in rows}
    return found


def bits(numbers: set[int]) -> int:
    """Return the bitset of some claim numbers."""
    found = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        found[number // 8] |= 1 << number % 8
    return int.from_bytes(found, "little")


def first(bits: int, limit: int) -> Iterator[int]:
    """Yield the numbers of the first claims of a bitset, `limit` of them at most."""
    while bits and limit > 0:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
        limit -= 1
