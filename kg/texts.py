"""The operator's copy of a source's text: opened, checked, and read into zones, sentences, numerals and names.

No other module opens a source's text. Offsets are Unicode code points; ends are exclusive.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.anchors import Alignment, Range, locate, normalise
from kg.errors import MissingPartError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FOOTNOTE = re.compile(r"^[ \t]*([0-9]{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})[ \t]*(?=\S)(?<=[ \t⁰¹²³⁴⁵⁶⁷⁸⁹])[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceText:
    """Holds the text of one source, checked against the edition that the data is pinned to."""

    source_id: str
    text: str

    @classmethod
    def open(cls, source_id: str, path: Path, length: int | None = None, sha256: str | None = None) -> SourceText:
        """Read a text as UTF-8 without newline translation, and check its length and sha256 where they are given.

        Raises :class:`MissingPartError` where there is no such file and :class:`UsageError` where it is another text.
        """
        mend = f"give the pinned edition with --text {source_id}=FILE"
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise MissingPartError(f"{path}: there is no text of {source_id} here; {mend}") from None
        except OSError as error:
            raise MissingPartError(f"{path}: cannot be read ({error.strerror}); {mend}") from None
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(f"{path}: is not UTF-8 (byte {error.start}); {mend}") from None
        if length is not None and len(text) != length:
            raise UsageError(
                f"{path}: has {len(text)} code points, the pinned edition of {source_id} has {length}; {mend}, "
                "or find the passages in this one with kg anchors locate"
            )
        digest = hashlib.sha256(raw).hexdigest()
        if sha256 is not None and digest != sha256:
            raise UsageError(
                f"{path}: its sha256 is {digest}, the pinned edition of {source_id} has {sha256}; {mend}, "
                "or find the passages in this one with kg anchors locate"
            )
        return cls(source_id, text)


# ------------------------------------------------------------------------------------------- an operator's own copy

_SAMPLE = 12  # passages by which another document is told apart before all are looked for
_FEWEST = 0.05  # of a source's passages, which a copy of it holds
_NEAR = 40  # code points around the place where a footnote's mark is expected
_HEADING = 300  # code points before the place where a section is expected, in which its heading may stand


@dataclass(frozen=True, slots=True)
class Copy:
    """Holds an operator's own copy of a source's text, with the places in it of what the data has by offsets.

    Where the copy is the pinned edition, offsets hold. Else the passages were located by their fingerprints, and
    sections, pages and footnote marks are placed by the passages around them.
    """

    source_id: str
    text: str
    pinned: bool
    places: Mapping[Range, tuple[Range, ...]]
    alignment: Alignment

    @classmethod
    def of(cls, opened: SourceText, title: str, sha256: str, passages: Sequence[Range], file: Path) -> Copy:
        """Return a text as a copy of the source; raises UsageError where hardly any of its passages stands in it."""
        text = opened.text
        if hashlib.sha256(text.encode("utf-8")).hexdigest() == sha256:
            return cls(opened.source_id, text, True, {}, Alignment((), ()))
        step = max(1, len(passages) // _SAMPLE)
        found = locate(text, passages[step // 2 :: step])
        if any(each.found for each in found):
            found = locate(text, passages)
        places = {each.range: each.pieces for each in found if each.found}
        if len(places) <= _FEWEST * len(passages):
            raise UsageError(
                f"{file}: is not the text of {opened.source_id}: its passages do not stand in it. "
                f"Give a text of “{title}” with --text {opened.source_id}=FILE."
            )
        return cls(opened.source_id, text, False, places, Alignment.of(found))

    def place(self, passage: Range) -> tuple[Range, ...]:
        """Return where a range of the pinned text stands in the copy; nothing where it was not found."""
        return (passage,) if self.pinned else self.places.get(passage, ())

    def start(self, offset: int, heading: str = "") -> int:
        """Return where a section or page starts that starts at an offset of the pinned text."""
        if self.pinned:
            return min(offset, len(self.text))
        low, expected, high = self.alignment.around(offset, len(self.text))
        lines = [match.start() for match in re.finditer(r"^", self.text[low : high + 1], re.MULTILINE)]
        starts = [low + each for each in lines if not each or self.text[low + each - 1] in "\n\f"]
        if (found := self._headed(heading, max(0, low - _HEADING), high)) is not None:
            return found
        if starts:
            return min(starts, key=lambda each: abs(each - expected))
        blank = re.compile(r"\s").search(self.text, expected)
        return blank.end() if blank else expected

    def _headed(self, heading: str, low: int, high: int) -> int | None:
        """Return where the last line starts, within a stretch, that a heading opens; a heading may take three lines."""
        wanted = normalise(heading)[0]
        if not wanted:
            return None
        found = None
        for match in re.finditer(r"^[^\n]+", self.text[low:high], re.MULTILINE):
            begins = self.text[low + match.start() : low + match.start() + 2 * len(heading) + 20]
            if normalise(begins)[0].startswith(wanted):
                found = low + match.start()
        return found

    def mark(self, offset: int, number: str) -> Range | None:
        """Return where a footnote's mark stands that stands at an offset of the pinned text, or None."""
        signs = number.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        expected, near = (offset, 0) if self.pinned else (self.alignment.around(offset, len(self.text))[1], _NEAR)
        low = max(0, expected - near)
        pattern = rf"(?<![⁰¹²³⁴⁵⁶⁷⁸⁹]){signs}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=[^\s\d]){number}(?!\w)|\[{number}\]"
        found = [
            Range(low + match.start(), low + match.end())
            for match in re.finditer(pattern, self.text[low : expected + near + len(signs)])
        ]
        return min(found, key=lambda each: abs(each.start - expected), default=None)


