"""The references of a source: its footnotes with works, outlets, countries, languages, and the claims on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from kg.errors import NotFoundError, UsageError
from kg.store import reading
from kg.store.choice import Choice
from kg.store.facets import Facets, key_of
from kg.web.citing import tools
from kg.web.languages import spoken
from kg.web.margin import numbered
from kg.web.models import Link, Tools
from kg.web.negotiated import site as shown_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.rows import Row
    from kg.web.site import Site

blueprint = Blueprint("references", __name__)
_GRAPHS = {"turtle": "Turtle", "jsonld": "JSON-LD"}
_COUNTS = {"language": "Languages", "outlet": "Outlets", "country": "Countries of the outlets"}
SORTS = {  # as in the address → the column's name
    "number": "Footnote",
    "title": "Work",
    "date": "Date",
    "outlet": "Outlet",
    "country": "Country",
    "language": "Language",
    "claims": "Claims",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """Shows a work in a footnote; a work in two footnotes has two rows, a footnote of two works too."""

    number: Link
    page: str
    place: Link | None
    work: Link | None
    authors: tuple[Link, ...]
    date: str
    outlet: Link | None
    country: Link | None
    language: str
    claims: Link


@dataclass(frozen=True, slots=True)
class Counted:
    """Shows how many works there are of each value, and the query that counts them."""

    title: str
    query: str
    values: tuple[tuple[Link, int, int], ...]  # value, works, footnotes


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    """Shows the references of a source in one order, and what is counted of them."""

    title: str
    source: Link
    footnotes: int
    works: int
    sorts: tuple[tuple[str, str, bool], ...]  # name, address, whether it is the order shown
    cited: tuple[Cited, ...]
    counts: tuple[Counted, ...]
    tools: Tools


@blueprint.get("/source/<name>/references")
def references(name: str) -> str:
    """Show the references of a source."""
    sort = request.args.get("sort", "number")
    if sort not in SORTS:
        raise UsageError(f"References are not sorted by “{sort}” but by {', '.join(SORTS)}.")
    return render_template("references.html", page=references_page(shown_site(), name, sort))


def references_page(site: Site, name: str, sort: str = "number") -> ReferencesPage:
    """Return the references of a source by its id; raises NotFoundError where there is no such source."""
    build = site.build()
    iri = f"{build.base}source/{name}"
    outline = reading.outline(build.search, iri)
    if outline is None:
        raise NotFoundError(f"There is no source {name}. All of them stand at /source.")
    found = site.rows("citations", iri)
    site.learn(term.value for row in found for term in row.values() if term.is_iri)
    titles = {each.iri: numbered(each) for each in outline.sections}
    claims = _claims(site, iri)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        groups.setdefault((row["reference"].value, row["work"].value if "work" in row else ""), []).append(row)
    cited = [_cited(site, rows, titles, claims) for rows in groups.values()]
    here = f"/source/{name}/references"
    query, graph = site.editor("citations", iri), site.editor("citations-data", iri)
    title = f"References of {outline.title}"
    return ReferencesPage(
        title,
        Link(outline.title, site.path(iri)),
        len({row["reference"].value for row in found}),
        len({row["work"].value for row in found if "work" in row}),
        tuple((word, f"{here}?sort={key}", key == sort) for key, word in SORTS.items()),
        tuple(sorted(cited, key=lambda each: _order(each, sort))),
        tuple(_counted(site, iri, by, word) for by, word in _COUNTS.items()),
        tools(
            site,
            (
                Link("CSV", query.replace("edit=1", "format=csv")),
                *(Link(name, graph.replace("edit=1", f"format={key}")) for key, name in _GRAPHS.items()),
            ),
            query,
            f"{iri}/references",
            title,
            f"References of “{outline.title}”.",
        ),
    )


def _claims(site: Site, iri: str) -> dict[str, int]:
    """Return footnote → how many claims of the source rest on it."""
    build = site.build()
    with Facets(build.search) as facets:
        chosen = Choice(values={"source": (key_of(iri, build.base),)})
        return {value.iri: value.count for value in facets.counts(chosen, "reference", limit=None).values}


def _cited(site: Site, rows: Sequence[Row], titles: dict[str, str], claims: dict[str, int]) -> Cited:
    first = rows[0]
    reference = first["reference"].value
    title = next((row["title"] for row in rows if "title" in row), None)
    work = site.path(first["work"].value) if "work" in first else None
    authors = dict.fromkeys(row["author"].value for row in rows if "author" in row)
    origin = first["from"].value if "from" in first else ""
    key = key_of(reference, site.build().base)
    count = claims.get(reference, 0)
    return Cited(
        Link(first["number"].value, site.path(reference)),
        first["page"].value if "page" in first else "",
        Link(titles.get(first["section"].value, ""), site.path(first["section"].value)),
        Link(title.value, work, language=title.language if title.language != "en" else "") if title and work else None,
        tuple(site.link(author) for author in authors),
        first["date"].value if "date" in first else "",
        site.link(first["outlet"]) if "outlet" in first else None,
        site.link(first["country"], origin) if "country" in first else None,
        spoken(first["language"].value) if "language" in first else "",
        Link(str(count), f"/claims?{urlencode({'reference': key})}" if count else None),
    )


def _order(each: Cited, sort: str) -> tuple[object, ...]:
    """Return what a row is sorted by: rows without a value come last, equal ones by footnote."""
    number = int(each.number.label) if each.number.label.isdigit() else 0
    if sort == "claims":
        return (-int(each.claims.label), number)
    values = {
        "title": each.work.label if each.work else "",
        "date": each.date,
        "outlet": each.outlet.label if each.outlet else "",
        "country": each.country.label if each.country else "",
        "language": each.language,
    }
    value = values.get(sort, "")
    return (not value, value.casefold(), number)


def _counted(site: Site, iri: str, by: str, word: str) -> Counted:
    page = f"citations-{by}"
    found = site.rows(page, iri)
    site.learn(row["value"].value for row in found if "value" in row and row["value"].is_iri)
    values = (
        (
            _value(site, by, row),
            int(row["works"].value),
            int(row["references"].value),
        )
        for row in found
        if int(row["works"].value)
    )
    return Counted(word, site.editor(page, iri), tuple(values))


def _value(site: Site, by: str, row: Row) -> Link:
    if "value" not in row:
        return Link("not known")
    return Link(spoken(row["value"].value)) if by == "language" else site.link(row["value"])
