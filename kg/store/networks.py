"""The networks of a build as tables of its index file: written once, read by pages and by `kg network`.

A thing is named by its key, which is its path below the dataset's base (`actor/armenia`); a claim by its number in the
order of the text, as in :mod:`kg.store.facets`, whose choices filter edges here.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kg.store import spellings
from kg.store.choice import Choice
from kg.store.facets import Facets
from kg.store.search import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Status = Literal["stated", "denied", "inferred"]
Measure = Literal["degree", "claims", "betweenness"]
MEASURES: tuple[Measure, ...] = ("degree", "claims", "betweenness")
_TABLES = """
CREATE TABLE network(name TEXT PRIMARY KEY, directed INTEGER, facts TEXT);
CREATE TABLE network_thing(key TEXT PRIMARY KEY, label TEXT, language TEXT, kind TEXT) WITHOUT ROWID;
CREATE TABLE network_claim(number INTEGER PRIMARY KEY, key TEXT, text TEXT, modality TEXT, first TEXT, last TEXT,
  speakers TEXT);
CREATE TABLE network_node(network TEXT, key TEXT, degree INTEGER, inward INTEGER, outward INTEGER, claims INTEGER,
  betweenness REAL, community INTEGER, x REAL, y REAL, PRIMARY KEY(network, key)) WITHOUT ROWID;
CREATE TABLE network_edge(number INTEGER PRIMARY KEY, network TEXT, source TEXT, target TEXT, relation TEXT,
  status TEXT, weight INTEGER, claims BLOB);
CREATE INDEX network_edge_out ON network_edge(network, source);
CREATE INDEX network_edge_in ON network_edge(network, target);
"""
_EDGE = "source, target, relation, status, claims"


@dataclass(frozen=True, slots=True)
class Thing:
    """Names something that may stand in a network: its key, label with language, and kind (as in its address)."""

    key: str
    label: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Holds what an edge tells of one of its claims: text, speakers (keys), modality, first and last day (or empty)."""

    number: int
    key: str
    text: str
    modality: str
    first: str
    last: str
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """Holds what was measured of one thing in one network; `x` and `y` say where its drawing has it, if it has it.

    `degree` counts neighbours, `inward` and `outward` those by direction, `claims` the claims of all its edges, an edge
    at a time; `betweenness` is from 0 to 1; `community` counts from 1, the largest first.
    """

    key: str
    degree: int
    inward: int
    outward: int
    claims: int
    betweenness: float
    community: int
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Links two things by a relation (an IRI, or empty) that claims state or deny, or that was inferred from them."""

    source: str
    target: str
    relation: str
    status: Status
    claims: tuple[int, ...]

    @property
    def weight(self) -> int:
        """Return how many claims it rests on."""
        return len(self.claims)

    def other(self, key: str) -> str:
        """Return the end that is not `key`."""
        return self.target if self.source == key else self.source


@dataclass(frozen=True, slots=True)
class Network:
    """Holds one whole network with its facts: how many nodes and edges it has, and how it was measured."""

    name: str
    directed: bool
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    facts: dict[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """Says which edges are wanted: by relation (IRIs), and by the speakers (keys) and years of their claims.

    Inferred edges have no claim of their own, so they are left out where speakers, years or things are asked for.
    """

    relations: frozenset[str] = frozenset()
    speakers: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    @property
    def of_claims(self) -> bool:
        """Return whether claims are chosen, and not relations alone."""
        return bool(self.speakers or self.about or self.since is not None or self.until is not None)


ALL = Filter()


def build(path: Path, networks: Iterable[Network], things: Iterable[Thing], claims: Iterable[Claim]) -> None:
    """Add the tables of networks to the index file at `path`."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        connection.executemany(
            "INSERT INTO network_thing VALUES (?, ?, ?, ?)", ((t.key, t.label, t.language, t.kind) for t in things)
        )
        connection.executemany(
            "INSERT INTO network_claim VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((c.number, c.key, c.text, c.modality, c.first, c.last, " ".join(c.speakers)) for c in claims),
        )
        for each in networks:
            facts = json.dumps(each.facts, sort_keys=True)
            connection.execute("INSERT INTO network VALUES (?, ?, ?)", (each.name, each.directed, facts))
            connection.executemany(
                "INSERT INTO network_node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (each.name, n.key, n.degree, n.inward, n.outward, n.claims, n.betweenness, n.community, n.x, n.y)
                    for n in each.nodes
                ),
            )
            connection.executemany(
                "INSERT INTO network_edge VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (each.name, e.source, e.target, e.relation, e.status, e.weight, array("I", e.claims).tobytes())
                    for e in each.edges
                ),
            )


