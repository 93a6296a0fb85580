"""One worker process as its parent sees it: started, asked one thing at a time, ended by its own process id.

Everything here runs on the engine's event loop; what may take a while (starting and reaping a process) is left to a
thread.
"""

from __future__ import annotations

import asyncio
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
_LENGTH = struct.Struct("!i")  # what stands before a message, as kg.store.worker reads and writes it
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

    def __init__(self, build: Path, process: subprocess.Popen[bytes], log: IO[bytes], pipe: _Pipe) -> None:
        self.build = build
        self._process, self._log, self._pipe = process, log, pipe
        self._killed = False

    @classmethod
    async def start(cls, build: Path, limits: Limits, nice: int = 0) -> Worker:
        """Return a new worker that has the build's store open; `nice` is by how much it stands back for others."""
        ours, theirs = socket.socketpair()
        log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        with theirs:
            process = await asyncio.to_thread(_run, build, limits, nice, theirs.fileno(), log)
        _, pipe = await asyncio.get_running_loop().create_connection(_Pipe, sock=ours)
        worker = cls(build, process, log, pipe)
        try:
            hello, _ = await worker._answered(None, time.monotonic() + _START)
        except (OutOfTimeError, WorkerDiedError) as error:
            await worker.stop()
            raise AscribeError(f"A query worker did not start: {error}") from error
        except BaseException:
            worker.kill()
            raise
        if "error" in hello:
            await worker.stop()
            raise MissingPartError(f"The store below {build} cannot be opened ({hello['message']}). Run `kg build`.")
        return worker

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether the child can be asked something."""
        return not (self._killed or self._pipe.closed)

    async def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes]:
        """Return (header, payload); after OutOfTimeError or WorkerDiedError the worker is of no more use."""
        return await self._answered(json.dumps(request).encode(), deadline)

    def kill(self) -> None:
        """End the child at once; who waits for its answer is told that it died."""
        self._killed = True
        self._process.kill()

    async def stop(self) -> None:
        """Kill the child and wait until it is gone."""
        self.kill()
        await asyncio.to_thread(self._process.wait)
        self._pipe.close()
        self._log.close()

    async def _answered(self, message: bytes | None, deadline: float) -> tuple[dict[str, Any], bytes]:
        try:
            answer = await self._pipe.exchange(message, deadline)
        except EOFError:
            raise await asyncio.to_thread(self._post_mortem) from None
        header, _, payload = answer.partition(b"\n")
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


class _Pipe(asyncio.Protocol):
    """Sends a message to the child and waits for the one that it sends back."""

    def __init__(self) -> None:
        self._transport: Any = None
        self.closed = False
        self._held = bytearray()
        self._awaited: asyncio.Future[bytes] | None = None

    async def exchange(self, message: bytes | None, deadline: float) -> bytes:
        """Send a message, if there is one, and return the next that comes.

        Raises OutOfTimeError at the deadline (of time.monotonic) and EOFError when the child hangs up.
        """
        loop = asyncio.get_running_loop()
        awaited: asyncio.Future[bytes] = loop.create_future()
        self._awaited = awaited
        timer = loop.call_at(deadline, self._fail, OutOfTimeError("no answer in time"))
        try:
            if self.closed:
                raise EOFError
            if message is not None:
                self._transport.write(_LENGTH.pack(len(message)) + message)
            self.data_received(b"")
            return await awaited
        finally:
            timer.cancel()
            self._awaited = None

    def close(self) -> None:
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        if len(self._held) < _LENGTH.size or self._awaited is None or self._awaited.done():
            return
        end = _LENGTH.size + int(_LENGTH.unpack_from(self._held)[0])
        if len(self._held) >= end:
            with memoryview(self._held) as held:
                message = bytes(held[_LENGTH.size : end])
            del self._held[:end]
            self._awaited.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio passes it
        self.closed = True
        self._fail(EOFError())

    def _fail(self, error: Exception) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(error)


def _run(build: Path, limits: Limits, nice: int, descriptor: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the child; it talks over `descriptor`."""
    package = str(Path(kg.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    arguments = [str(descriptor), str(build / "store"), str(limits.memory_bytes)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "kg.store.worker", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        pass_fds=[descriptor],
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # an interrupt at the terminal is the server's to handle
    )
    if nice:
        os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)
    return process
