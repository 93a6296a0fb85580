"""The graph in the formats that programs exchange: N-Quads as the canonical form with its digest, and RDF/XML."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.turtle import prefixes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.export.publication import Publication


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return quads in the canonical form of RDFC-1.0, of which the SHA-256 is the data set's digest.

    The labels that the algorithm gives to blank nodes depend on the quads in which blank nodes stand, and on no others.
    """
    lines, anonymous = set(), ox.Dataset()
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            anonymous.add(quad)
        else:
            lines.add(f"{quad} .\n")
    anonymous.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines.update(f"{quad} .\n" for quad in anonymous)
    return "".join(sorted(lines)).encode()


def digest(quads: Iterable[ox.Quad]) -> str:
    """Return the RDFC-1.0 digest of quads (SHA-256, in hexadecimal), which does not depend on how they are written."""
    return hashlib.sha256(nquads(quads)).hexdigest()


def rdfxml(publication: Publication) -> bytes:
    """Return what Turtle carries as RDF/XML, in the order of the canonical form."""
    quads = list(ox.parse(nquads(publication.triples()), format=ox.RdfFormat.N_QUADS))
    used = {quad.predicate.value for quad in quads}
    names = {name: iri for name, iri in prefixes_of(publication.base).items() if iri.endswith(("#", "/"))}
    needed = {name: iri for name, iri in names.items() if any(each.startswith(iri) for each in used)}
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.RDF_XML, prefixes=needed) or b""
