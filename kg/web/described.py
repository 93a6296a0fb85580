"""The description of the data set as it is served: what the release says of it, with this server's addresses."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.export import crate, dcat, metadata
from kg.export.description import Description, File

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export.dcat import Said
    from kg.web.site import Site

RELEASE = "release"


def description(site: Site) -> Description:
    """Return what is said of the data set; a build without a release has no files to tell of."""
    build = site.build()
    told = build.facts.get("dataset")
    known = {"version": build.facts.get("version", ""), **(told if isinstance(told, dict) else {}), "base": build.base}
    files, sources = _listed(build.path / RELEASE / crate.NAME, build.digest)
    return Description(known, files, sources=sources)


def statements(site: Site, root: str) -> list[Said]:
    """Return the description in DCAT and VoID; `root` is the address of this server, with a slash at its end."""
    build = site.build()
    path = build.path / RELEASE / metadata.VOID
    said = _read(path, build.digest) if path.is_file() else tuple(dcat.statements(description(site)))
    return list(dcat.readdressed(said, build.base, root))


@lru_cache(maxsize=2)
def _read(path: Path, _digest: str) -> tuple[Said, ...]:
    """Return the statements of a file; the digest tells one build's from the next one's."""
    read = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    return tuple((str(quad.subject.value), quad.predicate.value, quad.object) for quad in read)


@lru_cache(maxsize=2)
def _listed(path: Path, _digest: str) -> tuple[tuple[File, ...], tuple[tuple[str, str], ...]]:
    """Return the files of a release and the sources of its claims."""
    if not path.is_file():
        return (), ()
    entities = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    names = {each["@id"]: str(each["name"]) for each in entities}
    root = next(each for each in entities if each["@id"] == "./")
    files = (
        File(each["@id"], each["description"], each["encodingFormat"], int(each["contentSize"]), each["sha256"])
        for each in entities
        if each["@type"] == "File" and "sha256" in each
    )
    return tuple(files), tuple((each["@id"], names[each["@id"]]) for each in _several(root.get("isBasedOn", ())))


def _several(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value
