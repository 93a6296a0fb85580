"""Reads one curated YAML file into plain values with their lines, and refuses what YAML would quietly bend.

Only a plain subset of YAML is read: mappings, sequences and scalars. Anchors, aliases, tags, duplicate keys and a
second document are errors, for they are how a small file becomes a huge or a surprising one. Scalars follow YAML 1.2
(a date stays text, `no` is refused rather than read as false), which PyYAML's own constructor does not offer; so the
values are built here from the parser's events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from kg.errors import InputError
from kg.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 16 * 2**20
MAX_DEPTH = 40

KeyPath = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(nan|inf)", re.IGNORECASE)
_DOUBTFUL = {"no", "yes", "on", "off", "y", "n"}


@dataclass(frozen=True, slots=True)
class Document:
    """Holds one file's value and the line (from 1) of every value in it, by path of keys and indices."""

    file: str
    value: Any
    lines: dict[KeyPath, int] = field(repr=False)

    def line(self, path: KeyPath) -> int:
        """Return the line of the value at a path, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _FaultError(Exception):
    def __init__(self, rule: str, line: int, message: str, advice: str) -> None:
        self.finding = (rule, line, message, advice)


def read(path: Path, name: str) -> Document:
    """Return the file's value with its lines; `name` is what errors call the file.

    Raises InputError (one finding) for a file that is missing, too large, empty, not UTF-8 or not plain YAML.
    """
    try:
        text = _decode(path)
        return _Builder(name).build(text)
    except _FaultError as fault:
        rule, line, message, advice = fault.finding
        finding = Finding(rule, "violation", message, advice, file=name, line=line or None)
        raise InputError([finding]) from None


def _decode(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _FaultError(
            "file-missing", 0, f"the file cannot be read ({error.strerror})", "Put it there, or name another."
        ) from None
    if size > MAX_BYTES:
        advice = f"Split it: a curated file may be {MAX_BYTES // 2**20} MB at most."
        raise _FaultError("file-too-large", 0, f"the file has {size:,} bytes", advice)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} ({content[error.start]:#04x}) is not UTF-8"
        raise _FaultError("not-utf8", line, message, "Save the file as UTF-8.") from None
    if not text.strip():
        raise _FaultError("file-empty", 0, "the file is empty", "Fill it as docs/data-format.md shows, or delete it.")
    return text


class _Builder:
    """Builds values from the parser's events, one call a node."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}

    def build(self, text: str) -> Document:
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)
        try:
            self.next()  # start of the stream
            if isinstance(self.next(), yaml.StreamEndEvent):  # no document follows
                raise _FaultError("file-empty", 0, "the file holds only comments", "Fill it, or delete it.")
            value = self.node(self.next(), ())
            self.next()  # end of the document
            after = self.next()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            source = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
            advice = (
                "Mend the YAML there: indent with spaces, and quote text that holds `: `, ` #` or begins with a sign."
            )
            if "\t" in source:
                advice = "Replace the tab by spaces: YAML is indented with spaces only."
            problem = f"{error.problem or 'the YAML cannot be read'}"
            raise _FaultError("yaml-syntax", line, f"not YAML: {problem}", advice) from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            code = ord(error.character[0]) if isinstance(error.character, str) else error.character
            message = f"character U+{code:04X} may not stand in YAML"
            raise _FaultError("yaml-syntax", line, message, "Delete the control character.") from None
        if not isinstance(after, yaml.StreamEndEvent):
            message, advice = "a second document begins here", "Keep one document a file: delete the `---`."
            raise _FaultError("yaml-documents", after.start_mark.line + 1, message, advice)
        return Document(self.name, value, self.lines)

    def next(self) -> Any:
        return next(self.events)

    def node(self, event: Any, path: KeyPath) -> Any:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            advice = "Write the value out: anchors (&) and aliases (*) are not read."
            raise _FaultError("yaml-anchor", line, "a YAML anchor or alias", advice)
        if event.tag is not None and event.tag != "!":
            raise _FaultError("yaml-tag", line, f"a YAML tag ({event.tag})", "Delete the tag (!…), or quote the text.")
        if len(path) > MAX_DEPTH:
            raise _FaultError(
                "yaml-depth", line, f"nested deeper than {MAX_DEPTH} levels", "Flatten it: no record is that deep."
            )
        self.lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(event, (*path, len(items))))
            return items
        return self.mapping(path)

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _FaultError("yaml-key", line, "a key that is not plain text", "Use a word as the key.")
            key = event.value
            if not event.style and key in ("<<", "="):
                raise _FaultError("yaml-merge", line, "a YAML merge key", "Write the keys out: `<<` is not read.")
            if not event.style and key.lower() in _DOUBTFUL:
                raise _FaultError("yaml-boolean", line, f"the key {key} unquoted", f'Put it in quotes: "{key}".')
            if key in found:
                first = self.lines[(*path, key)]
                message = f"the key {key} stands twice (first in line {first})"
                raise _FaultError("duplicate-key", line, message, "Keep one, or make a list of the values.")
            found[key] = None  # so that a repeat inside the value's own error is told first
            found[key] = self.node(self.next(), (*path, key))
            self.lines[(*path, key)] = line
        return found

    def scalar(self, event: Any, line: int) -> Any:
        text = event.value
        if event.style:  # quoted or block: text as it stands
            return text
        if text.lower() in _DOUBTFUL:
            message = f"{text} without quotes, which YAML may read as true or false"
            raise _FaultError(
                "yaml-boolean", line, message, f'Write "{text}" in quotes when it is text, else true or false.'
            )
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null"):
            raise _FaultError(
                "value-empty", line, "a key or list item without a value", "Give the value, or leave the key out."
            )
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) < 40 else text
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if _NOT_A_NUMBER.fullmatch(text):
            raise _FaultError(
                "not-a-number", line, f"{text} is no figure", "Give the number as printed, or leave it out."
            )
        return text
