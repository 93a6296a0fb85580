"""Releases to test: of the tiny corpus and of the real one, each built once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import build
from kg.config import Config
from kg.export.publication import Publication
from tests.conftest import TINY, project_at


@dataclass(frozen=True)
class Release:
    """A build, the folder of its release, and what it published."""

    config: Config
    folder: Path
    publication: Publication

    @property
    def name(self) -> str:
        return str(self.publication.dataset["id"])

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()


def release_of(config: Config) -> Release:
    return Release(config, build.current(config) / "release", build.published(config))


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    config = project_at(tmp_path_factory.mktemp("tiny"), TINY / "data")
    build.build(config)
    return release_of(config)


@pytest.fixture(scope="session")
def real_release(built: Config) -> Release:
    return release_of(built)


@pytest.fixture(params=["tiny", "real"])
def release(request: pytest.FixtureRequest) -> Release:
    found: Release = request.getfixturevalue(f"{request.param}_release")
    return found
