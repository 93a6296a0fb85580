"""Measures how long pages take on the server: those of things and of claims, on the real build and on a large one.

Each page is asked for once, in no order, over one kept-alive connection to 127.0.0.1, compressed, as a browser does;
its time is a client's, from asking to the last byte. Pages that were never asked before are the slow ones: nothing of
them is kept yet. A few of each kind are asked for first and not counted, so that the server is awake.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from benchmarks import synthetic
from benchmarks.goals import milliseconds, percentile
from benchmarks.processes import ROOT, Child, PeerError, free_port
from benchmarks.report import HEADING as ENDPOINT
from benchmarks.report import machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEADING = "## Pages"
QUADS = 1_000_000  # of the large build
SAMPLE = 500  # pages of a kind
AWAKE = 10  # of them, not counted
QUERIES = {
    "things": "SELECT key FROM entry WHERE kind NOT IN ('work', 'source') ORDER BY key",
    "claims": "SELECT iri FROM claim ORDER BY number",
}
_SEED = 2021
_LIMIT = 8 * 2**30  # bytes that the server may hold


@dataclass(frozen=True, slots=True)
class Timed:
    """Holds the seconds that pages of a kind took on a build, and the greatest p95 that is good enough."""

    title: str
    quads: int
    kind: str
    seconds: tuple[float, ...]
    goal: float

    @property
    def reached(self) -> bool:
        """Return whether the goal is."""
        return percentile(list(self.seconds), 95) <= self.goal


def addresses(build: Path, kind: str, number: int = SAMPLE) -> list[str]:
    """Return the paths of so many pages of a kind, drawn at random, or of all where there are fewer."""
    base = json.loads((build / "build.json").read_text("utf-8"))["base"]
    with closing(sqlite3.connect(f"file:{build / 'search.sqlite'}?mode=ro", uri=True)) as index:
        found = [f"/{iri.removeprefix(base)}" for (iri,) in index.execute(QUERIES[kind])]
    rng = random.Random(_SEED)  # noqa: S311 - the same pages each time
    return rng.sample(found, min(number, len(found)))


def ask(connection: HTTPConnection, path: str) -> float:
    """Return the seconds until all of a page is here; raises PeerError where there is none."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - began
    if answer.status != 200:
        raise PeerError(f"{path} was answered with {answer.status}")
    return seconds


def measure(build: Path, title: str, goal: float, log: Path, number: int = SAMPLE) -> list[Timed]:
    """Serve a build and time its pages; `goal` in seconds, `log` gets what the server says."""
    facts = json.loads((build / "build.json").read_text("utf-8"))
    port = free_port()
    command = [sys.executable, "-m", "kg", "--project", ROOT, "--build-dir", build.parent, "serve", "--port", str(port)]
    server = Child(command, log, _LIMIT)
    try:
        server.until(lambda: _is_up(port), 60)
        found = []
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            for kind in QUERIES:
                seconds = tuple(ask(connection, path) for path in addresses(build, kind, number + AWAKE))
                found.append(Timed(title, facts["quads"], kind, seconds[AWAKE:], goal))
    finally:
        server.stop()
    return found


def _is_up(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False


def large(folder: Path, model: Path) -> Path:
    """Return a build of a synthetic corpus below a folder, which is made where it is not there yet."""
    if not (folder / "current" / "build.json").is_file():
        synthetic.main(["--quads", str(QUADS), "--from", str(model), "--build", str(folder)])
    return folder / "current"


def table(found: Iterable[Timed]) -> str:
    """Return what was measured as a Markdown table, in milliseconds."""
    lines = ["| build | quads | pages of | asked | p50 | p95 | most | goal for p95 | |", f"|{'---|' * 9}"]
    for each in found:
        cells = [each.title, f"{each.quads:,}", each.kind, str(len(each.seconds))]
        cells += [milliseconds(percentile(list(each.seconds), percent)) for percent in (50, 95, 100)]
        cells.append(milliseconds(each.goal))
        lines.append(f"| {' | '.join(cells)} | {'reached' if each.reached else '**missed**'} |")
    return "\n".join(lines)


def write(document: Path, found: Sequence[Timed], where: str) -> None:
    """Write the part on pages into a document, in place of the one that stands there, else before the endpoint's."""
    text = document.read_text(encoding="utf-8")
    about = (__doc__ or "").split("\n\n")[1]
    opening = f"`python -m benchmarks pages`, on {time.strftime('%Y-%m-%d')}: {where}. In milliseconds."
    part = f"{HEADING}\n\n{opening}\n\n{about.strip()}\n\n{table(found)}\n"
    before, heading, rest = text.partition(f"{HEADING}\n")
    if heading:
        _, following, after = rest.partition("\n## ")
    else:
        before, following, after = text.partition(f"\n{ENDPOINT}")
    document.write_text(f"{before.rstrip()}\n\n{part}{following}{after}", encoding="utf-8")


def main(build: Path, synthetic_build: Path, log: Path, document: Path) -> None:
    """Measure both builds, print the table, and write it into the document."""
    log.parent.mkdir(parents=True, exist_ok=True)
    found = measure(build, "the built graph", 0.060, log)
    found += measure(large(synthetic_build, build), "synthetic", 0.150, log)
    print(table(found))
    write(document, found, machine())
