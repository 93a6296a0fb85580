"""Makes a served build from a small TriG file, as the pipeline lays one out."""

import json
from pathlib import Path

import pyoxigraph as ox

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
    facts = {"digest": digest, "base": BASE, "version": "0.1.0", "quads": count, "dataset": {"title": "Ascribe test"}}
    (folder / "build.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def serve(current: Path, build: Path) -> None:
    """Put a build into service, as the pipeline does: one replacement of the link."""
    new = current.with_name(".next")
    new.symlink_to(build)
    new.replace(current)
