"""Tells queries that can hardly take long from the others, so that they need not wait behind those.

Only a guess, from the text: whoever relies on it gives the query little time and, when that was not enough, asks again
among the slow ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.store import patterns

if TYPE_CHECKING:
    from kg.store.patterns import Pattern

_LONG = 4000  # characters
_MANY = 8  # triple patterns
_COSTLY = re.compile(r"concat|replace|regex|values|service|\\u", re.IGNORECASE)


def is_quick(text: str) -> bool:
    """Return whether a query is a look-up: a few triple patterns that hang together, and nothing that multiplies."""
    if len(text) > _LONG or _COSTLY.search(text):
        return False
    found = patterns.sketch(text)
    return found.whole and len(found.patterns) <= _MANY and _hang_together(found.patterns)


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
