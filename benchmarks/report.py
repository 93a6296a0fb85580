"""Writes what was measured into docs/benchmarks.md: tables, and the goals with the ratios that were reached.

Everything here is computed from the files of results; of the document, the part above `## Endpoint` is kept as it is.
"""

from __future__ import annotations

import json
import math
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpora import NAMES
from benchmarks.measure import CLIENTS, Effort
from benchmarks.peers import PEERS
from benchmarks.queries import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Found = dict[str, Any]  # what was measured of one peer on one corpus
HEADING = "## Endpoint"
TITLES = {peer.name: peer.title for peer in PEERS}
OURS, LIMIT, NATIVE, RDFLIB = "ascribe", "pyoxigraph", ("oxigraph", "virtuoso"), "rdflib"
NOTES = Path(__file__).resolve().parent / "notes.md"


@dataclass(frozen=True, slots=True)
class Goal:
    """Holds what was to be reached on one corpus, what was, and whether that is enough (None: not measured)."""

    key: str
    text: str
    corpus: str
    reached: bool | None
    told: str


def read(folder: Path) -> dict[str, dict[str, Found]]:
    """Return corpus → peer → what was measured, in the order of the tables; what was not run is left out."""
    found: dict[str, dict[str, Found]] = {}
    for corpus in NAMES:
        for peer in TITLES:
            path = folder / corpus / f"{peer}.json"
            if path.is_file():
                found.setdefault(corpus, {})[peer] = json.loads(path.read_text("utf-8"))
    return found


def write(document: Path, folder: Path) -> None:
    """Write the part on the endpoint from the results below a folder, in place of the one that stands there."""
    results = read(folder)
    facts = {name: json.loads((folder / name / "corpus.json").read_text("utf-8")) for name in results}
    whole = document.read_text(encoding="utf-8") if document.is_file() else "# Benchmarks\n"
    before = whole.split(f"\n{HEADING}\n")[0].rstrip()
    document.write_text(f"{before}\n\n{compose(results, facts, machine())}", encoding="utf-8")


def compose(results: dict[str, dict[str, Found]], facts: dict[str, Found], where: str) -> str:
    """Return the part of the document as Markdown."""
    parts = [HEADING, _opening(results, where), "### Goals", *_goals(results)]
    for name, peers in results.items():
        parts += [_corpus(name, facts[name]), *_tables(peers)]
    return "\n\n".join(part for part in parts if part) + "\n"


def machine() -> str:
    """Return what this machine is, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = ""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        match = re.search(r"model name\s*: (.*)", info.read_text("utf-8"))
        model = f", {match.group(1)}" if match else ""
    return f"{os.cpu_count()} processors{model}, {memory:.0f} GiB of memory, Linux {platform.release()}"


def _opening(results: dict[str, dict[str, Found]], where: str) -> str:
    every = [found for peers in results.values() for found in peers.values()]
    days = sorted({found[end][:10] for found in every for end in ("begun", "ended") if found.get(end)})
    dates = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else "no day"
    versions = {
        peer: found["key"]["version"]
        for peers in results.values()
        for peer, found in peers.items()
        if found.get("key", {}).get("version")
    }
    missing = {
        peer: found["missing"] for peers in results.values() for peer, found in peers.items() if found.get("missing")
    }
    lines = [f"`make bench`, {dates}; Python {platform.python_version()}, {where}.", ""]
    lines += ["| peer | version |", "|---|---|"]
    lines += [f"| {TITLES[peer]} | {versions.get(peer) or f'**missing**: {missing.get(peer)}'} |" for peer in TITLES
              if peer in versions or peer in missing]  # fmt: skip
    generators = [c["generator"] for f in every for c in f.get("crowds", {}).values() if "generator" in c]
    efforts = {json.dumps(found["key"].get("effort", {}), sort_keys=True) for found in every if found.get("key")}
    runs = " and ".join(sorted({str(json.loads(each).get("runs")) for each in efforts}, key=int)) or "no"
    if len({json.loads(each).get("total") for each in efforts}) > 1 or runs == str(Effort.short().runs):
        lines += [
            "",
            "**Some of this is from a short run, which shows that all works; its figures are worth nothing.**",
        ]
    lines += ["", METHOD.format(runs=runs, generator=f"{max(generators, default=0):.0%}")]
    return "\n".join(lines)


METHOD = """All peers hold the same quads, on the same machine, one after another, each started for this alone. The
Python peers and Oxigraph's server (the wheel `oxigraph`) are installed from `benchmarks/requirements.lock` into an
environment of their own; Virtuoso and wrk are Debian's packages (`apt-get install virtuoso-opensource-7 wrk`). The
default graph of every peer is that of a build, so that assertion graphs stand apart: rdflib-endpoint is started with
`default_union=False`, Virtuoso holds the default graph under a name that each request gives as `default-graph-uri`.
Virtuoso has 170,000 buffers and no bound on rows or time; Oxigraph's server runs without `--timeout-s` and on an
optimised store. This endpoint runs as it is installed, with its limits (30 s a query) and its access log.

