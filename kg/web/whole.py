"""Reads the pages that are about the whole graph: kinds, ontology."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.vocab import ASC
from kg.web.citing import tools
from kg.web.models import (
    KindPage,
    Link,
    Pager,
    Tab,
)

if TYPE_CHECKING:
    from kg.web.rows import Row
    from kg.web.site import Site

KINDS = {
    "actor": ("Actors", "Actor"),
    "place": ("Places", "Place"),
    "agreement": ("Agreements", "Agreement"),
    "event": ("Events", "Event"),
    "thing": ("Things", "Thing"),
    "topic": ("Topics", "Topic"),
    "work": ("Cited works", "Work"),
    "source": ("Sources", "Source"),
}
LIST = 200


def kind_page(site: Site, kind: str, page: int) -> KindPage:
    """Return one page of all things of a kind."""
    title, name = KINDS[kind]
    counts = Counter({row["class"].value.removeprefix(ASC): int(row["count"].value) for row in site.rows("counts")})
    offset = (page - 1) * LIST
    found = site.rows("kind", f"{ASC}{name}", limit=LIST + 1, offset=offset)
    shown = found[:LIST]
    things = tuple(Link(row["label"].value, site.path(row["thing"].value)) for row in shown)
    pager = Pager(
        offset + 1,
        offset + len(shown),
        offset + len(found),
        f"/{kind}?page={page - 1}" if page > 1 else None,
        f"/{kind}?page={page + 1}" if len(found) > LIST else None,
    )
    tabs = tuple(Tab(words, counts[class_], f"/{each}", each == kind) for each, (words, class_) in KINDS.items())
    query = site.editor("kind", f"{ASC}{name}")
    csv = query.replace("edit=1", "format=csv")
    address = f"{site.build().base}{kind}"
    return KindPage(
        title,
        kind,
        tuple(tab for tab in tabs if tab.count or tab.chosen),
        things,
        pager,
        tools(site, (Link("CSV", csv),), query, address, title, f"{title} that claims speak of."),
    )
