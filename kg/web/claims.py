"""Reads what several pages show of claims: cards for lists, and where they stand in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import ASC, OA
from kg.web.dates import spoken
from kg.web.models import Card, Evidence, Link, Pager, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.nodes import Node
    from kg.web.rows import Row
    from kg.web.site import Site

PAGE = 50


def listed(site: Site, query: str, this: str, page: int, href: str, total: int) -> tuple[tuple[Card, ...], Pager]:
    """Return one page of the claims that a list query finds, and the pager; `href` ends where the number follows."""
    offset = (page - 1) * PAGE
    iris = [row["claim"].value for row in site.rows(query, this, limit=PAGE + 1, offset=offset)]
    more, iris = len(iris) > PAGE, iris[:PAGE]
    pager = Pager(
        offset + 1 if iris else 0,
        offset + len(iris),
        max(total, offset + len(iris)),
        f"{href}{page - 1}" if page > 1 else None,
        f"{href}{page + 1}" if more else None,
    )
    return cards(site, iris), pager


def cards(site: Site, iris: Sequence[str]) -> tuple[Card, ...]:
    """Return the cards of claims, in the order given."""
    if not iris:
        return ()
    found = site.rows("cards", values=iris)
    site.learn(row[name].value for row in found for name in ("value", "work") if name in row and row[name].is_iri)
    by_claim: dict[str, list[Row]] = {iri: [] for iri in iris}
    for row in found:
        by_claim[row["claim"].value].append(row)
    return tuple(_card(site, iri, by_claim[iri]) for iri in iris)


def _card(site: Site, iri: str, found: Sequence[Row]) -> Card:
    def terms(name: str) -> list[Row]:
        kept = {row["value"]: row for row in found if row["property"].value == ASC + name}
        return [kept[value] for value in sorted(kept, key=_natural)]

    def shown(name: str) -> tuple[Link, ...]:
        return tuple(site.link(row["value"]) for row in terms(name))

    works: dict[str, set[str]] = {}
    for row in found:
        if "work" in row:
            works.setdefault(row["value"].value, set()).add(row["work"].value)
    evidence = tuple(
        Evidence(link, tuple(site.link(work) for work in sorted(works.get(row["value"].value, ()))))
        for row, link in zip(terms("cites"), shown("cites"), strict=True)
    )
    text = shown("text")
    modality = shown("modality")
    return Card(
        Link(text[0].label if text else iri, site.path(iri), iri.rsplit("/", 1)[-1]),
        shown("claimant"),
        shown("reportedBy"),
        modality[0].label if modality else "",
        any(row["value"].value.endswith("/own") for row in terms("attribution")),
        tuple(spoken(link.label) for link in shown("when")),
        " ".join(link.label for link in shown("condition")),
        tuple(link.label for link in shown("page")),
        shown("inSection"),
        next(iter(shown("inSource")), None),
        shown("framing"),
        shown("flag"),
        evidence,
    )


def _natural(term: object) -> tuple[int, str]:
    text = str(getattr(term, "value", term))
    return (len(text), text)


def ranges(nodes: dict[str, Node]) -> tuple[Range, ...]:
    """Return the ranges among the nodes of a thing, in the order of the text."""
    found = []
    for node in nodes.values():
        for selector in node.get("hasSelector", OA):
            at = nodes.get(selector.value)
            if at is not None and at.one("start", OA) and at.one("end", OA):
                found.append(Range(int(at.one("start", OA)), int(at.one("end", OA)), node.one("sha256")))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))
