"""Quotes in curated files turned into ranges, in place: all but the quotes stays byte for byte as the curator left it.

A file is read as a YAML node tree for the places of its quotes, and only those spans are replaced; the outcome is read
again and compared before it takes the file's place.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kg.anchors import QuoteError, Range, find_quote, verify
from kg.errors import InputError, UsageError
from kg.findings import Finding, Severity
from kg.texts import footnote_blocks, numbered_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Layout:
    """Says how a source's text is laid out: sections by id, pages by number, the footnotes' blocks by number."""

    sections: Mapping[str, Range] = field(default_factory=dict)
    pages: Mapping[int, Range] = field(default_factory=dict)
    footnotes: Mapping[int, Range] = field(default_factory=dict)

    @property
    def holes(self) -> list[Range]:
        """Return the blocks that interrupt the body, in order."""
        return sorted(self.footnotes.values(), key=lambda block: block.start)

    def page_of(self, offset: int) -> int | None:
        """Return the page that an offset is on, or None where no page is known there."""
        return next((page for page, range_ in self.pages.items() if range_.start <= offset < range_.end), None)

    @classmethod
    def read(cls, folder: Path, text: str) -> Layout:
        """Read a source's layout from its `source.yaml` and `references.yaml`; footnotes not on record are detected."""
        source = _load(folder / "source.yaml")
        references = _load(folder / "references.yaml")
        sections = {
            str(each["id"]): Range(each["start"], each["end"])
            for each in _dicts(source, "sections")
            if "id" in each and _is_span(each)
        }
        pages = {
            each["page"]: Range(each["start"], each["end"])
            for each in _dicts(source, "pages")
            if "page" in each and _is_span(each)
        }
        records: dict[int, list[Range]] = {}
        for each in _dicts(references, None):
            passage = each.get("passage")
            spans = passage.get("ranges", []) if isinstance(passage, dict) else []
            if isinstance(each.get("number"), int) and isinstance(spans, list):
                records[each["number"]] = [Range(span["start"], span["end"]) for span in spans if _is_span(span)]
        return cls(sections, pages, numbered_holes(text, records) if records else footnote_blocks(text))


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Holds the outcome for one file: its new content, how many quotes became ranges, and what could not be mended."""

    path: Path
    content: str
    fixed: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that keep a quote from becoming ranges."""
        return tuple(finding for finding in self.findings if finding.severity == "violation")

    def write(self, partial: bool = False) -> bool:
        """Put the new content in the file's place, whole; return whether anything was written.

        Raises :class:`InputError` where a quote has no place, unless `partial`, which writes what could be mended.
        """
        if self.errors and not partial:
            raise InputError(self.findings)
        if not self.fixed:
            return False
        _replace(self.path, self.content)
        return True


def rewrite(path: Path, text: str, layout: Layout) -> Rewriting:
    """Return a curated file with each quote that has one place in the text turned into ranges; nothing is written yet.

    Ranges without a fingerprint get theirs. Raises :class:`UsageError` where the file is no YAML.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: is not YAML: {error}") from None
    work = _Work(content, text, layout, str(path))
    for draft in _drafts(root, _value(root, "section")):
        _mend(draft, work)
    fixed = sum(edit.counts for edit in work.edits)
    return Rewriting(path, _apply(path, content, work.edits), fixed, tuple(work.findings))


# ------------------------------------------------------------------------------------------------- the nodes


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    new: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class _Draft:
    """Names a mapping that has a quote, or ranges without fingerprint, and what it belongs to."""

    mapping: yaml.MappingNode
    owner: yaml.MappingNode  # the entry: claim, reference, unclaimed
    section: str | None

    @property
    def owner_id(self) -> str | None:
        return _value(self.owner, "id")

    @property
    def number(self) -> int | None:
        """Return the footnote's number where the entry is a reference."""
        number = _value(self.owner, "number") or ""
        return int(number) if number.isascii() and number.isdigit() else None


