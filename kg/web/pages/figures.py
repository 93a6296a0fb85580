"""All figures that claims give: every measure with its values side by side, drawn and as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from kg.errors import UsageError
from kg.store import figures as store
from kg.store.facets import key_of
from kg.web import menus, plots, series
from kg.web.citing import tools
from kg.web.menus import Menu, Option, address, menu
from kg.web.models import Column, Link, Pager, Tools
from kg.web.negotiated import only, page_number, site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.store.figures import Figure
    from kg.web.plots import Dot, Plot
    from kg.web.series import Series
    from kg.web.site import Site

blueprint = Blueprint("figures", __name__)
MEASURES = 16  # on one page
_EACH, _ALONE = 14, 250  # figures of a measure that are drawn beside other measures, and alone
_SERIES = 12  # that are shown
_FILTERS: dict[str, tuple[str, Callable[[Figure], tuple[str, ...]]]] = {  # parameter → its name, and a figure's values
    "measure": ("Measure", lambda each: (each.measure,)),
    "of": ("Of or in", lambda each: (*each.things, *filter(None, (each.place,)))),
    "speaker": ("Speaker", lambda each: each.speakers),
}
_CONDITIONS = {  # parameter → what it asks in SPARQL
    "measure": "?figure asc:measure <{}> .",
    "of": "?figure asc:of|asc:where <{}> .",
    "speaker": "?claim asc:claimant <{}> .",
}
_COLUMNS = {  # of the table: name → heading
    "measure": "Measure",
    "value": "Number",
    "printed": "As printed",
    "of": "Of",
    "where": "Where and when",
    "speaker": "Speaker",
    "flags": "Flags",
}
_FIELDS = (
    "measure", "value", "min", "max", "qualifier", "unit", "of", "where", "when", "series", "role", "printed",
    "speaker", "flags", "claim", "figure", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Shows one figure as a row of the table."""

    measure: Link
    unit: str
    dot: Dot


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """Shows a window of measures with their plots, the series among them, and the same figures as a table."""

    menus: tuple[Menu, ...]
    total: int
    measures: int
    counted: str  # address of the query that counts the figures
    plots: tuple[Plot, ...]
    single: tuple[Plot, ...]
    series: tuple[Series, ...]
    more_series: int
    columns: tuple[Column, ...]
    rows: tuple[Entry, ...]
    cut: tuple[Link, ...]  # measures of which not all figures are shown
    pager: Pager
    legend: tuple[tuple[str, str], ...]
    tools: Tools


@blueprint.get("/figures")
def figures() -> str:
    """Show the figures that the parameters choose."""
    only((*_FILTERS, "sort"))
    given = {name: request.args[name] for name in (*_FILTERS, "sort") if request.args.get(name)}
    return render_template("figures.html", page=figures_page(site(), given, page_number()))


@blueprint.get("/figures.csv")
def table() -> Response:
    """Give the figures that the parameters choose as CSV."""
    only((*_FILTERS, "sort"))
    given = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    found, _ = _chosen(site(), store.read(site().build().search), given)
    return Response(_csv(found), content_type="text/csv; charset=utf-8")


def figures_page(site: Site, given: Mapping[str, str], number: int) -> FiguresPage:
    """Return one page of the figures chosen; raises UsageError for a filter or order that there is not."""
    everything = store.read(site.build().search)
    found, iris = _chosen(site, everything, given)
    by_measure: dict[str, list[Figure]] = defaultdict(list)
    for each in found:
        by_measure[each.measure].append(each)
    ordered = sorted(by_measure.values(), key=lambda each: (-len(each), each[0].measure))
    groups = ordered[(number - 1) * MEASURES : number * MEASURES]
    most = _EACH if len(ordered) > 1 else _ALONE
    window = [each for group in groups for each in group[:most]]
    drawn = plots.plots(site, window)
    names = list(dict.fromkeys((each.source, each.series) for each in found if each.series)) if number == 1 else []
    kept = {name: value for name, value in given.items() if name != "page"}
    conditions = [_CONDITIONS[name].format(iri) for name, iri in iris.items()]
    filters = {name: value for name, value in given.items() if name in _FILTERS}
    return FiguresPage(
        tuple(_menu(site, everything, iris, name, given.get(name, "")) for name in _FILTERS),
        len(found),
        len(ordered),
        menus.editor(menus.query(site, "figures", conditions)),
        tuple(each for each in drawn if each.numbers > 1),
        tuple(each for each in drawn if each.numbers <= 1),
        series.series(site, names[:_SERIES]),
        max(0, len(names) - _SERIES),
        tuple(_column(name, kept, number) for name in _COLUMNS),
        _rows(site, window, given.get("sort", "")),
        tuple(_cut(site, group, most, filters) for group in groups if len(group) > most),
        _pager(number, len(ordered), kept),
        plots.LEGEND,
        _tools(site, conditions, filters, kept),
    )


def _cut(site: Site, found: Sequence[Figure], most: int, filters: Mapping[str, str]) -> Link:
    """Say of a measure how many of its figures are shown, with the address of as many as are shown at once."""
    key = found[0].measure.rsplit("/", 1)[-1]
    href = address("/figures" if most == _EACH else "/figures.csv", filters, measure=key)
    return Link(site.label(found[0].measure).text, href, f"{most} of {len(found):,}, the first in the text")


