"""Keeps the places with the points on record for them, and what claims say of who controls them, made once a build."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import vocab
from kg.store import lines
from kg.store.search import ask

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from kg.store.lines import Line

CONTROL = ("controls", "gainedControlOf", "lostControlOf", "claimsTerritory", "pledgedToHandOver", "handedOver")
_TABLES = """
CREATE TABLE place(iri TEXT PRIMARY KEY, types TEXT, latitude REAL, longitude REAL, provenance TEXT, note TEXT)
  WITHOUT ROWID;
CREATE TABLE control(place TEXT, number INTEGER, holder TEXT, relation TEXT, denied INTEGER, edtf TEXT, day TEXT,
  PRIMARY KEY(place, number, holder, relation, edtf)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Holds a place: its classes, its point in degrees (WGS 84; None where none is on record) and its origin."""

    iri: str
    types: tuple[str, ...]
    point: tuple[float, float] | None  # latitude, longitude
    provenance: str
    note: str


@dataclass(frozen=True, slots=True)
class Control:
    """Holds one statement on who controls a place: claim number, holder, relation, whether denied, and EDTF date."""

    place: str
    number: int
    holder: str
    relation: str
    denied: bool
    edtf: str


def build(store: ox.Store, path: Path, base: str) -> int:
    """Add the places to the index file at `path`, which numbers the claims already; return how many there are."""
    start = f"{base}place/"
    types: dict[str, set[str]] = defaultdict(set)
    for iri, kind in ask(store, "SELECT ?place ?type { ?place a ?type ; skos:prefLabel ?label }"):
        if iri.startswith(start):
            types[iri].add(kind)
    points = {
        iri: (float(latitude), float(longitude), source)
        for iri, latitude, longitude, source in ask(
            store,
            "SELECT ?place ?lat ?long ?source { ?place asc:coordinates ?point . ?point geo:lat ?lat ; geo:long ?long "
            "OPTIONAL { ?point dcterms:source ?source } }",
        )
    }
    notes = dict(ask(store, "SELECT ?place ?note { ?place skos:prefLabel ?label ; asc:note ?note }"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        rows = [
            (iri, " ".join(sorted(kinds)), *points.get(iri, (None, None, "")), notes.get(iri, ""))
            for iri, kinds in sorted(types.items())
        ]
        connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?)", rows)
        numbers = lines.numbers(connection)
        held = [
            (place, numbers[claim], holder, relation, polarity.endswith("/negative"), edtf, day)
            for claim, holder, relation, place, polarity, edtf, day in _control(store)
            if claim in numbers and place.startswith(start)
        ]
        connection.executemany("INSERT OR IGNORE INTO control VALUES (?, ?, ?, ?, ?, ?, ?)", sorted(held))
    return len(rows)


def _control(store: ox.Store) -> list[list[str]]:
    relations = " ".join(f"<{vocab.ASC}{name}>" for name in CONTROL)
    return ask(
        store,
        f"SELECT ?claim ?holder ?relation ?place ?polarity ?edtf ?day {{ VALUES ?relation {{ {relations} }} "
        "?claim asc:states ?statement . ?statement rdf:subject ?holder ; rdf:predicate ?relation ; rdf:object ?place "
        "OPTIONAL { ?statement asc:polarity ?polarity } "
        "OPTIONAL { ?statement asc:when ?own } OPTIONAL { ?claim asc:when ?whole } "
        "OPTIONAL { ?statement asc:earliest ?ownDay } OPTIONAL { ?claim asc:earliest ?wholeDay } "
        "BIND(COALESCE(?own, ?whole) AS ?edtf) BIND(COALESCE(?ownDay, ?wholeDay) AS ?day) }",
    )


def places(path: Path) -> dict[str, Place]:
    """Return IRI → place, of all places."""
    with closing(lines.opened(path)) as connection:
        return {
            iri: Place(
                iri, tuple(types.split()), None if latitude is None else (latitude, longitude), provenance or "", note
            )
            for iri, types, latitude, longitude, provenance, note in connection.execute("SELECT * FROM place")
        }


def control(path: Path, chosen: int | None = None) -> dict[str, tuple[Control, ...]]:
    """Return place → what claims in a bitset (None: all) say of who controls it, by date, those without a date last."""
    found: dict[str, list[Control]] = defaultdict(list)
    with closing(lines.opened(path)) as connection:
        rows = connection.execute(
            "SELECT place, number, holder, relation, denied, edtf FROM control "
            "ORDER BY place, CASE day WHEN '' THEN '~' ELSE day END, number, relation, holder"
        )
        for place, number, holder, relation, denied, edtf in rows:
            if chosen is None or chosen >> number & 1:
                found[place].append(Control(place, number, holder, relation, bool(denied), edtf))
    return {place: tuple(each) for place, each in found.items()}


def told(path: Path, numbers: set[int]) -> dict[int, Line]:
    """Return claim number → its line."""
    with closing(lines.opened(path)) as connection:
        return lines.read(connection, numbers)
