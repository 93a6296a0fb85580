"""Whether the data set is described well enough to be found and judged, in every form that programs look for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.check import visiting
from kg.check.report import Check
from kg.check.subject import HTML, embedded
from kg.export import dcat
from kg.findings import Finding
from kg.vocab import ASC, DCTERMS, PROV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.subject import Subject

_SOUGHT = {  # property → where it is written
    f"{DCTERMS}title": "title",
    f"{DCTERMS}description": "description",
    f"{DCTERMS}creator": "creators",
    f"{DCTERMS}publisher": "publisher or creators",
    f"{DCTERMS}issued": "issued",
    f"{DCTERMS}license": "license",
    f"{dcat.DCAT}keyword": "keywords",
    f"{dcat.DCAT}version": "version",
}
_SCHEMA = {
    "name": "title",
    "description": "description",
    "version": "version",
    "datePublished": "issued",
    "license": "license",
}
_RELATIONS = ("cite-as", "describedby", "item", "license", "type", "author", "linkset")
_OF_THINGS = ("cite-as", "describedby", "license", "type", "author", "collection")
_AGAIN = "Build again: kg build. If it stays, report it as a fault of the program."


def _finding(rule: str, node: str, message: str, advice: str = _AGAIN) -> Finding:
    return Finding(rule, "violation", message, advice, node)


def rich(subject: Subject) -> Iterator[Finding]:
    """Yield what the description in DCAT does not say."""
    for predicate, key in _SOUGHT.items():
        if not any(subject.said(subject.base, predicate)):
            name = predicate.replace("#", "/").rsplit("/", 1)[-1]
            yield _finding("not-said", subject.base, f"its {name} is not said", f"Give {key} in data/dataset.yaml.")
    if not subject.said(subject.base, f"{dcat.VOID}classPartition"):
        yield _finding("no-partitions", subject.base, "how much it holds of what is not said")


def searchable(subject: Subject) -> Iterator[Finding]:
    """Yield where the page's JSON-LD does not say what the description says."""
    found = next((each for each in embedded(subject.landing) if each.get("@type") == "Dataset"), None)
    if found is None:
        yield _finding("no-json-ld", "/", "the page has no Dataset of schema.org in it")
        return
    if found.get("@id") != subject.base:
        yield _finding("other-identifier", "/", f"its JSON-LD is about {found.get('@id')}")
    for name, key in _SCHEMA.items():
        if str(found.get(name)) != subject.description.said(key):
            yield _finding("said-otherwise", "/", f"its JSON-LD gives {name} as {found.get(name)!r}")
    for iri in (found[0] for found in subject.things.values()):
        answer = subject.get(iri)
        pages = [each for each in embedded(answer) if each.get("isPartOf", {}).get("@id") == subject.base]
        if answer.url == subject.local(iri) and not pages:
            yield _finding("no-json-ld", iri, "its page does not say in JSON-LD that it belongs to the data set")


def signposted(subject: Subject) -> Iterator[Finding]:
    """Yield the pages whose headers do not lead on, and the links that lead nowhere."""
    yield from _relations(subject, subject.base, _RELATIONS)
    for iri in (found[0] for found in subject.things.values()):
        answer = subject.get(iri)
        if answer.url == subject.local(iri):  # others lead to the page of what they are part of
            yield from _relations(subject, iri, _OF_THINGS)
    for link in subject.landing.links():
        if link.relation in ("describedby", "item", "linkset"):
            answer = visiting.get(link.target, method="HEAD")
            if (answer.status, answer.media) != (200, link.media):
                yield _finding(
                    "wrong-signpost", link.target, f"promised is {link.media}, given {answer.status} {answer.media}"
                )
    answer = visiting.get(f"{subject.root}/linkset.json")
    known = {each["anchor"] for each in json.loads(answer.body)["linkset"]} if answer.status == 200 else set()
    for name, entity in subject.crate.items():
        if "sha256" in entity and f"{subject.root}/downloads/{name}" not in known:
            yield _finding("no-signpost", name, "the link set does not have it")


def related(subject: Subject) -> Iterator[Finding]:
    """Yield what vocabularies and sources the description does not name, or names in vain."""
    if ASC not in subject.said(subject.base, f"{dcat.VOID}vocabulary"):
        yield _finding("no-vocabulary", subject.base, f"it does not say that it uses {ASC}")
    sources = subject.said(subject.base, f"{PROV}wasDerivedFrom")
    if not sources:
        yield _finding("no-source", subject.base, "what its claims were read from is not said")
    for iri in sources:
        if (answer := subject.get(iri)).status != 200:
            yield _finding("source-unresolved", iri, f"given is {answer.status}")


def _relations(subject: Subject, iri: str, wanted: tuple[str, ...]) -> Iterator[Finding]:
    answer = subject.get(iri)
    found = {link.relation for link in answer.links()}
    for relation in wanted:
        if relation not in found and answer.media == HTML:
            advice = "Give creators in data/dataset.yaml." if relation == "author" else _AGAIN
            yield _finding("no-signpost", iri, f"its page has no link with rel={relation}", advice)
    if "cite-as" in found and [link.target for link in answer.links("cite-as")] != [iri]:
        yield _finding("cited-otherwise", iri, "its page says to cite another identifier")


CHECKS = (
    Check("F2", "The data set is described: who, what, when, how much, in DCAT and VoID", rich),
    Check("F2", "Search engines find the same in the pages, in the words of schema.org", searchable),
    Check("F3", "Headers lead from pages to identifiers, data, descriptions and back (Signposting)", signposted),
    Check("I2", "Vocabularies and sources are named and resolve", related),
)