def _pair(mapping: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(mapping, yaml.MappingNode):
        for name, value in mapping.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                return name, value
    return None


def _get(mapping: yaml.Node | None, key: str) -> yaml.Node | None:
    pair = _pair(mapping, key)
    return pair[1] if pair else None


def _value(mapping: yaml.Node | None, key: str) -> str | None:
    node = _get(mapping, key)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _drafts(node: yaml.Node | None, section: str | None, owner: yaml.MappingNode | None = None) -> Iterator[_Draft]:
    """Yield what is to be mended: `quote` in an entry or its passage, at any depth, in the file's order."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            entry = each if isinstance(each, yaml.MappingNode) and (owner is None or _get(each, "id")) else owner
            yield from _drafts(each, section, entry)
    elif isinstance(node, yaml.MappingNode):
        holder = owner if owner is not None else node
        if _get(node, "quote") is not None or any(True for _ in _bare_ranges(node)):
            yield _Draft(node, holder, section)
        for key, value in node.value:
            if key.value == "claims" or isinstance(value, yaml.MappingNode):
                yield from _drafts(value, section, None if key.value == "claims" else holder)
            elif isinstance(value, yaml.SequenceNode) and key.value != "ranges":
                yield from _drafts(value, section, holder if owner is not None else None)


def _bare_ranges(mapping: yaml.MappingNode) -> Iterator[yaml.MappingNode]:
    """Yield the entries of `ranges` that have `start` and `end` alone."""
    ranges = _get(mapping, "ranges")
    if isinstance(ranges, yaml.SequenceNode):
        for each in ranges.value:
            if _get(each, "start") is not None and _get(each, "end") is not None and _get(each, "sha256") is None:
                yield each


# ------------------------------------------------------------------------------------------------- mending


@dataclass(slots=True)
class _Work:
    """Gathers the edits of one file, and what could not be mended."""

    content: str
    text: str
    layout: Layout
    file: str
    edits: list[_Edit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def complain(self, problem: _DraftError, owner_id: str | None, severity: Severity = "violation") -> None:
        rule = "anchors-quote" if severity == "violation" else "anchors-page"
        line = problem.node.start_mark.line + 1
        self.findings.append(Finding(rule, severity, str(problem), problem.advice, owner_id, self.file, line))


class _DraftError(Exception):
    """Says why a draft cannot be mended, and at which node."""

    def __init__(self, message: str, advice: str, node: yaml.Node) -> None:
        self.advice, self.node = advice, node
        super().__init__(message)


def _mend(draft: _Draft, work: _Work) -> None:
    """Add the edits that turn a draft into ranges with fingerprints, or a finding where that cannot be."""
    try:
        if (quote := _pair(draft.mapping, "quote")) is not None:
            _replace_quote(draft, *quote, work)
        for bare in _bare_ranges(draft.mapping):
            _complete(bare, work)
    except _DraftError as problem:
        work.complain(problem, draft.owner_id)


def _replace_quote(draft: _Draft, key: yaml.Node, value: yaml.Node, work: _Work) -> None:
    if _get(draft.mapping, "ranges") is not None:
        raise _DraftError("it has both quote and ranges", "keep the one that is right", key)
    if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
        raise _DraftError("its quote is no text", "quote the words of the source that carry the claim", key)
    try:
        ranges = _ranges(draft, value.value, work.text, work.layout)
    except QuoteError as error:
        raise _DraftError(str(error), error.advice, value) from None
    new = f"ranges: [{', '.join(map(_flow, ranges))}]"
    page = work.layout.page_of(ranges[0].start)
    keeper = draft.mapping if draft.number is None else draft.owner  # a reference has its page beside its passage
    printed = _get(keeper, "page")
    if printed is not None and page is not None and printed.value != str(page):
        message = f"it says page {printed.value}, the page map has {page}"
        work.complain(_DraftError(message, "mend the one that is wrong", printed), draft.owner_id, "warning")
    if printed is None and page is not None and keeper is draft.mapping and draft.mapping is not draft.owner:
        joint = ", " if keeper.flow_style else "\n" + " " * key.start_mark.column
        new = f"page: {page}{joint}{new}"
    work.edits.append(_Edit(key.start_mark.index, _end(work.content, value), new))
    if printed is None and page is not None and keeper is draft.owner and (passage := _pair(keeper, "passage")):
        at = passage[0].start_mark
        joint = ", " if keeper.flow_style else "\n" + " " * at.column
        work.edits.append(_Edit(at.index, at.index, f"page: {page}{joint}", counts=False))


def _ranges(draft: _Draft, quote: str, text: str, layout: Layout) -> list[Range]:
    """Return a quote's ranges: a footnote's inside its own block, any other in its section, outside the footnotes."""
    if draft.number is not None:
        block = layout.footnotes.get(draft.number)
        return find_quote(text, quote, block, ())
    section = layout.sections.get(draft.section or _value(draft.owner, "section") or "")
    try:
        return find_quote(text, quote, section, layout.holes)
    except QuoteError as error:
        if draft.section is not None or error.places[1:]:
            raise
        try:
            return find_quote(text, quote, section, ())  # what is left out may be a footnote's words
        except QuoteError:
            raise error from None


def _complete(bare: yaml.MappingNode, work: _Work) -> None:
    start, end = (_value(bare, key) or "" for key in ("start", "end"))
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise _DraftError("its start and end are no offsets", "give code point offsets, end exclusive", bare)
    if problem := verify(work.text, Range(int(start), int(end))):
        raise _DraftError(f"{start}-{end}: {problem.reason}", "give offsets of the pinned text, end exclusive", bare)
    found = Range.of(work.text, int(start), int(end))
    if not found.letters:
        raise _DraftError(f"{start}-{end} holds no letter", "give offsets of the words that carry the claim", bare)
    if not bare.flow_style:
        indent = "\n" + " " * bare.start_mark.column
        new = indent.join(f"{key}: {each}" for key, each in _fields(found))
        work.edits.append(_Edit(bare.start_mark.index, _end(work.content, bare), new))
    else:
        work.edits.append(_Edit(bare.start_mark.index, bare.end_mark.index, _flow(found)))


def _fields(found: Range) -> list[tuple[str, object]]:
    return [("start", found.start), ("end", found.end), ("letters", found.letters), ("sha256", found.sha256)]


def _flow(found: Range) -> str:
    # A digest of digits alone, or like 12e34, would be read as a number.
    digest = yaml.safe_load(str(found.sha256))
    fields = [(key, f'"{each}"' if key == "sha256" and digest != each else each) for key, each in _fields(found)]
    return "{" + ", ".join(f"{key}: {each}" for key, each in fields) + "}"


def _end(content: str, node: yaml.Node) -> int:
    """Return where a node's own characters end: a block scalar's or block mapping's mark lies after its line break."""
    end = node.end_mark.index
    while end > node.start_mark.index and content[end - 1].isspace():
        end -= 1
    return int(end)


def _apply(path: Path, content: str, edits: Sequence[_Edit]) -> str:
    """Return the content with the edits made, after reading it again to see that nothing else has changed."""
    if not edits:
        return content
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        pieces += [content[at : edit.start], edit.new]
        at = edit.end
    new = "".join([*pieces, content[at:]])
    try:
        same = _without_passages(_parsed(content)) == _without_passages(_parsed(new))
    except (yaml.YAMLError, ValueError):
        same = False
    if not same:
        raise UsageError(f"{path}: its quotes cannot be replaced in place; write them on one line in double quotes")
    return new


def _parsed(content: str) -> Any:
    return yaml.load(content, Loader=_FastLoader)  # noqa: S506 - a safe loader, the C one where there is


def _without_passages(data: Any) -> Any:
    """Return parsed YAML without what rewriting may change, so that two versions can be compared."""
    if isinstance(data, dict):
        return {key: _without_passages(value) for key, value in data.items() if key not in ("quote", "ranges", "page")}
    return [_without_passages(each) for each in data] if isinstance(data, list) else data


def _replace(path: Path, content: str) -> None:
    """Write a file beside the old one and move it into its place, so that no reader sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o7777)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------------------- reading the layout


_FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _load(path: Path) -> Any:
    if not path.exists():
        return None
    try:
        return yaml.load(path.read_bytes(), Loader=_FastLoader)  # noqa: S506 - a safe loader, the C one where there is
    except (yaml.YAMLError, ValueError) as error:
        raise UsageError(f"{path}: is not YAML: {error}") from None


def _dicts(data: Any, key: str | None) -> list[dict[str, Any]]:
    """Return the entries below a key, or of a file that is a list or has `references`, as far as they are mappings."""
    if key is None:
        found = data.get("references") if isinstance(data, dict) else data
    else:
        found = data.get(key) if isinstance(data, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_span(each: Any) -> bool:
    return isinstance(each, dict) and isinstance(each.get("start"), int) and isinstance(each.get("end"), int)
