"""The small build and engines on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.config import Limits
from kg.store import index, layout
from kg.store.embedded import EmbeddedEngine
from tests.store import builds


@pytest.fixture(scope="session")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builds.make(tmp_path_factory.mktemp("build") / "one")


@pytest.fixture
def engine_with(small_build: Path) -> Iterator[Callable[..., EmbeddedEngine]]:
    """Open engines with limits of one's own; all are closed in the end."""
    opened: list[EmbeddedEngine] = []

    def open_one(current: Path = small_build, **limits: float) -> EmbeddedEngine:
        opened.append(EmbeddedEngine(current, Limits(**limits)))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def engine(engine_with: Callable[..., EmbeddedEngine]) -> EmbeddedEngine:
    return engine_with()


@pytest.fixture(scope="session")
def drawn_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index file of the graph of dates, figures and places."""
    quads = ox.parse(builds.DRAWINGS.read_text("utf-8"), format=ox.RdfFormat.TRIG)
    found = tmp_path_factory.mktemp("drawn") / "search.sqlite"
    index.build(layout.in_memory(quads), found, builds.BASE)
    return found
