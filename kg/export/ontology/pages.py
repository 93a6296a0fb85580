"""Writes the documentation as HTML, for the release and for the site, which hands in the addresses of its pages."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg.export.ontology.drawing import Side, draw
from kg.export.ontology.terms import short
from kg.export.publication import TYPE
from kg.protocol import GRAPH_FORMATS
from kg.vocab import ASC, SCHEMES, anchor

if TYPE_CHECKING:
    from collections.abc import Callable

STATIC = Path(__file__).with_name("static")
_TEMPLATES = Path(__file__).with_name("templates")
_FEW = 3  # properties below which a class is not worth a drawing
_MANY = 20  # terms above which a list of them is wanted
_TEXTS = ("text or number", "annotation")
Document = dict[str, Any]  # kg.export.ontology.terms.Document as JSON


def fragment(
    document: Document,
    href: Callable[[str], str | None],
    claims: Callable[[str], str | None],
    following: Callable[[str], str | None] = lambda _: None,
) -> Markup:
    """Return the documentation as the inside of a page.

    `href` gives the address of a thing of the data set, `claims` that of the claims that use a term, `following` that
    of what was inferred or computed of one; None where there is none.
    """
    labels = _labels(document)
    context = {
        "document": document,
        "href": lambda iri: f"#{anchor(iri)}" if iri in labels else f"#{iri}" if ":" not in iri else href(iri) or iri,
        "outside": lambda iri: ":" in iri and iri not in labels,
        "claims": claims,
        "following": following,
        "names": _Missing(document["names"]),
        "nameless": lambda iri: document["names"].get(iri, "").startswith("the "),  # such as “the claim”
        "many": _MANY,
        "labels": labels,
        "label": lambda iri: labels.get(iri) or (short(iri) if ":" in iri else iri),
        "code": lambda term: (
            f"asc:{term['anchor']}" if term["iri"].startswith(ASC) else term["iri"].removeprefix(SCHEMES)
        ),
        "word": _word,
        "spaced": lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize(),
        "sections": (
            ("classes", "Classes", document["classes"]),
            ("relations", "Relations that claims state", document["relations"]),
            ("properties", "Properties of claims, passages and entities", document["properties"]),
        ),
        "drawings": drawings(document, labels),
        "ruled": sum(len(each["rules"]) for each in document["shapes"]),
        "TYPE": TYPE,
    }
    return Markup(_environment().get_template("terms.html").render(context))  # noqa: S704 - made by an escaping template


def whole(document: Document) -> str:
    """Return the documentation as a page by itself, with the IRIs of the things as their addresses."""
    terms = fragment(document, lambda iri: iri, lambda _: None)
    page = _environment().get_template("document.html")
    return str(page.render(document=document, terms=terms, forms=GRAPH_FORMATS))


def drawings(document: Document, labels: dict[str, str]) -> list[dict[str, str]]:
    """Return a drawing for each class of the model, entities aside: what leads to it and where it leads."""
    before: dict[str, Side] = {}
    after: dict[str, Side] = {}
    inside: dict[str, list[str]] = {}
    for term in document["properties"]:
        ends = {fact["name"]: [ref["iri"] for ref in fact["values"]] for fact in term["facts"]}
        for start in ends.get("Domain", ()):
            targets = [each for each in ends.get("Range", ()) if each.startswith(ASC)]
            if term["kind"] in _TEXTS or not targets:
                inside.setdefault(start, []).append(term["iri"])
            for end in targets:
                after.setdefault(start, Side()).add(end, term["iri"])
                if end != start:
                    before.setdefault(end, Side()).add(start, term["iri"])
    size = {each: sum(map(len, after[each].boxes.values())) + len(inside.get(each, ())) for each in after}
    drawn = sorted((each for each in size if size[each] >= _FEW), key=lambda each: (-size[each], each))
    return [
        {
            "title": labels[each],
            "svg": Markup(draw(  # noqa: S704 - escapes what it is given
                each, before.get(each, Side()), inside.get(each, []), after[each],
                lambda iri: labels.get(iri, short(iri)), lambda iri: f"#{anchor(iri)}",
            )),
        }
        for each in drawn
    ]  # fmt: skip


def _labels(document: Document) -> dict[str, str]:
    """Return the names of the terms and concepts that have an entry."""
    terms = [*document["classes"], *document["relations"], *document["properties"]]
    terms += [concept for scheme in document["vocabularies"] for concept in scheme["concepts"]]
    return {each["iri"]: each["label"] for each in terms}


def _word(term: Document) -> str:
    """Return what a term's uses are called."""
    plural = "" if term["used"] == 1 else "s"
    if term["kind"] == "concept":
        scheme = term["anchor"].split(".", 1)[0]
        said = {"framing": "claim", "flag": "claim", "modality": "claim", "attribution": "claim", "measure": "figure"}
        if scheme in said:
            return f"{said[scheme]}{plural}"
    if term["kind"] == "relation":
        return f"statement{plural}"
    return {"class": "of this kind"}.get(term["kind"], f"use{plural}")


class _Missing(dict[str, str]):
    """Gives the empty text for a name that is not there."""

    def __missing__(self, key: str) -> str:
        return ""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
