"""Says why a query found nothing, where that can be known from a few look-ups.

The query's text is read for its triple patterns, as far as they can be told; each is looked for by itself. Nothing is
evaluated, so the time is bounded: look-ups end with the budget, and what is said is true of the whole dataset or says
of which part.
"""

from __future__ import annotations

import re
import time
from itertools import combinations, islice
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.store.patterns import Pattern, Sketch, Variable, sketch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

SECONDS = 0.25  # that a diagnosis may take
REASONS = 3  # said at most
HEADER = 600  # characters of the response header
_SCANNED = 5_000  # values looked through for a language or a join
_DATATYPES = ("string", "integer", "decimal", "double", "boolean", "date", "dateTime", "gYear", "gYearMonth", "anyURI")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_ASSERTION = "#assertion"
_LETTERS = f"{ascii_lowercase}-"
_WORD = re.compile(r"[A-Za-z-]{4,20}")  # names whose spelling may be looked into: some hundred look-ups


class _LateError(Exception):
    """Says that the time for a diagnosis is used up."""


def diagnose(
    store: ox.Store,
    text: str,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
    base: str | None = None,
    seconds: float = SECONDS,
) -> list[str]:
    """Return why a SELECT over this store has no rows, the surest reasons first; empty where it cannot be told.

    `default` and `named` are the graphs of the query's dataset (None: the store's own); `base` is for relative IRIs.
    """
    read = sketch(text, base)
    if read.limit == 0:
        return ["LIMIT 0 asks for no rows"]
    data = _Data(store, default, named, time.monotonic() + seconds)
    reasons: list[str] = []
    try:
        for reason in _reasons(data, read):
            if reason not in reasons:
                reasons.append(reason)
            if len(reasons) == REASONS:
                break
    except _LateError:
        pass
    else:
        if not reasons and read.offset:
            reasons.append(f"OFFSET {read.offset} may lie past the last row")
        elif not reasons and read.whole and read.patterns:
            reasons.append("each triple pattern matches by itself; together, or with the FILTERs, nothing is left")
    return reasons


def header(reasons: Sequence[str]) -> str:
    """Return reasons as the value of a header: ASCII, one line, bounded."""
    text = "; ".join(" ".join(each.split()) for each in reasons)
    plain = text.encode("ascii", "backslashreplace").decode("ascii")
    kept = "".join(each if each.isprintable() else " " for each in plain)
    return kept if len(kept) <= HEADER else kept[: HEADER - 3] + "..."


def _reasons(data: _Data, read: Sketch) -> Iterator[str]:
    """Yield what explains an empty answer, the most telling first."""
    for name in read.sources:
        if not data.has_graph(name):
            yield f"the dataset has no graph {name}"
    needed = [each for each in read.patterns if each.required]
    missing: set[str] = set()
    for pattern in needed:
        for reason, shown in _absent(data, pattern):
            missing.add(shown)
            yield reason
    for term, shown in read.values:
        if isinstance(term, ox.NamedNode) and shown not in missing and not data.occurs(term):
            yield f"{shown} occurs nowhere in the dataset{_meant(data, term)}"
    known = [each for each in needed if not missing & {*each.shown, each.graph_shown}]
    yield from _alone(data, known)
    yield from _languages(data, read)
    for pattern in (each for each in read.patterns if not each.required):
        for reason, _ in _absent(data, pattern):
            yield reason


def _alone(data: _Data, patterns: Sequence[Pattern]) -> Iterator[str]:
    """Yield the patterns that match nothing; where each matches something, the pairs that do not meet."""
    unmatched = [each for each in patterns if data.first(each) is None]
    for pattern in unmatched:
        yield _unmatched(data, pattern)
    if not unmatched:
        yield from _apart(data, patterns)


