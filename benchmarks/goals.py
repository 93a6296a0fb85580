"""The goals for the endpoint's speed, and whether what was measured reaches them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.crowds import CLIENTS
from benchmarks.peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Found = dict[str, Any]  # what was measured of one peer on one corpus
TITLES = {peer.name: peer.title for peer in PEERS}
OURS, LIMIT, NATIVE, RDFLIB = "ascribe", "pyoxigraph", ("oxigraph", "virtuoso"), "rdflib"


@dataclass(frozen=True, slots=True)
class Goal:
    """Holds what was to be reached on one corpus, what was, and whether that is enough (None: not measured)."""

    key: str
    text: str
    corpus: str
    reached: bool | None
    told: str


def geometric(peers: dict[str, Found], slow: str, fast: str) -> tuple[float | None, int]:
    """Return the geometric mean of slow's uncached p50 over fast's, and how many are bounds only.

    A query that ran out of time counts with that time, one that failed otherwise not at all.
    """
    logarithms, bounds = [], 0
    for name, found in peers.get(fast, {}).get("queries", {}).items():
        other = peers.get(slow, {}).get("queries", {}).get(name, {})
        theirs = percentile(other["cold"], 50) if other.get("cold") else other.get("overdue")
        if found.get("cold") and theirs:
            bounds += not other.get("cold")
            logarithms.append(math.log(theirs / percentile(found["cold"], 50)))
    return (math.exp(sum(logarithms) / len(logarithms)) if logarithms else None), bounds


def goals(results: dict[str, dict[str, Found]]) -> list[Goal]:
    """Return each goal on each corpus with what was reached."""
    judges: tuple[Callable[[str, dict[str, Found]], Iterable[Goal]], ...] = (_limit, _ratio, _mix, _look_ups, _resident)
    return [goal for judge in judges for corpus, peers in results.items() for goal in judge(corpus, peers)]


def _limit(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    text = "uncached p50 within 1.15 × pyoxigraph in process + 2 ms, every query"
    ours, limit = (peers.get(peer, {}).get("queries", {}) for peer in (OURS, LIMIT))
    over = {}
    for name, other in limit.items():
        if other.get("cold"):
            allowed = 1.15 * percentile(other["cold"], 50) + 0.002
            own = percentile(ours[name]["cold"], 50) if ours.get(name, {}).get("cold") else math.inf
            over[name] = (own - allowed, f"{milliseconds(own)} ms where {milliseconds(allowed)} ms are allowed")
    if not ours or not over:
        yield Goal("limit", text, corpus, None, "")
        return
    missed = [name for name, (excess, _) in over.items() if excess > 0]
    worst = max(over, key=lambda name: over[name][0])
    told = f"{len(over) - len(missed)} of {len(over)} queries; closest to the bound or furthest past it: {worst}, "
    yield Goal("limit", text, corpus, not missed, told + over[worst][1])


def _ratio(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    text = "geometric mean ≥ 20 × faster than rdflib-endpoint on rdflib, uncached"
    mean, bounds = geometric(peers, RDFLIB, OURS)
    told = "" if mean is None else f"{number(mean)} ×"
    if bounds:
        told += f", at least: {bounds} of its queries ran out of time and count with that time"
    yield Goal("rdflib", text, corpus, None if mean is None else mean >= 20, told)


def _mix(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    for other in NATIVE:
        for clients in CLIENTS:
            text = f"more requests/s than {TITLES[other]} on the warm mix, no error, {clients} clients"
            yield _rates("mix", text, corpus, peers, other, f"mix {clients}", 1.0)


def _look_ups(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    for clients in CLIENTS:
        text = f"≥ 0.3 of Oxigraph's server on distinct, uncached look-ups, {clients} clients"
        yield _rates("look-ups", text, corpus, peers, "oxigraph", f"look-ups {clients}", 0.3)


def _rates(key: str, text: str, corpus: str, peers: dict[str, Found], other: str, name: str, least: float) -> Goal:
    ours, theirs = (peers.get(peer, {}).get("crowds", {}).get(name, {}) for peer in (OURS, other))
    if "rate" not in ours or not theirs.get("rate"):
        return Goal(key, text, corpus, None, ours.get("error") or theirs.get("error") or "")
    if ours.get("without") != theirs.get("without"):
        return Goal(key, text, corpus, None, "the two do not answer the same queries")
    ratio = ours["rate"] / theirs["rate"]
    told = f"{ratio:.2f} ({ours['rate']:,.0f} against {theirs['rate']:,.0f})"
    if ours["errors"]:
        told += f", {ours['errors']:,} errors"
    enough = ratio > least if key == "mix" else ratio >= least
    return Goal(key, text, corpus, enough and not ours["errors"], told)


def _resident(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    if corpus != "1m":
        return
    found = peers.get(OURS, {})
    held = [found[part] for part in ("loaded", "asked", "pressed") if found.get(part)]
    text = "process tree under 400 MB resident with a million quads"
    if not held:
        yield Goal("resident", text, corpus, None, "")
        return
    most, shared = max(each["rss"] for each in held), max(each["pss"] for each in held)
    told = f"{most / 1e6:,.0f} MB as the sum over its processes, {shared / 1e6:,.0f} MB with shared pages once"
    yield Goal("resident", text, corpus, most < 400e6, told)


def percentile(values: list[float], percent: float) -> float:
    """Return the smallest value that at least so many percent of the values do not pass."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds, with as many digits as say something."""
    if seconds == math.inf:
        return "no answer in any"
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def number(value: float | None) -> str:
    """Return a number with three digits or more, a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
