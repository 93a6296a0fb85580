"""Lends worker processes to callers: so many at once, in turn between clients, from a bounded queue.

Nobody is refused a free worker. When all are lent and others wait, whoever came in turn is next, and a client that
holds more than its share waits behind those that hold less. A client that holds nothing while another holds more than
its share does not wait for that one's queries to end: a worker beyond the number is started for it, and goes when the
loan is back. So one client can fill the queue with slow queries and the others notice nothing.

Everything here runs on the engine's event loop, so nothing has to be locked.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from typing import TYPE_CHECKING

from kg.errors import AscribeError, BusyError, ShareError
from kg.store.engine import Load
from kg.store.process import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.config import Limits

_AGAIN = 5  # seconds after which a client that was refused may find room
_WHILE = 0.03  # seconds of waiting after which something else runs than look-ups
_Ticket = asyncio.Future[None]  # stands in the queue for one caller, and is done when it is its turn


class Pool:
    """Lends workers, at most so many at once, to callers that wait in a bounded queue.

    `nice` is by how much they stand back for other processes when there are too few processors for all.
    """

    def __init__(self, size: int, limits: Limits, nice: int = 0) -> None:
        self._size, self._limits, self._nice = size, limits, nice
        self._idle: list[Worker] = []
        self._lent: set[Worker] = set()
        self._held: Counter[str] = Counter()  # client → how many it has been lent
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()  # clients in the order of their turns
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def take(
        self, build: Path, seconds: float, client: str = "", leaves: Callable[[], bool] = lambda: False
    ) -> Worker:
        """Return a worker on this build for a client, waiting at most `seconds` for its turn.

        Who has waited for a while, or would have to wait for a worker to start while others are at work, is asked
        whether it `leaves`, to go elsewhere. Raises BusyError when it does,
        when the queue is full or the wait was in vain; ShareError when the client's part of the queue is full.
        """
        await self._turn(seconds, client, leaves)
        try:
            worker = self._best(build)
            if worker is None and self._held.total() > 1 and leaves():
                self._held[client] += 1  # its place is the new worker's until that is there for the next
                starting = asyncio.create_task(self._start(build, client))
                self._starting.add(starting)
                starting.add_done_callback(self._starting.discard)
                raise BusyError("A worker has to be started first. Try again soon.", _AGAIN)
            if worker is None or worker.build != build or not worker.alive:
                if worker is not None:
                    await worker.stop()
                worker = await Worker.start(build, self._limits, self._nice)
                if self._closed:
                    await worker.stop()
                    raise _stopping()
        except BaseException:
            self._free(client)
            raise
        self._lent.add(worker)
        return worker

    async def _start(self, build: Path, client: str) -> None:
        """Start a worker for whoever comes next; a fault in that is for the next to meet."""
        try:
            worker = await Worker.start(build, self._limits, self._nice)
        except AscribeError:
            self._free(client)
        else:
            await self.give(worker, client)

    async def give(self, worker: Worker, client: str = "") -> None:
        """Take a worker back from a client; one that was killed, or is one too many, is gone in the end."""
        self._lent.discard(worker)
        kept = worker.alive and not self._closed and len(self._lent) + len(self._idle) < self._size
        if kept:
            self._idle.append(worker)
        self._free(client)
        if not kept:
            await worker.stop()

    def load(self) -> Load:
        """Return how the pool stands."""
        return Load(len(self._idle), self._held.total(), sum(map(len, self._waiting.values())))

    def idle(self) -> list[int]:
        """Return the process ids of the workers that wait for work."""
        return [worker.pid for worker in self._idle]

    async def close(self) -> None:
        """End all workers: who waits for one of them, or for an answer, is told."""
        self._closed = True
        for tickets in self._waiting.values():
            for ticket in tickets:
                if not ticket.done():
                    ticket.set_exception(_stopping())
        self._waiting.clear()
        for worker in self._lent:
            worker.kill()
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.stop() for worker in idle))

    async def _turn(self, seconds: float, client: str, leaves: Callable[[], bool]) -> None:
        """Wait for the client's turn; then it counts as one that holds a worker."""
        if self._closed:
            raise _stopping()
        if not self._waiting and self._may_start(client):
            self._held[client] += 1
            return
        ticket = self._queue(client)
        self._call()
        until = asyncio.get_running_loop().time() + seconds
        timer = ticket.get_loop().call_later(min(_WHILE, seconds), self._overdue, ticket, client, until, leaves)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.cancelled():
                self._leave(ticket, client)
            else:
                self._free(client)
            raise
        finally:
            timer.cancel()

    def _best(self, build: Path) -> Worker | None:
        """Take an idle worker out, best one on the build; None where there is none."""
        best = next((each for each in reversed(self._idle) if each.build == build), None)
        if best is None:
            return self._idle.pop() if self._idle else None
        self._idle.remove(best)
        return best

    def _queue(self, client: str) -> _Ticket:
        """Return the caller's ticket at the end of its client's line; raises where there is no room."""
        limit = self._limits.queue
        share = max(1, limit * 3 // 4)  # of the queue: the rest is for other clients
        line = self._waiting.get(client, ())
        room = self._may_start(client)
        if not room and len(line) >= share:
            raise ShareError(f"{share} queries of yours are waiting already. Try again when they are done.", _AGAIN)
        if not room and sum(map(len, self._waiting.values())) >= limit:
            raise BusyError(f"{limit} queries are waiting already. Try again soon.", _AGAIN)
        ticket = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(ticket)
        return ticket

    def _overdue(self, ticket: _Ticket, client: str, until: float, leaves: Callable[[], bool] | None) -> None:
        """Ask the caller whether it leaves, and have it leave when its time is over."""
        if ticket.done():
            return
        loop = ticket.get_loop()
        if loop.time() < until and leaves is not None and not leaves():
            loop.call_at(until, self._overdue, ticket, client, until, None)
            return
        self._leave(ticket, client)
        ticket.set_exception(BusyError("All workers were busy for as long as the query has. Try again soon.", _AGAIN))

    def _leave(self, ticket: _Ticket, client: str) -> None:
        line = self._waiting.get(client, deque())
        if ticket in line:
            line.remove(ticket)
        if not line:
            self._waiting.pop(client, None)

    def _free(self, client: str) -> None:
        """Count one worker less as held by a client, and call those whose turn it is then."""
        self._held[client] -= 1
        if self._held[client] <= 0:
            del self._held[client]
        self._call()

    def _call(self) -> None:
        """Call those whose turn it is."""
        while (client := self._next()) is not None:
            line = self._waiting.pop(client)
            ticket = line.popleft()
            if line:
                self._waiting[client] = line  # behind the others
            if not ticket.done():
                ticket.set_result(None)
                self._held[client] += 1

    def _next(self) -> str | None:
        """Return the client whose turn it is: the first of those that hold least, if it may start."""
        client = min(self._waiting, key=lambda each: self._held[each], default=None)
        return client if client is not None and self._may_start(client) else None

    def _may_start(self, client: str) -> bool:
        """Return whether a query of this client may start now."""
        running = self._held.total()
        if running < self._size:
            return True
        share = max(1, self._size // len({*self._held, *self._waiting, client}))
        if self._held[client] >= share:
            return False
        return running - sum(max(0, held - share) for held in self._held.values()) < self._size


def _stopping() -> BusyError:
    return BusyError("The server is stopping. Try again soon.", _AGAIN)
