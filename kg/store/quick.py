"""Tells queries that can hardly take long from the others, so that they need not wait behind those.

Only a guess, from the text: whoever relies on it gives the query little time and, when that was not enough, asks again
among the slow ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.store import patterns
from kg.store.tokens import TOKEN

if TYPE_CHECKING:
    from kg.store.patterns import Pattern

_LONG = 4000  # characters
_MANY = 8  # triple patterns
_COSTLY = re.compile(r"construct|concat|replace|regex|values|service|select.*select|\\u", re.IGNORECASE | re.DOTALL)
_PATH = frozenset("!^|/+*")  # all but the star of SELECT * and COUNT(*)
_BEFORE_STAR = frozenset(("(", "select", "distinct", "reduced", "describe"))


def is_quick(text: str) -> bool:
    """Return whether a query is a look-up: a few triple patterns that hang together, and nothing that multiplies."""
    if len(text) > _LONG or _COSTLY.search(text) or _has_paths(text):
        return False
    found = patterns.sketch(text)
    return found.whole and len(found.patterns) <= _MANY and _hang_together(found.patterns)


def _has_paths(text: str) -> bool:
    """Return whether there may be a property path, or some arithmetic, which is not told from it."""
    before = ""
    for match in TOKEN.finditer(text):
        piece = match.group().lower()
        if piece in _PATH and not (piece == "*" and before in _BEFORE_STAR):
            return True
        if match.lastgroup != "comment":
            before = piece
    return False


def _hang_together(found: list[Pattern]) -> bool:
    """Return whether the variables of the patterns make one net, so that no two parts are multiplied."""
    nets: list[set[str]] = []
    for pattern in found:
        names = {str(term) for term in pattern.terms if isinstance(term, patterns.Variable)}
        if not names:
            continue
        touched = [net for net in nets if net & names]
        nets = [net for net in nets if not net & names]
        nets.append(names.union(*touched))
    return len(nets) <= 1
