"""Finds passages again in another extraction of the same text, by their fingerprints alone."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from kg.anchors.letters import Range, by_place, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


FEWEST_LETTERS = 0.5  # of a range's code points, where the number of its letters is not on record
_REACHES = (1000, 6000, None)  # code points around the expected place, tried in this order; None is the whole text
_REACH_OF_BRIDGES = 2500
_MOST_BRIDGED_LINES = 90  # lines of footnotes and page furniture that may interrupt a passage
_SHORT, _FAR = 20, 2500  # a passage of so few code points, so far from its neighbours, may be another that reads alike
_CLOSE = 40  # code points from the expected place within which one of several places is meant
_NOTE = re.compile(r"^[ \t]*([0-9]{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})[.)]?[ \t]*(?=[^\s0-9])")
_PAGE_NUMBER = re.compile(r"[\s\-–—|·.\[\]]*(?:page|p\.)?\s*[0-9]{1,4}[\s\-–—|·.\[\]]*", re.IGNORECASE)
_PLAIN_MARK = re.compile(r"\[[0-9]{1,3}\]|(?<=[^\W\d_])[0-9]{1,2}(?!\w)|(?<=[.,;:!?”’\"')\]])[0-9]{1,2}(?=\s|$)")
_SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class Located:
    """Says where a range of the pinned text stands in another one.

    `pieces` are the code points there, several where footnotes or page furniture interrupt them, none where the passage
    was not found or has several `places` of which none is clearly meant.
    """

    range: Range
    pieces: tuple[Range, ...]
    places: int  # how many places hold these letters

    @property
    def found(self) -> bool:
        """Tell whether the passage has its place."""
        return bool(self.pieces)


def locate(text: str, ranges: Sequence[Range], progress: Callable[[int, int], None] | None = None) -> list[Located]:
    """Return, in the order given, where ranges of the pinned text stand in another extraction of it.

    The letters of a place always have the range's fingerprint, so line breaks, hyphens, quotation marks and spacing do
    not matter; footnotes, page numbers and running heads may interrupt a passage. `progress` is told how many of all
    ranges were looked for.
    """
    wanted = sorted({each for each in ranges if each.sha256 is not None}, key=by_place)
    finder = _Finder(text, max((each.end for each in wanted), default=1))
    places: dict[Range, list[tuple[Range, ...]]] = {}
    for done, each in enumerate(wanted, 1):
        places[each] = finder.places(each)
        if progress is not None:
            progress(done, len(wanted))
    chosen = _choose(places, finder.scale)
    return [Located(each, chosen.get(each, ()), len(places.get(each, ()))) for each in ranges]


class _View:
    """Holds the letters of a text as far as they are not removed, and where words start and end among them."""

    def __init__(self, text: str, removed: Sequence[tuple[int, int]] = ()) -> None:
        chars = list(text)
        for start, end in removed:
            chars[start:end] = " " * (end - start)
        self.letters, self.offsets = normalise("".join(chars))
        self.removed = sorted(removed)
        self.encoded = self.letters.encode("utf-8")
        self.bytes = [0]
        for char in self.letters:
            self.bytes.append(self.bytes[-1] + len(char.encode("utf-8")))
        size = len(self.letters)
        breaks = [i for i in range(1, size) if self.offsets[i] - self.offsets[i - 1] > 1]
        self.starts = [0, *breaks] if size else []
        self.is_start = bytearray(size + 1)
        for i in self.starts:
            self.is_start[i] = 1
        self.is_end = bytearray(self.is_start)  # a word ends where the next one starts
        self.is_end[size] = 1
        self.ends = [*self.starts[1:], size] if size else []

    def digest(self, start: int, end: int) -> bytes:
        """Return the sha256 of letters `start` to `end`."""
        return hashlib.sha256(self.encoded[self.bytes[start] : self.bytes[end]]).digest()

    def search(self, wanted: bytes, lengths: range, around: tuple[int, int], whole_words: bool = True) -> str | None:
        """Return the letters with a fingerprint that start within a stretch of the text, or None."""
        low, high = (bisect_left(self.offsets, each) for each in around)
        size = len(self.letters)
        if whole_words:
            starts: Iterable[int] = self.starts[bisect_left(self.starts, low) : bisect_right(self.starts, high)]
        else:
            starts = range(low, high)
        for start in starts:
            first, last = start + lengths.start, start + lengths.stop
            for end in self.ends_between(first, last) if whole_words else range(first, min(last, size + 1)):
                if self.digest(start, end) == wanted:
                    return self.letters[start:end]
        return None

    def ends_between(self, first: int, last: int) -> Sequence[int]:
        """Return where words end from `first` to `last`, exclusive."""
        if last - first == 1:
            return (first,) if first < len(self.is_end) and self.is_end[first] else ()
        return self.ends[bisect_left(self.ends, first) : bisect_left(self.ends, last)]

    def occurrences(self, letters: str) -> Iterator[tuple[Range, ...]]:
        """Yield each place of the letters as ranges of the text, whole words only where there are such."""
        found = []
        at = self.letters.find(letters)
        while at >= 0:
            found.append(at)
            at = self.letters.find(letters, at + 1)
        whole = [at for at in found if self.is_start[at] and self.is_end[at + len(letters)]]
        for at in whole or found:
            yield self.pieces(at, at + len(letters))

    def pieces(self, start: int, end: int) -> tuple[Range, ...]:
        """Return the code points that letters `start` to `end` come from, cut where something was removed."""
        first, last = self.offsets[start], self.offsets[end - 1]
        pieces, at = [], start
        for low, high in self.removed:
            if first < low and high <= last:
                cut = bisect_left(self.offsets, low)
                if cut > at:
                    pieces.append(Range(self.offsets[at], self.offsets[cut - 1] + 1))
                    at = cut
        return (*pieces, Range(self.offsets[at], last + 1))


class _Finder:
    """Finds the places of one range after another, expecting each where its neighbours' drift puts it."""

    def __init__(self, text: str, pinned_length: int) -> None:
        self.text = text
        self.scale = len(text) / max(pinned_length, 1)
        furniture = _furniture(text)
        marks = [match.span() for match in _PLAIN_MARK.finditer(text)]
        self.views = [_View(text)]
        if furniture:
            self.views.append(_View(text, furniture))
        if marks:
            self.views.append(_View(text, [*furniture, *marks]))
        self.lines = _suspect_lines(text)
        self.drifts: deque[float] = deque(maxlen=7)
        self.searched = self.met = 0

    def places(self, wanted: Range) -> list[tuple[Range, ...]]:
        """Return all places that hold the letters of a range."""
        centre = wanted.start * self.scale + (median(self.drifts) if self.drifts else 0)
        self.searched += 1
        letters = self._search(wanted, centre)
        if letters is not None:
            found = {place[0].start: place for view in reversed(self.views) for place in view.occurrences(letters)}
            places = [found[start] for start in sorted(found)]
        else:
            places = self._bridge(wanted, centre)
        if places:
            self.met += 1
            nearest = min(places, key=lambda place: abs(place[0].start - centre))
            self.drifts.append(nearest[0].start - wanted.start * self.scale)
        return places

    def _search(self, wanted: Range, centre: float) -> str | None:
        digest, lengths = bytes.fromhex(wanted.sha256 or ""), _lengths(wanted)
        hopeless = self.searched > 60 and self.met * 10 < self.searched  # another text: not each passage everywhere
        after_last = wanted.start * self.scale + (self.drifts[-1] if self.drifts else 0)
        for around in (self._around(after_last, 300), *(self._around(centre, reach) for reach in _REACHES)):
            if hopeless and around == self._around(centre, None):
                continue
            for view in self.views:
                if (found := view.search(digest, lengths, around)) is not None:
                    return found
        if not hopeless:  # a range may start or end within a word
            for view in self.views:
                if (found := view.search(digest, lengths, self._around(centre, 1500), whole_words=False)) is not None:
                    return found
        return None

    def _around(self, centre: float, reach: int | None) -> tuple[int, int]:
        return (0, len(self.text)) if reach is None else (int(centre) - reach, int(centre) + reach)

    def _bridge(self, wanted: Range, centre: float) -> list[tuple[Range, ...]]:
        """Return the place of a passage that some lines interrupt which were not known as furniture."""
        digest, lengths, view = bytes.fromhex(wanted.sha256 or ""), _lengths(wanted), self.views[0]
        low, high = self._around(centre, _REACH_OF_BRIDGES + wanted.end - wanted.start)
        starts, suspects = self.lines
        for line in (line for line in suspects if low <= starts[line] <= high):
            cut = bisect_left(view.offsets, starts[line])
            words = view.starts[bisect_left(view.starts, cut - lengths.stop + 1) : bisect_left(view.starts, cut)]
            for resumed in range(line + 1, min(line + _MOST_BRIDGED_LINES, len(starts))):
                on = bisect_left(view.offsets, starts[resumed])
                for start in words:
                    head = view.encoded[view.bytes[start] : view.bytes[cut]]
                    spare = on - (cut - start)
                    for end in view.ends_between(max(on + 1, spare + lengths.start), spare + lengths.stop):
                        tail = view.encoded[view.bytes[on] : view.bytes[end]]
                        if hashlib.sha256(head + tail).digest() == digest:
                            return [(*view.pieces(start, cut), *view.pieces(on, end))]
        return []


