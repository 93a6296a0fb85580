"""Virtuoso 7 as a peer: a database of its own with Debian's programs, on ports of 127.0.0.1 alone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from benchmarks.peer import HOST, Peer
from benchmarks.processes import PeerError, free_port

SETTINGS = Path(__file__).resolve().parent / "virtuoso.ini"


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
            SETTINGS.read_text(encoding="utf-8").format(
                folder=settings.parent,
                sql=self._sql_port,
                http=self.port,
                buffers=self.buffers,
                dirty=self.buffers * 3 // 4,
                host=HOST,
            ),
            encoding="utf-8",
        )
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
