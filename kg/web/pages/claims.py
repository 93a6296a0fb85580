"""All claims: searched in any spelling, chosen by facets, sorted, and given as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request

from kg.errors import NotFoundError, UsageError
from kg.formats import by_suffix
from kg.protocol import GRAPH_FORMATS
from kg.store.choice import NAMES, NONE, UNNAMED, Asked, Choice
from kg.store.facets import Counted, Facets
from kg.web import choosing, widening
from kg.web.choosing import View
from kg.web.citing import tools
from kg.web.claims import cards
from kg.web.menus import Option
from kg.web.models import Card, Link, Pager, Tools, Widened
from kg.web.negotiated import several
from kg.web.negotiated import site as shown_site
from kg.web.queries import prologue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.store.facets import Order
    from kg.store.spellings import Expanded
    from kg.web.site import Site

blueprint = Blueprint("claims", __name__)
PAGE, _FEW = 25, 8  # claims on a page, values of a facet
TITLES = {  # facet → its name; those without a place in the column are shown where they are chosen
    "kind": "Kind of claim",
    "speaker": "Speaker",
    "attribution": "Whose voice",
    "modality": "How it is put",
    "source": "Source",
    "section": "Section",
    "place": "Place",
    "about": "About",
    "topic": "Topic",
    "time": "Time",
    "measure": "Measure",
    "outlet": "Outlet of the evidence",
    "framing": "Framing",
    "flag": "Flag",
    "reporter": "Reported by",
    "reference": "Footnote",
    "work": "Work cited",
}
_COLUMN = tuple(name for name in TITLES if name not in ("reference", "work"))
_OPEN = ("kind", "speaker", "modality", "section", "place", "time")
_LACKING = {"outlet": {NONE: "no footnote", UNNAMED: "outlet not given"}, "time": {NONE: "no date given"}}
_ORDERS: dict[Order, str] = {
    "text": "order of the text",
    "match": "best match",
    "date": "date, earliest first",
    "-date": "date, latest first",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """Shows one facet: its values, how many it has in all (0: of those chosen not known), whether some are left out."""

    name: str
    title: str
    options: tuple[Option, ...]
    known: int
    more: bool
    open: bool
    query: str  # address of the query that counts the values


@dataclass(frozen=True, slots=True)
class Chip:
    """Shows one thing that is chosen: where leaving it out leads, where it alone, and how many claims each gives."""

    title: str
    label: str
    href: str
    count: int
    alone: str
    alone_count: int


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """Shows the claims chosen, and all by which they can be."""

    view: View
    total: int
    counted: str  # address of the query that counts them
    widened: Widened | None
    facets: tuple[Facet, ...]
    hidden: tuple[tuple[str, str], ...]  # what is chosen and has no field in the form
    chips: tuple[Chip, ...]
    orders: tuple[tuple[str, str, bool], ...]
    claims: tuple[Card, ...]
    pager: Pager
    tools: Tools


@blueprint.get("/claims")
def claims() -> BaseResponse | str:
    """Show the claims that the address chooses; an address with empty fields leads to the one without them."""
    view = choosing.read(request.args)
    if not choosing.is_plain(request.args, view):
        return redirect(view.href())
    return render_template("claims.html", page=page(shown_site(), view))


@blueprint.get("/claims/query")
def query() -> Response:
    """Lead to the query that counts the claims of a view, or the values of a facet among them."""
    view, name = choosing.read(request.args, ("count",)), request.args.get("count", "")
    if name and name not in NAMES:
        raise UsageError(f"There is no facet “{name}”. Facets are: {', '.join(NAMES)}.")
    site = shown_site()
    with Facets(site.build().search) as facets:
        asked = _asked(site, facets, view.choice)
        text = asked.values(name, facets.years()) if name else asked.count()
    return Response(status=303, headers={"Location": _editor(site, text)}, content_type="text/plain")


@blueprint.get("/claims.<suffix>")
def data(suffix: str) -> Response:
    """Give all claims of a view as a table or as a graph."""
    form = by_suffix(suffix)
    if form is None or (form not in GRAPH_FORMATS and form.key != "csv"):
        known = ", ".join(("csv", *(each.suffix for each in GRAPH_FORMATS)))
        raise NotFoundError(f"Claims are not given as “{suffix}”, but as: {known}.")
    site, view = shown_site(), choosing.read(request.args)
    with Facets(site.build().search) as facets:
        found = facets.chosen(view.choice)
        iris = facets.claims(found, limit=found.bit_count())
    ready = site.build().path / "release" / "claims.csv"
    whole = form.key == "csv" and view.choice == Choice() and ready.is_file()
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    content = ready.read_bytes() if whole else several(site, "claims-data", iris, form)
    response = Response(content, content_type=form.media_type + charset)
    response.headers["Content-Disposition"] = f'attachment; filename="claims.{suffix}"'
    return response


def page(site: Site, view: View) -> ClaimsPage:
    """Return the page of a view."""
    choice = view.choice
    with Facets(site.build().search) as facets:
        found = facets.chosen(choice)
        total = found.bit_count()
        offset = (view.page - 1) * PAGE
        iris = facets.claims(found, view.sorted, choice.words, offset, PAGE)
        counted = {name: _counted(facets, view, name) for name in _COLUMN}
        chips = tuple(_chips(site, facets, view))
        asked = _asked(site, facets, choice).claims()
        widened = _widened(site, view, facets.expanded(choice.words)) if choice.words else None
    site.learn(value.iri for each in counted.values() for value in each.values if value.iri)
    facets_shown = tuple(_facet(site, view, name, each) for name, each in counted.items() if _worth(name, each))
    fields = {(each.name, option.key) for each in facets_shown for option in each.options}
    return ClaimsPage(
        view,
        total,
        view.href("/claims/query"),
        widened,
        facets_shown,
        tuple((name, key) for name, keys in choice.values.items() for key in keys if (name, key) not in fields),
        chips,
        tuple((key, name, key == view.sorted) for key, name in _ORDERS.items() if key != "match" or choice.words),
        cards(site, iris),
        _pager(view, offset, len(iris), total),
        _tools(site, view, chips, asked),
    )


def _counted(facets: Facets, view: View, name: str) -> Counted:
    """Return the values of a facet that are shown, and one more where there are more."""
    return facets.counts(view.choice, name, None if view.whole == name else _FEW + 1)


def _worth(name: str, counted: Counted) -> bool:
    """Return whether a facet has something to choose from; one source is no choice."""
    return bool(counted.values) and (name != "source" or counted.known > 1)


def _facet(site: Site, view: View, name: str, counted: Counted) -> Facet:
    left = [value for value in counted.values if not value.chosen]
    shown = [value for value in counted.values if value.chosen] + (left if view.whole == name else left[:_FEW])
    options = [_option(site, name, value.key, value.iri, value.count, value.chosen) for value in shown]
    if name in ("section", "time"):
        options.sort(key=lambda option: (option.key == NONE, len(option.key.partition(".")[0]), option.key))
    chosen = any(option.chosen for option in options) or (name == "time" and view.choice.spans)
    return Facet(
        name,
        TITLES[name],
        tuple(options),
        counted.known if view.choice == Choice() else 0,
        len(shown) < len(counted.values),
        name in _OPEN or chosen or view.whole == name,
        view.href("/claims/query", count=name),
    )


def _option(site: Site, name: str, key: str, iri: str, count: int, chosen: bool) -> Option:
    label = site.label(iri) if iri else None
    text = label.text if label else _LACKING.get(name, {}).get(key, key)
    return Option(key, text, count, chosen, label.language if label and label.language != "en" else "")


def _chips(site: Site, facets: Facets, view: View) -> Iterator[Chip]:
    """Yield what is chosen, each with the numbers of claims that leaving it out, and it alone, would give."""

    def chip(title: str, label: str, left: Choice, alone: Choice) -> Chip:
        counts = [facets.chosen(each).bit_count() for each in (left, alone)]
        return Chip(title, label, view.choosing(left).href(), counts[0], view.choosing(alone).href(), counts[1])

    choice = view.choice
    if choice.words:
        yield chip("Words", choice.words, choice.without("words"), Choice(choice.words))
    for name, keys in choice.values.items():
        for key in keys:
            label = _option(site, name, key, facets.iri(name, key), 0, True).label
            yield chip(TITLES[name], label, choice.without(name, key), Choice(values={name: (key,)}))
    if choice.spans:
        ends = [str(year) if year is not None else "" for year in (choice.since, choice.until)]
        years = Choice(since=choice.since, until=choice.until)
        yield chip("Years", "–".join(ends), choice.without("years"), years)


def _widened(site: Site, view: View, expanded: Expanded) -> Widened | None:
    alone = Choice(expanded.verbatim, view.choice.values, view.choice.since, view.choice.until)
    return widening.widened(site, expanded.also, view.choosing(alone).href())


def _asked(site: Site, facets: Facets, choice: Choice) -> Asked:
    base = site.build().base
    things = [also.iri for also in facets.expanded(choice.words).also] if choice.words else []
    return Asked(choice, base, lambda name, key: facets.iri(name, key) or f"{base}{key}", things)


def _editor(site: Site, text: str) -> str:
    return f"/sparql?{urlencode({'query': prologue(text, site.build().base) + text, 'edit': '1'})}"


def _pager(view: View, offset: int, shown: int, total: int) -> Pager:
    def at(number: int) -> str:
        return View(view.choice, view.order, number).href()

    return Pager(
        offset + 1 if shown else 0,
        offset + shown,
        total,
        at(view.page - 1) if view.page > 1 else None,
        at(view.page + 1) if offset + shown < total else None,
    )


def _tools(site: Site, view: View, chips: Sequence[Chip], asked: str) -> Tools:
    everything = View(view.choice, view.order)
    data = [Link("CSV", everything.href("/claims.csv"))]
    data += [Link(each.label, everything.href(f"/claims.{each.suffix}")) for each in GRAPH_FORMATS]
    said = "; ".join(f"{chip.title.lower()}: {chip.label}" for chip in chips)
    title = f"Claims ({said})" if said else "All claims"
    address = view.href(f"{site.build().base}claims")
    return tools(site, data, _editor(site, asked), address, title, f"{title}.")
