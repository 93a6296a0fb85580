"""Corpora made once for all tests of the benchmark."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks import synthetic
from kg import build
from kg.config import Config

SIZES = {"a part of a report": 40_000, "a report and a part of another": 150_000}


@dataclass(frozen=True)
class Made:
    """A corpus with what was told of it."""

    path: Path
    asked: int
    facts: dict[str, Any]


@pytest.fixture(scope="session")
def model(built: Config) -> Path:
    """The build whose shape is learnt."""
    return build.current(built)


@pytest.fixture(scope="session")
def corpora(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Name of a size → the corpus."""
    folder = tmp_path_factory.mktemp("corpora")
    paths = {name: folder / f"{size}.nq" for name, size in SIZES.items()}
    return {name: Made(path, SIZES[name], synthetic.write(model, path, SIZES[name], 1)) for name, path in paths.items()}


@pytest.fixture(params=SIZES)
def corpus(request: pytest.FixtureRequest, corpora: dict[str, Made]) -> Made:
    """Each of the corpora."""
    return corpora[request.param]


@pytest.fixture(scope="session")
def small(corpora: dict[str, Made]) -> Made:
    """The smallest corpus."""
    return corpora["a part of a report"]
