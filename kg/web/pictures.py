"""Reads small networks that other pages show, as drawings without a script: each name in them is a link.

A page takes them in three steps: its dataclass holds a `Picture | None`, made by :func:`neighbours` (of one thing) or
:func:`small` (of the whole); its template says `{% import "networks.html" as n %}`, `{{ n.style() }}` in the block
`links`, and `{{ n.picture(page.neighbours) }}` where the drawing shall stand. The macro shows nothing for None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kg.network import PROJECTIONS, drawing, making
from kg.network.fan import Blade, fan
from kg.store.choice import Choice
from kg.store.facets import Facets
from kg.store.networks import Networks
from kg.web.models import Link

if TYPE_CHECKING:
    from pathlib import Path

    from kg.web.site import Site

_AROUND = 12  # neighbours of a thing
_SMALL = 14  # things of the small network of the whole
_FACTOR = 0.6  # of the room that a small drawing takes


@dataclass(frozen=True, slots=True)
class Picture:
    """Holds a drawing, what it shows, and the same as a list: each thing with its number of claims."""

    svg: Markup
    caption: str
    shown: int
    total: int
    things: tuple[Link, ...]
    more: str  # address of the graph, where it can be walked
    query: str  # address of the query that counts the things and their claims


def neighbours(site: Site, iri: str, limit: int = _AROUND) -> Picture | None:
    """Return the things that claims name most often together with one thing, or None where there is none."""
    build = site.build()
    key = iri.removeprefix(build.base)
    with Networks(build.search) as read:
        near = read.neighbours("co-occurrence", key)
        ranked = sorted(near, key=lambda each: (-near[each], each))[:limit]
        names = making.told_apart(read.things([key, *ranked]))
    if not ranked or key not in names:
        return None
    blades = [Blade(names[each], _kind(each), near[each], f"/{each}") for each in ranked]
    return Picture(
        Markup(fan(names[key], _kind(key), blades)),  # noqa: S704 - made by us, its texts escaped
        "What is named in the same claims. The thicker a line, the more claims.",
        len(ranked),
        len(near),
        tuple(Link(names[each], f"/{each}", _claims(near[each])) for each in ranked),
        f"/graph?net=co-occurrence&start={key}&node={key}",
        site.editor("neighbours", iri),
    )


def small(site: Site, limit: int = _SMALL) -> Picture | None:
    """Return a small drawing of what is named most often in the same claims, or None where nothing is."""
    build = site.build()
    found = _small(build.search, build.digest, limit)
    if not found.spots:
        return None
    with Facets(build.search) as facets:
        claims = {spot.key: facets.chosen(_naming(spot.key)).bit_count() for spot in found.spots}
    return Picture(
        Markup(drawing.svg(found, lambda key: f"/{key}", alone=False)),  # noqa: S704 - made by us, its texts escaped
        "What is named most often in the same claims: the larger a circle, the more neighbours; the thicker a line, "
        "the more claims.",
        len(found.spots),
        found.total,
        tuple(Link(spot.name, f"/{spot.key}", _claims(claims[spot.key])) for spot in found.spots),
        "/graph?net=co-occurrence",
        site.editor("named"),
    )


@lru_cache(maxsize=4)
def _small(path: Path, digest: str, limit: int) -> drawing.Drawing:  # noqa: ARG001 - of this build, and no other
    """Return the small drawing of a build: its things are placed anew, as there are few of them."""
    with Networks(path) as read:
        nodes = [node for node in read.drawn(making.FIRST) if not node.key.startswith("source/")][:limit]
        edges = read.edges(making.FIRST, keys=[node.key for node in nodes])
        names = making.told_apart(read.things(node.key for node in nodes))
        at = drawing.positions(nodes, edges, names, room=_FACTOR)
        placed = [replace(node, x=at[node.key][0], y=at[node.key][1]) for node in nodes]
        total = int(read.facts(making.FIRST).get("nodes", 0))
        return drawing.drawing(PROJECTIONS[making.FIRST].title, placed, edges, names, directed=False, total=total)


def _naming(key: str) -> Choice:
    """Return the choice of the claims that name a thing."""
    return Choice(values={"place" if _kind(key) == "place" else "about": (key,)})


def _kind(key: str) -> str:
    return key.split("/", 1)[0]


def _claims(count: int) -> str:
    return f"{count:,} claim{'s' * (count != 1)}"
