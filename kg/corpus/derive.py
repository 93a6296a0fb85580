"""Derives what the curator need not write: the assertion graph of each claim and the bounds of each date."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox

from kg.findings import Finding
from kg.vocab import ASC, DCTERMS, EDTF, RDF, SCHEMES, XSD

_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(f"{RDF}{name}") for name in ("subject", "predicate", "object"))
_STATES, _POLARITY, _ASSERTION = (ox.NamedNode(f"{ASC}{name}") for name in ("states", "polarity", "assertion"))
_EARLIEST, _LATEST = ox.NamedNode(f"{ASC}earliest"), ox.NamedNode(f"{ASC}latest")
_DATED = {ox.NamedNode(f"{ASC}when"), ox.NamedNode(f"{DCTERMS}date")}
_NEGATIVE = ox.NamedNode(f"{SCHEMES}polarity/negative")
_POSITIVE = ox.NamedNode(f"{SCHEMES}polarity/positive")
_EDTF, _DATE = ox.NamedNode(EDTF), ox.NamedNode(f"{XSD}date")

_PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")

Locate = Callable[[str, str | None], tuple[str, int] | None]


def assertions(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return each claim's plain triples in its own graph `<claim>#assertion`, and the claim's link to that graph.

    A statement that its claim denies (polarity negative) is not asserted anywhere: it stands as a statement node only.
    Statements without a polarity are given the positive one, so that queries need not ask for its absence. What
    withdrawn claims stated, outside the default graph, is asserted no more.
    """
    parts: dict[Any, dict[Any, Any]] = defaultdict(dict)
    statements: list[tuple[Any, Any]] = []
    for quad in quads:
        if quad.graph_name != ox.DefaultGraph():
            continue
        if quad.predicate == _STATES:
            statements.append((quad.subject, quad.object))
        elif quad.predicate in (_SUBJECT, _PREDICATE, _OBJECT, _POLARITY):
            parts[quad.subject][quad.predicate] = quad.object
    found = []
    for claim, statement in statements:
        part = parts[statement]
        if _POLARITY not in part:
            found.append(ox.Quad(statement, _POLARITY, _POSITIVE))
        if part.get(_POLARITY) == _NEGATIVE or not {_SUBJECT, _PREDICATE, _OBJECT} <= part.keys():
            continue
        graph = ox.NamedNode(f"{claim.value}#assertion")
        found.append(ox.Quad(part[_SUBJECT], part[_PREDICATE], part[_OBJECT], graph))
        found.append(ox.Quad(claim, _ASSERTION, graph))
    return list(dict.fromkeys(found))


def dates(quads: Iterable[ox.Quad], locate: Locate, base: str) -> tuple[list[ox.Quad], list[Finding]]:
    """Return the earliest and latest day of each EDTF date, and a finding for each that is no date."""
    found: list[ox.Quad] = []
    findings: list[Finding] = []
    for quad in quads:
        if not (isinstance(quad.object, ox.Literal) and quad.object.datatype == _EDTF):
            continue
        node = str(quad.subject).strip("<>")
        text = quad.object.value
        bounds = day_bounds(text)
        if bounds is None:
            file, line = locate(node, text) or (None, None)
            advice = "Write an EDTF date that exists: 2021, 2021-06, 2021-06-12, 1992~, 199X or 2020-09-27/2020-11-10."
            short = node.removeprefix(base)
            findings.append(Finding("date-impossible", "violation", f"{text} is no date", advice, short, file, line))
        elif quad.predicate in _DATED:
            for predicate, day in zip((_EARLIEST, _LATEST), bounds, strict=True):
                if day is not None:
                    derived = ox.Literal(day.isoformat(), datatype=_DATE)
                    found.append(ox.Quad(quad.subject, predicate, derived, quad.graph_name))
    return found, findings


@cache
def day_bounds(text: str) -> tuple[datetime.date | None, datetime.date | None] | None:
    """Return the first and the last day that an EDTF date may mean (None at an open end), or None if it is no date."""
    if match := _PLAIN.fullmatch(text):
        return _plain(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    import edtf

    try:
        parsed = edtf.parse_edtf(text)
    except edtf.parser.edtf_exceptions.EDTFParseException:
        return None
    try:
        low, high = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except ValueError:
        return None
    return None if low is not None and high is not None and low > high else (low, high)


def _plain(year: int, month: int, day: int) -> tuple[datetime.date, datetime.date] | None:
    """Return the bounds of a year, month (0 for none) or day, which needs no grammar and is most of the dates."""
    try:
        first = datetime.date(year, month or 1, day or 1)
        return first, first if day else first.replace(month=month or 12, day=monthrange(year, month or 12)[1])
    except ValueError:
        return None


def _day(moment: Any) -> datetime.date | None:
    """Return a struct_time as a day; edtf gives an infinite number for an open end."""
    return None if isinstance(moment, float) else datetime.date(*moment[:3])
