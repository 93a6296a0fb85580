"""Reads who speaks of a thing, in which words that frame, and what is claimed by kind: all counted on bitsets."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import lines
from kg.store.choice import Asked, Choice
from kg.web import menus
from kg.web.choosing import View
from kg.web.models import Link
from kg.web.queries import prologue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.facets import Facets, Value
    from kg.web.site import Site

Where = Mapping[str, tuple[str, ...]]  # facet → keys
_ALL = Choice()
_SPEAKERS, _FRAMINGS = 8, 5  # that are shown, of a thing and of a speaker
_NAMED = 4  # speakers that a group of claims names
_EACH, _WHOLE = 3, 8  # claims of a group; a thing with so many at most shows them all


@dataclass(frozen=True, slots=True)
class Voice:
    """Shows who speaks of a thing: how often, through whom, and in which loaded terms; the links count claims."""

    speaker: Link
    count: Link
    reporters: tuple[Link, ...]
    framings: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Shows the claims of one kind: how many, by whom, and some of them; `above` of them stand in groups before."""

    name: str
    count: int
    href: str
    counted: str  # address of the query that counts them
    speakers: tuple[Link, ...]
    numbers: tuple[int, ...]
    above: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """Shows the claims that have one value of a facet, such as those about a thing, or those by a speaker."""

    total: int
    href: str
    counted: str
    table: str  # address of them as CSV
    speakers: int
    speakers_counted: str  # address of the query that counts these
    voices: tuple[Voice, ...]
    framed: tuple[Link, ...]  # loaded terms of all of them
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """Shows what one speaker says: by kind, in how many claims in its own voice, through whom, about what."""

    total: int
    href: str
    counted: str
    table: str
    kinds: tuple[Link, ...]
    modalities: tuple[Link, ...]
    voices: tuple[Link, ...]
    about: tuple[Link, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """Shows the claims that have a thing in one role, neither as what they are about nor as their speaker."""

    name: str  # the facet
    total: int
    href: str
    counted: str
    table: str
    numbers: tuple[int, ...]


def spoken(site: Site, facets: Facets, facet: str, key: str) -> Spoken:
    """Return what is said with one value of a facet: about a thing, a place, a topic."""
    here: Where = {facet: (key,)}
    bits = facets.chosen(Choice(values=here))
    speakers = facets.counts(_ALL, "speaker", _SPEAKERS, among=bits).values
    said = {each.key: facets.chosen(Choice(values={"speaker": (each.key,)})) & bits for each in speakers}
    detail = {
        each.key: tuple(
            facets.counts(_ALL, name, limit, among=said[each.key]).values
            for name, limit in (("reporter", 2), ("framing", _FRAMINGS))
        )
        for each in speakers
    }
    kinds = facets.counts(_ALL, "kind", None, among=bits).values
    framed = facets.counts(_ALL, "framing", _FRAMINGS, among=bits).values
    _learn(site, speakers, kinds, framed, *(found for each in detail.values() for found in each))
    voices = []
    for each in speakers:
        reporters, framings = detail[each.key]
        where = {**here, "speaker": (each.key,)}
        voices.append(
            Voice(
                site.link(each.iri),
                Link(f"{each.count:,}", _claims(where)),
                tuple(site.link(reporter.iri) for reporter in reporters),
                _links(site, framings, "framing", where),
            )
        )
    return Spoken(
        bits.bit_count(),
        _claims(here),
        _counted(here),
        _table(here),
        len(facets.counts(_ALL, "speaker", None, among=bits).values),
        _several(site, facets, here, "speaker"),
        tuple(voices),
        _links(site, framed, "framing", here),
        tuple(_groups(site, facets, here, bits, kinds)),
    )


def _groups(site: Site, facets: Facets, here: Where, bits: int, kinds: Sequence[Value]) -> Iterable[Group]:
    """Yield the groups of claims by kind, each claim in the first one only."""
    shown = 0  # the bitset of what stands above
    each_shows = _WHOLE if bits.bit_count() <= _WHOLE else _EACH
    for kind in kinds:
        where = {**here, "kind": (kind.key,)}
        inside = facets.chosen(Choice(values={"kind": (kind.key,)})) & bits
        speakers = facets.counts(_ALL, "speaker", _NAMED, among=inside).values
        _learn(site, speakers)
        numbers = _in_turns(facets, inside & ~shown, "speaker", speakers, each_shows)
        above = (inside & shown).bit_count()
        shown |= lines.bits(set(numbers))
        yield Group(
            _plural(site.label(kind.iri).text),
            kind.count,
            _claims(where),
            _counted(where),
            _links(site, speakers, "speaker", where),
            numbers,
            above,
        )


def _in_turns(facets: Facets, bits: int, name: str, values: Sequence[Value], limit: int) -> tuple[int, ...]:
    """Return the first claims of a bitset, one of each value of a facet before a second, in the order of the text."""
    by_value = [list(lines.first(bits & facets.chosen(Choice(values={name: (each.key,)})), limit)) for each in values]
    turns = [number for row in range(limit) for each in by_value for number in each[row : row + 1]]
    return tuple(sorted(list(dict.fromkeys(turns))[:limit]))


def speech(site: Site, facets: Facets, key: str) -> Speech | None:
    """Return what an actor says, or None where no claim is by it."""
    here: Where = {"speaker": (key,)}
    if not facets.known("speaker", key):
        return None
    bits = facets.chosen(Choice(values=here))
    names = {"kind": None, "modality": None, "attribution": None, "reporter": 4, "about": 6, "place": 3, "topic": 3}
    found = {name: facets.counts(_ALL, name, limit, among=bits).values for name, limit in names.items()}
    _learn(site, *found.values())
    own = [each for each in found["attribution"] if each.key == "own"]
    voices = [Link("in its own voice", _claims({**here, "attribution": ("own",)}), f"{own[0].count:,}")] if own else []
    voices += [
        Link(f"through {site.label(each.iri).text}", _claims({**here, "reporter": (each.key,)}), f"{each.count:,}")
        for each in found["reporter"]
    ]
    targets = sorted(
        ((each, name) for name in ("about", "place", "topic") for each in found[name] if each.key != key),
        key=lambda pair: -pair[0].count,
    )
    return Speech(
        bits.bit_count(),
        _claims(here),
        _counted(here),
        _table(here),
        _links(site, found["kind"], "kind", here, plural=True),
        _links(site, found["modality"], "modality", here),
        tuple(voices),
        tuple(link for each, name in targets for link in _links(site, (each,), name, here)),
        _in_turns(facets, bits, "kind", found["kind"], _EACH + 1),
    )


def role(facets: Facets, name: str, key: str) -> Role | None:
    """Return the claims that have a thing in one more role, which is a facet, or None where there are none."""
    here: Where = {name: (key,)}
    bits = facets.chosen(Choice(values=here))
    if not bits:
        return None
    return Role(name, bits.bit_count(), _claims(here), _counted(here), _table(here), tuple(lines.first(bits, _EACH)))


def iris(site: Site, numbers: Iterable[int]) -> dict[int, str]:
    """Return claim number → IRI."""
    with closing(lines.opened(site.build().search)) as connection:
        return {number: line.iri for number, line in lines.read(connection, numbers).items()}


def _learn(site: Site, *found: Iterable[Value]) -> None:
    site.learn(value.iri for each in found for value in each if value.iri)


def _links(
    site: Site,
    found: Iterable[Value],
    name: str = "",
    here: Where | None = None,
    *,
    plural: bool = False,
) -> tuple[Link, ...]:
    """Return values with their counts: to the claims with them where `here` says among which, else to the thing."""
    links = []
    for value in found:
        label = site.label(value.iri)
        href = _claims({**here, name: (value.key,)}) if here is not None else site.path(value.iri)
        text = _plural(label.text) if plural else label.text
        language = label.language if label.language != "en" else ""
        links.append(Link(text, href, f"{value.count:,}", language))
    return tuple(links)


def _plural(kind: str) -> str:
    return f"{kind}s" if kind.endswith("claim") else kind


def _claims(values: Where) -> str:
    return View(Choice(values=values)).href()


def _counted(values: Where) -> str:
    return View(Choice(values=values)).href("/claims/query")


def _table(values: Where) -> str:
    return View(Choice(values=values)).href("/claims.csv")


def _several(site: Site, facets: Facets, values: Where, name: str) -> str:
    """Return the address of the query that counts how many values of a facet the claims have."""
    base = site.build().base
    text = Asked(Choice(values=values), base, facets.iri).several(name)
    return menus.editor(prologue(text, base) + text)
