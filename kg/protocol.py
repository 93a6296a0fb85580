"""The SPARQL 1.1 Protocol without input or output: the parts of a request in, a query or a typed error out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from kg.errors import AscribeError, ForbiddenError, QueryError, UsageError
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format, by_key, by_suffix
from kg.store.syntax import Form, scan

if TYPE_CHECKING:
    from collections.abc import Sequence

QUERY_TYPE, UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
HTML = "text/html"
PROBLEM = "application/problem+json"
GRAPH_FORMATS = tuple(each for each in RDF_FORMATS if each.key in ("turtle", "ntriples", "rdfxml", "jsonld"))
_USUAL = 300  # characters up to which an Accept header is one that will come again
_ALIASES = {  # media types that clients ask for besides the registered ones
    "application/json": ("json", "jsonld"),
    "application/xml": ("xml", "rdfxml"),
    "text/xml": ("xml", "rdfxml"),
    "text/plain": ("ntriples",),
    "application/x-turtle": ("turtle",),
    "text/turtle": ("turtle",),
}


class MethodError(AscribeError):
    """Says that an address does not take this method, and which it takes."""

    status = 405
    title = "Method not allowed"

    def __init__(self, message: str, allowed: Sequence[str] = METHODS) -> None:
        self.allowed = tuple(allowed)
        super().__init__(message)


class NotAcceptableError(AscribeError):
    """Says that none of the formats that a client takes can be had here."""

    status = 406
    title = "Not acceptable"


class TooLongError(AscribeError):
    """Says that a request is larger than is taken."""

    status = 413
    title = "The request is too long"


class MediaTypeError(AscribeError):
    """Says that a request's body is of a kind that is not read."""

    status = 415
    title = "Unsupported media type"


@dataclass(frozen=True, slots=True)
class Query:
    """Holds what a request asks: the query, its form, the dataset it names, a format by name, a lower time limit."""

    text: str
    form: Form | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout: float | None = None

    @property
    def is_graph(self) -> bool:
        """Return whether the answer is a graph and no table."""
        return self.form in ("construct", "describe")


def read_request(
    method: str, content_type: str | None, query_string: str, body: bytes = b"", limit: int = 2**20
) -> Query | None:
    """Return the query that a request puts, or None for a GET that puts none; raises a typed error for a bad request.

    `limit` is the most bytes that a query may have.
    """
    if method not in ("GET", "HEAD", "POST"):
        raise MethodError(f"{method} is not taken here; use GET or POST.")
    if len(body) > 4 * limit or len(query_string) > 4 * limit:
        raise TooLongError(f"A query may have at most {limit:,} bytes.")
    parameters = _pairs(query_string)
    texts = _posted(content_type, body, parameters) if method == "POST" else []
    texts += [value for name, value in parameters if name == "query"]
    if any(name == "update" for name, _ in parameters):
        raise _no_updates()
    if len(texts) > 1:
        raise UsageError(f"The request has {len(texts)} queries; send one at a time.")
    if not texts:
        if method == "POST":
            raise UsageError("The request has no query: put it in the field “query”.")
        return None
    if len(texts[0].encode("utf-8", "replace")) > limit:
        raise TooLongError(f"A query may have at most {limit:,} bytes.")
    return _query(texts[0], parameters)


def _posted(content_type: str | None, body: bytes, parameters: list[tuple[str, str]]) -> list[str]:
    """Return the queries that stand in a body as they are, and add the fields of a form to the parameters."""
    media, charset = _content_type(content_type)
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise MediaTypeError(f"The body has to be in UTF-8, not {charset}.")
    if media == UPDATE_TYPE:
        raise _no_updates()
    if media == QUERY_TYPE:
        return [_utf8(body)]
    if media == FORM_TYPE:
        parameters += _pairs(_utf8(body))
        return []
    raise MediaTypeError(
        f"The body is {media or 'of no stated type'}; send {QUERY_TYPE}, or {FORM_TYPE} with the field “query”."
    )


def choose(query: Query, accept: str | None) -> Format:
    """Return the format to answer in, by the `format` parameter, else by Accept; raises NotAcceptableError."""
    offered = GRAPH_FORMATS if query.is_graph else RESULT_FORMATS
    if query.format:
        return named(query.format, offered)
    found = negotiate(accept, offered)
    if found is None and any(media == PROBLEM and weight > 0 for media, weight in accepted(accept)):
        return offered[0]  # who names nothing but the form of errors leaves that of answers open
    if found is None:
        kinds = ", ".join(each.media_type for each in offered)
        raise NotAcceptableError(f"{(query.form or 'query').upper()} is answered in {kinds}; the request takes none.")
    return found


