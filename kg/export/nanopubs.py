"""Each claim as a nanopublication: what is claimed, where that comes from, and who published it, under a trusty URI.

The assertion says that someone claims something; it never says the thing itself. A trusty URI ends in a hash of the
nanopublication's content (module RA: RDF graphs), so that nobody can change the one without the other.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.publication import Nodes, Term, key_of
from kg.export.readable import opening
from kg.export.turtle import PREFIXES, Names, Writer
from kg.vocab import ASC, DCTERMS, OA, OWL, PROV, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.export.publication import Publication

Statement = tuple[str, str, Term]
Graphs = dict[str, list[Statement]]  # by the graph's IRI

_PROVENANCE = frozenset(
    f"{ASC}{name}"
    for name in (
        "passage", "inSource", "inSection", "attribution", "reportedBy", "cites", "framing", "flag", "confidence",
        "note",
    )
)  # fmt: skip
_CONTENT = (f"{ASC}states", f"{ASC}figure")
_PLACE = (f"{ASC}passage", f"{ASC}range", f"{OA}hasSelector")
_NP, _NPX = PREFIXES["np"], PREFIXES["npx"]
_OPEN = "to-be-hashed"  # stands for the hash until it is known
_START = b"@prefix this: <"  # of the line that opens each nanopublication


def nanopubs(publication: Publication, part: Publication | None = None) -> str:
    """Return a nanopublication for each claim, or each claim of a part, as TriG, unsigned, in the order of the claims.

    A claim's nanopublication is the same whatever part it is asked for with.
    """
    part = part or publication
    home = f"{publication.base}np/"
    this = home + _OPEN
    names = Names(publication.base, {"this": this, "sub": f"{this}#"})
    texts = []
    for claim in part.nodes.of_type("Claim"):
        graphs = graphs_of(publication, claim, this)
        text = "".join(_written(name, statements, names) for name, statements in graphs.items())
        uri = home + artifact(graphs, this)
        texts.append(f"@prefix this: <{uri}> .\n@prefix sub: <{uri}#> .\n{text}")
    names.used -= {"this", "sub"}
    return "\n".join([opening(part, "Each claim as a nanopublication, not signed", names), *texts])


class Published:
    """Finds nanopublications in a file that :func:`nanopubs` wrote, by their trusty URIs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}  # first byte, and the one behind the last
        start, uri, at = 0, "", 0
        with path.open("rb") as file:
            for line in file:
                if line.startswith(_START):
                    self._places[uri] = (start, at)
                    start, uri = at, line.removeprefix(_START).split(b">")[0].decode()
                at += len(line)
        self._places[uri] = (start, at)
        self._head = self._read("")

    def read(self, uri: str) -> bytes | None:
        """Return a nanopublication as TriG, with what opens the file, or None where there is none of this URI."""
        return self._head + self._read(uri) if uri and uri in self._places else None

    def _read(self, uri: str) -> bytes:
        start, end = self._places[uri]
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)


def artifact(graphs: Graphs, this: str) -> str:
    """Return the end of the trusty URI of a nanopublication that is called `this` until then.

    It is RA and the SHA-256, in Base64, of a normal form: quads sorted by graph, subject, predicate and object (IRIs
    before literals), one term a line, with a space where the hash will stand.
    """

    def opened(iri: str) -> str:
        return f"{this.removesuffix(_OPEN)} {iri[len(this) :]}" if iri.startswith(this) else iri

    quads = {
        (opened(graph).encode(), opened(subject).encode(), predicate.encode(), _object(term, opened))
        for graph, statements in graphs.items()
        for subject, predicate, term in statements
    }
    content = b"".join(
        b"%s\n%s\n%s\n%s\n" % (graph, subject, predicate, line)
        for graph, subject, predicate, (*_, line) in sorted(quads)
    )
    return "RA" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def _object(term: Term, opened: Callable[[str], str]) -> tuple[int, bytes, bytes, bytes, bytes]:
    """Return an object's sort key, ending in its line of the normal form."""
    if not isinstance(term, ox.Literal):
        iri = opened(key_of(term)).encode()
        return (0, iri, b"", b"", iri)
    text = term.value.replace("\\", "\\\\").replace("\n", "\\n")
    if term.language:
        return (1, term.value.encode(), b"", term.language.encode(), f"@{term.language.lower()} {text}".encode())
    datatype = term.datatype.value
    return (1, term.value.encode(), datatype.encode(), b"", f"^{datatype} {text}".encode())


def graphs_of(publication: Publication, claim: str, this: str) -> Graphs:
    """Return the four graphs of a claim's nanopublication, which is called `this`."""
    nodes = publication.nodes
    said = [each for each in _said(nodes, claim) if each[1] != f"{ASC}assertion"]
    head, assertion, provenance, pubinfo = (f"{this}#{name}" for name in ("Head", "assertion", "provenance", "pubinfo"))
    passages = [ox.NamedNode(each) for each in nodes.links(claim, f"{ASC}passage")]
    sources = [ox.NamedNode(each) for each in nodes.links(claim, f"{ASC}inSource")]
    return {
        head: [
            (this, f"{RDF}type", ox.NamedNode(f"{_NP}Nanopublication")),
            (this, f"{_NP}hasAssertion", ox.NamedNode(assertion)),
            (this, f"{_NP}hasProvenance", ox.NamedNode(provenance)),
            (this, f"{_NP}hasPublicationInfo", ox.NamedNode(pubinfo)),
        ],
        assertion: [*(each for each in said if each[1] not in _PROVENANCE), *_below(nodes, claim, _CONTENT)],
        provenance: [
            *((assertion, f"{PROV}wasDerivedFrom", each) for each in passages),
            *((assertion, f"{PROV}hadPrimarySource", each) for each in sources),
            *(each for each in said if each[1] in _PROVENANCE),
            *_below(nodes, claim, _PLACE),
        ],
        pubinfo: [(this, predicate, term) for predicate, term in _information(publication, claim)],
    }


def _information(publication: Publication, claim: str) -> Iterator[tuple[str, Term]]:
    """Yield what is said of the nanopublication itself; its date is the data set's, so that two builds agree."""
    dataset = publication.dataset
    yield f"{DCTERMS}created", ox.Literal(f"{dataset['issued']}T00:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime"))
    for creator in dataset.get("creators") or [dataset["title"]]:
        yield f"{DCTERMS}creator", ox.Literal(creator)
    yield f"{DCTERMS}license", ox.NamedNode(dataset["license"])
    yield f"{DCTERMS}isPartOf", ox.NamedNode(publication.base)
    yield f"{DCTERMS}subject", ox.NamedNode(claim)
    yield f"{OWL}versionInfo", ox.Literal(dataset["version"])
    yield f"{_NPX}hasNanopubType", ox.NamedNode(f"{ASC}Claim")
    yield f"{RDFS}label", ox.Literal(f"Claim {publication.nodes.name(claim).split('/', 1)[1]}")


def _said(nodes: Nodes, node: str) -> Iterator[Statement]:
    for predicate, terms in nodes.said(node).items():
        for term in terms:
            yield node, predicate, term


def _below(nodes: Nodes, node: str, links: Iterable[str]) -> Iterator[Statement]:
    """Yield what the nodes below a node say."""
    for link in links:
        for target in nodes.links(node, link):
            yield from _said(nodes, target)
            yield from _below(nodes, target, links)


def _written(name: str, statements: Sequence[Statement], names: Names) -> str:
    """Return one graph as TriG, its nodes in the order of the statements."""
    return Writer(Nodes.of(statements, names.base), names).graph(name, dict.fromkeys(node for node, _, _ in statements))