“Uncached” are {runs} distinct queries, with another entity, claim, facet or word where the query has one and another
comment everywhere; “repeated” is one query {runs} times. Times are a client's on a kept-alive connection to 127.0.0.1,
from asking to the last byte; those of pyoxigraph are evaluation and serialisation alone. Many clients are
[wrk](https://github.com/wg/wrk) with one thread, which took at most {generator} of a processor; “mix” are all queries
in equal numbers, repeated, “look-ups” entity look-ups that were never asked before. ≠ marks an answer that is not
pyoxigraph's; `> 60 s` that there was none in this time."""


def _corpus(name: str, facts: Found) -> str:
    title = (
        "The built graph"
        if name == "built"
        else f"Synthetic, {name.replace('k', ' thousand').replace('m', ' million')}"
    )
    seed = f", seed {facts['seed']}" if facts.get("seed") is not None else ""
    return f"### {title}\n\n{facts['quads']:,} quads, {facts['claims']:,} claims{seed}; build `{facts['from'][:12]}`."


def _tables(peers: dict[str, Found]) -> Iterable[str]:
    yield _overview(peers)
    ran = [peer for peer, found in peers.items() if found.get("queries")]
    if ran:
        yield "Uncached, milliseconds, p50 / p95:"
        yield _by_query(peers, ran, "cold")
        yield "Repeated, milliseconds, p50 / p95:"
        yield _by_query(peers, ran, "warm")
        yield _differences(peers)


def _overview(peers: dict[str, Found]) -> str:
    heads = ["peer", "loading, s", "resident when loaded, MiB", "after all, MiB (RSS / PSS)", "times slower, uncached"]
    heads += [f"{kind}, {clients} clients, requests/s" for kind in ("mix", "look-ups") for clients in CLIENTS]
    rows = []
    for peer, found in peers.items():
        if (stopped := found.get("missing") or found.get("failed")) and not found.get("queries"):
            rows.append([TITLES[peer], f"**{'missing' if found.get('missing') else 'failed'}**: {stopped}"])
            continue
        last = found.get("pressed") or found.get("asked") or {}
        slower = "1" if peer == OURS else _number(_geometric(peers, peer, OURS)[0])
        cells = [
            TITLES[peer],
            _number(found.get("load", {}).get("seconds")),
            _mebibytes(found.get("loaded", {}).get("rss")),
            f"{_mebibytes(last.get('rss'))} / {_mebibytes(last.get('pss'))}",
            slower,
        ]
        crowds = found.get("crowds", {})
        cells += [_crowd(crowds.get(f"{kind} {clients}")) for kind in ("mix", "look-ups") for clients in CLIENTS]
        rows.append(cells)
    return _table(heads, rows)


def _crowd(found: Found | None) -> str:
    if found is None:
        return "–"
    if "rate" not in found:
        return str(found["error"])
    text = f"{found['rate']:,.0f}"
    if found.get("errors"):
        text += f", {found['errors']:,} errors"
    if found.get("error"):
        text += f" ({found['error']})"
    if found.get("without"):
        text += f" (without {len(found['without'])} of the queries)"
    return text


def _by_query(peers: dict[str, Found], ran: list[str], kind: str) -> str:
    rows = []
    for query in queries():
        cells = [query.name]
        for peer in ran:
            found = peers[peer]["queries"].get(query.name, {})
            times = found.get(kind)
            if times:
                mark = "" if _same(peers, peer, query.name) else " ≠"
                cells.append(f"{_ms(_percentile(times, 50))} / {_ms(_percentile(times, 95))}{mark}")
            else:
                cells.append(f"> {found['overdue']:,.0f} s" if "overdue" in found else "failed")
        rows.append(cells)
    return _table(["query", *(TITLES[peer] for peer in ran)], rows)


def _differences(peers: dict[str, Found]) -> str:
    lines = []
    for peer, found in peers.items():
        for name, query in found.get("queries", {}).items():
            if "error" in query:
                lines.append(f"- {TITLES[peer]}, {name}: {query['error'].replace('|', ' ')}")
            elif not _same(peers, peer, name):
                rows = peers[LIMIT]["queries"][name]["rows"]
                lines.append(f"- {TITLES[peer]}, {name}: another answer, {query['rows']:,} rows in place of {rows:,}")
    return "\n".join(["Failures and differences:", "", *lines]) if lines else "All answers are the same on all peers."


def _same(peers: dict[str, Found], peer: str, query: str) -> bool:
    other = peers.get(LIMIT, {}).get("queries", {}).get(query, {})
    own = peers[peer]["queries"].get(query, {})
    return "digest" not in other or "digest" not in own or own["digest"] == other["digest"]


def _geometric(peers: dict[str, Found], slow: str, fast: str) -> tuple[float | None, int]:
    """Return the geometric mean of slow's uncached p50 over fast's, and how many are bounds only.

    A query that ran out of time counts with that time, one that failed otherwise not at all.
    """
    logarithms, bounds = [], 0
    for name, found in peers.get(fast, {}).get("queries", {}).items():
        other = peers.get(slow, {}).get("queries", {}).get(name, {})
        theirs = _percentile(other["cold"], 50) if other.get("cold") else other.get("overdue")
        if found.get("cold") and theirs:
            bounds += not other.get("cold")
            logarithms.append(math.log(theirs / _percentile(found["cold"], 50)))
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
            allowed = 1.15 * _percentile(other["cold"], 50) + 0.002
            own = _percentile(ours[name]["cold"], 50) if ours.get(name, {}).get("cold") else math.inf
            over[name] = (own - allowed, f"{_ms(own)} ms where {_ms(allowed)} ms are allowed")
    if not ours or not over:
        yield Goal("limit", text, corpus, None, "")
        return
    missed = [name for name, (excess, _) in over.items() if excess > 0]
    worst = max(over, key=lambda name: over[name][0])
    told = f"{len(over) - len(missed)} of {len(over)} queries; closest to the bound or furthest past it: {worst}, "
    yield Goal("limit", text, corpus, not missed, told + over[worst][1])


def _ratio(corpus: str, peers: dict[str, Found]) -> Iterable[Goal]:
    text = "geometric mean ≥ 20 × faster than rdflib-endpoint on rdflib, uncached"
    mean, bounds = _geometric(peers, RDFLIB, OURS)
    told = "" if mean is None else f"{_number(mean)} ×"
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


def _goals(results: dict[str, dict[str, Found]]) -> Iterable[str]:
    rows = []
    found = goals(results)
    for goal in found:
        verdict = {True: "reached", False: "**missed**", None: "not measured"}[goal.reached]
        rows.append([goal.text, goal.corpus, verdict, goal.told or "–"])
    yield _table(["goal", "corpus", "", "measured"], rows)
    notes = _notes()
    for key in dict.fromkeys(goal.key for goal in found if goal.reached is False):
        yield f"Missed ({key}): {notes.get(key) or 'no reason is on record yet; it belongs into benchmarks/notes.md.'}"


def _notes() -> dict[str, str]:
    """Return the reasons for missed goals by key, from a file with a heading for each."""
    if not NOTES.is_file():
        return {}
    parts = re.split(r"(?m)^## (\S+)\n", NOTES.read_text(encoding="utf-8"))
    return {key: text.strip() for key, text in zip(parts[1::2], parts[2::2], strict=True)}


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(row + [''] * (len(heads) - len(row)))} |" for row in rows]
    return "\n".join(lines)


def _percentile(values: list[float], percent: float) -> float:
    """Return the smallest value that at least so many percent of the values do not pass."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def _ms(seconds: float) -> str:
    if seconds == math.inf:
        return "no answer in any"
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _mebibytes(value: float | None) -> str:
    return "–" if value is None else f"{value / 2**20:,.0f}"
