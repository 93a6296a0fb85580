"""Reads the W3C's test manifests: what to ask of which data, and what to expect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

SITE = "https://w3c.github.io/rdf-tests/sparql/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
QUERIES = ("sparql10/manifest.ttl", "sparql11/manifest-sparql11-query.ttl", "sparql11/manifest-sparql11-results.ttl")
PROTOCOL = "sparql11/protocol/manifest.ttl"
FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """One test: its name (`suite/folder/id`), kind, query, the data it is asked of, the expected result."""

    name: str
    kind: str
    query: Path
    base: str
    data: tuple[tuple[str | None, Path], ...] = ()  # (graph, file), None for the default graph
    result: Path | None = None
    lax: bool = False  # whether repeated rows may be fewer

    @property
    def text(self) -> str:
        """The query as it is sent: the endpoint cannot know from which file it comes."""
        return f"BASE <{self.base}>\n{self.query.read_text(encoding='utf-8')}"

    @property
    def is_syntax(self) -> bool:
        return "Syntax" in self.kind


class Manifest:
    """One manifest file as a graph."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.iri = f"{SITE}{name}"
        self._store = ox.Store()
        path = folder / name
        self._store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=self.iri)

    def values(self, subject: Any, predicate: str) -> list[Any]:
        return [quad.object for quad in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]

    def value(self, subject: Any, predicate: str) -> Any:
        return next(iter(self.values(subject, predicate)), None)

    def members(self, node: Any) -> list[Any]:
        found = []
        while node is not None and node != ox.NamedNode(f"{RDF}nil"):
            found.append(self.value(node, f"{RDF}first"))
            node = self.value(node, f"{RDF}rest")
        return found

    @cached_property
    def entries(self) -> list[Any]:
        lists = self._store.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None)
        return [entry for quad in lists for entry in self.members(quad.object)]

    @cached_property
    def includes(self) -> list[str]:
        lists = self._store.quads_for_pattern(None, ox.NamedNode(f"{MF}include"), None)
        return [each.value.removeprefix(SITE) for quad in lists for each in self.members(quad.object)]

    def file(self, iri: ox.NamedNode) -> Path:
        return self.folder / iri.value.removeprefix(SITE)


def query_cases(folder: Path, start: str) -> list[Case]:
    """Return the cases of a manifest and of those that it includes, cases over the same data side by side."""
    manifest = Manifest(folder, start)
    found = [case for name in manifest.includes for case in query_cases(folder, name)]
    found += [case for entry in manifest.entries if (case := _case(manifest, entry)) is not None]
    return sorted(found, key=lambda case: (not case.is_syntax, [(graph or "", str(path)) for graph, path in case.data]))


def _case(manifest: Manifest, entry: Any) -> Case | None:
    kinds = [kind.value.removeprefix(MF) for kind in manifest.values(entry, f"{RDF}type")]
    kind = next(
        (each for each in kinds if each.endswith(("SyntaxTest", "SyntaxTest11", "QueryEvaluationTest", "FormatTest"))),
        None,
    )
    if kind is None or "Update" in kind:
        return None
    name = f"{Path(manifest.name).parent}/{re.split('[#/]', entry.value)[-1]}"
    action, result = manifest.value(entry, f"{MF}action"), manifest.value(entry, f"{MF}result")
    query = action if isinstance(action, ox.NamedNode) else manifest.value(action, f"{QT}query")
    data: list[tuple[str | None, Path]] = [(None, manifest.file(each)) for each in manifest.values(action, f"{QT}data")]
    data += [(each.value, manifest.file(each)) for each in manifest.values(action, f"{QT}graphData")]
    if not data and "Syntax" not in kind:
        text = manifest.file(query).read_text(encoding="utf-8")
        home = query.value.rsplit("/", 1)[0]
        named = sorted({f"{home}/{each}" for each in _FROM.findall(text)})
        data = [(each, manifest.file(ox.NamedNode(each))) for each in named]
    return Case(
        name,
        kind,
        manifest.file(query),
        query.value,
        tuple(sorted(data, key=lambda each: (each[0] or "", str(each[1])))),
        manifest.file(result) if result is not None else None,
        manifest.value(entry, f"{MF}resultCardinality") is not None,
    )


@dataclass(frozen=True)
class Request:
    """One request of a protocol test and what its answer has to be."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]  # such as StatusCode2xx
    format: str | None
    truth: bool | None


@dataclass(frozen=True)
class Exchange:
    """One protocol test: its name, the graphs that it needs, its requests in order."""

    name: str
    data: tuple[tuple[str | None, Path], ...]
    requests: tuple[Request, ...]


HT, CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"


def exchanges(folder: Path) -> list[Exchange]:
    """Return the protocol tests."""
    manifest = Manifest(folder, PROTOCOL)
    return [_exchange(manifest, entry) for entry in manifest.entries]


def _exchange(manifest: Manifest, entry: Any) -> Exchange:
    data = [
        (str(manifest.value(node, f"{RDFS}label").value), manifest.file(manifest.value(node, f"{UT}graph")))
        for node in manifest.values(entry, f"{UT}graphData")
    ]
    action = manifest.value(entry, f"{MF}action")
    requests = []
    for node in manifest.members(manifest.value(action, f"{HT}requests")):
        headers = [
            (manifest.value(each, f"{HT}fieldName").value, manifest.value(each, f"{HT}fieldValue").value)
            for each in manifest.members(manifest.value(node, f"{HT}headers"))
        ]
        body = manifest.value(node, f"{HT}body")
        content = b""
        if body is not None:
            encoding = manifest.value(body, f"{CNT}characterEncoding").value
            content = manifest.value(body, f"{CNT}chars").value.encode(encoding)
        answer = manifest.value(node, f"{HT}resp")
        truth, form = manifest.value(answer, f"{MF}expectedBoolean"), manifest.value(answer, f"{MF}expectedFormat")
        requests.append(
            Request(
                manifest.value(node, f"{HT}methodName").value,
                manifest.value(node, f"{HT}absolutePath").value,
                tuple(headers),
                content,
                frozenset(each.value.rsplit("#", 1)[-1] for each in manifest.values(answer, f"{MF}expectedStatus")),
                form.value if form is not None else None,
                truth.value == "true" if truth is not None else None,
            )
        )
    return Exchange(entry.value.rsplit("#", 1)[-1], tuple(sorted(data, key=str)), tuple(requests))
