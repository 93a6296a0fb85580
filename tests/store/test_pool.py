"""Whose turn it is: real workers, real waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.config import Limits
from kg.errors import BusyError, LimitError, ShareError
from kg.store.pool import Pool

if TYPE_CHECKING:
    from kg.store.process import Worker


@asynccontextmanager
async def opened() -> AsyncIterator[Pool]:
    found = Pool(2, Limits(queue=4))
    try:
        yield found
    finally:
        await found.close()


def on_a_loop(test: Callable[[Pool, Path], Coroutine[Any, Any, None]]) -> Callable[[Path], None]:
    """Run a test on an event loop, with a pool of two workers."""

    async def run(small_build: Path) -> None:
        async with opened() as pool:
            await test(pool, small_build)

    def sync(small_build: Path) -> None:
        asyncio.run(run(small_build))

    sync.__name__ = test.__name__
    return sync


class Waiting:
    """A caller in a task of its own."""

    def __init__(self, pool: Pool, build: Path, client: str, order: list[str]) -> None:
        self.pool, self.build, self.client, self.order = pool, build, client, order
        self.worker: Worker | None = None
        self.task = asyncio.create_task(self.wait())

    async def wait(self) -> None:
        self.worker = await self.pool.take(self.build, 10, self.client)
        self.order.append(self.client)

    async def back(self) -> None:
        await self.task
        assert self.worker is not None
        await self.pool.give(self.worker, self.client)


async def queued(pool: Pool, build: Path, client: str, order: list[str]) -> Waiting:
    """Return a caller that stands in the queue."""
    found = Waiting(pool, build, client, order)
    before = pool.load().waiting
    await until(lambda: pool.load().waiting > before)
    return found


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


@on_a_loop
async def test_a_client_that_is_alone_has_all_workers(pool: Pool, build: Path) -> None:
    taken = [await pool.take(build, 1, "a"), await pool.take(build, 1, "a")]
    assert pool.load().busy == 2
    with pytest.raises(BusyError, match="busy"):
        await pool.take(build, 0.1, "a")
    for each in taken:
        await pool.give(each, "a")
    assert (pool.load().busy, pool.load().idle, pool.load().waiting) == (0, 2, 0)


@on_a_loop
async def test_a_client_that_comes_late_does_not_wait_for_the_greedy_one(pool: Pool, build: Path) -> None:
    greedy = [await pool.take(build, 1, "a"), await pool.take(build, 1, "a")]
    late = await pool.take(build, 0.1, "b")
    assert pool.load().busy == 3
    with pytest.raises(BusyError):
        await pool.take(build, 0.1, "c")  # each has its share now: c waits its turn
    for each in greedy:
        await pool.give(each, "a")
    await pool.give(late, "b")
    assert pool.load().idle == 2, "the worker beyond the number is gone"


@on_a_loop
async def test_waiting_clients_take_turns(pool: Pool, build: Path) -> None:
    order: list[str] = []
    held = [await pool.take(build, 1, "x"), await pool.take(build, 1, "y")]
    waiting = [await queued(pool, build, client, order) for client in ("a", "a", "a", "b")]
    for client, each in zip(("x", "y"), held, strict=True):
        await pool.give(each, client)
    await until(lambda: len(order) == 2)
    assert sorted(order) == ["a", "b"], "b came last and does not wait for all of a"
    for each in sorted(waiting, key=lambda each: each.worker is None):  # those that wait get what the others give
        await each.back()
    assert sorted(order) == ["a", "a", "a", "b"]


@on_a_loop
async def test_the_queue_has_room_for_others(pool: Pool, build: Path) -> None:
    order: list[str] = []
    held = [await pool.take(build, 1, "x"), await pool.take(build, 1, "y")]
    waiting = [await queued(pool, build, "a", order) for _ in range(3)]
    with pytest.raises(ShareError) as mine:
        await pool.take(build, 1, "a")
    assert (mine.value.status, mine.value.retry_after) == (429, 5)
    waiting.append(await queued(pool, build, "b", order))
    with pytest.raises(BusyError) as full:
        await pool.take(build, 1, "c")
    assert full.value.status == 503
    for client, each in zip(("x", "y"), held, strict=True):
        await pool.give(each, client)
    await until(lambda: len(order) == 2)
    for each in sorted(waiting, key=lambda each: each.worker is None):
        await each.back()


@on_a_loop
async def test_who_waits_is_told_when_the_pool_closes(pool: Pool, build: Path) -> None:
    held = [await pool.take(build, 1, "x"), await pool.take(build, 1, "y")]
    waiting = await queued(pool, build, "x", [])
    await pool.close()
    with pytest.raises(LimitError, match=r"The server is stopping. Try again soon."):
        await waiting.task
    for client, each in zip(("x", "y"), held, strict=True):
        await pool.give(each, client)
        assert not each.alive


@on_a_loop
async def test_who_gives_up_leaves_no_gap(pool: Pool, build: Path) -> None:
    held = [await pool.take(build, 1, "x"), await pool.take(build, 1, "y")]
    gone, stays = await queued(pool, build, "a", []), await queued(pool, build, "a", [])
    gone.task.cancel()
    await asyncio.wait([gone.task])
    assert gone.task.cancelled()
    assert pool.load().waiting == 1
    for client, each in zip(("x", "y"), held, strict=True):
        await pool.give(each, client)
    await stays.back()
    assert (pool.load().busy, pool.load().idle, pool.load().waiting) == (0, 2, 0)


@on_a_loop
async def test_who_gives_up_when_called_passes_the_turn_on(pool: Pool, build: Path) -> None:
    held = [await pool.take(build, 1, "x"), await pool.take(build, 1, "y")]
    gone, stays = await queued(pool, build, "a", []), await queued(pool, build, "b", [])
    await pool.give(held[0], "x")  # calls the first, which has had no chance yet to go on
    gone.task.cancel()
    await stays.back()
    assert gone.task.cancelled()
    await pool.give(held[1], "y")
    assert (pool.load().busy, pool.load().waiting) == (0, 0)
