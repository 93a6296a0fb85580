"""The columns of the published tables: what each is called, says, holds, and how its cells are made from the graph.

Ids are written as in the curated files, several values in a cell are joined by `|`, ranges of a text by `;`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import BuildError
from kg.export.publication import natural
from kg.export.turtle import prefixes_of
from kg.vocab import ASC, OA, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.export.publication import Publication

JOINT = "|"


class View:
    """Answers what columns ask of a publication."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.nodes = publication.nodes
        self._reverse: dict[str, dict[str, list[str]]] = {}

    def follow(self, node: str, path: str) -> list[str]:
        """Return what a path of properties leads to (`asc:passage/asc:page`; `^` goes against the arrow).

        Nodes are given as IRIs, literals as text; the values of the last step stand in a fixed order.
        """
        found = [node]
        for step in path.split("/"):
            predicate = expanded(step.lstrip("^"))
            if step.startswith("^"):
                reverse = self._reversed(predicate)
                found = [each for start in found for each in reverse.get(start, ())]
            else:
                found = [str(term.value) for start in found for term in self.nodes.terms(start, predicate)]
        return found

    def _reversed(self, predicate: str) -> dict[str, list[str]]:
        if predicate not in self._reverse:
            reverse = self._reverse[predicate] = defaultdict(list)
            for node in sorted(self.nodes, key=natural):
                for target in self.nodes.links(node, predicate):
                    reverse[target].append(node)
        return self._reverse[predicate]


@dataclass(frozen=True, slots=True)
class Column:
    """Describes one column: its name, what it says, its datatype in CSVW's terms, and how a cell is made."""

    name: str
    about: str
    cell: Callable[[View, str], str]
    datatype: str = "string"
    separator: str = ""
    property: str = ""  # the path of properties that it is read from
    required: bool = False


@cache
def expanded(name: str) -> str:
    """Return a prefixed name as an IRI."""
    prefix, _, local = name.partition(":")
    return prefixes_of("")[prefix] + local


def local(name: str) -> str:
    """Return an id without its kind: source/x → x."""
    return name.split("/", 1)[-1]


def joined(values: Iterable[str]) -> str:
    """Return several values as one cell."""
    found = list(values)
    if broken := next((each for each in found if JOINT in each), None):
        raise BuildError(f"{broken!r} holds {JOINT!r}, which joins values in a cell. Write it otherwise.")
    return JOINT.join(found)


def told(
    name: str, path: str, about: str, *, many: bool = False, short: bool = True, datatype: str = "string"
) -> Column:
    """Return a column that holds what a path leads to; `short` leaves the kind off ids that can be of one kind only."""

    def shown(view: View, value: str) -> str:
        if not value.startswith("http"):
            return value
        name = view.nodes.name(value)
        return local(name) if short else name

    def cell(view: View, node: str) -> str:
        values = [shown(view, value) for value in view.follow(node, path)]
        return joined(sorted(set(values), key=natural)) if many else next(iter(values), "")

    return Column(name, about, cell, datatype, JOINT if many else "", path)


def linked(name: str, path: str, about: str, *, many: bool = False) -> Column:
    """Return a column that holds the ids, with their kinds, of what a path leads to."""
    return told(name, path, about, many=many, short=False)


def plain(name: str, path: str, about: str, *, datatype: str = "string") -> Column:
    """Return a column that holds the text at the end of a path as it stands."""
    return Column(name, about, lambda view, node: next(iter(view.follow(node, path)), ""), datatype, "", path)


def labelled(name: str, path: str, about: str, *, many: bool = False) -> Column:
    """Return a column that holds the label of what a path leads to, or the text that it leads to.

    Several labels stand in the order of the ids that a column of ids has.
    """

    def cell(view: View, node: str) -> str:
        found = sorted(set(view.follow(node, path)), key=natural) if many else view.follow(node, path)[:1]
        return joined(view.publication.label(each) if each.startswith("http") else each for each in found)

    return Column(name, about, cell, separator=JOINT if many else "", property=path)


def identified(kind: str) -> tuple[Column, Column]:
    """Return the columns that name a row's node: its id and its IRI."""
    return (
        Column("id", f"The id of the {kind}.", lambda view, node: local(view.nodes.name(node)), required=True),
        Column("iri", f"The IRI of the {kind}.", lambda _, node: node, "anyURI", required=True),
    )


def types(view: View, node: str) -> str:
    """Return the classes of a node, but for Claim, which every claim is."""
    return joined(sorted({view.nodes.name(each) for each in view.nodes.types(node)} - {"Claim"}))


def ranges(view: View, passage: str) -> list[tuple[int, int, str]]:
    """Return the ranges of a passage in order: start, end and node."""
    found = []
    for each in view.nodes.links(passage, f"{ASC}range"):
        selector = next(iter(view.nodes.links(each, f"{OA}hasSelector")), "")
        found.append((int(view.nodes.one(selector, f"{OA}start")), int(view.nodes.one(selector, f"{OA}end")), each))
    return sorted(found)


def page_of(view: View, passage: str) -> str:
    """Return the printed page of a passage, or of the footnote whose text it is; empty where neither says."""
    return next(iter(view.follow(passage, "asc:page") or view.follow(passage, "^asc:passage/asc:page")), "")


def ranges_of_claim(view: View, claim: str) -> str:
    """Return the ranges of a claim's passage as start-end;start-end."""
    passages = view.follow(claim, "asc:passage")
    return ";".join(f"{start}-{end}" for passage in passages for start, end, _ in ranges(view, passage))


def statements(view: View, claim: str) -> str:
    """Return a claim's statements, each as subject, relation and object."""
    parts = ("subject", "predicate", "object")
    found = sorted(view.nodes.links(claim, f"{ASC}states"), key=natural)
    return joined(" ".join(view.nodes.one(each, f"{RDF}{part}") for part in parts) for each in found)


def figures(view: View, claim: str) -> str:
    """Return a claim's figures as a JSON list of objects, or nothing."""
    keys = {
        "measure": f"{ASC}measure", "value": f"{RDF}value", "min": f"{ASC}min", "max": f"{ASC}max",
        "qualifier": f"{ASC}qualifier", "unit": f"{ASC}unit", "of": f"{ASC}of", "when": f"{ASC}when",
        "where": f"{ASC}where", "series": f"{ASC}series", "role": f"{ASC}seriesRole", "asPrinted": f"{ASC}asPrinted",
    }  # fmt: skip
    found = [
        {
            key: values[0] if len(values) == 1 else values
            for key, name in keys.items()
            if (values := view.nodes.all(each, name))
        }
        for each in sorted(view.nodes.links(claim, f"{ASC}figure"), key=natural)
    ]
    return json.dumps(found, ensure_ascii=False) if found else ""


def names(predicate: str, *, other: bool = False) -> Callable[[View, str], str]:
    """Return how a cell of names is made: each with its language behind it, as in `Şuşa@az`; or the label alone."""

    def cell(view: View, node: str) -> str:
        terms = (term for term in view.nodes.terms(node, predicate) if isinstance(term, ox.Literal))
        return joined(sorted(f"{term.value}@{term.language}" for term in terms))

    return cell if other else lambda view, node: view.nodes.label(node)


def identifiers(view: View, node: str) -> str:
    """Return the identifiers of an entity in other schemes, each as scheme:value."""
    found = [
        f"{view.nodes.one(each, f'{ASC}scheme')}:{view.nodes.one(each, f'{SKOS}notation')}"
        for each in view.nodes.links(node, f"{ASC}identifier")
    ]
    return joined(sorted(found))
