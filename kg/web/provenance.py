"""The chain of provenance of a claim: who says it, where it stands, and what it rests on, each as a lane of stops."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.vocab import ASC, DCTERMS, RDF
from kg.web import dates, languages
from kg.web.margin import place
from kg.web.models import Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.web.models import Card, Range
    from kg.web.rows import Row, Term
    from kg.web.site import Site

_VOICES = {"own": "in its own voice", "named": "named as the speaker", "vague": "not named by the source"}


@dataclass(frozen=True, slots=True)
class Stop:
    """Shows one stop of a chain: how it is reached, what it is, its links, and what is told of it."""

    edge: str
    kind: str
    links: tuple[Link, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """Shows one chain that begins at the claim; without stops, `missing` says what is not there."""

    name: str
    stops: tuple[Stop, ...]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Holds what a claim's provenance is told from: node → property → terms."""

    site: Site
    nodes: dict[str, dict[str, list[Term]]]

    @classmethod
    def of(cls, site: Site, found: Sequence[Row]) -> Chain:
        """Return the chain in the rows of the query `claim-chain`."""
        nodes: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in found:
            values = nodes[row["node"].value][row["property"].value]
            if row["value"] not in values:
                values.append(row["value"])
        return cls(site, nodes)

    def text(self, node: str, *names: str) -> str:
        """Return the first values of some properties of a node, with commas between."""
        found = (self.nodes.get(node, {}).get(name, ()) for name in names)
        return ", ".join(values[0].value for values in found if values)

    def links(self, node: str, name: str) -> tuple[Link, ...]:
        """Return what a property of a node names, by name."""
        shown = (self.site.link(term) for term in self.nodes.get(node, {}).get(name, ()))
        return tuple(sorted(shown, key=lambda link: link.label))

    def definition(self, iri: str) -> str:
        """Return what a term means, as its vocabulary says."""
        return self.text(iri, "http://www.w3.org/2004/02/skos/core#definition")


def lanes(chain: Chain, iris: dict[str, list[str]], card: Card, ranges: Sequence[Range]) -> tuple[Lane, ...]:
    """Return the lanes of a claim; `iris` is property → what the claim has of it, by local names."""
    evidence = tuple(_evidence(chain, iris.get("cites", [])))
    return (
        Lane("Who says it", tuple(_voices(card, iris))),
        Lane("Where it stands", tuple(_text(chain, iris, card, ranges))),
        *(evidence or (Lane("What it rests on", (), "No footnote stands at this passage."),)),
    )


def _voices(card: Card, iris: dict[str, list[str]]) -> Iterator[Stop]:
    attribution = next(iter(iris.get("attribution", ())), "").rsplit("/", 1)[-1]
    yield Stop("said by", "speaker", card.speakers, _VOICES.get(attribution, ""))
    if card.reporters:
        yield Stop("reported by", "who reports it", card.reporters)


def _text(chain: Chain, iris: dict[str, list[str]], card: Card, ranges: Sequence[Range]) -> Iterator[Stop]:
    passages = tuple(
        Link(f"page {', '.join(card.pages)}" if card.pages else "its passage", chain.site.path(iri))
        for iri in iris.get("passage", ())
    )
    if passages:
        reader = next(iter(iris.get("inSection", ())), None)
        if reader is not None:
            passages += (Link("read it in its place", place(chain.site, reader, iris["passage"][0])),)
        places = "; ".join(f"{each.start:,}–{each.end:,}" for each in ranges)
        yield Stop("stands in", "passage", passages, f"characters {places}" if places else "")
    for section in iris.get("inSection", ()):
        number = chain.text(section, f"{ASC}number")
        yield Stop("in", f"section {number}".strip(), (chain.site.link(section),), _pages(chain, section))
    for source in iris.get("inSource", ()):
        published = ", ".join(link.label for link in chain.links(source, f"{DCTERMS}publisher"))
        told = (dates.spoken(chain.text(source, f"{DCTERMS}date")), f"published by {published}" if published else "")
        yield Stop(
            "of",
            next(iter(_classes(chain, source, "Source")), "source"),
            (chain.site.link(source),),
            ", ".join(filter(None, told)),
        )
        if authors := chain.links(source, f"{DCTERMS}creator"):
            yield Stop("written by", "author" if len(authors) == 1 else "authors", authors)


def _pages(chain: Chain, section: str) -> str:
    ends = [chain.text(section, f"{ASC}{name}") for name in ("firstPage", "lastPage")]
    given = list(dict.fromkeys(filter(None, ends)))
    return f"p. {'–'.join(given)}" if given else ""


def _evidence(chain: Chain, references: Sequence[str]) -> Iterator[Lane]:
    """Yield one lane for each work that a footnote of the claim cites."""
    for reference in sorted(references, key=lambda iri: (len(iri), iri)):
        page, printed = (chain.text(reference, f"{ASC}{name}") for name in ("page", "printed"))
        told = ", ".join(filter(None, (f"p. {page}" if page else "", f"printed as “{printed}”" if printed else "")))
        note = Stop("cites", "footnote", (chain.site.link(reference),), told)
        works = chain.nodes.get(reference, {}).get(f"{ASC}citesWork", [])
        for work in sorted(works):
            yield Lane("What it rests on", (note, *_work(chain, work.value)))
        if not works:
            yield Lane("What it rests on", (note,))


def _work(chain: Chain, work: str) -> Iterator[Stop]:
    date, language = (chain.text(work, f"{DCTERMS}{name}") for name in ("date", "language"))
    told = ", ".join(filter(None, (dates.spoken(date), languages.spoken(language))))
    yield Stop("which cites", next(iter(_classes(chain, work, "Work")), "work"), (chain.site.link(work),), told)
    if authors := chain.links(work, f"{DCTERMS}creator"):
        yield Stop("by", "author" if len(authors) == 1 else "authors", authors)
    if outlets := chain.links(work, f"{ASC}outlet"):
        yield Stop("published in", "outlet", outlets)


def _classes(chain: Chain, node: str, general: str) -> list[str]:
    """Return the names of the ontology's classes of a node but for the general ones."""
    iris = {term.value for term in chain.nodes.get(node, {}).get(f"{RDF}type", [])}
    own = iris - {f"{ASC}{general}", f"{ASC}Entity"}
    return sorted(chain.site.label(iri).text for iri in own if iri.startswith(ASC))
