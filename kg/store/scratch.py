"""Folders for the time being, which go in the end, whatever signal comes at whatever moment."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPS = (signal.SIGTERM, signal.SIGINT)


class Folder:
    """Makes a folder of its own; it goes when it is closed, or when the program ends without having closed it."""

    def __init__(self, prefix: str) -> None:
        with _undisturbed():
            self._made = TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        self.path = Path(self._made.name)

    def close(self) -> None:
        """Remove the folder and what is in it."""
        with _undisturbed():
            self._made.cleanup()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals to stop wait until this is over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
