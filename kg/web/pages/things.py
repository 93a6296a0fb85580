"""The routes of all pages: each reads one page and shows it, or gives the data of the thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request

from kg import protocol
from kg.errors import NotFoundError, UsageError
from kg.formats import by_suffix
from kg.vocab import KINDS
from kg.web import claims, things, whole
from kg.web.queries import checked

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.formats import Format
    from kg.web.site import Site

blueprint = Blueprint("pages", __name__)
_ENTITIES = ("actor", "place", "agreement", "event", "thing", "topic")


def _site() -> Site:
    site: Site = current_app.extensions["ascribe"]
    return site


def _number() -> int:
    """Return the number of the page of a list that is asked for."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise UsageError(f"page is a number from 1, not “{text}”.")
    return int(text)


@blueprint.get("/")
def overview() -> str:
    """Show what this is, how much it holds and where to begin."""
    return render_template("overview.html", page=whole.overview_page(_site()))


@blueprint.get("/search")
def search() -> str:
    """Show what is found for some words."""
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise UsageError(f"There is no kind “{kind}”. Kinds are: {', '.join(KINDS)}.")
    words = request.args.get("q", "").strip()
    return render_template("search.html", page=whole.search_page(_site(), words, kind, _number()))


@blueprint.get("/ontology")
def ontology() -> str:
    """Show the terms of the ontology."""
    return render_template("ontology.html", page=whole.ontology_page(_site()))


@blueprint.get("/health")
def health() -> Response:
    """Say whether a query is answered now, and from which build."""
    build = _site().build()
    with _site().engine.query("ASK { FILTER(NOW() = NOW()) }", timeout=5, reserved=True):  # never a kept answer
        return jsonify(status="ok", digest=build.digest, base=build.base)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset in VoID."""
    build = _site().build()
    counts = [row["count"].value for row in _site().rows("counts") if row["class"].value.endswith("#Claim")]
    root = request.url_root
    text = render_template("void.ttl", build=build, root=root, claims=counts[0] if counts else None)
    return Response(text, content_type="text/turtle; charset=utf-8")


@blueprint.get("/<any(actor,place,agreement,event,thing,topic,work,source):kind>")
def of_kind(kind: str) -> str:
    """Show all things of one kind."""
    return render_template("kind.html", page=whole.kind_page(_site(), kind, _number()))


@blueprint.get(f"/<any({','.join(KINDS)}):kind>/<path:name>")
def thing(kind: str, name: str) -> BaseResponse:
    """Show one thing, or give its data, as the suffix or the Accept header says."""
    site = _site()
    stem, dot, suffix = name.rpartition(".")
    form = by_suffix(suffix) if dot else None
    if form in protocol.GRAPH_FORMATS and form is not None:
        return _data(site, _iri(site, kind, stem), form)
    iri = _iri(site, kind, name)
    accept = request.headers.get("Accept")
    if not protocol.prefers_html(accept, protocol.GRAPH_FORMATS, default=True):
        wanted = protocol.negotiate(accept, protocol.GRAPH_FORMATS)
        if wanted is None:
            kinds = ", ".join(each.media_type for each in protocol.GRAPH_FORMATS)
            raise protocol.NotAcceptableError(f"A thing is given as text/html, {kinds}; the request takes none.")
        return _data(site, iri, wanted)
    return _page(site, kind, iri)


def _iri(site: Site, kind: str, name: str) -> str:
    try:
        return checked(f"{site.build().base}{kind}/{name}")
    except ValueError:
        raise NotFoundError(f"Nothing stands at /{kind}/{name}.") from None


def _page(site: Site, kind: str, iri: str) -> BaseResponse:
    if kind in ("statement", "figure"):
        return _to_owner(site, kind, iri)
    page: object
    if kind in _ENTITIES:
        template, page = "entity", things.entity_page(site, iri, request.args.get("show"), _number())
    elif kind == "claim":
        template, page = "claim", claims.claim_page(site, iri)
    elif kind == "work":
        template, page = "work", things.work_page(site, iri, _number())
    elif kind == "source":
        template, page = "source", things.source_page(site, iri, _number())
    elif kind == "section":
        template, page = "section", things.section_page(site, iri, _number())
    elif kind == "passage":
        template, page = "passage", things.passage_page(site, iri, _number())
    elif kind == "reference":
        template, page = "reference", things.reference_page(site, iri, _number())
    else:
        abort(404)
    response = Response(render_template(f"{template}.html", page=page))
    response.headers["Vary"] = "Accept"
    path = site.path(iri)
    response.headers["Link"] = ", ".join(
        f'<{path}.{each.suffix}>; rel="alternate"; type="{each.media_type}"' for each in protocol.GRAPH_FORMATS
    )
    return response


def _to_owner(site: Site, kind: str, iri: str) -> BaseResponse:
    """Lead from a statement or figure to its place on the page of its claim."""
    owner = next((row["owner"].value for row in site.rows("owner", iri)), None)
    if owner is None:
        raise NotFoundError(f"Nothing stands at {iri}.")
    return redirect(f"{site.path(owner)}#{kind}-{iri.rsplit('/', 1)[-1]}", code=303)


def _data(site: Site, iri: str, form: Format) -> Response:
    """Return the data of one thing in one format."""
    with site.graph("data", iri, "ntriples") as probe:
        if probe.size == 0:
            raise NotFoundError(f"Nothing stands at {iri}.")
    with site.graph("data", iri, form.key) as answer:
        charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
        response = Response(answer.read(), content_type=form.media_type + charset)
    response.headers["Vary"] = "Accept"
    response.headers["Link"] = f'<{iri}>; rel="describes"'
    return response
