"""Turns the values of one curated file into one JSON-LD document: ids in full, defaults filled in, nested nodes named.

The mapping of keys to RDF is `ontology/context.jsonld` alone. What is done here is what JSON-LD cannot do: naming the
nested nodes (so that nothing published is a blank node), giving them their class, and filling in a file's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.corpus.yamlfile import Document, KeyPath

Record = dict[str, Any]
WITHDRAWN = "graph/withdrawn"  # below the base: the graph that keeps what withdrawn claims said


@dataclass(frozen=True, slots=True)
class Nested:
    """Says how the nodes below one key are named and what class they have."""

    type: str
    name: Callable[[str, Record, int], str]  # from the parent's id, the node and its position (from 1)


def _numbered(kind: str) -> Callable[[str, Record, int], str]:
    """Name a node after its claim: claim/<id> → <kind>/<id>/<n>."""
    return lambda parent, _, n: f"{kind}/{parent.split('/', 1)[1]}/{n}"


def _passage(parent: str, node: Record, _: int) -> str:
    """Name a passage by its source and offsets, so that two claims about the same words share it."""
    source = parent.split("/")[1]
    return f"passage/{source}/" + "_".join(f"{each['start']}-{each['end']}" for each in node.get("ranges", ()))


NESTED = {
    "states": Nested("Statement", _numbered("statement")),
    "figures": Nested("Figure", _numbered("figure")),
    "passage": Nested("Passage", _passage),
    "ranges": Nested("TextRange", lambda parent, _, n: f"{parent}#range-{n}"),
    "identifiers": Nested("Identifier", lambda parent, node, n: f"{parent}#{node.get('scheme', 'identifier')}-{n}"),
    "coordinates": Nested("Coordinates", lambda parent, *_: f"{parent}#coordinates"),
    "country": Nested("CountryAttribution", lambda parent, *_: f"{parent}#country"),
    "provisions": Nested("Provision", lambda _, node, __: node["id"]),
    "sections": Nested("Section", lambda _, node, __: f"section/{node['id']}"),
    "pages": Nested("Page", lambda parent, node, _: f"{parent}#page-{node['page']}"),
    "textEdition": Nested("TextEdition", lambda parent, *_: f"{parent}#text"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Says where a node is curated: its file and the path of its record in it."""

    document: Document
    path: KeyPath


@dataclass(slots=True)
class Names:
    """Maps the relative id of every record and nested node to where it is curated; repeats are kept as well."""

    places: dict[str, list[Place]] = field(default_factory=dict)

    def add(self, name: str, place: Place) -> None:
        """Note that the node with this relative id is curated at this place."""
        self.places.setdefault(name, []).append(place)


def of_entities(document: Document, names: Names) -> Iterator[Record]:
    """Yield the JSON-LD node of each entity of a file."""
    for at, record in enumerate(document.value):
        yield _node(record, record["id"], _types(record), Place(document, (at,)), names)


def of_source(document: Document, names: Names) -> Record:
    """Return the JSON-LD node of a source with its sections and pages."""
    record = document.value
    return _node(record, f"source/{record['id']}", ["Source", *_types(record)], Place(document, ()), names)


def of_references(document: Document, source: str, names: Names) -> Iterator[Record]:
    """Yield the JSON-LD node of each footnote of a source."""
    for at, record in enumerate(document.value):
        place = Place(document, (at,))
        yield _node({**record, "inSource": source}, f"reference/{record['id']}", ["Reference"], place, names)


def of_claims(document: Document, publisher: str, names: Names) -> Iterator[Record]:
    """Yield the JSON-LD node of each claim of a file, with the head's defaults and the reporter filled in.

    A claim whose speaker is not the source itself reaches the reader through the source's publisher, unless it says
    through whom. Of a claim that was withdrawn two nodes are yielded: what it was, in the graph of the withdrawn, and
    in the default graph no more than that it was withdrawn, when and why.
    """
    head = document.value
    shared = {**head.get("defaults", {}), "section": head["section"], "inSource": head["source"]}
    for at, record in enumerate(head["claims"]):
        whole = {**shared, **record}
        if whole.get("attribution") != "own" and "reportedBy" not in whole:
            whole["reportedBy"] = [publisher]
        withdrawn = whole.pop("withdrawn", None)
        name, place = f"claim/{record['id']}", Place(document, ("claims", at))
        node = _node(whole, name, ["Claim", *_types(record)], place, names)
        if withdrawn is None:
            yield node
        else:
            yield {"id": WITHDRAWN, "@graph": [node]}
            yield {"id": name, "type": ["WithdrawnClaim"], "withdrawn": withdrawn}


def _types(record: Record) -> list[str]:
    types = record["type"]
    return [types] if isinstance(types, str) else list(types)


def _node(record: Record, name: str, types: list[str], place: Place, names: Names) -> Record:
    names.add(name, place)
    node: Record = {"id": name, "type": types}
    for key, value in record.items():
        if key in ("id", "type"):
            continue
        nested = NESTED.get(key)
        if nested is None:
            node[key] = _plain(value)
        elif isinstance(value, list):
            node[key] = [
                _nested(nested, each, name, n, Place(place.document, (*place.path, key, n - 1)), names)
                for n, each in enumerate(value, 1)
            ]
        else:
            node[key] = _nested(nested, value, name, 1, Place(place.document, (*place.path, key)), names)
    return node


def _nested(nested: Nested, record: Record, parent: str, n: int, place: Place, names: Names) -> Record:
    node = _node(record, nested.name(parent, record, n), [nested.type], place, names)
    if nested.type == "TextRange":  # Web Annotation keeps the offsets on a selector of their own
        selector = {"id": f"{node['id']}-selector", "type": "oa:TextPositionSelector"}
        node["selector"] = selector | {key: node.pop(key) for key in ("start", "end")}
        node["ofText"] = parent.split("/")[1]
    return node


def _plain(value: Any) -> Any:
    """Return a value with numbers as text: the context gives each its datatype, and text keeps every digit."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
