"""Corpora in the shape of the built graph: the same from the same seed, valid, and served like a build."""

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks import synthetic
from benchmarks.shape import BASE
from kg import build, shapes
from kg.config import Config
from kg.store.answering import answer
from kg.vocab import ASC, RDF
from tests.conftest import REPO

QUADS = 40_000  # a part of one report
TWO = 150_000  # one report and a part of another


@pytest.fixture(scope="module")
def model(built: Config) -> Path:
    return build.current(built)


def quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))


def curated(found: list[ox.Quad]) -> list[ox.Quad]:
    """What a build would validate: without what was inferred, each triple once."""
    inferred = {quad.triple for quad in found if quad.graph_name == ox.NamedNode(f"{BASE}graph/inferred")}
    of_graphs = f"{BASE}graph/"
    return [q for q in found if q.triple not in inferred and not str(q.graph_name).startswith(f"<{of_graphs}")]


def test_the_same_seed_gives_the_same_bytes(model: Path, tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("1.nq", "2.nq", "3.nq"))
    facts = synthetic.write(model, first, QUADS, seed=1)
    assert synthetic.write(model, second, QUADS, seed=1) == facts
    assert first.read_bytes() == second.read_bytes()
    assert synthetic.write(model, other, QUADS, seed=2)["digest"] != facts["digest"]


@pytest.mark.parametrize("size", [QUADS, TWO])
def test_it_has_the_size_asked_for_and_no_quad_twice(model: Path, tmp_path: Path, size: int) -> None:
    facts = synthetic.write(model, tmp_path / "c.nq", size, seed=1)
    lines = (tmp_path / "c.nq").read_text("utf-8").splitlines()
    assert size - 500 < len(lines) <= size
    assert len(lines) == len(set(lines)) == facts["quads"]


@pytest.mark.parametrize("size", [QUADS, TWO])
def test_the_shapes_find_nothing_in_it(model: Path, tmp_path: Path, size: int) -> None:
    synthetic.write(model, tmp_path / "c.nq", size, seed=3)
    assert shapes.validate(curated(quads(tmp_path / "c.nq")), REPO / "ontology" / "shapes") == []


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


def test_claims_are_shaped_as_the_real_ones(model: Path, tmp_path: Path) -> None:
    base = json.loads((model / "build.json").read_text("utf-8"))["base"]
    real = profile(list(ox.Store.read_only(str(model / "store"))), base)
    synthetic.write(model, tmp_path / "c.nq", TWO, seed=1)
    made = profile(quads(tmp_path / "c.nq"), BASE)
    assert made.keys() == real.keys()
    assert made == pytest.approx(real, rel=0.25, abs=0.05)


def test_no_text_of_a_real_claim_is_in_it(model: Path, tmp_path: Path) -> None:
    synthetic.write(model, tmp_path / "c.nq", QUADS, seed=1)
    mark = f"<{ASC}text> "

    def texts(lines: list[str]) -> set[str]:
        return {line.split(mark)[1] for line in lines if mark in line and "claim/" in line}

    store = ox.Store.read_only(str(model / "store"))
    real = texts([f"{quad} ." for quad in store])
    made = texts((tmp_path / "c.nq").read_text("utf-8").splitlines())
    assert len(real) > 1000
    assert len(made) > 300
    assert not {_words(text) for text in real} & {_words(text) for text in made}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", text.casefold()))


def test_a_build_of_it_answers_queries(model: Path, tmp_path: Path) -> None:
    facts = synthetic.write(model, tmp_path / "c.nq", QUADS, seed=1)
    synthetic.lay_out(tmp_path / "c.nq", facts, tmp_path / "build")
    count = f"SELECT (COUNT(?claim) AS ?claims) WHERE {{ ?claim a <{ASC}Claim> }}"
    assert answer(Config.at(REPO, tmp_path / "build"), count, "csv").split() == [
        b"claims",
        str(facts["claims"]).encode(),
    ]
