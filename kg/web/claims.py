"""Reads claims: cards for lists, and the whole page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import ASC, OA, RDF
from kg.web.models import Card, ClaimPage, Evidence, Fact, Figure, Link, Pager, Range, Stated
from kg.web.nodes import Node, facts, head, links, read_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.rows import Row
    from kg.web.site import Site

PAGE = 50
_BETWEEN = ("supports", "contradicts", "qualifies", "repeats", "exemplifies")
_PASSIVE = {
    "supports": "supported by",
    "contradicts": "contradicted by",
    "qualifies": "qualified by",
    "repeats": "repeated by",
    "exemplifies": "exemplified by",
}


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
    site.learn(term.value for row in found for term in row.values() if term.is_iri)
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
        tuple(link.label for link in shown("when")),
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


def claim_page(site: Site, iri: str) -> ClaimPage:
    """Return the page of one claim; raises NotFoundError where there is none."""
    nodes = read_nodes(site, iri)
    node = nodes[iri]
    (card,) = cards(site, [iri])
    passage = next((term.value for term in node.get("passage")), None)
    where = f", p. {', '.join(card.pages)}" if card.pages else ""
    source = card.source.label if card.source else ""
    speaker = ", ".join(link.label for link in card.speakers)
    return ClaimPage(
        head(site, iri, card.link.label, "claim", f"“{card.link.label}” A claim of {speaker}, in: {source}{where}."),
        card,
        tuple(site.link(term) for term in node.types if term.value != f"{ASC}Claim"),
        facts(site, node, {"about": "About", "topic": "Topic", "when": "Date", "where": "Place"}),
        Fact("Passage", links(site, node.get("passage"))) if passage else None,
        ranges(nodes),
        tuple(_statement(site, nodes[term.value]) for term in sorted(node.get("states")) if term.value in nodes),
        tuple(_figure(site, nodes[term.value]) for term in sorted(node.get("figure")) if term.value in nodes),
        (*facts(site, node, {name: name.capitalize() for name in _BETWEEN}), *_incoming(site, iri)),
        facts(site, node, {"confidence": "Curator's confidence", "flag": "Flags", "note": "Curator's note"}),
    )


def _incoming(site: Site, iri: str) -> tuple[Fact, ...]:
    found = site.rows("claim-links", iri)
    site.learn(row["claim"].value for row in found)
    by_name: dict[str, list[Link]] = {}
    for row in found:
        name = _PASSIVE[row["property"].value.removeprefix(ASC)].capitalize()
        by_name.setdefault(name, []).append(site.link(row["claim"]))
    return tuple(Fact(name, tuple(values)) for name, values in by_name.items())


def ranges(nodes: dict[str, Node]) -> tuple[Range, ...]:
    """Return the ranges among the nodes of a thing, in the order of the text."""
    found = []
    for node in nodes.values():
        for selector in node.get("hasSelector", OA):
            at = nodes.get(selector.value)
            if at is not None and at.one("start", OA) and at.one("end", OA):
                found.append(Range(int(at.one("start", OA)), int(at.one("end", OA)), node.one("sha256")))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _statement(site: Site, node: Node) -> Stated:
    parts = [next(iter(links(site, node.get(name, RDF))), Link("…")) for name in ("subject", "predicate", "object")]
    negative = any(term.value.endswith("/negative") for term in node.get("polarity"))
    details = facts(site, node, {"role": "As", "when": "Date", "where": "Place"})
    anchor = f"statement-{node.iri.rsplit('/', 1)[-1]}"
    return Stated(parts[0], parts[1], parts[2], negative, 1, anchor, details)


def _figure(site: Site, node: Node) -> Figure:
    qualifier = " ".join(link.label for link in links(site, node.get("qualifier")))
    unit = " ".join(link.label for link in links(site, node.get("unit")) if link.label not in ("count", "number"))
    low, high, exact = (_number(text) for text in (node.one("min"), node.one("max"), node.one("value", RDF)))
    if exact:
        amount = exact
    elif low and high:
        amount = f"{low} to {high}"
    else:
        amount = f"at least {low}" if low else f"at most {high}" if high else "not given"
    names = {
        "of": "Of",
        "when": "Date",
        "where": "Place",
        "series": "Series",
        "seriesRole": "Role in the series",
        "asPrinted": "As printed",
    }
    return Figure(
        f"figure-{node.iri.rsplit('/', 1)[-1]}",
        " ".join(filter(None, (qualifier, amount, unit))),
        next(iter(links(site, node.get("measure"))), None),
        facts(site, node, names),
    )


def _number(text: str) -> str:
    """Return a decimal with thin spaces between thousands and no empty fraction."""
    whole, _, fraction = text.partition(".")
    sign = "−" if whole.startswith("-") else ""
    digits = whole.lstrip("+-")
    if not digits.isdigit():
        return text
    fraction = fraction.rstrip("0")
    return sign + f"{int(digits):,}".replace(",", "\u202f") + (f".{fraction}" if fraction else "")
