"""Whether it is clear what may be done with the data and where they are from, in every description alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.check.report import Check
from kg.check.subject import embedded
from kg.export import citation, crate, dcat
from kg.export.description import LICENCES
from kg.export.publication import DEFAULT
from kg.findings import Finding
from kg.vocab import ASC, DCTERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.subject import Subject

_ORIGIN = ("claimant", "passage", "inSource", "attribution")
_AGAIN = "Build again: kg build. If it stays, report it as a fault of the program."


def _finding(rule: str, node: str, message: str, advice: str = _AGAIN) -> Finding:
    return Finding(rule, "violation", message, advice, node)


def licence(subject: Subject) -> Iterator[Finding]:
    """Yield the descriptions that do not name the licence, or another one."""
    iri = subject.description.licence[0]
    if iri not in LICENCES:
        known = ", ".join(LICENCES)
        yield _finding("odd-licence", iri, "programs do not know this licence", f"Choose one of these: {known}")
    root = subject.crate.get("./", {})
    page = next((each for each in embedded(subject.landing) if each.get("@type") == "Dataset"), {})
    said = {
        "/.well-known/void": subject.said(subject.base, f"{DCTERMS}license"),
        "the header of /": [link.target for link in subject.landing.links("license")],
        "the JSON-LD of /": [page.get("license")],
        crate.NAME: [root.get("license", {}).get("@id")],
    }
    for name, found in said.items():
        if found != [iri]:
            yield _finding("other-licence", name, f"it gives the licence as {found}, not as {iri}")


def cited(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the citation."""
    path = subject.folder / citation.NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text != citation.cff(subject.description):
        yield _finding("citation", citation.NAME, "it does not say what data/dataset.yaml says")


def provenance(subject: Subject) -> Iterator[Finding]:
    """Yield what does not say where it is from."""
    if not subject.said(subject.base, f"{DCTERMS}provenance"):
        yield _finding("no-provenance", subject.base, "how it was made is not said")
    quads = [quad for quad in subject.publication.corpus if quad.graph_name == DEFAULT]
    claims = {quad.subject for quad in quads if str(quad.object) == f"<{ASC}Claim>"}
    for name in _ORIGIN:
        having = {quad.subject for quad in quads if quad.predicate.value == f"{ASC}{name}"}
        for claim in sorted(claims - having, key=str)[:5]:
            yield _finding("no-provenance", claim.value, f"it has no {name}", "Run: kg validate")  # type: ignore[union-attr]


def standards(subject: Subject) -> Iterator[Finding]:
    """Yield the standards of the field that the release does not say it follows."""
    profile = subject.crate.get(crate.NAME, {}).get("conformsTo", {}).get("@id", "")
    if not profile.startswith("https://w3id.org/ro/crate/"):
        yield _finding("no-crate", crate.NAME, "the release is no RO-Crate")
    types = subject.said(subject.base, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    missing = {f"{dcat.DCAT}Dataset", f"{dcat.VOID}Dataset"} - set(types)
    if missing:
        yield _finding("no-standard", subject.base, f"it is not described as {', '.join(sorted(missing))}")


CHECKS = (
    Check("R1.1", "The licence is a known one, and the same wherever it is named", licence),
    Check("R1.2", "Where the data are from is said, for the whole and for each claim", provenance),
    Check("R1.2", "The citation says what the data set says", cited),
    Check("R1.3", "Descriptions follow the standards of the field: DCAT 3, VoID, RO-Crate", standards),
)
