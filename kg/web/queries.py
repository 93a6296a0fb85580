"""Reads the query files: a comment head (title, description, tags) and the query, which a page fills in.

A file is SPARQL as it stands. A page puts an IRI for `$this`, IRIs for the `UNDEF` of a VALUES block, and numbers in
`LIMIT 50 OFFSET 0`; the prefixes that a query uses and does not declare are put before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg import vocab

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEAD = re.compile(r"#+\s*(title|description|tags)\s*:\s*(.*)", re.IGNORECASE)
_IRI = re.compile(r'[^<>"{}|^`\\\x00-\x20]+')
_DECLARED = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)
_WINDOW = re.compile(r"\bLIMIT \d+ OFFSET \d+")


@dataclass(frozen=True, slots=True)
class QueryFile:
    """Holds one query file: its name, what its head says, and the query."""

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    text: str

    def filled(
        self, base: str, this: str | None = None, values: Sequence[str] = (), limit: int = 50, offset: int = 0
    ) -> str:
        """Return the query with its prefixes and what the page fills in."""
        text, opening = self.text, prologue(self.text, base)
        if this is not None:
            text = re.sub(r"\$this\b", f"<{checked(this)}>", text)
        if values:
            text = text.replace("UNDEF", " ".join(f"<{checked(each)}>" for each in values))
        text = _WINDOW.sub(f"LIMIT {int(limit)} OFFSET {int(offset)}", text)
        return opening + text


def checked(iri: str) -> str:
    """Return an IRI that may stand in a query; raises ValueError for one that could break out of it."""
    if not _IRI.fullmatch(iri):
        raise ValueError(f"not an IRI: {iri!r}")
    return iri


@lru_cache(maxsize=1024)
def prologue(text: str, base: str) -> str:
    """Return the lines of BASE and PREFIX that a query needs and does not have."""
    declared = set(_DECLARED.findall(text))
    used = {
        name: namespace
        for name, namespace in vocab.prefixes(base).items()
        if name not in declared and re.search(rf"(?<![\w:-]){re.escape(name)}:", text)
    }
    lines = [f"PREFIX {name}: <{namespace}>\n" for name, namespace in used.items()]
    if "<graph/" in text:
        lines.insert(0, f"BASE <{base}>\n")
    return "".join(lines)


def read(path: Path) -> QueryFile:
    """Return the query file at a path."""
    head: dict[str, list[str]] = {}
    lines = path.read_text("utf-8").splitlines()
    body = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    key = ""
    for line in lines[:body]:
        found = _HEAD.match(line)
        key = found.group(1).lower() if found else key
        head.setdefault(key, []).append(found.group(2) if found else line.lstrip("# "))
    said = {key: " ".join(parts).strip() for key, parts in head.items()}
    tags = tuple(tag.strip() for tag in said.get("tags", "").split(",") if tag.strip())
    text = "\n".join(lines[body:]).strip() + "\n"
    return QueryFile(path.stem, said.get("title") or path.stem, said.get("description", ""), tags, text)


def read_all(folder: Path) -> dict[str, QueryFile]:
    """Return the query files of a folder by name, in the order of their names; a folder that is missing has none."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.rq"))}
