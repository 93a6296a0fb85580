"""The corpora that the peers hold: the built graph, and synthetic ones of several sizes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from benchmarks import queries, shape, synthetic

SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
NAMES = ("built", *SIZES)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Holds a corpus as N-Quads: default graph and assertion graphs as a build's store has them."""

    name: str
    path: Path
    quads: int
    digest: str
    asked: str  # digest of the queries and of what goes into their gaps
    values: dict[str, list[Any]]
    facts: dict[str, Any]


def prepare(name: str, build: Path, folder: Path, seed: int = 1) -> Corpus:
    """Return a corpus, made below a folder where it is not there yet or was made from another build."""
    folder.mkdir(parents=True, exist_ok=True)
    path, told = folder / f"{name}.nq", folder / f"{name}.json"
    built = json.loads((build / "build.json").read_text("utf-8"))
    facts = json.loads(told.read_text("utf-8")) if told.is_file() and path.is_file() else {}
    key = [built["digest"], None if name == "built" else seed, _program()]
    if facts.get("key") != key:
        facts = _built(build, path, built) if name == "built" else synthetic.write(build, path, SIZES[name], seed)
        facts |= {"key": key, "values": queries.values(path)}
        told.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    asked = json.dumps([[each.text for each in queries.queries()], facts["values"]])
    return Corpus(
        name,
        path,
        facts["quads"],
        facts["digest"],
        hashlib.sha256(asked.encode()).hexdigest()[:16],
        facts["values"],
        {key: facts[key] for key in ("quads", "claims", "entities", "seed", "from")},
    )


def _program() -> str:
    """Return a digest of the code that makes corpora: what another version made is not taken for its own."""
    files = (shape.__file__, synthetic.__file__, queries.__file__)
    return hashlib.sha256(b"".join(Path(each).read_bytes() for each in files)).hexdigest()[:16]


def _built(build: Path, path: Path, built: dict[str, Any]) -> dict[str, Any]:
    """Write all quads of a build's store: the export with what was inferred and the ontology."""
    store = ox.Store.read_only(str(build / "store"))
    store.dump(path, format=ox.RdfFormat.N_QUADS)
    held = {key: built[key] for key in ("digest", "claims", "entities")}
    return {**held, "quads": len(store), "seed": None, "from": built["digest"]}
