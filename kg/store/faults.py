"""Words what is wrong with a query for people: the place, the line with a caret under it, and what to do.

The engine's parser tells the furthest place that it tried to read, which lies past the fault by as much as the longest
keyword it tried. Tried on the text with its gaps stretched beyond any keyword, it cannot run past the faulty token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.store.tokens import TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

_GAP = " " * 24  # longer than any keyword
_PLACE = re.compile(r"error at (\d+):(\d+)(?:: (?:expected )?(.*))?", re.DOTALL)
_EXPECTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|\[(?:'[^']*'|[^\]'])*\]|[^,\[\"]+")
_FUNCTION = re.compile(r"custom (?:aggregate )?function (<[^>]*>) is not supported")
_BRACKETS = frozenset("{}()[]")
_SIGNS = frozenset(("{", "}", "(", ")", "[", "]", ".", ";", ",", "AS", "BY"))
_BARE = frozenset("<")  # the sign, where no IRI follows it
_LONG = 100_000  # characters; a longer query's fault is told where the parser tells it
_WIDE = 96  # characters of a line that are shown
_WELL_KNOWN = {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "schema": "https://schema.org/",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
}


def stretched(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a query with its gaps stretched, and (place in it, place in the text) of each token."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    length = end = 0
    for match in TOKEN.finditer(text):
        gap = text[end : match.start()]
        loose = bool(gap) or (places and text[places[-1][1]] in _BRACKETS) or match.group()[0] in _BRACKETS
        added = [gap, _GAP if loose else "", match.group()]
        length += len(gap) + len(added[1])
        places.append((length, match.start()))
        length += len(match.group())
        pieces += added
        if match.lastgroup == "comment":
            places.pop()
        end = match.end()
    pieces += [text[end:], "\n", _GAP, _GAP]
    places.append((length + len(text) - end + len(_GAP), len(text.rstrip())))
    return "".join(pieces), places


def offset(text: str, message: str) -> int | None:
    """Return the place in a text that a parser's message tells."""
    found = _PLACE.match(message)
    if found is None:
        return None
    line, column = int(found.group(1)), int(found.group(2))
    begin = 0
    for _ in range(line - 1):
        begin = text.find("\n", begin) + 1
        if begin == 0:
            return len(text)
    return min(len(text), begin + column - 1)


def token_at(place: int, places: list[tuple[int, int]]) -> int:
    """Return where in the text the token stands that holds a place in the stretched text."""
    return next((before for after, before in reversed(places) if after <= place), 0)


def fault(text: str, message: str, place: int | None, known: Mapping[str, str]) -> QueryError:
    """Return the error for a parser's message; `known` are the dataset's prefixes, which are offered when missing."""
    expected = _expected(message)
    if found := _FUNCTION.search(message):
        hint = "Functions beyond those of SPARQL 1.1 and XPath's casts (xsd:date(…) and the like) are not to be had."
        return QueryError(f"The function {found.group(1)} is not supported here.", hint=hint)
    if place is None:
        return QueryError(f"{message[:1].upper()}{message[1:]}")
    if "The SELECT contains a variable that is unbound" in expected:
        return QueryError(
            "The SELECT has a variable that is neither in GROUP BY nor inside an aggregate such as COUNT or SAMPLE.",
            hint="Add the variable to GROUP BY, or write (SAMPLE(?x) AS ?one) for one of its values.",
        )
    place = min(place, len(text.rstrip()))
    if "IRI parsing failed" in expected and not text.startswith("<", place):
        place = max(0, text.rfind("<", 0, place))  # an IRI with a space in it is several tokens
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    found = TOKEN.match(text, place)
    token = (found.group() if found else text[place : place + 1]).strip()
    if token in _BARE and "IRI parsing failed" in expected:
        token = text[place : text.find(">", place) + 1]
    what, hint = _told(text, token, expected, known)
    return QueryError(
        f"Error at {line}:{column}: {what}",
        line=line,
        column=column,
        excerpt=excerpt(text, line, column),
        hint=hint,
    )


