"""Finds the one place of a curator's quote in a text, cut around what interrupts it there."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.anchors.letters import Range, by_place, clusters, fold_cluster, joins_previous
from kg.errors import AscribeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_GAP = 1500  # code points that ` … ` in a quote may stand for; farther apart, the words do not belong together
_GAP = re.compile(r"\s*\[?…\]?\s*|\s+\[?\.\.\.\]?\s+|^\[?\.\.\.\]?\s+|\s+\[?\.\.\.\]?$")
_QUOTES = frozenset("\"'`´“”„‟‘’‚‛«»‹›′″")
_UNSEEN = frozenset("*\\\u00ad\u200b\u200c\u200d\u2060\ufeff")  # emphasis, escapes, invisible joints


class QuoteError(AscribeError):
    """Says why a quote has no single place in a text; `places` are the candidates, none where it is not found."""

    status = 422
    title = "The quote has no single place"

    def __init__(self, message: str, advice: str, places: Sequence[Range] = ()) -> None:
        """Take what is wrong, how to mend it, and the candidates."""
        self.advice = advice
        self.places = tuple(places)
        super().__init__(message)


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
    for hole in sorted(holes, key=by_place):
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
    for offset, cluster in clusters(text):
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
            for each in fold_cluster(cluster):
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
    while end < len(text) and joins_previous(text[end]) and text[end] >= "\x80":
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