def _absent(data: _Data, pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Yield (reason, term) for each term of a pattern that the dataset does not have."""
    where = "" if pattern.required else " (in an OPTIONAL, UNION or MINUS)"
    if isinstance(pattern.graph, ox.NamedNode) and not data.has_graph(pattern.graph):
        yield f"the dataset has no graph {pattern.graph_shown}{where}", pattern.graph_shown
    for term, shown in zip(pattern.terms, pattern.shown, strict=True):
        if isinstance(term, ox.NamedNode) and not data.occurs(term):
            yield f"{shown} occurs nowhere in the dataset{_meant(data, term)}{where}", shown
        elif isinstance(term, ox.Literal) and not data.occurs(term):
            yield f"{_literal(data, pattern, term, shown)}{where}", shown


def _meant(data: _Data, term: ox.NamedNode) -> str:
    """Return a question after a likely misspelling that the dataset does have, or nothing."""
    iri = term.value
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    local = iri[cut:]
    tries = [
        "http" + iri[5:] if iri.startswith("https:") else "https" + iri[4:] if iri.startswith("http:") else iri,
        iri[:cut] + local[:1].swapcase() + local[1:],
        iri[:cut] + local.lower(),
        iri.rstrip("/") if iri.endswith("/") else iri + "/",
        iri[:cut] + local.replace("_", "-"),
        iri[:cut] + (local[:-1] if local.endswith("s") else local + "s"),
        iri[:cut] + "".join(part[:1].upper() + part[1:] if n else part for n, part in enumerate(local.split("-"))),
        iri[:cut] + "".join(f"-{each.lower()}" if each.isupper() else each for each in local).lstrip("-"),
    ]
    tries += [iri[:cut] + each for each in _one_off(local)] if _WORD.fullmatch(local) else []
    try:
        found = next((each for each in tries if each != iri and data.has(each)), None)
    except _LateError:  # what is known is said without it
        found = None
    return f"; did you mean <{found}>?" if found else ""


def _one_off(name: str) -> Iterator[str]:
    """Yield what a name may have been meant to be: a letter less, more or another, or two that change places."""
    for n in range(len(name) + 1):
        before, after = name[:n], name[n:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        if after and len(name) > 1:
            yield before + after[1:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _literal(data: _Data, pattern: Pattern, term: ox.Literal, shown: str) -> str:
    """Return what is wrong with a literal that is nowhere: its language tag, its datatype, or its text."""
    others = [ox.Literal(term.value, datatype=ox.NamedNode(_XSD + name)) for name in _DATATYPES]
    others += [ox.Literal(term.value, language=tag) for tag in ("en", "de", "fr", "ru", "az", "hy", "tr")]
    other = next((each for each in others if each != term and data.occurs(each)), None)
    predicate = pattern.terms[1]
    if other is None and isinstance(predicate, ox.NamedNode):
        folded = term.value.casefold()
        for value in data.objects(predicate):
            if isinstance(value, ox.Literal) and value.value.casefold() == folded and value != term:
                other = value
                break
    if other is None:
        return f"{shown} occurs nowhere in the dataset"
    if other.value != term.value:
        return f"{shown} occurs nowhere in the dataset; it is spelt {other} there"
    if other.language is None:
        kind = other.datatype.value.rsplit("#", 1)[-1]
        told = "without a language tag" if term.language and kind == "string" else f"as {kind}"
        return f"{shown} occurs nowhere in the dataset; the value is there {told}: {_short(other)}"
    lacks = "has another language tag" if term.language else "has no language tag"
    return f"{shown} {lacks}; in the dataset it is {other}"


def _short(term: ox.Literal) -> str:
    return str(term).replace(f"<{_XSD}", "<xsd:")


def _unmatched(data: _Data, pattern: Pattern) -> str:
    """Return why a pattern whose terms all occur matches nothing."""
    found = data.elsewhere(pattern)
    if found is not None:
        if isinstance(found, ox.DefaultGraph) and pattern.graph is None:
            return f"{pattern} matches in the dataset's own default graph, which FROM or default-graph-uri replaces"
        if isinstance(found, ox.DefaultGraph):
            return f"{pattern} matches in the default graph only: take it out of GRAPH"
        if isinstance(found, ox.NamedNode) and found.value.endswith(_ASSERTION):
            return (
                f"{pattern} matches in assertion graphs only, where the plain triples of claims stand: "
                "put it in GRAPH ?g { }"
            )
        if pattern.graph is None:
            return f"{pattern} matches in named graphs only, such as {found}: put it in GRAPH ?g {{ }}"
        return f"{pattern} matches in other graphs only, such as {found}"
    subject, predicate, value = pattern.terms
    if not isinstance(value, ox.Literal) and not (isinstance(subject, Variable) and isinstance(value, Variable)):
        turned = Pattern((value, predicate, subject), pattern.shown[::-1], True, pattern.graph, pattern.graph_shown)
        if data.first(turned) is not None:
            return f"no triple matches {pattern}; the other way round ({turned}) one does"
    return f"no triple matches {pattern}"


def _languages(data: _Data, read: Sketch) -> Iterator[str]:
    """Yield what FILTERs ask for languages that the values do not have."""
    for name, wanted, exact in read.languages:
        home = next((each for each in read.patterns if each.terms[2] == name and each.constant(1)), None)
        if home is None or not isinstance(home.terms[1], ox.NamedNode):
            continue
        values = [each for each in data.objects(home.terms[1]) if isinstance(each, ox.Literal)]
        tags = sorted({each.language or "" for each in values})
        if not values or any(_fits(tag, wanted, exact) for tag in tags):
            continue
        there = ", ".join(tag or "no tag" for tag in tags[:12])
        part = "" if len(values) < _SCANNED else f" in the first {_SCANNED:,}"
        yield f'no value of {home.shown[1]} has the language "{wanted}"{part}; the languages there: {there}'


def _fits(tag: str, wanted: str, exact: bool) -> bool:
    tag, wanted = tag.lower(), wanted.lower()
    if exact:
        return tag == wanted
    return (wanted == "*" and tag != "") or tag == wanted or tag.startswith(f"{wanted}-")


def _apart(data: _Data, patterns: Sequence[Pattern]) -> Iterator[str]:
    """Yield the pairs of patterns that each match and have no value of their common variable in common."""
    for one, other in combinations(patterns[:12], 2):
        shared = [each for each in one.terms if isinstance(each, Variable) and each in other.terms]
        for name in dict.fromkeys(shared):
            if data.meet(one, other, name) is False:
                of = "" if name.name.startswith("_") else f" of {name}"
                yield f"{one} and {other} each match, but for no common value{of}"


class _Data:
    """Looks things up in the dataset of one query until its time is used up."""

    def __init__(
        self, store: ox.Store, default: Sequence[str] | None, named: Sequence[str] | None, deadline: float
    ) -> None:
        self._store, self._deadline = store, deadline
        self._default: list[Graph] = (
            [ox.DefaultGraph()] if default is None else [ox.NamedNode(each) for each in default]
        )
        self._named = None if named is None else {ox.NamedNode(each) for each in named}
        self._known: dict[Node, bool] = {}

    def has_graph(self, name: ox.NamedNode) -> bool:
        """Return whether a named graph has a triple."""
        return self._any(None, None, None, name)

    def occurs(self, term: ox.NamedNode | ox.Literal) -> bool:
        """Return whether a term stands anywhere in the store."""
        if term not in self._known:
            found = self._any(None, None, term, None)
            if isinstance(term, ox.NamedNode) and not found:
                found = self._any(term, None, None, None) or self._any(None, term, None, None)
            self._known[term] = found
        return self._known[term]

    def has(self, iri: str) -> bool:
        """Return whether a name stands anywhere in the store; what is no IRI does not."""
        try:
            return self.occurs(ox.NamedNode(iri))
        except ValueError:
            return False

    def objects(self, predicate: ox.NamedNode) -> Iterator[Node]:
        """Yield the first values of a predicate, wherever they stand."""
        for quad in islice(self._store.quads_for_pattern(None, predicate, None, None), _SCANNED):
            self._on_time()
            yield quad.object

    def first(self, pattern: Pattern) -> ox.Quad | None:
        """Return a quad that matches a pattern in its own place."""
        return next(self.quads(pattern), None)

    def quads(self, pattern: Pattern, **fixed: Node) -> Iterator[ox.Quad]:
        """Yield the quads that match a pattern in its own place, with some variables fixed."""
        for graph in self._places(pattern):
            for quad in self._matching(pattern, fixed, graph):
                self._on_time()
                if graph is None and not self._is_named(quad.graph_name):
                    continue
                if _agrees(pattern, quad):
                    yield quad

    def elsewhere(self, pattern: Pattern) -> Graph | None:
        """Return a graph outside a pattern's place in which it would match."""
        for quad in islice(self._matching(pattern, {}, None), _SCANNED):
            self._on_time()
            if _agrees(pattern, quad):
                return quad.graph_name
        return None

    def meet(self, one: Pattern, other: Pattern, name: Variable) -> bool | None:
        """Return whether two patterns have a value of a variable in common, None where there are too many."""
        for left, right in ((one, other), (other, one)):
            seen: set[Node] = set()
            for number, quad in enumerate(self.quads(left)):
                if number == _SCANNED:
                    break
                value = (quad.subject, quad.predicate, quad.object)[left.terms.index(name)]
                if value in seen:
                    continue
                seen.add(value)
                if next(self.quads(right, **{name.name: value}), None) is not None:
                    return True
            else:
                return False
        return None

    def _matching(self, pattern: Pattern, fixed: dict[str, Node], graph: Graph | None) -> Iterator[ox.Quad]:
        subject, predicate, value = (_bound(each, fixed) for each in pattern.terms)
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode | None):
            return iter(())
        return self._store.quads_for_pattern(subject, predicate, value, graph)

    def _places(self, pattern: Pattern) -> list[Graph | None]:
        if pattern.graph is None:
            return [*self._default]
        if isinstance(pattern.graph, Variable):
            return [None]
        return [pattern.graph] if self._is_named(pattern.graph) else []

    def _is_named(self, graph: Graph) -> bool:
        return not isinstance(graph, ox.DefaultGraph) and (self._named is None or graph in self._named)

    def _any(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, value: Node | None, graph: Graph | None
    ) -> bool:
        self._on_time()
        return next(self._store.quads_for_pattern(subject, predicate, value, graph), None) is not None

    def _on_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise _LateError


def _bound(term: Node | Variable, fixed: dict[str, Node]) -> Node | None:
    return fixed.get(term.name) if isinstance(term, Variable) else term


def _agrees(pattern: Pattern, quad: ox.Quad) -> bool:
    """Return whether a variable that a pattern has twice has one value in a quad."""
    held: dict[Variable, object] = {}
    for term, value in zip(pattern.terms, (quad.subject, quad.predicate, quad.object), strict=True):
        if isinstance(term, Variable) and held.setdefault(term, value) != value:
            return False
    return True
