"""Every file of RDF is read by three readers to the same canonical form, and looks as a reader wants it to."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.export.description import listed
from kg.export.publication import DEFAULT, Nodes
from kg.export.rdf import digest, nquads
from kg.export.turtle import Writer
from kg.vocab import RDF
from tests.export import readers
from tests.export.conftest import Release

READERS = {"pyoxigraph": readers.pyoxigraph, "rdflib": readers.with_rdflib, "rapper": readers.rapper}
EX = "http://example.org/"


def digests(release: Release) -> dict[str, str]:
    return {name: value for value, name in (line.split("  ") for line in release.read("RDFC-1.0.txt").splitlines())}


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nq", "jsonld", "rdf"])
@pytest.mark.parametrize("reader", READERS)
def test_three_readers_find_the_same_in_every_file(release: Release, reader: str, suffix: str) -> None:
    if reader == "rapper" and suffix not in readers.RAPPER:
        return  # it does not know the format
    known = digests(release)
    assert {path.name for path in release.folder.glob(f"*.{suffix}")} - known.keys() <= {
        "annotations.jsonld", "context.jsonld", "nanopubs.trig", "void.ttl",
    }  # fmt: skip
    for name in sorted(name for name in known if name.endswith(f".{suffix}")):
        quads = READERS[reader](release.folder / name)
        assert digest(quads) == known[name], name
        assert len(set(quads)) == len(pyoxigraph_read(release.folder / name)), name


def pyoxigraph_read(path: Path) -> set[ox.Quad]:
    return set(readers.pyoxigraph(path))


def test_files_with_graphs_hold_what_was_built_and_turtle_all_but_the_assertions(release: Release) -> None:
    publication = release.publication
    read = pyoxigraph_read(release.folder / f"{release.name}.trig")
    plain = {quad for quad in read if quad.graph_name == DEFAULT}
    asserted = {quad for quad in read if str(quad.graph_name).endswith("#assertion>")}
    assert plain | asserted == set(publication.corpus)
    assert asserted
    turtle = pyoxigraph_read(release.folder / f"{release.name}.ttl")
    assert {quad for quad in turtle if not is_term(quad)} == plain
    said = [
        {quad.subject: quad.object for quad in plain if quad.predicate.value == f"{RDF}{part}"}
        for part in ("subject", "predicate", "object")
    ]
    stated = {tuple(each[node] for each in said) for node in said[0]}
    assert {tuple(quad.triple) for quad in asserted} <= stated  # what a claim states is on a statement node too


def is_term(quad: ox.Quad) -> bool:
    """Whether a triple is the ontology's: its subject is no node of the data set."""
    return isinstance(quad.subject, ox.BlankNode) or not re.match(
        r"<https://w3id.org/ascribe/(karabakh|tiny)/", str(quad.subject)
    )


def test_blank_nodes_stand_in_the_ontology_alone(release: Release) -> None:
    for path in release.folder.glob("*.ttl"):
        anonymous = [quad for quad in readers.pyoxigraph(path) if isinstance(quad.subject, ox.BlankNode)]
        assert bool(anonymous) == (path.stem in ("ontology", release.name)), path


def test_the_canonical_form_is_the_standards(release: Release) -> None:
    dataset = ox.Dataset(release.publication.quads())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert nquads(release.publication.quads()) == "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()
    content = (release.folder / f"{release.name}.nq").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digests(release)[f"{release.name}.nq"]


def test_the_whole_is_the_sum_of_its_parts(release: Release) -> None:
    names = {path.stem for path in release.folder.glob("*.ttl")} - {release.name, "inferred", "network", "void"}
    assert {"ontology", "vocabularies", "entities"} < names
    lines = [nquads(readers.pyoxigraph(release.folder / f"{name}.ttl")).decode().splitlines() for name in sorted(names)]
    together = [line for part in lines for line in part]
    assert len(together) == len(set(together))
    assert sorted(together) == nquads(readers.pyoxigraph(release.folder / f"{release.name}.ttl")).decode().splitlines()


def test_checksums_name_every_file_and_are_true(release: Release) -> None:
    lines = release.read("SHA256SUMS").splitlines()
    found = {name: value for value, name in (line.split("  ") for line in lines)}
    assert list(found) == [name for name, _ in listed(release.folder) if name != "SHA256SUMS"]
    for name, value in found.items():
        assert hashlib.sha256((release.folder / name).read_bytes()).hexdigest() == value


def test_the_contents_of_a_release_name_every_file(release: Release) -> None:
    text = release.read("README.md")
    assert not [name for name, _ in listed(release.folder) if f"`{name}`" not in text and name != "README.md"]


