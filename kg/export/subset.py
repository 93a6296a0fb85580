"""A part of the graph that stands by itself: some claims with their passages, footnotes, speakers and entities."""

from __future__ import annotations

import datetime
import difflib
from collections import deque
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from kg.corpus.derive import day_bounds
from kg.errors import UsageError
from kg.export.publication import DEFAULT, TYPE, Nodes, key_of
from kg.vocab import ASC, RDFS, SCHEMES, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyoxigraph as ox

    from kg.export.publication import Publication

_DATED = (f"{ASC}states", f"{ASC}figure")
_EXPLAINING = (TYPE, f"{RDFS}label", f"{SKOS}definition", f"{RDFS}isDefinedBy")
_NEAR = 3  # names that are offered for one that is not known
_FEW = 4  # names that are told whole where none is near


@dataclass(frozen=True, slots=True)
class Selection:
    """Says which claims are wanted: those that fit one value of every field that has values."""

    about: tuple[str, ...] = ()  # ids of entities, topics and places, with their kind
    speaker: tuple[str, ...] = ()  # ids of actors, with their kind
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()  # with the sections inside
    kind: tuple[str, ...] = ()  # classes of claims: FigureClaim
    claim: tuple[str, ...] = ()
    since: str | None = None  # EDTF dates: what is dated, and not over before
    until: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        told = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ", ".join(
            f"{name} {value if isinstance(value, str) else ' or '.join(value)}" for name, value in told if value
        )


def select(publication: Publication, selection: Selection) -> Publication:
    """Return the part of a publication that a selection asks for, with all that its claims refer to.

    Links from its claims to claims outside are left out, so that everything named in it is described in it. Raises
    UsageError for names that the data set does not have, with near ones, and when no claim fits.
    """
    nodes = publication.nodes
    every = nodes.of_type("Claim")
    tests = dict(_tests(nodes, selection))
    claims = [claim for claim in every if all(test(claim) for test in tests.values())]
    if not claims:
        raise UsageError(f"No claim fits all of this: {selection}. {_alone(every, tests)}")
    kept = _closure(nodes, claims)
    known = frozenset([*every, *nodes.of_type("WithdrawnClaim")])
    corpus = tuple(_corpus(publication.corpus, kept, frozenset(claims), known))
    note = f"A part of the data set, {len(claims):,} of its {len(every):,} claims: {selection}. "
    note += "Links to claims that are not among them are left out."
    return replace(
        publication, corpus=corpus, ontology=tuple(_meanings(publication, corpus)), inferred=(), note=note
    )  # fmt: skip


def _alone(claims: Sequence[str], tests: dict[str, Callable[[str], bool]]) -> str:
    """Return how many claims fit each of some tests that none fits together, so that one is left out or widened."""
    counts = ", ".join(f"{sum(map(test, claims)):,} fit {name}" for name, test in tests.items())
    return f"Of its {len(claims):,} claims, {counts}: leave one out, or ask for more of it."


def _tests(nodes: Nodes, selection: Selection) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """Yield what a claim must fulfil, by the name of what is asked for: one test each, the dates together."""
    base = nodes.base
    if selection.about:
        wanted = _known(
            selection.about, nodes, base, ("actor", "place", "agreement", "event", "thing", "topic", "work")
        )
        yield "about", _linked(nodes, ("about", "topic", "where"), wanted)
    if selection.speaker:
        speakers = {each for claim in nodes.of_type("Claim") for each in nodes.links(claim, f"{ASC}claimant")}
        wanted = _among(selection.speaker, {node[len(base) :]: node for node in speakers}, "speaker")
        yield "speaker", _linked(nodes, ("claimant",), wanted)
    if selection.source:
        sources = _known(selection.source, nodes, f"{base}source/", ("",), "Source")
        yield "source", _linked(nodes, ("inSource",), sources)
    if selection.section:
        sections = _known(selection.section, nodes, f"{base}section/", ("",), "Section")
        yield "section", _linked(nodes, ("inSection",), _with_subsections(nodes, sections))
    if selection.claim:
        chosen = _known(selection.claim, nodes, f"{base}claim/", ("",), "Claim")
        yield "claim", lambda claim: claim in chosen
    if selection.kind:
        kinds = {each[len(ASC) :]: each for claim in nodes.of_type("Claim") for each in nodes.types(claim)}
        classes = _among(selection.kind, kinds, "kind of claim")
        yield "kind", lambda claim: bool(nodes.types(claim) & classes)
    if selection.since or selection.until:
        first, last = _day(selection.since, 0), _day(selection.until, 1)
        if first > last:
            raise UsageError(f"since {selection.since} is after until {selection.until}. Give the earlier date first.")
        name = " and ".join(each for each in ("since", "until") if getattr(selection, each))
        yield name, lambda claim: any(start <= last and end >= first for start, end in _dates(nodes, claim))


