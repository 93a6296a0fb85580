"""Work done beside this process: a function in a child process that ends when this one does, however this one ends.

The child holds the other end of a pipe that nothing is written to any more; when the pipe closes, which the kernel does
also for a process that is killed, the child kills its process group: itself and whatever it has started.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar, cast

import kg
from kg.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

Result = TypeVar("Result")


class Beside(Generic[Result]):
    """Runs a function of a module of the project beside this process; leaving the context ends it.

    Its arguments and what it returns or raises are pickled; it can print nothing.
    """

    def __init__(self, function: Callable[..., Result], *arguments: Any) -> None:
        package = str(Path(kg.__file__).parent.parent)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kg.beside"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))},
            start_new_session=True,  # a process group of its own
        )
        self._to, self._from = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._said: bytes | None = None
        with contextlib.suppress(BrokenPipeError):  # `result` tells why it died
            pickle.dump((function, arguments), self._to, pickle.HIGHEST_PROTOCOL)
            self._to.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for each in (self._to, self._from, self._log):
            with contextlib.suppress(BrokenPipeError):  # what could not be sent
                each.close()

    def result(self) -> Result:
        """Wait for the function and return its result; raise what it raised, or BuildError when its process died."""
        if self._said is None:
            self._said = self._from.read()
        if not self._said:
            code = self._process.wait()
            self._log.seek(0)
            last = self._log.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
            raise BuildError(f"A process of the build ended with {code}: {last[-1] if last else 'no word'}")
        result, error = pickle.loads(self._said)  # noqa: S301 - our own child wrote it
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe is closed, and kill the process group then."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def _said(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((function(*arguments), None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        error.add_note(traceback.format_exc())  # the traceback itself stays here
        try:
            return pickle.dumps((None, error), pickle.HIGHEST_PROTOCOL)
        except Exception:
            return pickle.dumps((None, BuildError(f"{type(error).__name__}: {error}")))


def main() -> None:
    """Do what the parent sends, and send it what came of it."""
    function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed goes where messages go
    with out:
        out.write(_said(function, arguments))


if __name__ == "__main__":
    main()
