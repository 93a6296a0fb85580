"""Reads one edition of the graph, a build, a release or a file of quads, as records: each field with its values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import UsageError
from kg.vocab import ASC, DCTERMS, KINDS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Fields = dict[str, tuple[str, ...]]
_FILES = ("*.nq", "exports/*.nq", "release/*.nq", "*.trig", "exports/*.trig", "release/*.trig")
_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}
_DERIVED = {f"{ASC}{name}" for name in ("earliest", "latest", "assertion", "inSource")}
_NESTED = ("statement/", "figure/", "passage/")  # nodes that are told as a part of their record
_ENTITIES = ("actor", "place", "agreement", "event", "thing", "topic", "work")
_NAMED = f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{DCTERMS}title"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Says when and why a claim was withdrawn, and which claims stand in its place."""

    date: str
    because: str
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """Holds one edition: where it is from, its version, and its claims, withdrawals, entities and footnotes by id."""

    origin: str
    version: str
    claims: dict[str, Fields] = field(repr=False)
    withdrawn: dict[str, Withdrawal] = field(repr=False)
    entities: dict[str, Fields] = field(repr=False)
    references: dict[str, Fields] = field(repr=False)
    labels: dict[str, str] = field(repr=False)  # id → the English name
    parts: dict[str, Fields] = field(repr=False)  # a part of a record (a figure, a statement) as told → its fields


def read(path: Path) -> Edition:
    """Return the edition at a path: a build's folder, a release's folder, or an N-Quads or TriG file.

    Raises UsageError where there is none, or where the file holds no claims of one data set.
    """
    file = _file(path)
    try:
        triples = list(ox.parse(path=file, format=_FORMATS[file.suffix]))
    except (OSError, SyntaxError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    told: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]] = {}
    for quad in triples:
        if isinstance(quad.graph_name, ox.DefaultGraph) and isinstance(quad.subject, ox.NamedNode):
            told.setdefault(quad.subject.value, []).append((quad.predicate.value, quad.object))
    return _edition(path, file, told)


def _file(path: Path) -> Path:
    if path.is_file():
        if path.suffix not in _FORMATS:
            raise UsageError(f"{path} is no edition: give a build's or a release's folder, or a .nq or .trig file.")
        return path
    for pattern in _FILES:
        if found := sorted(path.glob(pattern)):
            return found[0]
    raise UsageError(
        f"There is no .nq or .trig file in {path}. Give a build's or a release's folder, such as build/current."
    )


def _edition(path: Path, file: Path, told: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]]) -> Edition:
    kinds: dict[str, list[str]] = {}
    base = _base(told, file)
    for iri in sorted(told):
        kind, _, rest = iri.removeprefix(base).partition("/")
        if iri.startswith(base) and kind in KINDS and rest and "#" not in rest:
            kinds.setdefault(kind, []).append(iri)
    records = _Records(told, base)
    claims, withdrawn = {}, {}
    for iri in kinds.get("claim", ()):
        fields = records.fields(iri)
        if "WithdrawnClaim" in fields["type"]:
            withdrawn[records.id(iri)] = Withdrawal(
                fields.get("withdrawnOn", ("",))[0],
                fields.get("withdrawnBecause", ("",))[0],
                fields.get("isReplacedBy", ()),
            )
        else:
            claims[records.id(iri)] = fields
    entities = {records.id(iri): records.fields(iri) for kind in _ENTITIES for iri in kinds.get(kind, ())}
    references = {records.id(iri): records.fields(iri) for iri in kinds.get("reference", ())}
    return Edition(str(path), _version(file), claims, withdrawn, entities, references, records.labels(), records.parts)


def _base(told: Iterable[str], file: Path) -> str:
    """Return the IRI that the data's IRIs begin with: what stands before `claim/` in most claims' IRIs."""
    found = sorted({iri[: iri.index("/claim/") + 1] for iri in told if "/claim/" in iri})
    if len(found) != 1:
        problem = "no claims" if not found else f"claims of several data sets ({', '.join(found)})"
        raise UsageError(f"{file} holds {problem}; it must be an edition of one data set.")
    return found[0]


def _version(file: Path) -> str:
    """Return the version that the record of the build or of the release beside the file tells, or the empty text."""
    for record in (file.parent / "build.json", file.parent.parent / "build.json", file.parent / "datacite.json"):
        if record.is_file():
            return str(json.loads(record.read_text(encoding="utf-8")).get("version", ""))
    return ""


class _Records:
    """Tells nodes as fields: property → values in words, ids for things, whole texts for nested nodes."""

    def __init__(self, told: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]], base: str) -> None:
        self._told, self._base = told, base
        self.parts: dict[str, Fields] = {}

    def id(self, iri: str) -> str:
        """Return the id of a thing, the local name of a term or a concept."""
        for start in (self._base, ASC):
            if iri.startswith(start):
                return iri.removeprefix(start)
        return iri.rstrip("/").rsplit("#", 1)[-1].rsplit("/", 1)[-1]

    def labels(self) -> dict[str, str]:
        """Return id → English name, or another where there is none."""
        found: dict[str, tuple[bool, str]] = {}
        for iri, pairs in self._told.items():
            for predicate, value in pairs:
                if predicate in (_NAMED[0], _NAMED[2]) and isinstance(value, ox.Literal):
                    name = (value.language not in ("en", None), value.value)
                    found[self.id(iri)] = min(found.get(self.id(iri), name), name)
        return {name: label for name, (_, label) in found.items()}

    def fields(self, iri: str) -> Fields:
        """Return the fields of a node, each with its values in order."""
        found: dict[str, set[str]] = {}
        for predicate, value in self._told.get(iri, ()):
            if predicate not in _DERIVED:
                found.setdefault(self.id(predicate), set()).add(self._value(value))
        return {name: tuple(sorted(values)) for name, values in sorted(found.items())}

    def _value(self, value: ox.NamedNode | ox.Literal) -> str:
        if isinstance(value, ox.Literal):
            return f"{value.value}@{value.language}" if value.language not in (None, "en") else value.value
        local = value.value.removeprefix(self._base)
        nested = value.value.startswith(self._base) and (local.startswith(_NESTED) or "#" in local)
        return self._told_whole(value.value) if nested else self.id(value.value)

    def _told_whole(self, iri: str) -> str:
        known = {name: values for name, values in self.fields(iri).items() if name != "type"}
        fields = dict(known)
        if {"subject", "predicate", "object"} <= fields.keys():
            parts = [fields.pop(name)[0] for name in ("subject", "predicate", "object")]
            denied = "not " if fields.pop("polarity", ("",)) == ("negative",) else ""
            opening = f"{parts[0]} {denied}{parts[1]} {parts[2]}"
        elif "hasSelector" in fields:  # a range of the source's text
            place = self.parts[fields.pop("hasSelector")[0]]
            opening = f"{place['start'][0]}-{place['end'][0]}"
            fields.pop("hasSource", None)
            fields["sha256"] = (fields["sha256"][0][:12],)
        else:
            opening = ""
        told = [f"{name} {', '.join(values)}" for name, values in fields.items()]
        whole = "; ".join(filter(None, (opening, *told)))
        self.parts[whole] = known
        return whole
