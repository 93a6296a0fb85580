"""Corpora in the shape of the built graph: the same from the same seed, valid, and served like a build."""

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks import synthetic
from benchmarks.layout import lay_out
from benchmarks.shape import BASE
from kg import shapes
from kg.config import Config
from kg.store.answering import answer
from kg.vocab import ASC, RDF
from tests.benchmarks.conftest import Made
from tests.conftest import REPO


def quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))


def curated(found: list[ox.Quad]) -> list[ox.Quad]:
    """What a build would validate: without what was inferred, each triple once."""
    inferred = {quad.triple for quad in found if quad.graph_name == ox.NamedNode(f"{BASE}graph/inferred")}
    of_graphs = f"{BASE}graph/"
    return [q for q in found if q.triple not in inferred and not str(q.graph_name).startswith(f"<{of_graphs}")]


def test_the_same_seed_gives_the_same_bytes(model: Path, small: Made, tmp_path: Path) -> None:
    again, other = tmp_path / "again.nq", tmp_path / "other.nq"
    assert synthetic.write(model, again, small.asked, seed=1) == small.facts
    assert again.read_bytes() == small.path.read_bytes()
    assert synthetic.write(model, other, small.asked, seed=2)["digest"] != small.facts["digest"]


def test_it_has_the_size_asked_for_and_no_quad_twice(corpus: Made) -> None:
    lines = corpus.path.read_text("utf-8").splitlines()
    assert corpus.asked - 500 < len(lines) <= corpus.asked
    assert len(lines) == len(set(lines)) == corpus.facts["quads"]


def test_the_shapes_find_nothing_in_it(corpus: Made) -> None:
    assert shapes.validate(curated(quads(corpus.path)), REPO / "ontology" / "shapes") == []


def profile(found: list[ox.Quad], base: str) -> dict[str, float]:
    """How often each predicate of a claim, and each of its kinds, stands for one claim; and the length of texts."""
    claims = {
        q.subject for q in found if q.object == ox.NamedNode(f"{ASC}Claim") and str(q.subject).startswith(f"<{base}")
    }
    counts: Counter[str] = Counter()
    letters = 0
    for quad in found:
        if quad.subject in claims and quad.graph_name == ox.DefaultGraph():
            counts[quad.predicate.value] += 1
            if quad.predicate.value == f"{RDF}type":
                counts[str(quad.object)] += 1
            if quad.predicate.value == f"{ASC}text":
                letters += len(quad.object.value)
    return {name: count / len(claims) for name, count in counts.items()} | {"letters": letters / len(claims)}


def test_claims_are_shaped_as_the_real_ones(model: Path, corpora: dict[str, Made]) -> None:
    base = json.loads((model / "build.json").read_text("utf-8"))["base"]
    real = profile(list(ox.Store.read_only(str(model / "store"))), base)
    made = profile(quads(corpora["a report and a part of another"].path), BASE)
    assert made.keys() == real.keys()
    assert made == pytest.approx(real, rel=0.25, abs=0.05)


def test_no_text_of_a_real_claim_is_in_it(model: Path, small: Made) -> None:
    mark = f"<{ASC}text> "

    def texts(lines: list[str]) -> set[str]:
        return {line.split(mark)[1] for line in lines if mark in line and "claim/" in line}

    store = ox.Store.read_only(str(model / "store"))
    real = texts([f"{quad} ." for quad in store])
    made = texts(small.path.read_text("utf-8").splitlines())
    assert len(real) > 1000
    assert len(made) > 300
    assert not {_words(text) for text in real} & {_words(text) for text in made}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", text.casefold()))


def test_a_build_of_it_answers_queries(small: Made, tmp_path: Path) -> None:
    lay_out(small.path, small.facts, tmp_path / "build")
    count = f"SELECT (COUNT(?claim) AS ?claims) WHERE {{ ?claim a <{ASC}Claim> }}"
    assert answer(Config.at(REPO, tmp_path / "build"), count, "csv").split() == [
        b"claims",
        str(small.facts["claims"]).encode(),
    ]
