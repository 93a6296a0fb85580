"""Whose turn it is: real workers, real threads, real waiting."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.config import Limits
from kg.errors import BusyError, LimitError, ShareError
from kg.store.pool import Pool


@pytest.fixture
def pool(small_build: Path) -> Iterator[Pool]:
    found = Pool(2, Limits(queue=4))
    yield found
    found.close()


class Waiting:
    """A caller in a thread of its own."""

    def __init__(self, pool: Pool, build: Path, client: str, order: list[str]) -> None:
        self.pool, self.build, self.client, self.order = pool, build, client, order
        self.worker: Any = None
        self.thread = threading.Thread(target=self.wait)
        before = pool.load()
        self.thread.start()
        until = time.monotonic() + 5
        while pool.load() == before and time.monotonic() < until:
            time.sleep(0.01)

    def wait(self) -> None:
        self.worker = self.pool.take(self.build, 10, self.client)
        self.order.append(self.client)

    def back(self) -> None:
        self.thread.join()
        self.pool.give(self.worker, self.client)


def test_a_client_that_is_alone_has_all_workers(pool: Pool, small_build: Path) -> None:
    taken = [pool.take(small_build, 1, "a"), pool.take(small_build, 1, "a")]
    assert pool.load().busy == 2
    with pytest.raises(BusyError, match="busy"):
        pool.take(small_build, 0.1, "a")
    for each in taken:
        pool.give(each, "a")
    assert (pool.load().busy, pool.load().idle, pool.load().waiting) == (0, 2, 0)


def test_a_client_that_comes_late_does_not_wait_for_the_greedy_one(pool: Pool, small_build: Path) -> None:
    greedy = [pool.take(small_build, 1, "a"), pool.take(small_build, 1, "a")]
    late = pool.take(small_build, 0.1, "b")
    assert pool.load().busy == 3
    with pytest.raises(BusyError):
        pool.take(small_build, 0.1, "c")  # each has its share now: c waits its turn
    for each in greedy:
        pool.give(each, "a")
    pool.give(late, "b")
    assert pool.load().idle == 2, "the worker beyond the number is gone"


def test_waiting_clients_take_turns(pool: Pool, small_build: Path) -> None:
    order: list[str] = []
    held = [pool.take(small_build, 1, "x"), pool.take(small_build, 1, "y")]
    waiting = [Waiting(pool, small_build, client, order) for client in ("a", "a", "a", "b")]
    for client, each in zip(("x", "y"), held, strict=True):
        pool.give(each, client)
    until = time.monotonic() + 5
    while len(order) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert sorted(order) == ["a", "b"], "b came last and does not wait for all of a"
    for each in sorted(waiting, key=lambda each: each.worker is None):  # those that wait get what the others give
        each.back()
    assert sorted(order) == ["a", "a", "a", "b"]


def test_the_queue_has_room_for_others(pool: Pool, small_build: Path) -> None:
    order: list[str] = []
    held = [pool.take(small_build, 1, "x"), pool.take(small_build, 1, "y")]
    waiting = [Waiting(pool, small_build, "a", order) for _ in range(3)]
    with pytest.raises(ShareError) as mine:
        pool.take(small_build, 1, "a")
    assert (mine.value.status, mine.value.retry_after) == (429, 5)
    waiting.append(Waiting(pool, small_build, "b", order))
    with pytest.raises(BusyError) as full:
        pool.take(small_build, 1, "c")
    assert full.value.status == 503
    for client, each in zip(("x", "y"), held, strict=True):
        pool.give(each, client)
    time.sleep(0.5)
    for each in sorted(waiting, key=lambda each: each.worker is None):
        each.back()


def test_who_waits_is_told_when_the_pool_closes(pool: Pool, small_build: Path) -> None:
    held = [pool.take(small_build, 1, "x"), pool.take(small_build, 1, "y")]
    told: list[str] = []

    def wait() -> None:
        try:
            pool.take(small_build, 10, "x")
        except LimitError as error:
            told.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    while not pool.load().waiting:
        time.sleep(0.01)
    pool.close()
    thread.join(5)
    assert told == ["The server is stopping. Try again soon."]
    for client, each in zip(("x", "y"), held, strict=True):
        pool.give(each, client)
        assert not each.alive
