"""Reads the triple patterns of a query as far as they can be told from its text, for explaining an empty answer.

This is no parser: the engine has parsed the query before. Where the text goes beyond what is read here, the reading
ends and says so; what was read until then stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.store.tokens import CLOSING, OPENING, TOKEN, absolute
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Callable

_ESCAPED = re.compile(r"\\([tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_LETTER = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_MANY = 200_000  # characters; a longer query is not read


@dataclass(frozen=True, slots=True)
class Variable:
    """Names a variable (or a blank node, which stands for one) of a query."""

    name: str

    def __str__(self) -> str:
        return f"?{self.name}"


Term = ox.NamedNode | ox.Literal | Variable


@dataclass(frozen=True, slots=True)
class Pattern:
    """Holds a triple pattern: its terms, how the query writes them, its graph, and whether every row needs it.

    `graph` is None in the default graph, else the name or variable after GRAPH.
    """

    terms: tuple[Term, Term, Term]
    shown: tuple[str, str, str]
    required: bool = True
    graph: ox.NamedNode | Variable | None = None
    graph_shown: str = ""

    def constant(self, place: int) -> bool:
        """Return whether the term at a place is none of the variables."""
        return not isinstance(self.terms[place], Variable)

    def __str__(self) -> str:
        return "{ " + " ".join(self.shown) + " }"


@dataclass(slots=True)
class Sketch:
    """Holds what was read of a query; `whole` says whether that was all of its patterns.

    `languages` has (variable, tag, whether exactly that tag) for each FILTER on a language; `values` what VALUES lists.
    """

    patterns: list[Pattern] = field(default_factory=list)
    languages: list[tuple[Variable, str, bool]] = field(default_factory=list)
    values: list[tuple[Term, str]] = field(default_factory=list)
    sources: list[ox.NamedNode] = field(default_factory=list)  # the graphs after FROM and FROM NAMED
    limit: int | None = None
    offset: int = 0
    whole: bool = False


def sketch(text: str, base: str | None = None) -> Sketch:
    """Return what can be told of a query's patterns; any text can be read."""
    found = Sketch()
    if len(text) > _MANY:
        return found
    tokens = [(str(match.lastgroup), match.group()) for match in TOKEN.finditer(text) if match.lastgroup != "comment"]
    try:
        _Reader(tokens, found, base or "").query()
        found.whole = True
    except (_LostError, RecursionError, ValueError):
        found.whole = False
    return found


class _LostError(Exception):
    """Says that the text goes on in a way that is not read here."""


