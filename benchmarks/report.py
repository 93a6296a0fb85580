"""Writes what was measured into docs/benchmarks.md: tables, and the goals with the ratios that were reached.

Everything here is computed from the files of results; of the document, the part above `## Endpoint` is kept as it is.
"""

from __future__ import annotations

import json
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpora import NAMES
from benchmarks.crowds import CLIENTS
from benchmarks.goals import LIMIT, OURS, TITLES, geometric, goals, milliseconds, number, percentile
from benchmarks.measure import Effort
from benchmarks.queries import queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.goals import Found

HEADING = "## Endpoint"
NOTES = Path(__file__).resolve().parent / "notes.md"


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
    parts = [HEADING, _opening(results, where), _notes().get("conditions", ""), "### Goals", *_goals(results)]
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
    lines += [
        "",
        METHOD.format(
            runs=runs,
            generator=f"{max(generators, default=0):.0%}",
            patience=Effort().timeout,
            total=Effort().total / 60,
        ),
    ]
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
pyoxigraph's; `> {patience:.0f} s` that there was none in this time.
No peer is asked anything new {total:.0f} minutes after it is loaded."""


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
        slower = "1" if peer == OURS else number(geometric(peers, peer, OURS)[0])
        cells = [
            TITLES[peer],
            number(found.get("load", {}).get("seconds")),
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
                cells.append(f"{milliseconds(percentile(times, 50))} / {milliseconds(percentile(times, 95))}{mark}")
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
    """Return the reasons for missed goals by key, and the conditions of measuring, from a file with headings."""
    if not NOTES.is_file():
        return {}
    parts = re.split(r"(?m)^## (\S+)\n", NOTES.read_text(encoding="utf-8"))
    return {key: text.strip() for key, text in zip(parts[1::2], parts[2::2], strict=True)}


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(row + [''] * (len(heads) - len(row)))} |" for row in rows]
    return "\n".join(lines)


def _mebibytes(value: float | None) -> str:
    return "–" if value is None else f"{value / 2**20:,.0f}"
