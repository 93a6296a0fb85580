"""What a range of a text says, up to its typography: its letters, and their fingerprint."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Range:
    """Marks code points `start` to `end` (exclusive) of a text, with the fingerprint and count of the letters there."""

    start: int
    end: int
    sha256: str | None = None
    letters: int | None = None

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Range:
        """Return the range with its fingerprint taken from the text."""
        letters, _ = normalise(text[start:end])
        return cls(start, end, digest(letters), len(letters))


def by_place(each: Range) -> tuple[int, int]:
    """Return what ranges are sorted by: where they start and end."""
    return each.start, each.end


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Says how a text differs from what a range expects; `found` is what stands there instead, for the console."""

    range: Range
    reason: str
    found: str
    sha256: str | None = None
    letters: int | None = None


@lru_cache(maxsize=4096)
def _is_superscript(char: str) -> bool:
    return unicodedata.category(char) == "No"


@lru_cache(maxsize=4096)
def joins_previous(char: str) -> bool:
    """Tell whether NFKC may merge or reorder a character with the one before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return (
        unicodedata.combining(first) != 0
        or unicodedata.category(first)[0] == "M"
        or "\u1160" <= first <= "\u11ff"  # Hangul vowels and final consonants join a syllable
    )


def clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces that NFKC treats one by one, each with its offset, superscript marks left out."""
    held, at = "", 0
    for offset, char in enumerate(text):
        if char < "\x80":
            if held:
                yield at, held
            held, at = char, offset
        elif _is_superscript(char):
            continue
        elif held and joins_previous(char):
            held += char
        else:
            if held:
                yield at, held
            held, at = char, offset
    if held:
        yield at, held


@lru_cache(maxsize=4096)
def fold_cluster(cluster: str) -> str:
    """Return a piece of text as it is compared: in compatibility form, without case."""
    return unicodedata.normalize("NFKC", cluster).casefold()


def _is_letter(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"


@lru_cache(maxsize=4096)
def _letters(cluster: str) -> str:
    return "".join(char for char in fold_cluster(cluster) if _is_letter(char))


def normalise(text: str) -> tuple[str, list[int]]:
    """Return a text's letters and digits, case-folded, and for each the offset of the code point that it comes from.

    Characters of category No (superscript marks) go first, then NFKC, case folding, and all but L* and Nd is dropped.
    """
    letters: list[str] = []
    offsets: list[int] = []
    for offset, cluster in clusters(text):
        kept = _letters(cluster)
        if kept:
            letters.append(kept)
            offsets.extend([offset] * len(kept))
    return "".join(letters), offsets


def digest(letters: str) -> str:
    """Return the fingerprint of letters: their sha256 in hex."""
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def fingerprint(text: str) -> str:
    """Return the sha256, in hex, of a text's normalised letters."""
    return digest(normalise(text)[0])


def verify(text: str, expected: Range) -> Mismatch | None:
    """Return None where a range holds the letters it should, else what is there instead."""
    if not 0 <= expected.start < expected.end <= len(text):
        return Mismatch(expected, f"it leaves the text, which has {len(text)} code points", "")
    found = text[expected.start : expected.end]
    actual = Range.of(text, expected.start, expected.end)
    if expected.sha256 is not None and actual.sha256 != expected.sha256:
        return Mismatch(expected, "its letters are others", found, actual.sha256, actual.letters)
    if expected.letters is not None and actual.letters != expected.letters:
        reason = f"it has {actual.letters} letters, not {expected.letters}"
        return Mismatch(expected, reason, found, actual.sha256, actual.letters)
    return None
