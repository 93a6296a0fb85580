"""The SPARQL protocol without I/O: requests, statuses, formats."""

from urllib.parse import quote, urlencode

import pytest

from kg import protocol
from kg.errors import AscribeError
from kg.formats import RESULT_FORMATS

FORM, DIRECT = protocol.FORM_TYPE, protocol.QUERY_TYPE
ASK = "query=ASK%20%7B%7D"


def status(method: str, kind: str | None, query: str, body: bytes = b"") -> int:
    try:
        protocol.read_request(method, kind, query, body)
    except AscribeError as error:
        return error.status
    return 200


def test_a_query_is_read_from_each_place() -> None:
    expected = "ASK {}"
    for method, kind, query, body in (
        ("GET", None, ASK, b""),
        ("HEAD", None, ASK, b""),
        ("POST", FORM, "", ASK.encode()),
        ("POST", f"{FORM}; charset=UTF-8", "", ASK.encode()),
        ("POST", DIRECT, "", b"ASK {}"),
        ("POST", f"{DIRECT};charset=utf-8", "", b"ASK {}"),
    ):
        found = protocol.read_request(method, kind, query, body)
        assert found is not None
        assert (found.text, found.form) == (expected, "ask")
    assert protocol.read_request("GET", None, "") is None


def test_the_dataset_comes_from_address_and_form() -> None:
    address = urlencode([("default-graph-uri", "http://a"), ("named-graph-uri", "http://n")])
    body = f"{ASK}&default-graph-uri={quote('http://b')}&timeout=2.5&format=csv"
    found = protocol.read_request("POST", FORM, address, body.encode())
    assert found is not None
    assert found.default_graphs == ("http://a", "http://b")
    assert found.named_graphs == ("http://n",)
    assert (found.timeout, found.format) == (2.5, "csv")


@pytest.mark.parametrize(
    ("method", "kind", "query", "body", "expected"),
    [
        ("PUT", None, ASK, b"", 405),
        ("DELETE", None, ASK, b"", 405),
        ("GET", None, f"{ASK}&{ASK}", b"", 400),
        ("POST", FORM, ASK, ASK.encode(), 400),
        ("POST", DIRECT, ASK, b"ASK {}", 400),
        ("POST", FORM, "", b"", 400),
        ("POST", None, "", b"ASK {}", 415),
        ("POST", "text/plain", "", ASK.encode(), 415),
        ("POST", "application/json", "", b"{}", 415),
        ("POST", f"{DIRECT}; charset=utf-16", "", "ASK {}".encode("utf-16"), 415),
        ("POST", DIRECT, "", "ASK { <a:é> ?p ?o }".encode("latin-1"), 400),
        ("POST", FORM, "", b"query=%E9", 400),
        ("POST", protocol.UPDATE_TYPE, "", b"CLEAR ALL", 403),
        ("POST", FORM, "", b"update=CLEAR%20ALL", 403),
        ("GET", None, "update=CLEAR%20ALL", b"", 403),
        ("GET", None, "query=CLEAR%20ALL", b"", 403),
        ("POST", DIRECT, "", b"LOAD <http://x/>", 403),
        ("GET", None, "query=", b"", 400),
        ("GET", None, f"{ASK}&timeout=soon", b"", 400),
        ("GET", None, f"{ASK}&timeout=-1", b"", 400),
        ("GET", None, f"{ASK}&timeout=nan", b"", 400),
        ("POST", DIRECT, "", b" " * (2**20 + 1), 413),
        ("GET", None, "&".join(["a=1"] * 2000), b"", 400),
    ],
)
def test_bad_requests_have_their_status(method: str, kind: str | None, query: str, body: bytes, expected: int) -> None:
    assert status(method, kind, query, body) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml"),
        ("text/csv;q=0.9, text/tab-separated-values;q=0.91", "tsv"),
        ("text/*", "csv"),
        ("text/*;q=0.3, application/*;q=0.2", "csv"),
        ("application/json", "json"),
        ("application/xml", "xml"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("image/png, */*;q=0.1", "json"),
        ("text/csv;q=2, application/xml;q=0.1", "xml"),
        ("text/turtle", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
        ("nonsense", "json"),
    ],
)
def test_the_format_is_what_the_client_likes_best(accept: str | None, expected: str | None) -> None:
    found = protocol.negotiate(accept, RESULT_FORMATS)
    assert (found.key if found else None) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle", "turtle"),
        ("application/ld+json, text/turtle;q=0.9", "jsonld"),
        ("application/json", "jsonld"),
        ("text/plain", "ntriples"),
        ("application/rdf+xml", "rdfxml"),
        (None, "turtle"),
    ],
)
def test_graphs_have_formats_of_their_own(accept: str | None, expected: str) -> None:
    assert protocol.choose(protocol.Query("CONSTRUCT {} {}", "construct"), accept).key == expected


def test_a_format_by_name_wins_and_has_to_fit() -> None:
    table = protocol.Query("SELECT * {}", "select", format="tsv")
    assert protocol.choose(table, "text/csv").key == "tsv"
    for name, expected in (("csv", "csv"), ("application/json", "json"), ("srx", "xml"), ("JSON", "json")):
        assert protocol.named(name, RESULT_FORMATS).key == expected
    with pytest.raises(protocol.NotAcceptableError, match="Turtle cannot carry"):
        protocol.named("turtle", RESULT_FORMATS)
    with pytest.raises(protocol.NotAcceptableError, match="no format “pdf”"):
        protocol.named("pdf", RESULT_FORMATS)
    with pytest.raises(protocol.NotAcceptableError, match="text/csv"):
        protocol.choose(protocol.Query("SELECT * {}", "select"), "image/png")


@pytest.mark.parametrize(
    ("accept", "default", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False, True),
        ("text/html", False, True),
        ("*/*", False, False),
        ("*/*", True, True),
        (None, True, True),
        ("application/sparql-results+json", True, False),
        ("application/json, text/html;q=0.5", True, False),
        ("application/sparql-results+json, */*;q=0.1", True, False),
        ("text/html;q=0, */*", False, False),
    ],
)
def test_a_page_is_for_those_who_like_html(accept: str | None, default: bool, expected: bool) -> None:
    assert protocol.prefers_html(accept, RESULT_FORMATS, default) is expected
