"""Starts what is measured as child processes, reads their memory, bounds it, and ends them by their ids."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
_WATCHED = 1.0  # seconds between two looks at a child's memory


class PeerError(Exception):
    """Says that a peer could not do what it was asked to, in its own words where it has some."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Holds the resident memory of a process tree in bytes: the sum over processes, and with shared pages once."""

    rss: int
    pss: int


def tree(pid: int) -> list[int]:
    """Return the ids of a process and of all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def memory(pid: int) -> Memory:
    """Return what a process tree holds in memory now."""
    rss = pss = 0
    for each in tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        rss += sizes.get("Rss", 0) * 1024
        pss += sizes.get("Pss", 0) * 1024
    return Memory(rss, pss)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Child:
    """A child process in a session of its own, with its output in a file and a bound on its memory."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        memory_limit: int,
        *,
        cwd: Path = ROOT,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.log, self.memory_limit = log, memory_limit
        self.greatest = 0  # bytes, resident, as far as was seen
        self.over = False
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(each) for each in command],
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while self.process.poll() is None:
            held = sum(_resident(each) for each in tree(self.process.pid))
            self.greatest = max(self.greatest, held)
            if held > self.memory_limit:
                self.over = True
                self._signal(signal.SIGKILL)
            time.sleep(_WATCHED)

    def check(self) -> None:
        """Raise PeerError when the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise PeerError(self.epitaph(code))

    def epitaph(self, code: int) -> str:
        """Return why the process ended."""
        if self.over:
            return f"needed more than {self.memory_limit / 2**30:.1f} GiB of memory"
        last = [line for line in self.log.read_text("utf-8", "replace").splitlines() if line.strip()]
        return f"ended with {code}: {last[-1][:200] if last else 'no word'}"

    def wait(self, seconds: float) -> None:
        """Wait for the process's end; raise PeerError when it fails or is not done in time."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            raise PeerError(f"not done after {seconds:,.0f} s") from None
        if code:
            raise PeerError(self.epitaph(code))

    def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until the process is ready; raise PeerError when it ends before or is not ready in time."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                self.stop()
                raise PeerError(f"not ready after {seconds:,.0f} s")
            time.sleep(0.05)

    def stop(self, seconds: float = 30) -> None:
        """End the process, kindly first."""
        if self.process.poll() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self._signal(signal.SIGKILL)  # whatever of the group is left
        self.process.wait()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