def _linked(nodes: Nodes, names: Iterable[str], wanted: set[str]) -> Callable[[str], bool]:
    links = [f"{ASC}{name}" for name in names]
    return lambda claim: any(wanted.intersection(nodes.links(claim, link)) for link in links)


def _known(ids: Iterable[str], nodes: Nodes, start: str, kinds: tuple[str, ...], type_: str = "") -> set[str]:
    """Return the nodes that ids name; `start` is put before an id, which must be of one of some kinds."""
    names = {
        node[len(start) :]: node
        for node in nodes
        if node.startswith(start) and "#" not in node and node[len(start) :].startswith(kinds)
        and (not type_ or f"{ASC}{type_}" in nodes.types(node))
    }  # fmt: skip
    return _among(ids, names, type_.lower() or "entity")


def _among(ids: Iterable[str], names: dict[str, str], what: str) -> set[str]:
    for each in ids:
        if each not in names:
            last = each.rsplit("/", 1)[-1].lower()
            same = [name for name in sorted(names) if name.rsplit("/", 1)[-1].lower() == last]
            near = same or difflib.get_close_matches(each, sorted(names), _NEAR, 0.5)
            there = " and ".join(sorted(names)) if len(names) <= _FEW else f"{len(names):,} of that kind"
            hint = f"Did you mean {' or '.join(near[:_NEAR])}?" if near else f"It has {there}."
            raise UsageError(f"The data set has no {what} {each}. {hint}")
    return {names[each] for each in ids}


def _with_subsections(nodes: Nodes, sections: set[str]) -> set[str]:
    found = set(sections)
    every = nodes.of_type("Section")
    while new := {each for each in every if found.intersection(nodes.links(each, f"{ASC}subsectionOf"))} - found:
        found |= new
    return found


def _day(text: str | None, end: int) -> datetime.date:
    """Return the first day (end 0) or the last day (end 1) that a date may mean; the far past or future for none."""
    open_ = (datetime.date.min, datetime.date.max)[end]
    if not text:
        return open_
    bounds = day_bounds(text)
    if bounds is None:
        raise UsageError(f"{text!r} is no date. Write 2021, 2021-06, 2021-06-12 or another EDTF date.")
    return bounds[end] or open_


def _dates(nodes: Nodes, claim: str) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Yield the first and the last day of each date that a claim, its statements and its figures have."""
    for node in (claim, *(each for link in _DATED for each in nodes.links(claim, link))):
        if nodes.terms(node, f"{ASC}when"):
            start, end = nodes.one(node, f"{ASC}earliest"), nodes.one(node, f"{ASC}latest")
            yield (
                datetime.date.fromisoformat(start) if start else datetime.date.min,
                datetime.date.fromisoformat(end) if end else datetime.date.max,
            )


def _closure(nodes: Nodes, claims: list[str]) -> set[str]:
    """Return claims and all nodes that they lead to, other claims aside."""
    kept, waiting = set(claims), deque(claims)
    others = f"{nodes.base}claim/"
    while waiting:
        node = waiting.popleft()
        for predicate in nodes.said(node):
            for target in nodes.links(node, predicate):
                if target not in kept and target in nodes and not target.startswith(others):
                    kept.add(target)
                    waiting.append(target)
    return kept


def _corpus(
    quads: Iterable[ox.Quad], kept: set[str], claims: frozenset[str], known: frozenset[str]
) -> Iterator[ox.Quad]:
    for quad in quads:
        if quad.graph_name != DEFAULT:
            if str(quad.graph_name).strip("<>").removesuffix("#assertion") in claims:
                yield quad
        elif key_of(quad.subject) in kept:
            target = key_of(quad.object)
            if target not in known or target in claims:
                yield quad


def _meanings(publication: Publication, corpus: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what the concepts are that a part of the corpus uses, and what its classes and relations mean."""
    used = {key_of(term) for quad in corpus for term in (quad.predicate, quad.object)}
    waiting = deque(used)
    while waiting:
        for link in ("inScheme", "broader"):
            for target in publication.terms.links(waiting[0], f"{SKOS}{link}"):
                if target not in used:
                    used.add(target)
                    waiting.append(target)
        waiting.popleft()
    for quad in publication.ontology:
        subject = key_of(quad.subject)
        wanted = subject.startswith(SCHEMES) or (subject.startswith(ASC) and quad.predicate.value in _EXPLAINING)
        if subject in used and wanted:
            yield quad
