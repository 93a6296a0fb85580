"""Reads the rows of a SPARQL JSON table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Names one RDF term: its value, kind (`uri`, `literal`, `bnode`), language and datatype IRI."""

    value: str
    kind: str = "uri"
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Return whether the term is an IRI."""
        return self.kind == "uri"


Row = dict[str, Term]


@dataclass(frozen=True, slots=True)
class Table:
    """Holds a table: its variables in order and its rows, in which unbound variables are missing; or a truth value."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    truth: bool | None = None


def read(data: bytes) -> Table:
    """Return the table in a SPARQL JSON document."""
    document: dict[str, Any] = json.loads(data)
    if "boolean" in document:
        return Table((), (), bool(document["boolean"]))
    rows = tuple({name: _term(cell) for name, cell in row.items()} for row in document["results"]["bindings"])
    return Table(tuple(document["head"].get("vars", ())), rows)


def _term(cell: dict[str, Any]) -> Term:
    value = cell["value"]
    return Term(str(value), cell["type"], cell.get("xml:lang", ""), cell.get("datatype", ""))
