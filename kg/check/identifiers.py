"""Whether identifiers lead somewhere: to a page, to data in each format that says what they name, to their version."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from kg.check import visiting
from kg.check.report import Check
from kg.check.subject import HTML
from kg.findings import Finding
from kg.protocol import GRAPH_FORMATS
from kg.vocab import ASC, OWL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.subject import Subject
    from kg.check.visiting import Answer

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LISTED = 3  # addresses of each list that are asked for


def _finding(rule: str, node: str, message: str, advice: str) -> Finding:
    return Finding(rule, "violation", message, advice, node)


def pages(subject: Subject) -> Iterator[Finding]:
    """Yield the identifiers that do not lead to a page."""
    for iri in (subject.base, *(iri for found in subject.things.values() for iri in found)):
        answer = subject.get(iri)
        if (answer.status, answer.media) != (200, HTML):
            yield _finding("no-page", iri, f"a browser is given {_given(answer)}", "See what the server logs for it.")


def data(subject: Subject) -> Iterator[Finding]:
    """Yield the identifiers for which a format is not given, is no RDF, or says nothing of what they name."""
    for iri in (subject.base, *(iri for found in subject.things.values() for iri in found)):
        for form in GRAPH_FORMATS:
            answer = subject.get(iri, form.media_type)
            if (answer.status, answer.media) != (200, form.media_type):
                yield _finding("no-data", iri, f"{form.label} is asked for, given is {_given(answer)}", _NEGOTIATE)
            elif not _tells(answer, iri):
                yield _finding("no-subject", iri, f"what is given as {form.label} says nothing of it", _NEGOTIATE)


def versions(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the IRIs of the data set's version and of the ontology's."""
    iri = subject.description.version_iri
    if subject.get(iri).status != 200:
        yield _finding("version-unresolved", iri, f"given is {_given(subject.get(iri))}", "Build again: kg build")
    current = subject.said(subject.base, "http://www.w3.org/ns/dcat#hasCurrentVersion")
    if current != [iri]:
        yield _finding("version-unnamed", subject.base, f"its current version is given as {current}", _DATASET)
    before, described = subject.description.previous_iri, subject.said(iri, "http://www.w3.org/ns/dcat#previousVersion")
    if described != [before] * bool(before):
        yield _finding("version-unnamed", iri, f"the version before it is given as {described}", _DATASET)
    named = subject.publication.terms.links(ASC.rstrip("#"), f"{OWL}versionIRI")
    if not named:
        yield _finding("ontology-version", ASC, "it has no owl:versionIRI", "Give it one in ontology/ascribe.ttl.")
    for each in (ASC.rstrip("#"), *named):
        answer = subject.get(each, "text/turtle")
        if (answer.status, answer.media) != (200, "text/turtle"):
            yield _finding("ontology-unresolved", each, f"Turtle is asked for, given is {_given(answer)}", _NEGOTIATE)


def listed(subject: Subject) -> Iterator[Finding]:
    """Yield what crawlers would not find."""
    robots = visiting.get(f"{subject.root}/robots.txt")
    if f"Sitemap: {subject.root}/sitemap.xml" not in robots.body.decode("utf-8", "replace").splitlines():
        yield _finding("no-sitemap", "/robots.txt", "it names no sitemap", "Serve the project's own /robots.txt.")
    for address in _locations(visiting.get(f"{subject.root}/sitemap.xml")):
        found = _locations(visiting.get(address))
        for each in found[:_LISTED]:
            if (answer := visiting.get(each)).status != 200:
                yield _finding("listed-in-vain", each, f"the sitemap lists it; given is {_given(answer)}", _BUG)
    if not _locations(visiting.get(f"{subject.root}/sitemap.xml")):
        yield _finding("no-sitemap", "/sitemap.xml", "it lists nothing", _BUG)


def open_to_all(subject: Subject) -> Iterator[Finding]:
    """Yield what keeps programs of others from reading: no HEAD, a log-in, or no leave for other origins."""
    for path, accept in (("/", "text/turtle"), ("/.well-known/void", "*/*"), ("/sparql", "text/turtle")):
        answer = visiting.get(subject.root + path, accept)
        head = visiting.get(subject.root + path, accept, "HEAD")
        if (head.status, head.media) != (answer.status, answer.media) or answer.status != 200:
            yield _finding("not-open", path, f"GET gives {_given(answer)}, HEAD {_given(head)}", _BUG)
        if answer.headers.get("access-control-allow-origin") != "*":
            yield _finding("no-cors", path, "programs in browsers may not read it", _PROXY)


def _tells(answer: Answer, iri: str) -> bool:
    """Return whether an answer is RDF and has a triple about an IRI."""
    try:
        quads = ox.parse(answer.body, format=ox.RdfFormat.from_media_type(answer.media))
        return any(getattr(quad.subject, "value", "") == iri for quad in quads)
    except SyntaxError:
        return False


def _locations(answer: Answer) -> list[str]:
    if answer.status != 200:
        return []
    return [str(each.text) for each in ET.fromstring(answer.body).iter(f"{_SITEMAP}loc")]  # noqa: S314 - our own server's


def _given(answer: Answer) -> str:
    return f"{answer.status} {answer.media or 'without a type'}"


_NEGOTIATE = "Nothing between the server and its clients may change Accept or Content-Type; see what the server logs."
_DATASET = "Give version and issued in data/dataset.yaml, then build again: kg build"
_PROXY = "Let the proxy before the server pass its headers on."
_BUG = "Report it as a fault of the program, with the line that the server logs."
CHECKS = (
    Check("F1", "Identifiers lead to a page", pages),
    Check("A1", "Identifiers lead to data in every format, as the client asks", data),
    Check("F1.1", "The version of the data set and of the ontology have IRIs that resolve", versions),
    Check("F4", "Crawlers find every thing: robots.txt and sitemap.xml", listed),
    Check("A1.1", "Anyone may read it by plain HTTP, from any origin, without logging in", open_to_all),
)
