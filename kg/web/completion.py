"""What the editor completes a query with: the prefixes, classes, properties and concepts of the graph, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, request

from kg.vocab import ASC, OWL, SKOS
from kg.web import delivery

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.site import Site

blueprint = Blueprint("completion", __name__)
_QUERY = "terms"
_KINDS = {f"{OWL}Class": "classes", f"{SKOS}Concept": "concepts"}  # anything else is a property


@blueprint.get("/sparql/terms.json")
def terms() -> BaseResponse:
    """Give the terms, the same until the graph is another: prefix → namespace, and kind → [IRI, label] of each."""
    site: Site = current_app.extensions["ascribe"]
    response: Response = jsonify(vocabulary(site))
    response.set_etag(delivery.tag(site.build().digest, _QUERY), weak=True)
    return response.make_conditional(request)


def vocabulary(site: Site) -> dict[str, object]:
    """Return the prefixes, and the classes, properties and concepts by label; of plain files only their prefixes.

    The terms are those of the ontology's graph, and at most as many as its query allows.
    """
    found: dict[str, dict[str, str]] = {"classes": {}, "properties": {}, "concepts": {}}
    for row in site.rows(_QUERY) if _QUERY in site.pages else ():
        iri, label = row["term"].value, row["label"].value if "label" in row else ""
        kind = found[_KINDS.get(row["type"].value, "properties")]
        if iri not in kind or (label and iri.startswith(ASC)):
            kind[iri] = label
    return {"prefixes": site.build().prefixes, **{kind: list(each.items()) for kind, each in found.items()}}
