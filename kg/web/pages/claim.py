"""One claim: its words and hedge, where it comes from, what it states, and the claims around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, render_template

from kg.store.facets import Facets
from kg.vocab import ASC, DCTERMS, RDF
from kg.web import dates, negotiated, plots
from kg.web.claims import cards, ranges
from kg.web.models import Card, Fact, Head, Link, Range, Stated
from kg.web.nodes import Node, facts, head, links, read_nodes
from kg.web.provenance import Chain, Lane, lanes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.rows import Row
    from kg.web.site import Site

blueprint = Blueprint("claim", __name__)
_BETWEEN = {  # relation → how it is worded from this claim, and from the other one
    "supports": ("Supports", "Supported by"),
    "contradicts": ("Contradicts", "Contradicted by"),
    "qualifies": ("Qualifies", "Qualified by"),
    "repeats": ("Repeats", "Repeated by"),
    "exemplifies": ("Exemplifies", "Exemplified by"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """Shows a term with what it means, as its vocabulary says, and the claims that have it."""

    link: Link
    definition: str
    claims: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Shows one figure: its value or range with qualifier and unit, what it measures, and its further properties."""

    anchor: str
    value: str
    measure: Link | None
    claims: str  # address of the claims that give a figure for this measure
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Shows one figure of a series: part or total, of what and where, how much, and the claim that gives it."""

    role: str
    of: Link | None
    place: Link | None
    measure: Link
    value: str
    claim: Link
    here: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Shows the claims that stand in one relation to the claim."""

    name: str
    claims: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Shows one claim: speaker, hedge, provenance, statements, figures, and the claims around it."""

    head: Head
    card: Card
    types: tuple[Link, ...]
    hedge: str  # what the modality means
    voice: Link | None
    lanes: tuple[Lane, ...]
    facts: tuple[Fact, ...]
    framing: tuple[Term, ...]
    ranges: tuple[Range, ...]
    statements: tuple[Stated, ...]
    figures: tuple[Figure, ...]
    series: tuple[tuple[str, tuple[Member, ...]], ...]
    related: tuple[Related, ...]
    beside: tuple[Card | None, Card | None]
    confidence: tuple[Link, ...]
    notes: tuple[Link, ...]
    flags: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class WithdrawnPage:
    """Shows a claim that was withdrawn: when and why, what it said and who was said to say it, what stands instead."""

    head: Head
    number: str
    date: str
    because: str
    text: str
    speakers: tuple[Link, ...]
    facts: tuple[Fact, ...]
    instead: tuple[Card, ...]


@blueprint.get("/claim/<path:name>")
def claim(name: str) -> BaseResponse:
    """Show one claim, or one that was withdrawn, or give its data."""
    return negotiated.thing("claim", name, _page)


def _page(site: Site, iri: str) -> str:
    """Return the page of one claim; raises NotFoundError where there is none."""
    behind = site.rows("claim-chain", iri)
    nodes = read_nodes(site, iri, behind)
    if any(term.value == f"{ASC}WithdrawnClaim" for term in nodes[iri].types):
        return render_template("withdrawn.html", page=withdrawn_page(site, iri))
    return render_template("claim.html", page=claim_page(site, iri, behind, nodes))


def withdrawn_page(site: Site, iri: str) -> WithdrawnPage:
    """Return the page of a claim that was withdrawn."""
    node = Node(iri)
    for row in site.rows("withdrawn", iri):
        node.properties.setdefault(row["property"].value, []).append(row["value"])
    site.learn(term.value for terms in node.properties.values() for term in terms if term.is_iri)
    number, text = iri.rsplit("/", 1)[-1], node.one("text")
    return WithdrawnPage(
        head(
            site,
            iri,
            f"Withdrawn: {text}",
            "claim",
            f"Claim {number}, withdrawn on {dates.spoken(node.one('withdrawnOn'))}.",
        ),
        number,
        dates.spoken(node.one("withdrawnOn")),
        node.one("withdrawnBecause"),
        text,
        links(site, node.get("claimant")),
        facts(site, node, {"inSource": "Source", "inSection": "Section"}),
        cards(site, sorted(term.value for term in node.get("isReplacedBy", DCTERMS))),
    )


def claim_page(site: Site, iri: str, behind: Sequence[Row], nodes: dict[str, Node]) -> ClaimPage:
    """Return the page of one claim, of the rows behind it and what hangs on it."""
    node = nodes[iri]
    chain = Chain.of(site, behind)
    around = list(_around(site, node))
    with Facets(site.build().search) as facets:
        beside = facets.beside(iri)
    wanted = dict.fromkeys((iri, *filter(None, beside), *(other for _, others in around for other in others)))
    found = dict(zip(wanted, cards(site, list(wanted)), strict=True))
    card = found[iri]
    spoken = {name: [term.value for term in node.get(name)] for name in ("passage", "inSection", "inSource", "cites")}
    spoken["attribution"] = [term.value for term in node.get("attribution")]
    modality = next((term.value for term in node.get("modality")), "")
    stands = ranges(nodes)
    return ClaimPage(
        head(site, iri, card.link.label, "claim", _cited(card)),
        card,
        tuple(site.link(term) for term in node.types if term.value != f"{ASC}Claim"),
        chain.definition(modality),
        next(iter(links(site, node.get("attribution"))), None),
        lanes(chain, spoken, card, stands),
        facts(site, node, {"about": "About", "topic": "Topic", "when": "Date", "where": "Place"}),
        _terms(site, chain, node, "framing"),
        stands,
        tuple(_statement(site, nodes[term.value]) for term in sorted(node.get("states")) if term.value in nodes),
        tuple(_figure(site, nodes[term.value]) for term in sorted(node.get("figure")) if term.value in nodes),
        _series(site, iri) if any(nodes[each.value].get("series") for each in node.get("figure")) else (),
        tuple(Related(name, tuple(found[other] for other in others)) for name, others in around),
        (found.get(beside[0]), found.get(beside[1])),
        links(site, node.get("confidence")),
        links(site, node.get("note")),
        _terms(site, chain, node, "flag"),
    )


def _cited(card: Card) -> str:
    where = f", p. {', '.join(card.pages)}" if card.pages else ""
    source = f", in: {card.source.label}" if card.source else ""
    said = ", ".join(link.label for link in card.speakers)
    return f"“{card.link.label}” A claim of {said}{source}{where}."


def _around(site: Site, node: Node) -> Iterator[tuple[str, list[str]]]:
    """Yield how other claims stand to this one, and their IRIs: by its links, by theirs, and on the same passage."""
    incoming: dict[str, list[str]] = {}
    for row in site.rows("claim-around", node.iri):
        incoming.setdefault(row["property"].value.removeprefix(ASC), []).append(row["claim"].value)
    for name, (active, passive) in _BETWEEN.items():
        if outgoing := sorted(term.value for term in node.get(name)):
            yield active, outgoing
        if name in incoming:
            yield passive, incoming[name]
    if others := [other for other in incoming.get("passage", ()) if other != node.iri]:
        yield "On the same passage", others


def _terms(site: Site, chain: Chain, node: Node, name: str) -> tuple[Term, ...]:
    """Return the terms of a vocabulary that the claim has, each with its meaning."""
    return tuple(
        Term(site.link(term), chain.definition(term.value), _having(name, term.value))
        for term in sorted(node.get(name))
    )


def _having(facet: str, iri: str) -> str:
    """Return the address of the claims that have a concept."""
    return f"/claims?{urlencode({facet: iri.rsplit('/', 1)[-1]})}"


def _statement(site: Site, node: Node) -> Stated:
    parts = [next(iter(links(site, node.get(name, RDF))), Link("…")) for name in ("subject", "predicate", "object")]
    negative = any(term.value.endswith("/negative") for term in node.get("polarity"))
    details = facts(site, node, {"role": "As", "when": "Date", "where": "Place"})
    anchor = f"statement-{node.iri.rsplit('/', 1)[-1]}"
    return Stated(parts[0], parts[1], parts[2], negative, 1, anchor, details)


def _figure(site: Site, node: Node) -> Figure:
    qualifier = " ".join(link.label for link in links(site, node.get("qualifier")))
    amount = _amount(site, qualifier, node.one("value", RDF), node.one("min"), node.one("max"), node.one("unit"))
    names = {"of": "Of", "when": "Date", "where": "Place", "seriesRole": "In its series", "asPrinted": "As printed"}
    measure = next((term.value for term in node.get("measure")), "")
    return Figure(
        f"figure-{node.iri.rsplit('/', 1)[-1]}",
        amount,
        site.link(measure) if measure else None,
        _having("measure", measure),
        facts(site, node, names),
    )


def _series(site: Site, iri: str) -> tuple[tuple[str, tuple[Member, ...]], ...]:
    """Return the series that the claim's figures belong to, each with all its figures."""
    found = site.rows("claim-series", iri)
    site.learn(term.value for row in found for term in row.values() if term.is_iri)
    by_name: dict[str, list[Member]] = {}
    for row in found:
        by_name.setdefault(row["series"].value, []).append(_member(site, row, iri))
    return tuple(
        (name.replace("-", " "), tuple(sorted(members, key=lambda each: each.role == "total")))
        for name, members in by_name.items()
    )


