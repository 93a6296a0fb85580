"""Makes another extraction of a text: wrapped, hyphenated and paginated, with the footnotes at the page ends."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from kg.texts import footnote_blocks

STRAIGHT = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "«": '"', "»": '"'})
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
Char = tuple[str, int | None]  # a character, and the offset that it has in the pinned text


@dataclass
class Variant:
    """A text, and for each of its characters where the pinned text has it."""

    text: str
    origin: list[int | None]


def make(
    text: str, seed: int = 0, columns: int = 60, page: int = 45, plain_marks: bool = False, blank: bool = True,
    head: str | None = "A RUNNING HEAD", numbers: bool = True,
) -> Variant:  # fmt: skip
    chance = random.Random(seed)
    blocks = footnote_blocks(text)
    notes = {number: _wrap(_chars(text, block.start, block.end), columns, chance) for number, block in blocks.items()}
    inside = {i for block in blocks.values() for i in range(block.start, block.end)}
    lines: list[list[Char]] = []
    for paragraph in _paragraphs(text, inside):
        lines += [*_wrap(paragraph, columns, chance), []]
    out: list[Char] = []
    for number, first in enumerate(range(0, len(lines), page), 1):
        if head and first:
            out += [(char, None) for char in head + "\n" + ("\n" if blank else "")]
        due: list[int] = []
        for line in lines[first : first + page]:
            out += [*line, ("\n", None)]
            due += _marks(line, len(blocks))
        if blank:
            out.append(("\n", None))
        for note in dict.fromkeys(due):
            for line in notes[note]:
                out += [*line, ("\n", None)]
        if numbers:
            out += [(char, None) for char in f"{number:>30}\n"]
        out.append(("\f", None))
    if plain_marks:
        out = [(char.translate(DIGITS), origin) for char, origin in out]
    return Variant("".join(char for char, _ in out).translate(STRAIGHT), [origin for _, origin in out])


def _chars(text: str, start: int, end: int) -> list[Char]:
    return [(text[i], i) for i in range(start, end)]


def _paragraphs(text: str, inside: set[int]) -> list[list[Char]]:
    """Return the body's lines, those joined that footnotes or page ends cut."""
    found: list[list[Char]] = []
    for match in re.finditer(r"[^\n]+", text):
        if match.start() in inside or not match.group().strip():
            continue
        chars = _chars(text, match.start(), match.end())
        if found and re.match(r"[a-z]", match.group()) and re.search(r"[a-z,–]$", "".join(c for c, _ in found[-1])):
            found[-1] += [(" ", None), *chars]
        else:
            found.append(chars)
    return found


def _wrap(chars: list[Char], columns: int, chance: random.Random) -> list[list[Char]]:
    lines: list[list[Char]] = []
    line: list[Char] = []
    words: list[list[Char]] = [[]]
    for char in chars:
        if char[0].isspace():
            words.append([])
        else:
            words[-1].append(char)
    for word in filter(None, words):
        room = columns - len(line) - (1 if line else 0)
        if len(word) > room:
            letters = "".join(c for c, _ in word)
            cut = chance.randint(2, max(2, len(word) - 2))
            if room > cut + 1 and len(word) > 5 and letters[: cut + 1].isalpha():
                line += [(" ", None)] * bool(line) + word[:cut] + [("-", None)]
                word = word[cut:]
            if line:
                lines.append(line)
            line = []
        while len(word) > columns:
            lines.append(word[:columns])
            word = word[columns:]
        line += [(" ", None)] * bool(line) + word
    return [*lines, line] if line else lines


def _marks(line: list[Char], most: int) -> list[int]:
    found = re.findall(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", "".join(char for char, _ in line))
    return [number for number in (int(each.translate(DIGITS)) for each in found) if 0 < number <= most]
