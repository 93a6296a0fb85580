"""The networks of a build as files: GraphML and GEXF, each edge with its claims, and the drawing of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.network import PROJECTIONS, asking, making

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("graphml", "gexf")


def write(index: Path, folder: Path) -> None:
    """Write the networks of an index into a folder: `network-<name>.graphml`, `.gexf`, and network.svg and .png."""
    for name in PROJECTIONS:
        for form in FORMATS:
            (folder / f"network-{name}.{form}").write_bytes(asking.answer(index, name, form))
    making.picture(index, folder)
