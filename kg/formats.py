"""The file formats and media types that the project reads and writes, in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """Names one serialisation: its key for `--format`, media type, file suffix and what it can carry."""

    key: str
    media_type: str
    suffix: str
    label: str
    graphs: bool = False  # whether it carries named graphs


RDF_FORMATS = (
    Format("turtle", "text/turtle", "ttl", "Turtle"),
    Format("ntriples", "application/n-triples", "nt", "N-Triples"),
    Format("rdfxml", "application/rdf+xml", "rdf", "RDF/XML"),
    Format("jsonld", "application/ld+json", "jsonld", "JSON-LD", graphs=True),
    Format("trig", "application/trig", "trig", "TriG", graphs=True),
    Format("nquads", "application/n-quads", "nq", "N-Quads", graphs=True),
)
RESULT_FORMATS = (
    Format("json", "application/sparql-results+json", "srj", "SPARQL JSON"),
    Format("xml", "application/sparql-results+xml", "srx", "SPARQL XML"),
    Format("csv", "text/csv", "csv", "CSV"),
    Format("tsv", "text/tab-separated-values", "tsv", "TSV"),
)
EXPORTS = {  # what `kg export --format` may say, and the file's name; {} is the name of the data set, part or table
    "turtle": "{}.ttl",
    "trig": "{}.trig",
    "nquads": "{}.nq",
    "jsonld": "{}.jsonld",
    "rdfxml": "{}.rdf",
    "csv": "{}.csv",
    "csvw": "csv-metadata.json",
    "codebook": "codebook.md",
    "annotations": "annotations.jsonld",
    "nanopubs": "nanopubs.trig",
}
TABLES = (
    "claims", "details", "entities", "statements", "figures", "references", "works", "passages", "withdrawn",
)  # fmt: skip


def by_key(key: str) -> Format | None:
    """Return the format with this key, or None."""
    return next((each for each in (*RDF_FORMATS, *RESULT_FORMATS) if each.key == key), None)


def named(key: str) -> Format:
    """Return the format with this key, which the caller knows to be one."""
    return next(each for each in (*RDF_FORMATS, *RESULT_FORMATS) if each.key == key)


def by_suffix(suffix: str) -> Format | None:
    """Return the format with this file suffix (without the dot), or None."""
    return next((each for each in (*RDF_FORMATS, *RESULT_FORMATS) if each.suffix == suffix), None)
