"""Full-text search over claims and entities: an SQLite FTS5 index made once a build and read with plain words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import vocab
from kg.store import spellings
from kg.store.spellings import Also, fold, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyoxigraph as ox

_DOCUMENTS = """
CREATE VIRTUAL TABLE documents USING fts5(
  iri UNINDEXED, kind UNINDEXED, label UNINDEXED, title, names, body, folded, tokenize = 'unicode61 remove_diacritics 2'
)"""
WEIGHTS = "0, 0, 0, 10.0, 5.0, 1.0, 2.0"
_ENTITIES = ("actor", "place", "agreement", "event", "thing", "topic")
OPEN, CLOSE = "\x02", "\x03"  # around the words found, in a snippet
_SNIPPETS = ", ".join(f"snippet(documents, {column}, '{OPEN}', '{CLOSE}', '…', 24)" for column in (5, 4, 3))


@dataclass(frozen=True, slots=True)
class Hit:
    """Names one thing found: its IRI, kind (as in its address), label, and the place that matched.

    In `snippet` the words found stand between :data:`OPEN` and :data:`CLOSE`.
    """

    iri: str
    kind: str
    label: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Document:
    """Holds what is searched of one thing: its label, title, other names and text."""

    iri: str
    kind: str
    label: str
    title: str
    names: str
    body: str


@dataclass(frozen=True, slots=True)
class Found:
    """Holds one page of hits, how many there are in all and of each kind, and other names that were searched too.

    `verbatim` is what to type to search for the words alone.
    """

    total: int
    kinds: dict[str, int]
    hits: tuple[Hit, ...]
    also: tuple[Also, ...] = ()
    verbatim: str = ""


def build(store: ox.Store, path: Path, base: str) -> int:
    """Write a new index of all claims, entities, works and sections; return how many things are in it."""
    path.unlink(missing_ok=True)
    labels = _labels(store)
    rows = [*_named(store, labels, base), *_claims(store, labels, base)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_DOCUMENTS)
        connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO documents(documents) VALUES ('optimize')")
        spellings.build(connection, _spelt(labels, base))
    return len(rows)


def find(path: Path, text: str, kind: str | None = None, limit: int = 20, offset: int = 0) -> Found:
    """Return what holds all the words of `text`, best first; the name of a thing stands for all names of that thing.

    Words match from their start, "quoted words" as a phrase and as written. No text is an error: what is not a word is
    passed over. Nothing is found where no word is left.
    """
    if not path.is_file():
        return Found(0, {}, ())
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        expanded = spellings.expand(connection, text)
        expression = expanded.expression
        if not expression:
            return Found(0, {}, ())
        counts = connection.execute(
            "SELECT kind, count(*) FROM documents WHERE documents MATCH ? GROUP BY kind ORDER BY 2 DESC, 1",
            (expression,),
        )
        kinds = dict(counts.fetchall())
        rows = connection.execute(
            f"SELECT iri, kind, label, {_SNIPPETS} FROM documents "  # noqa: S608 - constants of this module
            "WHERE documents MATCH ? AND (? IS NULL OR kind = ?) "
            f"ORDER BY bm25(documents, {WEIGHTS}), iri LIMIT ? OFFSET ?",
            (expression, kind, kind, max(0, limit), max(0, offset)),
        )
        hits = tuple(Hit(iri, kind, label, _snippet(parts)) for iri, kind, label, *parts in rows)
    total = sum(kinds.values()) if kind is None else kinds.get(kind, 0)
    return Found(total, kinds, hits, expanded.also, expanded.verbatim)


def everything(path: Path) -> list[Document]:
    """Return all that is searched, in the order of the IRIs."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT iri, kind, label, title, names, body FROM documents ORDER BY iri")
        return [Document(*row) for row in rows]


def _unlike(*texts: str) -> str:
    """Return the folded spellings of the texts that folding changes: they are searched and never shown."""
    return " ".join(dict.fromkeys(fold(text) for text in texts if fold(text) != plain(text)))


