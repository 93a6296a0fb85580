"""Reads one thing with what hangs on it, and words its properties."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.errors import NotFoundError
from kg.protocol import GRAPH_FORMATS
from kg.vocab import ASC, RDF
from kg.web import dates, languages
from kg.web.citing import tools
from kg.web.models import Fact, Head, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.web.rows import Row, Term
    from kg.web.site import Site

_WORDED = {"date": dates.spoken, "when": dates.spoken, "language": languages.spoken}


@dataclass(frozen=True, slots=True)
class Node:
    """Holds the properties of one node: property IRI → terms."""

    iri: str
    properties: dict[str, list[Term]] = field(default_factory=dict)

    def get(self, name: str, namespace: str = ASC) -> list[Term]:
        """Return the terms of a property by its local name."""
        return self.properties.get(namespace + name, [])

    def one(self, name: str, namespace: str = ASC) -> str:
        """Return the value of a property as text, the empty text where there is none."""
        return next((term.value for term in self.get(name, namespace)), "")

    @property
    def types(self) -> list[Term]:
        """Return the classes that are stated of the node."""
        return sorted(self.get("type", RDF))


def read_nodes(site: Site, iri: str, also: Iterable[Row] = ()) -> dict[str, Node]:
    """Return a thing and what hangs on it, by IRI, with all names learnt; raises NotFoundError where nothing is.

    The names in the rows `also` are learnt with them, which is one question less.
    """
    found: dict[str, Node] = {}
    rows = site.rows("thing", iri)
    for row in rows:
        node = found.setdefault(row["node"].value, Node(row["node"].value))
        values = node.properties.setdefault(row["property"].value, [])
        if row["value"] not in values:
            values.append(row["value"])
    if iri not in found:
        raise NotFoundError(f"Nothing stands at {iri}.")
    site.learn({term.value for row in (*rows, *also) for term in row.values() if term.is_iri} | {iri})
    return found


def links(site: Site, terms: Iterable[Term]) -> tuple[Link, ...]:
    """Return terms as they are shown, in the order of their names, English first."""
    shown = [site.link(term) for term in terms]
    return tuple(sorted(shown, key=lambda link: (link.language not in ("", "en"), link.language, link.label)))


def facts(site: Site, node: Node, names: Mapping[str, str], namespace: str = ASC) -> tuple[Fact, ...]:
    """Return the properties of a node that are there, by local name → the word that is shown.

    Dates and languages are put in words.
    """
    found = []
    for name, word in names.items():
        if terms := node.get(name, namespace):
            worded = _WORDED.get(name, str)
            found.append(Fact(word, tuple(replace(each, label=worded(each.label)) for each in links(site, terms))))
    return tuple(found)


def head(
    site: Site, iri: str, title: str, kind: str, cited: str, language: str = "", tables: Iterable[Link] = ()
) -> Head:
    """Return what every page of a thing has; `cited` opens the citation line, `tables` leads to its data as CSV."""
    path = site.path(iri) or "/"
    data = (*(Link(each.label, f"{path}.{each.suffix}") for each in GRAPH_FORMATS), *tables)
    return Head(title, kind, iri, tools(site, data, site.editor("data", iri), iri, title, cited), language)


def source_of(site: Site, iri: str) -> str:
    """Return the source that a section or footnote is a part of, from its IRI: `<kind>/<source>/<rest>`."""
    base = site.build().base
    return f"{base}source/{iri[len(base) :].split('/')[1]}"
