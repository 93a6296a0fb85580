"""The files that describe a release, all made from one description: DCAT and VoID, DataCite, citation, RO-Crate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export import citation, crate, dcat
from kg.export.description import Counts, Description, File, listed
from kg.export.publication import natural

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.export.publication import Publication

VOID, DATACITE = "void.ttl", "datacite.json"
ABOUT = (  # file names and what they are
    (VOID, "the data set in DCAT 3 and VoID: version, licence, provenance, what it holds, each file with its checksum"),
    (crate.NAME, "the folder as an RO-Crate 1.2, for programs and repositories"),
    (DATACITE, "the fields that DataCite asks for, for who registers a DOI"),
    (citation.NAME, "how to cite it"),
)


def names(part: bool) -> list[str]:
    """Return the files that `write` makes; a part of the data set has no DOI and is not served."""
    return [name for name, _ in ABOUT if not (part and name in (VOID, DATACITE))]


def write(publication: Publication, folder: Path, about: Callable[[str], str], checksums: str) -> None:
    """Describe all files that are in a folder, where `about` says what a file is; `checksums` is one to come."""
    part = bool(publication.note)
    files = [File.at(name, path, about(name)) for name, path in listed(folder)]
    description = describe(publication, files)
    made = {citation.NAME: citation.cff(description)}
    if not part:
        made[VOID] = dcat.turtle(dcat.statements(description), publication.base)
        made[DATACITE] = citation.datacite(description)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
        files.append(File.at(name, folder / name, about(name)))
    files.sort(key=lambda file: file.name)
    text = crate.crate(describe(publication, files, counted=False), (checksums, about(checksums)))
    (folder / crate.NAME).write_text(text, encoding="utf-8")


def describe(publication: Publication, files: list[File], *, counted: bool = True) -> Description:
    """Return the description of a publication and the files that it was written to."""
    nodes = publication.nodes
    sources = tuple((source, nodes.label(source)) for source in nodes.of_type("Source"))
    claims = sorted(nodes.of_type("Claim"), key=natural)
    counts = Counts.of(publication) if counted else None
    return Description(publication.dataset, tuple(files), counts, sources, next(iter(claims), ""), publication.note)
