"""What the columns, kinds, relations and codes of the data set mean: a codebook made from the ontology, for people."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.publication import DEFAULT, Nodes, key_of
from kg.export.tables import TABLES
from kg.vocab import ASC, DCTERMS, OWL, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.export.publication import Publication

_GROUPS = (  # class above, heading, what it holds
    ("Claim", "Kinds of claim", "A claim may be of several kinds."),
    ("Entity", "Kinds of entity", "What claims are about."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Explains one term: what it is called, what it means, and how often the data set uses it."""

    group: str
    term: str
    label: str
    meaning: str
    example: str
    between: str  # of a relation: what it relates
    used: int


class Codebook:
    """Gathers what each term means, in the order of its groups."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._terms = publication.terms
        self._used = Counter(
            key_of(term)
            for quad in publication.corpus
            if quad.graph_name == DEFAULT
            for term in (quad.predicate, quad.object)
        )
        self.entries = [*self._classes(), *self._relations(), *self._properties(), *self._concepts()]

    def markdown(self) -> str:
        """Return the codebook for reading: tables with their columns, then the terms."""
        dataset = self._publication.dataset
        title = f"# {dataset['title']}: codebook\n\nVersion {dataset['version']} ({dataset['issued']})."
        text = [title, str(dataset["description"]), *self._tables()]
        for group in dict.fromkeys(entry.group for entry in self.entries):
            text += [f"## {group}", *self._about(group), _table(self._heads(group), self._rows(group))]
        return "\n\n".join(text) + "\n"

    def csv(self) -> bytes:
        """Return the terms as a table, one row a term."""
        out = io.StringIO(newline="")
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow(["group", "term", "label", "meaning", "example", "between", "used"])
        rows.writerows([e.group, e.term, e.label, e.meaning, e.example, e.between, e.used] for e in self.entries)
        return out.getvalue().encode()

    def _classes(self) -> Iterator[Entry]:
        for top, group, _ in _GROUPS:
            for node in _below(self._terms, f"{ASC}{top}"):
                yield self._entry(group, node)

    def _relations(self) -> Iterator[Entry]:
        for node in sorted(node for node in self._terms if f"{ASC}Relation" in self._terms.types(node)):
            yield self._entry("Relations that claims state", node)

    def _properties(self) -> Iterator[Entry]:
        kinds = {f"{OWL}{kind}" for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
        for node in sorted(node for node in self._terms if node.startswith(ASC)):
            types = self._terms.types(node)
            if types & kinds and f"{ASC}Relation" not in types:
                yield self._entry("Properties of claims, passages and entities", node)

    def _concepts(self) -> Iterator[Entry]:
        for scheme in sorted(node for node in self._terms if f"{SKOS}ConceptScheme" in self._terms.types(node)):
            group = f"Vocabulary: {self._terms.one(scheme, f'{DCTERMS}title')}"
            for node in sorted(self._terms):
                if scheme in self._terms.links(node, f"{SKOS}inScheme"):
                    yield self._entry(group, node)

    def _entry(self, group: str, node: str) -> Entry:
        terms = self._terms
        ends = [terms.one(node, f"{RDFS}{end}") for end in ("domain", "range")]
        between = " → ".join(self._end(node, end) for end in ("domain", "range")) if any(ends) else ""
        return Entry(
            group, terms.name(node), terms.label(node), terms.one(node, f"{SKOS}definition"),
            terms.one(node, f"{SKOS}example"), between, self._used[node],
        )  # fmt: skip

    def _end(self, node: str, end: str) -> str:
        """Return what stands at one end of a relation: a class, or several of which it is one."""
        found = []
        for target in self._terms.links(node, f"{RDFS}{end}"):
            union = self._terms.links(target, f"{OWL}unionOf")
            members = [key_of(each) for each in self._terms.members(union[0])] if union else [target]
            found.append(" or ".join(self._terms.name(each).rsplit("#", 1)[-1] for each in members))
        return " and ".join(found) or "anything"

    def _tables(self) -> Iterator[str]:
        yield (
            "## Tables\n\nIds are those of the curated files. Several values in a cell are joined by `|`. The files "
            "are UTF-8, with commas: where a spreadsheet shows names such as Şuşa garbled, import them as such (in "
            "Excel: Data, From Text/CSV, file origin 65001)."
        )
        for table in TABLES:
            rows = [
                [f"`{column.name}`", column.about, column.datatype, _code(column.property)] for column in table.columns
            ]
            yield f"### {table.name}.csv\n\n{table.about}\n\n{_table(['column', 'meaning', 'type', 'read from'], rows)}"

    def _about(self, group: str) -> list[str]:
        told = [text for _, name, text in _GROUPS if name == group]
        schemes = (node for node in self._terms if f"Vocabulary: {self._terms.one(node, f'{DCTERMS}title')}" == group)
        return told or [self._terms.one(node, f"{DCTERMS}description") for node in schemes]

    def _heads(self, group: str) -> list[str]:
        between = ["between"] if any(entry.between for entry in self.entries if entry.group == group) else []
        return ["code", "name", "meaning", *between, "used"]

    def _rows(self, group: str) -> list[list[str]]:
        rows = []
        for entry in self.entries:
            if entry.group == group:
                meaning = entry.meaning + (f" Example: {entry.example}" if entry.example else "")
                between = [entry.between] if "between" in self._heads(group) else []
                rows.append([f"`{entry.term}`", entry.label, meaning, *between, f"{entry.used:,}"])
        return rows


def _below(terms: Nodes, top: str) -> list[str]:
    """Return the classes below a class, in the order of their names."""
    found = {top}
    while new := {node for node in terms if found.intersection(terms.links(node, f"{RDFS}subClassOf"))} - found:
        found |= new
    return sorted(node for node in found - {top} if node.startswith(ASC))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
