"""Whether the files of the release are what is said of them: size, checksum, type, number of triples, address."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.check import visiting
from kg.check.report import Check
from kg.export import dcat
from kg.export.description import listed, media_of
from kg.findings import Finding
from kg.vocab import DCTERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.subject import Subject

CHECKSUMS = "SHA256SUMS"
_AGAIN = "The file was changed after the build. Build again: kg build"


def _finding(rule: str, name: str, message: str, advice: str = _AGAIN) -> Finding:
    return Finding(rule, "violation", message, advice, name)


def checksums(subject: Subject) -> Iterator[Finding]:
    """Yield the files whose SHA-256 or size is not what a list of them says, and those that no list has."""
    there = dict(listed(subject.folder))
    sums = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}
    lines = (subject.folder / CHECKSUMS).read_text(encoding="utf-8").splitlines() if CHECKSUMS in there else []
    said = {name: value for value, _, name in (line.partition("  ") for line in lines)}
    for name in sorted((said.keys() | sums.keys()) - {CHECKSUMS}):
        if said.get(name) != sums.get(name):
            yield _finding("wrong-checksum", name, f"{CHECKSUMS} gives {said.get(name)}, it has {sums.get(name)}")
    for name, entity in subject.crate.items():
        known = (entity.get("sha256"), entity.get("contentSize"))
        if any(known) and (name not in there or known != (sums[name], str(there[name].stat().st_size))):
            yield _finding("wrong-checksum", name, "the RO-Crate gives another size or checksum")
    for node in _distributions(subject):
        name = next(iter(subject.said(node, f"{DCTERMS}title")), "")
        sizes = subject.said(node, f"{dcat.DCAT}byteSize")
        values = [v for each in subject.said(node, f"{dcat.SPDX}checksum") for v in subject.said(each, _VALUE)]
        if name not in there or (sizes, values) != ([str(there[name].stat().st_size)], [sums[name]]):
            yield _finding("wrong-checksum", name or node, "the description gives another size or checksum")


def served(subject: Subject) -> Iterator[Finding]:
    """Yield the files that the server does not give as they are."""
    described = {url for each in _distributions(subject) for url in subject.said(each, f"{dcat.DCAT}downloadURL")}
    for name, path in listed(subject.folder):
        answer = visiting.get(f"{subject.root}/downloads/{name}")
        if (answer.status, answer.media) != (200, media_of(name)):
            yield _finding("not-served", name, f"given is {answer.status} {answer.media}", "Serve it again: kg serve")
        elif answer.body != path.read_bytes():
            yield _finding("served-otherwise", name, "the server gives other bytes", "Serve it again: kg serve")
        elif not answer.links("license"):
            yield _finding("no-licence", name, "its header does not say its licence", "Serve it again: kg serve")
    for url in sorted(described):
        if visiting.get(url, method="HEAD").status != 200:
            yield _finding("no-download", url, "the description names it, the server does not give it")


def readable(subject: Subject) -> Iterator[Finding]:
    """Yield the files of RDF that cannot be read, or hold another number of triples than is said."""
    counts = subject.said(subject.base, f"{dcat.VOID}triples")
    dumps = subject.said(subject.base, f"{dcat.VOID}dataDump")
    if not dumps:
        yield _finding("no-dump", subject.base, "the description names no file with the whole graph")
    for name in sorted(url.rsplit("/", 1)[-1] for url in dumps):
        form = ox.RdfFormat.from_media_type(media_of(name))
        try:
            found = len(set(ox.parse(path=str(subject.folder / name), format=form)))
        except (SyntaxError, OSError) as error:
            yield _finding("not-readable", name, f"it cannot be read: {error}")
            continue
        if form is not None and not form.supports_datasets and counts != [str(found)]:
            yield _finding("wrong-count", name, f"it has {found} triples, the description says {counts}")


def _distributions(subject: Subject) -> list[str]:
    return subject.said(subject.base, f"{dcat.DCAT}distribution")


_VALUE = f"{dcat.SPDX}checksumValue"
CHECKS = (
    Check("F3", "Each file has the size and the checksum that are said of it", checksums),
    Check("A1", "Each file is given as it is, with its type and licence", served),
    Check("I1", "The graph can be read in each format and holds as much as is said", readable),
)
