"""A real server with short limits, for as long as the tests of a file."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPO
from tests.store import builds

PROGRAM = """
import sys
from pathlib import Path
from kg.config import Config, Limits
from kg.web.server import serve
root = Path(sys.argv[1])
limits = Limits(timeout=1.0, memory_bytes=256 * 2**20, result_bytes=8 * 2**20, workers=2)
serve(Config(root=root, build=root / "build", limits=limits), "127.0.0.1", 0, lambda line: print(line, flush=True))
"""


class Target:
    """The server that is attacked."""

    def __init__(self, root: Path) -> None:
        self.log = (root / "log").open("w+b")
        environment = {**os.environ, "PYTHONPATH": str(REPO)}
        command = [sys.executable, "-c", PROGRAM, str(root)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[2]
        self.port = int(self.address.rpartition(":")[2])

    def client(self, source: str = "127.0.0.1") -> httpx.Client:
        """A client at an address of this machine, which the server tells from the others."""
        transport = httpx.HTTPTransport(local_address=source, verify=False)  # no time for certificates that none needs
        return httpx.Client(base_url=self.address, transport=transport, timeout=30, trust_env=False)

    def stop(self) -> str:
        """End the server and return what it logged."""
        self.process.terminate()
        assert self.process.wait(timeout=20) == 0
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.seek(0)
        text = self.log.read().decode("utf-8", "replace")
        self.log.close()
        return text


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    root = tmp_path_factory.mktemp("target")
    (root / "queries").symlink_to(REPO / "queries")
    (root / "build").mkdir()
    builds.serve(root / "build" / "current", builds.make(root / "build" / "0001"))
    found = Target(root)
    yield found
    text = found.stop()
    assert "Traceback" not in text, text[text.index("Traceback") - 500 :][:3000]
    assert " status=500 " not in text
