"""What of a source's text the curated data accounts for: its sentences, numerals, footnotes and names.

The findings carry offsets, not words: the console may print the words from the operator's own copy.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.anchors import Range, normalise
from kg.texts import NUMBER_WORDS, Sentence, footnote_blocks, holes, marks, names, numerals, sentences, values

SHORTEST_STRETCH = 15  # letters that a sentence may leave out (`Moreover`, `Unfortunately`) before it is partly covered
KINDS = ("sentences", "numerals", "footnotes", "names")


@dataclass(frozen=True, slots=True)
class Gap:
    """Names one stretch of the text that is not accounted for, or not wholly (`partly`), and why."""

    kind: str
    start: int
    end: int
    section: str | None
    reason: str
    partly: bool = False


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Holds how many sentences, numerals, footnotes and names there are, and those not accounted for."""

    totals: Mapping[str, int]
    gaps: tuple[Gap, ...]

    def accounted(self, kind: str) -> int:
        """Return how many of a kind are accounted for; partly covered sentences are."""
        missing = {(gap.start, gap.end) for gap in self.gaps if gap.kind == kind and not gap.partly}
        return max(0, self.totals[kind] - len(missing))

    def share(self, kind: str) -> float:
        """Return the share of a kind that is accounted for, 1 where there is none of it."""
        return self.accounted(kind) / self.totals[kind] if self.totals[kind] else 1.0

    @property
    def complete(self) -> bool:
        """Tell whether everything is accounted for."""
        return all(gap.partly for gap in self.gaps)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data, with offsets and no words of the text."""
        summary = {
            kind: {"total": self.totals[kind], "accounted": self.accounted(kind), "share": round(self.share(kind), 4)}
            for kind in KINDS
        }
        fields = ("kind", "start", "end", "section", "reason", "partly")
        return {"summary": summary, "gaps": [{key: getattr(gap, key) for key in fields} for gap in self.gaps]}

    def as_text(self, text: str | None = None) -> str:
        """Return the report as lines for a console, each gap with its words where the text is given."""
        lines = []
        for kind in KINDS:
            lines.append(f"{kind}: {self.accounted(kind)} of {self.totals[kind]} ({self.share(kind):.1%})")
            for gap in (gap for gap in self.gaps if gap.kind == kind):
                words = f" “{_shortened(text[gap.start : gap.end])}”" if text is not None else ""
                partly = "partly: " if gap.partly else ""
                lines.append(f"  {gap.start}-{gap.end} {gap.section or '-'}: {partly}{gap.reason}{words}")
        return "\n".join(lines)


def coverage(
    text: str,
    sections: Mapping[str, Range],
    claims: Sequence[Mapping[str, Any]],
    references: Sequence[Mapping[str, Any]],
    entities: Mapping[str, Sequence[str]],
    unclaimed: Sequence[Mapping[str, Any]],
) -> CoverageReport:
    """Return what of a text the data leaves out; claims, references and unclaimed entries are as curated, with ranges.

    `entities` has each entity's labels and names by its id. A sentence is accounted for when claims or unclaimed
    entries cover the greater part of its letters. A numeral is when it stands in an unclaimed entry, or in a claim that
    has the number: in a figure, a date, the claim's text, or a name of an entity that it is about. The word `one` needs
    the claim only, since it seldom counts. A footnote is when it is on record, its marks are where the record has them,
    and a claim at the mark's sentence cites it. A name is when an entity has it, or it stands in an unclaimed entry.
    """
    view = _Text(text, sections, references)
    claimed = [(claim, _ranges(claim.get("passage"))) for claim in claims]
    left_out = [each for entry in unclaimed for each in _ranges(entry)]
    covered = _mask(len(text), [*(each for _, ranges in claimed for each in ranges), *left_out])
    skipped = _mask(len(text), left_out)
    checked = {
        "sentences": _sentences(view, covered),
        "numerals": _numerals(view, claimed, entities, skipped),
        "footnotes": _footnotes(view, claimed, references),
        "names": _names(view, entities, skipped),
    }
    gaps = [gap for _, found in checked.values() for gap in found]
    return CoverageReport({kind: total for kind, (total, _) in checked.items()}, tuple(gaps))


class _Text:
    """Holds a text with its body's sentences, its letters' offsets and its sections."""

    def __init__(self, text: str, sections: Mapping[str, Range], references: Sequence[Mapping[str, Any]]) -> None:
        self.text = text
        self.notes = footnote_blocks(text)
        recorded = [each for reference in references for each in _ranges(reference.get("passage"))]
        self.footnotes = holes(text, [*self.notes.values(), *recorded])
        self.sentences = sentences(text, self.footnotes)
        self.pieces = [piece for sentence in self.sentences for piece in sentence.pieces]
        _, self.letters = normalise(text)
        self.sections = sorted(sections.items(), key=lambda item: item[1].end - item[1].start)

    def section(self, offset: int) -> str | None:
        """Return the innermost section at an offset."""
        return next((key for key, span in self.sections if span.start <= offset < span.end), None)

    def gap(self, kind: str, start: int, end: int, reason: str, partly: bool = False) -> Gap:
        return Gap(kind, start, end, self.section(start), reason, partly)

    def letters_of(self, pieces: Iterable[Range]) -> list[int]:
        """Return the offsets of the letters in some pieces."""
        return [
            offset
            for piece in pieces
            for offset in self.letters[bisect_left(self.letters, piece.start) : bisect_left(self.letters, piece.end)]
        ]

    def sentence_at(self, offset: int) -> Sentence | None:
        return next((each for each in self.sentences if any(p.start <= offset < p.end for p in each.pieces)), None)


def _ranges(holder: Any) -> list[Range]:
    spans = holder.get("ranges", ()) if isinstance(holder, Mapping) else ()
    return [Range(int(each["start"]), int(each["end"])) for each in spans]


def _mask(length: int, ranges: Iterable[Range]) -> bytearray:
    mask = bytearray(length)
    for each in ranges:
        start, end = max(each.start, 0), min(each.end, length)
        mask[start:end] = b"\x01" * max(0, end - start)
    return mask


def _sentences(view: _Text, covered: bytearray) -> tuple[int, list[Gap]]:
    gaps = []
    for sentence in view.sentences:
        letters = view.letters_of(sentence.pieces)
        left = [offset for offset in letters if not covered[offset]]
        if len(left) * 2 >= len(letters):
            gaps.append(view.gap("sentences", sentence.start, sentence.end, "no claim or stated reason covers it"))
            continue
        gaps += [
            view.gap("sentences", start, end, "the claims of this sentence leave this out", partly=True)
            for start, end, count in _stretches(letters, covered)
            if count >= SHORTEST_STRETCH
        ]
    return len(view.sentences), gaps


def _stretches(letters: Sequence[int], covered: bytearray) -> list[tuple[int, int, int]]:
    """Return the runs of letters that are not covered: start, end, number of letters."""
    found: list[tuple[int, int, int]] = []
    running = False
    for offset in letters:
        if covered[offset]:
            running = False
        elif running:
            start, _, count = found[-1]
            found[-1] = (start, offset + 1, count + 1)
        else:
            found.append((offset, offset + 1, 1))
            running = True
    return found


# ------------------------------------------------------------------------------------------------- numerals


def _numerals(
    view: _Text,
    claimed: Sequence[tuple[Mapping[str, Any], Sequence[Range]]],
    entities: Mapping[str, Sequence[str]],
    skipped: bytearray,
) -> tuple[int, list[Gap]]:
    found = numerals(view.text, view.pieces)
    known = [(ranges, _Numbers(claim, entities)) for claim, ranges in claimed]
    gaps = []
    for word in found:
        if skipped[word.start]:
            continue
        here = [numbers for ranges, numbers in known if any(r.start < word.end and word.start < r.end for r in ranges)]
        if not here:
            gaps.append(view.gap("numerals", word.start, word.end, "no claim covers it"))
            continue
        if word.text.casefold() == "one":
            continue
        before, after = view.text[max(0, word.start - 6) : word.start], view.text[word.end : word.end + 9]
        if not any(numbers.hold(word.text, before, after) for numbers in here):
            reason = "no claim here has this number as a figure, a date, or in its text or its entities' names"
            gaps.append(view.gap("numerals", word.start, word.end, reason))
    return len(found), gaps


class _Numbers:
    """Holds the numbers that a claim has: its figures, dates, words, and the names of what it is about."""

    def __init__(self, claim: Mapping[str, Any], entities: Mapping[str, Sequence[str]]) -> None:
        figures = [each for each in claim.get("figures", ()) if isinstance(each, Mapping)]
        states = [each for each in claim.get("states", ()) if isinstance(each, Mapping)]
        holders = [claim, *figures, *states]
        self.dates = [str(each["when"]) for each in holders if each.get("when") is not None]
        self.dates += [str(each["value"]) for each in states if each.get("value") is not None]
        things = {str(each) for each in claim.get("about", ())}
        things |= {str(each[key]) for each in holders for key in ("s", "o", "of", "where") if each.get(key)}
        printed = [str(each["asPrinted"]) for each in holders if each.get("asPrinted") is not None]
        roles = [str(each["role"]) for each in states if each.get("role") is not None]
        texts = [str(claim.get("text", "")), str(claim.get("condition", "")), *printed, *roles]
        texts += [name for thing in things for name in entities.get(thing, ())]
        self.strings = " ".join(texts)
        self.values: set[Decimal] = set()
        for each in figures:
            self.values |= {value for key in ("value", "min", "max") if (value := _decimal(each.get(key))) is not None}
        for string in [*texts, *self.dates]:
            for word in numerals(string, [Range(0, len(string))]):
                self.values |= values(word.text, string[: word.start])
        for date in self.dates:
            self.values |= {Decimal(part) for part in re.findall(r"[0-9]+", date)}
            self.values |= {Decimal(decade + "0") for decade in re.findall(r"\b([0-9]{3})X", date)}

    def hold(self, numeral: str, before: str, after: str) -> bool:
        """Tell whether a numeral of the text is among the claim's numbers."""
        day = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", numeral)
        if day:
            iso = f"{day.group(3)}-{int(day.group(2)):02}-{int(day.group(1)):02}"
            return any(iso in date for date in self.dates) or numeral in self.strings
        meant = values(numeral, before)
        if re.match(r"\W?decade", after):
            meant |= {value * 10 for value in meant}
        if meant & self.values:
            return True
        words = [NUMBER_WORDS.get(part.casefold()) for part in re.split(r"[ -]", numeral)]
        vague = all(word in (12, 100, 1000, 10**6) for word in words)  # dozens, hundreds: a figure need not be exact
        return (vague and numeral.casefold() in self.strings.casefold()) or numeral in self.strings.split()


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