def _lengths(wanted: Range) -> range:
    if wanted.letters is not None:
        return range(wanted.letters, wanted.letters + 1)
    size = wanted.end - wanted.start
    return range(max(1, int(size * FEWEST_LETTERS)), size + 1)


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the lines with their offsets; a form feed ends a line too."""
    return [(match.start(), match.group()) for match in re.finditer(r"[^\n\f]*(?:[\n\f]|$)", text) if match.group()]


def _head(line: str) -> str:
    """Return a line as running heads are compared: without digits, so that page numbers do not matter."""
    return "".join(char for char in normalise(line)[0] if not char.isdigit())


def _is_break(line: str) -> bool:
    return not any(char.isalnum() for char in line)


def _repeated(lines: Sequence[tuple[int, str]]) -> set[str]:
    counts = Counter(_head(line) for _, line in lines if len(line) < 120)
    return {head for head, count in counts.items() if head and count > 2}


def _furniture(text: str) -> list[tuple[int, int]]:
    """Return the stretches that interrupt the body: footnotes, page numbers, running heads."""
    lines = _lines(text)
    heads = _repeated(lines)
    aside = [
        bool(_PAGE_NUMBER.fullmatch(line.strip())) or (len(line) < 120 and _head(line) in heads) for _, line in lines
    ]
    notes = _notes(lines, aside)
    inside = False
    removed = []
    for index, (start, line) in enumerate(lines):
        inside = index in notes or (inside and not aside[index] and not _is_break(line))
        if inside or aside[index]:
            removed.append((start, start + len(line)))
        if line.endswith("\f"):
            inside = False
    merged: list[tuple[int, int]] = []
    for start, end in removed:
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _notes(lines: Sequence[tuple[int, str]], aside: Sequence[bool]) -> set[int]:
    """Return the lines that open a footnote: the longest run of numbers counting up by one.

    A body line may open with the number that is due, so lines at the start of a paragraph are preferred.
    """
    best: dict[int, tuple[float, int]] = {}  # number → score of the best run up to it, and its last line
    runs: dict[int, tuple[float, int | None]] = {}  # line → score, line before it in its run
    for index, (_, line) in enumerate(lines):
        match = _NOTE.match(line)
        if match is None or aside[index] or not match.group().strip():
            continue
        number = int(match.group(1).translate(_SUPERSCRIPT_DIGITS))
        opens = index == 0 or aside[index - 1] or _is_break(lines[index - 1][1]) or lines[index - 1][1].endswith("\f")
        score, before = best.get(number - 1, (0.0, -1))
        runs[index] = (score + (1.5 if opens else 1.0), before if before >= 0 else None)
        if runs[index][0] >= best.get(number, (0.0, -1))[0]:
            best[number] = (runs[index][0], index)
    found: set[int] = set()
    at = max(runs, key=lambda index: runs[index][0], default=None)
    while at is not None:
        found.add(at)
        at = runs[at][1]
    return found


def _suspect_lines(text: str) -> tuple[list[int], list[int]]:
    """Return where lines start, and which of them may open an interruption of the body."""
    lines = _lines(text)
    heads = _repeated(lines)
    suspects = [
        index
        for index, (_, line) in enumerate(lines)
        if index
        and not _is_break(line)
        and (_NOTE.match(line) or _PAGE_NUMBER.fullmatch(line.strip()) or _is_break(lines[index - 1][1])
             or lines[index - 1][1].endswith("\f") or _head(line) in heads)
    ]  # fmt: skip
    return [start for start, _ in lines], suspects


def _choose(places: dict[Range, list[tuple[Range, ...]]], scale: float) -> dict[Range, tuple[Range, ...]]:
    """Return the place meant for each range: the one there is, or the one that its neighbours' order decides."""
    single = [(wanted, found[0]) for wanted, found in places.items() if len(found) == 1]  # in the pinned text's order
    chain = rising([(wanted.start, place[0].start) for wanted, place in single])
    starts = [start for start, _ in chain]
    chosen: dict[Range, tuple[Range, ...]] = {}
    for wanted, found in places.items():
        if not found:
            continue
        at = bisect_left(starts, wanted.start)
        around = [chain[i] for i in (at - 1, at) if 0 <= i < len(chain) and chain[i][0] != wanted.start]
        after = bisect_right(starts, wanted.start)
        if after < len(chain) and chain[after] not in around:
            around.append(chain[after])
        expected = [there + (wanted.start - here) * scale for here, there in around]
        distances = sorted(
            ((min((abs(place[0].start - each) for each in expected), default=0.0), place) for place in found),
            key=lambda scored: scored[0],
        )
        nearest, place = distances[0]
        if len(found) == 1:
            few = wanted.end - wanted.start < _SHORT
            if not (few and nearest > _FAR):
                chosen[wanted] = place
        elif expected and (
            nearest * 10 + 10 < distances[1][0] or (nearest < _CLOSE and nearest * 3 + 10 < distances[1][0])
        ):
            chosen[wanted] = place
    return chosen


def rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of points whose second numbers rise too: what kept its order."""
    tails: list[int] = []  # smallest last value of a run of each length
    holders: list[int] = []
    before: list[int | None] = []
    for index, (_, value) in enumerate(points):
        at = bisect_right(tails, value)
        before.append(holders[at - 1] if at else None)
        if at == len(tails):
            tails.append(value)
            holders.append(index)
        else:
            tails[at], holders[at] = value, index
    run: list[tuple[int, int]] = []
    last = holders[-1] if holders else None
    while last is not None:
        run.append(points[last])
        last = before[last]
    return run[::-1]
