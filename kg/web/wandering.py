"""Reads what an address of the graph page asks for, and writes the addresses of the views beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kg.errors import UsageError
from kg.network import PROJECTIONS
from kg.network.asking import Asked
from kg.network.walking import State
from kg.store.networks import MEASURES, Edge, Networks
from kg.vocab import ASC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store.networks import Thing

SINGLE = ("net", "by", "count", "since", "until", "from", "to", "find", "node", "edge")
SEVERAL = ("start", "expand", "hide", "relation", "speaker")
USUAL = {"net": "relations", "by": "degree", "count": "40"}
_STEPS = 60  # values of one parameter
_COUNT = (5, 100)


@dataclass(frozen=True, slots=True)
class Given:
    """Holds the parameters of an address, what is usual left out."""

    values: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Return the value of a parameter, or what is usual."""
        found = self.values.get(name)
        return found[0] if found else USUAL.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a parameter that may be given several times."""
        return self.values.get(name, ())

    def href(self, path: str = "/graph", /, **changes: str | Sequence[str] | None) -> str:
        """Return the address with some parameters changed; None or an empty text leaves one out."""
        values: dict[str, Sequence[str]] = dict(self.values)
        for name, value in changes.items():
            key = name.rstrip("_")
            values[key] = (value,) if isinstance(value, str) and value else value or ()
        pairs = [
            (name, each)
            for name in (*SINGLE, *SEVERAL)
            for each in values.get(name, ())
            if each and USUAL.get(name) != each
        ]
        return f"{path}?{urlencode(pairs, safe='/:~')}" if pairs else path

    def more(self, name: str, value: str) -> str:
        """Return the address with one more value of a parameter."""
        values: dict[str, str | Sequence[str] | None] = {
            name: (*(each for each in self.all(name) if each != value), value)
        }
        return self.href(**values)


def given(arguments: Mapping[str, Sequence[str]]) -> Given:
    """Return the parameters of a request; raises UsageError where one has too many values."""
    values = {}
    for name in (*SINGLE, *SEVERAL):
        found = tuple(dict.fromkeys(each.strip() for each in arguments.get(name, ()) if each.strip()))
        if len(found) > (_STEPS if name in SEVERAL else 1):
            raise UsageError(f"{name} is given {len(found)} times: give it fewer times.")
        if found and found != (USUAL.get(name),):
            values[name] = found
    return Given(values)


def state(read: Networks, asked: Given) -> State:
    """Return the state of the view; raises UsageError for a name or number that is none."""
    network, by = asked.one("net"), asked.one("by")
    if network not in PROJECTIONS:
        raise UsageError(f"There is no network “{network}”. There are: {', '.join(PROJECTIONS)}.")
    measure = next((each for each in MEASURES if each == by), None)
    if measure is None:
        raise UsageError(f"Nothing is measured as “{by}”. Measures are: {', '.join(MEASURES)}.")
    count = _number(asked, "count", *_COUNT) or _COUNT[0]
    since, until = _number(asked, "since", 0, 9999), _number(asked, "until", 0, 9999)
    wanted = Asked((), asked.all("speaker"), asked.all("relation"), since, until).filter(read, network)
    expanded = tuple((key, kind) for key, _, kind in (each.partition(":") for each in asked.all("expand")))
    ends = (end(read, asked.one("from")), end(read, asked.one("to")))
    starts = asked.all("start")
    known = read.things(starts)
    if missing := [key for key in starts if key not in known]:
        raise UsageError(f"There is nothing called “{missing[0]}”. Search for a thing by its name.")
    path = (ends[0], ends[1]) if ends[0] and ends[1] else None
    return State(network, measure, count, starts, expanded, frozenset(asked.all("hide")), path, wanted)


def _number(asked: Given, name: str, least: int, most: int) -> int | None:
    text = asked.one(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UsageError(f"{name} is a number from {least} to {most}, not “{text}”.")
    return int(text)


def end(read: Networks, text: str) -> str:
    """Return the key of the thing that a reader named as an end of a path, by its key or by words of its name.

    It is empty where the text is. Raises UsageError where nothing is called so.
    """
    if not text or text in read.things([text]):
        return text
    found = best(read.find(text, 20), text)
    if found is None:
        raise UsageError(f"Nothing is called “{text}”. Try fewer words, or the beginning of one.")
    return found.key


def best(found: Sequence[Thing], text: str) -> Thing | None:
    """Return the thing of just this name, else the first that was found."""
    return next((thing for thing in found if thing.label.casefold() == text.casefold()), None) or next(
        iter(found), None
    )


def name_of(edge: Edge) -> str:
    """Return how addresses name an edge."""
    return "~".join((edge.source, edge.relation.removeprefix(ASC), edge.status, edge.target))


def named(edges: Sequence[Edge], name: str) -> Edge | None:
    """Return the edge of this name."""
    return next((edge for edge in edges if name_of(edge) == name), None)
