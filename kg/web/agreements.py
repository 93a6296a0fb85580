"""Reads what an agreement adds to the page of an entity: who is bound by it, and each provision with its fulfilment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store.choice import Choice
from kg.store.facets import key_of
from kg.vocab import ASC
from kg.web.models import Link
from kg.web.ties import NETWORK, Said, Tie, ties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store.facets import Facets
    from kg.store.networks import Edge, Networks
    from kg.web.rows import Row
    from kg.web.site import Site

_PARTIES = ("partyTo", "signed", "adopted", "issued", "mediated", "guarantees")
_FULFILLED = ("implemented", "enforced", "violated", "disregarded", "abrogated", "refused", "hindered", "invoked")
_SHOWN = 6  # claims behind one edge


@dataclass(frozen=True, slots=True)
class Done:
    """Shows what is said of who did what about an agreement or provision: the relation, and each edge with claims."""

    name: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """Shows a content or deadline in the curator's words, whether it is denied, and the claims that say so."""

    text: str
    denied: bool
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """Shows one provision: what claims say that it asks, of whom, for whose good, by when, and how that was kept."""

    link: Link
    number: str
    contents: tuple[Worded, ...]
    obligors: tuple[Tie, ...]
    beneficiaries: tuple[Tie, ...]
    deadlines: tuple[Worded, ...]
    scope: tuple[Tie, ...]
    fulfilment: tuple[Done, ...]
    claims: Link  # to all claims about it

    @property
    def silent(self) -> tuple[str, ...]:
        """Return what no claim says of it, in words."""
        asked = {
            "what it asks": self.contents,
            "whom it obliges": self.obligors,
            "for whose good": self.beneficiaries,
            "by when": self.deadlines,
            "whether it was kept": self.fulfilment,
        }
        return tuple(words for words, found in asked.items() if not found)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shows who is bound by an agreement, what is said of how it was kept as a whole, and its provisions."""

    whole: Link | None  # the agreement, on the page of a provision
    parties: tuple[Done, ...]
    fulfilment: tuple[Done, ...]
    provisions: tuple[Provision, ...]
    query: str


def agreement(site: Site, read: Networks, facets: Facets, iri: str, parent: str = "") -> Agreement:
    """Return what an agreement adds to its page; `parent` is the agreement that a provision is part of."""
    base = site.build().base
    rows = site.rows("provisions", iri)
    parts = list(dict.fromkeys(row["part"].value for row in rows))
    named = ("claim", "speaker", "modality")
    site.learn([*parts, *(row[name].value for row in rows for name in named if name in row)])
    edges = read.around(NETWORK, key_of(parent or iri, base))
    return Agreement(
        site.link(parent) if parent else None,
        _done(site, read, key_of(parent or iri, base), edges, _PARTIES),
        _done(site, read, key_of(parent or iri, base), edges, _FULFILLED),
        tuple(
            _provision(site, read, facets, part, [row for row in rows if row["part"].value == part])
            for part in parts
            if parent or part != iri
        ),
        site.editor("provisions", iri),
    )


def _provision(site: Site, read: Networks, facets: Facets, iri: str, rows: Sequence[Row]) -> Provision:
    key = key_of(iri, site.build().base)
    edges = read.around(NETWORK, key)

    def of(relation: str) -> tuple[Tie, ...]:
        return ties(site, read, key, [edge for edge in edges if edge.relation == f"{ASC}{relation}"], _SHOWN)

    count = facets.chosen(Choice(values={"about": (key,)})).bit_count()
    return Provision(
        site.link(iri),
        next((row["number"].value for row in rows if "number" in row), ""),
        worded(site, rows, "content"),
        of("obliges"),
        of("benefits"),
        worded(site, rows, "deadline"),
        of("appliesTo"),
        _done(site, read, key, edges, _FULFILLED),
        Link(f"{count} claim{'' if count == 1 else 's'}", f"/claims?about={key}" if count else None),
    )


def worded(site: Site, rows: Sequence[Row], name: str) -> tuple[Worded, ...]:
    """Return the contents (or deadlines) that claims give, from rows of the query of provisions."""
    found: dict[tuple[str, bool], dict[str, list[Row]]] = {}  # text and whether it is denied → claim → a row a speaker
    for row in rows:
        if "relation" in row and row["relation"].value == f"{ASC}{name}":
            denied = "polarity" in row and row["polarity"].value.endswith("/negative")
            claims = found.setdefault((row["value"].value, denied), {})
            claims.setdefault(row["claim"].value, []).append(row)
    return tuple(
        Worded(text, denied, tuple(_said(site, claim, each) for claim, each in claims.items()))
        for (text, denied), claims in found.items()
    )


def _said(site: Site, claim: str, rows: Sequence[Row]) -> Said:
    """Return a claim as said, from its rows, one a speaker."""
    modality = site.label(rows[0]["modality"].value).text
    return Said(
        Link(site.label(claim).text, site.path(claim)),
        tuple(site.link(row["speaker"]) for row in rows),
        "" if modality == "asserted" else modality,
    )


def _done(site: Site, read: Networks, key: str, edges: Sequence[Edge], names: Sequence[str]) -> tuple[Done, ...]:
    """Return the edges of some relations to an agreement or provision, in the order of the names."""
    found = []
    for name in names:
        chosen = [e for e in edges if e.relation == f"{ASC}{name}" and e.target == key and e.status != "inferred"]
        if chosen:
            found.append(Done(site.label(f"{ASC}{name}").text, ties(site, read, key, chosen, _SHOWN)))
    return tuple(found)
