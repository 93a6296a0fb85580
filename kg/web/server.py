"""Serves the application over HTTP: one process, one event loop, and a stop that finishes what was asked.

The server runs on the engine's own event loop, so a query goes to its worker and back without a change of threads, and
slow clients cost a connection each and no more. Pages are made in threads. The main thread waits for signals.
"""

from __future__ import annotations

import asyncio
import queue
import resource
import signal
import socket
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.store.scratch import STOPS, Folder
from kg.web import watch
from kg.web.app import create_app, create_files_app
from kg.web.connections import Connection, Hub
from kg.web.front import Front
from kg.web.requests import Proxies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from flask import Flask

    from kg.config import Config, Limits
    from kg.store.engine import Engine
    from kg.web.requests import Network

SPARE = 16  # threads beside those that queries may hold
CONNECTIONS = 2000
SHARE = 4  # the part of the connections that one address may have: a quarter
BACKLOG = 1024
GRACE = 5.0  # seconds for answers to be sent, when the server stops, beyond the time limit of a query
SWITCH = 0.001  # seconds that a thread which makes a page may keep the event loop waiting


def serve(
    config: Config,
    host: str,
    port: int,
    say: Callable[[str], None] = lambda _: None,
    proxies: Sequence[Network] = (),
) -> None:
    """Serve the project's current build until SIGTERM or SIGINT; `say` is told the address once it is open.

    What `proxies` say of whom they speak for is believed.
    """
    from kg.store.answering import open_engine

    with _stoppable():
        engine = open_engine(config)
        try:
            for reserved in (False, True):  # so that the first visitor need not wait for a worker to start
                engine.query("ASK { FILTER(NOW() = NOW()) }", reserved=reserved).close()
            app = create_app(config, engine)
            for line in app.extensions["shelf"].open(engine.build()):
                say(line)
            run(app, host, port, say, proxies)
        finally:
            engine.close()


def serve_files(
    paths: Sequence[Path],
    limits: Limits,
    host: str,
    port: int,
    say: Callable[[str], None] = lambda _: None,
    proxies: Sequence[Network] = (),
) -> None:
    """Serve RDF files until SIGTERM or SIGINT, from a store that is made for the time and goes in the end."""
    from kg.store import files
    from kg.store.embedded import EmbeddedEngine

    with _stoppable(), closing(Folder("ascribe-files-")) as folder:
        engine = EmbeddedEngine(files.load(paths, folder.path, say), limits)
        try:
            run(create_files_app(engine, limits), host, port, say, proxies)
        finally:
            engine.close()


def run(
    app: Flask,
    host: str,
    port: int,
    say: Callable[[str], None] = lambda _: None,
    proxies: Sequence[Network] = (),
) -> None:
    """Serve an application until SIGTERM or SIGINT, then finish what is being answered; port 0 takes a free one.

    A second signal ends at once. Requests are logged to stderr unless the logger of :mod:`kg.web.watch` is set up.
    """
    engine: Engine = app.extensions["ascribe"].engine
    listening = _listen(host, port)
    if not watch.LOG.hasHandlers():
        app.extensions["watch"].lines = watch.Lines(sys.stderr)
    sys.setswitchinterval(SWITCH)
    told: queue.SimpleQueue[int] = queue.SimpleQueue()  # a signal's handler may put something into it at any moment
    stopping = False

    def stop(number: int, _frame: object) -> None:
        nonlocal stopping
        if stopping:
            sys.exit(1)
        stopping = True
        told.put(number)

    stops = asyncio.Event()
    before = {number: signal.signal(number, stop) for number in STOPS}
    serving = asyncio.run_coroutine_threadsafe(_serving(app, listening, Proxies(proxies), stops), engine.loop)
    serving.add_done_callback(lambda _: told.put(0))
    try:
        shown = f"[{host}]" if ":" in host else host
        say(f"Serving on http://{shown}:{listening[0].getsockname()[1]} (stop with Ctrl-C)")
        _wait(told)
        engine.loop.call_soon_threadsafe(stops.set)
        serving.result()
    finally:
        serving.cancel()  # if it still goes on: a second signal waits for no client
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serving(app: Flask, listening: list[socket.socket], proxies: Proxies, stops: asyncio.Event) -> None:
    """Serve until it is time to stop, then finish."""
    loop, total = asyncio.get_running_loop(), _connections()
    front = Front(app, int(app.config["QUERY_THREADS"]) + SPARE)
    hub = Hub(front.answer, int(app.config["MAX_CONTENT_LENGTH"]), total, total // SHARE, proxies)
    servers = [await loop.create_server(lambda: Connection(hub), sock=each, backlog=BACKLOG) for each in listening]
    looking = asyncio.create_task(hub.watch_over())
    try:
        await stops.wait()
    finally:
        looking.cancel()
        for server in servers:
            server.close()
    await hub.finish(float(app.config["QUERY_SECONDS"]) + GRACE)
    front.close()


def _listen(host: str, port: int) -> list[socket.socket]:
    """Open a port on all addresses that a name has; raises UsageError."""
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            each = socket.socket(family, kind, protocol)  # known to be TCP, the loop sends what it has without delay
            opened.append(each)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind((address[0], port or opened[0].getsockname()[1], *address[2:]))
            each.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        for each in opened:
            each.close()
        raise UsageError(f"http://{host}:{port} cannot be opened: {error}. Choose another --port.") from error
    return opened


def _wait(told: queue.SimpleQueue[int]) -> None:
    """Wait until there is something in the queue, and look up now and then: signals are handled in between."""
    while True:
        try:
            told.get(timeout=1.0)
        except queue.Empty:
            continue
        return


def _connections() -> int:
    """Return how many connections may be open: fewer where the system allows fewer open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS  # an answer may be in a file, and workers have pipes
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, soft // 2))


@contextmanager
def _stoppable() -> Iterator[None]:
    """Have a signal end the program by way of all that is to be cleared up, before and after the server runs."""

    def stop(_number: int, _frame: object) -> None:
        sys.exit(130)

    before = {number: signal.signal(number, stop) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
