"""The embedded engine: a pool of worker processes, each with the build's store open for reading.

A query that takes too long, too much memory or too many bytes costs its worker its life, and nobody else anything.
Pools and workers are attended to by an event loop in a thread of its own; a server can run on the same loop.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop

from kg.errors import (
    AscribeError,
    BusyError,
    LimitError,
    MissingPartError,
    OverdueError,
    OverMemoryError,
    TooLargeError,
)
from kg.store import faults, quick, syntax
from kg.store.cache import Cache
from kg.store.engine import ASKER, Answer, Build
from kg.store.pool import Pool
from kg.store.process import OutOfTimeError, WorkerDiedError
from kg.store.scratch import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from typing import TypeVar, Unpack

    from kg.config import Limits
    from kg.store.engine import Asked, Load

    T = TypeVar("T")

_QUICK = 0.5  # seconds that a query may take beside the slow ones
_NICE = 5  # by how much visitors' queries stand back for the server itself and its pages
_SLOW = 10_000  # queries that are remembered for having taken longer
_LAST = 2.0  # seconds that what still goes on has when the engine closes


class EmbeddedEngine:
    """Answers queries on the build that `current` leads to, from two pools: visitors' and the pages' own."""

    def __init__(self, current: Path, limits: Limits) -> None:
        self._current, self._limits = current, limits
        self._spool = Folder("ascribe-")
        self._number = itertools.count(1)
        self._visitors = Pool(limits.workers, limits, _NICE)
        self._quick, self._pages = (Pool(max(1, limits.workers // 2), limits) for _ in range(2))
        self._known: tuple[str, Build] | None = None  # where the link led, and the build there
        self._slow: set[int] = set()  # hashes of queries that took longer than they looked
        self.cache = Cache(limits.cache_bytes)
        self.loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="ascribe-engine", daemon=True)
        self._thread.start()

    def build(self) -> Build:
        """Return the build that the asker's answers are from: the one that `current` led to when it first asked."""
        asker = ASKER.get()
        if asker is None:
            return self._now()
        if asker.build is None:
            asker.build = self._now()
        return asker.build

    def _now(self) -> Build:
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

    def query(self, text: str, **asked: Unpack[Asked]) -> Answer:
        """Return the whole answer to a query; see :class:`kg.store.engine.Engine`."""
        return self.run(self.answer(text, **asked))

    async def answer(
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
        """Do what `query` does, for a caller on the engine's loop."""
        limits, build = self._limits, self.build()
        key = (text, table, graph, tuple(default_graphs), tuple(named_graphs))
        if (kept := self.cache.get(build.digest, key)) is not None:
            return kept
        if len(text) > limits.query_bytes or len(text.encode("utf-8", "replace")) > limits.query_bytes:
            raise TooLargeError(f"The query is longer than {limits.query_bytes:,} bytes (query_bytes).")
        found = syntax.check(text, limits.nesting)
        seconds = min(limits.timeout, timeout) if timeout is not None and timeout > 0 else limits.timeout
        spool = f"{self._spool.path}/{next(self._number)}"
        request = {
            "query": text,
            "table": table,
            "graph": graph,
            "default_graphs": default_graphs,
            "named_graphs": named_graphs,
            "base": build.home,
            "prefixes": {} if found.form in ("select", "ask") else build.prefixes,
            "result_bytes": limits.result_bytes,
            "explain": not reserved,  # the pages know what to make of no rows
            "spool": spool,
        }
        header, payload = await self._answered(request, seconds, reserved)
        if "error" in header:
            Path(spool).unlink(missing_ok=True)
            raise _error(header, limits, text, self.build().prefixes)
        told = (
            header["kind"],
            header["format"],
            header["size"],
            header["seconds"],
            header["rows"],
            payload,
            Path(spool) if header["spooled"] else None,
            tuple(header.get("because", ())),
            header["digest"],
        )
        if not found.volatile:
            self.cache.put(header["digest"], key, Answer(*told, cached=True), 2 * len(text))
        return Answer(*told)

    def load(self) -> dict[str, Load]:
        """Return how the pools stand, by name."""

        async def found() -> dict[str, Load]:
            return {"visitors": self._visitors.load(), "quick": self._quick.load(), "pages": self._pages.load()}

        return self.run(found())

    def workers(self) -> list[int]:
        """Return the process ids of the idle workers."""
        return [*self._visitors.idle(), *self._quick.idle(), *self._pages.idle()]

    def close(self) -> None:
        """Stop all workers and remove what they left."""
        if not self.loop.is_closed():
            try:
                self.run(self._end())
            finally:
                self.loop.call_soon_threadsafe(self.loop.stop)
                self._thread.join()
                self.loop.close()
                self._spool.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done on the engine's loop and wait for it, for a caller on another thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _end(self) -> None:
        """End all workers, then whatever still goes on."""
        await asyncio.gather(*(pool.close() for pool in (self._visitors, self._quick, self._pages)))
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        if rest:
            await asyncio.wait(rest, timeout=_LAST)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self.loop.shutdown_default_executor()

    async def _answered(self, request: dict[str, Any], seconds: float, reserved: bool) -> tuple[dict[str, Any], bytes]:
        """Return a worker's (header, payload), from the next build where the asker's is gone already."""
        build = self.build()
        try:
            header, payload = await self._queued(build, request, seconds, reserved)
            if header.get("error") != "engine":
                return header, payload
        except MissingPartError:
            if self._now() == build:
                raise
            header, payload = {"error": "engine"}, b""
        if (now := self._now()) == build:
            return header, payload
        if (asker := ASKER.get()) is not None:
            asker.build = now
        return await self._queued(now, {**request, "base": now.home}, seconds, reserved)

    async def _queued(
        self, build: Build, request: dict[str, Any], seconds: float, reserved: bool
    ) -> tuple[dict[str, Any], bytes]:
        """Return a worker's (header, payload): for what looks quick from one kept for that, while visitors' are held.

        A query that was not quick after all is asked again among the slow ones.
        """
        if reserved:
            return await self._ask(self._pages, build, request, seconds)
        text: str = request["query"]
        known = hash(text)
        tried = known in self._slow
        try:
            return await self._ask(
                self._visitors, build, request, seconds, leaves=lambda: not tried and quick.is_quick(text)
            )
        except BusyError:
            if tried or not quick.is_quick(text):
                raise
        try:
            return await self._ask(self._quick, build, request, min(seconds, _QUICK), seconds)
        except OverdueError:
            self._slow = {known} if len(self._slow) > _SLOW else self._slow | {known}
            if seconds <= _QUICK:
                raise
        except LimitError:
            pass  # it may yet go the ordinary way
        return await self._ask(self._visitors, build, request, seconds)

    async def _ask(
        self,
        pool: Pool,
        build: Build,
        request: dict[str, Any],
        seconds: float,
        wait: float | None = None,
        leaves: Callable[[], bool] = lambda: False,
    ) -> tuple[dict[str, Any], bytes]:
        """Return one worker's (header, payload); the worker goes back to the pool, or is replaced when it is lost."""
        asker = ASKER.get()
        client = asker.client if asker is not None else ""
        worker = await pool.take(build.path, seconds if wait is None else wait, client, leaves)
        whole = False
        try:
            header, payload = await worker.ask(request, time.monotonic() + seconds)
            whole = True
            header["digest"] = build.digest
            return header, payload
        except OutOfTimeError:
            raise OverdueError(
                f"The query ran longer than {seconds:g} seconds and was stopped; nothing was answered. "
                "Make it narrower: name a claim, an entity or a section, or add LIMIT.",
                retry_after=int(seconds) + 1,
            ) from None
        except WorkerDiedError as death:
            if death.memory:
                raise _error({"error": "memory"}, self._limits) from None
            raise LimitError(f"The worker that ran the query ended ({death}); nothing was answered.", 1) from None
        finally:
            if not whole:
                worker.kill()
            await pool.give(worker, client)
            if not whole:
                Path(request["spool"]).unlink(missing_ok=True)


def _target(current: Path) -> str:
    """Return where a link leads, as cheaply as can be told; the path itself where it is no link."""
    try:
        return os.readlink(current)  # noqa: PTH115 - asked for each query, and three times as fast
    except OSError:
        return str(current)


def _error(
    header: dict[str, Any], limits: Limits, text: str = "", prefixes: Mapping[str, str] | None = None
) -> AscribeError:
    """Return the error that a worker's header tells about a query's text."""
    match header["error"]:
        case "result":
            return TooLargeError(
                f"The answer is larger than {limits.result_bytes:,} bytes (result_bytes); nothing was answered. "
                "Ask for fewer columns or add LIMIT."
            )
        case "memory":
            return OverMemoryError(
                f"The query needed more than {limits.memory_bytes:,} bytes of memory (memory_bytes); "
                "nothing was answered. Make it narrower or add LIMIT to a subquery.",
                retry_after=int(limits.timeout) + 1,
            )
        case "query":
            return faults.fault(text, str(header["message"]), header.get("place"), prefixes or {})
        case _:
            return AscribeError(f"The query engine failed: {header.get('message')}")
