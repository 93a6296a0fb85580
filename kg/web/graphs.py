"""Reads of the SPARQL 1.1 Graph Store Protocol: whole graphs, by `?default`, `?graph=` or their own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from kg import protocol
from kg.errors import NotFoundError, UsageError
from kg.store.tokens import absolute
from kg.web import delivery
from kg.web.delivery import Terms
from kg.web.queries import checked

if TYPE_CHECKING:
    from kg.web.site import Site

blueprint = Blueprint("graphs", __name__)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_ALLOWED = ("GET", "HEAD", "OPTIONS")


@blueprint.route("/data", methods=METHODS, provide_automatic_options=False)
def indirect() -> Response:
    """Give the graph that the address names in its parameters."""
    names = request.args.getlist("graph")
    if request.method in _ALLOWED[:2] and len(names) + ("default" in request.args) != 1:
        raise UsageError("Name one graph: /data?default, or /data?graph= and its IRI.")
    return read(absolute(request.base_url, names[0]) if names else None)


@blueprint.route("/graph/<path:name>", methods=METHODS, provide_automatic_options=False)
def direct(name: str) -> Response:
    """Give the graph whose IRI has this path."""
    site: Site = current_app.extensions["ascribe"]
    base = site.build().base
    return read(f"{base}graph/{name}" if base else request.base_url)


def _other_method() -> Response | None:
    """Return the answer to OPTIONS, None for a read; raises MethodError for a write."""
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": ", ".join(_ALLOWED)})
    if request.method not in _ALLOWED:
        raise protocol.MethodError(
            f"{request.method} is not taken here: graphs are read only. They are made from the files; change those.",
            _ALLOWED,
        )
    return None


def read(iri: str | None) -> Response:
    """Return a named graph, or the default graph for None, in the format that the client chose."""
    if (other := _other_method()) is not None:
        return other
    site: Site = current_app.extensions["ascribe"]
    pattern = "?s ?p ?o"
    if iri is not None:
        try:
            pattern = f"GRAPH <{checked(iri)}> {{ ?s ?p ?o }}"
        except ValueError:
            raise UsageError(f"“{iri}” is no IRI.") from None
        with site.engine.query(f"ASK {{ {pattern} }}") as found:
            if b"true" not in found.read():
                raise NotFoundError(f"There is no graph <{iri}>.")
    wanted, accept = request.args.get("format"), request.headers.get("Accept")
    form = protocol.choose(protocol.Query("", "construct", format=wanted), accept)
    terms = Terms.here()
    if (same := delivery.unchanged(delivery.tag(site.build().digest, iri, form.key), terms)) is not None:
        return same.response()
    answer = site.engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", graph=form.key)
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    entity = delivery.tag(answer.digest, iri, form.key)
    return delivery.whole(answer, form.media_type + charset, entity, terms).response()
