"""One actor, place, agreement, event, thing or topic: its names, what is claimed about it and by whom, what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kg.errors import NotFoundError
from kg.store import figures
from kg.store.entries import facet_of
from kg.store.facets import Facets, key_of
from kg.store.networks import Networks
from kg.vocab import ASC, DCTERMS, GEO, RDF, SKOS
from kg.web import agreements, negotiated, pictures, plots, strips, ties, voices
from kg.web.claims import cards
from kg.web.languages import spoken
from kg.web.locator import locator
from kg.web.models import Fact, Link
from kg.web.nodes import Node, facts, head, links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.store.networks import Edge
    from kg.web.agreements import Agreement
    from kg.web.locator import Locator
    from kg.web.models import Card, Head
    from kg.web.pictures import Picture
    from kg.web.plots import Plot
    from kg.web.rows import Row
    from kg.web.site import Site
    from kg.web.strips import Strip
    from kg.web.ties import Relations
    from kg.web.voices import Group, Role, Speech, Spoken

blueprint = Blueprint("thing", __name__)
KINDS = ("actor", "place", "agreement", "event", "thing", "topic")
_FIGURES, _DATES, _PARTS = 6, 6, 20  # that are shown
_AROUND = 2.5  # degrees around a place, so that coasts and borders tell where it is
_ROLES = {  # facet → how claims are told that have a thing in this role, and what heads them
    "reporter": ("of others that it passes on", "What others say through it"),
    "outlet": ("that rest on what appeared here", "Claims that rest on what appeared here"),
    "about": ("that name it in what they state", "Claims that name it"),
}
_MADE = {  # property → what its value is to the thing that has it
    f"{ASC}provisionOf": "Provisions",
    f"{DCTERMS}creator": "Author of",
    f"{DCTERMS}publisher": "Publisher of",
    f"{ASC}outlet": "Outlet of",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Shows the names of a thing in one language, the preferred one first."""

    language: str
    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """Shows one kind of claims with some of them at a glance."""

    group: Group
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Shows the claims that have a thing in a further role, with some of them at a glance."""

    role: Role
    words: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Inferred:
    """Shows what the ontology adds: classes and properties, and edges that no claim states."""

    facts: tuple[Fact, ...]
    edges: tuple[tuple[Link, str, Link], ...]  # subject, relation, object


@dataclass(frozen=True, slots=True)
class Reference:
    """Shows a piece of reference data: what it is, its value, and where it was taken from."""

    name: str
    value: Link
    source: str


@dataclass(frozen=True, slots=True)
class ThingPage:
    """Shows an entity: what it is, who speaks of it and how, its claims, relations, figures, dates, neighbours."""

    head: Head
    types: tuple[Link, ...]
    names: tuple[Names, ...]
    description: str
    facts: tuple[Fact, ...]
    about: Spoken | None
    claims: tuple[Claims, ...]
    speech: Speech | None
    says: tuple[Card, ...]
    others: tuple[Other, ...]
    agreement: Agreement | None
    relations: Relations
    plots: tuple[Plot, ...]
    figures: Link | None  # to all figures, with their number as its note
    strip: Strip | None
    picture: Picture | None
    reference: tuple[Reference, ...]
    locator: Locator | None
    parts: tuple[Fact, ...]
    inferred: Inferred

    @property
    def this(self) -> str:
        """Return how the page speaks of the thing."""
        noun = self.types[0].label if self.types else self.head.kind
        return f"{'these' if _is_plural(noun) else 'this'} {noun}"

    @property
    def its_words(self) -> str:
        """Return what heads the claims that it makes."""
        return f"What {self.this} {'say' if _is_plural(self.this) else 'says'}"

    @property
    def body(self) -> bool:
        """Return whether claims say anything of it."""
        return bool(self.about or self.speech or self.others or self.agreement or self.relations.edges or self.picture)

    @property
    def side(self) -> bool:
        """Return whether anything is on record of it, or was inferred."""
        added = self.inferred.facts or self.inferred.edges
        return bool(self.locator or self.reference or self.parts or added)

    @property
    def says_first(self) -> bool:
        """Return whether more is said by it than about it."""
        return self.speech is not None and (self.about is None or self.speech.total > self.about.total)

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Return the parts that the page has: anchor and name."""
        says = ("says", self.its_words, self.speech)
        claims = ("claims", "Claims by kind", self.claims)
        parts = (
            ("voices", f"Who speaks of {self.this}", self.about),
            ("provisions", "Provisions", self.agreement),
            *((says, claims) if self.says_first else (claims, says)),
            *((each.role.name, each.title, True) for each in self.others),
            ("relations", "Relations", self.relations.edges),
            ("neighbours", "Named with it", self.picture),
            ("figures", "Figures", self.plots),
            ("dates", "Dates", self.strip),
            ("reference", "Reference data", self.reference),
        )
        return tuple((anchor, name) for anchor, name, there in parts if there)


