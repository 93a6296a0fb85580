"""The map: places with the claims about them, and who says that whom controls them; areas and sides are not drawn."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from kg.errors import UsageError
from kg.store import gazetteer, lines
from kg.store.choice import Choice
from kg.store.facets import Facets
from kg.vocab import ASC
from kg.web import menus
from kg.web.citing import tools
from kg.web.dates import spoken
from kg.web.locator import locator
from kg.web.menus import Menu, address
from kg.web.models import Link, Tools
from kg.web.negotiated import only, site
from kg.web.sifting import sift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store.facets import Value
    from kg.store.gazetteer import Control, Place
    from kg.store.lines import Line
    from kg.web.locator import Locator
    from kg.web.sifting import Sifted
    from kg.web.site import Site

blueprint = Blueprint("map", __name__)
PLACES = 150  # of each list
_CLAIMS = 3  # that a place shows
_FILTERS = ("kind", "speaker")
_AREAS = ("Country", "Region", "AdministrativeRegion", "WaterBody")
_FIELDS = ("place", "name", "claims", "latitude", "longitude", "source", "controlled")


@dataclass(frozen=True, slots=True)
class Mark:
    """Shows that someone says who controls a place: who says it, who is said to, how, and when."""

    speakers: tuple[Link, ...]
    holder: Link
    relation: str
    denied: bool
    date: str
    claim: Link


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Shows a place: its claims (how many, and the first), its point or why it has none, and who is said to hold it."""

    anchor: str
    link: Link
    kind: str
    count: int
    href: str
    claims: tuple[tuple[Link, tuple[Link, ...]], ...]  # claim, speakers
    point: tuple[float, float] | None
    provenance: str
    why: str
    note: str
    control: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MapPage:
    """Shows the places that the claims chosen speak of: those with a point, drawn and listed, and those without."""

    menus: tuple[Menu, ...]
    since: str
    until: str
    locator: Locator
    placed: tuple[PlaceRow, ...]
    unplaced: tuple[PlaceRow, ...]
    totals: tuple[int, int]
    claims: int
    counted: str
    control: str  # address of the query for who is said to control what
    given: Mapping[str, str]
    tools: Tools


@blueprint.get("/map")
def atlas() -> str:
    """Show the places that the claims chosen speak of."""
    return render_template("map.html", page=map_page(site(), _given()))


@blueprint.get("/map.csv")
def table() -> Response:
    """Give the places as CSV."""
    page = map_page(site(), _given(), limit=10**9)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_FIELDS)
    base = site().build().base
    for row in (*page.placed, *page.unplaced):
        marks = " | ".join(_in_words(mark) for mark in row.control)
        latitude, longitude = row.point or ("", "")
        iri = f"{base}{(row.link.href or '').removeprefix('/')}"
        writer.writerow((iri, row.link.label, row.count, latitude, longitude, row.provenance, marks))
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8")


def _in_words(mark: Mark) -> str:
    who = ", ".join(link.label for link in mark.speakers)
    denied = "not: " if mark.denied else ""
    return f"{who}: {denied}{mark.holder.label} {mark.relation} it{f' ({mark.date})' if mark.date else ''}"


def _given() -> dict[str, str]:
    names = (*_FILTERS, "from", "to")
    only(names)
    return {name: request.args[name].strip() for name in names if request.args.get(name, "").strip()}


def _year(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text)):
        raise UsageError(f"{name} is a year from 1 to 9999, not “{text[:40]}”.")
    return int(text) if text else None


def map_page(site: Site, given: Mapping[str, str], limit: int = PLACES) -> MapPage:
    """Return the places of the claims chosen; raises UsageError for a filter or year that there is not."""
    path = site.build().search
    since, until = _year(given, "from"), _year(given, "to")
    sifted = sift(site, given, _FILTERS, since=since, until=until)
    with Facets(path) as facets:
        values = {each.iri: each for each in facets.counts(sifted.choice, "place", None).values if each.count}
    known = gazetteer.places(path)
    ordered = sorted(
        (known[iri] for iri in values if iri in known), key=lambda each: (-values[each.iri].count, each.iri)
    )
    placed = [each for each in ordered if each.point is not None]
    unplaced = [each for each in ordered if each.point is None]
    rows = _rows(site, [*placed[:limit], *unplaced[:limit]], values, sifted, given)
    within = _within(since, until)
    query = menus.query(site, "map", sifted.conditions, within)
    return MapPage(
        sifted.menus,
        given.get("from", ""),
        given.get("to", ""),
        locator(site, {each.iri: values[each.iri].count for each in placed[:limit]}),
        rows[: len(placed[:limit])],
        rows[len(placed[:limit]) :],
        (len(placed), len(unplaced)),
        sifted.chosen.bit_count(),
        menus.editor(query),
        menus.editor(menus.query(site, "map-control", sifted.conditions, within)),
        given,
        _tools(site, given, query),
    )