# --------------------------------------------------------------------------------------------------- footnotes


def footnote_blocks(text: str) -> dict[int, Range]:
    """Return the footnotes that stand as lines of their own, by number, each with its leading number.

    A line counts when it opens with a number that goes on counting from the footnote before it, so that the numbers
    of tables and headings are not taken for footnotes.
    """
    blocks: dict[int, Range] = {}
    for match in _FOOTNOTE.finditer(text):
        number = int(match.group(1).translate(_SUPERSCRIPTS))
        if number == len(blocks) + 1:
            blocks[number] = Range(match.start(), match.end())
    return blocks


def holes(text: str, footnotes: Iterable[Range]) -> list[Range]:
    """Return the blocks that interrupt the body: each footnote's range from the start of its line, number included."""
    found = []
    for each in sorted(footnotes, key=lambda note: note.start):
        start = text.rfind("\n", 0, each.start) + 1
        lead = text[start : each.start].strip().translate(_SUPERSCRIPTS)
        found.append(Range(start if not lead or lead.isdigit() else each.start, each.end))
    return found


def numbered_holes(text: str, records: Mapping[int, Iterable[Range]]) -> dict[int, Range]:
    """Return each footnote's block by number, from the records where they have ranges, else as found in the text."""
    blocks = footnote_blocks(text)
    for number, ranges in records.items():
        known = holes(text, ranges)
        if known:
            blocks[number] = Range(min(each.start for each in known), max(each.end for each in known))
    return blocks


# ---------------------------------------------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """Marks one sentence, heading or table row of the body; several pieces where footnotes cut it."""

    pieces: tuple[Range, ...]

    @property
    def start(self) -> int:
        """Return where the sentence starts."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Return where the sentence ends, exclusive."""
        return self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class Word:
    """Marks a numeral or a name in a text."""

    start: int
    end: int
    text: str


# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset({
    "dr",  # Dr. and a person's name
    "mr", "mrs", "ms", "prof", "st", "gen", "lt", "col",  # other titles before a name
    "no", "art", "vol", "pp", "p", "fig",  # before a number: No. 187
    "e.g", "i.e", "cf", "vs", "etc", "approx",  # in the middle of what they illustrate
    "inc", "ltd", "co",  # companies
    "sq",  # sq. km in the maps' tables
    "adm", "dist", "enc", "ind", "sys", "popul", "occup", "comp",  # shortened words of the maps' tables
})  # fmt: skip
# Initials: U.S., U.K., A. Abrahamyan, S.C.P., B.T.K., A.N.C., U.A.S. (with or without brackets around).
_INITIALS = re.compile(r"(?:^|[\s(\[“\"'‘])(?:[^\W\d_]\.)*[^\W\d_]$")
# The end of a sentence: its mark, closing quotes and brackets, footnote marks, then white space or nothing.
_STOP = re.compile(r"(?<!\.\.)[.!?](?!\.)[”\"’'»)\]*]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*(?=\s|$)")
_SENTENCE_OPENS = re.compile(r"\s*[“\"‘'«(\[*]*[^\W_]")
_ENDS_OPEN = re.compile(r"[^\W_]$|[,;–—-]$")  # a paragraph that stops without a mark
_GOES_ON = re.compile(r"[“\"‘'(]?[^\W\d_]")


