"""The page of network analysis: each network with its drawing, its most central things, its communities and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request
from markupsafe import Markup

from kg.errors import NotFoundError
from kg.network import PROJECTIONS, asking, drawing, making
from kg.store.networks import MEASURES, Networks
from kg.web import menus
from kg.web.citing import tools
from kg.web.models import Link, Tools
from kg.web.negotiated import site

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.wrappers import Response as BaseResponse

    from kg.network import Projection
    from kg.store.networks import Measure
    from kg.web.site import Site

blueprint = Blueprint("network", __name__)
_ORDER = ("co-occurrence", "actors", "speakers", "outlets", "citations", "relations")
_TOP = 10
_COMMUNITIES, _MEMBERS = 8, 5
_MEASURES: dict[Measure, str] = {
    "degree": "Most neighbours",
    "claims": "Most claims on their edges",
    "betweenness": "Most often between others",
}


_ACTOR = "STRSTARTS(STR({}), STR(actor:))"
_ENDS = {  # network → what its edges lead to, where the query behind them would find others too
    "actors": (f"FILTER({_ACTOR.format('?source')} && {_ACTOR.format('?target')})",),
    "speakers": (f"FILTER({_ACTOR.format('?target')})",),
    "co-occurrence": ("FILTER(isIRI(?source) && isIRI(?target))",),
    "relations": ("FILTER(isIRI(?target))",),
}
_FILES = {"graphml": "GraphML", "gexf": "GEXF", "csv": "CSV", "json": "JSON", "svg": "SVG", "png": "PNG"}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Shows the things with the highest value of one measure."""

    name: str
    things: tuple[Link, ...]  # the value is the note


@dataclass(frozen=True, slots=True)
class Community:
    """Shows one community by its most linked members."""

    number: int
    size: int
    members: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Shows one network."""

    projection: Projection
    facts: dict[str, int | float]
    svg: Markup
    drawn: int
    rankings: tuple[Ranking, ...]
    communities: tuple[Community, ...]
    files: tuple[Link, ...]
    query: str  # address of the query for the nodes
    edges: str  # address of the query for the edges, without those that were inferred
    inferred: int
    measured: str  # address of the query for the other numbers
    graph: str

    @property
    def sampled(self) -> bool:
        """Return whether betweenness was counted from a sample of the nodes."""
        return self.facts["pivots"] < self.facts["nodes"]


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """Shows all networks and how they were computed."""

    networks: tuple[Shown, ...]
    seed: int
    tools: Tools


@blueprint.get("/network")
def network() -> str:
    """Show the networks with their numbers."""
    return render_template("network.html", page=network_page(site()))


@blueprint.get(f"/network/<any({', '.join(map(repr, _ORDER))}):name>.<any({', '.join(asking.FORMATS)}):form>")
def network_as(name: str, form: str) -> BaseResponse:
    """Give a whole network as a file."""
    build = site().build()
    response = Response(_file(build.search, build.digest, name, form), content_type=asking.MEDIA[form])
    if form not in asking.PICTURES:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.set_etag(f"{build.digest[:16]}-{name}-{form}")
    return response.make_conditional(request)


@blueprint.get("/network/<any({}):name>".format(", ".join(map(repr, _ORDER))))
def one(name: str) -> BaseResponse:
    """Lead from the IRI of a network to its place on the page."""
    return redirect(f"/network#{name}", code=303)


@blueprint.get("/network/<any({}):name>/<path:key>".format(", ".join(map(repr, _ORDER))))
def member(name: str, key: str) -> BaseResponse:
    """Lead from the IRI of a thing in a network, or of two that occur together, to the graph around it."""
    keys = key.split("+")
    with Networks(site().build().search) as read:
        if len(read.nodes(name, keys)) < len(keys):
            raise NotFoundError(f"Nothing stands at /network/{name}/{key}.")
    starts = "&".join(f"start={each}" for each in keys)
    return redirect(f"/graph?net={name}&{starts}", code=303)


def network_page(site: Site) -> NetworkPage:
    """Return the page of all networks."""
    build = site.build()
    with Networks(build.search) as read:
        shown = tuple(_shown(site, read, name) for name in _ORDER if read.facts(name).get("nodes"))
    data = [Link("numbers as Turtle", "/graph/network"), Link("JSON-LD", "/graph/network?format=jsonld")]
    seed = int(shown[0].facts["seed"]) if shown else 0
    cited = "The claims as networks."
    query = site.editor("network", f"{build.base}network/{_ORDER[0]}")
    return NetworkPage(shown, seed, tools(site, data, query, f"{build.base}network", "The claims as networks", cited))


def _shown(site: Site, read: Networks, name: str) -> Shown:
    build = site.build()
    found = _drawn(build.search, build.digest, name) if name in making.DRAWN else None
    svg = drawing.svg(found, lambda key: f"/{key}", alone=False) if found else ""
    return Shown(
        PROJECTIONS[name],
        read.facts(name),
        Markup(svg),  # noqa: S704 - made by us, its texts escaped
        len(found.spots) if found else 0,
        tuple(Ranking(title, _ranked(read, name, measure)) for measure, title in _MEASURES.items()),
        tuple(
            Community(number, size, _links(read, [node.key for node in read.members(name, number, _MEMBERS)]))
            for number, size in read.communities(name)[:_COMMUNITIES]
        ),
        tuple(Link(_FILES[form], f"/network/{name}.{form}") for form in asking.FORMATS),
        site.editor("network", f"{build.base}network/{name}"),
        menus.editor(menus.query(site, f"edges-{'relations' if name == 'actors' else name}", _ENDS.get(name, ()))),
        read.inferred(name),
        site.editor("network-facts", f"{build.base}network/{name}"),
        f"/graph?net={name}" if name != "relations" else "/graph",
    )


@lru_cache(maxsize=2 * len(_ORDER) * len(_FILES))
def _file(path: Path, digest: str, name: str, form: str) -> bytes:  # noqa: ARG001 - of this build, and no other
    return asking.answer(path, name, form)


@lru_cache(maxsize=2 * len(_ORDER))
def _drawn(path: Path, digest: str, name: str) -> drawing.Drawing:  # noqa: ARG001 - of this build, and no other
    with Networks(path) as read:
        return making.whole(read, name)


def _ranked(read: Networks, name: str, measure: Measure) -> tuple[Link, ...]:
    if measure not in MEASURES:
        return ()
    nodes = read.top(name, measure, _TOP)
    values = [
        f"{node.betweenness:.3f}" if measure == "betweenness" else f"{getattr(node, measure):,}" for node in nodes
    ]
    links = _links(read, [node.key for node in nodes])
    return tuple(Link(link.label, link.href, value) for link, value in zip(links, values, strict=True))


def _links(read: Networks, keys: list[str]) -> tuple[Link, ...]:
    names = making.told_apart(read.things(keys))
    return tuple(Link(" ".join(names.get(key, key).split()), f"/{key}") for key in keys)
