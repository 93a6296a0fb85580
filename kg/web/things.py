"""Reads the pages of entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import ASC, DCTERMS, GEO, RDF, SKOS
from kg.web.claims import listed
from kg.web.models import (
    EntityPage,
    Fact,
    Link,
    Stated,
    Tab,
)
from kg.web.nodes import Node, facts, head, links, read_nodes

if TYPE_CHECKING:
    from kg.web.site import Site

_TABS = {"about": "About it", "said": "Said by it", "reported": "Reported by it"}
_PARTS = {
    "provisionOf": "Provisions",
    "creator": "Author of",
    "publisher": "Publisher of",
    "outlet": "Outlet of",
}


def entity_page(site: Site, iri: str, show: str | None, page: int) -> EntityPage:
    """Return the page of an entity with one page of the claims in one of its roles."""
    nodes = read_nodes(site, iri)
    node, label, kind = nodes[iri], site.label(iri), site.kind(iri)
    counts = {row["role"].value: int(row["count"].value) for row in site.rows("roles", iri)}
    chosen = show if show in _TABS else next((role for role in _TABS if counts.get(role)), "about")
    path = site.path(iri) or ""
    tabs = tuple(
        Tab(name, counts[role], f"{path}?show={role}#claims", role == chosen)
        for role, name in _TABS.items()
        if counts.get(role)
    )
    cards, pager = listed(site, f"claims-{chosen}", iri, page, f"{path}?show={chosen}&page=", counts.get(chosen, 0))
    return EntityPage(
        head(site, iri, label.text, kind, f"“{label.text}”: what claims say about it.", label.language),
        tuple(site.link(term) for term in node.types if term.value != f"{ASC}Entity"),
        _entity_facts(site, node, nodes, label.text),
        _parts(site, iri),
        _inferred(site, iri),
        _stated(site, iri),
        tabs,
        cards,
        pager,
    )


def _entity_facts(site: Site, node: Node, nodes: dict[str, Node], shown: str) -> tuple[Fact, ...]:
    names = links(site, [*node.get("prefLabel", SKOS), *node.get("altLabel", SKOS)])
    others = tuple(dict.fromkeys(link for link in names if link.label != shown))
    identifiers = []
    for term in sorted(node.get("identifier")):
        given = nodes.get(term.value)
        if given is not None:
            scheme = next(iter(links(site, given.get("scheme"))), Link(""))
            note = f"{scheme.label}; from {given.one('source', DCTERMS)}"
            identifiers.append(Link(given.one("notation", SKOS), None, note))
    places = []
    for term in node.get("coordinates"):
        given = nodes.get(term.value)
        if given is not None:
            point = f"{given.one('lat', GEO)}, {given.one('long', GEO)}"
            places.append(Link(point, None, f"from {given.one('source', DCTERMS)}"))
    countries = [
        site.link(value, f"from {nodes[term.value].one('source', DCTERMS)}")
        for term in node.get("country")
        if term.value in nodes
        for value in nodes[term.value].get("value", RDF)
    ]
    listed_facts = (
        ("Other names", others),
        ("Identifiers", tuple(identifiers)),
        ("Coordinates", tuple(places)),
        ("Country", tuple(countries)),
    )
    return (
        *facts(site, node, {"description": "Description"}, DCTERMS),
        *facts(site, node, {"provisionOf": "Provision of", "number": "Number"}),
        *(Fact(name, values) for name, values in listed_facts if values),
        *facts(site, node, {"note": "Curator's note"}),
    )


def _parts(site: Site, iri: str) -> tuple[Fact, ...]:
    found = site.rows("parts", iri)
    site.learn(row["part"].value for row in found)
    by_name: dict[str, list[Link]] = {}
    for row in found:
        name = _PARTS.get(row["property"].value.rsplit("/", 1)[-1].rsplit("#", 1)[-1])
        if name is not None:
            by_name.setdefault(name, []).append(site.link(row["part"]))
    return tuple(Fact(name, tuple(values)) for name, values in by_name.items())


def _inferred(site: Site, iri: str) -> tuple[Fact, ...]:
    found = site.rows("inferred", iri)
    site.learn(term.value for row in found for term in row.values() if term.is_iri)
    by_name: dict[str, list[Link]] = {}
    for row in found:
        by_name.setdefault(site.label(row["property"].value).text, []).append(site.link(row["value"]))
    return tuple(Fact(name.capitalize(), tuple(values)) for name, values in by_name.items())


def _stated(site: Site, iri: str) -> tuple[Stated, ...]:
    found = site.rows("statements", iri)
    site.learn(term.value for row in found for term in row.values() if term.is_iri)
    return tuple(
        Stated(
            site.link(row["subject"]),
            site.link(row["predicate"]),
            site.link(row["object"]),
            row["negative"].value == "true",
            int(row["claims"].value),
            site.path(row["example"].value) or "",
            speaker=site.link(row["speaker"]),
            modality=site.label(row["modality"].value).text,
        )
        for row in found
        if "example" in row
    )
