"""Lays out a build of a corpus with the pipeline's own later stages, so that it is served with all its pages."""

from __future__ import annotations

import json
import shutil
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.network import making, publishing
from kg.store import index, layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lay_out(corpus: Path, facts: dict[str, Any], folder: Path) -> Path:
    """Write a build of a corpus (store, index, networks, build.json, the corpus as export); `current` leads to it."""
    name = f"0001-{facts['digest'][:12]}"
    build = folder / f"making-{name}"
    shutil.rmtree(build, ignore_errors=True)
    (build / "exports").mkdir(parents=True)
    base = facts["base"]
    inferred = [quad for quad in _quads(corpus) if _graph(quad).startswith((f"{base}graph/inferred", _entailed(base)))]
    added = {quad.triple for quad in inferred if not _graph(quad).startswith(_entailed(base))}
    added |= {quad.triple for quad in _quads(corpus) if _graph(quad) == f"{base}graph/ontology"}
    memory = layout.in_memory(
        quad for quad in _quads(corpus) if quad.triple not in added and not _graph(quad).startswith(f"{base}graph/")
    )
    networks = making.make(memory, inferred, base)
    computed = [*publishing.quads(networks.networks, base)]
    copies = (ox.Quad(quad.subject, quad.predicate, quad.object) for quad in computed)
    held = layout.write(build / "store", chain(_quads(corpus), computed, copies))
    index.build(memory, build / "search.sqlite", base)
    networks.write(build / "search.sqlite")
    shutil.copyfile(corpus, build / "exports" / "synthetic.nq")
    making.picture(build / "search.sqlite", build / "exports")
    _tell(build / "build.json", {**facts, "quads": held})
    shutil.rmtree(folder / name, ignore_errors=True)
    build.rename(folder / name)
    link = folder / "current"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    return folder / name


def _quads(corpus: Path) -> Iterator[ox.Quad]:
    return iter(ox.parse(path=str(corpus), format=ox.RdfFormat.N_QUADS))


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _entailed(base: str) -> str:
    return f"{base}graph/entailed/"


def _tell(path: Path, facts: dict[str, Any]) -> None:
    """Write what a build says of itself."""
    dataset = {
        "id": "synthetic",
        "base": facts["base"],
        "title": f"Synthetic corpus of {facts['quads']:,} quads",
        "description": "Made of random words in the shape of a real graph, to measure how long answers take.",
        "publisher": "Ascribe contributors",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": "0",
        "issued": "2026-01-01",
    }
    held = {key: facts[key] for key in ("base", "digest", "quads", "claims", "entities")}
    text = json.dumps({"dataset": dataset, "version": "0", **held}, indent=1, sort_keys=True)
    path.write_text(f"{text}\n", encoding="utf-8")
