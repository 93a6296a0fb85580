"""Writes the graph as files for others: sorted, so that the same graph gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.formats import named
from kg.vocab import ASC, OA, RDF, SCHEMES, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.corpus import Corpus

FORMATS = ("turtle", "trig", "nquads", "jsonld", "csv")
CSV_COLUMNS = (
    "id", "iri", "source", "section", "page", "ranges", "types", "text", "claimant", "attribution", "modality",
    "polarity", "about", "statements", "figures", "references", "when", "where", "framing", "confidence", "flags",
)  # fmt: skip

_TYPE = ox.NamedNode(f"{RDF}type")


def write_all(corpus: Corpus, folder: Path) -> int:
    """Write the graph in every format below a folder and return the number of quads."""
    folder.mkdir(parents=True)
    quads = in_order(corpus.quads)
    name = str(corpus.files.dataset.value["id"])
    for key in FORMATS:
        (folder / file_name(name, key)).write_bytes(serialise(quads, key, corpus.base))
    return len(quads)


def file_name(dataset: str, key: str) -> str:
    """Return the name of a dataset's export in a format."""
    return "claims.csv" if key == "csv" else f"{dataset}.{named(key).suffix}"


def in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads without repeats: graph by graph (the default graph first), subject by subject, types first."""

    def key(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
        graph = "" if quad.graph_name == ox.DefaultGraph() else str(quad.graph_name)
        return (graph, str(quad.subject), quad.predicate != _TYPE, str(quad.predicate), str(quad.object))

    return sorted(set(quads), key=key)


def serialise(quads: Sequence[ox.Quad], key: str, base: str) -> bytes:
    """Return quads in one of FORMATS; Turtle has the default graph, whose statement nodes keep what claims state."""
    if key == "csv":
        return "".join(_csv(quads, base)).encode()
    known = named(key)
    default = ox.DefaultGraph()
    chosen: Iterable[Any] = quads if known.graphs else (quad.triple for quad in quads if quad.graph_name == default)
    rdf_format = ox.RdfFormat.from_media_type(known.media_type)
    return ox.serialize(chosen, format=rdf_format, prefixes=None if key == "nquads" else prefixes(base)) or b""


class _Index:
    """Answers what a node says, in order, from quads of the default graph."""

    def __init__(self, quads: Iterable[ox.Quad], base: str) -> None:
        self.base = base
        self.values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if quad.graph_name == ox.DefaultGraph():
                self.values[str(quad.subject).strip("<>")][quad.predicate.value].append(quad.object)

    def all(self, node: str, predicate: str) -> list[str]:
        """Return the values of a node's property as the curated files write them."""
        return [self.short(each) for each in self.values[node][predicate]]

    def one(self, node: str, predicate: str) -> str:
        """Return the first value of a node's property, or nothing."""
        return next(iter(self.all(node, predicate)), "")

    def short(self, term: Any) -> str:
        """Return a term as the curated files write it: an id, a concept, a relation or text."""
        value = str(term.value)
        if not isinstance(term, ox.NamedNode):
            return value
        if value.startswith(self.base):
            return value[len(self.base) :]
        if value.startswith(ASC):
            return value[len(ASC) :]
        return value.rsplit("/", 1)[-1] if value.startswith(SCHEMES) else value


def _csv(quads: Sequence[ox.Quad], base: str) -> Iterator[str]:
    index = _Index(quads, base)
    claims = sorted(node for node, values in index.values.items() if ox.NamedNode(f"{ASC}Claim") in values[_TYPE.value])
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    rows.writerows(_row(claim, index) for claim in claims)
    yield out.getvalue()


def _row(claim: str, index: _Index) -> dict[str, str]:
    def joined(name: str) -> str:
        return "|".join(sorted(index.all(claim, f"{ASC}{name}")))

    def local(name: str) -> str:
        return index.one(claim, f"{ASC}{name}").split("/", 1)[-1]

    passage = f"{index.base}{index.one(claim, f'{ASC}passage')}"
    statements = [f"{index.base}{each}" for each in index.all(claim, f"{ASC}states")]
    figures = sorted((f"{index.base}{each}" for each in index.all(claim, f"{ASC}figure")), key=_position)
    references = [f"{index.base}{each}" for each in index.all(claim, f"{ASC}cites")]
    return {
        "id": claim.removeprefix(f"{index.base}claim/"),
        "iri": claim,
        "source": local("inSource"),
        "section": local("inSection"),
        "page": index.one(passage, f"{ASC}page"),
        "ranges": ";".join(_ranges(passage, index)),
        "types": "|".join(sorted(set(index.all(claim, _TYPE.value)) - {"Claim"})),
        "text": index.one(claim, f"{ASC}text"),
        "claimant": joined("claimant"),
        "attribution": joined("attribution"),
        "modality": joined("modality"),
        "polarity": "|".join(sorted({index.one(each, f"{ASC}polarity") for each in statements})),
        "about": joined("about"),
        "statements": "|".join(_statement(each, index) for each in sorted(statements, key=_position)),
        "figures": json.dumps([_figure(each, index) for each in figures], ensure_ascii=False) if figures else "",
        "references": "|".join(sorted((index.one(each, f"{ASC}number") for each in references), key=_number)),
        "when": joined("when"),
        "where": joined("where"),
        "framing": joined("framing"),
        "confidence": joined("confidence"),
        "flags": joined("flag"),
    }


def _position(node: str) -> int:
    return int(node.rsplit("/", 1)[-1])


def _number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() else 0, text)


def _ranges(passage: str, index: _Index) -> list[str]:
    found = []
    for each in index.all(passage, f"{ASC}range"):
        selector = f"{index.base}{index.one(f'{index.base}{each}', f'{OA}hasSelector')}"
        found.append((int(index.one(selector, f"{OA}start")), int(index.one(selector, f"{OA}end"))))
    return [f"{start}-{end}" for start, end in sorted(found)]


def _statement(node: str, index: _Index) -> str:
    return " ".join(index.one(node, f"{RDF}{part}") for part in ("subject", "predicate", "object"))


def _figure(node: str, index: _Index) -> dict[str, str]:
    names = {
        "measure": f"{ASC}measure", "value": f"{RDF}value", "min": f"{ASC}min", "max": f"{ASC}max",
        "qualifier": f"{ASC}qualifier", "unit": f"{ASC}unit", "of": f"{ASC}of", "when": f"{ASC}when",
        "where": f"{ASC}where", "series": f"{ASC}series", "role": f"{ASC}seriesRole", "asPrinted": f"{ASC}asPrinted",
    }  # fmt: skip
    return {key: value for key, name in names.items() if (value := index.one(node, name))}


def reserialise(ntriples: bytes, key: str, base: str) -> bytes:
    """Return triples, given as N-Triples, in one of FORMATS or another format of RDF, sorted and without repeats."""
    return serialise(in_order(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)), key, base)
