"""The small build's networks."""

from pathlib import Path

import pytest

from tests.store import builds
from tests.web.conftest import client, engine, project

__all__ = ["client", "engine", "index", "project"]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index file of a build of the small graph."""
    return builds.make(tmp_path_factory.mktemp("network") / "0001") / "search.sqlite"
