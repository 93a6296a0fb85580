"""The SPARQL endpoint and its editor: a thin adapter around :mod:`kg.protocol`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from kg import protocol, vocab
from kg.errors import AscribeError, LimitError, QueryError, UsageError
from kg.formats import RESULT_FORMATS, by_key
from kg.web import rows
from kg.web.models import Link, SparqlPage
from kg.web.whole import questions

if TYPE_CHECKING:
    from kg.protocol import Query
    from kg.store.engine import Answer
    from kg.web.rows import Term
    from kg.web.site import Site

ROWS = 500  # rows that the table in the browser shows; the formats beside it hold all
TEXT = 200_000  # characters of a graph that the page shows
blueprint = Blueprint("endpoint", __name__)


@blueprint.route("/sparql", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def sparql() -> Response:
    """Answer a query, or show the editor to a browser."""
    site: Site = current_app.extensions["ascribe"]
    offered = (*RESULT_FORMATS, *protocol.GRAPH_FORMATS)
    accept = request.headers.get("Accept")
    html = protocol.prefers_html(accept, offered) and not request.values.get("format")
    limit = current_app.config["QUERY_BYTES"]
    body = request.get_data(cache=True)
    try:
        query = protocol.read_request(
            request.method, request.headers.get("Content-Type"), request.query_string.decode("latin-1"), body, limit
        )
    except AscribeError as error:
        if html and not isinstance(error, protocol.MethodError):
            return _editor(site, request.values.get("query", ""), error)
        raise
    if query is None:
        if html:
            return _editor(site, _template(site))
        raise UsageError("There is no query. Send one as the parameter “query”, or open this address in a browser.")
    if html and request.args.get("edit"):
        return _editor(site, query.text)
    if html:
        return _page(site, query)
    return _data(site, query, accept)


def _ask(site: Site, query: Query, form: str) -> Answer:
    return site.engine.query(
        query.text,
        table="json" if query.is_graph else form,
        graph=form if query.is_graph else "turtle",
        default_graphs=query.default_graphs,
        named_graphs=query.named_graphs,
        timeout=query.timeout,
    )


def _data(site: Site, query: Query, accept: str | None) -> Response:
    """Return the answer in the format that the client chose."""
    form = protocol.choose(query, accept)
    answer = _ask(site, query, form.key)
    given = by_key(answer.format)
    media = given.media_type if given else "application/octet-stream"
    response = Response(answer.chunks(), content_type=f"{media}; charset=utf-8" if media.startswith("text/") else media)
    response.content_length = answer.size
    response.headers["Vary"] = "Accept"
    response.call_on_close(answer.close)
    return response


def _editor(site: Site, query: str, error: AscribeError | None = None) -> Response:
    """Return the editor with a query in it, and what is wrong with that."""
    page = SparqlPage(
        query,
        str(error) if error else "",
        error.title if error else "",
        questions=questions(site),
    )
    response = Response(render_template("sparql.html", page=page), status=error.status if error else 200)
    if isinstance(error, LimitError) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    response.headers["Vary"] = "Accept"
    return response


def _page(site: Site, query: Query) -> Response:
    """Return the editor with the answer below it."""
    if query.form is None:
        return _editor(site, query.text, QueryError("A query needs SELECT, ASK, CONSTRUCT or DESCRIBE."))
    try:
        with _ask(site, query, "turtle" if query.is_graph else "json") as answer:
            data, kind, seconds = answer.read(), answer.kind, answer.seconds
    except AscribeError as error:
        return _editor(site, query.text, error)
    formats = protocol.GRAPH_FORMATS if query.is_graph else RESULT_FORMATS
    downloads = tuple(
        Link(each.label, f"/sparql?{urlencode({'query': query.text, 'format': each.key})}") for each in formats
    )
    if kind == "graph":
        text = data.decode("utf-8")
        page = SparqlPage(query.text, graph=text[:TEXT], cut=len(text) > TEXT, seconds=seconds, downloads=downloads)
    else:
        table = rows.read(data)
        shown = table.rows[:ROWS]
        site.learn(term.value for row in shown for term in row.values() if term.is_iri)
        cells = tuple(tuple(_cell(site, row.get(name)) for name in table.variables) for row in shown)
        page = SparqlPage(
            query.text,
            variables=table.variables,
            rows=cells,
            total=len(table.rows),
            truth=table.truth,
            cut=len(table.rows) > ROWS,
            seconds=seconds,
            downloads=downloads,
        )
    response = Response(render_template("sparql.html", page=page))
    response.headers["Vary"] = "Accept"
    return response


def _cell(site: Site, term: Term | None) -> Link | None:
    return None if term is None else site.link(term)


def _template(site: Site) -> str:
    """Return the query that the empty editor opens with: all prefixes and a first question."""
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in vocab.prefixes(site.build().base).items()]
    kept = [line for line in lines if line.split()[1] in ("asc:", "rdf:", "skos:", "dcterms:", "actor:", "place:")]
    question = [
        "",
        "# What is claimed, and by whom?",
        "SELECT ?claim ?text ?speaker WHERE {",
        "  ?claim a asc:Claim ;",
        "    asc:text ?text ;",
        "    asc:claimant ?speaker .",
        "}",
        "ORDER BY ?claim",
        "LIMIT 20",
    ]
    return "\n".join([*kept, *question]) + "\n"
