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


_NAMES = ("measure", "unit", "value", "low", "high", "qualifier", "place", "edtf", "series", "role", "printed")
_TABLES = f"""
CREATE TABLE figure(iri TEXT PRIMARY KEY, number INTEGER, {", ".join(f"{name} TEXT" for name in _NAMES)},
  things TEXT, flags TEXT, source TEXT) WITHOUT ROWID;
CREATE INDEX figure_by_measure ON figure(measure, unit);
CREATE TABLE figure_of(thing TEXT, figure TEXT, PRIMARY KEY(thing, figure)) WITHOUT ROWID;
"""
_SELECT = f"""SELECT figure.iri, number, {", ".join(_NAMES)}, things, flags, source, claim.iri, text, speakers
FROM figure JOIN claim USING (number) JOIN line USING (number)"""  # noqa: S608 - constants
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

    `things` are what the figure is of; `number`, `flags`, `source`, `claim` (its IRI), `text` and `speakers` are its
    claim's.
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
    claim: str
    text: str
    speakers: tuple[str, ...]

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Return the least and the greatest number that is given, or None where there is no number."""
        ends = [float(text) for text in (self.value, self.low, self.high) if text]
        return (min(ends), max(ends)) if ends else None


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
        iris = [str(row[0]) for row in found]
        ends = {(thing, iri) for iri in iris for thing in (*things[iri], values["place"].get(iri, "")) if thing}
        connection.executemany("INSERT INTO figure_of VALUES (?, ?)", sorted(ends))
    return len(found)


def _several(rows: Iterable[list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in sorted({(row[0], row[1]) for row in rows}):
        found[key].append(value)
    return found


def read(path: Path) -> list[Figure]:
    """Return all figures in the order of their claims' texts."""
    with closing(lines.opened(path)) as connection:
        return [_figure(row) for row in connection.execute(f"{_SELECT} ORDER BY number, figure.iri")]


def of(path: Path, thing: str) -> list[Figure]:
    """Return the figures that are of a thing or given for it as a place, in the order of their claims' texts."""
    with closing(lines.opened(path)) as connection:
        rows = connection.execute(
            f"{_SELECT} JOIN figure_of ON figure = figure.iri WHERE thing = ? ORDER BY number, figure.iri",
            (thing,),
        )
        return [_figure(row) for row in rows]


def series(path: Path, source: str, name: str) -> list[Figure]:
    """Return the figures of one series of a source, whichever measures they have."""
    with closing(lines.opened(path)) as connection:
        rows = connection.execute(
            f"{_SELECT} WHERE source = ? AND series = ? ORDER BY number, figure.iri", (source, name)
        )
        return [_figure(row) for row in rows]


def _figure(row: Sequence[Any]) -> Figure:
    """Return a row of the table as a figure: lists stand in it as texts with spaces."""
    iri, number, *texts, things, flags, source, claim, text, speakers = row
    told: dict[str, Any] = dict(zip(_NAMES, texts, strict=True))
    told |= {"things": tuple(things.split()), "flags": tuple(flags.split()), "speakers": tuple(speakers.split())}
    return Figure(iri, number, **told, source=source, claim=claim, text=text)
