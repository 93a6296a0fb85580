"""The nanopublications pass the checks of the nanopub library, stay the same from build to build, and can be signed."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import nanopub
import pyoxigraph as ox
import pytest
import rdflib

from kg.export.nanopubs import nanopubs
from kg.export.subset import Selection, select
from tests.conftest import REPO
from tests.export.conftest import Release

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the library uses what rdflib has deprecated

EVERY = 40  # the real ones are many: each of these is checked


@pytest.fixture(autouse=True)
def _literals_as_the_library_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library keeps literals as they are written, by a switch of rdflib's that pySHACL turns back."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def single(text: str) -> list[str]:
    """Each nanopublication of a file, with the file's head before it."""
    head, *found = text.split("\n@prefix this:")
    return [f"{head}\n@prefix this:{each}" for each in found]


def checked(text: str) -> str:
    """The trusty URI of a nanopublication that the library finds sound."""
    graph = rdflib.ConjunctiveGraph()
    graph.parse(data=text, format="trig")
    found = nanopub.Nanopub(rdf=graph)
    assert found.is_valid
    assert found.has_valid_trusty
    return str(found.metadata.np_uri)


def test_the_library_finds_each_sound(release: Release) -> None:
    found = single(release.read("nanopubs.trig"))
    claims = release.publication.nodes.of_type("Claim")
    assert len(found) == len(claims)
    step = EVERY if len(found) > EVERY else 1
    uris = {checked(each) for each in found[::step]}
    assert len(uris) == len(found[::step])
    assert all(uri.startswith(f"{release.publication.base}np/RA") for uri in uris)


def test_what_was_changed_is_no_longer_sound(tiny_release: Release) -> None:
    text = single(tiny_release.read("nanopubs.trig"))[0]
    changed = text.replace("modality:asserted", "modality:hedged")
    assert changed != text
    with pytest.raises(ValueError, match="not valid"):
        checked(changed)


def test_an_assertion_says_that_something_is_claimed_and_not_that_it_is_so(release: Release) -> None:
    whole = release.publication
    stated = {quad.triple for quad in whole.corpus if str(quad.graph_name).endswith("#assertion>")}
    quads = set(ox.parse(release.read("nanopubs.trig").encode(), format=ox.RdfFormat.TRIG))
    assert stated
    assert not stated & {quad.triple for quad in quads}
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]


def test_a_claim_has_the_same_nanopublication_in_every_part(release: Release) -> None:
    whole = release.publication
    claim = whole.nodes.of_type("Claim")[-1]
    part = select(whole, Selection(claim=(claim.removeprefix(f"{whole.base}claim/"),)))
    (alone,) = single(nanopubs(whole, part))
    assert alone.split("@prefix this:")[1] == single(release.read("nanopubs.trig"))[-1].split("@prefix this:")[1]


def test_texts_that_need_care_keep_their_hash(tiny_release: Release) -> None:
    whole = tiny_release.publication
    awkward = 'A \\ and a "quote",\na line, ünïcode 𝔘 and a tab\t.'
    quads = tuple(
        ox.Quad(quad.subject, quad.predicate, ox.Literal(awkward, language="en"), quad.graph_name)
        if quad.predicate.value.endswith("#text") else quad
        for quad in whole.corpus
    )  # fmt: skip
    for each in single(nanopubs(dataclasses.replace(whole, corpus=quads))):
        checked(each)


def test_signing_goes_as_the_documentation_says(tiny_release: Release, tmp_path: Path) -> None:
    command = re.search(r"sed -E '(.+)' one\.trig", (REPO / "docs" / "release.md").read_text(encoding="utf-8"))
    assert command
    nanopub.generate_keyfiles(tmp_path)
    (tmp_path / "one.trig").write_text(single(tiny_release.read("nanopubs.trig"))[0], encoding="utf-8")
    opened = subprocess.run(["sed", "-E", command[1], "one.trig"], cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "open.trig").write_bytes(opened.stdout)
    arguments = [sys.executable, "-W", "ignore", "-m", "nanopub", "sign", str(tmp_path / "open.trig"), "-k", "id_rsa"]
    signing = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert signing.returncode == 0, signing.stderr
    signed = nanopub.Nanopub(rdf=tmp_path / "signed.open.trig")
    assert signed.is_valid
    assert signed.has_valid_trusty
    assert signed.has_valid_signature
