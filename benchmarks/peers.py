"""The peers that are measured side by side, each behind the same few methods: load, start, ask, stop."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.processes import ROOT, Child, PeerError, free_port
from kg import __version__

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
        command = [sys.executable, "-m", "benchmarks.inprocess", str(theirs.fileno()), self.folder / "store"]
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
        store = self.folder / "store"
        shutil.rmtree(store, ignore_errors=True)
        for command in (["load", "--location", store, "--file", data], ["optimize", "--location", store]):
            log = self.folder / "log"
            Child([self.tools.program("oxigraph"), *command], log, self.tools.memory_limit).wait(seconds)

    def command(self, data: Path) -> list[str | Path]:  # noqa: ARG002 - it is loaded
        """Return the command line of the server."""
        place = ["--location", self.folder / "store", "--bind", f"{HOST}:{self.port}"]
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


class Virtuoso(Peer):
    """Virtuoso 7 from Debian's package, with a database of its own; the default graph is a graph by name there."""

    name, title = "virtuoso", "Virtuoso 7"
    _sql_port = 0
    graph = "urn:benchmark:default"
    buffers = 170_000  # of 8 KiB: 1.3 GiB, what its manual advises for 2 GB

    def missing(self) -> str:
        """Return which program is missing."""
        absent = [each for each in ("virtuoso-t", "isql-vt") if shutil.which(each) is None]
        return f"{' and '.join(absent)} not found: apt-get install virtuoso-opensource-7" if absent else ""

    def version(self) -> str:
        """Return the version that the program tells."""
        done = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)  # noqa: S607
        found = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Version ")]
        return found[0].removeprefix("Version ").split(" ")[0] if found else "unknown"

    def load(self, data: Path, seconds: float) -> None:
        """Make a database and load the file with the bulk loader."""
        database = self.folder / "database"
        shutil.rmtree(database, ignore_errors=True)
        database.mkdir(parents=True)
        linked = database / "data"
        linked.mkdir()
        (linked / "corpus.nq").symlink_to(data.resolve())
        super().start(data, seconds)
        try:
            self._sql(f"ld_dir('{linked}', '*.nq', '{self.graph}'); rdf_loader_run(); checkpoint;", seconds)
            faults = self._sql("SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL OR ll_state <> 2;", 60)
            if faults.strip():
                raise PeerError(f"the bulk loader says: {faults.strip()[:200]}")
        finally:
            self.stop()

    def target(self, text: str) -> str:
        """Return the URL with the default graph named: without, all graphs together are the default graph."""
        return f"{super().target(text)}&default-graph-uri={quote(self.graph, safe='')}"

    def command(self, data: Path) -> list[str | Path]:  # noqa: ARG002 - it is loaded
        """Write the settings and return the command line of the server."""
        self._sql_port = free_port()
        settings = self.folder / "database" / "virtuoso.ini"
        settings.write_text(
            INI.format(folder=settings.parent, sql=self._sql_port, http=self.port, buffers=self.buffers,
                       dirty=self.buffers * 3 // 4, graph=self.graph, host=HOST), encoding="utf-8",
        )  # fmt: skip
        return ["virtuoso-t", "+configfile", settings, "+foreground"]

    def _sql(self, commands: str, seconds: float) -> str:
        options = ["BANNER=OFF", "PROMPT=OFF", "VERBOSE=OFF", "ERRORS=STDOUT"]
        command = ["isql-vt", f"{HOST}:{self._sql_port}", "dba", "dba", *options, f"EXEC={commands}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise PeerError(f"not done after {seconds:,.0f} s") from None
        if done.returncode or "*** Error" in done.stdout:
            raise PeerError((done.stdout + done.stderr).strip()[:300])
        return done.stdout


INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = {host}:{sql}
ServerThreads = 100
DisableUnixSocket = 1
MaxClientConnections = 100
CheckpointInterval = 0
DirsAllowed = ., {folder}/data
SchedulerInterval = 10
CaseMode = 2
MaxQueryMem = 4G
VectorSize = 1000
MaxVectorSize = 1000000
AdjustVectorSize = 0
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 10
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = {host}:{http}
ServerRoot = {folder}
MaxClientConnections = 100
ServerThreads = 100
MaxKeepAlives = 100
KeepAliveTimeout = 60
EnabledDavVSP = 0
HTTPThreadSize = 280000
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 100000
DeferInferenceRulesInit = 0
"""

PEERS: tuple[type[Peer], ...] = (Ascribe, InProcess, OxigraphServer, Virtuoso, RdflibOnOxigraph, RdflibEndpoint)


def _git(*arguments: str) -> str:
    """Return what git says of the project, nothing where it is no repository."""
    if shutil.which("git") is None:
        return ""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
