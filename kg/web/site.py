"""What all pages share: the build that is served, the queries behind the pages, and names and addresses of things."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kg import vocab
from kg.web import rows
from kg.web.models import Link
from kg.web.rows import Row, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.engine import Answer, Build, Engine
    from kg.web.queries import QueryFile

_LABEL_RANKS = {
    f"{vocab.SKOS}prefLabel": 0,
    f"{vocab.RDFS}label": 1,
    f"{vocab.DCTERMS}title": 2,
    f"{vocab.ASC}text": 3,
    f"{vocab.ASC}number": 4,
}
_NUMBER = 4
_KIND_NAMES = {"reference": "footnote", "agreement": "agreement"}
_NAMELESS = ("passage", "statement", "figure")
_KEPT = 50_000  # names that are remembered
_QUESTION = (
    "",
    "# What is claimed, and by whom?",
    "SELECT ?claim ?text ?speaker WHERE {",
    "  ?claim a asc:Claim ;",
    "    asc:text ?text ;",
    "    asc:claimant ?speaker .",
    "}",
    "ORDER BY ?claim",
    "LIMIT 20",
)


@dataclass(frozen=True, slots=True)
class Label:
    """Holds the name by which a thing is shown, in its language."""

    text: str
    language: str = ""


@dataclass(slots=True)
class Site:
    """Asks the engine on behalf of pages and names what comes back; one for the life of the program."""

    engine: Engine
    pages: dict[str, QueryFile]
    examples: dict[str, QueryFile]
    _labels: dict[str, Label] = field(default_factory=dict)
    _labelled: str = ""  # digest of the build that the names are from

    def build(self) -> Build:
        """Return the build that is served now."""
        return self.engine.build()

    def text(self, page: str, this: str | None = None) -> str:
        """Return the query of a page, filled in."""
        return self.pages[page].filled(self.build().base, this)

    def rows(
        self, page: str, this: str | None = None, values: Sequence[str] = (), limit: int = 50, offset: int = 0
    ) -> tuple[Row, ...]:
        """Return the rows of a page's query."""
        text = self.pages[page].filled(self.build().base, this, values, limit, offset)
        with self.engine.query(text, reserved=True) as answer:
            return rows.read(answer.read()).rows

    def graph(self, page: str, this: str, form: str) -> Answer:
        """Return the graph of a page's query in a format by key."""
        return self.engine.query(self.text(page, this), graph=form, reserved=True)

    def editor(self, page: str, this: str | None = None) -> str:
        """Return the address of the editor with the query of a page."""
        return f"/sparql?{urlencode({'query': self.text(page, this), 'edit': '1'})}"

    def path(self, iri: str) -> str | None:
        """Return the address here of a thing of the dataset or a term of the ontology, or None for anything else."""
        base = self.build().base
        if iri.startswith(base):
            local, _, fragment = iri[len(base) :].partition("#")
            if local.split("/", 1)[0] not in (*vocab.KINDS, "network"):
                return None
            return "/" + quote(local, safe="/:@!$&'()*+,;=~") + (f"#{quote(fragment)}" if fragment else "")
        if iri.startswith((vocab.ASC, vocab.SCHEMES)):
            return f"/ontology#{quote(vocab.anchor(iri))}"
        return None

    def learn(self, iris: Iterable[str]) -> None:
        """Look up the names of things, all at once, so that `link` need not."""
        digest = self.build().digest
        if digest != self._labelled or len(self._labels) > _KEPT:
            self._labels, self._labelled = {}, digest
        labels = self._labels  # of this build: another thread may begin anew with the next one
        missing = sorted({iri for iri in iris if iri not in labels and not self._is_nameless(iri)})
        for start in range(0, len(missing), 500):
            batch = [iri for iri in missing[start : start + 500] if _is_safe(iri)]
            best: dict[str, tuple[int, bool, str, str]] = {}  # rank, whether foreign, language, name
            for row in self.rows("labels", values=batch) if batch else ():
                iri, name = row["thing"].value, row["label"]
                found = (
                    _LABEL_RANKS[row["property"].value],
                    name.language not in ("en", ""),
                    name.language,
                    name.value,
                )
                best[iri] = min(best.get(iri, found), found)
            for iri in batch:
                labels[iri] = self._named(iri, *best[iri]) if iri in best else Label(self._spoken(iri))

    def label(self, iri: str) -> Label:
        """Return the name by which a thing is shown."""
        if iri not in self._labels and not self._is_nameless(iri):
            self.learn([iri])
        return self._labels.get(iri) or Label(self._spoken(iri))

    def link(self, term: Term | str, note: str = "") -> Link:
        """Return a term as it is shown: a thing by its name and address, a literal as its text."""
        if isinstance(term, Term) and not term.is_iri:
            if term.datatype == f"{vocab.XSD}anyURI" and term.value.startswith(("http://", "https://")):
                return Link(term.value, term.value, note, external=True)
            return Link(term.value, None, note, term.language)
        iri = term.value if isinstance(term, Term) else term
        label = self.label(iri)
        href = self.path(iri)
        if href is None and iri.startswith(("http://", "https://")):
            return Link(label.text, iri, note, label.language, external=True)
        return Link(label.text, href, note, label.language if label.language != "en" else "")

    def opening(self) -> str:
        """Return the query that the empty editor opens with: the prefixes most used and a first question."""
        used = ("asc", "rdf", "skos", "dcterms", "actor", "place")
        lines = [f"PREFIX {name}: <{iri}>" for name, iri in self.build().prefixes.items() if name in used]
        return "\n".join((*lines, *_QUESTION)) + "\n"

    def kind(self, iri: str) -> str:
        """Return the kind of a thing of the dataset, as in its address."""
        return iri[len(self.build().base) :].split("/", 1)[0]

    def _is_nameless(self, iri: str) -> bool:
        """Return whether a thing is of a kind that bears no names."""
        base = self.build().base
        return iri.startswith(base) and iri[len(base) :].split("/", 1)[0] in _NAMELESS

    def _named(self, iri: str, rank: int, _foreign: bool, language: str, name: str) -> Label:
        """Return a name as a label; a bare number is said with what it numbers."""
        return Label(f"{self._word(iri)} {name}") if rank == _NUMBER else Label(name, language)

    def _word(self, iri: str) -> str:
        kind = self.kind(iri)
        return _KIND_NAMES.get(kind, kind)

    def _spoken(self, iri: str) -> str:
        """Return a readable name for a thing that has none."""
        base = self.build().base
        if iri.startswith(base):
            kind, _, rest = iri[len(base) :].partition("/")
            if kind == "passage":
                source, _, ranges = rest.rpartition("/")
                return f"{source}, {ranges.replace('_', ', ').replace('-', '–')}"
            return f"{_KIND_NAMES.get(kind, kind)} {rest}".strip()
        tail = re.split(r"[#/]", iri.rstrip("#/"))[-1]
        if iri.startswith((vocab.ASC, vocab.SCHEMES)):
            return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tail).replace("-", " ").lower()
        if any(iri.startswith(namespace) for namespace in vocab.SHARED_PREFIXES.values()):
            return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tail).lower()
        return iri


def _is_safe(iri: str) -> bool:
    return re.fullmatch(r'[^<>"{}|^`\\\x00-\x20]+', iri) is not None