@blueprint.get(f"/<any({','.join(KINDS)}):kind>/<path:name>")
def thing(kind: str, name: str) -> BaseResponse:
    """Show one thing, or give its data."""
    return negotiated.thing(kind, name, lambda site, iri: render_template("thing.html", page=thing_page(site, iri)))


def thing_page(site: Site, iri: str) -> ThingPage:
    """Return the page of an entity; raises NotFoundError where there is none."""
    base, path = site.build().base, site.build().search
    key, kind = key_of(iri, base), site.kind(iri)
    stated, inferred, made = _read(site, iri)
    node = stated[iri]
    with Facets(path) as facets, Networks(path) as read:
        facet = next((each for each in (facet_of(key), "about") if facets.known(each, key)), "")
        about = voices.spoken(site, facets, facet, key) if facet else None
        speech = voices.speech(site, facets, key)
        edges = read.around(ties.NETWORK, key)
        relations = ties.relations(site, read, key, edges)
        parent = next((term.value for term in node.get("provisionOf")), "")
        agreement = agreements.agreement(site, read, facets, iri, parent) if kind == "agreement" else None
        roles = tuple(_roles(facets, key, facet))
    numbers = [number for group in (about.groups if about else ()) for number in group.numbers]
    numbers += speech.numbers if speech else ()
    numbers += [number for role in roles for number in role.numbers]
    at_a_glance = _cards(site, numbers)
    found = figures.of(path, iri)
    shown = site.label(iri)
    cited = f"“{shown.text}”: what claims say about it."
    tables = tuple(_tables(about, speech, roles))
    return ThingPage(
        head(site, iri, shown.text, kind, cited, shown.language if shown.language != "en" else "", tables),
        tuple(site.link(term) for term in node.types if term.value != f"{ASC}Entity"),
        _names(node, shown.text),
        node.one("description", DCTERMS),
        (*facts(site, node, {"provisionOf": "Provision of", "number": "Number", "note": "Curator’s note"}),),
        about,
        tuple(Claims(group, tuple(at_a_glance[n] for n in group.numbers)) for group in (about.groups if about else ())),
        speech,
        tuple(at_a_glance[number] for number in speech.numbers) if speech else (),
        tuple(Other(role, *_ROLES[role.name], tuple(at_a_glance[n] for n in role.numbers)) for role in roles),
        agreement,
        relations,
        plots.plots(site, found[:_FIGURES]),
        Link("All its figures", f"/figures?of={key}", str(len(found))) if found else None,
        strips.of_thing(site, iri, _DATES),
        pictures.neighbours(site, iri),
        tuple(_reference(site, node, stated)),
        _locator(site, node, about),
        tuple(_parts(site, made)),
        _inferred(site, key, node, inferred, edges),
    )


def _read(site: Site, iri: str) -> tuple[dict[str, Node], list[Row], list[Row]]:
    """Return what is stated of a thing and its reference data, what was inferred of it, and what points to it."""
    stated: dict[str, Node] = {}
    inferred, made = [], []
    rows = site.rows("entity", iri)
    for row in rows:
        if row["value"].value == iri and row["property"].value in _MADE:
            if row["inferred"].value != "true":
                made.append(row)
        elif row["inferred"].value == "true":
            inferred.append(row)
        else:
            node = stated.setdefault(row["node"].value, Node(row["node"].value))
            node.properties.setdefault(row["property"].value, []).append(row["value"])
    if iri not in stated:
        raise NotFoundError(f"Nothing stands at {iri}.")
    site.learn({term.value for row in rows for term in row.values() if term.is_iri} | {iri})
    return stated, inferred, made


def _is_plural(noun: str) -> bool:
    """Return whether the name of a class is a plural: armed forces, principles, mine maps."""
    return noun.endswith("s") and not noun.endswith("ss")


