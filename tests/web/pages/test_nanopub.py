"""A trusty URI gives the nanopublication that it names, and nothing else."""

import re

import nanopub
import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

PATH = "/np/"
TRIG = {"Accept": "application/trig"}


@pytest.fixture(scope="module")
def uris(published: FlaskClient) -> list[str]:
    with published.get("/downloads/nanopubs.trig") as answer:
        return re.findall(r"^@prefix this: <(\S+)> \.$", answer.text, re.MULTILINE)


def path_of(uri: str) -> str:
    return PATH + uri.rsplit("/", 1)[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the library uses what rdflib has deprecated
def test_every_trusty_uri_gives_its_nanopublication(
    published: FlaskClient, uris: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # as the library has it; pySHACL turns it back
    assert len(uris) == 8
    for uri in uris:
        answer = published.get(path_of(uri), headers=TRIG)
        assert (answer.status_code, answer.mimetype) == (200, "application/trig")
        graph = rdflib.ConjunctiveGraph()
        graph.parse(data=answer.text, format="trig")
        found = nanopub.Nanopub(rdf=graph)
        assert str(found.metadata.np_uri) == uri
        assert found.has_valid_trusty


def test_formats_hold_the_same(published: FlaskClient, uris: list[str]) -> None:
    path = path_of(uris[0])
    kinds = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
    given = {suffix: published.get(f"{path}.{suffix}").data for suffix in kinds}
    read = {suffix: set(ox.parse(given[suffix], format=form)) for suffix, form in kinds.items()}
    assert read["trig"] == read["nq"] == read["jsonld"]
    assert len({quad.graph_name for quad in read["trig"]}) == 4
    unasked = published.get(path)
    assert (unasked.mimetype, unasked.headers["Vary"]) == ("application/trig", "Accept, Accept-Encoding")
    assert f'<{uris[0]}>; rel="describes"' in unasked.headers["Link"]
    assert published.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_is_led_to_the_claim(published: FlaskClient, uris: list[str], html: dict[str, str]) -> None:
    answer = published.get(path_of(uris[-1]), headers=html)
    assert answer.status_code == 303
    claim = published.get(answer.headers["Location"], headers=html)
    assert claim.status_code == 200
    data = published.get(path_of(uris[-1]), headers=TRIG).text
    assert f"<{answer.headers['Location'][1:]}> a asc:Claim" in data


@pytest.mark.parametrize("name", ["RAx", "RAx.trig", "", "RAx.ttl"])
def test_another_hash_is_of_no_nanopublication(published: FlaskClient, name: str) -> None:
    answer = published.get(PATH + name, headers=TRIG)
    assert answer.status_code == 404
    if name:
        assert "nanopubs.trig" in answer.text


def test_a_build_without_a_release_has_none(client: FlaskClient) -> None:
    assert client.get(f"{PATH}RAx", headers=TRIG).status_code == 404
