"""What every description of a data set says: `data/dataset.yaml`, what it holds, and the files that it is published as.

The formats are written from this one value: dcat (DCAT and VoID), crate (RO-Crate), citation (CFF), datacite,
schemaorg; none of them reads anything else.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.vocab import RDF

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export.publication import Publication

LANGUAGE = "en"  # of titles, descriptions and the claims' texts
PROVENANCE = (
    "The claims were written by hand, in the curators' own words, each with its passage in the pinned text of a "
    "source, who makes it and the evidence that it cites. The graph was derived from these files, reasoned over and "
    "validated by a program; what was inferred or computed stands in graphs of its own."
)
DUMPS = ("ttl", "trig", "nq", "jsonld", "rdf")  # suffixes of the files that hold the whole graph
MEDIA = {  # by the end of a file's name
    "csv-metadata.json": "application/csvm+json",
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".csv": "text/csv",
    "ro-crate-metadata.json": "application/ld+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".html": "text/html",
    ".cff": "application/yaml",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    "": "text/plain",
}
LICENCES = {  # IRI → SPDX identifier and name
    "https://creativecommons.org/licenses/by/4.0/": ("CC-BY-4.0", "Creative Commons Attribution 4.0 International"),
    "https://creativecommons.org/licenses/by-sa/4.0/": (
        "CC-BY-SA-4.0",
        "Creative Commons Attribution Share Alike 4.0 International",
    ),
    "https://creativecommons.org/publicdomain/zero/1.0/": ("CC0-1.0", "Creative Commons Zero v1.0 Universal"),
}


@dataclass(frozen=True, slots=True)
class File:
    """Holds what is to be known of a published file; size in bytes."""

    name: str
    about: str
    media: str
    size: int
    sha256: str

    @classmethod
    def at(cls, name: str, path: Path, about: str) -> File:
        """Return the file at a path by its name in the release; `about` says in words what it is."""
        content = path.read_bytes()
        return cls(name, about, media_of(name), len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Counts:
    """Holds how much a graph holds, as VoID counts: what Turtle carries of it."""

    triples: int
    entities: int  # subjects that are the data set's own
    subjects: int
    objects: int
    classes: tuple[tuple[str, int], ...]  # IRI → how many of it there are
    properties: tuple[tuple[str, int], ...]  # IRI → in how many triples it stands

    @classmethod
    def of(cls, publication: Publication) -> Counts:
        """Return what a publication holds."""
        triples = publication.triples()
        properties = Counter(triple.predicate.value for triple in triples)
        members: dict[str, set[str]] = defaultdict(set)
        for triple in triples:
            if triple.predicate.value == f"{RDF}type":
                members[str(triple.object)].add(str(triple.subject))
        classes = ((name[1:-1], len(found)) for name, found in sorted(members.items()) if name.startswith("<"))
        subjects = {str(triple.subject) for triple in triples}
        return cls(
            len(triples),
            sum(each.startswith(f"<{publication.base}") for each in subjects),
            len(subjects),
            len({str(triple.object) for triple in triples}),
            tuple(classes),
            tuple(sorted(properties.items())),
        )


@dataclass(frozen=True, slots=True)
class Description:
    """Holds what is said of a data set; values that `dataset.yaml` may leave out are empty."""

    dataset: dict[str, Any]
    files: tuple[File, ...] = ()
    counts: Counts | None = None
    sources: tuple[tuple[str, str], ...] = ()  # IRI and title of what the claims were read from
    example: str = ""  # the IRI of one claim
    note: str = ""  # what part of the data set this is, where it is not the whole

    @property
    def base(self) -> str:
        """Return the IRI of the data set, whichever version: what all data IRIs begin with."""
        return str(self.dataset["base"])

    @property
    def version(self) -> str:
        """Return the number of the version."""
        return self.said("version")

    @property
    def version_iri(self) -> str:
        """Return the IRI of this version, which no other version will have."""
        return version_iri(self.base, self.version)

    @property
    def previous_iri(self) -> str:
        """Return the IRI of the version before, or nothing for the first."""
        return version_iri(self.base, self.said("previous")) if self.said("previous") else ""

    @property
    def creators(self) -> list[tuple[str, str]]:
        """Return IRI and name of each creator."""
        return [self.agent(name) for name in self.listed("creators")]

    @property
    def publisher(self) -> tuple[str, str]:
        """Return IRI and name of the publisher, the first creator where none is named."""
        return self.agent(self.said("publisher") or next(iter(self.listed("creators")), self.said("title")))

    @property
    def licence(self) -> tuple[str, str, str]:
        """Return the licence's IRI, its SPDX identifier (empty for one that is not known here) and its name."""
        iri = self.said("license")
        return (iri, *LICENCES.get(iri, ("", iri)))

    def said(self, key: str) -> str:
        """Return a value of `dataset.yaml`, or nothing."""
        return str(self.dataset.get(key) or "")

    def listed(self, key: str) -> list[str]:
        """Return the values of a list in `dataset.yaml`."""
        return [str(each) for each in self.dataset.get(key) or ()]

    def agent(self, name: str) -> tuple[str, str]:
        """Return the IRI of someone who made or publishes the data set, and the name."""
        return f"{self.base}#{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-')}", name

    def file_iri(self, name: str) -> str:
        """Return the permanent address of a file of the release."""
        return f"{self.base}downloads/{name}"

    def dumps(self) -> list[File]:
        """Return the files that hold the whole graph."""
        names = {f"{self.said('id')}.{suffix}" for suffix in DUMPS}
        return [file for file in self.files if file.name in names]


def version_iri(base: str, version: str) -> str:
    """Return the IRI of a version of a data set."""
    return f"{base}version/{version}"


def listed(folder: Path) -> list[tuple[str, Path]]:
    """Return the files in a release by their names: their paths below its folder, in order."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def media_of(name: str) -> str:
    """Return the media type of a file by its name."""
    return next(media for end, media in MEDIA.items() if name.endswith(end))
