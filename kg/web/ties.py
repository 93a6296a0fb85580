"""Reads in which relations claims put a thing: grouped by relation, each edge with the claims behind it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from kg.vocab import ASC, SCHEMES
from kg.web import wandering
from kg.web.models import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from kg.store.networks import Claim, Edge, Networks
    from kg.web.site import Site

T = TypeVar("T")
NETWORK = "relations"
_GROUPS, _TIES, _CLAIMS = 5, 3, 2  # relations of a direction that are shown, edges of a relation, claims of an edge
_READ = 40  # claims of an edge, among which those shown are chosen


@dataclass(frozen=True, slots=True)
class Said:
    """Shows one claim behind an edge: who says it and how; its link's label is the claim's text."""

    claim: Link
    speakers: tuple[Link, ...]
    modality: str  # empty where the claim is asserted


@dataclass(frozen=True, slots=True)
class Tie:
    """Shows one edge: the other end, whether it is denied, the first of its claims, and where all of them are."""

    other: Link
    denied: bool
    claims: tuple[Said, ...]
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Shows the edges of one relation in one direction; `claims` counts the claims of all its edges."""

    name: str
    term: str | None  # address of the relation in the ontology
    outgoing: bool
    ties: tuple[Tie, ...]
    edges: int
    claims: int
    href: str


@dataclass(frozen=True, slots=True)
class Relations:
    """Shows the relations from a thing and to it, those with most claims first; the rest by name and number."""

    outgoing: tuple[Relation, ...] = ()
    incoming: tuple[Relation, ...] = ()
    more: tuple[Link, ...] = ()
    edges: int = 0
    href: str = ""


def relations(site: Site, read: Networks, key: str, found: Sequence[Edge]) -> Relations:
    """Return the edges of a thing that claims state or deny, grouped by relation and direction."""
    stated = [edge for edge in found if edge.status != "inferred"]
    grouped: dict[tuple[bool, str], list[Edge]] = {}
    for edge in stated:
        grouped.setdefault((edge.source == key, edge.relation), []).append(edge)
    site.learn({edge.relation for edge in stated})
    ordered = sorted(
        grouped.items(), key=lambda item: (-sum(edge.weight for edge in item[1]), site.label(item[0][1]).text)
    )
    by_way = [[item for item in ordered if item[0][0] is way] for way in (True, False)]
    shown = [item for each in by_way for item in each[:_GROUPS]]
    told = _told(site, read, [edge for _, edges in shown for edge in edges[:_TIES]])
    made = [_relation(site, key, name, outgoing, edges, told) for (outgoing, name), edges in shown]
    return Relations(
        tuple(each for each in made if each.outgoing),
        tuple(each for each in made if not each.outgoing),
        tuple(_named(site, key, *item) for each in by_way for item in each[_GROUPS:]),
        len(stated),
        _graph(key),
    )


def ties(site: Site, read: Networks, key: str, found: Sequence[Edge], claims: int = _CLAIMS) -> tuple[Tie, ...]:
    """Return some edges of a thing with the claims behind them."""
    told = _told(site, read, found)
    return tuple(_tie(site, key, edge, told, claims) for edge in found)


def one_each(items: Iterable[T], of: Callable[[T], Hashable]) -> list[T]:
    """Return the items in turns: the first of each group, then the second of each."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(of(item), []).append(item)
    return [item for row in zip_longest(*groups.values()) for item in row if item is not None]


def _told(site: Site, read: Networks, edges: Sequence[Edge]) -> dict[int, Claim]:
    """Return number → claim of the first claims of some edges, with all names learnt."""
    told = read.claims(number for edge in edges for number in edge.claims[:_READ])
    base = site.build().base
    keys = {key for edge in edges for key in (edge.source, edge.target)}
    keys |= {speaker for claim in told.values() for speaker in claim.speakers}
    modalities = {f"{SCHEMES}modality/{claim.modality}" for claim in told.values() if claim.modality}
    site.learn({f"{base}{key}" for key in keys} | modalities | {edge.relation for edge in edges})
    return told


def _relation(
    site: Site, key: str, name: str, outgoing: bool, edges: Sequence[Edge], told: dict[int, Claim]
) -> Relation:
    return Relation(
        site.label(name).text,
        site.path(name),
        outgoing,
        tuple(_tie(site, key, edge, told, _CLAIMS) for edge in edges[:_TIES]),
        len(edges),
        sum(edge.weight for edge in edges),
        _graph(key, name),
    )


def _named(site: Site, key: str, way: tuple[bool, str], edges: Sequence[Edge]) -> Link:
    outgoing, name = way
    label = site.label(name).text
    return Link(f"{label} …" if outgoing else f"… {label}", _graph(key, name), str(len(edges)))


def _tie(site: Site, key: str, edge: Edge, told: dict[int, Claim], most: int) -> Tie:
    claims = one_each((told[number] for number in edge.claims if number in told), lambda claim: claim.speakers)
    base = site.build().base
    other = site.link(f"{base}{edge.other(key)}")
    href = f"{_graph(key, edge.relation)}&{urlencode({'edge': wandering.name_of(edge)}, safe='/:~')}"
    said = tuple(
        Said(
            Link(claim.text, f"/{claim.key}"),
            tuple(site.link(f"{base}{speaker}") for speaker in claim.speakers),
            "" if claim.modality in ("", "asserted") else site.label(f"{SCHEMES}modality/{claim.modality}").text,
        )
        for claim in claims[:most]
    )
    return Tie(other, edge.status == "denied", said, edge.weight, href)


def _graph(key: str, relation: str = "") -> str:
    """Return the address of the graph around a thing, of one relation or of all."""
    asked = {"start": key, "node": key} if not relation else {"start": key, "relation": relation.removeprefix(ASC)}
    return f"/graph?{urlencode(asked, safe='/:~')}"
