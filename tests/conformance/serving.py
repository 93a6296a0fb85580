"""A real server for the W3C's tests: one process, pointed at another small build for each set of data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

from tests.conformance.suites import FORMATS, SITE
from tests.conftest import REPO

PROGRAM = """
import sys
from pathlib import Path
from kg.config import Limits
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_files_app
from kg.web.server import run
limits = Limits(workers=1)
engine = EmbeddedEngine(Path(sys.argv[1]), limits)
run(create_files_app(engine, limits), "127.0.0.1", 0, lambda line: print(line, flush=True))
engine.close()
"""
Data = tuple[tuple[str | None, Path], ...]


class Served:
    """The server, and the data that it serves now."""

    def __init__(self, folder: Path, suites: Path) -> None:
        self.folder, self.suites = folder, suites
        self._data: Data | None = None
        self._number = 0
        self.put(())
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder / "current")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPO), "TMPDIR": str(folder)},
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().split()[2]
        self.client = httpx.Client(base_url=address, timeout=60)

    def put(self, data: Data) -> None:
        """Serve these files: one replacement of the link, as when a new build is taken into service."""
        if data == self._data:
            return
        self._number += 1
        build = self.folder / str(self._number)
        build.mkdir()
        store = ox.Store(build / "store")
        for graph, path in data:
            store.load(
                path.read_bytes(),
                format=FORMATS[path.suffix],
                base_iri=SITE + path.relative_to(self.suites).as_posix(),
                to_graph=ox.NamedNode(graph) if graph else ox.DefaultGraph(),
            )
        store.flush()
        del store
        facts: dict[str, Any] = {"digest": f"{self._number:064}", "base": "", "quads": 0, "prefixes": {}, "graphs": []}
        (build / "build.json").write_text(json.dumps({**facts, "files": []}), encoding="utf-8")
        (self.folder / ".next").symlink_to(build)
        (self.folder / ".next").replace(self.folder / "current")
        self._data = data
        shutil.rmtree(self.folder / str(self._number - 2), ignore_errors=True)

    def close(self) -> None:
        """Stop the server as an operator does."""
        self.client.close()
        self._process.terminate()
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert self._process.wait(timeout=30) == 0