# ------------------------------------------------------------------------------------------------- footnotes


def _footnotes(
    view: _Text,
    claimed: Sequence[tuple[Mapping[str, Any], Sequence[Range]]],
    references: Sequence[Mapping[str, Any]],
) -> tuple[int, list[Gap]]:
    found = marks(view.text, view.pieces)
    records = {int(each["number"]): each for each in references if each.get("number") is not None}
    gaps = []
    for number, block in view.notes.items():
        if number not in records:
            gaps.append(view.gap("footnotes", block.start, block.end, f"footnote {number} is not on record"))
    for offset, number in found.items():
        end = offset + len(str(number))
        record = records.get(number)
        if record is None or offset not in record.get("marks", ()):
            gaps.append(view.gap("footnotes", offset, end, f"mark {number} is not on record at this offset"))
        elif not _is_cited(view, offset, str(record["id"]), claimed):
            gaps.append(view.gap("footnotes", offset, end, f"no claim at this sentence cites footnote {number}"))
    strays = [
        (number, offset)
        for number, record in records.items()
        for offset in record.get("marks", ())
        if found.get(offset) != number
    ]
    gaps += [
        view.gap("footnotes", offset, offset + 1, f"the record of footnote {number} has a mark here, the text has none")
        for number, offset in strays
    ]
    return len(view.notes) + len(found) + len(strays), gaps


