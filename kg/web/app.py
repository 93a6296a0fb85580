"""Makes the web application: routes, security headers, and errors as pages or as data."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from kg import __version__, protocol
from kg.errors import AscribeError, LimitError, NotFoundError, QueryError
from kg.formats import RESULT_FORMATS
from kg.store.engine import ASKER, Asker
from kg.web import completion, delivery, endpoint, files, graphs, queries, service, watch
from kg.web.delivery import Terms
from kg.web.models import ErrorPage, Link
from kg.web.nearby import nearby
from kg.web.pages import BLUEPRINTS
from kg.web.pages.description import structured
from kg.web.requests import REQUEST
from kg.web.shelf import Shelf
from kg.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint

    from kg.config import Config, Limits
    from kg.store.engine import Engine

_DATA = (  # beginnings of addresses that programs ask, not browsers
    "/sparql", "/data", "/graph/", "/health", "/metrics", "/openapi.json", "/.well-known/", "/linkset.json",
)  # fmt: skip
NAVIGATION = (  # name, address, and the beginnings of the addresses that belong to it
    ("Claims", "/claims", ("/claims/", "/claim/")),
    ("Who and what", "/actor", ("/actor/", "/place", "/agreement", "/event", "/thing", "/topic")),
    ("Sources", "/source", ("/source/", "/section/", "/passage/", "/reference/", "/work")),
    ("Graph", "/graph", ("/network",)),
    ("Map", "/map", ("/map",)),
    ("Timeline", "/timeline", ("/timeline",)),
    ("Figures", "/figures", ("/figures",)),
    ("Questions", "/questions", ("/questions/",)),
    ("SPARQL", "/sparql", ("/sparql",)),
)
_LONG = 2000  # characters of an error's message
_ADVICE = (
    Link("Search for it", "/search"),
    Link("Begin at the overview", "/"),
    Link("Ask in SPARQL", "/sparql"),
)


def create_app(config: Config, engine: Engine) -> Flask:
    """Return the application that shows the build which `engine` serves; the query files are read from `config`."""
    site = Site(engine, queries.read_all(config.queries / "pages"), queries.read_all(config.queries / "examples"))
    app = _app(site, config.limits, BLUEPRINTS)
    app.extensions["shelf"] = Shelf(config.texts)
    app.jinja_env.globals["structured"] = structured
    return app


def create_files_app(engine: Engine, limits: Limits) -> Flask:
    """Return the application that serves RDF files: the endpoint, whole graphs, and a plain overview."""
    app = _app(files.PlainSite(engine, {}, {}), limits, (files.blueprint,))
    app.jinja_env.globals["layout"] = "plain.html"
    return app


def _app(site: Site, limits: Limits, own: Sequence[Blueprint]) -> Flask:
    """Return the application with the endpoint and the addresses of its own."""
    app = Flask(__name__)
    app.config["QUERY_BYTES"] = limits.query_bytes
    app.config["QUERY_SECONDS"] = limits.timeout
    app.config["QUERY_THREADS"] = limits.queue + 2 * limits.workers  # that queries may hold at once
    app.config["MAX_CONTENT_LENGTH"] = 4 * limits.query_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * limits.query_bytes
    app.jinja_env.globals["navigation"] = NAVIGATION
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["ascribe"] = site
    watching = watch.Watch(site.engine)
    app.extensions["watch"] = watching
    app.before_request(_begin)
    app.before_request(watching.begin)
    app.before_request(_refuse)
    app.before_request(_unchanged)
    for blueprint in (*own, endpoint.blueprint, completion.blueprint, graphs.blueprint, service.blueprint):
        app.register_blueprint(blueprint)
    app.register_error_handler(AscribeError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)
    app.after_request(watching.end)  # the last one is called first
    app.after_request(delivery.compress)
    app.after_request(_mark)
    app.after_request(_secure)
    app.teardown_request(_end)
    return app


def _begin() -> None:
    """Say for whom this thread asks the engine until the request ends, so that all its answers are from one build."""
    ASKER.set(Asker(watch.client(request.remote_addr)))


def _refuse() -> None:
    """Raise what went wrong with a request before it came here, so that it is worded as any error."""
    came = request.environ.get(REQUEST)
    if came is not None:
        g.began, g.query = came.began, came.query
        if came.wrong is not None:
            raise came.wrong


def _end(_error: BaseException | None) -> None:
    ASKER.set(None)


def _page_tag() -> str:
    """Return the entity tag of the page that is asked for: what it is made from is the build, the program, and
    which texts it shows.
    """
    site: Site = current_app.extensions["ascribe"]
    shelf: Shelf | None = current_app.extensions.get("shelf")
    shown = shelf.sources if shelf is not None else ()
    return delivery.tag(site.build().digest, _edition(), shown, request.full_path, request.headers.get("Accept"))


@lru_cache(maxsize=1)
def _edition() -> str:
    """Return a digest of the program: its version, and its files as they are, for whoever changes them."""
    here = Path(__file__).parent
    files = sorted([*here.rglob("*.py"), *here.rglob("*.html"), *(here.parent.parent / "queries").rglob("*.rq")])
    found = hashlib.sha256(__version__.encode())
    for path in files:
        found.update(path.read_bytes())
    return found.hexdigest()


def _unchanged() -> Response | None:
    """Return 304 where a browser has the page already: only who was given its tag can name it."""
    terms = Terms.here()
    if terms.known is None or request.path.startswith(_DATA) or not delivery.is_known(_page_tag(), terms):
        return None
    return Response(status=304, headers={"ETag": f'W/"{_page_tag()}"', "Vary": "Accept, Accept-Encoding"})


def _mark(response: Response) -> Response:
    """Tag a page, so that it need not be sent again to who has it."""
    own = request.method in ("GET", "HEAD") and not request.path.startswith(_DATA) and "ETag" not in response.headers
    if own and response.status_code == 200 and response.mimetype == protocol.HTML and not _is_private(response):
        response.set_etag(_page_tag(), weak=True)
        response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _is_private(response: Response) -> bool:
    return bool(response.cache_control.no_store)


def _secure(response: Response) -> Response:
    """Add the headers that every answer carries; data may be read from any origin, pages may not."""
    response.headers.extend(delivery.HEADERS)
    response.headers.setdefault("Cache-Control", "no-store" if response.status_code >= 400 else "no-cache")
    if request.path.startswith(_DATA):
        response.vary.add("Accept")
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    if response.mimetype != protocol.HTML or request.method == "OPTIONS":
        for name, value in delivery.OPEN.items():
            response.headers.setdefault(name, value)
    return response


def _known(error: AscribeError) -> Response:
    watch.failed(error)
    fault = error if isinstance(error, QueryError) else None
    response = _error(error.status, error.title, fault.message if fault else str(error), fault)
    if isinstance(error, LimitError) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, protocol.MethodError):
        response.headers["Allow"] = ", ".join(error.allowed)
    return response


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # a redirect of the router
        response = error.get_response()
        return Response(response.get_data(), error.code, dict(response.headers))
    if error.code == 404:
        return _known(NotFoundError(f"Nothing stands at {request.path}."))
    response = _error(error.code, error.name, str(error.description))
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unknown(error: Exception) -> Response:
    current_app.logger.error("unexpected error at %s", request.path, exc_info=error)
    return _error(500, "Something went wrong here", "The fault is on this side and has been logged. Try again later.")


def _error(status: int, title: str, message: str, fault: QueryError | None = None) -> Response:
    """Return an error as a page, as problem+json or as plain text, as the client likes."""
    accept = request.headers.get("Accept")
    data = request.path.startswith(_DATA)
    message = message if len(message) <= _LONG else f"{message[:_LONG]}…"  # it may have what the client sent in it
    if protocol.prefers_html(accept, (*RESULT_FORMATS, *protocol.GRAPH_FORMATS), default=not data):
        site: Site = current_app.extensions["ascribe"]
        near = nearby(site, request.path) if status == NotFoundError.status else ()
        page = ErrorPage(status, title, message.replace(site.build().base or "\0", "/"), _ADVICE, near)
        return Response(render_template("error.html", page=page), status)
    if any("json" in media for media, weight in protocol.accepted(accept) if weight > 0):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message}
        if fault is not None:
            more = {"line": fault.line, "column": fault.column, "excerpt": fault.excerpt, "hint": fault.hint}
            problem |= {name: value for name, value in more.items() if value}
        response = jsonify(problem)
        response.status_code = status
        response.content_type = "application/problem+json"
        return response
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    shown = str(fault) if fault is not None else message
    return Response(f"{status} {phrase}\n{title}: {shown}\n", status, content_type="text/plain; charset=utf-8")
