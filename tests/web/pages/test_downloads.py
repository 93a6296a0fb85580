"""The files of the release: all of them listed, each as it stands on the disk, and nothing else of the disk."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import build
from kg.config import Config
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from kg.web.pages.downloads import release, size_in_words
from tests.conftest import REPO, TINY, project_at

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = project_at(tmp_path_factory.mktemp("released"), TINY / "data")
    build(config)
    return config


@pytest.fixture(scope="module")
def served(released: Config) -> Iterator[FlaskClient]:
    engine = EmbeddedEngine(released.build / "current", released.limits)
    yield create_app(Config(root=REPO, build=released.build), engine).test_client()
    engine.close()


def test_every_file_is_listed_with_its_checksum_and_given_as_it_is(released: Config, served: FlaskClient) -> None:
    text = served.get("/downloads", headers=HTML).text
    folder = released.build / "current" / "release"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(re.findall(r'<a href="/downloads/([^"]+)" download>', text)) == names
    assert len(names) > 20
    for name in sorted(names):
        content = (folder / name).read_bytes()
        with served.get(f"/downloads/{name}") as response:
            assert response.data == content, name
            assert response.headers["Content-Disposition"].startswith("attachment")
        if name != "SHA256SUMS":
            assert hashlib.sha256(content).hexdigest() in text, name


def test_the_groups_say_what_the_files_are(released: Config) -> None:
    groups = release(released.build / "current" / "release")
    about = {file.name: (group.title, group.about) for group in groups for file in group.files}
    assert about["claims.csv"] == (
        "One row a claim",
        "Who says what, about whom, when, how surely, and where it stands",
    )
    assert about["nanopubs.trig"][0].startswith("Each claim as a nanopublication")
    formats = {file.name: file.format for group in groups for file in group.files}
    assert (formats["claims.csv"], formats["nanopubs.trig"], formats["SHA256SUMS"]) == ("CSV", "TriG", "text")


def test_the_front_page_offers_the_files_that_most_come_for(served: FlaskClient) -> None:
    text = served.get("/", headers=HTML).text
    assert '<a href="/downloads/claims.csv" download>claims.csv</a>' in text
    assert "This build has no release" not in text


@pytest.mark.parametrize("name", ["nix.ttl", "../build.json", "%2e%2e/build.json", "/etc/passwd", "..%2fsearch.sqlite"])
def test_nothing_but_the_release_is_given(served: FlaskClient, name: str) -> None:
    response = served.get(f"/downloads/{name}", headers=HTML)
    assert response.status_code in (404, 308)
    assert b"SQLite" not in response.data


def test_a_file_that_a_browser_has_is_not_sent_again(served: FlaskClient) -> None:
    with served.get("/downloads/claims.csv") as first:
        tag = first.headers["ETag"]
    with served.get("/downloads/claims.csv", headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_build_without_a_release_says_how_to_make_one(client: FlaskClient, tmp_path: Path) -> None:
    assert "This build has no release" in client.get("/downloads", headers=HTML).text
    assert client.get("/downloads/claims.csv").status_code == 404
    assert release(tmp_path) == ()


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (803671, "804 kB"), (999_600, "1.0 MB"), (24487100, "24.5 MB")],
)
def test_sizes_are_said_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words
