"""Lends worker processes to callers: so many at once, in turn between clients, from a bounded queue.

Nobody is refused a free worker. When all are lent and others wait, whoever came in turn is next, and a client that
holds more than its share waits behind those that hold less. A client that holds nothing while another holds more than
its share does not wait for that one's queries to end: a worker beyond the number is started for it, and goes when the
loan is back. So one client can fill the queue with slow queries and the others notice nothing.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import BusyError, ShareError
from kg.store.engine import Load
from kg.store.process import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from kg.config import Limits

_AGAIN = 5  # seconds after which a client that was refused may find room


@dataclass(slots=True)
class _Ticket:
    """Stands in the queue for one caller until it is its turn."""

    client: str
    called: bool = False
    gate: threading.Lock = field(default_factory=threading.Lock)  # a gate each: only who is called wakes up

    def call(self) -> None:
        """Let the caller go on."""
        self.called = True
        self.gate.release()


class Pool:
    """Lends workers, at most so many at once, to callers that wait in a bounded queue.

    `nice` is by how much they stand back for other processes when there are too few processors for all.
    """

    def __init__(self, size: int, limits: Limits, nice: int = 0) -> None:
        self._size, self._limits, self._nice = size, limits, nice
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._held: Counter[str] = Counter()  # client → how many it has been lent
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()  # clients in the order of their turns
        self._closed = False

    def take(self, build: Path, seconds: float, client: str = "") -> Worker:
        """Return a worker on this build for a client, waiting at most `seconds` for its turn.

        Raises BusyError when the queue is full or the wait was in vain, ShareError when the client's part is full.
        """
        found = self._turn(build, seconds, client)
        if found is not None and found.build == build and found.alive:
            return found
        try:
            if found is not None:
                found.stop()
            return Worker(build, self._limits, self._nice)
        except BaseException:
            self.give(None, client)
            raise

    def give(self, worker: Worker | None, client: str = "") -> None:
        """Take a worker back from a client, or None in place of one that is gone."""
        with self._lock:
            self._held[client] -= 1
            if self._held[client] <= 0:
                del self._held[client]
            if worker is not None and not self._closed and self._held.total() + len(self._idle) < self._size:
                self._idle.append(worker)
                worker = None
            self._call()
        if worker is not None:
            worker.stop()

    def load(self) -> Load:
        """Return how the pool stands."""
        with self._lock:
            return Load(len(self._idle), self._held.total(), sum(map(len, self._waiting.values())))

    def idle(self) -> list[int]:
        """Return the process ids of the workers that wait for work."""
        with self._lock:
            return [worker.pid for worker in self._idle]

    def close(self) -> None:
        """Stop the idle workers now and the busy ones when they come back."""
        with self._lock:
            self._closed = True
            for worker in self._idle:
                worker.stop()
            self._idle.clear()
            for tickets in self._waiting.values():
                for ticket in tickets:
                    ticket.call()
            self._waiting.clear()

    def _turn(self, build: Path, seconds: float, client: str) -> Worker | None:
        """Wait for the client's turn; return an idle worker, best one on the build, or None for a new one."""
        with self._lock:
            ticket = self._queue(client)
            self._call()
        ticket.gate.acquire(timeout=seconds)
        with self._lock:
            if not ticket.called:
                self._leave(ticket)
                raise BusyError(f"All workers were busy for {seconds:g} seconds. Try again soon.", _AGAIN)
            if self._closed:
                raise BusyError("The server is stopping. Try again soon.", _AGAIN)
            best = next((each for each in reversed(self._idle) if each.build == build), None)
            if best is not None:
                self._idle.remove(best)
                return best
            return self._idle.pop() if self._idle else None

    def _queue(self, client: str) -> _Ticket:
        """Return the caller's ticket at the end of its client's line; raises where there is no room."""
        if self._closed:
            raise BusyError("The server is stopping. Try again soon.", _AGAIN)
        limit = self._limits.queue
        share = max(1, limit * 3 // 4)  # of the queue: the rest is for other clients
        line = self._waiting.get(client, ())
        room = self._may_start(client)
        if not room and len(line) >= share:
            raise ShareError(f"{share} queries of yours are waiting already. Try again when they are done.", _AGAIN)
        if not room and sum(map(len, self._waiting.values())) >= limit:
            raise BusyError(f"{limit} queries are waiting already. Try again soon.", _AGAIN)
        ticket = _Ticket(client)
        ticket.gate.acquire()
        self._waiting.setdefault(client, deque()).append(ticket)
        return ticket

    def _leave(self, ticket: _Ticket) -> None:
        line = self._waiting[ticket.client]
        line.remove(ticket)
        if not line:
            del self._waiting[ticket.client]

    def _call(self) -> None:
        """Call those whose turn it is; the lock is held."""
        while (client := self._next()) is not None:
            line = self._waiting.pop(client)
            line.popleft().call()
            if line:
                self._waiting[client] = line  # behind the others
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
