"""Reads the pages of entities, works, and the parts of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import ASC, DCTERMS, GEO, RDF, SKOS
from kg.web.claims import listed, ranges
from kg.web.models import (
    EntityPage,
    Entry,
    Fact,
    Link,
    PassagePage,
    ReferencePage,
    SectionPage,
    SourcePage,
    Stated,
    Tab,
    WorkPage,
)
from kg.web.nodes import Node, facts, head, links, read_nodes

if TYPE_CHECKING:
    from kg.web.rows import Row
    from kg.web.site import Site

_TABS = {"about": "About it", "said": "Said by it", "reported": "Reported by it"}
_PARTS = {
    "provisionOf": "Provisions",
    "creator": "Author of",
    "publisher": "Publisher of",
    "outlet": "Outlet of",
    "subsectionOf": "Subsections",
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


def work_page(site: Site, iri: str, page: int) -> WorkPage:
    """Return the page of a cited work."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    found = site.rows("references", iri)
    site.learn(row["section"].value for row in found if "section" in row)
    references = tuple(site.link(row["reference"], _page_note(site, row)) for row in found)
    cards, pager = listed(site, "claims-work", iri, page, f"{site.path(iri)}?page=", 0)
    terms = {
        "alternative": "Translated title",
        "creator": "Authors",
        "date": "Date",
        "language": "Language",
        "bibliographicCitation": "Detail",
    }
    author = ", ".join(link.label for link in links(site, node.get("creator", DCTERMS)))
    author += ": " if author else ""
    return WorkPage(
        head(site, iri, label.text, "work", f"{author}“{label.text}”, as cited.", label.language),
        tuple(site.link(term) for term in node.types if term.value not in (f"{ASC}Entity", f"{ASC}Work")),
        (
            *facts(site, node, terms, DCTERMS),
            *facts(site, node, {"outlet": "Outlet", "url": "Address as printed", "note": "Curator's note"}),
        ),
        references,
        cards,
        pager,
    )


def _page_note(site: Site, row: Row) -> str:
    page = f"p. {row['page'].value}" if "page" in row else ""
    section = site.label(row["section"].value).text if "section" in row else ""
    return ", ".join(filter(None, (section, page)))


def source_page(site: Site, iri: str, page: int) -> SourcePage:
    """Return the page of a source: outline, then one page of its claims in the order of the text."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    found = site.rows("outline", iri)
    total = next((int(row["claims"].value) for row in site.rows("sources") if row["source"].value == iri), 0)
    cards, pager = listed(site, "claims-source", iri, page, f"{site.path(iri)}?page=", total)
    terms = {"title": "Title", "creator": "Authors", "publisher": "Publisher", "date": "Date", "language": "Language"}
    edition = tuple(
        Link(given.one("identifier", DCTERMS), None, f"{given.one('length')} code points, sha256 {given.one('sha256')}")
        for term in node.get("textEdition")
        if (given := nodes.get(term.value)) is not None
    )
    pinned = (Fact("Text edition", edition),) if edition else ()
    return SourcePage(
        head(site, iri, label.text, "source", f"“{label.text}”, read as claims."),
        (*facts(site, node, terms, DCTERMS), *facts(site, node, {"publishedIn": "Published in"}), *pinned),
        tuple(_entry(site, row) for row in found),
        cards,
        pager,
    )


def _entry(site: Site, row: Row) -> Entry:
    ends = [row[name].value for name in ("firstPage", "lastPage") if name in row]
    return Entry(
        Link(row["title"].value, site.path(row["section"].value)),
        row["number"].value if "number" in row else "",
        "–".join(dict.fromkeys(ends)),
        int(row["claims"].value),
        "parent" in row,
    )


def section_page(site: Site, iri: str, page: int) -> SectionPage:
    """Return the page of a section with its claims in the order of the text."""
    nodes = read_nodes(site, iri)
    node, label = nodes[iri], site.label(iri)
    cards, pager = listed(site, "claims-section", iri, page, f"{site.path(iri)}?page=", 0)
    source = _source(site, iri)
    names = {"number": "Number", "subsectionOf": "Part of", "firstPage": "First page", "lastPage": "Last page"}
    return SectionPage(
        head(site, iri, label.text, "section", f"“{label.text}”, in: {site.label(source).text}."),
        (Fact("Source", (site.link(source),)), *facts(site, node, names), *_parts(site, iri)),
        cards,
        pager,
    )


def passage_page(site: Site, iri: str, page: int) -> PassagePage:
    """Return the page of a passage: where it is in the text, and what stands on it."""
    nodes = read_nodes(site, iri)
    cards, pager = listed(site, "claims-passage", iri, page, f"{site.path(iri)}?page=", 0)
    texts = sorted({term for node in nodes.values() for term in node.get("hasSource", "http://www.w3.org/ns/oa#")})
    owners = [row["owner"] for row in site.rows("owner", iri) if site.kind(row["owner"].value) == "reference"]
    site.learn(term.value for term in owners)
    footnotes = (Fact("Footnote", links(site, owners)),) if owners else ()
    label = site.label(iri).text
    return PassagePage(
        head(site, iri, label, "passage", f"Passage {label}."),
        (Fact("Source", links(site, texts)), *facts(site, nodes[iri], {"page": "Page"}), *footnotes),
        ranges(nodes),
        cards,
        pager,
    )


def reference_page(site: Site, iri: str, page: int) -> ReferencePage:
    """Return the page of a footnote: what it cites and which claims rest on it."""
    nodes = read_nodes(site, iri)
    node, title = nodes[iri], site.label(iri).text.capitalize()
    cards, pager = listed(site, "claims-reference", iri, page, f"{site.path(iri)}?page=", 0)
    names = {
        "citesWork": "Cites",
        "printed": "Printed as",
        "inSection": "Section",
        "page": "Page",
        "mark": "Offset of the mark",
        "accessed": "Accessed, as printed",
        "passage": "Passage",
        "note": "Curator's note",
    }
    source = _source(site, iri)
    return ReferencePage(
        head(
            site,
            iri,
            title,
            "reference",
            f"{title}, in: {site.label(source).text}.",
        ),
        (Fact("Source", (site.link(source),)), *facts(site, node, names)),
        ranges(nodes),
        cards,
        pager,
    )


def _source(site: Site, iri: str) -> str:
    """Return the source that a section or footnote is a part of, from its IRI: `<kind>/<source>/<rest>`."""
    base = site.build().base
    return f"{base}source/{iri[len(base) :].split('/')[1]}"
