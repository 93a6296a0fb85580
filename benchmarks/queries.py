"""The queries that every peer is asked, what is put into their gaps, and when two answers are the same."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.vocab import ASC, SCHEMES, XSD, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = (
    "hedged-claims", "told-by-one-through-another", "predictions", "office-holders", "mediators", "casualties",
    "loaded-terms-by-section", "second-half-of-2020-day-by-day", "stated-by-several-speakers",
    "works-by-country-of-outlet",
)  # fmt: skip
KEPT = 400  # values for each gap
_ABOUT = re.compile(rf"<[^>]*> <{ASC}about> (<[^>]*>) \.$")
_SUPPORTS = re.compile(rf"<[^>]*> <{ASC}supports> (<[^>]*>) \.$")
_FACET = re.compile(rf"(<[^>]*>) <{ASC}(?:modality|attribution)> (<[^>]*>) \.$")
_TEXT = re.compile(rf'<[^>]*> <{ASC}text> "((?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"(?<![\\\w])[a-z]{4,}(?!\w)")
_NUMERIC = tuple(
    f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)


@dataclass(frozen=True, slots=True)
class Query:
    """Holds one query: its name, text, the form of its answer (table or graph), and the gap in it, if there is one."""

    name: str
    text: str
    form: str = "table"
    gap: str = ""

    def filled(self, values: dict[str, list[Any]], number: int = 0) -> str:
        """Return the text with the gap's value of this number; with 0, the one that is asked again and again."""
        if not self.gap:
            return self.text
        chosen = values[self.gap]
        value = chosen[number % len(chosen)]
        text = self.text
        for at, part in enumerate(value if isinstance(value, list) else [value]):
            text = text.replace(f"$gap{at}", part)
        return text

    def distinct(self, values: dict[str, list[Any]], number: int) -> str:
        """Return the query as no client has asked it before: another value where it has a gap, and another comment."""
        return f"{self.filled(values, number)}\n# {number}"


def queries() -> list[Query]:
    """Return all queries, the examples first."""
    examples = [Query(name, (ROOT / "queries" / "examples" / f"{name}.rq").read_text("utf-8")) for name in EXAMPLES]
    return [*examples, *_own()]


def _own() -> list[Query]:
    known = prefixes()
    head = "".join(f"PREFIX {name}: <{known[name]}>\n" for name in ("asc", "skos"))
    texts = {
        "entity look-up": ("entity", "SELECT ?property ?value WHERE { $gap0 ?property ?value }"),
        "faceted claim search": (
            "facet",
            "SELECT ?claim ?text ?page WHERE {\n"
            "  ?claim asc:about $gap0 ; asc:modality $gap1 ; asc:attribution $gap2 ; asc:text ?text ;\n"
            "    asc:passage ?passage .\n  ?passage asc:page ?page .\n} ORDER BY ?page ?claim LIMIT 50",
        ),
        "co-occurrence aggregate": (
            "entity",
            "SELECT ?other (COUNT(DISTINCT ?claim) AS ?claims) WHERE {\n"
            "  ?claim asc:about $gap0 , ?other . FILTER(?other != $gap0)\n"
            "} GROUP BY ?other ORDER BY DESC(?claims) ?other LIMIT 20",
        ),
        "property path": ("claim", "SELECT ?claim ?text WHERE { ?claim asc:supports+ $gap0 ; asc:text ?text }"),
        "text filter": (
            "word",
            "SELECT ?claim ?text WHERE {\n"
            '  ?claim asc:text ?text . FILTER(CONTAINS(LCASE(STR(?text)), "$gap0"))\n} ORDER BY ?claim LIMIT 50',
        ),
    }
    found = [Query(name, head + text, gap=gap) for name, (gap, text) in texts.items()]
    around = (
        "CONSTRUCT { ?claim ?property ?value . ?value skos:prefLabel ?label } WHERE {\n"
        "  { SELECT ?claim WHERE { ?claim asc:about $gap0 } ORDER BY ?claim LIMIT 20 }\n"
        "  ?claim ?property ?value . OPTIONAL { ?value skos:prefLabel ?label }\n}"
    )
    return [*found, Query("CONSTRUCT of a neighbourhood", head + around, "graph", "entity")]


def values(corpus: Path) -> dict[str, list[Any]]:
    """Return what goes into the gaps, from the N-Quads of a corpus: the same file gives the same lists."""
    entities: Counter[str] = Counter()
    supported: Counter[str] = Counter()
    words: Counter[str] = Counter()
    facets: dict[str, list[str]] = {}
    for line in _lines(corpus):
        if match := _ABOUT.match(line):
            entities[match.group(1)] += 1
        elif match := _SUPPORTS.match(line):
            supported[match.group(1)] += 1
        elif match := _FACET.match(line):
            facets.setdefault(match.group(2).removeprefix(f"<{SCHEMES}").split("/")[0], []).append(match.group(2))
        elif match := _TEXT.match(line):
            words.update(set(_WORD.findall(match.group(1))))
    chosen = _spread(entities)
    modalities, attributions = (sorted(set(facets[name])) for name in ("modality", "attribution"))
    draw = random.Random(1)  # noqa: S311 - the same for every peer
    facet = [[entity, draw.choice(modalities), draw.choice(attributions)] for entity in chosen]
    common = [f"<{SCHEMES}modality/asserted>", f"<{SCHEMES}attribution/own>"]
    facet = [[each[0], *common] if at % 2 == 0 else each for at, each in enumerate(facet)]
    return {"entity": chosen, "facet": facet, "claim": _spread(supported), "word": _spread(words)}


def _lines(corpus: Path) -> Iterator[str]:
    marks = ("about>", "supports>", "modality>", "attribution>", "text>")
    with corpus.open(encoding="utf-8") as file:
        for line in file:
            if any(mark in line for mark in marks):
                yield line.rstrip("\n")


def _spread(counts: Counter[str]) -> list[str]:
    """Return values from the most to the least frequent, in equal steps of rank, in an order that tells nothing."""
    ranked = sorted(counts, key=lambda each: (-counts[each], each))
    count = min(KEPT, len(ranked))
    chosen = [ranked[at * len(ranked) // count] for at in range(count)]
    random.Random(1).shuffle(chosen)  # noqa: S311 - the same for every peer
    return chosen


def canonical(body: bytes, form: str) -> tuple[int, str]:
    """Return how many rows or triples an answer has, and a digest that is the same for the same answer.

    The order of rows does not count, nor how a number is written; the type of a literal counts where it is no number.
    """
    if form == "graph":
        triples = {
            (str(each.subject), str(each.predicate), _term(each.object))
            for each in ox.parse(body, format=ox.RdfFormat.TURTLE)
        }
        lines = sorted(" ".join(each) for each in triples)
    else:
        bindings = json.loads(body)["results"]["bindings"]
        lines = sorted(json.dumps({name: _value(row[name]) for name in sorted(row)}) for row in bindings)
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _value(term: dict[str, str]) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    return _literal(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def _term(term: Any) -> str:
    return _literal(term.value, term.datatype.value, term.language or "") if isinstance(term, ox.Literal) else str(term)


def _literal(value: str, datatype: str, language: str) -> str:
    if datatype in _NUMERIC:
        try:
            return f"{Decimal(value).normalize():f}"
        except InvalidOperation:
            return value
    if language:
        return f'"{value}"@{language.lower()}'
    return f'"{value}"' if datatype in ("", f"{XSD}string") else f'"{value}"^^{datatype}'
