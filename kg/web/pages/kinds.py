"""All things of one kind: with class and numbers of claims, found by name in any spelling, sorted, and as data."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from flask import Blueprint, Response, render_template, request

from kg.errors import UsageError
from kg.formats import by_suffix
from kg.protocol import GRAPH_FORMATS
from kg.store import entries
from kg.store.entries import KINDS, Order
from kg.vocab import ASC
from kg.web import menus
from kg.web.citing import tools
from kg.web.menus import Menu, Option, address, menu
from kg.web.models import Column, Link, Pager, Tab, Tools
from kg.web.negotiated import page_number, several
from kg.web.negotiated import site as shown_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store.entries import Entry
    from kg.web.site import Site

blueprint = Blueprint("kinds", __name__)
PAGE = 100
ORDERS: tuple[Order, ...] = get_args(Order)
_GIVEN = ("q", "type", "sort")
_TITLES = {  # kind → title, what its claims are to it, and how the list is cited
    "actor": ("Actors", "Claims about it", "Actors that claims speak of."),
    "place": ("Places", "Claims about it", "Places that claims speak of."),
    "agreement": ("Agreements and provisions", "Claims about it", "Agreements and provisions that claims speak of."),
    "event": ("Events", "Claims about it", "Events that claims speak of."),
    "thing": ("Things", "Claims about it", "Things that claims speak of."),
    "topic": ("Topics", "Claims on it", "Topics of claims."),
    "work": ("Cited works", "Claims resting on it", "Works that sources cite."),
    "source": ("Sources", "Claims in it", "Sources that are read as claims."),
}
_STATED = (  # a list shows a thing as what it is said to be; of several classes, as that of the longest name
    "?thing a <CLASS> .",
    "FILTER NOT EXISTS { GRAPH <graph/inferred> { ?thing a <CLASS> } }",
    "FILTER NOT EXISTS {",
    "  ?thing a ?other",
    "  FILTER(STRSTARTS(STR(?other), STR(asc:)) && STRLEN(STR(?other)) >= STRLEN(STR(<CLASS>)))",
    "  FILTER(STRLEN(STR(?other)) > STRLEN(STR(<CLASS>)) || STR(?other) > STR(<CLASS>))",
    "  FILTER NOT EXISTS { GRAPH <graph/inferred> { ?thing a ?other } }",
    "}",
)
_NAMED = 500  # things that a query names at most
_SIMPLE = re.compile(r"[A-Za-z0-9]([\w-]*\w)?", re.ASCII)  # a name that may stand behind a prefix
_SUFFIXES = ("csv", *(each.suffix for each in GRAPH_FORMATS))


@dataclass(frozen=True, slots=True)
class Line:
    """Shows one thing: what it is, and how many claims are about it and by it, each number leading to them."""

    link: Link
    type: Link | None
    claims: Link
    said: Link | None


@dataclass(frozen=True, slots=True)
class KindsPage:
    """Shows a window of the things of one kind, with tabs of all kinds."""

    kind: str
    title: str
    tabs: tuple[Tab, ...]
    words: str
    types: Menu
    sort: str
    total: int
    counted: str | None  # address of the query that counts what is listed
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    pager: Pager
    tools: Tools


@blueprint.get(f"/<any({','.join(KINDS)}):kind>")
def kinds(kind: str) -> str:
    """Show the things of one kind."""
    return render_template("kinds.html", page=kinds_page(shown_site(), kind, _given(), page_number()))


@blueprint.get(f"/<any({','.join(KINDS)}):kind>.<any({','.join(_SUFFIXES)}):suffix>")
def data(kind: str, suffix: str) -> Response:
    """Give the things of one kind that the parameters choose as a table or as a graph."""
    site, form = shown_site(), by_suffix(suffix)
    listed = _listed(site, kind, _given(), -1, 0)
    base = site.build().base
    if form is None or form not in GRAPH_FORMATS:
        content, media = _table(listed, base), "text/csv"
    else:
        content = several(site, "things-data", [base + each.key for each in listed.entries], form)
        media = form.media_type
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    response = Response(content, content_type=media + charset)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.{suffix}"'
    return response


def _table(listed: entries.Listed, base: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("id", "iri", "name", "language", "type", "claims", "said"))
    for each in listed.entries:
        type_ = each.type.removeprefix(ASC)
        writer.writerow((each.key, base + each.key, each.label, each.language, type_, each.claims, each.said))
    return text.getvalue().encode()


def kinds_page(site: Site, kind: str, given: Mapping[str, str], number: int) -> KindsPage:
    """Return one page of the things of a kind; raises UsageError for a class or an order that there is not."""
    path, offset = site.build().search, (number - 1) * PAGE
    listed = _listed(site, kind, given, PAGE, offset)
    site.learn(type_ for type_ in listed.types if type_)
    title, about, cited = _TITLES[kind]
    here = f"/{kind}"
    chosen = given.get("type", "")
    types = [
        Option(iri.removeprefix(ASC), site.label(iri).text, count, iri == f"{ASC}{chosen}")
        for iri, count in listed.types.items()
        if iri
    ]
    columns = [_column(here, given, "name", "Name"), Column("What it is", "", "")]
    columns.append(_column(here, given, "claims", about))
    columns += [_column(here, given, "said", "Claims by it")] if kind == "actor" else []
    query = site.editor("kind", f"{ASC}{chosen or _class(kind)}")
    counts = entries.kinds(path)
    address_ = address(f"{site.build().base}{kind}", given)
    return KindsPage(
        kind,
        title,
        tuple(Tab(_TITLES[each][0], counts[each], f"/{each}", each == kind) for each in KINDS if counts.get(each)),
        given.get("q", ""),
        menu("type", "What it is", types),
        given.get("sort", "name"),
        listed.total,
        _counted(site, kind, given, listed.total) if "q" in given or chosen else query,
        tuple(columns),
        tuple(_line(site, each) for each in listed.entries),
        _pager(here, given, number, len(listed.entries), listed.total),
        tools(site, tuple(_file(here, given, suffix) for suffix in _SUFFIXES), query, address_, title, cited),
    )


def _counted(site: Site, kind: str, given: Mapping[str, str], total: int) -> str | None:
    """Return the address of the query that counts what is chosen of a list; None for too many names to ask for."""
    conditions: list[str] = []
    if "q" in given:
        if total > _NAMED:
            return None
        found = _listed(site, kind, given, _NAMED, 0).entries
        conditions.append(f"VALUES ?thing {{ {' '.join(_term(site, each.key) for each in found)} }}")
    if "type" in given:
        conditions += [line.replace("CLASS", f"{ASC}{given['type']}") for line in _STATED]
    return menus.editor(menus.query(site, "kind-chosen", conditions))


def _term(site: Site, key: str) -> str:
    """Return a thing as it stands in a query, by its prefix where that can be."""
    kind, _, name = key.partition("/")
    return f"{kind}:{name}" if _SIMPLE.fullmatch(name) else f"<{site.build().base}{key}>"


def _file(here: str, given: Mapping[str, str], suffix: str) -> Link:
    form = by_suffix(suffix)
    return Link(form.label if form else suffix, address(f"{here}.{suffix}", given))


def _given() -> dict[str, str]:
    return {name: request.args[name].strip() for name in _GIVEN if request.args.get(name, "").strip()}


def _listed(site: Site, kind: str, given: Mapping[str, str], limit: int, offset: int) -> entries.Listed:
    order = next((each for each in ORDERS if each == given.get("sort", "name")), None)
    if order is None:
        raise UsageError(f"The list is sorted by {', '.join(ORDERS)}, not by “{given['sort']}”.")
    if not re.fullmatch(r"[A-Za-z]*", given.get("type", "")):
        raise UsageError(f"“{given['type']}” is no class. The page's menu has the classes there are.")
    type_ = f"{ASC}{given['type']}" if "type" in given else ""
    return entries.read(site.build().search, kind, given.get("q", ""), type_, order, limit, offset)


def _class(kind: str) -> str:
    """Return the class of which the things of a kind are."""
    return kind.capitalize()


def _column(here: str, given: Mapping[str, str], name: str, label: str) -> Column:
    """Return a column's head: a first click sorts names from A, numbers from the greatest."""
    sort = given.get("sort", "name")
    order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    first, second = (name, f"-{name}") if name == "name" else (f"-{name}", name)
    wanted = second if sort == first else first
    return Column(label, address(here, given, sort="" if wanted == "name" else wanted), order)


def _line(site: Site, entry: Entry) -> Line:
    facet = entries.facet_of(entry.key)
    claims = f"/claims?{facet}={entry.key}" if entry.claims else None
    said = Link(f"{entry.said:,}", f"/claims?speaker={entry.key}") if entry.said else None
    return Line(
        Link(entry.label, f"/{entry.key}", "", entry.language if entry.language != "en" else ""),
        site.link(entry.type) if entry.type else None,
        Link(f"{entry.claims:,}", claims),
        said,
    )


def _pager(here: str, given: Mapping[str, str], number: int, shown: int, total: int) -> Pager:
    first = (number - 1) * PAGE + 1
    last = first + shown - 1
    return Pager(
        first if shown else 0,
        last if shown else 0,
        total,
        address(here, given, page=number - 1 if number > 2 else "") if number > 1 else None,
        address(here, given, page=number + 1) if last < total and shown else None,
    )
