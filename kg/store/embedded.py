"""The embedded engine: a pool of worker processes, each with the build's store open for reading.

A query that takes too long, too much memory or too many bytes costs its worker its life, and nobody else anything.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import Pipe
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import kg
from kg import vocab
from kg.errors import AscribeError, LimitError, MissingPartError, QueryError
from kg.store import syntax
from kg.store.engine import Answer, Build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Limits

_OVER_MEMORY = 77  # as in kg.store.worker, which is not imported here: it loads the database library
_PLACE = re.compile(r"error at \d+:\d+")
_LONG = 160  # characters; the parser may list every character that could follow
_START = 30.0  # seconds that a worker may take to open its store


class WorkerDiedError(Exception):
    """Says that a worker ended before its answer; `memory` when it was for want of memory."""

    def __init__(self, memory: bool, detail: str) -> None:
        self.memory = memory
        super().__init__(detail)


class OutOfTimeError(Exception):
    """Says that the deadline passed before an answer."""


class Worker:
    """Handles one child process: starts it, asks it one thing at a time, ends it by its own process id."""

    def __init__(self, build: Path, limits: Limits) -> None:
        self.build = build
        self._pipe, theirs = Pipe()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        package = str(Path(kg.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        arguments = [str(theirs.fileno()), str(build / "store"), str(limits.memory_bytes)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kg.store.worker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # an interrupt at the terminal is the server's to handle
        )
        theirs.close()
        try:
            hello = self._receive(time.monotonic() + _START)
        except (OutOfTimeError, WorkerDiedError) as error:
            self.stop()
            raise AscribeError(f"A query worker did not start: {error}") from error
        if "error" in hello:
            self.stop()
            raise MissingPartError(f"The store below {build} cannot be opened ({hello['message']}). Run `kg build`.")

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes]:
        """Return (header, payload); after OutOfTimeError or WorkerDiedError the worker is of no more use."""
        try:
            self._pipe.send_bytes(json.dumps(request).encode())
        except OSError as error:
            raise self._post_mortem() from error
        header = self._receive(deadline)
        try:
            return header, b"" if "error" in header else self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._post_mortem() from error

    def stop(self) -> None:
        """Kill the child and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        self._log.close()

    def _receive(self, deadline: float) -> dict[str, Any]:
        """Return the child's next message."""
        try:
            if not self._pipe.poll(max(0.0, deadline - time.monotonic())):
                raise OutOfTimeError("no answer in time")
            message: dict[str, Any] = json.loads(self._pipe.recv_bytes())
            if message.get("error", "open") != "open":
                self._pipe.recv_bytes()  # the empty payload; a worker that could not open its store sends none
        except (EOFError, OSError) as error:
            raise self._post_mortem() from error
        return message

    def _post_mortem(self) -> WorkerDiedError:
        """Return why the child ended, from its exit code and what it wrote last."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return WorkerDiedError(False, "it closed its pipe")
        self._log.seek(0)
        last = self._log.read()[-2000:].decode("utf-8", "replace").strip()
        starved = code == _OVER_MEMORY or "memory allocation" in last or "MemoryError" in last or "bad_alloc" in last
        return WorkerDiedError(starved, last.splitlines()[-1] if last else f"exit code {code}")


class Pool:
    """Lends workers, at most so many at once, to callers that wait in a bounded queue."""

    def __init__(self, size: int, limits: Limits) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._free: list[Worker | None] = [None] * size  # None is a place whose worker is not started yet
        self._waiting = 0
        self._closed = False

    def take(self, build: Path, seconds: float) -> Worker:
        """Return a worker on this build, waiting at most `seconds` for a free one."""
        place = self._place(seconds)
        if place is not None and place.build == build:
            return place
        if place is not None:
            place.stop()
        try:
            return Worker(build, self._limits)
        except BaseException:
            self.give(None)
            raise

    def give(self, worker: Worker | None) -> None:
        """Take a worker back, or None in place of one that is gone."""
        with self._changed:
            if self._closed and worker is not None:
                worker.stop()
            self._free.append(None if self._closed else worker)
            self._changed.notify()

    def idle(self) -> list[int]:
        """Return the process ids of the workers that wait for work."""
        with self._changed:
            return [worker.pid for worker in self._free if worker is not None]

    def close(self) -> None:
        """Stop the idle workers now and the busy ones when they come back."""
        with self._changed:
            self._closed = True
            for worker in self._free:
                if worker is not None:
                    worker.stop()
            self._free = [None] * len(self._free)

    def _place(self, seconds: float) -> Worker | None:
        with self._changed:
            if not self._free and self._waiting >= self._limits.queue:
                raise LimitError(f"{self._limits.queue} queries are waiting already. Try again soon.", retry_after=5)
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: self._free, timeout=seconds):
                    raise LimitError(f"All workers were busy for {seconds:g} seconds. Try again soon.", retry_after=5)
            finally:
                self._waiting -= 1
            if self._closed:
                raise LimitError("The server is stopping.", retry_after=10)
            return self._free.pop()


class EmbeddedEngine:
    """Answers queries on the build that `current` leads to, from two pools: visitors' and the pages' own."""

    def __init__(self, current: Path, limits: Limits) -> None:
        self._current, self._limits = current, limits
        self._spool = Path(tempfile.mkdtemp(prefix="ascribe-"))
        self._number = itertools.count(1)
        self._visitors, self._pages = Pool(limits.workers, limits), Pool(max(1, limits.workers // 2), limits)
        self._known: tuple[str, Build] | None = None  # where the link led, and the build there

    def build(self) -> Build:
        """Return the build that `current` leads to now, read anew when the link was changed."""
        target = _target(self._current)
        known = self._known
        if known is not None and known[0] == target:
            return known[1]
        path = self._current.resolve()
        try:
            facts = json.loads((path / "build.json").read_text("utf-8"))
            found = Build(path, str(facts["digest"]), str(facts["base"]), facts)
        except (OSError, ValueError, KeyError) as error:
            raise MissingPartError(f"There is no build at {self._current}. Run `kg build` first.") from error
        self._known = (target, found)
        return found

    def query(
        self,
        text: str,
        *,
        table: str = "json",
        graph: str = "turtle",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
        reserved: bool = False,
    ) -> Answer:
        """Return the whole answer to a query; see :class:`kg.store.engine.Engine`."""
        limits = self._limits
        if len(text.encode("utf-8", "replace")) > limits.query_bytes:
            raise QueryError(f"The query is longer than {limits.query_bytes:,} bytes.")
        syntax.check(text, limits.nesting)
        seconds = min(limits.timeout, timeout) if timeout is not None and timeout > 0 else limits.timeout
        spool = self._spool / str(next(self._number))
        request = {
            "query": text,
            "table": table,
            "graph": graph,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
            "result_bytes": limits.result_bytes,
            "spool": str(spool),
        }
        pool = self._pages if reserved else self._visitors
        build = self.build()
        header, payload = self._ask(pool, build, request, seconds)
        if header.get("error") == "engine" and self.build() != build:  # the old build's files went while it was read
            header, payload = self._ask(pool, self.build(), request, seconds)
        if "error" in header:
            spool.unlink(missing_ok=True)
            raise _error(header, limits)
        return Answer(
            header["kind"],
            header["format"],
            header["size"],
            header["seconds"],
            header["rows"],
            payload,
            spool if header["spooled"] else None,
        )

    def workers(self) -> list[int]:
        """Return the process ids of the idle workers."""
        return [*self._visitors.idle(), *self._pages.idle()]

    def close(self) -> None:
        """Stop all workers and remove what they left."""
        self._visitors.close()
        self._pages.close()
        shutil.rmtree(self._spool, ignore_errors=True)

    def _ask(self, pool: Pool, build: Build, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Return one worker's (header, payload); the worker goes back to the pool, or is replaced when it is lost."""
        worker = pool.take(build.path, seconds)
        kept: Worker | None = None
        try:
            found = worker.ask({**request, "prefixes": vocab.prefixes(build.base)}, time.monotonic() + seconds)
            kept = worker
            return found
        except OutOfTimeError:
            raise LimitError(
                f"The query ran longer than {seconds:g} seconds and was stopped; nothing was answered. "
                "Make it narrower: name a claim, an entity or a section, or add LIMIT.",
                retry_after=int(seconds) + 1,
            ) from None
        except WorkerDiedError as death:
            if death.memory:
                raise _error({"error": "memory"}, self._limits) from None
            raise LimitError(f"The worker that ran the query ended ({death}); nothing was answered.", 1) from None
        finally:
            if kept is None:
                worker.stop()
                Path(request["spool"]).unlink(missing_ok=True)
            pool.give(kept)


