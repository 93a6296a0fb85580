"""The claims as bitsets, one a facet value: made once a build, so that filters and counts cost little at any size.

Claims are numbered from 0 in the order of their sources' texts. The bitset of a value is a whole number in which bit n
stands for claim n; choosing values is `|` and `&`, counting is `bit_count`.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg import vocab
from kg.store import spellings
from kg.store.choice import LACKING, NAMES, NONE, PATHS, Choice
from kg.store.search import WEIGHTS, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from kg.store.spellings import Expanded

__all__ = ["NAMES", "NONE", "Choice", "Counted", "Facets", "Order", "Value", "build"]
Order = Literal["text", "match", "date", "-date"]
_UNDATED = ("~", "~")  # after all days
_TABLES = """
CREATE TABLE claim(number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE facet(name TEXT, key TEXT, iri TEXT, count INTEGER, bits BLOB, PRIMARY KEY(name, key)) WITHOUT ROWID;
CREATE INDEX facet_by_count ON facet(name, count DESC, key);
CREATE TABLE ordering(name TEXT PRIMARY KEY, numbers BLOB);
"""


@dataclass(frozen=True, slots=True)
class Value:
    """Counts one value of a facet: its key (short, for addresses), IRI (empty for years), and claims chosen with it."""

    key: str
    iri: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Holds the values of one facet that are shown, and how many values the facet has in all."""

    values: tuple[Value, ...]
    known: int


def number_claims(store: ox.Store, base: str) -> list[str]:
    """Return the IRIs of all claims below the base in the order of their texts: a claim's number is its place here."""
    rows = ask(
        store,
        "SELECT ?claim ?source (MIN(?start) AS ?first) { ?claim asc:text ?text "
        "OPTIONAL { ?claim asc:inSource ?source } "
        "OPTIONAL { ?claim asc:passage/asc:range/oa:hasSelector/oa:start ?start } } GROUP BY ?claim ?source",
    )
    found = ((source, int(first or 0), claim) for claim, source, first in rows if claim.startswith(f"{base}claim/"))
    return [claim for _, _, claim in sorted(found)]


def build(store: ox.Store, path: Path, base: str) -> int:
    """Add the claims' bitsets to the index file at `path`; return how many values they have."""
    claims = number_claims(store, base)
    numbers = {claim: number for number, claim in enumerate(claims)}
    spans = _spans(store, numbers)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        connection.executemany("INSERT INTO claim VALUES (?, ?)", enumerate(claims))
        rows = [
            (name, key, iri, len(holders), _blob(holders))
            for name, values in _values(store, numbers, spans, base)
            for (key, iri), holders in sorted(values.items())
        ]
        connection.executemany("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", rows)
        by_date = sorted(range(len(claims)), key=lambda number: (*spans.get(number, _UNDATED), number))
        connection.execute("INSERT INTO ordering VALUES ('date', ?)", (array("I", by_date).tobytes(),))
    return len(rows)


def _values(
    store: ox.Store, numbers: Mapping[str, int], spans: Mapping[int, tuple[str, str]], base: str
) -> Iterator[tuple[str, dict[tuple[str, str], set[int]]]]:
    """Yield facet → (key, IRI) → numbers of the claims that have it."""
    for name, path in PATHS.items():
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for claim, iri in ask(store, f"SELECT DISTINCT ?claim ?value {{ ?claim asc:text ?text ; {path} ?value }}"):
            if claim in numbers and _belongs(name, iri, base):
                found[key_of(iri, base), iri].add(numbers[claim])
        for key, condition in LACKING.get(name, {}).items():
            rows = ask(store, f"SELECT ?claim {{ ?claim asc:text ?text FILTER({condition}) }}")
            found[key, ""] = {numbers[claim] for (claim,) in rows if claim in numbers}
        yield name, found
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number in numbers.values():
        for year in _years(spans.get(number)):
            years[year, ""].add(number)
    yield "time", years


def _belongs(name: str, iri: str, base: str) -> bool:
    """Return whether an IRI is a value of a facet: of the classes the claims' kinds, of the entities places or not."""
    if name == "kind":
        return iri.startswith(vocab.ASC) and iri != f"{vocab.ASC}Claim"
    if name in ("about", "place"):
        return iri.startswith(base) and iri.startswith(f"{base}place/") == (name == "place")
    return True


def key_of(iri: str, base: str) -> str:
    """Return the short name of a value in addresses: its path below the base, or the last part of a term's IRI."""
    return iri[len(base) :] if iri.startswith(base) else iri.rstrip("/").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _spans(store: ox.Store, numbers: Mapping[str, int]) -> dict[int, tuple[str, str]]:
    """Return claim number → earliest and latest day (ISO 8601) of what it tells of; an open end is as the other end."""
    found: dict[int, tuple[str, str]] = {}
    rows = ask(
        store,
        "SELECT ?claim (MIN(?from) AS ?first) (MAX(?to) AS ?last) "
        "{ ?claim asc:text ?text ; asc:earliest|asc:latest ?day "
        "OPTIONAL { ?claim asc:earliest ?from } OPTIONAL { ?claim asc:latest ?to } } GROUP BY ?claim",
    )
    for claim, first, last in rows:
        if claim in numbers:
            found[numbers[claim]] = first or last, last or first
    return found


def _years(span: tuple[str, str] | None) -> Iterable[str]:
    return [NONE] if span is None else [str(year) for year in range(int(span[0][:4]), int(span[1][:4]) + 1)]


def _bits(holders: Iterable[int]) -> int:
    return int.from_bytes(_blob(holders), "little")


def _blob(holders: Iterable[int]) -> bytes:
    bits = bytearray(max(holders, default=0) // 8 + 1)
    for number in holders:
        bits[number // 8] |= 1 << number % 8
    return bytes(bits)


class Facets:
    """Reads the bitsets of one build; open it for one answer and close it again."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self._all = (1 << self._one("SELECT count(*) FROM claim")) - 1
        self._kept: dict[tuple[object, ...], int] = {}  # what is chosen by each condition that was asked for
        self._found: dict[str, list[int]] = {}  # words → numbers of the claims that match them, the best first
        self._expanded: dict[str, Expanded] = {}

    def __enter__(self) -> Facets:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _one(self, query: str, *values: object) -> int:
        row = self._connection.execute(query, values).fetchone()
        return int(row[0]) if row else 0

    def known(self, name: str, key: str) -> bool:
        """Return whether a facet has a value."""
        return bool(self._one("SELECT 1 FROM facet WHERE name = ? AND key = ?", name, key))

    def size(self, name: str) -> int:
        """Return how many values a facet has."""
        return self._one("SELECT count(*) FROM facet WHERE name = ?", name)

    def iri(self, name: str, key: str) -> str:
        """Return the IRI of a facet's value, nothing for one that is not known or has none."""
        row = self._connection.execute("SELECT iri FROM facet WHERE name = ? AND key = ?", (name, key)).fetchone()
        return str(row[0]) if row else ""

    def years(self) -> list[int]:
        """Return the years of which claims tell, in their order."""
        rows = self._connection.execute("SELECT key FROM facet WHERE name = 'time' AND key != ?", (NONE,))
        return sorted(int(key) for (key,) in rows)

    def beside(self, iri: str) -> tuple[str, str]:
        """Return the IRIs of the claims before and after a claim in the text, nothing where none is."""
        rows = self._connection.execute(
            "SELECT beside.number - here.number, beside.iri FROM claim AS here "
            "JOIN claim AS beside ON beside.number IN (here.number - 1, here.number + 1) WHERE here.iri = ?",
            (iri,),
        )
        source = iri.rsplit("/", 1)[0]
        found = {step: other for step, other in rows if other.rsplit("/", 1)[0] == source}
        return found.get(-1, ""), found.get(1, "")

    def expanded(self, words: str) -> Expanded:
        """Return what is searched for the words."""
        if words not in self._expanded:
            self._expanded[words] = spellings.expand(self._connection, words)
        return self._expanded[words]

    def chosen(self, choice: Choice, but: str = "") -> int:
        """Return the bitset of the claims chosen; the facet `but` is left out, as its own counts need."""
        found = self._all
        if choice.words.strip():
            found &= self._of(("words", choice.words), lambda: _bits(self._matching(choice.words)))
        for name, keys in choice.values.items():
            if keys and name != but:
                found &= self._of((name, *keys), lambda name=name, keys=keys: self._either(name, keys))  # type: ignore[misc]
        if but != "time" and choice.spans:
            years = (choice.since, choice.until)
            found &= self._of(("years", *years), lambda: self._between(*years))
        return found

    def _of(self, condition: tuple[object, ...], make: Callable[[], int]) -> int:
        """Return the bitset of a condition, made once."""
        if condition not in self._kept:
            self._kept[condition] = make()
        return self._kept[condition]

    def counts(self, choice: Choice, name: str, limit: int | None = 12, among: int = -1) -> Counted:
        """Return the values of a facet by falling number of claims chosen, `limit` of them and those chosen already.

        Only claims of the bitset `among` are counted (-1: all).
        """
        within = self.chosen(choice, but=name) & among
        picked = set(choice.values.get(name, ()))
        found: list[Value] = []
        least = 0
        rows = self._connection.execute(
            "SELECT key, iri, count, bits FROM facet WHERE name = ? ORDER BY count DESC, key", (name,)
        )
        for key, iri, count, bits in rows:
            if limit is not None and len(found) >= limit and count <= least:
                break  # no later value can have more than this one
            inside = (int.from_bytes(bits, "little") & within).bit_count()
            if inside and key not in picked:
                found.append(Value(key, iri, inside, chosen=False))
                if limit is not None and len(found) >= limit:
                    least = sorted((each.count for each in found), reverse=True)[limit - 1]
        found.sort(key=lambda each: (-each.count, each.key))
        return Counted((*self._picked(name, picked, within), *found[:limit]), self.size(name))

    def _picked(self, name: str, keys: Iterable[str], within: int) -> Iterator[Value]:
        for key in sorted(keys):
            row = self._connection.execute("SELECT iri, bits FROM facet WHERE name = ? AND key = ?", (name, key))
            for iri, bits in row:
                yield Value(key, iri, (int.from_bytes(bits, "little") & within).bit_count(), chosen=True)

    def claims(self, found: int, order: Order = "text", words: str = "", offset: int = 0, limit: int = 50) -> list[str]:
        """Return the IRIs of a window of the claims of a bitset, in an order; `match`: best match of `words` first."""
        window: list[int] = []
        bits = self._bytes(found)
        for number in self._ordered(order, words):
            if bits[number // 8] >> number % 8 & 1:
                if offset:
                    offset -= 1
                    continue
                window.append(number)
                if len(window) >= limit:
                    break
        rows = {
            number: self._connection.execute("SELECT iri FROM claim WHERE number = ?", (number,)).fetchone()[0]
            for number in window
        }
        return [rows[number] for number in window]

    def _ordered(self, order: Order, words: str) -> Iterable[int]:
        if order == "match" and words.strip():
            return self._matching(words)
        if order in ("date", "-date"):
            numbers: array[int] = array("I")
            (blob,) = self._connection.execute("SELECT numbers FROM ordering WHERE name = 'date'").fetchone()
            numbers.frombytes(blob)
            return self._latest_first(numbers) if order == "-date" else numbers
        return range(self._all.bit_length())

    def _latest_first(self, numbers: array[int]) -> list[int]:
        """Return the claims by falling date, those without a date last all the same."""
        undated = self._either("time", [NONE]).bit_count()  # they stand last
        dated = len(numbers) - undated
        return [*reversed(numbers[:dated]), *numbers[dated:]]

    def _bytes(self, found: int) -> bytes:
        return found.to_bytes(self._all.bit_length() // 8 + 1, "little")

    def _matching(self, words: str) -> list[int]:
        if words not in self._found:
            expression = self.expanded(words).expression
            self._found[words] = self._matches(expression) if expression else []
        return self._found[words]

    def _matches(self, expression: str) -> list[int]:
        rows = self._connection.execute(
            "SELECT claim.number FROM documents JOIN claim USING (iri) "  # noqa: S608 - constants
            "WHERE documents MATCH ? AND kind = 'claim' "
            f"ORDER BY bm25(documents, {WEIGHTS}), claim.number",
            (expression,),
        )
        return [number for (number,) in rows]

    def _either(self, name: str, keys: Sequence[str]) -> int:
        marks = ", ".join("?" * len(keys))
        rows = self._connection.execute(
            f"SELECT bits FROM facet WHERE name = ? AND key IN ({marks})",  # noqa: S608 - question marks only
            (name, *keys),
        )
        found = 0
        for (bits,) in rows:
            found |= int.from_bytes(bits, "little")
        return found

    def _between(self, since: int | None, until: int | None) -> int:
        first, last = since if since is not None else 0, until if until is not None else 9999
        found = 0
        for key, bits in self._connection.execute("SELECT key, bits FROM facet WHERE name = 'time'"):
            if key != NONE and first <= int(key) <= last:
                found |= int.from_bytes(bits, "little")
        return found
