"""Serves the application over HTTP with waitress: one process, threads, and a stop that finishes what was asked.

A thread is taken while a request is answered and none while it is read or its answer is sent, so slow clients cost a
connection each and no more. A query that waits its turn holds a thread: there are as many as may wait, and some more.
"""

from __future__ import annotations

import logging
import resource
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from kg.errors import UsageError
from kg.web import watch
from kg.web.app import create_app, create_files_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from kg.config import Config, Limits

SPARE = 16  # threads beside those that queries may hold
CONNECTIONS = 2000
IDLE = 30  # seconds without a byte either way after which a connection is closed
SLOW = 120.0  # seconds that a client may take to send one request
STOPS = (signal.SIGTERM, signal.SIGINT)
GRACE = 5.0  # seconds for answers to be sent, when the server stops, beyond the time limit of a query


def serve(config: Config, host: str, port: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Serve the project's current build until SIGTERM or SIGINT; `say` is told the address once it is open."""
    from kg.store.answering import open_engine

    engine = open_engine(config)
    try:
        for reserved in (False, True):  # so that the first visitor need not wait for a worker to start
            engine.query("ASK { FILTER(NOW() = NOW()) }", reserved=reserved).close()
        app = create_app(config, engine)
        for line in app.extensions["shelf"].open(engine.build()):
            say(line)
        run(app, host, port, say)
    finally:
        engine.close()


def serve_files(
    paths: Sequence[Path], limits: Limits, host: str, port: int, say: Callable[[str], None] = lambda _: None
) -> None:
    """Serve RDF files until SIGTERM or SIGINT, from a store that is made for the time and goes in the end."""
    from kg.store import files
    from kg.store.embedded import EmbeddedEngine

    def stop(_number: int, _frame: object) -> None:
        sys.exit(130)  # so that the folder goes also when the reading is interrupted

    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # no stop comes between the folder's making and the care for it
    before = {number: signal.signal(number, stop) for number in STOPS}
    folder = tempfile.TemporaryDirectory(prefix="ascribe-files-")
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        engine = EmbeddedEngine(files.load(paths, Path(folder.name), say), limits)
        try:
            run(create_files_app(engine, limits), host, port, say)
        finally:
            engine.close()
    finally:
        folder.cleanup()
        for number, handler in before.items():
            signal.signal(number, handler)


def run(app: Flask, host: str, port: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Serve an application until SIGTERM or SIGINT, then finish what is being answered; port 0 takes a free one.

    A second signal ends at once. Requests are logged to stderr unless the logger of :mod:`kg.web.watch` is set up.
    """
    stopping = threading.Event()
    try:
        server: Any = create_server(
            app,
            host=host,
            port=port,
            threads=int(app.config["QUERY_THREADS"]) + SPARE,
            ident="ascribe",
            asyncore_use_poll=True,
            asyncore_loop_timeout=1,
            backlog=1024,
            connection_limit=_connections(),
            channel_timeout=IDLE,
            cleanup_interval=5,
            max_request_body_size=16 * 2**20,
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"http://{host}:{port} cannot be opened: {error}. Choose another --port.") from error
    _log()
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving on http://{shown}:{_port(server, port)} (stop with Ctrl-C)")

    def stop(_number: int, _frame: object) -> None:
        if stopping.is_set():
            sys.exit(1)
        stopping.set()

    before = {number: signal.signal(number, stop) for number in STOPS}
    sockets: dict[int, Any] = getattr(server, "map", None) or server._map  # the latter where one socket is all
    try:
        _answer(sockets, stopping)
        _finish(sockets, float(app.config["QUERY_SECONDS"]) + GRACE)
        server.task_dispatcher.shutdown(timeout=GRACE)
    finally:
        for each in list(sockets.values()):
            each.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _answer(sockets: dict[int, Any], stopping: threading.Event) -> None:
    """Read, answer and send until it is time to stop."""
    reading: dict[HTTPChannel, tuple[object, float]] = {}
    looked = time.monotonic()
    while not stopping.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
        if time.monotonic() - looked > GRACE:
            looked = time.monotonic()
            reading = _hurry(sockets, reading, looked)


def _hurry(
    sockets: dict[int, Any], before: dict[HTTPChannel, tuple[object, float]], now: float
) -> dict[HTTPChannel, tuple[object, float]]:
    """Close the connections whose request has been coming in for too long; return since when the others read theirs."""
    reading = {}
    for channel in _channels(sockets):
        if channel.request is None:
            continue
        request, since = before.get(channel, (None, now))
        reading[channel] = (channel.request, since if request is channel.request else now)
        if now - reading[channel][1] > SLOW:
            channel.will_close = True
    return reading


def _finish(sockets: dict[int, Any], seconds: float) -> None:
    """Take no new connection, and go on until all that was asked is answered and sent, or the time is over."""
    for listener in [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]:
        wasyncore.dispatcher.close(listener)
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(each.requests or each.total_outbufs_len for each in _channels(sockets)):
        wasyncore.loop(timeout=0.2, use_poll=True, map=sockets, count=1)


def _channels(sockets: dict[int, Any]) -> list[HTTPChannel]:
    return [each for each in list(sockets.values()) if isinstance(each, HTTPChannel)]


def _connections() -> int:
    """Return how many connections may be open: fewer where the system allows fewer open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS  # an answer may be in a file, and workers have pipes
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, soft // 2))


def _log() -> None:
    """Send the access log to stderr, and leave out waitress's notes on its queue, which is ours to bound."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if not watch.LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
        watch.LOG.addHandler(handler)
        watch.LOG.setLevel(logging.INFO)
        watch.LOG.propagate = False


def _port(server: Any, asked: int) -> int:
    """Return the port that was opened."""
    found = getattr(server, "effective_port", None)
    if found is None:  # several sockets, for a name with several addresses
        found = next((port for _, port in getattr(server, "effective_listen", ())), asked)
    return int(found)