def named(name: str, offered: Sequence[Format]) -> Format:
    """Return the offered format with this key, suffix, media type or alias; raises NotAcceptableError."""
    for each in offered:
        if name.lower() in (each.key, each.suffix, each.media_type) or each.key in _ALIASES.get(name.lower(), ()):
            return each
    known = by_key(name) or by_suffix(name)
    what = f"{known.label} cannot carry this answer" if known else f"There is no format “{name}”"
    raise NotAcceptableError(f"{what}. Use one of: {', '.join(each.key for each in offered)}.")


def accepted(accept: str | None) -> list[tuple[str, float]]:
    """Return the media ranges of an Accept header with their weights; a malformed weight counts as refused."""
    accept = accept or ""
    return list(_usual(accept) if len(accept) < _USUAL else _ranges(accept))


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(","):
        media, *parameters = [piece.strip().lower() for piece in part.split(";")]
        if "/" not in media and media != "*":
            continue
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value)
        ranges.append(("*/*" if media == "*" else media, weight))
    return ranges


_usual = lru_cache(maxsize=128)(_ranges)


def described(accept: str | None, wanted: str | None) -> Format:
    """Return the format in which a request without a query takes the description of the service.

    Raises UsageError where it takes results only, for those need a query.
    """
    if wanted:
        return named(wanted, GRAPH_FORMATS)
    found = negotiate(accept, GRAPH_FORMATS)
    if found is None:
        raise UsageError("There is no query. Send one as the parameter “query”, or open this address in a browser.")
    return found


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """Return the offered format that the client likes best (the first of equals), or None where it takes none."""
    ranges = accepted(accept)
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda each: _liking(ranges, each))  # max keeps the first of equals
    return best if _liking(ranges, best) > 0 else None


def prefers_html(accept: str | None, offered: Sequence[Format], default: bool = False) -> bool:
    """Return whether a client names HTML and likes no offered data format better; `default` where it says nothing."""
    ranges = accepted(accept)
    if not ranges or all(media == "*/*" for media, _ in ranges):
        return default
    weights = [weight for media, weight in ranges if media in (HTML, "application/xhtml+xml", "text/*")]
    if not weights:
        return False
    named_data = [_liking([each for each in ranges if each[0] != "*/*"], form) for form in offered]
    return max(weights) > 0 and max(weights) >= max(named_data, default=0.0)


def _liking(ranges: list[tuple[str, float]], offered: Format) -> float:
    """Return the weight that the most specific matching range gives a format; 0 where none matches."""
    best: tuple[int, float] = (0, 0.0)
    for media, weight in ranges:
        if media == offered.media_type:
            rank = 4
        elif offered.key in _ALIASES.get(media, ()):
            rank = 3
        elif media.endswith("/*") and offered.media_type.startswith(media[:-1]):
            rank = 2
        elif media == "*/*":
            rank = 1
        else:
            continue
        best = max(best, (rank, weight))
    return best[1]


def _weight(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0.0 <= value <= 1.0 else 0.0


def _content_type(header: str | None) -> tuple[str, str]:
    """Return (media type, charset) of a Content-Type header, in lower case, empty where not stated."""
    media, *parameters = [piece.strip().lower() for piece in (header or "").split(";")]
    charset = next((piece.partition("=")[2].strip('" ') for piece in parameters if piece.startswith("charset=")), "")
    return media, charset


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise UsageError("The parameters are not UTF-8.") from error
    except ValueError as error:
        raise UsageError("The request has more than 1,000 parameters.") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"The body is not UTF-8 (byte {error.start}).") from error


def _no_updates() -> ForbiddenError:
    return ForbiddenError(
        "Updates are not allowed: the graph is made from the curated files below data/. "
        "Change those and run `kg build`."
    )


def _query(text: str, parameters: list[tuple[str, str]]) -> Query:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name and value)

    form = scan(text).form
    if form == "update":
        raise _no_updates()
    if not text.strip():
        raise QueryError("The query is empty. Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    timeout = next(iter(values("timeout")), None)
    try:
        seconds = None if timeout is None else float(timeout)
    except ValueError as error:
        raise UsageError(f"timeout is in seconds, not “{timeout}”.") from error
    if seconds is not None and not 0 < seconds < 1e9:
        raise UsageError("timeout has to be more than 0 seconds.")
    return Query(
        text,
        form,
        values("default-graph-uri"),
        values("named-graph-uri"),
        next(iter(values("format")), None),
        seconds,
    )
