"""Statements and figures: parts of a claim, which have their place on its page and data of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect

from kg.errors import NotFoundError
from kg.web import negotiated

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.site import Site

blueprint = Blueprint("part", __name__)


@blueprint.get("/<any(statement,figure):kind>/<path:name>")
def part(kind: str, name: str) -> BaseResponse:
    """Lead from a statement or figure to its claim, or give its data."""
    return negotiated.thing(kind, name, lambda site, iri: _to_owner(site, kind, iri))


def _to_owner(site: Site, kind: str, iri: str) -> BaseResponse:
    """Lead from a statement or figure to its place on the page of its claim."""
    owner = next((row["owner"].value for row in site.rows("owner", iri)), None)
    if owner is None:
        raise NotFoundError(f"Nothing stands at {iri}.")
    return redirect(f"{site.path(owner)}#{kind}-{iri.rsplit('/', 1)[-1]}", code=303)
