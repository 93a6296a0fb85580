"""Whatever is sent, nothing ends in a 500: made-up requests (hypothesis), and what OpenAPI describes (schemathesis)."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import status_code_conformance

from kg.web import service
from tests.security import corpus
from tests.security.conftest import Target

BOUNDED = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = settings(BOUNDED, max_examples=40)
PIECES = st.sampled_from(
    ["SELECT", "*", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "{", "}", "(", ")", "[", "]", ".", ";", ",", "?x", "?y", "$z", "a",
     "<a:b>", "asc:text", "PREFIX a: <a:>", "BASE <b:>", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "AS", "VALUES", "GRAPH",
     "EXISTS", "NOT", "IN", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "1", "-1", "1e9", "0.5", "true", '"a"', "'b'@en",
     '"""c"""', "COUNT", "SUM", "GROUP_CONCAT", "REPLACE", "REGEX", "IRI", "STRLANG", "NOW()", "/", "|", "^", "+", "!", "=", "<", "&&",
     "FROM", "FROM NAMED", "UNDEF", "_:b", "[]", "DISTINCT", "REDUCED", "# c\n", "\\u0041", "SERVICE", "INSERT DATA", "\x00", "é", "\U0001f4a3"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map(" ".join))
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200).map(str.strip)
GOOD = st.sampled_from(["ASK {}", "SELECT * { ?s ?p ?o } LIMIT 2", "CONSTRUCT WHERE { ?s a ?o }", "DESCRIBE <a:b>"])
PARAMETER = st.sampled_from(
    ["query", "update", "default-graph-uri", "named-graph-uri", "format", "timeout", "edit", "page", "q", "kind", "show", "graph", "default", "x"]
)  # fmt: skip
PATHS = st.sampled_from(
    ["/", "/sparql", "/search", "/ontology", "/actor", "/claim/x", "/actor/northland", "/actor/northland.ttl", "/source/border-2020",
     "/statement/x", "/data", "/graph/inferred", "/health", "/metrics", "/openapi.json", "/.well-known/void", "/static/style.css"]
)  # fmt: skip


@pytest.fixture(scope="module")
def client(target: Target) -> Iterator[httpx.Client]:
    with target.client() as found:
        yield found


def fine(answer: httpx.Response) -> None:
    assert answer.status_code != 500, answer.text
    assert answer.status_code in range(200, 505)
    if "json" in answer.headers.get("Content-Type", "") and answer.content:
        json.loads(answer.content)


@BOUNDED
@given(text=TEXT)
def test_queries(client: httpx.Client, text: str) -> None:
    fine(client.post("/sparql", content=text.encode("utf-8"), headers={"Content-Type": corpus.DIRECT}))
    fine(client.post("/sparql", data={"query": text}, headers={"Accept": "text/html"}))


@BOUNDED
@given(path=PATHS, pairs=st.lists(st.tuples(PARAMETER, st.one_of(TEXT, GOOD)), max_size=5))
def test_parameters(client: httpx.Client, path: str, pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in pairs)
    fine(client.get(f"{path}?{query}"))


@FEW
@given(path=PATHS, query=st.binary(max_size=100))
def test_bytes_after_the_question_mark(client: httpx.Client, path: str, query: bytes) -> None:
    fine(client.get(f"{path}?query={quote(query)}&q={quote(query)}&{quote(query)}"))


@FEW
@given(path=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8"))))
def test_paths(client: httpx.Client, path: bytes) -> None:
    for start in ("/", "/actor/", "/graph/", "/static/"):
        fine(client.get(start + quote(path, safe="")))
        fine(client.get(start + quote(path)))


@BOUNDED
@given(
    query=GOOD,
    headers=st.dictionaries(
        st.sampled_from(
            ["Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range", "Origin", "Cookie",
             "X-Forwarded-For", "Referer", "User-Agent", "Cache-Control", "Expect", "Access-Control-Request-Method"]
        ),
        HEADER,
        max_size=5,
    ),
)  # fmt: skip
def test_headers(client: httpx.Client, query: str, headers: dict[str, str]) -> None:
    fine(client.get("/sparql", params={"query": query}, headers=headers))
    fine(client.get("/actor/northland", headers=headers))


@BOUNDED
@given(
    method=st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]),
    kind=HEADER,
    body=st.binary(max_size=500),
)
def test_bodies(client: httpx.Client, method: str, kind: str, body: bytes) -> None:
    for media in (kind, corpus.FORM, corpus.DIRECT, "multipart/form-data; boundary=x"):
        fine(client.request(method, "/sparql", content=body, headers={"Content-Type": media}))


@schemathesis.serializer(corpus.DIRECT)
def as_it_is(_context: object, value: object) -> bytes:
    """A query is a body of its own."""
    return str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_dict(
    {
        **service.document(),
        "paths": {path: each for path, each in service.document()["paths"].items() if path != "/{name}"},
    }
)


@schema.parametrize()
@settings(FEW, max_examples=25)
def test_what_is_described(target: Target, case: schemathesis.Case) -> None:
    answer = case.call(base_url=target.address, timeout=30)
    assert answer.status_code != 500, answer.text
    case.validate_response(answer, checks=[status_code_conformance])
