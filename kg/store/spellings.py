"""Spellings: every name of a thing in any language and script, folded, so that each of them finds what all of them do.

What a reader types is cut into words. Where a run of them is a name of a thing, all names of that thing are searched;
what stands in quotation marks is searched as it is written.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from anyascii import anyascii

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_TABLES = """
CREATE TABLE spelling(folded TEXT, iri TEXT, place INTEGER, name TEXT, PRIMARY KEY(folded, iri, place)) WITHOUT ROWID;
CREATE INDEX spelling_by_thing ON spelling(iri, place);
"""
_PIECE = re.compile(r'"([^"]*)"|(\S+)')
_TYPED, _WORDS, _RUN = 500, 32, 8  # most characters, words of a search, and words of a name that is looked for
_COMPARED = 4_000  # names that one is held against
_WHOLE = 4  # a name with fewer letters matches whole words only: “US” does not find “used”


@dataclass(frozen=True, slots=True)
class Also:
    """Names a thing whose name was typed, as `typed`, and the other names under which it was searched too."""

    typed: str
    iri: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expanded:
    """Holds the FTS5 expression for what was typed (empty where no word is in it), and what it was widened by.

    `verbatim` is what to type to search for the words alone.
    """

    expression: str
    also: tuple[Also, ...] = ()
    verbatim: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Holds the words of one piece that was typed, and whether it stood in quotation marks."""

    words: tuple[str, ...]
    quoted: bool


def fold(text: str) -> str:
    """Return a text without case, accents and signs, in Latin letters whatever its script: “Şuşa” is “susa”."""
    latin = (re.sub("[^a-z0-9]", "", anyascii(word).lower()) for word in words(unicodedata.normalize("NFC", text)))
    return " ".join(filter(None, latin))


def plain(text: str) -> str:
    """Return a text as the index cuts and folds it by itself: without case, accents and signs, in its own script."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(words(bare.lower()))


def words(text: str) -> list[str]:
    """Return the runs of letters, digits and marks, as the index cuts them."""
    return "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in text).split()


def build(connection: sqlite3.Connection, names: Mapping[str, Sequence[str]]) -> None:
    """Write the table of names; `names` is IRI → names, the one that is shown first."""
    connection.executescript(_TABLES)
    connection.executemany(
        "INSERT OR IGNORE INTO spelling VALUES (?, ?, ?, ?)",
        (
            (folded, iri, place, name)
            for iri, given in names.items()
            for place, name in enumerate(given)
            if (folded := fold(name))
        ),
    )


def expand(connection: sqlite3.Connection, text: str) -> Expanded:
    """Return what is searched for what a reader typed.

    No text is an error: what is not a word is passed over. Words match from their start, "quoted words" as a phrase.
    """
    pieces = list(_pieces(text))
    known = _known(connection, pieces)
    terms: list[str] = []
    also: dict[str, Also] = {}
    verbatim: list[str] = []
    at = 0
    while at < len(pieces):
        run = next((run for run in _runs(pieces, at) if _folded(run) in known), None)
        if run is None:
            terms.append(_term(pieces[at]))
            alone = " ".join(pieces[at].words)
            verbatim.append(f'"{alone}"' if pieces[at].quoted else alone)
            at += 1
            continue
        typed = " ".join(word for piece in run for word in piece.words)
        things = {iri: _names(connection, iri) for iri in known[_folded(run)]}
        also |= {iri: Also(typed, iri, _others(typed, names)) for iri, names in things.items()}
        spellings = dict.fromkeys(name for names in things.values() for name in (typed, *names))
        parts = [_phrase(words(name), whole=len(name) < _WHOLE) for name in spellings if words(name)]
        parts += [f"({' AND '.join(map(_term, run))})"] if len(run) > 1 else []
        terms.append(f"({' OR '.join(dict.fromkeys(parts))})")
        verbatim.append(f'"{typed}"')
        at += len(run)
    return Expanded(" AND ".join(terms), tuple(also.values()), " ".join(verbatim))


def like(path: Path, text: str, limit: int = 5) -> list[str]:
    """Return IRIs of the things with a name that is nearly `text`, the likest first; its first letter has to fit."""
    folded = fold(text[:_TYPED])
    if not folded:
        return []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT folded, iri FROM spelling "
            "WHERE folded >= ? AND folded < ? AND length(folded) BETWEEN ? AND ? LIMIT ?",
            (folded[0], chr(ord(folded[0]) + 1), len(folded) - 3, len(folded) + 3, _COMPARED),
        ).fetchall()
    found = get_close_matches(folded, {name for name, _ in rows}, limit, cutoff=0.75)
    return list(dict.fromkeys(iri for each in found for name, iri in rows if name == each))[:limit]


def _pieces(text: str) -> Iterator[_Piece]:
    found = ((tuple(words(phrase or word)), bool(phrase)) for phrase, word in _PIECE.findall(text[:_TYPED]))
    for number, (each, quoted) in enumerate((each, quoted) for each, quoted in found if each):
        if number >= _WORDS:
            return
        yield _Piece(each, quoted)


def _runs(pieces: Sequence[_Piece], at: int) -> Iterator[Sequence[_Piece]]:
    """Yield the runs of unquoted pieces that begin at one of them, the longest first."""
    end = at
    while end < len(pieces) and end - at < _RUN and not pieces[end].quoted:
        end += 1
    for stop in range(end, at, -1):
        yield pieces[at:stop]


def _folded(run: Iterable[_Piece]) -> str:
    return fold(" ".join(word for piece in run for word in piece.words))


def _known(connection: sqlite3.Connection, pieces: Sequence[_Piece]) -> dict[str, list[str]]:
    """Return folded name → IRIs of the things that bear it, of all runs of the pieces."""
    runs = {_folded(run) for at in range(len(pieces)) for run in _runs(pieces, at)} - {""}
    rows = connection.execute(
        f"SELECT DISTINCT folded, iri FROM spelling WHERE folded IN ({', '.join('?' * len(runs))}) "  # noqa: S608
        "ORDER BY folded, iri",
        sorted(runs),
    )
    found: dict[str, list[str]] = {}
    for folded, iri in rows:
        found.setdefault(folded, []).append(iri)
    return found


def _names(connection: sqlite3.Connection, iri: str) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM spelling WHERE iri = ? ORDER BY place", (iri,))]


def _others(typed: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that differ from what was typed and from each other by more than case and accents."""
    found = {plain(name): name for name in reversed(list(names))}
    found.pop(plain(typed), None)
    return tuple(reversed(found.values()))


def _term(piece: _Piece) -> str:
    return _phrase(piece.words, whole=piece.quoted)


def _phrase(parts: Sequence[str], *, whole: bool) -> str:
    """Return a phrase in all that folding makes of it; its last word matches from its start unless it is `whole`."""
    text = " ".join(parts)
    spellings = [text, fold(text)]
    either = [f'"{each}"' + ("" if whole else "*") for each in dict.fromkeys(filter(None, spellings))]
    return f"({' OR '.join(either)})"
