"""Makes a served build from a small TriG file, as the pipeline lays one out."""

import json
from pathlib import Path

import pyoxigraph as ox

from kg.export.ontology import making as making_ontology
from kg.export.publication import Publication
from kg.network import making, publishing
from kg.store import index, layout

BASE = "https://w3id.org/ascribe/test/"
GRAPH = Path(__file__).resolve().parent.parent / "fixtures" / "web" / "graph.trig"
DRAWINGS = GRAPH.with_name("drawings.trig")  # dates, figures, places


def make(folder: Path, text: str | None = None, digest: str = "0123456789abcdef") -> Path:
    """Make a build folder and return it."""
    quads = list(ox.parse(text or GRAPH.read_text("utf-8"), format=ox.RdfFormat.TRIG))
    by_part: dict[str, list[ox.Quad]] = {"corpus": [], "inferred": [], "ontology": []}
    for quad in quads:
        name = getattr(quad.graph_name, "value", "")
        part = "ontology" if name == f"{BASE}graph/ontology" else "inferred" if f"{BASE}graph/" in name else "corpus"
        by_part[part].append(quad)
    folder.mkdir(parents=True)
    memory = layout.in_memory(by_part["corpus"])
    networks = making.make(memory, by_part["inferred"], BASE)
    added = [*by_part["inferred"], *publishing.quads(networks.networks, BASE)]
    count = layout.write(folder / "store", layout.arrange(by_part["corpus"], added, by_part["ontology"], BASE))
    index.build(memory, folder / "search.sqlite", BASE)
    networks.write(folder / "search.sqlite")
    _document(folder / "release" / "ontology", by_part)
    facts = {"digest": digest, "base": BASE, "version": "0.1.0", "quads": count, "dataset": {"title": "Ascribe test"}}
    (folder / "build.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def _document(folder: Path, by_part: dict[str, list[ox.Quad]]) -> None:
    """Write the ontology's documentation, with the rules of the repository."""
    dataset = {"id": "test", "base": BASE, "title": "Ascribe test", "version": "0.1.0", "issued": "2026-01-01"}
    dataset |= {"description": "A graph for tests.", "license": "https://creativecommons.org/licenses/by/4.0/"}
    parts = (tuple(by_part[name]) for name in ("corpus", "ontology", "inferred"))
    folder.mkdir(parents=True)
    shapes = Path(__file__).resolve().parents[2] / "ontology" / "shapes"
    for name, content in making_ontology.files(Publication(dataset, {}, *parts), shapes):
        (folder / name).write_bytes(content)


def serve(current: Path, build: Path) -> None:
    """Put a build into service, as the pipeline does: one replacement of the link."""
    new = current.with_name(".next")
    new.symlink_to(build)
    new.replace(current)