def excerpt(text: str, line: int, column: int) -> str:
    """Return a line of a text with its number and a caret under the column; a long line is shown around it."""
    lines = text.split("\n")
    shown = lines[line - 1].replace("\t", " ").rstrip("\r") if line <= len(lines) else ""
    start = max(0, min(column - 1 - _WIDE // 2, len(shown) - _WIDE))
    cut = shown[start : start + _WIDE]
    lead = f"{line} | {'…' if start else ''}"
    margin = " " * len(str(line)) + " | " + (" " if start else "")
    return f"{lead}{cut}{'…' if start + _WIDE < len(shown) else ''}\n{margin}{' ' * (column - 1 - start)}^"


def _expected(message: str) -> list[str]:
    """Return what the parser looked for."""
    found = _PLACE.match(message)
    listed = (found.group(3) or "") if found else ""
    return [part.strip() for part in _EXPECTED.findall(listed.removeprefix("one of ")) if part.strip()]


def _told(text: str, token: str, expected: list[str], known: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong at a token, and what to do about it where that can be told."""
    if "Prefix not found" in expected:
        return _prefix(token.split(":", 1)[0], known)
    if "IRI parsing failed" in expected:
        odd = re.search(r"[\s{}|\\^`\"]", token)
        why = "it has a character that no IRI has" if odd else "it is relative, and there is no BASE"
        return f"{token or 'this'} is no IRI ({why}).", ""
    if not token:
        missing = _unclosed(text)
        hint = f"{missing} is opened and not closed." if missing else ""
        return "the query ends too early.", hint
    wanted = [part[1:-1] if part.startswith('"') else part for part in expected]
    shown = token if len(token) <= 40 else f"{token[:40]}…"
    if set(wanted) & {"CONSTRUCT", "DESCRIBE"}:
        return f"{shown} cannot stand here; a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE.", _near(token)
    if token.upper() in ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"):
        return f"{shown} cannot stand here.", f"Write an expression with its name in brackets: ({shown}(…) AS ?name)."
    if "ENCODE_FOR_URI" in wanted:
        return f"{shown} cannot stand here; an expression is expected.", ""
    signs = [part for part in wanted if part in _SIGNS]
    if signs and len(signs) == len(expected):
        return f"{shown} cannot stand here; expected {' or '.join(signs)}.", _near(token)
    return f"{shown} cannot stand here.", _near(token)


def _prefix(name: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Return that a prefix is not declared, and the line that declares it where it is known."""
    told = f"the prefix “{name}:” is used here and no PREFIX line declares it."
    if name in known:
        return told, f"Add the line: PREFIX {name}: <{known[name]}>"
    if name in _WELL_KNOWN:
        return told, f"This dataset has no such prefix; it usually is: PREFIX {name}: <{_WELL_KNOWN[name]}>"
    close = next((each for each in known if each.casefold() == name.casefold()), None)
    if close is not None:
        return told, f"Prefixes tell small letters from capitals. Add the line: PREFIX {close}: <{known[close]}>"
    return told, f"The dataset's prefixes are: {', '.join(sorted(known)[:40])}." if known else ""


def _near(token: str) -> str:
    """Return a question after the keyword that a word was likely meant to be."""
    from difflib import get_close_matches

    if not re.fullmatch(r"[A-Za-z_]+", token):
        return ""
    keywords = (
        "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "VALUES",
        "GRAPH", "PREFIX", "BASE", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "DISTINCT", "EXISTS", "FROM",
    )  # fmt: skip
    found = get_close_matches(token.upper(), keywords, 1, 0.7)
    return f"Did you mean {found[0]}?" if found and found[0] != token.upper() else ""


def _unclosed(text: str) -> str:
    """Return the bracket that is opened last and never closed, with its place."""
    pairs = {")": "(", "}": "{", "]": "["}
    held: list[tuple[str, int]] = []
    for match in TOKEN.finditer(text):
        sign = match.group()
        if match.lastgroup != "sign":
            continue
        if sign in pairs.values():
            held.append((sign, match.start()))
        elif sign in pairs and held and held[-1][0] == pairs[sign]:
            held.pop()
    if not held:
        return ""
    sign, place = held[-1]
    line = text.count("\n", 0, place) + 1
    return f"“{sign}” at {line}:{place - text.rfind(chr(10), 0, place)}"


def short(text: str) -> bool:
    """Return whether a text is short enough to be stretched."""
    return len(text) <= _LONG
