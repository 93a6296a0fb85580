"""The passages as Web Annotations: what stands where in a source, for anyone's annotation tool.

An annotation's target is each range of a passage, as positions in the source's pinned text with the fingerprint of the
range; its bodies are the claims, and the footnotes, that stand there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.export.columns import View, page_of, ranges
from kg.export.jsonld import pretty
from kg.vocab import ASC, OA, XSD

if TYPE_CHECKING:
    from kg.export.publication import Publication

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_OWN = {
    "asc": ASC,
    "sha256": "asc:sha256",
    "letters": {"@id": "asc:letters", "@type": f"{XSD}integer"},
    "page": {"@id": "asc:page", "@type": f"{XSD}integer"},
}


def web_annotations(publication: Publication) -> str:
    """Return a collection of Web Annotations in JSON-LD, one a passage, in the order of the text."""
    view = View(publication)
    passages = view.nodes.of_type("Passage")
    part = bool(publication.note)
    collection = f"{publication.base}downloads/annotations.jsonld" + ("#part" if part else "")
    page = {
        "id": f"{collection}{'-' if part else '#'}page-1",
        "type": "AnnotationPage",
        "partOf": collection,
        "startIndex": 0,
        "items": [_annotation(view, passage) for passage in passages],
    }
    document = {
        "@context": [CONTEXT, _OWN],
        "id": collection,
        "type": "AnnotationCollection",
        "label": f"{publication.dataset['title']}: passages" + (" of a part of the data set" if part else ""),
        "created": f"{publication.dataset['issued']}T00:00:00Z",
        "rights": publication.dataset["license"],
        "total": len(passages),
        "first": page,
    }
    return pretty(document) + "\n"


def _annotation(view: View, passage: str) -> dict[str, Any]:
    page = page_of(view, passage)
    bodies = [body for node in view.follow(passage, "^asc:passage") for body in _bodies(view, node)]
    found: dict[str, Any] = {"id": f"{passage}#annotation", "type": "Annotation", "motivation": "describing"}
    if page:
        found["page"] = int(page)
    return found | {"body": bodies, "target": [_target(view, *each) for each in ranges(view, passage)]}


def _bodies(view: View, node: str) -> list[Any]:
    """Return a claim, or a footnote, by its IRI and in words."""
    text = view.nodes.one(node, f"{ASC}text")
    if not text:
        works = "; ".join(view.nodes.label(work) for work in view.follow(node, "asc:citesWork"))
        text = f"Footnote {view.nodes.one(node, f'{ASC}number')}: {works}"
    words = {"id": f"{node}#text", "type": "TextualBody", "value": text, "format": "text/plain", "language": "en"}
    return [node, words]


def _target(view: View, start: int, end: int, node: str) -> dict[str, Any]:
    selector = view.nodes.links(node, f"{OA}hasSelector")[0]
    return {
        "id": node,
        "type": "SpecificResource",
        "source": view.nodes.links(node, f"{OA}hasSource")[0],
        "selector": {"id": selector, "type": "TextPositionSelector", "start": start, "end": end},
        "letters": int(view.nodes.one(node, f"{ASC}letters") or 0),
        "sha256": view.nodes.one(node, f"{ASC}sha256"),
    }
