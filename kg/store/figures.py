"""Keeps every figure that claims give, by measure, made once a build."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.store import lines
from kg.store.search import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from kg.store.lines import Line

_NAMES = ("measure", "unit", "value", "low", "high", "qualifier", "place", "edtf", "series", "role", "printed")
_TABLES = f"""
CREATE TABLE figure(iri TEXT PRIMARY KEY, number INTEGER, {", ".join(f"{name} TEXT" for name in _NAMES)},
  things TEXT, flags TEXT, source TEXT) WITHOUT ROWID;
CREATE INDEX figure_by_measure ON figure(measure, unit);
"""
_COLUMNS = ", ".join(("iri", "number", *_NAMES, "things", "flags", "source"))
_PATHS = {
    "unit": "asc:unit",
    "value": "rdf:value",
    "low": "asc:min",
    "high": "asc:max",
    "qualifier": "asc:qualifier",
    "place": "asc:where",
    "edtf": "asc:when",
    "series": "asc:series",
    "role": "asc:seriesRole",
    "printed": "asc:asPrinted",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Holds one figure: what the data say of it, as texts (IRIs, decimal numbers, EDTF), empty where they say nothing.

    `things` are what the figure is of, `flags` those of its claim, `number` is its claim's.
    """

    iri: str
    number: int
    measure: str
    unit: str
    value: str
    low: str
    high: str
    qualifier: str
    place: str
    edtf: str
    series: str
    role: str
    printed: str
    things: tuple[str, ...]
    flags: tuple[str, ...]
    source: str

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Return the least and the greatest number that is given, or None where there is no number."""
        ends = [float(text) for text in (self.value, self.low, self.high) if text]
        return (min(ends), max(ends)) if ends else None


@dataclass(frozen=True, slots=True)
class Measured:
    """Holds a window of measures, in order, with the figures of each, how many of both there are, and the lines."""

    measures: tuple[tuple[str, tuple[Figure, ...]], ...]
    total: int
    figures: int
    lines: dict[int, Line]


def build(store: ox.Store, path: Path) -> int:
    """Add the figures to the index file at `path`, which numbers the claims already; return how many there are."""
    values = {
        name: dict(ask(store, f"SELECT ?figure ?value {{ ?claim asc:figure ?figure . ?figure {each} ?value }}"))
        for name, each in _PATHS.items()
    }
    things = _several(ask(store, "SELECT ?figure ?thing { ?claim asc:figure ?figure . ?figure asc:of ?thing }"))
    flags = _several(ask(store, "SELECT ?claim ?flag { ?claim asc:figure ?figure ; asc:flag ?flag }"))
    sources = dict(ask(store, "SELECT ?claim ?source { ?claim asc:figure ?figure ; asc:inSource ?source }"))
    rows = ask(
        store, "SELECT DISTINCT ?figure ?claim ?measure { ?claim asc:figure ?figure . ?figure asc:measure ?measure }"
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        numbers = lines.numbers(connection)
        found = [
            (
                *(figure, numbers[claim], measure),
                *(values[name].get(figure, "") for name in _PATHS),
                *(" ".join(things[figure]), " ".join(flags[claim]), sources.get(claim, "")),
            )
            for figure, claim, measure in sorted(rows)
            if claim in numbers
        ]
        marks = ", ".join("?" * (len(_NAMES) + 5))
        connection.executemany(f"INSERT OR IGNORE INTO figure VALUES ({marks})", found)  # noqa: S608 - question marks
    return len(found)


def _several(rows: Iterable[list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in sorted({(row[0], row[1]) for row in rows}):
        found[key].append(value)
    return found


def read(path: Path, chosen: int | None = None, limit: int | None = None, offset: int = 0) -> Measured:
    """Return a window of the measures of which claims in a bitset (None: all) give figures, those with most first.

    The figures of a measure are in the order of their claims' texts.
    """
    with closing(lines.opened(path)) as connection:
        kept: dict[str, list[Figure]] = defaultdict(list)
        for row in connection.execute(f"SELECT {_COLUMNS} FROM figure ORDER BY number, iri"):  # noqa: S608 - constants
            if chosen is None or chosen >> row[1] & 1:
                kept[row[2]].append(_figure(row))
        ordered = sorted(kept.items(), key=lambda each: (-len(each[1]), each[0]))
        window = ordered[offset : None if limit is None else offset + limit]
        shown = (figure.number for _, figures in window for figure in figures)
        return Measured(
            tuple((measure, tuple(figures)) for measure, figures in window),
            len(ordered),
            sum(len(figures) for figures in kept.values()),
            lines.read(connection, shown),
        )


def series(
    path: Path, names: Iterable[tuple[str, str]]
) -> tuple[dict[tuple[str, str], tuple[Figure, ...]], dict[int, Line]]:
    """Return (source, series) → its figures, whichever measures they have, and their claims' lines."""
    found: dict[tuple[str, str], tuple[Figure, ...]] = {}
    with closing(lines.opened(path)) as connection:
        for source, name in sorted(set(names)):
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM figure WHERE source = ? AND series = ? ORDER BY number, iri",  # noqa: S608 - constants
                (source, name),
            )
            found[source, name] = tuple(_figure(row) for row in rows)
        told = lines.read(connection, (figure.number for figures in found.values() for figure in figures))
    return found, told


def _figure(row: Sequence[Any]) -> Figure:
    """Return a row of the table as a figure: lists stand in it as texts with spaces."""
    iri, number, *texts, things, flags, source = row
    told = dict(zip(_NAMES, texts, strict=True))
    return Figure(iri, number, **told, things=tuple(things.split()), flags=tuple(flags.split()), source=source)
