"""Versions before the one that is served: of the ontology, kept as they were released; of the data, said to be gone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from kg.config import Config
from kg.errors import BuildError
from kg.store.answering import open_engine
from kg.vocab import ASC, OWL, SCHEMES
from kg.web.app import create_app
from kg.web.frozen import writing
from tests.conftest import REPO, TINY, project_at
from tests.web.pages.test_ontology import FORMS

CURRENT = re.findall(r'owl:versionInfo "([^"]+)"', (REPO / "ontology" / "ascribe.ttl").read_text("utf-8"))[0]
EARLIER = "0.0.9"
KEPT = f"""@prefix asc: <{ASC}> .
@prefix owl: <{OWL}> .
<{SCHEMES[:-1]}> a owl:Ontology ; owl:versionIRI <{SCHEMES}{EARLIER}> ; owl:versionInfo "{EARLIER}" .
asc:Saying a owl:Class .
"""


def succeeding(folder: Path, kept: str) -> Config:
    """Lay out the tiny project with an ontology that names a version before it, of which a file is kept."""
    config = project_at(folder, TINY / "data")
    (folder / "ontology").unlink()
    shutil.copytree(REPO / "ontology", folder / "ontology", ignore=shutil.ignore_patterns("versions"))
    path = folder / "ontology" / "ascribe.ttl"
    said, names = path.read_text("utf-8"), f"owl:versionIRI <{SCHEMES}{CURRENT}> ;"
    assert names in said
    path.write_text(said.replace(names, f"{names}\n    owl:priorVersion <{SCHEMES}{EARLIER}> ;"), encoding="utf-8")
    if kept:
        (folder / "ontology" / "versions").mkdir()
        (folder / "ontology" / "versions" / f"{EARLIER}.ttl").write_text(kept, encoding="utf-8")
    dataset = config.data / "dataset.yaml"
    text = dataset.read_text("utf-8")
    dataset.write_text(text.replace("version: 0.1.0", "version: 0.2.0\nprevious: 0.1.0"), encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = succeeding(tmp_path_factory.mktemp("second"), KEPT)
    build.build(config)
    return config


@pytest.fixture(scope="module")
def second(project: Config) -> Iterator[FlaskClient]:
    engine = open_engine(project)
    yield create_app(project, engine).test_client()
    engine.close()


def test_an_earlier_version_is_given_as_it_was(second: FlaskClient) -> None:
    for suffix, (media, form) in FORMS.items():
        for response in (
            second.get(f"/ns/{EARLIER}", headers={"Accept": media}),
            second.get(f"/ns/{EARLIER}.{suffix}"),
        ):
            assert (response.status_code, response.mimetype) == (200, media)
            assert set(ox.parse(response.data, format=form)) == set(ox.parse(KEPT, format=ox.RdfFormat.TURTLE))
            assert f'</ns/{CURRENT}>; rel="latest-version"' in response.headers["Link"]
    assert f"{ASC}Saying" not in second.get("/ns.nt").text
    page = second.get(f"/ns/{EARLIER}", headers={"Accept": "text/html"})
    assert "kept as it was released" in page.text
    assert f'href="/ns/{EARLIER}.ttl"' in page.text
    assert "the query behind it" not in page.text
    assert second.get(f"/ns/{EARLIER}", headers={"Accept": "image/png"}).status_code == 406


def test_the_versions_are_named(second: FlaskClient) -> None:
    assert f'<a href="/ns/{EARLIER}">{EARLIER}</a>' in second.get("/ontology").text
    missing = second.get("/ns/0.0.1")
    assert missing.status_code == 404
    assert f"What is here: {CURRENT}, {EARLIER}." in missing.text


def test_the_static_copy_has_the_versions(project: Config, tmp_path: Path) -> None:
    writing.write(project, tmp_path / "site", processes=1)
    found = tmp_path / "site" / "ns"
    assert (found / f"{EARLIER}.html").is_file()
    assert (found / f"{EARLIER}.ttl").read_text("utf-8") == KEPT
    assert (found / f"{CURRENT}.ttl").read_bytes() == (tmp_path / "site" / "ns.ttl").read_bytes()


def test_the_version_of_the_data_before_is_gone_and_not_unknown(second: FlaskClient) -> None:
    gone = second.get("/version/0.1.0", headers={"Accept": "text/html"})
    assert gone.status_code == 410
    assert "came before version 0.2.0" in gone.text
    assert second.get("/version/0.0.1").status_code == 404
    assert second.get("/version/0.2.0").status_code == 303


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("", rf"{EARLIER}\.ttl is not there"),
        (KEPT.replace(f"{SCHEMES}{EARLIER}", f"{SCHEMES}0.0.8"), rf"{EARLIER}\.ttl is not version {EARLIER}"),
    ],
)
def test_a_version_that_is_not_kept_ends_the_build(tmp_path: Path, kept: str, said: str) -> None:
    with pytest.raises(BuildError, match=said):
        build.build(succeeding(tmp_path, kept))