class Networks:
    """Reads the networks of one build; open it for one answer and close it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

    def __enter__(self) -> Networks:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def names(self) -> list[str]:
        """Return the names of the networks."""
        return [name for (name,) in self._connection.execute("SELECT name FROM network ORDER BY name")]

    def facts(self, network: str) -> dict[str, int | float]:
        """Return how large a network is and how it was measured."""
        row = self._connection.execute("SELECT facts FROM network WHERE name = ?", (network,)).fetchone()
        found: dict[str, int | float] = json.loads(row[0]) if row else {}
        return found

    def inferred(self, network: str) -> int:
        """Return how many edges of a network no claim states or denies."""
        query = "SELECT count(*) FROM network_edge WHERE network = ? AND status = 'inferred'"
        return int(self._connection.execute(query, (network,)).fetchone()[0])

    def directed(self, network: str) -> bool:
        """Return whether the edges of a network lead from one end to the other."""
        row = self._connection.execute("SELECT directed FROM network WHERE name = ?", (network,)).fetchone()
        return bool(row and row[0])

    def top(self, network: str, by: Measure, limit: int, offset: int = 0) -> list[Node]:
        """Return the nodes with the highest value of a measure; ties go by degree, then key."""
        column = by if by in MEASURES else "degree"
        rows = self._connection.execute(
            f"SELECT {_columns()} FROM network_node WHERE network = ? "  # noqa: S608 - one of MEASURES
            f"ORDER BY {column} DESC, degree DESC, key LIMIT ? OFFSET ?",
            (network, limit, offset),
        )
        return [Node(*row) for row in rows]

    def nodes(self, network: str, keys: Iterable[str]) -> dict[str, Node]:
        """Return key → node of those of the things that stand in a network."""
        rows = self._within(f"SELECT {_columns()} FROM network_node WHERE network = ? AND key IN", (network,), keys)  # noqa: S608 - constants
        return {row[0]: Node(*row) for row in rows}

    def drawn(self, network: str) -> list[Node]:
        """Return the nodes that the drawing of a network has, the one with most neighbours first."""
        rows = self._connection.execute(
            f"SELECT {_columns()} FROM network_node WHERE network = ? AND x IS NOT NULL ORDER BY degree DESC, key",  # noqa: S608 - constants
            (network,),
        )
        return [Node(*row) for row in rows]

    def communities(self, network: str) -> list[tuple[int, int]]:
        """Return the number and the size of each community, the largest first."""
        rows = self._connection.execute(
            "SELECT community, count(*) FROM network_node WHERE network = ? GROUP BY community ORDER BY 2 DESC, 1",
            (network,),
        )
        return [(number, size) for number, size in rows]

    def members(self, network: str, community: int, limit: int) -> list[Node]:
        """Return the members of a community with most neighbours."""
        rows = self._connection.execute(
            f"SELECT {_columns()} FROM network_node WHERE network = ? AND community = ? "  # noqa: S608 - constants
            "ORDER BY degree DESC, key LIMIT ?",
            (network, community, limit),
        )
        return [Node(*row) for row in rows]

    def things(self, keys: Iterable[str]) -> dict[str, Thing]:
        """Return key → thing for those keys that name one."""
        rows = self._within("SELECT key, label, language, kind FROM network_thing WHERE key IN", (), keys)
        return {str(row[0]): Thing(*row) for row in rows}

    def find(self, words: str, limit: int) -> list[Thing]:
        """Return the things whose names hold all the words, best first."""
        expression = spellings.expand(self._connection, words).expression
        if not expression:
            return []
        base = self._base()
        rows = self._connection.execute(
            "SELECT substr(iri, ?) FROM documents "  # noqa: S608 - constants
            "WHERE documents MATCH ? AND kind NOT IN ('claim', 'section', 'source') "
            f"ORDER BY bm25(documents, {WEIGHTS}), iri LIMIT ?",
            (len(base) + 1, expression, 4 * limit),
        )
        keys = [key for (key,) in rows]
        known = self.things(keys)
        return [known[key] for key in keys if key in known][:limit]

    def _base(self) -> str:
        row = self._connection.execute(
            "SELECT substr(iri, 1, length(iri) - length(key)) FROM claim JOIN network_claim USING (number) LIMIT 1"
        ).fetchone()
        return str(row[0]) if row else ""

    def claims(self, numbers: Iterable[int]) -> dict[int, Claim]:
        """Return number → claim."""
        query = "SELECT number, key, text, modality, first, last, speakers FROM network_claim WHERE number IN"
        rows = self._within(query, (), numbers)
        return {
            number: Claim(number, key, text, modality, first, last, tuple(speakers.split()))
            for number, key, text, modality, first, last, speakers in rows
        }

    def relations(self, network: str) -> list[tuple[str, int]]:
        """Return the relations of a network with the claims that state or deny them, the most frequent first."""
        rows = self._connection.execute(
            "SELECT relation, sum(weight) FROM network_edge WHERE network = ? AND relation != '' AND weight > 0 "
            "GROUP BY relation ORDER BY 2 DESC, 1",
            (network,),
        )
        return [(relation, int(count)) for relation, count in rows]

    def speakers(self) -> list[tuple[str, int]]:
        """Return who makes claims, those who make most first."""
        found = Counter(
            speaker
            for (speakers,) in self._connection.execute("SELECT speakers FROM network_claim")
            for speaker in speakers.split()
        )
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def edges(self, network: str, wanted: Filter = ALL, keys: Sequence[str] | None = None) -> list[Edge]:
        """Return the edges of a network, or those between the things of `keys`, with the claims that a filter leaves.

        An edge that keeps none of its claims is left out. The heaviest come first.
        """
        query = f"SELECT {_EDGE} FROM network_edge WHERE network = ?"  # noqa: S608 - constants
        if keys is None:
            rows: Iterable[Sequence[Any]] = self._connection.execute(query, (network,))
        else:
            inside = set(keys)
            rows = (row for row in self._within(f"{query} AND source IN", (network,), keys) if row[1] in inside)
        return sorted(self._left(rows, wanted), key=_by_weight)

    def around(self, network: str, key: str, wanted: Filter = ALL) -> list[Edge]:
        """Return the edges of one thing, the heaviest first."""
        query = f"SELECT {_EDGE} FROM network_edge WHERE network = ? AND"  # noqa: S608 - constants
        rows = [
            *self._connection.execute(f"{query} source = ?", (network, key)),
            *self._connection.execute(f"{query} target = ? AND source != target", (network, key)),
        ]
        return sorted(self._left(rows, wanted), key=_by_weight)

    def neighbours(self, network: str, key: str, wanted: Filter = ALL) -> Counter[str]:
        """Return neighbour → claims between it and one thing: all that may be shown around it."""
        if wanted == ALL:
            rows = self._connection.execute(
                "SELECT target, sum(weight) FROM network_edge WHERE network = ?1 AND source = ?2 GROUP BY target "
                "UNION ALL SELECT source, sum(weight) FROM network_edge WHERE network = ?1 AND target = ?2 "
                "GROUP BY source",
                (network, key),
            )
            pairs = [(str(other), int(weight)) for other, weight in rows]
        else:
            pairs = [(edge.other(key), edge.weight) for edge in self.around(network, key, wanted)]
        found: Counter[str] = Counter()
        for other, weight in pairs:
            if other != key:
                found[other] += weight
        return found

    def path(self, network: str, start: str, end: str, wanted: Filter = ALL) -> list[tuple[str, Edge, str]]:
        """Return a shortest way between two things as steps (from, edge, to), or nothing where there is none.

        Of several shortest ways it is one whose edges rest on many claims, and always the same one. Edges that were
        inferred are no part of it.
        """
        if start == end:
            return []
        adjacent: dict[str, list[Edge]] = {}
        for edge in self.edges(network, wanted):
            if edge.status != "inferred":
                adjacent.setdefault(edge.source, []).append(edge)
                adjacent.setdefault(edge.target, []).append(edge)
        came: dict[str, tuple[str, Edge]] = {}
        ahead, seen = [start], {start}
        while ahead and end not in seen:
            reached = []
            for key in ahead:
                for edge in adjacent.get(key, ()):
                    other = edge.other(key)
                    if other not in seen:
                        seen.add(other)
                        came[other] = (key, edge)
                        reached.append(other)
            ahead = reached
        steps: list[tuple[str, Edge, str]] = []
        at = end
        while at in came:
            before, edge = came[at]
            steps.append((before, edge, at))
            at = before
        return steps[::-1]

    def _left(self, rows: Iterable[Sequence[Any]], wanted: Filter) -> Iterator[Edge]:
        """Yield the edges of rows with the claims that a filter leaves them."""
        bits = self._allowed(wanted)
        for source, target, relation, status, blob in rows:
            if wanted.relations and relation not in wanted.relations:
                continue
            numbers: array[int] = array("I")
            numbers.frombytes(blob)
            claims = tuple(numbers) if bits is None else tuple(n for n in numbers if bits[n // 8] >> n % 8 & 1)
            if claims or (status == "inferred" and bits is None):
                yield Edge(source, target, relation, status, claims)

    def _allowed(self, wanted: Filter) -> bytes | None:
        """Return the claims that a filter leaves as a bitset, or None where it leaves all."""
        if not wanted.of_claims:
            return None
        with Facets(self._path) as read:
            everything = read.chosen(Choice())
            found = read.chosen(Choice(values=_values(wanted), since=wanted.since, until=wanted.until))
            if wanted.about:
                either = [read.chosen(Choice(values={_facet(key): [key]})) for key in wanted.about]
                about = 0
                for each in either:
                    about |= each
                found &= about
            return found.to_bytes(everything.bit_length() // 8 + 1, "little")

    def _within(self, query: str, before: tuple[object, ...], keys: Iterable[object]) -> Iterator[Sequence[Any]]:
        """Yield the rows of a query that ends in IN, for any number of keys."""
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            yield from self._connection.execute(f"{query} ({marks})", (*before, *some))


def _columns() -> str:
    return "key, degree, inward, outward, claims, betweenness, community, x, y"


def _by_weight(edge: Edge) -> tuple[int, str, str, str, str]:
    return (-edge.weight, edge.source, edge.target, edge.relation, edge.status)


def _values(wanted: Filter) -> Mapping[str, Sequence[str]]:
    return {"speaker": wanted.speakers} if wanted.speakers else {}


def _facet(key: str) -> str:
    """Return the facet that a thing is a value of."""
    kind = key.split("/", 1)[0]
    return kind if kind in ("place", "topic", "work") else "about"
