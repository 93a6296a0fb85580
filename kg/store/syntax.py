"""Reads the tokens of a query without parsing it: what form it has, how deep it nests, what it must not contain.

The scan only has to be safe, not exact: where a reader could take a piece of text for a keyword, it is taken for one.
A parser that needs no space between tokens reads `1SERVICE<http://…>{}` and `SERVICE:x{}` as federation, so the word is
looked for inside words and before a colon too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kg.errors import ForbiddenError, QueryError
from kg.store.faults import excerpt

Form = Literal["select", "ask", "construct", "describe", "update"]

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*+)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+''' | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<unclosed>["'])
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
  | (?P<variable>[?$]\w++)
  | (?P<blank>_:\w[\w.\-·]*+)
  | (?P<language>@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+)
  | (?P<name>[\w.\-]*+:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])(?:[\w:.\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*+)?)
  | (?P<word>[\w.\-]++)
  | (?P<open>[{(\[])
  | (?P<close>[})\]])
  | (?P<operator>&&|\|\||[!^+*/|=<>])
    """,  # noqa: E501 - one token a line reads best
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LETTERS = re.compile(r"[A-Za-z]+")
_FORMS: dict[str, Form] = {
    **dict.fromkeys(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"), "update"),
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
}
_SHORT = 10_000  # characters
_HIDING = re.compile(r"""["'\\]""")  # where none of these is, only comments and IRIs can hide a token
_CONTENT = re.compile(r"#[^\r\n]*+|<[^<>{}|^`\x00-\x20]*+>")
_CHANGING = ("now", "rand", "uuid")
_CHAINED = frozenset(("OPTIONAL", "UNION", "MINUS", "BIND", "FILTER", "GRAPH", "LATERAL", "NOT", "EXISTS"))


@dataclass(frozen=True, slots=True)
class Scan:
    """Says what a query's tokens show: its form, the deepest bracket, the longest chain, whether it is federated."""

    form: Form | None
    depth: int
    chain: int
    federated: bool
    unclosed: int | None = None  # offset of a quotation mark that opens a string without an end
    volatile: bool = False  # whether it may answer otherwise each time: NOW, RAND, UUID


def scan(text: str) -> Scan:
    """Return what the tokens of a query show; any text can be scanned, valid or not."""
    return _scan(text) if len(text) > _SHORT else _scan_short(text)


@lru_cache(maxsize=32)  # one request asks several times: for the form, whether answers last, and what is forbidden
def _scan_short(text: str) -> Scan:
    if _HIDING.search(text):
        return _scan(text)
    return _scan_shape(_CONTENT.sub(lambda match: "#" if match.group()[0] == "#" else "<>", text))


def _scan(text: str) -> Scan:
    form: Form | None = None
    depth = deepest = chain = 0
    unclosed = None
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "operator":
            chain += 1
        elif kind == "unclosed":
            unclosed = match.start()
            break  # nothing after it can be read, by no parser
        elif kind == "word":
            chain += token.count("-")
            for word in (each.upper() for each in _LETTERS.findall(token)):
                if depth == 0 and form is None:
                    form = _FORMS.get(word)
                chain += word in _CHAINED
    federated, volatile = _calls(text[:unclosed])
    return Scan(form, deepest, chain, federated, unclosed, volatile)


def _calls(text: str) -> tuple[bool, bool]:
    """Return whether a query is federated, and whether it may answer otherwise each time."""
    federated = volatile = False
    folded = text.casefold()
    if any(word in folded for word in ("service", *_CHANGING)):
        for match in _TOKEN.finditer(text):
            kind, plain = match.lastgroup, match.group().casefold()
            if kind == "word":
                federated = federated or "service" in plain
                volatile = volatile or any(word in plain for word in _CHANGING)
            elif kind == "name":
                federated = federated or "service" in plain.split(":", 1)[0]
    return federated, volatile


_scan_shape = lru_cache(maxsize=256)(_scan)  # queries that programs send differ in names, not in shape


def _harshest(one: Scan, other: Scan) -> Scan:
    """Return a scan that forbids what either forbids."""
    return Scan(
        "update" if "update" in (one.form, other.form) else one.form,
        max(one.depth, other.depth),
        max(one.chain, other.chain),
        one.federated or other.federated,
        one.unclosed,
        one.volatile or other.volatile,
    )


def is_volatile(text: str) -> bool:
    """Return whether a query may answer otherwise each time that it is asked."""
    if "\\" not in text:
        return scan(text).volatile
    return scan(text).volatile or scan(_ESCAPE.sub(_unescaped, text)).volatile


def check(text: str, nesting: int) -> Scan:
    """Return the scan of a query that may go to a worker, or raise: federated, an update, or nested past `nesting`."""
    found = scan(text)
    plain = _ESCAPE.sub(_unescaped, text) if "\\" in text else text
    if plain != text:
        found = _harshest(found, scan(plain))
    if found.federated:
        raise ForbiddenError(
            "SERVICE is not allowed here: this endpoint never reaches other servers. Query the other one from "
            "your own program. (A prefix whose name contains “service” has to be renamed, too.)"
        )
    if found.form == "update":
        raise ForbiddenError(
            "Updates are not allowed: the graph is made from the curated files below data/. "
            "Change those and run `kg build`."
        )
    if found.unclosed is not None:
        line = text.count("\n", 0, found.unclosed) + 1
        column = found.unclosed - text.rfind("\n", 0, found.unclosed)
        raise QueryError(
            f"Error at {line}:{column}: a string is opened here and never closed.",
            line=line,
            column=column,
            excerpt=excerpt(text, line, column),
        )
    if found.depth > nesting:
        raise QueryError(f"The query nests {found.depth} brackets deep; at most {nesting} are taken. Flatten it.")
    if found.chain > 10 * nesting:
        raise QueryError(
            f"The query chains {found.chain} operators and clauses; at most {10 * nesting} are taken. "
            "Use VALUES or IN (…) for long lists."
        )
    return found


def _unescaped(match: re.Match[str]) -> str:
    """Return the character that a codepoint escape stands for, or the escape itself where there is none."""
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()