def _chosen(site: Site, found: list[Figure], given: Mapping[str, str]) -> tuple[list[Figure], dict[str, str]]:
    """Return the figures that have all values given, and parameter → IRI of these values."""
    base = site.build().base
    iris: dict[str, str] = {}
    for name, (label, values) in _FILTERS.items():
        if key := given.get(name):
            iri = next((iri for each in found for iri in values(each) if key_of(iri, base) == key), None)
            if iri is None:
                raise UsageError(f"{label}: no figure has “{key}”. All figures stand at /figures.")
            iris[name] = iri
    return _with(found, iris), iris


def _with(found: Iterable[Figure], iris: Mapping[str, str]) -> list[Figure]:
    return [each for each in found if all(iri in _FILTERS[name][1](each) for name, iri in iris.items())]


def _menu(site: Site, found: Sequence[Figure], iris: Mapping[str, str], name: str, key: str) -> Menu:
    """Return the menu of one parameter, counted within what the others choose."""
    label, values = _FILTERS[name]
    others = {other: iri for other, iri in iris.items() if other != name}
    counts = Counter(iri for each in _with(found, others) for iri in dict.fromkeys(values(each)))
    site.learn(counts)
    base = site.build().base
    options = (
        Option(key_of(iri, base), site.label(iri).text, count, key_of(iri, base) == key)
        for iri, count in counts.items()
    )
    return menu(name, label, options)


def _rows(site: Site, window: Sequence[Figure], sort: str) -> tuple[Entry, ...]:
    """Return figures as rows of the table, ordered by a column: its name, with a hyphen before it for falling."""
    name = sort.removeprefix("-")
    if name and name not in _COLUMNS:
        raise UsageError(f"The table is sorted by {', '.join(_COLUMNS)}, not by “{name}”.")
    entries = [(each, _entry(site, each)) for each in window]
    keys: dict[str, Callable[[Figure, Entry], tuple[object, ...]]] = {
        "": lambda _figure, _row: (),
        "measure": lambda _figure, row: (row.measure.label,),
        "value": lambda figure, row: (*(figure.bounds or (float("inf"),))[-1:], row.dot.said),
        "printed": lambda figure, _row: (not figure.printed, figure.printed),
        "of": lambda _figure, row: tuple(link.label for link in row.dot.things) or ("~",),
        "where": lambda _figure, row: row.dot.details or ("~",),
        "speaker": lambda _figure, row: tuple(link.label for link in row.dot.speakers),
        "flags": lambda _figure, row: tuple(link.label for link in row.dot.flags) or ("~",),
    }
    entries.sort(key=lambda each: keys[name](*each), reverse=sort.startswith("-"))
    return tuple(row for _, row in entries)


def _entry(site: Site, figure: Figure) -> Entry:
    key = figure.measure.rsplit("/", 1)[-1]
    measure = Link(site.label(figure.measure).text, address("/figures", {"measure": key}))
    return Entry(measure, plots.unit_of(site, figure.unit), plots.dot(site, figure))


def _column(name: str, given: Mapping[str, str], number: int) -> Column:
    sort = given.get("sort", "")
    order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    wanted = f"-{name}" if sort == name else name
    page = "" if number == 1 else number
    return Column(_COLUMNS[name], address("/figures", given, sort=wanted, page=page) + "#table", order)


def _pager(number: int, total: int, given: Mapping[str, str]) -> Pager:
    first, last = (number - 1) * MEASURES + 1, min(number * MEASURES, total)
    if first > last:
        return Pager(total=total)
    return Pager(
        first,
        last,
        total,
        address("/figures", given, page=number - 1 if number > 2 else "") if number > 1 else None,
        address("/figures", given, page=number + 1) if last < total else None,
    )


def _tools(site: Site, conditions: Sequence[str], filters: Mapping[str, str], given: Mapping[str, str]) -> Tools:
    graph = menus.query(site, "figures-graph", conditions)
    data = (
        Link("CSV", address("/figures.csv", filters)),
        Link("Turtle", menus.data(graph, "turtle")),
        Link("JSON-LD", menus.data(graph, "jsonld")),
    )
    query = menus.editor(menus.query(site, "figures", conditions))
    here = address(f"{site.build().base}figures", given)
    return tools(site, data, query, here, "Figures", "Figures that claims give.")


def _csv(found: Iterable[Figure]) -> str:
    """Return figures as a table with the names of the data, several values in a cell joined by `|`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_FIELDS)
    for each in found:
        short = (each.qualifier, each.unit, each.role)
        qualifier, unit, role = (iri.rsplit("/", 1)[-1] for iri in short)
        flags = "|".join(iri.rsplit("/", 1)[-1] for iri in each.flags)
        of, speakers = "|".join(each.things), "|".join(each.speakers)
        numbers = (each.measure.rsplit("/", 1)[-1], each.value, each.low, each.high, qualifier, unit)
        around = (of, each.place, each.edtf, each.series, role, each.printed, speakers, flags)
        writer.writerow((*numbers, *around, each.claim, each.iri, each.text))
    return text.getvalue()
