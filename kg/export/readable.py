"""The graph as a reader opens it: Turtle, whole and in parts, and TriG with each claim's assertion graph behind it."""

from __future__ import annotations

import hashlib
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.parts import parts
from kg.export.publication import Nodes, natural
from kg.export.rdf import nquads
from kg.export.turtle import Names, Writer, enclosed, heading, remark
from kg.vocab import ASC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.parts import Part
    from kg.export.publication import Publication

_REMARK = 72  # characters of a claim's text behind a link to it
_ADDED = {
    "inferred": "What follows from the graph by the rules of the ontology; no source says it",
    "network": "What is computed of the networks of the claims",
}


@dataclass(frozen=True, slots=True)
class _Written:
    """Holds a part as text: its sections with their titles, their paragraphs by their first node, the prefixes used."""

    part: Part
    sections: list[tuple[str, list[tuple[str, str]]]]
    used: frozenset[str]

    @property
    def text(self) -> str:
        return "\n".join(f"{heading(title)}\n" + "\n".join(text for _, text in rows) for title, rows in self.sections)


class Readable:
    """Writes a publication for readers; each paragraph is written once, whatever the files it goes into."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._remarks = _Remarks(publication)
        self._written = [self._write(part) for part in parts(publication)]

    def turtle(self) -> dict[str, str]:
        """Return the graph as Turtle, whole and in its parts, by the name of the file without its suffix.

        The whole is made of the parts; what is inferred stands in a file of its own. Formats without graphs have no
        assertion graphs: what claims state is on their statement nodes.
        """
        name = str(self._publication.dataset["id"])
        files = {name: self._file("A part of the graph" if self._publication.note else "The graph", self._written)}
        files |= {each.part.key: self._file(each.part.title, [each]) for each in self._written}
        for key, quads in self._added().items():
            writer = Writer(Nodes(quads, self._publication.base))
            text = "\n".join(writer.block(node) for node in sorted(writer.nodes, key=natural))
            files[key] = f"{opening(self._publication, _ADDED[key], writer.names)}\n{text}"
        return files

    def trig(self) -> str:
        """Return the graph with its graphs as TriG: each claim's assertion graph stands behind the claim."""
        graphs = by_graph(self._publication)
        names = Names(self._publication.base)
        texts: list[str] = []
        for written in self._written:
            names.used |= written.used
            if written.part.of_terms:
                texts.append(enclosed(names.iri(self._publication.ontology_graph.value), written.text))
                continue
            for title, rows in written.sections:
                texts.append(heading(title))
                for node, text in rows:
                    name = f"{node}#assertion"
                    texts.append(text + (self._graph(name, graphs.pop(name), names) if name in graphs else ""))
        name = self._publication.withdrawn_graph.value
        if name in graphs:
            texts.append(heading("What the withdrawn claims said, as it was; it is claimed no more"))
            texts.append(self._graph(name, graphs.pop(name), names))
        if graphs:
            texts.append(heading("What the program adds: what follows, and what is computed; no source says it"))
        texts += [self._graph(name, graphs[name], names) for name in sorted(graphs, key=natural)]
        title = "A part of the graph, with its graphs" if self._publication.note else "The graph with its graphs"
        return "\n".join([opening(self._publication, title, names), *texts])

    def digests(self) -> dict[str, str]:
        """Return the RDFC-1.0 digest of the whole and of each part, by the name of the file without its suffix."""
        home = {
            node: written.part.key
            for written in self._written
            for section in written.part.sections
            for paragraph in section.paragraphs
            for node in paragraph
        }
        lines: dict[str, list[bytes]] = {written.part.key: [] for written in self._written}
        canonical = nquads(self._publication.triples())
        for line in canonical.splitlines(keepends=True):
            subject = line[: line.index(b" ")].decode()
            lines["ontology" if subject.startswith("_:") else home[subject[1:-1]]].append(
                line
            )  # OWL alone has blank nodes
        found = {key: hashlib.sha256(b"".join(each)).hexdigest() for key, each in lines.items()}
        for key, quads in self._added().items():
            found[key] = hashlib.sha256(nquads(ox.Quad(*quad.triple) for quad in quads)).hexdigest()
        return {str(self._publication.dataset["id"]): hashlib.sha256(canonical).hexdigest()} | found

    def _added(self) -> dict[str, list[ox.Quad]]:
        """Return what the program added to the default graph of queries, by the name of its graph."""
        graphs = by_graph(self._publication)
        found = {key: graphs.get(f"{self._publication.base}graph/{key}", []) for key in _ADDED}
        return {key: quads for key, quads in found.items() if quads}

    def _write(self, part: Part) -> _Written:
        names = Names(self._publication.base)
        nodes = self._publication.terms if part.of_terms else self._publication.nodes
        writer = Writer(nodes, names, self._remarks)
        sections = [
            (section.title, [(nodes[0], "".join(writer.block(node) for node in nodes)) for nodes in section.paragraphs])
            for section in part.sections
            if section.paragraphs
        ]
        return _Written(part, sections, frozenset(names.used))

    def _graph(self, name: str, quads: Sequence[ox.Quad], names: Names) -> str:
        writer = Writer(Nodes(quads, self._publication.base), names, self._remarks)
        return writer.graph(name, sorted(writer.nodes, key=natural))

    def _file(self, title: str, written: Sequence[_Written]) -> str:
        names = Names(self._publication.base)
        names.used |= frozenset[str]().union(*(each.used for each in written))
        return "\n".join([opening(self._publication, title, names), *(each.text for each in written)])


def opening(publication: Publication, title: str, names: Names) -> str:
    """Return what opens a file: of which data set and version it is, under which licence, and its prefixes."""
    dataset = publication.dataset
    lines = [f"{dataset['title']}, version {dataset['version']} ({dataset['issued']}). {title}.", ""]
    lines += [publication.note, ""] if publication.note else []
    lines += [str(dataset["description"]), "", f"Licence: {dataset['license']}"]
    return "".join(remark(line) for line in lines) + "\n" + names.header()


def by_graph(publication: Publication) -> dict[str, list[ox.Quad]]:
    """Return the quads of all graphs but the default one, by the name of their graph."""
    found: dict[str, list[ox.Quad]] = {}
    for quad in (*publication.corpus, *publication.inferred):
        if isinstance(quad.graph_name, ox.NamedNode):
            found.setdefault(quad.graph_name.value, []).append(quad)
    return found


class _Remarks:
    """Says in a few words what stands behind a link whose name does not tell: a claim, a footnote."""

    def __init__(self, publication: Publication) -> None:
        self._nodes = publication.nodes
        self._claims, self._notes = (f"{publication.base}{kind}/" for kind in ("claim", "reference"))

    def __call__(self, node: str) -> str:
        if node.startswith(self._claims) and "#" not in node:
            return textwrap.shorten(self._nodes.one(node, f"{ASC}text"), _REMARK, placeholder=" …")
        if node.startswith(self._notes):
            works = self._nodes.links(node, f"{ASC}citesWork")
            label = "; ".join(self._nodes.label(work) for work in works)
            return textwrap.shorten(f"footnote {self._nodes.one(node, f'{ASC}number')}: {label}", 96, placeholder=" …")
        return ""
