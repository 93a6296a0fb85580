"""The namespaces and the few terms that the code itself names; the rest of the vocabulary is data."""

from __future__ import annotations

ASC = "https://w3id.org/ascribe/ns#"
SCHEMES = "https://w3id.org/ascribe/ns/"  # a vocabulary is SCHEMES + scheme, its concepts SCHEMES + scheme + "/" + id
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
SH = "http://www.w3.org/ns/shacl#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
EDTF = "http://id.loc.gov/datatypes/edtf"

KINDS = (
    "actor", "place", "agreement", "event", "thing", "topic", "source", "section", "passage", "reference", "work",
    "claim", "statement", "figure",
)  # fmt: skip

SHARED_PREFIXES = {
    "asc": ASC,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "oa": OA,
    "geo": GEO,
}
SCHEME_NAMES = (
    "attribution", "confidence", "flag", "framing", "identifier-scheme", "measure", "modality", "polarity",
    "qualifier", "series-role", "unclaimed-reason", "unit",
)  # fmt: skip


def prefixes(base: str | None = None) -> dict[str, str]:
    """Return prefix → namespace for queries and Turtle, with one prefix a kind when the dataset's base is given."""
    found = dict(SHARED_PREFIXES)
    found |= {name: f"{SCHEMES}{name}/" for name in SCHEME_NAMES}
    if base is not None:
        found |= {kind: f"{base}{kind}/" for kind in KINDS}
    return found


def anchor(iri: str) -> str:
    """Return the name of a term's place in the ontology's documentation, which is unique there.

    It is the local name (`Claim`); of a concept, its own behind its scheme's (`framing.annexation`).
    """
    if iri.startswith(ASC):
        return iri.removeprefix(ASC)
    name = iri.removeprefix(SCHEMES)
    return name.replace("/", ".") if "/" in name else f"vocabulary.{name}"
