"""The front page: what this is, what is in it, and ways in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.vocab import ASC
from kg.web import locator, negotiated, pictures
from kg.web.citing import tools
from kg.web.models import Link, Tools
from kg.web.pages import downloads
from kg.web.pages.description import landing
from kg.web.pages.questions import themes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from kg.web.locator import Locator
    from kg.web.pictures import Picture
    from kg.web.rows import Row
    from kg.web.site import Site

blueprint = Blueprint("overview", __name__)
_FIRST = (  # of the questions, one of each: numbers, actors, obligations, contradictions, words
    "figures-on-mines", "for-and-against-the-same-actor", "obligations-by-provision", "contradictions",
    "loaded-terms-by-section",
)  # fmt: skip
_COUNTED = (  # class, its name for one and for several, and the list of it; None: there is none
    ("Claim", "claim", "claims", "/claims"),
    ("Statement", "statement", "statements", None),
    ("Figure", "figure", "figures", "/figures"),
    ("Actor", "actor", "actors", "/actor"),
    ("Place", "place", "places", "/place"),
    ("Event", "event", "events", "/event"),
    ("Agreement", "agreement", "agreements", "/agreement"),
    ("Thing", "thing", "things", "/thing"),
    ("Topic", "topic", "topics", "/topic"),
    ("Reference", "footnote", "footnotes", None),
    ("Work", "cited work", "cited works", "/work"),
    ("Source", "source", "sources", "/source"),
)
_FILES = (("{}.ttl", "the graph, to read and to load"), ("claims.csv", "a table, one row a claim"),
          ("{}.jsonld", "the graph, for web tools"), ("nanopubs.trig", "each claim as a nanopublication"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """Shows how many there are of one class: with its list, where there is one, and the query that counts them."""

    number: str
    name: str
    href: str | None
    query: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Shows what the graph is and holds: sources, questions, map, network, files, how to cite."""

    title: str
    description: str
    counts: tuple[Count, ...]
    counted: str  # address of the query that counts them all
    sources: tuple[Link, ...]
    questions: tuple[Link, ...]
    asked: int  # how many questions there are
    locator: Locator | None
    network: Picture | None
    files: tuple[Link, ...]
    licence: Link
    tools: Tools


@blueprint.get("/")
def overview() -> Response:
    """Show what this is, how much it holds and where to begin, or give the description of the data set."""
    return landing(lambda: render_template("overview.html", page=overview_page(negotiated.site())))


def overview_page(site: Site) -> OverviewPage:
    """Return the front page."""
    build = site.build()
    dataset = build.facts.get("dataset")
    about = dataset if isinstance(dataset, dict) else {}
    title = str(about.get("title", "Ascribe"))
    licence = str(about.get("license", "https://creativecommons.org/licenses/by/4.0/"))
    counted, drawn = site.editor("counts"), locator.locator(site)
    counts = {row["class"].value.removeprefix(ASC): int(row["count"].value) for row in site.rows("counts")}
    return OverviewPage(
        title,
        str(about.get("description", "")),
        tuple(
            Count(f"{counts[name]:,}", one if counts[name] == 1 else several, href, site.editor("count", ASC + name))
            for name, one, several, href in _COUNTED
            if name in counts
        ),
        counted,
        tuple(Link(row["title"].value, site.path(row["source"].value), _note(row)) for row in site.rows("sources")),
        _questions(site),
        len(site.examples),
        drawn if drawn.spots else None,
        pictures.small(site),
        _files(site, str(about.get("id", ""))),
        Link("CC BY 4.0" if licence.endswith("/by/4.0/") else licence, licence, external=True),
        tools(site, (Link("Dataset description", "/.well-known/void"),), counted, build.base, title, _cited(about)),
    )


def _cited(dataset: Mapping[str, object]) -> str:
    """Return whose the data set is and of which year, as a citation opens."""
    return (
        f"{dataset.get('publisher', 'Ascribe')}{f' ({year[:4]})' if (year := str(dataset.get('issued', ''))) else ''}."
    )


def _note(row: Row) -> str:
    date = f"{row['date'].value}, " if "date" in row else ""
    count = int(row["claims"].value)
    return f"{date}{count:,} claim{'s' * (count != 1)}"


def _questions(site: Site) -> tuple[Link, ...]:
    """Return five questions of five kinds; where those of this data set are not there, the first of each theme."""
    chosen = [site.examples[name] for name in _FIRST if name in site.examples]
    if chosen:
        return tuple(Link(each.title, f"/questions/{each.name}", each.description) for each in chosen)
    return tuple(theme.questions[0] for theme in themes(site))[: len(_FIRST)]


def _files(site: Site, name: str) -> tuple[Link, ...]:
    """Return the files of the release that most come for."""
    there = {
        file.name: file for group in downloads.release(site.build().path / downloads.RELEASE) for file in group.files
    }
    wanted = ((pattern.format(name), about) for pattern, about in _FILES)
    return tuple(
        Link(each, there[each].href, f"{there[each].format}, {there[each].size}: {about}")
        for each, about in wanted
        if each in there
    )
