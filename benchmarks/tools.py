"""What the peers need on this machine: their Python packages in an environment of their own, and bounds for all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent / "requirements.lock"


class Tools:
    """Finds the peers' programs, and installs the Python ones when first asked."""

    def __init__(self, folder: Path, memory_limit: int) -> None:
        self.environment = folder / "peers"
        self.memory_limit = memory_limit
        self._fault: str | None = None

    def missing(self, name: str) -> str:
        """Return why a program of the peers' environment cannot be run, or nothing."""
        if self._fault is None:
            self._fault = self._install()
        return self._fault or ("" if self.program(name).exists() else f"{name} is not in {self.environment}")

    def program(self, name: str) -> Path:
        """Return the path of a program of the peers' environment."""
        return self.environment / "bin" / name

    def package(self, name: str) -> str:
        """Return the version of a package that the lock file names."""
        for line in LOCK.read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{name}=="):
                return line.split("==")[1].split()[0]
        return "unknown"

    def _install(self) -> str:
        stamp = self.environment / "installed"
        wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return ""
        make = [sys.executable, "-m", "venv", "--clear", str(self.environment)]
        pip = [str(self.program("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in (make, [*pip, "--require-hashes", "-r", str(LOCK)]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr or done.stdout).strip().splitlines()
                return f"{' '.join(command[:4])} … failed: {last[-1] if last else 'no word'}"
        stamp.write_text(wanted, encoding="utf-8")
        return ""


def memory_of_machine() -> int:
    """Return the bytes of memory that the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
