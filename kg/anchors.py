"""Fingerprints of passages: what a range of a text says, up to its typography, and where those letters stand.

Everything here is pure: texts come in as strings, offsets are Unicode code points, ends are exclusive. The project
keeps no sentence of a source, so a passage is known by where it stands in a pinned text and the hash of its letters.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from kg.errors import AscribeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LONGEST_GAP = 1500  # code points that ` … ` in a quote may stand for; farther apart, the words do not belong together
_GAP = re.compile(r"\s*\[?…\]?\s*|\s+\[?\.\.\.\]?\s+|^\[?\.\.\.\]?\s+|\s+\[?\.\.\.\]?$")
_QUOTES = frozenset("\"'`´“”„‟‘’‚‛«»‹›′″")
_UNSEEN = frozenset("*\\\u00ad\u200b\u200c\u200d\u2060\ufeff")  # emphasis, escapes, invisible joints


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
        return cls(start, end, _digest(letters), len(letters))


def _by_place(each: Range) -> tuple[int, int]:
    return each.start, each.end


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Says how a text differs from what a range expects; `found` is what stands there instead, for the console."""

    range: Range
    reason: str
    found: str
    sha256: str | None = None
    letters: int | None = None


class QuoteError(AscribeError):
    """Says why a quote has no single place in a text; `places` are the candidates, none where it is not found."""

    status = 422
    title = "The quote has no single place"

    def __init__(self, message: str, advice: str, places: Sequence[Range] = ()) -> None:
        """Take what is wrong, how to mend it, and the candidates."""
        self.advice = advice
        self.places = tuple(places)
        super().__init__(message)


# ------------------------------------------------------------------------------------------------- letters


@lru_cache(maxsize=4096)
def _is_superscript(char: str) -> bool:
    return unicodedata.category(char) == "No"


@lru_cache(maxsize=4096)
def _joins_previous(char: str) -> bool:
    """Tell whether NFKC may merge or reorder a character with the one before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return (
        unicodedata.combining(first) != 0
        or unicodedata.category(first)[0] == "M"
        or "\u1160" <= first <= "\u11ff"  # Hangul vowels and final consonants join a syllable
    )


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces that NFKC treats one by one, each with its offset, superscript marks left out."""
    held, at = "", 0
    for offset, char in enumerate(text):
        if char < "\x80":
            if held:
                yield at, held
            held, at = char, offset
        elif _is_superscript(char):
            continue
        elif held and _joins_previous(char):
            held += char
        else:
            if held:
                yield at, held
            held, at = char, offset
    if held:
        yield at, held


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    return unicodedata.normalize("NFKC", cluster).casefold()