def _is_cited(
    view: _Text, offset: int, reference: str, claimed: Sequence[tuple[Mapping[str, Any], Sequence[Range]]]
) -> bool:
    sentence = view.sentence_at(offset)
    return sentence is not None and any(
        reference in claim.get("cites", ())
        and any(r.start < piece.end and piece.start < r.end for r in ranges for piece in sentence.pieces)
        for claim, ranges in claimed
    )


# ----------------------------------------------------------------------------------------------------- names


def _names(view: _Text, entities: Mapping[str, Sequence[str]], skipped: bytearray) -> tuple[int, list[Gap]]:
    known = _Known(name for each in entities.values() for name in each)
    found = names(view.text, view.sentences)
    gaps = [
        view.gap("names", word.start, word.end, "no entity has this name")
        for word in found
        if not skipped[word.start] and not known.has(word.text)
    ]
    return len(found), gaps


# What turns a name, at most three letters of its end left off, into its adjective: Armen-ian, Turk-ish, Azerbaijan-i.
_ADJECTIVE_ENDINGS = ("ian", "ians", "an", "ans", "i", "is", "ani", "anis", "ish", "ese", "n", "ns")


class _Known:
    """Holds the names of all entities as sequences of words, so that parts of them can be recognised."""

    def __init__(self, labels: Iterable[str]) -> None:
        self.runs = " ".join("\n " + " ".join(_words(label)) + " " for label in labels) + "\n"
        self.words = set(self.runs.split())
        self.stems = {word[:size] for word in self.words for size in range(max(4, len(word) - 3), len(word) + 1)}

    def has(self, name: str) -> bool:
        """Tell whether a name is part of an entity's, or of several next to each other (`President Ilham Aliyev`).

        The adjective of a name counts as the name: `Armenian`, `Turkish`.
        """
        words = _words(name)
        at = 0
        while at < len(words):
            size = next(
                (n for n in range(len(words) - at, 0, -1) if f" {' '.join(words[at : at + n])} " in self.runs), 0
            )
            if not size and not self._derived(words[at]):
                return False
            at += size or 1
        return True

    def _derived(self, word: str) -> bool:
        if word.removesuffix("s") in self.words:
            return True
        return any(word.endswith(suffix) and word.removesuffix(suffix) in self.stems for suffix in _ADJECTIVE_ENDINGS)


def _words(name: str) -> list[str]:
    return [
        "".join(normalise(part)[0]) for part in re.split(r"[\s–—/-]+", name.replace("’s", "").replace("'s", "")) if part
    ]


def _shortened(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 90 else f"{plain[:55]} … {plain[-30:]}"
