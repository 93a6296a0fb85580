"""Which claims are wanted: words, values of facets, a span of years; and the same as a SPARQL query.

The facets and their property paths stand here alone: the bitsets of :mod:`kg.store.facets` are made from them, and the
query behind a page asks along the same paths, so that both find the same claims.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

NONE = "none"  # the value of claims that have none: no date, no footnote
UNNAMED = "unnamed"  # the outlet of claims whose footnotes name none
_ENTITIES = "asc:about|asc:where|(asc:figure/(asc:of|asc:where))|(asc:states/(rdf:subject|rdf:object|asc:where))"
PATHS = {  # facet → the property path from a claim to its values
    "kind": "rdf:type",
    "speaker": "asc:claimant",
    "attribution": "asc:attribution",
    "modality": "asc:modality",
    "source": "asc:inSource",
    "section": "asc:inSection",
    "about": _ENTITIES,
    "place": _ENTITIES,
    "topic": "asc:topic",
    "measure": "asc:figure/asc:measure",
    "outlet": "asc:cites/asc:citesWork/asc:outlet",
    "framing": "asc:framing",
    "flag": "asc:flag",
    "reporter": "asc:reportedBy",
    "reference": "asc:cites",
    "work": "asc:cites/asc:citesWork",
}
NAMES = (*PATHS, "time")
LACKING = {  # facet → key of those that lack a value → the condition that they meet
    "outlet": {
        NONE: "NOT EXISTS { ?claim asc:cites ?note }",
        UNNAMED: "EXISTS { ?claim asc:cites ?note } && NOT EXISTS { ?claim asc:cites/asc:citesWork/asc:outlet ?any }",
    }
}
_VALUES = {  # facet → what a value of it is, where the path leads to others too
    "kind": 'STRSTARTS(STR(?value), STR(asc:)) && ?value != asc:Claim',
    "about": 'STRSTARTS(STR(?value), "BASE") && !STRSTARTS(STR(?value), "BASEplace/")',
    "place": 'STRSTARTS(STR(?value), "BASEplace/")',
}  # fmt: skip
_DATES = (
    "OPTIONAL { ?claim asc:earliest ?earliest }",
    "OPTIONAL { ?claim asc:latest ?latest }",
    "BIND(YEAR(COALESCE(?earliest, ?latest)) AS ?first)",
    "BIND(YEAR(COALESCE(?latest, ?earliest)) AS ?last)",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Says which claims are wanted: words, facet → keys of which one must hold, years from and to (both included)."""

    words: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None

    @property
    def spans(self) -> bool:
        """Return whether a span of years is chosen."""
        return self.since is not None or self.until is not None

    def without(self, name: str, key: str | None = None) -> Choice:
        """Return the choice less one value of a facet, or less all of it; `words` and `years` are names too."""
        if name == "words":
            return replace(self, words="")
        if name == "years":
            return replace(self, since=None, until=None)
        left = tuple(each for each in self.values.get(name, ()) if key is not None and each != key)
        others = {other: keys for other, keys in self.values.items() if other != name}
        return replace(self, values={**others, **({name: left} if left else {})})


@dataclass(frozen=True, slots=True)
class Asked:
    """Words a choice as SPARQL; `iri` gives the IRI of a facet's value, `things` those whose names the words are."""

    choice: Choice
    base: str
    iri: Callable[[str, str], str]
    things: Sequence[str] = ()

    def claims(self) -> str:
        """Return the query for the claims chosen, with what a reader needs first."""
        return _query(
            "SELECT DISTINCT ?claim ?text ?speaker ?modality ?page",
            [
                *self._conditions(),
                "?claim asc:claimant ?speaker ; asc:modality ?modality ; asc:passage/asc:page ?page .",
            ],
            "ORDER BY ?claim",
        )

    def count(self) -> str:
        """Return the query that counts the claims chosen."""
        return _query("SELECT (COUNT(DISTINCT ?claim) AS ?claims)", [*self._conditions()])

    def several(self, name: str) -> str:
        """Return the query that counts how many values of a facet the claims chosen have."""
        conditions = [*self._conditions(), f"?claim {PATHS[name]} ?value ."]
        return _query("SELECT (COUNT(DISTINCT ?value) AS ?values)", conditions)

    def values(self, name: str, years: Sequence[int] = ()) -> str:
        """Return the query that counts the values of a facet among the claims that the other facets choose."""
        choice = self.choice.without(name)
        conditions = list(
            Asked(choice.without("years") if name == "time" else choice, self.base, self.iri)._conditions()
        )
        if name == "time":
            listed = " ".join(map(str, years))
            conditions += [*_DATES, f"VALUES ?value {{ {listed} }}", "FILTER(?first <= ?value && ?value <= ?last)"]
        else:
            conditions.append(f"?claim {PATHS[name]} ?value .")
            conditions += [f"FILTER({_VALUES[name].replace('BASE', self.base)})"] if name in _VALUES else []
        return _query(
            "SELECT ?value (COUNT(DISTINCT ?claim) AS ?claims)",
            conditions,
            "GROUP BY ?value\nORDER BY DESC(?claims) ?value",
        )

    def _conditions(self) -> Iterator[str]:
        yield "?claim a asc:Claim ; asc:text ?text ."
        if self.choice.words.strip():
            yield from self._said()
        for name, keys in sorted(self.choice.values.items()):
            if name == "time":
                continue
            lacking = [LACKING[name][key] for key in keys if key in LACKING.get(name, {})]
            iris = " ".join(f"<{self.iri(name, key)}>" for key in keys if key not in LACKING.get(name, {}))
            has = [f"EXISTS {{ VALUES ?{name} {{ {iris} }} ?claim {PATHS[name]} ?{name} }}"] if iris and lacking else []
            if lacking:
                yield f"FILTER({' || '.join(f'({each})' for each in (*has, *lacking))})"
            else:
                yield f"VALUES ?{name} {{ {iris} }}"
                yield f"?claim {PATHS[name]} ?{name} ."
        yield from self._dated()

    def _said(self) -> Iterator[str]:
        """Yield the conditions nearest to a search for words, for which SPARQL has no index."""
        yield "# The page searches words in an index of all names and spellings; this is the nearest that SPARQL has."
        if self.things:
            things = " ".join(f"<{iri}>" for iri in self.things)
            yield f"FILTER EXISTS {{ VALUES ?named {{ {things} }} ?claim asc:claimant|asc:topic|{_ENTITIES} ?named }}"
            return
        for word in self.choice.words.split():
            plain = "".join(sign for sign in word if sign.isalnum() or sign in "-'")
            if plain:
                yield f'FILTER CONTAINS(LCASE(?text), "{plain.lower()}")'

    def _dated(self) -> Iterator[str]:
        keys = self.choice.values.get("time", ())
        if not keys and not self.choice.spans:
            return
        yield from _DATES
        either = [f"(?first <= {int(key)} && {int(key)} <= ?last)" for key in keys if key != NONE and key.isdecimal()]
        either += ["!BOUND(?first)"] if NONE in keys else []
        if keys:
            yield f"FILTER({' || '.join(either) or 'false'})"
        if self.choice.since is not None:
            yield f"FILTER(?last >= {self.choice.since})"
        if self.choice.until is not None:
            yield f"FILTER(?first <= {self.choice.until})"


def _query(head: str, conditions: Sequence[str], tail: str = "") -> str:
    body = "\n".join(f"  {line}" for line in conditions)
    return f"{head} WHERE {{\n{body}\n}}\n{tail}".rstrip() + "\n"