def _target(current: Path) -> str:
    """Return where a link leads, as cheaply as can be told; the path itself where it is no link."""
    try:
        return str(current.readlink())
    except OSError:
        return str(current)


def _error(header: dict[str, Any], limits: Limits) -> AscribeError:
    """Return the error that a worker's header tells."""
    match header["error"]:
        case "result":
            return LimitError(
                f"The answer is larger than {limits.result_bytes:,} bytes (result_bytes); nothing was answered. "
                "Ask for fewer columns or add LIMIT."
            )
        case "memory":
            return LimitError(
                f"The query needed more than {limits.memory_bytes:,} bytes of memory (memory_bytes); "
                "nothing was answered. Make it narrower or add LIMIT to a subquery."
            )
        case "query":
            return QueryError(_worded(str(header["message"])))
        case _:
            return AscribeError(f"The query engine failed: {header.get('message')}")


def _worded(message: str) -> str:
    """Return a parser's message for people: where it is, and what was looked for when that can be said in short."""
    place = message[: match.end()] if (match := _PLACE.match(message)) else ""
    if place and "Prefix not found" in message:
        message = f"{place}: a prefix is used here that no PREFIX line declares."
    elif place and len(message) > _LONG:
        message = f"{place}: this cannot stand here."
    return message[:1].upper() + message[1:]