class _Reader:
    """Walks once through the tokens of a query."""

    def __init__(self, tokens: list[tuple[str, str]], found: Sketch, base: str) -> None:
        self._tokens, self._at, self._found = tokens, 0, found
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._blanks = 0
        self._required = True
        self._graph: ox.NamedNode | Variable | None = None
        self._graph_shown = ""

    def query(self) -> None:
        """Read prologue, dataset, WHERE and LIMIT."""
        while self._word() in ("BASE", "PREFIX"):
            if self._next()[1].upper() == "BASE":
                self._base = absolute(self._base, self._next()[1][1:-1])
            else:
                name = self._next()[1]
                self._prefixes[name[:-1]] = absolute(self._base, self._next()[1][1:-1])
        self._clauses()
        self._group()
        self._modifiers(top=True)

    def _clauses(self) -> None:
        """Pass over SELECT and its expressions up to the brace of WHERE, taking note of FROM."""
        while not self._is("{"):
            if self._is("("):
                self._balanced()
            elif self._word() == "FROM":
                self._next()
                if self._word() == "NAMED":
                    self._next()
                self._found.sources.append(self._name(self._next()))
            else:
                self._next()

    def _modifiers(self, top: bool) -> None:
        """Pass over what follows WHERE: up to the end, or to the brace that closes a subquery."""
        depth = 0
        while self._at < len(self._tokens):
            if depth == 0 and not top and self._is("}"):
                return
            word, (_, token) = self._word(), self._next()
            depth += (token in OPENING) - (token in CLOSING)
            if top and depth == 0 and word in ("LIMIT", "OFFSET") and self._peek()[0] == "number":
                number = int(self._next()[1])
                if word == "LIMIT":
                    self._found.limit = number
                else:
                    self._found.offset = number

    def _group(self, required: bool | None = None) -> None:
        """Read one group with its braces; `required` False says that rows can do without it."""
        before = self._required
        self._required = before if required is None else before and required
        self._expect("{")
        if self._word() == "SELECT":
            self._clauses()
            self._group()
            self._modifiers(top=False)
        while not self._is("}"):
            self._member()
        self._next()
        self._required = before

    def _member(self) -> None:
        """Read one member of a group."""
        word = self._word()
        if self._is("."):
            self._next()
        elif self._is("{"):
            self._branches()
        elif word in ("OPTIONAL", "MINUS"):
            self._next()
            self._group(required=False)
        elif word == "GRAPH":
            self._in_graph()
        elif word == "FILTER":
            self._next()
            self._filter()
        elif word == "BIND":
            self._next()
            self._balanced()
        elif word == "VALUES":
            self._next()
            self._values()
        elif word not in ("", "A", "TRUE", "FALSE"):
            raise _LostError
        else:
            self._triples()

    def _branches(self) -> None:
        """Read a group, or several between UNION, of which rows need only one."""
        begun = len(self._found.patterns)
        self._group()
        if self._word() != "UNION":
            return
        while self._word() == "UNION":
            self._next()
            self._group()
        held = self._found.patterns
        held[begun:] = [Pattern(p.terms, p.shown, False, p.graph, p.graph_shown) for p in held[begun:]]

    def _in_graph(self) -> None:
        self._next()
        before = (self._graph, self._graph_shown)
        self._graph_shown = self._peek()[1]
        term = self._term()
        if isinstance(term, ox.Literal):
            raise _LostError
        self._graph = term
        self._group()
        self._graph, self._graph_shown = before

    def _filter(self) -> None:
        """Pass over a condition, taking note of languages that it asks for."""
        if self._word() == "NOT":
            self._next()
        if self._word() == "EXISTS":
            self._next()
            self._group(required=False)
            return
        begun = self._at
        if not self._is("("):
            self._next()  # a function's name
        self._balanced()
        if self._required:
            self._language(self._tokens[begun : self._at])

    def _language(self, tokens: list[tuple[str, str]]) -> None:
        """Take note of `lang(?x) = "en"` and `langMatches(lang(?x), "en")` where nothing else is asked."""
        plain = [token.lower() if kind == "word" else token for kind, token in tokens]
        while len(plain) > 1 and plain[0] == "(" and plain[-1] == ")":
            plain = plain[1:-1]
        match plain:
            case ["lang", "(", name, ")", "=", tag] | [tag, "=", "lang", "(", name, ")"]:
                exact = True
            case ["langmatches", "(", "lang", "(", name, ")", ",", tag, ")"]:
                exact = False
            case _:
                return
        if name[:1] in "?$" and tag[:1] in "\"'":
            self._found.languages.append((Variable(name[1:]), tag[1:-1], exact))

    def _values(self) -> None:
        """Read a VALUES block."""
        if self._is("("):
            self._balanced()
        else:
            self._next()
        self._expect("{")
        while not self._is("}"):
            if self._is("(") or self._is(")") or self._word() == "UNDEF":
                self._next()
                continue
            shown, term = self._shown(self._term)
            if self._required:
                self._found.values.append((term, shown))
        self._next()

    def _triples(self) -> None:
        """Read a subject with its properties."""
        bracketed = self._is("[")
        shown, subject = self._shown(self._node)
        if not (bracketed and (self._is(".") or self._is("}"))):
            self._properties(subject, shown)

    def _properties(self, subject: Term, shown: str) -> None:
        while True:
            steps = self._path()
            while True:
                value_shown, value = self._shown(self._node)
                self._chain(subject, shown, steps, value, value_shown)
                if not self._is(","):
                    break
                self._next()
            if not self._is(";"):
                return
            while self._is(";"):
                self._next()
            if self._is(".") or self._is("}") or self._is("]"):
                return

    def _chain(self, subject: Term, shown: str, steps: list[_Step] | None, value: Term, value_shown: str) -> None:
        """Add the patterns of a path between two nodes; of one that may be empty nothing can be said."""
        for number, step in enumerate(steps or ()):
            last = steps is not None and number == len(steps) - 1
            middle = value if last else self._fresh()
            end = value_shown if last else "[]"
            if step.many:  # one or more: the ends of the first and last step are all that is sure
                self._add(step, subject, shown, self._fresh(), "[]")
                self._add(step, self._fresh(), "[]", middle, end)
            else:
                self._add(step, subject, shown, middle, end)
            subject, shown = middle, end

    def _add(self, step: _Step, subject: Term, shown: str, value: Term, value_shown: str) -> None:
        terms, texts = (subject, step.term, value), (shown, step.shown, value_shown)
        if step.inverse:
            terms, texts = terms[::-1], texts[::-1]
        self._found.patterns.append(Pattern(terms, texts, self._required, self._graph, self._graph_shown))

    def _path(self) -> list[_Step] | None:
        """Return the steps of a path from node to node, or None where they cannot be told apart."""
        if self._peek()[0] == "variable":
            name, variable = self._shown(self._term)
            return [_Step(variable, name)]
        steps: list[_Step] = []
        plain = True
        while True:
            step = self._step()
            plain = plain and step is not None
            steps += [step] if step is not None else []
            if self._is("|"):
                plain = False
            elif not self._is("/"):
                return steps if plain else None
            self._next()

    def _step(self) -> _Step | None:
        """Return one step of a path, or None for one that may be empty, negated or a path of its own."""
        inverse = self._taken("^")
        sure = not self._taken("!")
        if self._is("("):
            self._balanced()
            self._unsure()
            return None
        shown, term = self._shown(self._term)
        if self._is("*") or self._is("?"):
            self._next()
            return None
        many = self._taken("+")
        return _Step(term, shown, inverse, many) if sure else None

    def _unsure(self) -> None:
        """Pass over the sign after a step of which nothing can be said."""
        if self._is("*") or self._is("?") or self._is("+"):
            self._next()

    def _node(self) -> Term:
        """Return a subject or object; a blank node stands for a variable of its own."""
        if self._is("["):
            self._next()
            blank = self._fresh()
            if not self._is("]"):
                self._properties(blank, "[]")
            self._expect("]")
            return blank
        if self._is("("):
            self._balanced()
            return self._fresh()
        return self._term()

    def _term(self) -> Term:
        kind, token = self._next()
        match kind:
            case "variable":
                return Variable(token[1:])
            case "blank":
                return Variable(token)
            case "iri" | "name":
                return self._name((kind, token))
            case "string":
                return self._literal(token)
            case "number":
                return ox.Literal(token, datatype=ox.NamedNode(f"{_XSD}{_number_type(token)}"))
            case "word" if token == "a":  # noqa: S105 - a word of the query
                return ox.NamedNode(f"{RDF}type")
            case "word" if token.lower() in ("true", "false"):
                return ox.Literal(token.lower(), datatype=ox.NamedNode(f"{_XSD}boolean"))
        raise _LostError

    def _name(self, token: tuple[str, str]) -> ox.NamedNode:
        kind, text = token
        if kind == "iri":
            return ox.NamedNode(absolute(self._base, text[1:-1]))
        prefix, _, local = text.partition(":")
        if kind != "name" or prefix not in self._prefixes:
            raise _LostError
        return ox.NamedNode(self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))

    def _literal(self, token: str) -> ox.Literal:
        width = 3 if len(token) >= 6 and token[:3] in ('"""', "'''") else 1
        value = _ESCAPED.sub(_unescaped, token[width:-width])
        if self._peek()[0] == "language":
            return ox.Literal(value, language=self._next()[1][1:].lower())
        if self._is("^^"):
            self._next()
            return ox.Literal(value, datatype=self._name(self._next()))
        return ox.Literal(value)

    def _shown(self, read: Callable[[], Term]) -> tuple[str, Term]:
        """Return how the query writes what is read next, and that."""
        begun = self._at
        term = read()
        if isinstance(term, Variable) and self._tokens[begun][0] not in ("variable", "blank"):
            return "[]", term
        return "".join(token for _, token in self._tokens[begun : self._at]), term

    def _fresh(self) -> Variable:
        self._blanks += 1
        return Variable(f"_{self._blanks}")

    def _balanced(self) -> None:
        """Pass over a bracket with all that is in it."""
        depth = 0
        while True:
            token = self._next()[1]
            depth += (token in OPENING) - (token in CLOSING)
            if depth <= 0:
                return

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _LostError
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self) -> str:
        kind, token = self._peek()
        return token.upper() if kind == "word" else ""

    def _is(self, sign: str) -> bool:
        kind, token = self._peek()
        return kind == "sign" and token == sign

    def _taken(self, sign: str) -> bool:
        """Return whether a sign comes next, and pass over it."""
        found = self._is(sign)
        self._at += found
        return found

    def _expect(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise _LostError


@dataclass(frozen=True, slots=True)
class _Step:
    """Names one step of a path: its predicate, how it is written, its direction, whether it is repeated."""

    term: Term
    shown: str
    inverse: bool = False
    many: bool = False


def _number_type(token: str) -> str:
    return "double" if "e" in token.lower() else "decimal" if "." in token else "integer"


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if code[0] in "uU" else _LETTER.get(code, code)
