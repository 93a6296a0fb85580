"""The peers that are measured side by side, each behind the methods of :class:`benchmarks.peer.Peer`."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from benchmarks.peer import HOST, OverdueError, Peer, Reply
from benchmarks.processes import ROOT, Child, PeerError
from benchmarks.virtuoso import Virtuoso
from kg import __version__

if TYPE_CHECKING:
    from pathlib import Path


class Ascribe(Peer):
    """This project's endpoint, as `kg serve` runs it."""

    name, title = "ascribe", "Ascribe"

    def version(self) -> str:
        """Return the program's version and the last commit to it, marked where files differ from that."""
        commit = _git("log", "-1", "--format=%h", "--", "kg")
        changed = "+" if _git("status", "--porcelain", "--", "kg") else ""
        return f"{__version__} ({commit}{changed})" if commit else __version__

    def load(self, data: Path, seconds: float) -> None:
        """Write a build of the file as `kg serve FILE` does when it starts."""
        build = self.folder / "build" / "0001-benchmark"
        shutil.rmtree(build.parent, ignore_errors=True)
        build.mkdir(parents=True)
        (build.parent / "current").symlink_to(build.name)
        code = (
            "import sys; from pathlib import Path; from kg.store import files; "
            "files.load([Path(sys.argv[1])], Path(sys.argv[2]))"
        )
        Child([sys.executable, "-c", code, data, build], self.folder / "log", self.tools.memory_limit).wait(seconds)

    def command(self, data: Path) -> list[str | Path]:  # noqa: ARG002 - it is loaded
        """Return the command line of the server."""
        return [sys.executable, "-m", "kg", "--build-dir", self.folder / "build", "serve", "--port", str(self.port)]


class InProcess(Peer):
    """pyoxigraph called in process: what no server on it can go below."""

    name, title = "pyoxigraph", "pyoxigraph in process"
    _pipe: Connection | None = None

    def version(self) -> str:
        """Return the library's version."""
        return version("pyoxigraph")

    def load(self, data: Path, seconds: float) -> None:
        """Write a store, optimised as one that is served."""
        store = self.folder / "store"
        shutil.rmtree(store, ignore_errors=True)
        code = (
            "import sys, pyoxigraph as ox; store = ox.Store(sys.argv[2]); "
            "store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS); store.optimize(); store.flush()"
        )
        Child([sys.executable, "-c", code, data, store], self.folder / "log", self.tools.memory_limit).wait(seconds)

    def start(self, data: Path, seconds: float) -> None:  # noqa: ARG002 - it is loaded
        """Start the process that asks."""
        ours, theirs = socket.socketpair()
        store = str(self.folder / "store")
        command = [sys.executable, "-m", "benchmarks.inprocess", str(theirs.fileno()), store]
        self.child = Child(command, self.folder / "log", self.tools.memory_limit, pass_fds=[theirs.fileno()])
        theirs.close()
        self._pipe = Connection(ours.detach())
        self.ask("ASK {}", "table", seconds)

    def ask(self, text: str, form: str, timeout: float) -> Reply:  # noqa: ARG002 - it follows from the query
        """Return the answer and the seconds that it took inside the process."""
        if self._pipe is None:
            raise PeerError("it is not started")
        try:
            self._pipe.send(text)
            if not self._pipe.poll(timeout):
                raise OverdueError(f"no answer in {timeout:g} s")
            seconds, error, body = self._pipe.recv()
        except (OSError, EOFError) as fault:
            raise PeerError(f"{type(fault).__name__}: {fault}") from fault
        if error:
            raise PeerError(error)
        return Reply(seconds, body)

    def stop(self) -> None:
        """End the process."""
        super().stop()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


class OxigraphServer(Peer):
    """Oxigraph's own server, from the wheel `oxigraph`, without `--timeout-s`."""

    name, title, path = "oxigraph", "Oxigraph's server", "/query"

    def missing(self) -> str:
        """Return what keeps the wheel's program from running."""
        return self.tools.missing("oxigraph")

    def version(self) -> str:
        """Return the program's version."""
        return self.tools.package("oxigraph")

    def load(self, data: Path, seconds: float) -> None:
        """Load and optimise with the program's own commands."""
        shutil.rmtree(self.folder / "store", ignore_errors=True)
        place = ["--location", str(self.folder / "store")]
        for command in (["load", *place, "--file", str(data)], ["optimize", *place]):
            log = self.folder / "log"
            Child([self.tools.program("oxigraph"), *command], log, self.tools.memory_limit).wait(seconds)

    def command(self, data: Path) -> list[str | Path]:  # noqa: ARG002 - it is loaded
        """Return the command line of the server."""
        place = ["--location", str(self.folder / "store"), "--bind", f"{HOST}:{self.port}"]
        return [self.tools.program("oxigraph"), "serve-read-only", *place]


class RdflibEndpoint(Peer):
    """rdflib-endpoint on rdflib's own store, in memory."""

    name, title, kind = "rdflib", "rdflib-endpoint on rdflib", "memory"

    def missing(self) -> str:
        """Return what keeps the packages from running."""
        return self.tools.missing("uvicorn")

    def version(self) -> str:
        """Return the versions of the packages."""
        return ", ".join(f"{each} {self.tools.package(each)}" for each in ("rdflib-endpoint", "rdflib"))

    def command(self, data: Path) -> list[str | Path]:
        """Return the command that loads the file and serves it."""
        return [self.tools.program("python"), ROOT / "benchmarks" / "serve_rdflib.py", self.kind, data, str(self.port)]


class RdflibOnOxigraph(RdflibEndpoint):
    """rdflib-endpoint on Oxigraph's store, in memory, by way of oxrdflib."""

    name, title, kind = "oxrdflib", "rdflib-endpoint on Oxigraph", "oxigraph"

    def version(self) -> str:
        """Return the versions of the packages."""
        parts = ("rdflib-endpoint", "oxrdflib", "pyoxigraph")
        return ", ".join(f"{each} {self.tools.package(each)}" for each in parts)


PEERS: tuple[type[Peer], ...] = (Ascribe, InProcess, OxigraphServer, Virtuoso, RdflibOnOxigraph, RdflibEndpoint)


def _git(*arguments: str) -> str:
    """Return what git says of the project, nothing where it is no repository."""
    if shutil.which("git") is None:
        return ""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