def _cards(site: Site, numbers: Sequence[int]) -> dict[int, Card]:
    iris = voices.iris(site, numbers)
    ordered = sorted(iris)
    return dict(zip(ordered, cards(site, [iris[number] for number in ordered]), strict=True))


def _names(node: Node, shown: str) -> tuple[Names, ...]:
    """Return the names by language, English first, less the one that heads the page."""
    by_language: dict[str, list[str]] = {}
    for term in (*sorted(node.get("prefLabel", SKOS)), *sorted(node.get("altLabel", SKOS))):
        if term.value != shown and term.value not in by_language.get(term.language, ()):
            by_language.setdefault(term.language, []).append(term.value)
    ordered = sorted(by_language.items(), key=lambda item: (item[0] not in ("en", ""), spoken(item[0])))
    return tuple(Names(spoken(code), code if code != "und" else "", tuple(names)) for code, names in ordered)


def _roles(facets: Facets, key: str, facet: str) -> Iterable[Role]:
    """Yield in what further roles claims have a thing: as one who reports others, as the outlet of evidence."""
    for name in _ROLES:
        if name == "about" and (facet == "about" or facet_of(key) == "place"):
            continue
        if (found := voices.role(facets, name, key)) is not None:
            yield found


def _tables(about: Spoken | None, speech: Speech | None, roles: Iterable[Role]) -> Iterable[Link]:
    """Yield where the claims that the page counts are given as CSV."""
    counted = [("about it", about), ("by it", speech), *((_ROLES[role.name][0], role) for role in roles)]
    for words, each in counted:
        if each is not None:
            yield Link(f"CSV of the claims {words}", each.table)


def _reference(site: Site, node: Node, nodes: Mapping[str, Node]) -> Iterable[Reference]:
    """Yield the reference data of a thing, each with its source."""
    for term in sorted(node.get("identifier")):
        if (given := nodes.get(term.value)) is not None:
            scheme = next(iter(links(site, given.get("scheme"))), Link("Identifier"))
            yield Reference(scheme.label, Link(given.one("notation", SKOS)), given.one("source", DCTERMS))
    for term in node.get("coordinates"):
        if (given := nodes.get(term.value)) is not None:
            point = f"{given.one('lat', GEO)}, {given.one('long', GEO)}"
            yield Reference("Coordinates", Link(point, None, "latitude, longitude"), given.one("source", DCTERMS))
    for term in node.get("country"):
        if (given := nodes.get(term.value)) is not None:
            for value in given.get("value", RDF):
                yield Reference("Country", site.link(value), given.one("source", DCTERMS))


def _locator(site: Site, node: Node, about: Spoken | None) -> Locator | None:
    """Return the map of a place, or None where it has no point on it."""
    if not node.get("coordinates"):
        return None
    found = locator(site, {node.iri: about.total if about else 0}, _AROUND)
    return found if found.spots else None


def _parts(site: Site, made: Sequence[Row]) -> Iterable[Fact]:
    """Yield the works and sources that a thing made; provisions stand in the part of the agreement."""
    by_name: dict[str, list[Link]] = {}
    for row in made:
        if row["property"].value != f"{ASC}provisionOf":
            by_name.setdefault(_MADE[row["property"].value], []).append(site.link(row["node"]))
    for name, values in by_name.items():
        cut = (Link(f"and {len(values) - _PARTS} more"),) if len(values) > _PARTS else ()
        yield Fact(name, (*values[:_PARTS], *cut))


def _inferred(site: Site, key: str, node: Node, rows: Sequence[Row], edges: Sequence[Edge]) -> Inferred:
    """Return what was inferred; that everything here is an entity need not be said."""
    by_name: dict[str, list[Link]] = {}
    for row in rows:
        value = row["value"]
        if row["node"].value == node.iri and value.value != f"{ASC}Entity" and value.value.startswith(ASC):
            name = "Is also" if row["property"].value == f"{RDF}type" else site.label(row["property"].value).text
            by_name.setdefault(name, []).append(site.link(value))
    base = site.build().base
    added = [edge for edge in edges if edge.status == "inferred"]
    site.learn({edge.relation for edge in added} | {f"{base}{edge.other(key)}" for edge in added})
    return Inferred(
        tuple(Fact(name, tuple(values)) for name, values in by_name.items()),
        tuple(
            (site.link(f"{base}{edge.source}"), site.label(edge.relation).text, site.link(f"{base}{edge.target}"))
            for edge in added[:_PARTS]
        ),
    )
