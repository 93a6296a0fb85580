"""The description of the data set for programs: in DCAT and VoID, as a set of links, and the IRI of its version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request

from kg import protocol
from kg.errors import GoneError, NotFoundError
from kg.export import dcat, schemaorg
from kg.web import described, signposts
from kg.web.negotiated import site

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as BaseResponse

    from kg.formats import Format
    from kg.web.models import Head

blueprint = Blueprint("description", __name__)


@blueprint.get(signposts.VOID)
def void() -> Response:
    """Describe the data set in DCAT and VoID."""
    return _given(
        protocol.negotiate(request.headers.get("Accept"), protocol.GRAPH_FORMATS) or protocol.GRAPH_FORMATS[0]
    )


@blueprint.get(signposts.LINKSET)
def linkset() -> Response:
    """Give all links between the data set, its descriptions and its files."""
    found = signposts.linkset(described.description(site()), request.url_root.rstrip("/"))
    return Response(json.dumps(found, indent=1), content_type=signposts.LINKSET_TYPE)


@blueprint.get("/version/<name>")
def version(name: str) -> BaseResponse:
    """Lead from the IRI of the version that is served to its description."""
    description = described.description(site())
    if name == description.said("previous"):
        raise GoneError(
            f"Version {name} came before version {description.version}, which is given here, and is not kept here. "
            "Its things keep their addresses; a claim that was withdrawn since says when and why."
        )
    if name != description.version:
        raise NotFoundError(f"Version {name} is not served here, but version {description.version}.")
    response = redirect("/", code=303)
    response.headers["Link"] = signposts.header(signposts.of_dataset(description))
    return response


def structured(head: Head | None = None) -> dict[str, Any]:
    """Return the data set, or the page of a thing, in the words of schema.org, to stand in the page."""
    description = described.description(site())
    if head is None:
        return schemaorg.dataset(description, request.url_root)
    return schemaorg.page(description, head.iri, head.title)


def landing(page: Callable[[], str]) -> Response:
    """Return the data set's page, or its description, as the Accept header says."""
    accept = request.headers.get("Accept")
    wanted = protocol.negotiate(accept, protocol.GRAPH_FORMATS)
    if wanted is None or protocol.prefers_html(accept, protocol.GRAPH_FORMATS, default=True):
        response = Response(page())
        response.headers["Link"] = signposts.header(signposts.of_dataset(described.description(site())))
        response.headers["Vary"] = "Accept"
        return response
    return _given(wanted)


def _given(form: Format) -> Response:
    """Return the description in a format of graphs."""
    base = site().build().base
    said = described.statements(site(), request.url_root)
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    response = Response(dcat.serialised(said, base, form.media_type), content_type=form.media_type + charset)
    response.headers["Vary"] = "Accept"
    response.headers["Link"] = signposts.header(signposts.of_data(described.description(site()), base))
    return response
