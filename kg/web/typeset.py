"""Sets a stretch of a source's text for reading: blocks, cut where passages, footnote marks and pages begin and end.

Pure: a text comes in as a string, offsets are code points of it, ends are exclusive. What comes out is text and
numbers; templates escape it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.anchors import Range

Kind = Literal["prose", "lines", "heading", "note"]
_BREAK = re.compile(r"(?:[ \t]*\n){2,}|\f")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # bidi overrides too
_LONG, _LEAST = 2400, 1200  # code points after which a block without an empty line is cut, and from where on
_SHORT = 55  # code points of a line in the middle of what is set line by line
_HEADING = 120  # code points of a heading, at most
_ENDS = re.compile(r"[.!?:;,”\"')\]⁰¹²³⁴⁵⁶⁷⁸⁹]\s*$")


@dataclass(frozen=True, slots=True)
class Placed:
    """Says where a passage stands in the text that is set."""

    pieces: tuple[Range, ...]

    @property
    def size(self) -> int:
        """Return how many code points it takes."""
        return sum(each.end - each.start for each in self.pieces)


@dataclass(frozen=True, slots=True)
class Run:
    """Shows a run of text that the same passages cover, by their numbers from the narrowest on.

    `opens` are the passages that begin here; `page` is the printed page that begins here; `mark` the footnote whose
    mark the run is.
    """

    text: str
    covering: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    page: int | None = None
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Shows a paragraph, heading, footnote or group of lines, with the numbers of the passages that begin in it."""

    kind: Kind
    runs: tuple[Run, ...]
    opens: tuple[int, ...] = ()
    note: int | None = None


class Setter:
    """Sets stretches of one text after each other; a passage begins, and a page is said, once."""

    def __init__(
        self,
        text: str,
        passages: Sequence[Placed],
        marks: Sequence[Range] = (),
        notes: Sequence[Range] = (),
        pages: Sequence[int] = (),
    ) -> None:
        """Take a text with what stands in it, which is known by its number in each list from here on.

        `marks` are the footnotes' marks in the body, `notes` the footnotes themselves, `pages` where each page starts.
        """
        self._text, self._passages, self._marks, self._notes, self._pages = text, passages, marks, notes, pages
        self._begun: set[int] = set()  # passages
        self._said: set[int] = set()  # pages

    def blocks(self, start: int, end: int) -> list[Block]:
        """Return the blocks of a stretch; the page that it starts on is said first."""
        due = [number for number, at in enumerate(self._pages) if at <= start][-1:]
        found = []
        before = start
        for low, high in self._cuts(start, end):
            due += [number for number, at in enumerate(self._pages) if before < at <= low]
            found.append(self._block(low, high, [number for number in due if number not in self._said][-1:]))
            due, before = [], high - 1
        return found

    def _cuts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the blocks' stretches, without the white space around them."""
        text = self._text
        edges = {match.end() for match in _BREAK.finditer(text, start, end)}
        for note in self._notes:
            edges |= {max(text.rfind("\n", 0, note.start), text.rfind("\f", 0, note.start)) + 1, _end(text, note)}
        for low, high in pairwise([start, *sorted(edge for edge in edges if start < edge < end), end]):
            at = low
            while high - at > _LONG:
                cut = _cut(text, at + _LEAST, at + _LONG)
                yield from _trimmed(text, at, cut)
                at = cut
            yield from _trimmed(text, at, high)

    def _block(self, low: int, high: int, due: Sequence[int]) -> Block:
        pieces = [
            (number, piece)
            for number, each in enumerate(self._passages)
            for piece in each.pieces
            if piece.start < high and low < piece.end
        ]
        marks = {mark.start: number for number, mark in enumerate(self._marks) if low <= mark.start < high}
        turns = {at: number for number, at in enumerate(self._pages) if low < at < high}
        turns |= dict.fromkeys([low] if due else [], due[-1] if due else 0)
        edges = {low, high, *marks, *turns, *(min(self._marks[number].end, high) for number in marks.values())}
        edges |= {edge for _, piece in pieces for edge in (piece.start, piece.end) if low < edge < high}
        runs: list[Run] = []
        opens: list[int] = []
        for start, end in pairwise(sorted(edges)):
            over = {number for number, piece in pieces if piece.start < end and start < piece.end}
            new = tuple(sorted(over - self._begun))
            self._begun |= over
            opens += new
            page = turns.get(start)
            if page is not None:
                self._said.add(page)
            narrowest = tuple(sorted(over, key=lambda number: (self._passages[number].size, number)))
            runs.append(Run(shown(self._text[start:end]), narrowest, new, page, marks.get(start)))
        note = next((number for number, each in enumerate(self._notes) if each.start < high and low < each.end), None)
        return Block(_kind(self._text[low:high], note), tuple(runs), tuple(opens), note)


def shown(text: str) -> str:
    """Return a text without the control signs that could change how what is around it is shown."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _end(text: str, note: Range) -> int:
    """Return where a footnote ends, with the signs that follow it on its line."""
    match = re.compile(r"[^\w\n\f]*(?=[\n\f]|$)").match(text, max(note.end, 0))
    return match.end() if match else note.end


def _cut(text: str, low: int, high: int) -> int:
    """Return where to cut what is too long: after a line, else after a sentence or a word."""
    for pattern in (r"\n", r"[.!?]\s", r"\s"):
        if match := re.compile(pattern).search(text, low, high):
            return match.end()
    return high


def _trimmed(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    piece = text[low:high]
    if piece.strip():
        yield low + len(piece) - len(piece.lstrip()), high - len(piece) + len(piece.rstrip())


def _kind(text: str, note: int | None) -> Kind:
    """Return how a block is set, by its look: the text says nothing of it."""
    if note is not None:
        return "note"
    lines = text.splitlines()
    if len(lines) == 1 and "\t" not in text:
        return "heading" if len(text) <= _HEADING and not _ENDS.search(text) else "prose"
    return "lines" if "\t" in text or median(map(len, lines)) <= _SHORT else "prose"
