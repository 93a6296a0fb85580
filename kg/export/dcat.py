"""The data set in DCAT 3 and VoID: what it is, whose, under which licence, how much of what, and where each file is.

Addresses at which something is served (files, endpoint) are below the base here, where they are permanent; a server
puts its own with `readdressed`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.description import LANGUAGE, PROVENANCE
from kg.export.publication import TYPE, Nodes
from kg.export.turtle import Names, Writer, prefixes_of
from kg.vocab import ASC, DCTERMS, OWL, PROV, RDFS, XSD, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.export.description import Counts, Description, File
    from kg.export.publication import Term

Said = tuple[str, str, "Term"]

ADMS, DCAT, FOAF = "http://www.w3.org/ns/adms#", "http://www.w3.org/ns/dcat#", "http://xmlns.com/foaf/0.1/"
SPDX, VOID = "http://spdx.org/rdf/terms#", "http://rdfs.org/ns/void#"
_IANA = "https://www.iana.org/assignments/media-types/"
_UNREGISTERED = {  # media types that IANA does not know → the namespace of the format
    "application/graphml+xml": "http://graphml.graphdrawing.org/xmlns",
    "application/gexf+xml": "http://www.gexf.net/1.2draft",
}
_FORMATS = "http://www.w3.org/ns/formats/"
_DUMP_FORMATS = {"ttl": "Turtle", "trig": "TriG", "nq": "N-Quads", "jsonld": "JSON-LD", "rdf": "RDF_XML"}
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_ENGLISH = f"http://id.loc.gov/vocabulary/iso639-1/{LANGUAGE}"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def statements(description: Description) -> Iterator[Said]:
    """Yield the description as statements, without blank nodes."""
    base = description.base
    yield from _common(description, base)
    yield base, TYPE, _iri(f"{VOID}Dataset")
    yield base, f"{DCTERMS}identifier", ox.Literal(base, datatype=_iri(f"{XSD}anyURI"))
    yield base, f"{DCAT}hasCurrentVersion", _iri(description.version_iri)
    yield base, f"{DCAT}landingPage", _iri(base)
    yield base, f"{VOID}uriSpace", ox.Literal(base)
    yield base, f"{VOID}sparqlEndpoint", _iri(f"{base}sparql")
    yield from ((base, f"{VOID}vocabulary", _iri(iri)) for iri in _vocabularies(description.counts))
    if description.example:
        yield base, f"{VOID}exampleResource", _iri(description.example)
    for file in description.dumps():
        yield base, f"{VOID}dataDump", _iri(description.file_iri(file.name))
        yield base, f"{VOID}feature", _iri(_FORMATS + _DUMP_FORMATS[file.name.rsplit(".", 1)[1]])
    yield from _of_version(description)
    yield from _service(description)
    for iri, name in dict.fromkeys([*description.creators, description.publisher]):
        yield iri, TYPE, _iri(f"{FOAF}Agent")
        yield iri, f"{FOAF}name", ox.Literal(name)
    for file in description.files:
        yield from _distribution(description, file)
    if description.counts is not None:
        yield from _counted(base, description.counts)


def turtle(said: Iterable[Said], base: str) -> str:
    """Return a description as Turtle to be read: the data set, its version, then the rest by name."""
    names = Names(base, _prefixes(base))
    nodes = Nodes.of(said, base)
    writer = Writer(nodes, names)
    first = [base, *sorted(node for node in nodes if node.startswith(f"{base}version/"))]
    blocks = [writer.block(node) for node in [*first, *sorted(set(nodes) - set(first))]]
    return f"{names.header()}\n" + "\n".join(blocks)


def readdressed(said: Iterable[Said], base: str, root: str) -> Iterator[Said]:
    """Yield a description with the addresses of files and endpoint below another root: the one of a server."""
    for subject, predicate, term in said:
        served = isinstance(term, ox.NamedNode) and term.value.startswith((f"{base}downloads/", f"{base}sparql"))
        yield subject, predicate, _iri(root + str(term.value)[len(base) :]) if served else term


def serialised(said: Iterable[Said], base: str, media: str) -> bytes:
    """Return a description in a format of RDF by media type."""
    if media == "text/turtle":
        return turtle(said, base).encode()
    triples = sorted({ox.Triple(_iri(subject), _iri(predicate), term) for subject, predicate, term in said}, key=str)
    rdf_format = ox.RdfFormat.from_media_type(media)
    known = prefixes_of(base) | _prefixes(base) if media == "application/rdf+xml" else None
    return ox.serialize(triples, format=rdf_format, prefixes=known) or b""


def _common(description: Description, node: str) -> Iterator[Said]:
    """Yield what is said of the data set and of its version alike."""
    licence, _, _ = description.licence
    yield node, TYPE, _iri(f"{DCAT}Dataset")
    yield node, f"{DCTERMS}title", _text(description.said("title"))
    for predicate, key in ((f"{DCTERMS}description", "description"), (f"{RDFS}comment", "note")):
        if description.said(key):
            yield node, predicate, _text(description.said(key))
    if description.version:
        yield node, f"{DCAT}version", ox.Literal(description.version)
        yield node, f"{OWL}versionInfo", ox.Literal(description.version)
    if description.said("issued"):
        yield node, f"{DCTERMS}issued", ox.Literal(description.said("issued"), datatype=_iri(f"{XSD}date"))
    if licence:
        yield node, f"{DCTERMS}license", _iri(licence)
    yield node, f"{DCTERMS}accessRights", _iri(_PUBLIC)
    yield node, f"{DCTERMS}language", _iri(_ENGLISH)
    yield node, f"{DCTERMS}conformsTo", _iri(ASC.rstrip("#"))
    yield node, f"{DCTERMS}publisher", _iri(description.publisher[0])
    yield from ((node, f"{DCTERMS}creator", _iri(iri)) for iri, _ in description.creators)
    yield from ((node, f"{DCAT}keyword", _text(word)) for word in description.listed("keywords"))
    yield from ((node, f"{PROV}wasDerivedFrom", _iri(iri)) for iri, _ in description.sources)
    yield node, f"{DCTERMS}provenance", _iri(f"{description.base}#provenance")
    yield f"{description.base}#provenance", TYPE, _iri(f"{DCTERMS}ProvenanceStatement")
    yield f"{description.base}#provenance", f"{RDFS}label", _text(PROVENANCE)
    yield from ((node, f"{DCAT}distribution", _file(description, file)) for file in description.files)


def _of_version(description: Description) -> Iterator[Said]:
    """Yield what is said of the version alone."""
    node = description.version_iri
    yield from _common(description, node)
    yield node, f"{DCTERMS}identifier", ox.Literal(node, datatype=_iri(f"{XSD}anyURI"))
    yield node, f"{DCAT}isVersionOf", _iri(description.base)
    if description.previous_iri:
        yield node, f"{DCAT}previousVersion", _iri(description.previous_iri)


def _service(description: Description) -> Iterator[Said]:
    node, base = f"{description.base}#endpoint", description.base
    yield node, TYPE, _iri(f"{DCAT}DataService")
    yield node, f"{DCTERMS}title", _text(f"SPARQL endpoint of {description.said('title')}")
    yield node, f"{DCTERMS}conformsTo", _iri(_PROTOCOL)
    yield node, f"{DCAT}endpointURL", _iri(f"{base}sparql")
    yield node, f"{DCAT}endpointDescription", _iri(f"{base}sparql")
    yield node, f"{DCAT}servesDataset", _iri(base)
    if description.licence[0]:
        yield node, f"{DCTERMS}license", _iri(description.licence[0])


def _distribution(description: Description, file: File) -> Iterator[Said]:
    node, checksum = _file(description, file).value, f"{description.base}#sha256-{file.name}"
    yield node, TYPE, _iri(f"{DCAT}Distribution")
    yield node, f"{DCTERMS}title", ox.Literal(file.name)
    yield node, f"{DCTERMS}description", _text(file.about)
    yield node, f"{DCTERMS}license", _iri(description.licence[0])
    yield node, f"{DCTERMS}issued", ox.Literal(description.said("issued"), datatype=_iri(f"{XSD}date"))
    yield node, f"{DCAT}accessURL", _iri(description.base)
    yield node, f"{DCAT}downloadURL", _iri(description.file_iri(file.name))
    if file.media in _UNREGISTERED:
        yield node, f"{DCTERMS}format", _iri(_UNREGISTERED[file.media])
    else:
        yield node, f"{DCAT}mediaType", _iri(_IANA + file.media)
    yield node, f"{DCAT}byteSize", _number(file.size, "nonNegativeInteger")
    yield node, f"{SPDX}checksum", _iri(checksum)
    yield checksum, TYPE, _iri(f"{SPDX}Checksum")
    yield checksum, f"{SPDX}algorithm", _iri(f"{SPDX}checksumAlgorithm_sha256")
    yield checksum, f"{SPDX}checksumValue", ox.Literal(file.sha256, datatype=_iri(f"{XSD}hexBinary"))


def _counted(base: str, counts: Counts) -> Iterator[Said]:
    """Yield how much the files in Turtle hold, by class and by property."""
    yield base, f"{VOID}triples", _number(counts.triples)
    yield base, f"{VOID}entities", _number(counts.entities)
    yield base, f"{VOID}distinctSubjects", _number(counts.subjects)
    yield base, f"{VOID}distinctObjects", _number(counts.objects)
    yield base, f"{VOID}classes", _number(len(counts.classes))
    yield base, f"{VOID}properties", _number(len(counts.properties))
    for kind, found, unit in (("class", counts.classes, "entities"), ("property", counts.properties, "triples")):
        for iri, count in found:
            node = f"{base}#{kind}-{_key(iri, base)}"
            yield base, f"{VOID}{kind}Partition", _iri(node)
            yield node, f"{VOID}{kind}", _iri(iri)
            yield node, f"{VOID}{unit}", _number(count)


def _vocabularies(counts: Counts | None) -> Sequence[str]:
    """Return the namespaces of the terms that are used, as far as they have a prefix here."""
    if counts is None:
        return [ASC]
    used = [iri for iri, _ in (*counts.classes, *counts.properties)]
    spaces = {iri for iri in {**prefixes_of(""), **prefixes()}.values() if iri.endswith(("#", "/"))}
    return sorted({iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in used} & spaces)


def _key(iri: str, base: str) -> str:
    """Return a term's name within an IRI: with its prefix, or, where it has none, a digest of it."""
    for name, space in prefixes_of(base).items():
        if iri.startswith(space) and "/" not in iri[len(space) :]:
            return f"{name}-{iri[len(space) :]}"
    return hashlib.sha256(iri.encode()).hexdigest()[:12]


def _prefixes(base: str) -> dict[str, str]:
    own = {"this": f"{base}#", "file": f"{base}downloads/", "version": f"{base}version/"}
    return {"adms": ADMS, "dcat": DCAT, "foaf": FOAF, "spdx": SPDX, "void": VOID, **own}


def _file(description: Description, file: File) -> ox.NamedNode:
    return ox.NamedNode(f"{description.base}#file-{file.name}")


def _iri(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _text(text: str) -> ox.Literal:
    return ox.Literal(text, language=LANGUAGE)


def _number(value: int, datatype: str = "integer") -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))