def _snippet(parts: Sequence[str]) -> str:
    """Return the first part that marks a word, else the first that is not empty."""
    return next((part for part in parts if OPEN in part), "") or next(filter(None, parts), "")


def ask(store: ox.Store, query: str) -> list[list[str]]:
    """Return the rows of a SELECT on a store in memory as texts, an unbound value as the empty text."""
    result: Any = store.query(query, prefixes=vocab.SHARED_PREFIXES)
    return [[str(value.value) if value is not None else "" for value in solution] for solution in result]


def _labels(store: ox.Store) -> dict[str, list[tuple[str, str]]]:
    """Return IRI → (language, name) with the preferred names first and English before the others."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    rows = ask(
        store,
        "SELECT ?iri (lang(?name) AS ?language) ?name ?rank { VALUES (?p ?rank) { (skos:prefLabel 0) (dcterms:title 0) "
        "(skos:altLabel 2) (dcterms:alternative 2) } ?iri ?p ?name }",
    )
    for iri, language, name, rank in rows:
        found.setdefault(iri, []).append((int(rank) + (language != "en"), language, name))
    return {iri: [(language, name) for _, language, name in sorted(set(names))] for iri, names in found.items()}


def _named(store: ox.Store, labels: dict[str, list[tuple[str, str]]], base: str) -> list[tuple[str, ...]]:
    """Return the rows of everything with a name below the base: entities, works, sources and sections."""
    bodies: dict[str, list[str]] = {}
    for iri, text in ask(
        store,
        "SELECT ?iri ?text { { ?iri dcterms:description ?text } UNION "
        "{ ?iri dcterms:creator|asc:outlet ?who . ?who skos:prefLabel ?text } }",
    ):
        bodies.setdefault(iri, []).append(text)
    rows: list[tuple[str, ...]] = []
    for iri, names in sorted(labels.items()):
        kind = _kind(iri, base)
        if kind is None:
            continue
        title = names[0][1]
        others = list(dict.fromkeys(name for _, name in names[1:] if name != title))
        body = " · ".join(sorted(set(bodies.get(iri, ()))))
        rows.append((iri, kind, title, title, " · ".join(others), body, _unlike(title, *others, body)))
    return rows


def _spelt(labels: dict[str, list[tuple[str, str]]], base: str) -> dict[str, list[str]]:
    """Return IRI → names of the entities: what a title of a work or of a section says is no name to search by."""
    return {
        iri: list(dict.fromkeys(name for _, name in names))
        for iri, names in sorted(labels.items())
        if _kind(iri, base) in _ENTITIES
    }


def _claims(store: ox.Store, labels: dict[str, list[tuple[str, str]]], base: str) -> list[tuple[str, ...]]:
    """Return the rows of all claims: the text, and every name of what it is about and of who says it.

    A source's own voice is left out: its name would find all that the source says.
    """
    around: dict[str, set[str]] = {}
    for claim, entity in ask(
        store,
        "SELECT DISTINCT ?claim ?entity { ?claim asc:text ?text { ?claim asc:about|asc:where|asc:topic|"
        "(asc:states/(rdf:subject|rdf:object))|(asc:figure/asc:of) ?entity } UNION { ?claim asc:claimant ?entity "
        "FILTER NOT EXISTS { ?claim asc:attribution <https://w3id.org/ascribe/ns/attribution/own> } } "
        "FILTER(isIRI(?entity)) }",
    ):
        around.setdefault(claim, set()).add(entity)
    rows: list[tuple[str, ...]] = []
    for claim, text in sorted(ask(store, "SELECT ?claim ?text { ?claim asc:text ?text }")):
        if _kind(claim, base) != "claim":
            continue
        names = [name for entity in sorted(around.get(claim, ())) for _, name in labels.get(entity, ())]
        rows.append((claim, "claim", text, "", " · ".join(dict.fromkeys(names)), text, _unlike(*names, text)))
    return rows


def _kind(iri: str, base: str) -> str | None:
    """Return the kind of a thing below the base, or None for what is not shown on a page."""
    if not iri.startswith(base):
        return None
    kind = iri[len(base) :].split("/", 1)[0]
    return kind if kind in vocab.KINDS else None
