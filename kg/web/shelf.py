"""Holds the operator's own copies of sources' texts while the server runs: in memory alone, never in a file."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from flask import current_app

from kg.errors import UsageError
from kg.store import reading
from kg.texts import Copy, SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.store.engine import Build

PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, noarchive"}  # of what shows such a text
_LOG = logging.getLogger(__name__)


class Shelf:
    """Gives the copy of a source's text, its passages placed as the build that is served has them."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self._texts: dict[str, SourceText] = {}
        self._copies: dict[tuple[str, str], Copy | None] = {}  # by the build's digest and the source
        self._lock = threading.Lock()

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources whose text is shown."""
        return tuple(sorted(self._files))

    def open(self, build: Build) -> list[str]:
        """Read all texts and place their passages; return a line on each for the operator.

        Raises UsageError for a source that the build does not have and for another document, MissingPartError where
        there is no file.
        """
        said = []
        for source, file in self._files.items():
            copy, known = self._copied(build, source), len(reading.passages(build.search, _iri(build, source)))
            self._copies[build.digest, source] = copy
            what = "the pinned edition" if copy.pinned else f"{len(copy.places):,} of {known:,} passages found in it"
            said.append(f"{source}: shown beside its claims from {file} ({what}).")
        return said

    def copy(self, build: Build, source: str) -> Copy | None:
        """Return the operator's copy of a source's text by the source's id, or None where none was given."""
        if source not in self._files:
            return None
        with self._lock:
            key = build.digest, source
            if key not in self._copies:
                try:
                    placed: Copy | None = self._copied(build, source)
                except UsageError as error:  # the build was replaced by one that has other passages
                    _LOG.warning("%s", error)
                    placed = None
                self._copies = {each: kept for each, kept in self._copies.items() if each[0] == build.digest}
                self._copies[key] = placed
            return self._copies[key]

    def _copied(self, build: Build, source: str) -> Copy:
        file = self._files[source]
        whole = reading.outline(build.search, _iri(build, source))
        if whole is None:
            known = ", ".join(each.removeprefix(f"{build.base}source/") for each in reading.sources(build.search))
            raise UsageError(
                f"There is no source {source} to show {file} for; the sources are {known or 'none'}. "
                "Say it as --text SOURCE=FILE."
            )
        if source not in self._texts:
            self._texts[source] = SourceText.open(source, file)
        passages = reading.passages(build.search, _iri(build, source))
        return Copy.of(self._texts[source], whole.title, whole.sha256, passages, file)


def shelf() -> Shelf:
    """Return the copies that the running application shows."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def _iri(build: Build, source: str) -> str:
    return f"{build.base}source/{source}"
