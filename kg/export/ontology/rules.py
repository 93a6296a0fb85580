"""The shapes in words: what a graph must be like, as the messages to the curator say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.publication import Nodes
from kg.vocab import RDFS, SCHEMES, SH

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = f"{SCHEMES}shape/"
_LIMITS = {"minCount": "at least {}", "maxCount": "at most {}"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds one rule: its IRI and name, how to meet it, how heavy its breach is, and what it says of which property."""

    iri: str
    anchor: str
    label: str
    message: str
    severity: str  # violation, warning or info
    path: tuple[str, ...] = ()  # IRIs, one behind the other
    limits: str = ""
    kinds: tuple[str, ...] = ()  # classes and datatypes that values must have


@dataclass(frozen=True, slots=True)
class Rules:
    """Holds the rules about one class, or about the nodes that have certain properties."""

    title: str
    anchor: str
    targets: tuple[str, ...]
    rules: tuple[Rule, ...]


def read(folder: Path) -> list[Rules]:
    """Return the rules of each file of shapes below a folder, in the order of the files' names."""
    return [found for path in sorted(folder.glob("*.ttl")) if (found := _file(path)).rules]


def _file(path: Path) -> Rules:
    nodes = Nodes((quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)), SHAPES)
    said = [node for node in nodes if nodes.terms(node, f"{SH}message") and node.startswith(SHAPES)]
    targets = {
        target
        for node in nodes
        for kind in ("targetClass", "targetSubjectsOf")
        for target in nodes.links(node, f"{SH}{kind}")
    }
    return Rules(
        path.stem, f"shape.{path.stem}", tuple(sorted(targets)), tuple(_rule(nodes, node) for node in sorted(said))
    )


def _rule(nodes: Nodes, node: str) -> Rule:
    limits = [
        text.format(nodes.one(node, f"{SH}{name}")) for name, text in _LIMITS.items() if nodes.said(node).get(SH + name)
    ]
    severity = (nodes.links(node, f"{SH}severity") or [f"{SH}Violation"])[0]
    return Rule(
        node,
        f"shape.{node.removeprefix(SHAPES)}",
        nodes.one(node, f"{RDFS}label"),
        nodes.one(node, f"{SH}message"),
        severity.removeprefix(SH).lower(),
        tuple(_path(nodes, node)),
        "exactly 1" if limits == ["at least 1", "at most 1"] else " and ".join(limits),
        tuple(each for name in ("class", "datatype") for each in nodes.links(node, f"{SH}{name}")),
    )


def _path(nodes: Nodes, node: str) -> list[str]:
    """Return the properties of a rule's path; an inverse path, which no one property names, has none."""
    found = nodes.links(node, f"{SH}path")
    if found and nodes.links(found[0], "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"):
        found = [str(each.value) for each in nodes.members(found[0]) if isinstance(each, ox.NamedNode)]
    return [each for each in found if not each.startswith("_:")]
