"""Measures one peer on one corpus: loading, memory, each query alone, and many clients at once. Resumable.

What is measured goes into a JSON file as it comes; what stands there already is not measured again.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.crowds import CLIENTS, press
from benchmarks.peer import OverdueError
from benchmarks.processes import PeerError, memory
from benchmarks.queries import canonical, queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.corpora import Corpus
    from benchmarks.peer import Peer
    from benchmarks.queries import Query

LOOK_UP = "entity look-up"
_PATIENCE = 10.0  # seconds for a trivial query after a crowd has gone


@dataclass(frozen=True, slots=True)
class Effort:
    """Says how much is measured; every part of it is bounded."""

    runs: int = 21  # of each query, distinct and then repeated
    budget: float = 8.0  # seconds after which no further run of a query is begun
    fewest: int = 3  # runs, however long they take
    timeout: float = 30.0  # seconds for one answer, as many as this endpoint gives a query
    load: float = 1800.0  # seconds for loading
    least: float = 12.0  # seconds of many clients
    most: float = 40.0
    slow: float = 30.0  # seconds that one round of all queries may take, or many clients are not tried
    total: float = 900.0  # seconds after loading past which nothing more is begun with a peer

    @classmethod
    def short(cls) -> Effort:
        """Return what shows that everything works; its figures are worth nothing."""
        return cls(runs=3, budget=2, fewest=1, timeout=20, load=300, least=2, most=4, slow=10, total=120)


class Measurement:
    """Holds what has been measured of one peer on one corpus, in a file."""

    def __init__(self, path: Path, key: dict[str, Any], again: bool) -> None:
        self._path = path
        kept = json.loads(path.read_text("utf-8")) if path.is_file() and not again else {}
        self.found: dict[str, Any] = kept if kept.get("key") == key else {"key": key, "begun": _now()}

    def keep(self, **parts: Any) -> None:
        """Add parts and write the file."""
        self.found.update(parts, ended=_now())
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self.found, indent=1), encoding="utf-8")
        part.replace(self._path)

    def has(self, name: str) -> bool:
        """Return whether a part is there."""
        return name in self.found


def measure(
    peer: Peer, corpus: Corpus, path: Path, effort: Effort, *, again: bool = False, say: Callable[[str], None] = print
) -> None:
    """Measure everything of one peer on one corpus that is not there yet; no fault of the peer is raised."""
    held = Measurement(path, {}, again=True)
    if missing := peer.missing():
        say(f"{corpus.name} {peer.name}: missing ({missing})")
        held.keep(title=peer.title, missing=missing)
        return
    key = {"version": peer.version(), "corpus": corpus.digest, "effort": asdict(effort), "queries": corpus.asked}
    held = Measurement(path, key, again)
    if held.has("complete"):
        say(f"{corpus.name} {peer.name}: measured before")
        return
    held.keep(title=peer.title, failed="")
    session = _Session(peer, corpus, held, effort, lambda text: say(f"{corpus.name} {peer.name}: {text}"))
    try:
        session.run()
        held.keep(complete=True)
    except PeerError as error:
        say(f"{corpus.name} {peer.name}: {error}")
        held.keep(failed=str(error), complete=True)
    finally:
        peer.stop()


class _Session:
    """Goes through the parts of a measurement with one peer, which is started anew when it was lost."""

    def __init__(
        self, peer: Peer, corpus: Corpus, held: Measurement, effort: Effort, say: Callable[[str], None]
    ) -> None:
        self.peer, self.corpus, self.held, self.effort, self.say = peer, corpus, held, effort, say
        self.queries = queries()
        self.end = math.inf

    def run(self) -> None:
        began = time.perf_counter()
        self.peer.folder.mkdir(parents=True, exist_ok=True)
        self.peer.load(self.corpus.path, self.effort.load)
        loaded = time.perf_counter() - began
        self._start()
        ready = time.perf_counter() - began
        self.end = time.monotonic() + self.effort.total
        self.say(f"loaded in {ready:.1f} s")
        self.held.keep(load={"seconds": ready, "start": ready - loaded}, loaded=self._memory())
        self._alone()
        self.held.keep(asked=self._memory())
        if self.peer.port:
            self._crowds()
            self.held.keep(pressed=self._memory())

    def _start(self) -> None:
        self.peer.start(self.corpus.path, self.effort.load)

    def _late(self) -> dict[str, Any]:
        """Return what is put down instead of a measurement when the peer's time is up."""
        if time.monotonic() < self.end:
            return {}
        return {"error": f"not tried: {self.effort.total / 60:.0f} minutes were up"}

    def _restart(self) -> None:
        self.peer.stop()
        self._start()

    def _gone(self) -> str:
        """Return why the peer's process has ended, or nothing while it runs."""
        child = self.peer.child
        code = None if child is None else child.process.poll()
        return "" if child is None or code is None else child.epitaph(code)

    def _settle(self) -> None:
        """Start the peer anew where it is gone, or still busy with what nobody waits for any more."""
        with contextlib.suppress(PeerError):
            if not self._gone():
                self.peer.ask("ASK {}", "table", _PATIENCE)
                return
        self._restart()

    def _memory(self) -> dict[str, int]:
        child = self.peer.child
        if child is None:
            return {}
        return {**asdict(memory(child.process.pid)), "greatest": child.greatest}

    def _alone(self) -> None:
        """Ask each query alone: once, then as distinct queries, then again and again."""
        done: dict[str, Any] = self.held.found.get("queries", {})
        for query in self.queries:
            if query.name in done:
                continue
            done[query.name] = self._late() or self._one(query)
            self.held.keep(queries=done)

    def _one(self, query: Query) -> dict[str, Any]:
        values, timeout = self.corpus.values, self.effort.timeout
        found: dict[str, Any] = {}
        try:
            first = self.peer.ask(query.filled(values), query.form, timeout)
            found["first"] = first.seconds
            found["rows"], found["digest"] = canonical(first.body, query.form)
            found["cold"] = self._series(query, lambda number: query.distinct(values, number))
            found["warm"] = self._series(query, lambda _: query.filled(values))
        except OverdueError as error:
            found["error"] = str(error)
            found["overdue"] = timeout
            self._restart()
        except PeerError as error:
            found["error"] = f"{error} {self._gone()}".strip()
            if self._gone():
                self._restart()
        self.say(f"{query.name}: {found.get('error') or _median(found['cold'])}")
        return found

    def _series(self, query: Query, text: Callable[[int], str]) -> list[float]:
        seconds: list[float] = []
        end = time.monotonic() + self.effort.budget
        for number in range(1, self.effort.runs + 1):
            if len(seconds) >= self.effort.fewest and time.monotonic() > end:
                break
            seconds.append(self.peer.ask(text(number), query.form, self.effort.timeout).seconds)
        return seconds

    def _crowds(self) -> None:
        """Ask as many clients: all queries in turn, and look-ups that nobody has asked before."""
        done: dict[str, Any] = self.held.found.get("crowds", {})
        answered = [query for query in self.queries if "error" not in self.held.found["queries"][query.name]]
        for kind in ("mix", "look-ups"):
            for clients in CLIENTS:
                name = f"{kind} {clients}"
                if name not in done:
                    done[name] = self._late() or self._crowd(kind, clients, answered)
                    self.say(f"{name}: {done[name].get('error') or done[name]['rate']}")
                    self.held.keep(crowds=done)

    def _crowd(self, kind: str, clients: int, answered: list[Query]) -> dict[str, Any]:
        if shutil.which("wrk") is None:
            return {"error": "wrk not found: apt-get install wrk"}
        values = self.corpus.values
        looking = next(query for query in self.queries if query.name == LOOK_UP)
        if kind == "look-ups":
            if looking not in answered:
                return {"error": "not answered even one at a time"}
            asked = [(looking.filled(values, at), looking.form) for at in range(len(values["entity"]))]
            seconds, first = self.effort.least, clients * 10**7
        else:
            asked = [(query.filled(values), query.form) for query in answered]
            once = sum(_middle(self.held.found["queries"][query.name]["warm"]) for query in answered)
            if once > self.effort.slow:
                return {"error": f"one round of the queries takes {once:.0f} s"}
            seconds, first = min(self.effort.most, max(self.effort.least, 1.5 * once * clients)), 0
        try:
            self._round(answered if kind == "mix" else [looking])
            found = press(self.peer, asked, clients, seconds, first, self.effort.timeout)
        except (PeerError, subprocess.SubprocessError) as error:
            found = {"error": str(error)}
        if self._gone():
            found["error"] = f"the server {self._gone()}"
        self._settle()
        without = [query.name for query in self.queries if query not in answered]
        return {**found, "without": without} if kind == "mix" else found

    def _round(self, asked: list[Query]) -> None:
        for query in asked:
            self.peer.ask(query.filled(self.corpus.values), query.form, self.effort.timeout)


def _median(seconds: list[float]) -> str:
    return f"{1000 * _middle(seconds):.1f} ms"


def _middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
