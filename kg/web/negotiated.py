"""Answers for one thing as the request likes it: its page, or its data in a format of graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, request

from kg import export, protocol
from kg.errors import NotFoundError, UsageError
from kg.formats import by_suffix
from kg.web import described, signposts
from kg.web.queries import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.formats import Format
    from kg.web.site import Site

_FORMATS = protocol.GRAPH_FORMATS
_BATCH = 500  # things that one query asks the data of


def site() -> Site:
    """Return what the pages of the running application share."""
    found: Site = current_app.extensions["ascribe"]
    return found


def only(names: Iterable[str]) -> None:
    """Refuse a request with a parameter that its page does not know; raises UsageError."""
    known = (*names, "page")
    if unknown := sorted(set(request.args) - set(known)):
        raise UsageError(f"This page cannot be asked by “{unknown[0]}”. It can be by: {', '.join(known)}.")


def page_number() -> int:
    """Return the number of the page of a list that is asked for; raises UsageError for anything else."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise UsageError(f"page is a number from 1, not “{text}”.")
    return int(text)


def thing(kind: str, name: str, page: Callable[[Site, str], str | BaseResponse]) -> BaseResponse:
    """Return the page of a thing, which `page` makes from its IRI, or its data, as suffix or Accept header say."""
    shown = site()
    stem, dot, suffix = name.rpartition(".")
    form = by_suffix(suffix) if dot else None
    if form in protocol.GRAPH_FORMATS and form is not None:
        return data(shown, _iri(shown, kind, stem), form)
    iri = _iri(shown, kind, name)
    accept = request.headers.get("Accept")
    if not protocol.prefers_html(accept, protocol.GRAPH_FORMATS, default=True):
        wanted = protocol.negotiate(accept, protocol.GRAPH_FORMATS)
        if wanted is None:
            kinds = ", ".join(each.media_type for each in protocol.GRAPH_FORMATS)
            raise protocol.NotAcceptableError(f"A thing is given as text/html, {kinds}; the request takes none.")
        return data(shown, iri, wanted)
    made = page(shown, iri)
    if not isinstance(made, str) and made.status_code != 200:
        return made
    response = Response(made) if isinstance(made, str) else made
    response.headers["Vary"] = "Accept"
    path = shown.path(iri)
    alternates = ((f"{path}.{each.suffix}", {"rel": "alternate", "type": each.media_type}) for each in _FORMATS)
    known = signposts.of_thing(described.description(shown), iri, path or "")
    response.headers["Link"] = signposts.header((*known, *alternates))
    return response


def _iri(site: Site, kind: str, name: str) -> str:
    try:
        return checked(f"{site.build().base}{kind}/{name}")
    except ValueError:
        raise NotFoundError(f"Nothing stands at /{kind}/{name}.") from None


def several(site: Site, page: str, iris: Sequence[str], form: Format) -> bytes:
    """Return the graph of a page's query over many things: asked for in batches, so that no one query is too long."""
    base, found = site.build().base, []
    for start in range(0, len(iris), _BATCH):
        text = site.pages[page].filled(base, values=iris[start : start + _BATCH])
        with site.engine.query(text, graph="ntriples", reserved=True) as answer:
            found.append(answer.read())
    return export.reserialise(b"".join(found), form.key, base)


def data(site: Site, iri: str, form: Format) -> Response:
    """Return the data of one thing in one format; raises NotFoundError where there is none."""
    with site.graph("data", iri, "ntriples") as probe:
        if probe.size == 0:
            raise NotFoundError(f"Nothing stands at {iri}.")
    with site.graph("data", iri, form.key) as answer:
        charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
        response = Response(answer.read(), content_type=form.media_type + charset)
    response.headers["Vary"] = "Accept"
    response.headers["Link"] = signposts.header(signposts.of_data(described.description(site), iri))
    return response
