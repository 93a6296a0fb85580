"""The SPARQL endpoint and its editor: a thin adapter around :mod:`kg.protocol`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from kg import protocol
from kg.errors import AscribeError, LimitError, NotFoundError, QueryError
from kg.formats import RESULT_FORMATS
from kg.store import description
from kg.store.layout import MERGED
from kg.store.syntax import scan
from kg.web import rows, watch
from kg.web.citing import tools
from kg.web.delivery import Terms
from kg.web.direct import OFFERED, Question
from kg.web.models import Link, SparqlPage
from kg.web.pages.questions import themes

if TYPE_CHECKING:
    from kg.formats import Format
    from kg.protocol import Query
    from kg.store.engine import Answer
    from kg.web.models import Tools
    from kg.web.rows import Term
    from kg.web.site import Site

ROWS = 500  # rows that the table in the browser shows; the formats beside it hold all
TEXT = 200_000  # characters of a graph that the page shows
blueprint = Blueprint("endpoint", __name__)


@blueprint.route(
    "/sparql",
    methods=["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"],
    strict_slashes=False,
    provide_automatic_options=False,
)
def sparql() -> Response:
    """Answer a query; without one, show the editor to a browser and describe the service to a program."""
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": ", ".join(protocol.METHODS)})
    site: Site = current_app.extensions["ascribe"]
    accept = request.headers.get("Accept")
    html = protocol.prefers_html(accept, OFFERED) and not request.values.get("format")
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
            return _opened(site, request.args.get("example", ""))
        return _description(site, protocol.described(accept, request.args.get("format")))
    if html and request.args.get("edit"):
        return _editor(site, query.text)
    watch.asked(query.text)
    if html:
        return _page(site, query)
    return _data(site, query, accept)


def _ask(site: Site, question: Question) -> Answer:
    answer = site.engine.query(**question.asked())
    watch.answered(answer)
    return answer


def _data(site: Site, query: Query, accept: str | None) -> Response:
    """Return the answer in the format that the client chose."""
    question = Question(query, accept, Terms.here())
    if (same := question.unchanged(site.build().digest)) is not None:
        return same.response()
    return question.reply(_ask(site, question)).response()


def _description(site: Site, form: Format) -> Response:
    """Return what programs can know of the service: formats, graphs, prefixes, example queries."""
    build = site.build()
    examples = (
        description.Example(
            each.name,
            scan(each.text).form or "select",
            each.title,
            each.description,
            each.tags,
            each.filled(build.base),
        )
        for each in site.examples.values()
    )
    quads = build.facts.get("quads")
    graphs = build.facts.get("graphs", [f"{build.base}{name}" for name in MERGED])
    content = description.describe(
        f"{request.url_root}sparql",
        build.prefixes,
        examples,
        graphs,
        quads if isinstance(quads, int) else None,
        form.key,
    )
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    return Response(content, content_type=form.media_type + charset, headers={"Vary": "Accept"})


def _opened(site: Site, name: str) -> Response:
    """Return the editor with the question of a name in it, or with a first one; raises NotFoundError."""
    if not name:
        return _editor(site, site.opening())
    asked = site.examples.get(name)
    if asked is None:
        raise NotFoundError(f"There is no question “{name}”. All of them stand in the menu at /sparql.")
    return _editor(site, asked.filled(site.build().base), example=name)


def _editor(site: Site, query: str, error: AscribeError | None = None, example: str = "") -> Response:
    """Return the editor with a query in it, and what is wrong with that."""
    if error is not None:
        watch.failed(error)
    fault = error if isinstance(error, QueryError) else None
    page = SparqlPage(
        query,
        fault.message if fault else str(error or ""),
        error.title if error else "",
        themes=_menu(site),
        example=example,
        excerpt=fault.excerpt if fault else "",
        place=(fault.line, fault.column or 1) if fault and fault.line else None,
        hint=fault.hint if fault else "",
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
        with _ask(site, Question(replace(query, format=None), None, Terms.here())) as answer:
            data, kind, seconds, because = answer.read(), answer.kind, answer.seconds, answer.because
    except AscribeError as error:
        return _editor(site, query.text, error)
    formats = protocol.GRAPH_FORMATS if query.is_graph else RESULT_FORMATS
    downloads = tuple(
        Link(each.label, f"/sparql?{urlencode({'query': query.text, 'format': each.key})}") for each in formats
    )
    if kind == "graph":
        text = data.decode("utf-8")
        page = SparqlPage(query.text, graph=text[:TEXT], cut=len(text) > TEXT, seconds=seconds)
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
            because=because,
        )
    address = f"/sparql?{urlencode({'query': query.text})}"
    page = replace(
        page,
        themes=_menu(site),
        downloads=downloads,
        link=address,
        tools=_tools(site, address) if "dataset" in site.build().facts else None,
    )
    response = Response(render_template("sparql.html", page=page))
    response.headers["Vary"] = "Accept"
    return response


def _menu(site: Site) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the questions by theme: name of the theme, and name and title of each of its questions."""
    return tuple(
        (each.name, tuple(((link.href or "").rsplit("/", 1)[-1], link.label) for link in each.questions))
        for each in themes(site)
    )


def _tools(site: Site, address: str) -> Tools:
    whole = f"{site.build().base.rstrip('/')}{address}"
    return tools(site, (), address, whole, "Answer to a SPARQL query", "Answer to a SPARQL query.")


def _cell(site: Site, term: Term | None) -> Link | None:
    """Return a term as it is shown, with its IRI to be read on hover."""
    if term is None:
        return None
    return replace(site.link(term), iri=term.value) if term.is_iri else site.link(term)
