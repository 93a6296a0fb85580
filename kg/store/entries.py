"""Keeps what the lists of things show: names, classes and numbers of claims, made once a build."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg import vocab
from kg.store import lines
from kg.store.search import ask
from kg.store.spellings import fold

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

KINDS = ("actor", "place", "agreement", "event", "thing", "topic", "work", "source")
Order = Literal["name", "-name", "claims", "-claims", "said", "-said"]
_ABOUT = {  # kind → the facet of which its things are values; of the others: about
    "place": "place",
    "topic": "topic",
    "work": "work",
    "source": "source",
}
_TABLES = """
CREATE TABLE entry(key TEXT PRIMARY KEY, kind TEXT, label TEXT, language TEXT, type TEXT, place TEXT, folded TEXT,
  claims INTEGER, said INTEGER) WITHOUT ROWID;
CREATE INDEX entry_by_name ON entry(kind, place, key);
CREATE INDEX entry_by_claims ON entry(kind, claims DESC, place, key);
"""
_COLUMNS = {"name": "place", "claims": "claims", "said": "said"}
_ENTRY = "key, kind, label, language, type, claims, said"


@dataclass(frozen=True, slots=True)
class Entry:
    """Holds one thing of a list: key, kind, name with language, class (an IRI, or empty), and how many claims.

    `claims` counts those about it (of a work those that rest on it, of a source those in it), `said` those it makes.
    """

    key: str
    kind: str
    label: str
    language: str
    type: str
    claims: int
    said: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Holds a window of a list, how many it has in all, and class → how many, whichever class is chosen."""

    entries: tuple[Entry, ...]
    total: int
    types: dict[str, int]


def facet_of(key: str) -> str:
    """Return the facet of which a thing is a value."""
    return _ABOUT.get(key.split("/", 1)[0], "about")


def build(store: ox.Store, path: Path, base: str) -> int:
    """Add the lists of things to the index file at `path`, which has the facets already; return their number."""
    names: dict[str, list[tuple[int, bool, str, str]]] = defaultdict(list)
    for iri, name, language, rank in ask(
        store,
        "SELECT ?iri ?name (lang(?name) AS ?language) ?rank { VALUES (?p ?rank) { (skos:prefLabel 0) (dcterms:title 0) "
        "(skos:altLabel 1) (dcterms:alternative 1) } ?iri ?p ?name }",
    ):
        if iri.startswith(base) and iri[len(base) :].split("/", 1)[0] in KINDS:
            names[iri[len(base) :]].append((int(rank), language not in ("en", ""), language, name))
    types: dict[str, list[str]] = defaultdict(list)
    for iri, kind in ask(store, "SELECT DISTINCT ?iri ?type { ?iri a ?type }"):
        if kind.startswith(vocab.ASC):
            types[iri.removeprefix(base)].append(kind)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        counts = {(name, key): count for name, key, count in connection.execute("SELECT name, key, count FROM facet")}
        rows = []
        for key, found in sorted(names.items()):
            _, _, language, label = min(found)
            folded = " ".join(dict.fromkeys(fold(name) for *_, name in sorted(found)))
            kind = max(types.get(key, [""]), key=lambda iri: (len(iri), iri))
            about, said = counts.get((facet_of(key), key), 0), counts.get(("speaker", key), 0)
            rows.append((key, key.split("/", 1)[0], label, language, kind, fold(label), folded, about, said))
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return len(rows)


def kinds(path: Path) -> dict[str, int]:
    """Return kind → how many things there are of it."""
    with closing(lines.opened(path)) as connection:
        return dict(connection.execute("SELECT kind, count(*) FROM entry GROUP BY kind"))


def read(
    path: Path, kind: str, words: str = "", type_: str = "", order: Order = "name", limit: int = 100, offset: int = 0
) -> Listed:
    """Return a window of the things of a kind with all the words in their names, in any spelling or script."""
    name = order.lstrip("-")
    direction = "DESC" if order.startswith("-") else "ASC"
    conditions, values = ["kind = ?"], [kind]
    for word in fold(words).split():
        conditions.append("folded LIKE ?")
        values.append(f"%{word}%")  # folded words are of letters and digits alone
    chosen = [*conditions, "type = ?"] if type_ else conditions
    given: list[str | int] = [*values, type_] if type_ else [*values]
    where = " AND ".join(chosen)
    with closing(lines.opened(path)) as connection:
        types = dict(
            connection.execute(
                f"SELECT type, count(*) FROM entry WHERE {' AND '.join(conditions)} GROUP BY type",  # noqa: S608 - ours
                values,
            )
        )
        (total,) = connection.execute(f"SELECT count(*) FROM entry WHERE {where}", given).fetchone()  # noqa: S608 - ours
        rows = connection.execute(
            f"SELECT {_ENTRY} FROM entry WHERE {where} "  # noqa: S608 - constants of this module
            f"ORDER BY {_COLUMNS[name]} {direction}, place, key LIMIT ? OFFSET ?",
            [*given, limit, offset],
        )
        return Listed(tuple(Entry(*row) for row in rows), int(total), types)