def _member(site: Site, row: Row, iri: str) -> Member:
    def one(name: str) -> str:
        return row[name].value if name in row else ""

    claim = row["claim"].value
    qualifier = site.label(one("qualifier")).text if "qualifier" in row else ""
    return Member(
        site.label(one("role")).text if "role" in row else "",
        site.link(row["of"]) if "of" in row else None,
        site.link(row["place"]) if "place" in row else None,
        site.link(row["measure"]),
        _amount(site, qualifier, one("value"), one("min"), one("max"), one("unit")),
        Link(claim.rsplit("/", 1)[-1], site.path(claim)),
        claim == iri,
    )


def _amount(site: Site, qualifier: str, value: str, low: str, high: str, unit: str) -> str:
    """Return a value, a range or a bound in words, with its qualifier and unit."""
    exact, least, most = (_number(text) for text in (value, low, high))
    if exact:
        amount = exact
    elif least and most:
        amount = f"{least} to {most}"
    else:
        amount = f"at least {least}" if least else f"at most {most}" if most else ""
    return (
        " ".join(filter(None, (qualifier, amount, _unit(site, unit, amount)))) if qualifier or amount else "not given"
    )


def _unit(site: Site, unit: str, amount: str) -> str:
    """Return the unit of an amount in words, for one of it or for several; a share in words alone has none."""
    words = plots.unit_of(site, unit)
    if words == "%":
        return site.label(unit).text if amount else ""
    if words and amount == "1":
        words = site.label(unit).text
    return f"({words})" if unit.endswith("/unassigned") else words


def _number(text: str) -> str:
    """Return a decimal with commas between thousands and no empty fraction."""
    whole, _, fraction = text.partition(".")
    sign = "−" if whole.startswith("-") else ""
    digits = whole.lstrip("+-")
    if not digits.isdigit():
        return text
    fraction = fraction.rstrip("0")
    return sign + f"{int(digits):,}" + (f".{fraction}" if fraction else "")
