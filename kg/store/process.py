"""One worker process as its parent sees it: started, asked one thing at a time, ended by its own process id."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import kg
from kg.errors import AscribeError, MissingPartError

if TYPE_CHECKING:
    from kg.config import Limits

_OVER_MEMORY = 77  # as in kg.store.worker, which is not imported here: it loads the database library
_LENGTH = struct.Struct("!i")  # as multiprocessing's connections frame a message, which the child uses
_TIME = struct.Struct("ll")  # seconds and microseconds, as SO_RCVTIMEO takes them
_PIECE = 2**16  # bytes
_START = 30.0  # seconds that a worker may take to open its store


class WorkerDiedError(Exception):
    """Says that a worker ended before its answer; `memory` when it was for want of memory."""

    def __init__(self, memory: bool, detail: str) -> None:
        self.memory = memory
        super().__init__(detail)


class OutOfTimeError(Exception):
    """Says that the deadline passed before an answer."""


class Worker:
    """Handles one child process: starts it, asks it one thing at a time, ends it by its own process id."""

    def __init__(self, build: Path, limits: Limits, nice: int = 0) -> None:
        self.build = build
        self._socket, theirs = socket.socketpair()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        package = str(Path(kg.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        arguments = [str(theirs.fileno()), str(build / "store"), str(limits.memory_bytes)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kg.store.worker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # an interrupt at the terminal is the server's to handle
        )
        theirs.close()
        if nice:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)
        try:
            hello, _ = self._receive(time.monotonic() + _START)
        except (OutOfTimeError, WorkerDiedError) as error:
            self.stop()
            raise AscribeError(f"A query worker did not start: {error}") from error
        if "error" in hello:
            self.stop()
            raise MissingPartError(f"The store below {build} cannot be opened ({hello['message']}). Run `kg build`.")

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether the child still runs."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes]:
        """Return (header, payload); after OutOfTimeError or WorkerDiedError the worker is of no more use."""
        message = json.dumps(request).encode()
        try:
            self._socket.sendall(_LENGTH.pack(len(message)) + message)
        except OSError as error:
            raise self._post_mortem() from error
        return self._receive(deadline)

    def stop(self) -> None:
        """Kill the child and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        self._log.close()

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """Return the child's next message: a header, and what comes with it.

        The system watches the time, so that a waiting thread takes its turn among the others once, when all is there.
        """
        held, size = bytearray(), 0
        while not size or len(held) < size:
            seconds = deadline - time.monotonic()
            if seconds <= 0:
                raise OutOfTimeError("no answer in time")
            limit = _TIME.pack(int(seconds), int(seconds % 1 * 1e6) or 1)
            try:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
                piece = self._socket.recv(_PIECE)
            except BlockingIOError:
                raise OutOfTimeError("no answer in time") from None
            except OSError as error:
                raise self._post_mortem() from error
            if not piece:
                raise self._post_mortem()
            held += piece
            if not size and len(held) >= _LENGTH.size:
                size = _LENGTH.size + int(_LENGTH.unpack_from(held)[0])
        header, _, payload = bytes(held[_LENGTH.size :]).partition(b"\n")
        return json.loads(header), payload

    def _post_mortem(self) -> WorkerDiedError:
        """Return why the child ended, from its exit code and what it wrote last."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return WorkerDiedError(False, "it closed its pipe")
        self._log.seek(0)
        last = self._log.read()[-2000:].decode("utf-8", "replace").strip()
        starved = code == _OVER_MEMORY or "memory allocation" in last or "MemoryError" in last or "bad_alloc" in last
        return WorkerDiedError(starved, last.splitlines()[-1] if last else f"exit code {code}")
