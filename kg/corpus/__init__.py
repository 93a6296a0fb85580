"""The curated files as a graph: `load` reads them all, checks them and returns quads with their places.

yamlfile (values and lines) → schema (shape of the values) → records (JSON-LD nodes) → quads (native parse) → derive.
Each step's faults are findings with file, line, id and mend; a later step runs only when the ones before found none,
because its findings would be consequences.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.corpus import derive, records
from kg.corpus.records import Names, Place
from kg.corpus.schema import Schemas
from kg.corpus.yamlfile import Document, KeyPath, read
from kg.errors import InputError
from kg.findings import Finding, in_order
from kg.vocab import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

    from kg.config import Config


@dataclass(frozen=True, slots=True)
class Files:
    """Holds the curated files as read, by what they are; sources by their id."""

    dataset: Document
    entities: tuple[Document, ...]
    sources: dict[str, Document]
    references: dict[str, Document]
    claims: dict[str, tuple[Document, ...]]
    unclaimed: dict[str, Document]

    @property
    def base(self) -> str:
        """Return the IRI that all data IRIs begin with."""
        return str(self.dataset.value["base"])


@dataclass(frozen=True, slots=True)
class Corpus:
    """Holds the graph of the curated files: its quads, the ontology's, and where each node is curated."""

    files: Files
    quads: tuple[ox.Quad, ...]
    ontology: tuple[ox.Quad, ...]
    names: Names = field(repr=False)

    @property
    def base(self) -> str:
        """Return the IRI that all data IRIs begin with."""
        return self.files.base

    def locate(self, node: str, value: str | None = None) -> tuple[str, int] | None:
        """Return the file and line where a node, or one value of it, is curated; None for what is not curated."""
        return _locate(self.names, self.base, node, value)


def read_files(config: Config) -> Files:
    """Read and check the shape of every curated file below `data/`.

    Raises InputError with the findings of all files.
    """
    root, data = config.root, config.data
    schemas = Schemas(config.ontology / "schemas" / "curated.schema.json")
    findings: list[Finding] = []

    def one(path: Path, kind: str) -> Document | None:
        try:
            document = read(path, path.relative_to(root).as_posix())
        except InputError as error:
            findings.extend(error.findings)
            return None
        faults = schemas.check(document, kind)
        findings.extend(faults)
        return None if faults else document

    dataset = one(data / "dataset.yaml", "dataset")
    entities = [one(path, "entities") for path in sorted((data / "entities").glob("*.yaml"))]
    sources, references, unclaimed = {}, {}, {}
    claims: dict[str, tuple[Document, ...]] = {}
    for folder in sorted(path for path in (data / "sources").glob("*") if path.is_dir()):
        name = folder.name
        sources[name] = one(folder / "source.yaml", "source")
        references[name] = one(folder / "references.yaml", "references")
        unclaimed[name] = one(folder / "unclaimed.yaml", "unclaimed")
        read_ = [one(path, "claims") for path in sorted(folder.glob("claims-*.yaml"))]
        claims[name] = tuple(each for each in read_ if each is not None)
        known = {"source.yaml", "references.yaml", "unclaimed.yaml"}
        for path in sorted(folder.iterdir()):
            if path.name not in known and not (path.name.startswith("claims-") and path.suffix == ".yaml"):
                message = f"{path.name} is no file of a source"
                advice = (
                    "Name it source, references, unclaimed or claims-<section>, with the ending .yaml, or move it away."
                )
                findings.append(
                    Finding("unknown-file", "violation", message, advice, file=path.relative_to(root).as_posix())
                )
    if findings or dataset is None:
        raise InputError(in_order(findings))
    return Files(
        dataset,
        tuple(each for each in entities if each),
        {name: each for name, each in sources.items() if each},
        {name: each for name, each in references.items() if each},
        claims,
        {name: each for name, each in unclaimed.items() if each},
    )


