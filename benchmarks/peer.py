"""What every peer that is measured can do: load, start, ask, stop."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.processes import Child, PeerError, free_port

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.tools import Tools

MEDIA = {"table": "application/sparql-results+json", "graph": "text/turtle"}
HOST = "127.0.0.1"


class OverdueError(PeerError):
    """Says that a query was not answered in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Holds one whole answer and the seconds from asking to its last byte."""

    seconds: float
    body: bytes


class Peer:
    """One engine: made for a work folder, loaded once, started and stopped as often as needed."""

    name = ""  # in file names
    title = ""  # in tables
    path = "/sparql"

    def __init__(self, tools: Tools, folder: Path) -> None:
        self.tools, self.folder = tools, folder
        self.port = 0
        self.child: Child | None = None
        self._connection: http.client.HTTPConnection | None = None

    def missing(self) -> str:
        """Return what is missing on this machine, or nothing."""
        return ""

    def version(self) -> str:
        """Return the version of what is measured."""
        raise NotImplementedError

    def load(self, data: Path, seconds: float) -> None:
        """Bring the N-Quads of a file into the engine's own form, where it has one on disk."""

    def command(self, data: Path) -> list[str | Path]:
        """Return the command that serves the data on `self.port`."""
        raise NotImplementedError

    def start(self, data: Path, seconds: float) -> None:
        """Start serving and wait until a query is answered."""
        self.port = free_port()
        self.child = Child(self.command(data), self.folder / "log", self.tools.memory_limit)
        self.child.until(self._answers, seconds)

    def stop(self) -> None:
        """End the engine's processes."""
        self._hang_up()
        if self.child is not None:
            self.child.stop()
            self.child = None

    def ask(self, text: str, form: str, timeout: float) -> Reply:
        """Return the answer to a query.

        Raises OverdueError past the time, PeerError for any other failure, the connection's loss included.
        """
        target = self.target(text)
        for fresh in (False, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(HOST, self.port)
                fresh = True
            try:
                return self._asked(self._connection, target, form, timeout)
            except TimeoutError:
                self._hang_up()
                raise OverdueError(f"no answer in {timeout:g} s") from None
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                if fresh:  # else the server closed a connection that it had kept for a while
                    raise PeerError(f"{type(error).__name__}: {error}") from error
        raise AssertionError

    def target(self, text: str) -> str:
        """Return the path and query of the URL that asks a query."""
        return f"{self.path}?query={quote(text, safe='')}"

    def _asked(self, connection: http.client.HTTPConnection, target: str, form: str, timeout: float) -> Reply:
        began = time.perf_counter()
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(timeout)
        connection.request("GET", target, headers={"Accept": MEDIA[form]})
        response = connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - began
        partial = response.getheader("X-SQL-State")  # Virtuoso's word for an answer that it cut short
        if response.status != 200 or partial:
            words = body.decode("utf-8", "replace").strip().splitlines()
            raise PeerError(f"{response.status} {partial or ''} {' '.join(words)[:200]}")
        return Reply(seconds, body)

    def _answers(self) -> bool:
        try:
            self.ask("ASK {}", "table", 10)
        except PeerError:
            return False
        return True

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