def sentences(text: str, footnotes: Iterable[Range] = ()) -> list[Sentence]:
    """Return the sentences of a body, in order: the text outside the footnotes, cut at paragraphs and full stops.

    A line without a full stop is a heading or a table row of its own, unless the next paragraph goes on in lower case
    or the line stops at a page's end within a sentence: then footnotes or a page break have cut it in two.
    """
    found: list[Sentence] = []
    for pieces in _paragraphs(text, holes(text, footnotes)):
        found += [Sentence(cut) for cut in _cut(text, pieces)]
    return found


def _paragraphs(text: str, interruptions: Iterable[Range]) -> list[list[Range]]:
    """Return the body's lines as lists of pieces, a line that an interruption cuts joined with its rest."""
    blanked = list(text)
    for hole in interruptions:
        blanked[hole.start : hole.end] = " " * (hole.end - hole.start)
    body = "".join(blanked)
    found: list[list[Range]] = []
    for match in re.finditer(r"[^\n\f]+", body):
        line = match.group()
        if not any(map(str.isalnum, line)):
            continue
        start = match.start() + len(line) - len(line.lstrip())
        piece = Range(start, match.start() + len(line.rstrip()))
        if found and _continues(body, found[-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _continues(body: str, before: list[Range], piece: Range) -> bool:
    last, line = body[before[-1].start : before[-1].end], body[piece.start : piece.end]
    gap = body[before[-1].end : piece.start]
    is_prose = sum(each.end - each.start for each in before) > 60  # headings and rows are shorter
    if not is_prose or gap.count("\n") < 2 or "\t" in last or last.isupper() or not _ENDS_OPEN.search(last):
        return False
    interrupted = any(char == " " for char in gap) and len(gap) > 8  # blanked footnotes
    return (
        line[0].islower()
        or last[-1] in ",–—-"
        or (interrupted and bool(_GOES_ON.match(line)))
        or _lacks_end(last, line)
    )


def _lacks_end(last: str, line: str) -> bool:
    """Tell whether a long line that breaks off within a sentence goes on in the next one."""
    return len(last) > 200 and len(line) > 60 and bool(_GOES_ON.match(line))


def _cut(text: str, pieces: list[Range]) -> list[tuple[Range, ...]]:
    """Return the sentences of one paragraph, each as the pieces it takes of the paragraph's."""
    joined, offsets = "", []
    for piece in pieces:
        if joined:
            joined += " "
            offsets.append(piece.start)
        joined += text[piece.start : piece.end]
        offsets += range(piece.start, piece.end)
    ends = [match.end() for match in _STOP.finditer(joined) if _is_end(joined, match)]
    cuts = [0, *ends] if ends and ends[-1] == len(joined) else [0, *ends, len(joined)]
    found = []
    for low, high in pairwise(cuts):
        while low < high and joined[low].isspace():
            low += 1
        if any(map(str.isalnum, joined[low:high])):
            start, end = offsets[low], offsets[high - 1] + 1
            taken = [
                Range(max(start, piece.start), min(end, piece.end))
                for piece in pieces
                if piece.start < end and start < piece.end
            ]
            found.append(tuple(taken))
    return found


def _is_end(joined: str, stop: re.Match[str]) -> bool:
    """Tell whether a full stop ends a sentence here."""
    rest = joined[stop.end() :]
    if not rest.strip():
        return True
    follows = _SENTENCE_OPENS.match(rest)
    if follows is None:
        return True
    first = rest[follows.end() - 1]
    before = joined[: stop.start()]
    word = re.split(r"[\s(\[“\"'‘«]", before)[-1].casefold()
    if joined[stop.start()] == "." and stop.group() == ".":
        if word in _ABBREVIATIONS or (word.isdigit() and not before[: -len(word)].strip()):  # a heading's number
            return False
        if re.fullmatch(r"[0-9.]+", word) and not before[: -len(word)].strip():
            return False
        if _INITIALS.search(before):
            return False
    return not first.islower() or stop.group()[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹"


# ------------------------------------------------------------------------------------------ numerals and names

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
}  # fmt: skip
NUMBER_WORDS = (
    {word: value for value, word in enumerate(_UNITS, 1)}
    | {word: value * 10 for value, word in enumerate(_TENS, 2)}
    | _SCALES
    | {"zero": 0, "hundreds": 100, "thousands": 1000, "millions": 10**6, "dozens": 12}
)
_NUMBER_WORD = re.compile(r"\b(?:" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9](?:[0-9]|[.,](?=[0-9])| (?=000\b))*")
_NUMERAL = re.compile(
    rf"(?:{_DIGITS.pattern}|{_NUMBER_WORD.pattern})(?:[ -]{_NUMBER_WORD.pattern})*",
    re.IGNORECASE,
)
# Capitals that name nothing by themselves: the months and days belong to dates, which are numerals' and `when`'s part.
_CALENDAR = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
# Degrees and posts that are printed with a capital: alone they name nobody and nothing.
_TITLES = frozenset({
    "ba", "ma", "mba", "phd", "ph.d", "bachelor", "master", "arts", "degree", "assistant", "professor", "visiting",
    "scholar", "advisor", "adviser", "head", "vice", "board",
})  # fmt: skip
_NAME_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*(?:[’'][^\W\d_]+)*")


def numerals(text: str, within: Iterable[Range]) -> list[Word]:
    """Return the numbers in stretches of a text: digits with their separators, number words, and both together."""
    return [
        Word(match.start(), match.end(), match.group())
        for stretch in within
        for match in _NUMERAL.finditer(text, stretch.start, stretch.end)
    ]


def values(numeral: str, before: str = "") -> set[Decimal]:
    """Return what a numeral may mean: `4.388` is 4388 or 4.388; `94` after `1988–` is 1994 too; `02.04.1993` has parts.

    `before` is the text that stands right before the numeral.
    """
    total, scaled = {Decimal(0)}, False
    for part in re.split(r"[ -](?=[^\W\d_])", numeral):
        word = part.casefold()
        if word in _SCALES:
            total = {(each or Decimal(1)) * _SCALES[word] for each in total}
            scaled = True
        elif word in NUMBER_WORDS:
            total = {each + NUMBER_WORDS[word] for each in total}
        else:
            total = {each + value for each in total for value in _readings(part)}
    year = re.search(r"([0-9]{2})[0-9]{2}[–-]$", before)
    if year and re.fullmatch(r"[0-9]{2}", numeral):
        total.add(Decimal(year.group(1) + numeral))
    return total if scaled or total != {Decimal(0)} else {Decimal(0)}


def _readings(digits: str) -> set[Decimal]:
    bare = re.sub(r"[., ]", "", digits)
    found = {Decimal(bare)}
    if len(re.findall(r"[.,]", digits)) == 1 and " " not in digits:
        found.add(Decimal(digits.replace(",", ".")))
    return found


def names(text: str, body: Sequence[Sentence]) -> list[Word]:
    """Return the capitalised names of a body: runs of capitalised words next to each other.

    Months, days, initials, degrees and posts are left out.

    A word that opens a sentence counts where the text has it capitalised within a sentence too.
    """
    tokens = [
        [match for piece in each.pieces for match in _NAME_WORD.finditer(text, piece.start, piece.end)] for each in body
    ]
    inner = {match.group() for line in tokens for match in line[1:] if match.group()[0].isupper()}
    plain = {match.group() for line in tokens for match in line[1:] if match.group()[0].islower()}
    found: list[Word] = []
    for line in tokens:
        run: list[re.Match[str]] = []
        for index, match in enumerate(line):
            word = match.group()
            counts = word[0].isupper() and word.casefold() not in _CALENDAR
            counts = counts and len(word) > 1  # an initial, or the Q of `Q&A`
            if counts and (index == 0 or text[match.start() - 1] in "“‘"):  # a quotation opens like a sentence
                counts = word in inner and word.casefold() not in plain
            if run and (not counts or text[run[-1].end() : match.start()] != " "):
                found.append(_run(text, run))
                run = []
            if counts:
                run.append(match)
        if run:
            found.append(_run(text, run))
    return [each for each in found if not all(word.casefold() in _TITLES for word in each.text.split())]


def _run(text: str, run: Sequence[re.Match[str]]) -> Word:
    start, end = run[0].start(), run[-1].end()
    if re.search(r"[’']s$", text[start:end]):
        end -= 2
    return Word(start, end, text[start:end])


_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def marks(text: str, within: Iterable[Range]) -> dict[int, int]:
    """Return the footnote marks of a body: the offset of each run of superscript digits, and its number."""
    return {
        match.start(): int(match.group().translate(_SUPERSCRIPTS))
        for stretch in within
        for match in _MARK.finditer(text, stretch.start, stretch.end)
    }
