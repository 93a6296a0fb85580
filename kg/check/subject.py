"""What is checked: a server, the release behind it, what that says of itself, and some things of each kind."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import build
from kg.check import visiting
from kg.export.description import Description
from kg.export.publication import natural
from kg.vocab import ASC, KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from kg.check.visiting import Answer
    from kg.config import Config
    from kg.export.publication import Publication

HTML = "text/html"
_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@dataclass
class Subject:
    """Answers what checks ask about a build that is served at `root`."""

    root: str
    folder: Path
    publication: Publication = field(repr=False)

    @classmethod
    def of(cls, config: Config, root: str) -> Subject:
        """Return the current build of a project, which is served at `root`."""
        return cls(root, build.released(config), build.published(config))

    @property
    def description(self) -> Description:
        """Return what `data/dataset.yaml` says."""
        return Description(self.publication.dataset)

    @property
    def base(self) -> str:
        """Return the IRI of the data set."""
        return self.publication.base

    def local(self, iri: str) -> str:
        """Return the address on the server of what has a permanent IRI, or the IRI itself where it is not ours."""
        if iri.startswith(self.base):
            return f"{self.root}/{iri[len(self.base) :]}"
        names = ASC.rstrip("#")
        return f"{self.root}/ns{iri[len(names) :]}" if iri.startswith(names) else iri

    def get(self, iri: str, accept: str = HTML) -> Answer:
        """Return the server's answer for an IRI, whatever redirects there are on the way."""
        return visiting.follow(self.local(iri).partition("#")[0], accept)

    @cached_property
    def things(self) -> dict[str, list[str]]:
        """Return for each kind of thing the IRIs of the first, one in the middle and the last."""
        found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for node in self.publication.nodes:
            kind = node.removeprefix(self.base).split("/", 1)[0]
            if kind in found and "#" not in node:
                found[kind].append(node)
        ordered = {kind: sorted(nodes, key=natural) for kind, nodes in found.items() if nodes}
        return {
            kind: list(dict.fromkeys((nodes[0], nodes[len(nodes) // 2], nodes[-1]))) for kind, nodes in ordered.items()
        }

    @cached_property
    def landing(self) -> Answer:
        """Return the page of the data set."""
        return self.get(self.base)

    @cached_property
    def described(self) -> ox.Store:
        """Return the description that the server gives; empty where it gives none."""
        answer = visiting.get(f"{self.root}/.well-known/void", "text/turtle")
        store = ox.Store()
        if answer.status == 200 and answer.media == "text/turtle":
            store.load(answer.body, format=ox.RdfFormat.TURTLE)
        return store

    @cached_property
    def crate(self) -> dict[str, dict[str, Any]]:
        """Return the entities of the release's RO-Crate by their identifiers; none where there is no crate."""
        path = self.folder / "ro-crate-metadata.json"
        document = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"@graph": []}
        return {each["@id"]: each for each in document["@graph"]}

    def said(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a property in the description."""
        quads = self.described.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return sorted(str(getattr(quad.object, "value", "")) for quad in quads)


def embedded(answer: Answer) -> list[dict[str, Any]]:
    """Return the JSON-LD that stands in a page."""
    return [json.loads(text) for text in _SCRIPT.findall(answer.body.decode("utf-8", "replace"))]
