"""Arranges what a query is asked over: the store as it is, some of its graphs, or a merge of several in memory.

Asked over a list of default graphs the engine answers a triple once for each graph that holds it, where SPARQL asks for
the merge, in which it stands once; and it is five times slower. So several graphs are copied into a store of their own,
be they named by the request or by the query's FROM clauses, which are then taken out of its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.store.tokens import CLOSING, OPENING, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FROM = re.compile(r"FROM(NAMED)?$", re.IGNORECASE)  # the parser needs no space between words: ASKFROMNAMED<…>


@dataclass(frozen=True, slots=True)
class Arranged:
    """Holds the store to ask, the query to ask it, and the engine's dataset options.

    `default` and `named` are the IRIs of the dataset's graphs, None for those of the store.
    """

    store: ox.Store
    text: str
    options: dict[str, Any]
    default: list[str] | None = None
    named: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Clauses:
    """Holds a query's FROM clauses, its text without them (of the same length), and its prologue.

    The graphs are as written: IRIs in brackets or prefixed names.
    """

    default: tuple[str, ...]
    named: tuple[str, ...]
    text: str
    prologue: str


def arrange(
    store: ox.Store, text: str, default: Sequence[str] = (), named: Sequence[str] = (), base: str | None = None
) -> Arranged:
    """Return how to ask a query; `default` and `named` (IRIs), when given, replace the query's own dataset.

    `base` is what relative IRIs belong to.

    Raises SyntaxError for a query whose dataset cannot be read and ValueError for what is no IRI.
    """
    options: dict[str, Any] = {"base_iri": base}
    if not default and not named:
        own = clauses(text)
        if len(own.default) < 2:
            # the engine's own way; the names are told for the sake of explanations only
            given = _resolved(store, own, base) if own.default or own.named else (None, None)
            return Arranged(store, text, options, *given)
        text = own.text
        default, named = _resolved(store, own, base)
    default, named = list(dict.fromkeys(default)), list(dict.fromkeys(named))
    names = [ox.NamedNode(each) for each in named]
    if len(default) < 2:
        options |= {"default_graph": [ox.NamedNode(each) for each in default], "named_graphs": names}
        return Arranged(store, text, options, default, named)
    options |= {"default_graph": ox.DefaultGraph(), "named_graphs": names}
    return Arranged(_merged(store, default, names), text, options, default, named)


def _merged(store: ox.Store, default: Sequence[str], named: Sequence[ox.NamedNode]) -> ox.Store:
    """Return a store in memory with the merge of some graphs as its default graph, and copies of named ones."""
    merged = ox.Store()
    for each in default:
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(each))
        merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for name in named:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    return merged


def clauses(text: str) -> Clauses:
    """Return the FROM clauses of a query, which stand outside all brackets."""
    if "from" not in text.casefold():
        return Clauses((), (), text, "")
    flat = list(_outside(text))
    prologue, declared = _prologue(flat)
    names: tuple[list[str], list[str]] = ([], [])
    kept = text
    begun: tuple[int, bool] | None = None  # where the clause that is being read begins, and whether it names a graph
    for kind, piece, start, end in flat:
        glued = kind == "name" and piece.partition(":")[0].casefold() not in declared
        word = piece.partition(":")[0] if glued else piece if kind == "word" else ""
        if begun is not None and word.upper() == "NAMED":
            begun = (begun[0], True)
        elif found := _FROM.search(word):
            begun = (start + found.start(), found.group(1) is not None)
        if begun is not None and (kind == "iri" or (kind == "name" and (glued is False or word))):
            names[begun[1]].append(f":{piece.partition(':')[2]}" if glued and word else piece)
            kept = kept[: begun[0]] + re.sub(r"[^\r\n]", " ", kept[begun[0] : end]) + kept[end:]
            begun = None
    return Clauses(tuple(names[0]), tuple(names[1]), kept, text[:prologue])


def _outside(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (kind, token, start, end) of what stands outside all brackets, comments aside."""
    depth = 0
    for match in TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match.group()
        if kind == "sign":
            depth += (piece in OPENING) - (piece in CLOSING)
        elif depth == 0 and kind != "comment":
            yield kind, piece, match.start(), match.end()


def _prologue(flat: list[tuple[str, str, int, int]]) -> tuple[int, set[str]]:
    """Return where the last BASE or PREFIX line ends, and the prefixes that are declared, in small letters."""
    ends, declared = 0, set()
    for number, (kind, piece, _, _) in enumerate(flat[:-1]):
        name = flat[number + 1]
        if kind == "word" and piece.upper() == "BASE":
            ends = name[3]
        elif kind == "word" and piece.upper() == "PREFIX" and number + 2 < len(flat):
            declared.add(name[1][:-1].casefold())
            ends = flat[number + 2][3]
    return ends, declared


def _resolved(store: ox.Store, found: Clauses, base: str | None) -> tuple[list[str], list[str]]:
    """Return the IRIs of FROM and FROM NAMED clauses, as the engine itself reads them."""
    written = [*found.default, *found.named]
    columns = " ".join(f"({each} AS ?g{number})" for number, each in enumerate(written))
    result: Any = store.query(f"{found.prologue}\nSELECT {columns} {{}}", base_iri=base)
    row = next(result)
    iris = [str(row[f"g{number}"].value) for number in range(len(written))]
    return iris[: len(found.default)], iris[len(found.default) :]
