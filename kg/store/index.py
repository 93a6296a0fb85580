"""Makes the index file of a build: the tables that pages read, which cost the same however large the graph is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.store import chronicle, entries, facets, figures, gazetteer, lines, reading, search

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox


def build(store: ox.Store, path: Path, base: str) -> None:
    """Write a new index file at `path` of what a store in memory holds below a base."""
    search.build(store, path, base)
    facets.build(store, path, base)  # numbers the claims: what comes after it needs that
    lines.build(store, path)
    entries.build(store, path, base)
    chronicle.build(store, path, base)
    figures.build(store, path)
    gazetteer.build(store, path, base)
    reading.build(store, path)
