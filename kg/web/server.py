"""Serves the application over HTTP with waitress: one process, threads, and a clean stop on SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from kg.config import Config

THREADS = 16  # a thread waits while its query runs, so there are more of them than workers


def serve(config: Config, host: str, port: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Serve the project's current build until SIGTERM or SIGINT; `say` is told the address once it is open."""
    from kg.store.answering import open_engine

    engine = open_engine(config)
    try:
        run(create_app(config, engine), host, port, say)
    finally:
        engine.close()


def run(app: Flask, host: str, port: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Serve an application until SIGTERM or SIGINT, then finish what is being answered; port 0 takes a free one."""
    from waitress.server import create_server

    try:
        server: Any = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident="ascribe",
            channel_timeout=60,
            max_request_body_size=16 * 2**20,
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"http://{host}:{port} cannot be opened: {error}. Choose another --port.") from error
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving on http://{shown}:{_port(server, port)} (stop with Ctrl-C)")

    def stop(_number: int, _frame: object) -> None:
        sys.exit(0)  # SystemExit ends waitress's loop, which then waits for its threads

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.run()
    except SystemExit:
        pass
    finally:
        server.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _port(server: Any, asked: int) -> int:
    """Return the port that was opened."""
    found = getattr(server, "effective_port", None)
    if found is None:  # several sockets, for a name with several addresses
        found = next((port for _, port in getattr(server, "effective_listen", ())), asked)
    return int(found)
