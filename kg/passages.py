"""The passages of the curated files, held against a source's text: verified, found again, and what they leave out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.anchors import Located, Range, locate, verify
from kg.coverage import CoverageReport, coverage
from kg.errors import UsageError
from kg.findings import Finding
from kg.texts import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.corpus import Files
    from kg.corpus.yamlfile import Document, KeyPath


@dataclass(frozen=True, slots=True)
class Anchor:
    """Names one curated range: whose it is, where it is curated, and what it marks."""

    node: str
    file: str
    line: int
    range: Range


def source_text(files: Files, source: str, path: Path, pinned: bool = True) -> str:
    """Return a source's text from the operator's copy, checked against the pinned edition unless another is meant.

    Raises UsageError for an unknown source or another text, MissingPartError where there is no file.
    """
    if source not in files.sources:
        known = ", ".join(sorted(files.sources)) or "none"
        raise UsageError(f"There is no source {source}; the sources are {known}.")
    edition = files.sources[source].value["textEdition"]
    expected = (edition["length"], edition["sha256"]) if pinned else (None, None)
    return SourceText.open(source, path, *expected).text


def anchors(files: Files, source: str) -> Iterator[Anchor]:
    """Yield every range of a source that the curated files hold: claims', footnotes' and those left out."""
    for document in (*files.claims[source], files.references[source], files.unclaimed[source]):
        yield from _anchors(document, document.value, (), None)


def _anchors(document: Document, value: Any, path: KeyPath, node: str | None) -> Iterator[Anchor]:
    if isinstance(value, dict):
        node = value.get("id", node)
        if "sha256" in value and "start" in value:
            found = Range(value["start"], value["end"], value["sha256"], value.get("letters"))
            yield Anchor(node or "", document.file, document.line(path), found)
            return
        for key, each in value.items():
            yield from _anchors(document, each, (*path, key), node)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _anchors(document, each, (*path, at), node)


def check(files: Files, texts: Mapping[str, Path]) -> list[Finding]:
    """Return a finding for each range that is not really there in the pinned text, of the sources whose text is given.

    The offsets of footnote marks are checked with them.
    """
    found = []
    for source, path in texts.items():
        text = source_text(files, source, path)
        for anchor in anchors(files, source):
            mismatch = verify(text, anchor.range)
            if mismatch is not None:
                place = f"{anchor.range.start}-{anchor.range.end}"
                advice = "Give the range as a quote again and run kg anchors fix."
                message = f"range {place}: {mismatch.reason}"
                found.append(
                    Finding("fingerprint-mismatch", "violation", message, advice, anchor.node, anchor.file, anchor.line)
                )
        found += _marks(files.references[source], text)
    return found


def _marks(document: Document, text: str) -> Iterator[Finding]:
    for at, record in enumerate(document.value):
        for n, mark in enumerate(record["marks"]):
            printed = "".join(char for char in text[mark : mark + 3] if char in "⁰¹²³⁴⁵⁶⁷⁸⁹")
            if printed.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")) != str(record["number"]):
                message = f"no mark of footnote {record['number']} stands at {mark}"
                advice = "Give the offset of the superscript number in the body."
                line = document.line((at, "marks", n))
                yield Finding("mark-mismatch", "violation", message, advice, record["id"], document.file, line)


def locate_all(
    files: Files, source: str, text: str, progress: Callable[[int, int], None] | None = None
) -> list[tuple[Anchor, Located]]:
    """Return each range of a source with its place in another extraction of the same text, if it was found."""
    wanted = list(anchors(files, source))
    return list(zip(wanted, locate(text, [anchor.range for anchor in wanted], progress), strict=True))


def covered(files: Files, source: str, text: str) -> CoverageReport:
    """Return what of a source's text the curated files leave out."""
    sections = {each["id"]: Range(each["start"], each["end"]) for each in files.sources[source].value["sections"]}
    names: dict[str, list[str]] = {}
    for document in files.entities:
        for record in document.value:
            for each in (record, *record.get("provisions", ())):
                labels = each["label"].values()
                names[each["id"]] = [*labels, *(name for some in each.get("names", {}).values() for name in some)]
    claims = [
        claim for document in files.claims[source] for claim in document.value["claims"] if "withdrawn" not in claim
    ]
    return coverage(text, sections, claims, files.references[source].value, names, files.unclaimed[source].value)
