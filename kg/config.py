"""Frozen settings, built once at the edge and passed in; nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Holds what one query may take: seconds, bytes of answer, bytes of memory, and what all together may."""

    timeout: float = 30.0
    result_bytes: int = 256 * 2**20
    memory_bytes: int = 1024 * 2**20
    query_bytes: int = 1 * 2**20
    nesting: int = 200
    workers: int = 2
    queue: int = 128  # queries that may wait; three quarters of them one client's
    cache_bytes: int = 32 * 2**20  # of small answers, kept until the dataset changes


@dataclass(frozen=True, slots=True)
class Config:
    """Says where the project's folders are and which limits hold; every path is below `root` unless given."""

    root: Path
    build: Path
    texts: dict[str, Path] = field(default_factory=dict)  # source id → the operator's copy of its text
    limits: Limits = Limits()

    @classmethod
    def at(cls, root: Path, build: Path | None = None, texts: dict[str, Path] | None = None) -> Config:
        """Return the settings of a project folder; `build` defaults to its `build/`."""
        return cls(root=root, build=build or root / "build", texts=texts or {})

    @property
    def data(self) -> Path:
        """Return the folder of the curated files."""
        return self.root / "data"

    @property
    def ontology(self) -> Path:
        """Return the folder of ontology, context, shapes, schemas and vocabularies."""
        return self.root / "ontology"

    @property
    def queries(self) -> Path:
        """Return the folder of the query files."""
        return self.root / "queries"