def _is_letter(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"


@lru_cache(maxsize=4096)
def _letters(cluster: str) -> str:
    return "".join(char for char in _folded(cluster) if _is_letter(char))


def normalise(text: str) -> tuple[str, list[int]]:
    """Return a text's letters and digits, case-folded, and for each the offset of the code point that it comes from.

    Characters of category No (superscript marks) go first, then NFKC, case folding, and all but L* and Nd is dropped.
    """
    letters: list[str] = []
    offsets: list[int] = []
    for offset, cluster in _clusters(text):
        kept = _letters(cluster)
        if kept:
            letters.append(kept)
            offsets.extend([offset] * len(kept))
    return "".join(letters), offsets


def _digest(letters: str) -> str:
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def fingerprint(text: str) -> str:
    """Return the sha256, in hex, of a text's normalised letters."""
    return _digest(normalise(text)[0])


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


# -------------------------------------------------------------------------------------------------- quotes


def find_quote(text: str, quote: str, within: Range | None = None, holes: Sequence[Range] = ()) -> list[Range]:
    """Return where a quote stands, cut around the holes, each range trimmed and with its fingerprint.

    The words must be the text's, up to white space, quotation marks, kinds of dashes and case; ` … ` or ` ... ` stands
    for a gap of at most `LONGEST_GAP` code points, taken as short as it can be. `within` (the section) defaults to the
    whole text. Raises :class:`QuoteError` where the quote is nowhere, or in several places.
    """
    scope = within or Range(0, len(text))
    folded, offsets = _fold_with_holes(text, tuple(Range(hole.start, hole.end) for hole in holes))
    low, high = bisect_left(offsets, scope.start), bisect_left(offsets, scope.end)
    pieces = [piece for piece in (_fold(part)[0].strip() for part in _GAP.split(quote)) if any(map(str.isalnum, piece))]
    if not pieces:
        raise QuoteError("the quote holds no word", "quote the words of the source that carry the claim")
    windows = _windows(folded, pieces, low, high, offsets)
    places = [_place(text, offsets, first, last, quote) for first, last in windows]
    if not places:
        raise _not_found(text, folded, offsets, pieces, low, high)
    if len(places) > 1:
        shown = "; ".join(f"{place.start} “{_excerpt(text, place.start, 60)}”" for place in places[:5])
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        raise QuoteError(
            f"the quote stands in {len(places)} places of {scope.start}-{scope.end}: {shown}{more}",
            "lengthen the quote until it stands in one place",
            places,
        )
    return cut_around(text, places[0], holes)


def cut_around(text: str, whole: Range, holes: Iterable[Range]) -> list[Range]:
    """Return what is left of a range outside the holes: trimmed pieces that hold letters, with their fingerprints."""
    pieces: list[Range] = []
    start = whole.start
    for hole in sorted(holes, key=_by_place):
        if hole.end <= start or hole.start >= whole.end:
            continue
        pieces += _trimmed(text, start, hole.start)
        start = hole.end
    return pieces + _trimmed(text, start, whole.end)


def _trimmed(text: str, start: int, end: int) -> list[Range]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    found = Range.of(text, start, end)
    return [found] if found.letters else []


def _fold(text: str) -> tuple[str, list[int]]:
    """Return a text as quotes are compared, with the offset of each character.

    Quotation marks and superscripts go, every dash is `-`, white space is one blank or, beside a dash, none.
    """
    folded: list[str] = []
    offsets: list[int] = []
    for offset, cluster in _clusters(text):
        char = cluster[0]
        if char in _QUOTES or char in _UNSEEN:
            continue
        if char.isspace():
            if folded and folded[-1] not in " -":
                folded.append(" ")
                offsets.append(offset)
        elif char == "\u2212" or unicodedata.category(char) == "Pd":
            if folded and folded[-1] == " ":
                folded.pop()
                offsets.pop()
            folded.append("-")
            offsets.append(offset)
        else:
            for each in _folded(cluster):
                folded.append(each)
                offsets.append(offset)
    return "".join(folded), offsets


@lru_cache(maxsize=8)
def _fold_with_holes(text: str, holes: tuple[Range, ...]) -> tuple[str, list[int]]:
    """Return the text outside the holes, folded; kept for the next quote, since folding a book takes a while."""
    chars = list(text)
    for hole in holes:
        chars[hole.start : hole.end] = " " * (min(hole.end, len(text)) - hole.start)
    return _fold("".join(chars))


def _occurrences(folded: str, piece: str, low: int, high: int) -> Iterator[int]:
    """Yield where a piece stands as whole words."""
    at = folded.find(piece, low, high)
    while at >= 0:
        end = at + len(piece)
        cut_before = at > 0 and piece[0].isalnum() and folded[at - 1].isalnum()
        cut_after = end < len(folded) and piece[-1].isalnum() and folded[end].isalnum()
        if not cut_before and not cut_after:
            yield at
        at = folded.find(piece, at + 1, high)


def _windows(folded: str, pieces: Sequence[str], low: int, high: int, offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Return the shortest stretches of the folded text that hold the pieces one after the other."""
    shortest: dict[int, int] = {}  # end → latest start
    for first in _occurrences(folded, pieces[0], low, high):
        end = first + len(pieces[0])
        for piece in pieces[1:]:
            found = next(_occurrences(folded, piece, end, high), None)
            if found is None or offsets[found] - offsets[end - 1] > LONGEST_GAP:
                break
            end = found + len(piece)
        else:
            shortest[end] = max(first, shortest.get(end, first))
    return sorted((start, end) for end, start in shortest.items())


def _place(text: str, offsets: Sequence[int], first: int, last: int, quote: str) -> Range:
    """Return the range of a stretch, taking in the quotation marks that the quote has at its ends."""
    start, end = offsets[first], offsets[last - 1] + 1
    while end < len(text) and _joins_previous(text[end]) and text[end] >= "\x80":
        end += 1
    stripped = quote.strip()
    if stripped[0] in _QUOTES and start > 0 and text[start - 1] in _QUOTES:
        start -= 1
    if stripped[-1] in _QUOTES and end < len(text) and text[end] in _QUOTES:
        end += 1
    return Range(start, end)


def _excerpt(text: str, start: int, length: int) -> str:
    return " ".join(text[start : start + length].split())


def _not_found(
    text: str, folded: str, offsets: Sequence[int], pieces: Sequence[str], low: int, high: int
) -> QuoteError:
    """Return the error for a quote that is nowhere, with the place that has most of its words in a row."""
    for piece in pieces:
        if next(_occurrences(folded, piece, low, high), None) is None:
            return _nearest(text, folded, offsets, piece, low, high)
    return QuoteError(
        f"the parts of the quote are all there, but not in this order within {LONGEST_GAP} code points of each other",
        "put the parts in the text's order, or make two claims of it",
    )


def _nearest(text: str, folded: str, offsets: Sequence[int], piece: str, low: int, high: int) -> QuoteError:
    asked = piece.split()
    words = list(re.finditer(r"\S+", folded[low:high]))
    block = SequenceMatcher(None, asked, [word.group() for word in words], autojunk=False).find_longest_match()
    elsewhere = next(_occurrences(folded, piece, 0, len(folded)), None)
    if elsewhere is not None:
        return QuoteError(
            f"“{piece[:80]}” stands outside this section, at {offsets[elsewhere]}", "move the claim or mend the quote"
        )
    if block.size == 0:
        return QuoteError(f"none of the words “{piece[:80]}” stands in this section", "quote the source's own words")
    at = offsets[low + words[block.b].start()]
    before = max(0, block.a - 3)
    return QuoteError(
        f"“{piece[:80]}” is not there; nearest is {at} “{_excerpt(text, at, 100)}”, which shares “"
        f"{' '.join(asked[block.a : block.a + block.size])[:80]}” but not what the quote has "
        + (
            f"next, “{' '.join(asked[block.a + block.size :][:4])}”"
            if block.a + block.size < len(asked)
            else f"before it, “{' '.join(asked[before : block.a])}”"
        ),
        "copy the words as the text has them",
        [Range(at, offsets[low + words[block.b + block.size - 1].end() - 1] + 1)],
    )


# ------------------------------------------------------------------------------------------------- locating

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
    wanted = sorted({each for each in ranges if each.sha256 is not None}, key=_by_place)
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
    chain = _rising([(wanted.start, place[0].start) for wanted, place in single])
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


def _rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
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
