"""The application on the small build."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg import build
from kg.config import Config, Limits
from kg.store.answering import open_engine
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from kg.web.site import Site
from tests.conftest import REPO, TINY, project_at
from tests.store import builds

TITLE = 'A tiny "corpus" </script><b>'


@pytest.fixture(scope="session")
def published_project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The tiny corpus under an odd title, built by the pipeline: with its release."""
    found = project_at(tmp_path_factory.mktemp("published"), TINY / "data")
    path = found.data / "dataset.yaml"
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("title: A tiny corpus", f"title: {json.dumps(TITLE)}"), encoding="utf-8")
    build.build(found)
    return found


@pytest.fixture(scope="session")
def published(published_project: Config) -> Iterator[FlaskClient]:
    """A client of the tiny corpus."""
    engine = open_engine(published_project)
    yield create_app(published_project, engine).test_client()
    engine.close()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A project folder with the repository's queries, one example question, and a build in service."""
    root = tmp_path_factory.mktemp("project")
    (root / "queries" / "examples").mkdir(parents=True)
    (root / "queries" / "pages").symlink_to(REPO / "queries" / "pages")
    (root / "queries" / "examples" / "speakers.rq").write_text(
        "# title: Who says <what>?\n# description: All speakers.\n# tags: test\n"
        "SELECT ?speaker { ?claim asc:claimant ?speaker }\n",
        encoding="utf-8",
    )
    (root / "build").mkdir()
    builds.serve(root / "build" / "current", builds.make(root / "build" / "0001"))
    return Config(root=root, build=root / "build", limits=Limits(timeout=3.0))


@pytest.fixture(scope="session")
def engine(project: Config) -> Iterator[EmbeddedEngine]:
    found = EmbeddedEngine(project.build / "current", project.limits)
    yield found
    found.close()


@pytest.fixture
def client(project: Config, engine: EmbeddedEngine) -> FlaskClient:
    return create_app(project, engine).test_client()


@pytest.fixture(scope="session")
def html() -> dict[str, str]:
    """What a browser sends."""
    return {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="session")
def project_root(project: Config) -> Path:
    return project.root


@pytest.fixture(scope="session")
def drawn_project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A project folder with the repository's page queries and, in service, the graph that the drawings are tried on."""
    root = tmp_path_factory.mktemp("drawn")
    (root / "queries" / "examples").mkdir(parents=True)
    (root / "queries" / "pages").symlink_to(REPO / "queries" / "pages")
    (root / "build").mkdir()
    made = builds.make(root / "build" / "0001", builds.DRAWINGS.read_text("utf-8"))
    builds.serve(root / "build" / "current", made)
    return Config(root=root, build=root / "build", limits=Limits(timeout=3.0))


@pytest.fixture(scope="session")
def drawn_engine(drawn_project: Config) -> Iterator[EmbeddedEngine]:
    found = EmbeddedEngine(drawn_project.build / "current", drawn_project.limits)
    yield found
    found.close()


@pytest.fixture
def drawn(drawn_project: Config, drawn_engine: EmbeddedEngine) -> FlaskClient:
    """A client of the graph of dates, figures and places."""
    return create_app(drawn_project, drawn_engine).test_client()


@pytest.fixture
def drawn_site(drawn: FlaskClient) -> Site:
    site: Site = drawn.application.extensions["ascribe"]
    return site
