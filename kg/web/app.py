"""Makes the web application: routes, security headers, and errors as pages or as data."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from kg import protocol
from kg.errors import AscribeError, LimitError, NotFoundError
from kg.formats import RESULT_FORMATS
from kg.web import endpoint, pages, queries
from kg.web.models import ErrorPage, Link
from kg.web.site import Site

if TYPE_CHECKING:
    from kg.config import Config
    from kg.store.engine import Engine

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ADVICE = (
    Link("Search for it", "/search"),
    Link("Begin at the overview", "/"),
    Link("Ask in SPARQL", "/sparql"),
)


def create_app(config: Config, engine: Engine) -> Flask:
    """Return the application that shows the build which `engine` serves; the query files are read from `config`."""
    app = Flask(__name__)
    app.config["QUERY_BYTES"] = config.limits.query_bytes
    app.config["MAX_CONTENT_LENGTH"] = 4 * config.limits.query_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * config.limits.query_bytes
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["ascribe"] = Site(
        engine, queries.read_all(config.queries / "pages"), queries.read_all(config.queries / "examples")
    )
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(endpoint.blueprint)
    app.register_error_handler(AscribeError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    """Add the headers that every answer carries; data may be read from any origin, pages may not."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype != protocol.HTML:
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response


def _known(error: AscribeError) -> Response:
    response = _error(error.status, error.title, str(error))
    if isinstance(error, LimitError) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, protocol.MethodError):
        response.headers["Allow"] = ", ".join(protocol.METHODS)
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
    from flask import current_app

    current_app.logger.error("unexpected error at %s", request.path, exc_info=error)
    return _error(500, "Something went wrong here", "The fault is on this side and has been logged. Try again later.")


def _error(status: int, title: str, message: str) -> Response:
    """Return an error as a page, as problem+json or as plain text, as the client likes."""
    accept = request.headers.get("Accept")
    data = request.path == "/sparql" or request.path == "/health" or request.path.startswith("/.well-known/")
    if protocol.prefers_html(accept, (*RESULT_FORMATS, *protocol.GRAPH_FORMATS), default=not data):
        page = ErrorPage(status, title, message, _ADVICE)
        return Response(render_template("error.html", page=page), status)
    if any("json" in media for media, weight in protocol.accepted(accept) if weight > 0):
        response = jsonify(type="about:blank", title=title, status=status, detail=message)
        response.status_code = status
        response.content_type = "application/problem+json"
        return response
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return Response(f"{status} {phrase}\n{title}: {message}\n", status, content_type="text/plain; charset=utf-8")
