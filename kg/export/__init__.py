"""Writes the graph as files for others: the same graph, the same bytes.

publication (what is published) → parts (its reading order) → turtle, readable, rdf, jsonld (RDF); columns, tables,
csvw, codebook (tables); annotations, nanopubs, networks; subset (a part that stands by itself); release (all of them).
"""

from kg.export.fragments import reserialise

__all__ = ["reserialise"]