@pytest.mark.parametrize("suffix", ["ttl", "trig"])
def test_only_the_prefixes_that_are_used_are_declared(release: Release, suffix: str) -> None:
    for path in release.folder.glob(f"*.{suffix}"):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n################")
        if not body:
            continue  # one paragraph after another, as in inferred.ttl
        code = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|#.*', " ", "################" + body)
        used = set(re.findall(r"(?<![\w-])([a-z][a-z-]*):", code)) - {"this", "sub"}
        assert set(re.findall(r"@prefix ([a-z-]+):", head)) == used, path.name


CLAIM = """\
<claim/river-report/2-002> a asc:Claim, asc:FigureClaim, asc:LegalClaim ;
"""


def test_a_claim_is_read_with_its_passage_statements_and_figures(tiny_release: Release) -> None:
    text = tiny_release.read("source-river-report.ttl")
    start = text.index(CLAIM)
    subjects = re.findall(r"^(\S+) a ", text[start : text.index("\n\n", start)], re.MULTILINE)
    passage = "passage/river-report/448-499_609-621"
    assert subjects == [
        "<claim/river-report/2-002>",
        f"<{passage}>", f"<{passage}#range-1>", f"<{passage}#range-1-selector>", f"<{passage}#range-2>",
        f"<{passage}#range-2-selector>",
        "<statement/river-report/2-002/1>", "<statement/river-report/2-002/2>", "<figure/river-report/2-002/1>",
    ]  # fmt: skip
    assert "asc:cites <reference/river-report/3> .  # footnote 3: " in text[start:]
    order = re.findall(r"^# (.*)$", text[text.index("####") :], re.MULTILINE)
    assert order[:3] == ["Source: The River Question: A Short Report", "Its sections", "Its footnotes"]
    assert order[3].startswith("Claims of section 1: ")


def test_an_assertion_stands_behind_its_claim(tiny_release: Release) -> None:
    text = tiny_release.read("tiny.trig")
    assert re.search(
        r"rdf:value .*\n(?:    .*\n)*<claim/river-report/2-002#assertion> \{\n"
        r"    <agreement/river-accord/article-1> asc:",
        text,
    )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@settings(deadline=None)  # on a machine that others use too
@given(TEXT, st.sampled_from(["", "en", "az"]))
def test_any_text_is_read_back_as_it_was(text: str, language: str) -> None:
    literal = ox.Literal(text, language=language) if language else ox.Literal(text)
    quad = ox.Quad(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), literal)
    writer = Writer(Nodes([quad], f"{EX}base/"))
    block = writer.block(f"{EX}s")
    assert list(ox.parse((writer.names.header() + block).encode(), format=ox.RdfFormat.TURTLE)) == [quad]


AWKWARD = [
    f"{EX}base/claim/a/1#x", f"{EX}base/claim/ä", f"{EX}base/actor/a.b", f"{EX}base/actor/a.", f"{EX}base/actor/-a",
    f"{EX}base/actor/", f"{EX}base/", f"{EX}base/other/x", f"{EX}base/claim//a",
    f"{EX}base/actor/%41", f"{EX}base/actor/a(b)", f"{EX}a?b=c&d", "urn:x:y", "http://id.loc.gov/datatypes/edtf",
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_awkward_names_and_texts_are_read_back(reader: Callable[[Path], list[ox.Quad]], tmp_path: Path) -> None:
    texts = ["a  # b", 'quote " and \\ backslash', "two\nlines\r\n", "tab\t", "\x07 bell", "“…” Şuşa 𝔘", "", "'"]
    dots = [] if reader is readers.rapper else [f"{EX}base/claim/a/../b"]  # which it resolves in any IRI
    quads = [ox.Quad(ox.NamedNode(iri), ox.NamedNode(f"{EX}p"), ox.NamedNode(iri)) for iri in AWKWARD + dots]
    quads += [ox.Quad(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), ox.Literal(text)) for text in texts]
    numbers = [("-7", "integer"), ("0", "integer"), ("true", "boolean"), ("1.0", "decimal")]
    if reader is not readers.with_rdflib:  # which puts numbers into their normal form
        numbers += [("07", "integer"), ("+7", "integer"), ("1", "boolean")]
    for value, datatype in numbers:
        typed = ox.Literal(value, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
        quads.append(ox.Quad(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), typed))
    writer = Writer(Nodes(quads, f"{EX}base/"), comment=lambda node: f"about {node}")
    blocks = "".join(writer.block(node) for node in writer.nodes)
    path = tmp_path / "awkward.ttl"
    path.write_text(writer.names.header() + blocks, encoding="utf-8")
    assert sorted(map(str, reader(path))) == sorted(map(str, quads))
