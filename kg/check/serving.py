"""Starts the server that is checked, as an operator would, on a free port of this machine."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from kg import build
from kg.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.config import Config

_OPEN = re.compile(r"Serving on (http://\S+)")
_PATIENCE = 10.0  # seconds that the server has to finish


@contextmanager
def served(config: Config) -> Iterator[str]:
    """Serve the current build while the block runs, and yield the server's address, without a slash at its end.

    Raises BuildError where there is nothing to serve or the server does not start.
    """
    build.released(config)
    folders = ["--project", str(config.root), "--build-dir", str(config.build)]
    command = [sys.executable, "-m", "kg", *folders, "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None  # noqa: S101 - for the type checker
        try:
            root = _address(server.stderr)
            threading.Thread(target=_drain, args=(server.stderr,), daemon=True).start()
            yield root
        finally:
            server.terminate()
            try:
                server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()


def _address(said: IO[str]) -> str:
    """Return the address that the server says it is at."""
    lines = []
    for line in said:
        if found := _OPEN.search(line):
            return found[1]
        lines.append(line)
    raise BuildError("The server did not start:\n" + "".join(lines).strip())


def _drain(said: IO[str]) -> None:
    """Read what the server says of each request, so that it need not wait for a reader."""
    for _ in said:
        pass
