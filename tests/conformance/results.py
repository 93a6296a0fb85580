"""Compares answers with the expected ones: rows as bags or in order, blank nodes by their places."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tests.conformance.suites import FORMATS, RDF

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TABLES = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}
CANONICAL = {
    f"http://www.w3.org/2001/XMLSchema#{name}"
    for name in ("integer", "decimal", "float", "double", "boolean", "date", "dateTime")
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows (variable → term), and whether their order counts."""

    rows: tuple[Row, ...]
    ordered: bool = False


Result = Table | bool | frozenset[Any]


def expected(path: Path, base: str) -> Result:
    """Return the expected result in a file: a table, a truth value, or a graph."""
    if path.suffix == ".csv":
        return Table(tuple(_csv(path.read_bytes())))
    if path.suffix in TABLES:
        return answered(path.read_bytes(), path.suffix)
    quads = list(ox.parse(path.read_bytes(), format=FORMATS[path.suffix], base_iri=base))
    store = ox.Store()
    store.extend(quads)
    home = next(store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RS}ResultSet")), None)
    return frozenset(quad.triple for quad in quads) if home is None else _result_set(store, home.subject)


def answered(data: bytes, suffix: str) -> Result:
    """Return the result in an answer that was given in the format of a suffix (`.nt` for graphs)."""
    if suffix == ".csv":
        return Table(tuple(_csv(data)))
    if suffix == ".nt":
        return frozenset(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    found: Any = ox.parse_query_results(data, TABLES[suffix])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return Table(tuple({name: row[name] for name in names if row[name] is not None} for row in found))


def same(one: Result, other: Result, lax: bool = False) -> bool:
    """Return whether two results are the same; `lax` lets repeated rows be fewer in `one` than in `other`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return _canonical(one) == _canonical(other)
    if isinstance(one, Table) and isinstance(other, Table):
        if other.ordered:
            return len(one.rows) == len(other.rows) and _pair(list(one.rows), list(other.rows), {}, {}, True)
        if lax:
            return {_key(row) for row in one.rows} == {_key(row) for row in other.rows}
        plain = Counter(_key(row) for row in one.rows if not _blank(row))
        if plain != Counter(_key(row) for row in other.rows if not _blank(row)):
            return False
        left, right = [row for row in one.rows if _blank(row)], [row for row in other.rows if _blank(row)]
        return len(left) == len(right) and _pair(left, right, {}, {}, False)
    return False


def _pair(left: list[Row], right: list[Row], there: dict[Any, Any], back: dict[Any, Any], ordered: bool) -> bool:
    """Return whether rows match one to one under one renaming of blank nodes."""
    if not left:
        return True
    for number, row in enumerate(right[:1] if ordered else right):
        renamed = _renamed(left[0], row, there, back)
        if renamed is not None and _pair(left[1:], right[:number] + right[number + 1 :], *renamed, ordered):
            return True
    return False


def _renamed(
    one: Row, other: Row, there: dict[Any, Any], back: dict[Any, Any]
) -> tuple[dict[Any, Any], dict[Any, Any]] | None:
    if one.keys() != other.keys():
        return None
    there, back = dict(there), dict(back)
    for name, value in one.items():
        if isinstance(value, ox.BlankNode) != isinstance(other[name], ox.BlankNode):
            return None
        if not isinstance(value, ox.BlankNode):
            if _value(value) != _value(other[name]):
                return None
        elif there.setdefault(value, other[name]) != other[name] or back.setdefault(other[name], value) != value:
            return None
    return there, back


def _blank(row: Row) -> bool:
    return any(isinstance(value, ox.BlankNode) for value in row.values())


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((name, "_:" if isinstance(value, ox.BlankNode) else _value(value)) for name, value in row.items())
    )


def _value(term: Any) -> str:
    """Return a term in one form for all spellings of a number or date: `1.0E1` and `10.0E0` are the same double."""
    if isinstance(term, ox.Literal) and term.datatype.value in CANONICAL:
        store = ox.Store()
        store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), term))
        return str(next(iter(store)).object)
    return str(term)


def _canonical(triples: Iterable[Any]) -> set[str]:
    store = ox.Store()
    store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in triples)  # numbers in one form
    dataset = ox.Dataset(iter(store))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def _csv(data: bytes) -> Iterator[Row]:
    """Yield rows of texts; blank nodes keep no name."""
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")):
        yield {name: "_:" if value.startswith("_:") else value for name, value in row.items()}


def _result_set(store: ox.Store, home: Any) -> Result:
    def values(subject: Any, name: str) -> list[Any]:
        return [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(RS + name), None)]

    for truth in values(home, "boolean"):
        return bool(truth.value == "true")
    rows = []
    for solution in values(home, "solution"):
        row = {
            values(binding, "variable")[0].value: values(binding, "value")[0] for binding in values(solution, "binding")
        }
        index = values(solution, "index")
        rows.append((int(index[0].value) if index else 0, row))
    ordered = any(number for number, _ in rows)
    return Table(tuple(row for _, row in sorted(rows, key=lambda each: each[0])), ordered)