def _rows(
    site: Site, found: Sequence[Place], values: Mapping[str, Value], sifted: Sifted, given: Mapping[str, str]
) -> tuple[PlaceRow, ...]:
    path = site.build().search
    control = gazetteer.control(path, sifted.chosen)
    first: dict[str, list[int]] = {}
    with Facets(path) as facets:
        for place in found:
            of_place = facets.chosen(Choice(values={"place": (values[place.iri].key,)}))
            first[place.iri] = list(lines.first(of_place & sifted.chosen, _CLAIMS))
    marks = [mark for place in found for mark in control.get(place.iri, ())]
    told = gazetteer.told(path, {*(n for each in first.values() for n in each), *(mark.number for mark in marks)})
    site.learn(
        [*(place.iri for place in found), *(kind for place in found for kind in place.types)]
        + [iri for mark in marks for iri in (mark.holder, mark.relation)]
        + [speaker for line in told.values() for speaker in line.speakers]
    )
    return tuple(
        PlaceRow(
            values[place.iri].key.replace("/", "-"),
            site.link(place.iri),
            ", ".join(site.label(kind).text for kind in place.types),
            values[place.iri].count,
            address("/claims", {"place": values[place.iri].key, **given}),
            tuple(
                (Link(told[number].text, site.path(told[number].iri)), tuple(map(site.link, told[number].speakers)))
                for number in first[place.iri]
            ),
            place.point,
            place.provenance,
            "" if place.point else _why(place),
            place.note,
            tuple(_mark(site, mark, told[mark.number]) for mark in control.get(place.iri, ())),
        )
        for place in found
    )


def _mark(site: Site, mark: Control, line: Line) -> Mark:
    return Mark(
        tuple(map(site.link, line.speakers)),
        site.link(mark.holder),
        site.label(mark.relation).text,
        mark.denied,
        spoken(mark.edtf) if mark.edtf else "",
        Link(line.text, site.path(line.iri)),
    )


def _why(place: Place) -> str:
    """Say why a place has no point on the map."""
    kinds = {kind.removeprefix(ASC) for kind in place.types}
    if kinds & set(_AREAS):
        return "An area: a single point would not show it, and areas are not drawn here."
    if "Corridor" in kinds or "border" in place.iri or "line" in place.iri.rsplit("/", 1)[-1].split("-"):
        return "A line or route: a single point would not show it, and lines are not drawn here."
    return "No reference data on record gives its point."


def _within(since: int | None, until: int | None) -> tuple[str, ...]:
    """Return the conditions of a span of years in SPARQL; an open end of a date is as its other end."""
    if since is None and until is None:
        return ()
    conditions = [
        "OPTIONAL { ?claim asc:earliest ?earliest }",
        "OPTIONAL { ?claim asc:latest ?latest }",
    ]
    conditions += [f"FILTER(YEAR(COALESCE(?latest, ?earliest)) >= {since})"] if since is not None else []
    return (*conditions, *([f"FILTER(YEAR(COALESCE(?earliest, ?latest)) <= {until})"] if until is not None else []))


def _tools(site: Site, given: Mapping[str, str], query: str) -> Tools:
    graph = menus.query(site, "map-graph")
    data = (
        Link("CSV", address("/map.csv", given)),
        Link("Turtle", menus.data(graph, "turtle")),
        Link("JSON-LD", menus.data(graph, "jsonld")),
    )
    here = address(f"{site.build().base}map", given)
    return tools(site, data, menus.editor(query), here, "Map", "Places that claims speak of.")
