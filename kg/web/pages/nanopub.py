"""A nanopublication under its trusty URI: its graphs as they were published; a browser is led to the claim."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request

from kg import protocol
from kg.errors import NotFoundError
from kg.export.nanopubs import Published
from kg.formats import RDF_FORMATS, by_suffix
from kg.vocab import DCTERMS
from kg.web import described, negotiated, signposts

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.wrappers import Response as BaseResponse

    from kg.formats import Format
    from kg.web.site import Site

blueprint = Blueprint("nanopub", __name__)
_FILE = "nanopubs.trig"
_FORMATS = tuple(sorted((each for each in RDF_FORMATS if each.graphs), key=lambda each: each.key != "trig"))


@blueprint.get("/np/<name>")
def nanopub(name: str) -> BaseResponse:
    """Give a nanopublication in a format that has graphs, or lead to its claim, as suffix or Accept header say."""
    site = negotiated.site()
    stem, _, suffix = name.rpartition(".")
    form = by_suffix(suffix)
    if form in _FORMATS and form is not None:
        return _data(site, stem, form)
    accept = request.headers.get("Accept")
    if protocol.prefers_html(accept, _FORMATS):
        return _to_claim(site, name)
    form = protocol.negotiate(accept, _FORMATS)
    if form is None:
        kinds = ", ".join(each.media_type for each in _FORMATS)
        raise protocol.NotAcceptableError(f"A nanopublication is given as {kinds}; the request takes none.")
    return _data(site, name, form)


def _data(site: Site, name: str, form: Format) -> Response:
    content = _content(site, name)
    if form.key != "trig":
        quads = ox.parse(content, format=ox.RdfFormat.TRIG)
        kind = ox.RdfFormat.from_media_type(form.media_type)
        content = ox.serialize(quads, format=kind) or b""
    response = Response(content, content_type=form.media_type)
    response.headers["Vary"] = "Accept"
    iri = f"{site.build().base}np/{name}"
    response.headers["Link"] = signposts.header(signposts.of_data(described.description(site), iri))
    return response


def _to_claim(site: Site, name: str) -> BaseResponse:
    quads = ox.parse(_content(site, name), format=ox.RdfFormat.TRIG)
    claim = next(quad.object.value for quad in quads if quad.predicate.value == f"{DCTERMS}subject")
    response = redirect(site.path(claim) or "/", code=303)
    response.headers["Vary"] = "Accept"
    return response


def _content(site: Site, name: str) -> bytes:
    build = site.build()
    path = build.path / described.RELEASE / _FILE
    content = _published(path, build.digest).read(f"{build.base}np/{name}") if path.is_file() else None
    if content is None:
        raise NotFoundError(
            f"This release has no nanopublication {name}: a claim has a new one when it says something else. All that "
            f"there are stand in /downloads/{_FILE}."
        )
    return content


@lru_cache(maxsize=2)
def _published(path: Path, _digest: str) -> Published:
    """Return where each nanopublication stands in the file; the digest tells one build's from the next one's."""
    return Published(path)
