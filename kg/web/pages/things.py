"""The routes of all pages: each reads one page and shows it, or gives the data of the thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request

from kg.errors import NotFoundError
from kg.vocab import KINDS
from kg.web import negotiated, things, whole
from kg.web.negotiated import page_number, site

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.site import Site

blueprint = Blueprint("pages", __name__)
_ENTITIES = ("actor", "place", "agreement", "event", "thing", "topic")


@blueprint.get("/health")
def health() -> Response:
    """Say whether a query is answered now, and from which build."""
    build = site().build()
    with site().engine.query("ASK { FILTER(NOW() = NOW()) }", timeout=5, reserved=True):  # never a kept answer
        return jsonify(status="ok", digest=build.digest, base=build.base)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset in VoID."""
    build = site().build()
    counts = [row["count"].value for row in site().rows("counts") if row["class"].value.endswith("#Claim")]
    root = request.url_root
    text = render_template("void.ttl", build=build, root=root, claims=counts[0] if counts else None)
    return Response(text, content_type="text/turtle; charset=utf-8")


@blueprint.get("/<any(actor,place,agreement,event,thing,topic,work,source):kind>")
def of_kind(kind: str) -> str:
    """Show all things of one kind."""
    return render_template("kind.html", page=whole.kind_page(site(), kind, page_number()))


@blueprint.get(f"/<any({','.join(KINDS)}):kind>/<path:name>")
def thing(kind: str, name: str) -> BaseResponse:
    """Show one thing, or give its data, as the suffix or the Accept header says."""
    return negotiated.thing(kind, name, lambda site, iri: _page(site, kind, iri))


def _page(site: Site, kind: str, iri: str) -> str | BaseResponse:
    if kind in ("statement", "figure"):
        return _to_owner(site, kind, iri)
    page: object
    if kind in _ENTITIES:
        template, page = "entity", things.entity_page(site, iri, request.args.get("show"), page_number())
    else:
        abort(404)
    return render_template(f"{template}.html", page=page)


def _to_owner(site: Site, kind: str, iri: str) -> BaseResponse:
    """Lead from a statement or figure to its place on the page of its claim."""
    owner = next((row["owner"].value for row in site.rows("owner", iri)), None)
    if owner is None:
        raise NotFoundError(f"Nothing stands at {iri}.")
    return redirect(f"{site.path(owner)}#{kind}-{iri.rsplit('/', 1)[-1]}", code=303)