def load(config: Config) -> Corpus:
    """Return the graph of all curated files, with what is derived from them.

    Raises InputError with every finding of the step that failed.
    """
    from kg.corpus import quads as parsing

    files = read_files(config)
    names = Names()
    nodes = list(_nodes(files, names))

    def locate(node: str, value: str | None = None) -> tuple[str, int] | None:
        return _locate(names, files.base, node, value)

    _raise_on([*_duplicates(names), *_misplaced(files)])
    context = json.loads((config.ontology / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    quads = list(dict.fromkeys(parsing.parse(context, nodes, files.base)))
    ontology = parsing.parse_ontology(config.ontology)
    bounds, faults = derive.dates(quads, locate, files.base)
    _raise_on([*parsing.dangling(quads, ontology, files.base, locate), *faults])
    return Corpus(files, (*quads, *derive.assertions(quads), *bounds), tuple(ontology), names)


def _nodes(files: Files, names: Names) -> Iterator[records.Record]:
    for document in files.entities:
        yield from records.of_entities(document, names)
    for name, source in files.sources.items():
        yield records.of_source(source, names)
        yield from records.of_references(files.references[name], name, names)
        for document in files.claims[name]:
            yield from records.of_claims(document, source.value["publisher"], names)


def _raise_on(findings: Sequence[Finding]) -> None:
    if findings:
        raise InputError(in_order(findings))


_SHARED = ("passage/",)  # two claims about the same words share the passage


def _duplicates(names: Names) -> Iterator[Finding]:
    for name, places in names.places.items():
        if len(places) == 1 or name.startswith(_SHARED):
            continue
        first = places[0]
        where = f"{first.document.file}:{first.document.line(first.path)}"
        for place in places[1:]:
            message = f"the id stands twice (first in {where})"
            advice = "Give one of the two another id, or merge the records."
            line = place.document.line(place.path)
            yield Finding("duplicate-id", "violation", message, advice, name, place.document.file, line)


def _misplaced(files: Files) -> Iterator[Finding]:
    """Find records that stand in another file than their id says, which would make them hard to find."""
    for document, path, name, start, advice in _homes(files):
        if not name.startswith(start):
            message = f"the id does not begin with {start}, as those of this file do"
            yield Finding(
                "misplaced-record", "violation", message, advice, name, document.file, document.line((*path, "id"))
            )


def _homes(files: Files) -> Iterator[tuple[Document, KeyPath, str, str, str]]:
    """Yield each record's file, path and id, what its id must begin with there, and the advice when it does not."""
    for document in files.entities:
        kind = Path(document.file).stem
        for at, record in enumerate(document.value):
            advice = f"Move it to data/entities/{record['id'].split('/')[0]}.yaml."
            yield document, (at,), record["id"], f"{kind if kind in KINDS else 'a kind'}/", advice
    for name, source in files.sources.items():
        yield source, (), source.value["id"], name, f"Give the source and its folder the same name: id: {name}."
        advice = f"Begin the id with {name}/, or move the record to its source's folder."
        for at, record in enumerate(files.references[name].value):
            yield files.references[name], (at,), record["id"], f"{name}/", advice
        for document in files.claims[name]:
            yield document, (), f"{document.value['source']}/", f"{name}/", f"Write source: {name}."
            for at, record in enumerate(document.value["claims"]):
                yield document, ("claims", at), record["id"], f"{name}/", advice


def _locate(names: Names, base: str, node: str, value: str | None) -> tuple[str, int] | None:
    name = node.removeprefix(base)
    places = names.places.get(name) or names.places.get(name.split("#")[0])
    if not places:
        return None
    place = places[0]
    path = (*place.path, *_find(_value(place), value)) if value is not None else place.path
    return place.document.file, place.document.line(path)


def _value(place: Place) -> Any:
    value = place.document.value
    for step in place.path:
        value = value[step]
    return value


def _find(value: Any, wanted: str) -> tuple[str | int, ...]:
    """Return the path of the first scalar that a value of the graph was made of: its text, or the end of its IRI."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if isinstance(each, dict | list):
            below = _find(each, wanted)
            if below:
                return (key, *below)
        elif str(each) == wanted or wanted.endswith((f"/{each}", f"#{each}")):
            return (key,)
    return ()
