"""The timeline: events and other dated claims, each date drawn as exactly or vaguely as it was given."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from kg.errors import UsageError
from kg.store import chronicle
from kg.web import menus, periods, strips
from kg.web.citing import tools
from kg.web.dates import bounds
from kg.web.menus import Menu, address
from kg.web.models import Link, Pager, Tools
from kg.web.negotiated import only, page_number, site
from kg.web.sifting import sift
from kg.web.strips import Axis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store.chronicle import Period
    from kg.web.periods import Bar
    from kg.web.site import Site
    from kg.web.strips import Strip

blueprint = Blueprint("timeline", __name__)
ENTRIES = 40  # on one page
_FILTERS = ("kind", "speaker", "place", "about")
_ALL = 10**9
_FIELDS = ("date", "first", "last", "event", "speaker", "claim", "text")


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Shows a window of dated entries on an axis, the periods to look closer at, and how to look further away."""

    menus: tuple[Menu, ...]
    since: str
    until: str
    period: str
    wider: tuple[Link, ...]
    beside: tuple[Link | None, Link | None]  # the period before and the one after
    bars: tuple[Bar, ...]
    strip: Strip | None
    total: int
    claims: int
    counted: str
    grouped: str  # address of the query that counts them by event, date and speaker
    pager: Pager
    given: Mapping[str, str]
    tools: Tools


@blueprint.get("/timeline")
def timeline() -> str:
    """Show the dated events and claims that the parameters choose."""
    return render_template("timeline.html", page=timeline_page(site(), _given(), page_number()), legend=strips.LEGEND)


@blueprint.get("/timeline.csv")
def table() -> Response:
    """Give the dates that the parameters choose as CSV."""
    given = _given()
    since, until = _period(given)
    chosen = sift(site(), given, _FILTERS).chosen
    found = chronicle.read(site().build().search, chosen, since, until, limit=_ALL)
    return Response(_csv(site(), found), content_type="text/csv; charset=utf-8")


def _given() -> dict[str, str]:
    names = (*_FILTERS, "from", "to")
    only(names)
    return {name: request.args[name].strip() for name in names if request.args.get(name, "").strip()}


def _period(given: Mapping[str, str]) -> tuple[str, str]:
    """Return the first and last day asked for, empty where there is no bound."""
    since, until = bounds(given.get("from", ""), "from")[0], bounds(given.get("to", ""), "to")[1]
    if since and until and since > until:
        raise UsageError(f"The period begins with {given['from']} and ends with {given['to']}: turn them round.")
    return since, until


def timeline_page(site: Site, given: Mapping[str, str], number: int) -> TimelinePage:
    """Return one page of the dated entries chosen; raises UsageError for a filter or period that there is not."""
    path = site.build().search
    since, until = _period(given)
    sifted = sift(site, given, _FILTERS, chronicle.dated(path))
    found = chronicle.read(path, sifted.chosen, since, until, ENTRIES, (number - 1) * ENTRIES)
    reach = chronicle.extent(span for span, _ in found.spans)
    axis = None
    bars: tuple[Bar, ...] = ()
    if reach is not None:
        first = since or min(reach[0], bounds(given.get("to", ""), "to")[0] or reach[0])
        axis = Axis.over(first, until or max(reach[1], bounds(given.get("from", ""), "from")[1]))
        filters = {name: value for name, value in given.items() if name not in ("from", "to")}
        bars = periods.bars(found.spans, axis, lambda first, last: _closer(filters, first, last))
    within = _within(since, until)
    query = menus.query(site, "timeline", sifted.conditions, within)
    return TimelinePage(
        sifted.menus,
        given.get("from", ""),
        given.get("to", ""),
        periods.named(axis.first, axis.last) if axis and (since or until) else "",
        _wider(given, axis),
        _beside(given, axis) if since and until else (None, None),
        bars,
        strips.strip(site, found, axis) if axis else None,
        found.total,
        len({claim for _, claim in found.spans}),
        menus.editor(query),
        menus.editor(menus.query(site, "timeline-count", sifted.conditions, within)),
        _pager(given, number, found.total),
        given,
        _tools(site, given, sifted.conditions, within),
    )


def _closer(given: Mapping[str, str], first: str, last: str) -> str:
    return address("/timeline", given, **{"from": first, "to": last})


def _wider(given: Mapping[str, str], axis: Axis | None) -> tuple[Link, ...]:
    """Return the ways out of the period shown, the widest first."""
    if axis is None or not ("from" in given or "to" in given):
        return ()
    whole = address("/timeline", given, **{"from": "", "to": ""})
    around = periods.around(axis.first, axis.last)
    return (Link("All time", whole), *(Link(name, _closer(given, first, last)) for name, first, last in around))


def _beside(given: Mapping[str, str], axis: Axis | None) -> tuple[Link | None, Link | None]:
    found = periods.beside(axis.first, axis.last) if axis else (None, None)
    before, after = (Link(each[0], _closer(given, each[1], each[2])) if each else None for each in found)
    return before, after


def _within(since: str, until: str) -> tuple[str, ...]:
    """Return the conditions of a period in SPARQL: an open end reaches into any period on its side."""
    day = '"{}"^^<http://www.w3.org/2001/XMLSchema#date>'
    conditions = [f"FILTER(!BOUND(?latest) || ?latest >= {day.format(since)})"] if since else []
    conditions += [f"FILTER(!BOUND(?earliest) || ?earliest <= {day.format(until)})"] if until else []
    return tuple(conditions)


def _pager(given: Mapping[str, str], number: int, total: int) -> Pager:
    first, last = (number - 1) * ENTRIES + 1, min(number * ENTRIES, total)
    if first > last:
        return Pager(total=total)
    before = address("/timeline", given, page=number - 1 if number > 2 else "") if number > 1 else None
    return Pager(first, last, total, before, address("/timeline", given, page=number + 1) if last < total else None)


def _tools(site: Site, given: Mapping[str, str], conditions: Sequence[str], within: Sequence[str]) -> Tools:
    graph = menus.query(site, "timeline-graph", conditions, within)
    data = (
        Link("CSV", address("/timeline.csv", given)),
        Link("Turtle", menus.data(graph, "turtle")),
        Link("JSON-LD", menus.data(graph, "jsonld")),
    )
    query = menus.editor(menus.query(site, "timeline", conditions, within))
    here = address(f"{site.build().base}timeline", given)
    return tools(site, data, query, here, "Timeline", "Dates that claims give.")


def _csv(site: Site, found: Period) -> str:
    """Return dates as a table with the names of the data: one row a date, claim and event."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_FIELDS)
    for entry in found.entries:
        event = entry.iri if site.kind(entry.iri) == "event" else ""
        for span, numbers in entry.dates:
            for number in numbers:
                line = found.lines[number]
                writer.writerow((span.edtf, span.first, span.last, event, "|".join(line.speakers), line.iri, line.text))
    return text.getvalue()
