"""Tags, 304, compression, what is kept, the log and the numbers."""

import gzip
import logging
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from kg.config import Config, Limits
from kg.store.embedded import EmbeddedEngine
from kg.web import service, watch
from kg.web.app import create_app, create_files_app
from tests.store import builds

TABLE = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
SAME = ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Content-Security-Policy")


def get(client: FlaskClient, query: str, headers: dict[str, str] | None = None, **more: str):  # type: ignore[no-untyped-def]
    return client.get("/sparql", query_string={"query": query, **more}, headers=headers or {})


def test_a_tag_tells_that_nothing_changed_before_anything_runs(client: FlaskClient, engine: EmbeddedEngine) -> None:
    first = get(client, TABLE)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag)
    assert first.headers["Cache-Control"] == "public, no-cache"
    lookups = engine.cache.hits + engine.cache.misses
    again = get(client, TABLE, {"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert engine.cache.hits + engine.cache.misses == lookups, "the engine was not asked"
    assert {name: again.headers[name] for name in SAME} == {name: first.headers[name] for name in SAME}
    head = client.head("/sparql", query_string={"query": TABLE})
    assert (head.status_code, head.data) == (200, b"")
    for name in (*SAME, "Content-Length", "Content-Type"):
        assert head.headers[name] == first.headers[name]
    assert client.head("/sparql", query_string={"query": TABLE}, headers={"If-None-Match": tag}).status_code == 304


def test_another_question_has_another_tag(client: FlaskClient) -> None:
    graph = "https://w3id.org/ascribe/test/graph/inferred"
    answers = [
        get(client, TABLE),
        get(client, TABLE + " "),
        get(client, TABLE, format="csv"),
        get(client, TABLE, **{"default-graph-uri": graph}),
        get(client, TABLE, **{"named-graph-uri": graph}),
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert get(client, TABLE, {"Accept": "text/csv"}).headers["ETag"] == answers[2].headers["ETag"]


@pytest.mark.parametrize("call", ["NOW()", "rand()", "UUID()", "STRUUID()"])
def test_what_changes_each_time_is_not_kept(client: FlaskClient, call: str) -> None:
    answers = [get(client, f"SELECT ({call} AS ?x) {{}}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data != answers[1].data
    for answer in answers:
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert get(client, 'SELECT ("now or never" AS ?x) {}').headers["ETag"]


def test_errors_and_stars_are_no_304(client: FlaskClient) -> None:
    bad = get(client, "SELECT", {"If-None-Match": "*"})
    assert (bad.status_code, bad.headers["Cache-Control"]) == (400, "no-store")
    assert get(client, TABLE, {"If-None-Match": "*"}).status_code == 200
    posted = client.post(
        "/sparql", data={"query": TABLE}, headers={"If-None-Match": get(client, TABLE).headers["ETag"]}
    )
    assert posted.status_code == 200


def test_small_answers_are_kept_until_the_dataset_changes(engine: EmbeddedEngine) -> None:
    first, again = engine.query("# kept\nASK { ?a ?b ?c }"), engine.query("# kept\nASK { ?a ?b ?c }")
    assert (first.cached, again.cached) == (False, True)
    assert first.data == again.data
    assert engine.cache.get("another digest", "key") is None


def test_the_room_for_answers_is_bounded(engine: EmbeddedEngine) -> None:
    from kg.store.cache import Cache
    from kg.store.engine import Answer

    cache = Cache(100_000)
    for number in range(1000):
        cache.put("one", number, Answer("ask", "json", 10, 0.0, data=b"x" * 800), 10)
    assert cache.size <= 100_000
    assert cache.get("one", 0) is None
    assert cache.get("one", 999) is not None
    cache.put("one", "large", Answer("ask", "json", 10, 0.0, data=b"x" * 50_000), 10)
    assert cache.get("one", "large") is None
    cache.put("two", 1, Answer("ask", "json", 10, 0.0, data=b"x"), 10)
    assert cache.get("one", 999) is None
    assert cache.size < 1000


@pytest.mark.parametrize(("accepted", "coding"), [("br, gzip;q=0.5", "br"), ("br;q=0.5, gzip", "gzip")])
@pytest.mark.parametrize("path", ["/sparql", "/", "/static/style.css", "/ontology", "/openapi.json"])
def test_what_gains_by_it_is_compressed(client: FlaskClient, path: str, accepted: str, coding: str) -> None:
    asked = {"query": TABLE} if path == "/sparql" else {}
    with (
        client.get(path, query_string=asked) as plain,
        client.get(path, query_string=asked, headers={"Accept-Encoding": accepted}) as packed,
    ):
        assert packed.headers["Content-Encoding"] == coding
        assert "Content-Encoding" not in plain.headers
        assert {"br": brotli.decompress, "gzip": gzip.decompress}[coding](packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
        for answer in (plain, packed):
            assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("gzip;q=0.000, br; q=0", None),
        ("*;q=0", None),
        ("gzip;q=soon", None),
        ("br;q=nan, gzip;q=2", None),
        ("identity, gzip;q=0.5", None),
        ("gzip, identity", "gzip"),
        ("gzip", "gzip"),
        ("X-GZIP", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("br;q=0.4, gzip;q=0.5", "gzip"),
        ("br;q=0, *", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=0.5, *;q=0.8", "br"),
        ("gzip;q=0, *;q=0.001", "br"),
    ],
)
def test_an_answer_is_compressed_as_the_client_likes_best(
    client: FlaskClient, accepted: str | None, coding: str | None
) -> None:
    found = get(client, TABLE, {} if accepted is None else {"Accept-Encoding": accepted}).headers
    assert found.get("Content-Encoding") == coding


def test_small_bodies_are_sent_as_they_are(client: FlaskClient) -> None:
    answer = get(client, "ASK {}", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_log_has_a_line_for_each_request(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ascribe.access"):
        get(client, "SELECT ?x { VALUES ?x { 1 2 3 } }")
        get(client, "SELECT ?x { VALUES ?x { 1 2 3 } }")
        get(client, ENDLESS, timeout="0.2")
        get(client, "SELECT ?x { VALUES ?x { 1 2 3 } }", {"Accept": "image/png"})
        get(client, "CLEAR ALL")
        client.get("/search?q=a%0Astatus=999")
        client.get("/no\nwhere")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 7
    assert re.fullmatch(
        r'client=127\.0\.0\.1 method="GET" path="/sparql" status=200 bytes=\d+ seconds=\d+\.\d{4} '
        r"query=[0-9a-f]{12} rows=3 outcome=answered",
        lines[0],
    )
    assert [line.rpartition("=")[2] for line in lines[:4]] == ["answered", "cached", "timeout", "refused"]
    assert "status=403" in lines[4]
    assert 'path="/search"' in lines[5]
    assert "\n" not in lines[6]


def test_the_numbers_are_prometheus_text(client: FlaskClient) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    get(client, TABLE)
    get(client, ENDLESS, timeout="0.2")
    client.open("/sparql", method="BREW")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples["ascribe_queries_total", ("outcome", "timeout")] == 1
    assert samples["ascribe_pool_queries", ("pool", "visitors"), ("state", "running")] == 0
    assert samples["ascribe_build_info", ("digest", "0123456789abcdef"), ("version", "0.1.0")] == 1
    assert samples["ascribe_http_requests_total", ("method", "other"), ("route", "unmatched"), ("status", "405")] == 1
    assert {word for name, *labels in samples if name == "ascribe_queries_total" for _, word in labels} == set(
        watch.OUTCOMES
    )


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        (None, ""),
        ("unix", "unix"),
    ],
)
def test_a_client_is_an_address_or_a_site(address: str | None, shown: str) -> None:
    assert watch.client(address) == shown


def test_the_description_has_every_route_and_no_other(client: FlaskClient, engine: EmbeddedEngine) -> None:
    files = create_files_app(engine, Limits())
    both = {}
    for app in (client.application, files):
        rules = {service.path(rule.rule) for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")}
        described = app.test_client().get("/openapi.json").get_json()["paths"]
        assert set(described) == rules, "describe the route in kg/web/openapi.json"
        assert [path for path, said in described.items() if not {"get", "post"} & set(said)] == []
        both |= described
    assert both == service.document()["paths"], "a route that is described is gone"


def test_the_app_has_its_own_numbers(project, engine) -> None:  # type: ignore[no-untyped-def]
    one, two = create_app(project, engine), create_app(project, engine)
    one.test_client().get("/openapi.json")
    assert 'route="/openapi.json"' in one.test_client().get("/metrics").text
    assert 'route="/openapi.json"' not in two.test_client().get("/metrics").text


def test_a_page_that_a_browser_has_is_not_sent_again(client: FlaskClient, html: dict[str, str]) -> None:
    first = client.get("/actor/northland", headers=html)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag)
    again = client.get("/actor/northland", headers={**html, "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    for name in ("Cache-Control", "Vary", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]
    others = [
        client.get("/actor/northland?x=1", headers=html),
        client.get("/actor/northland", headers={"Accept": "text/html"}),
        client.get("/actor/northland", headers={"Accept": "text/turtle"}),
        client.get("/", headers=html),
    ]
    assert tag not in {other.headers.get("ETag") for other in others}
    assert client.get("/actor/northland", headers={**html, "If-None-Match": "*"}).status_code == 200
    assert "ETag" not in client.get("/actor/nobody", headers={**html, "If-None-Match": tag}).headers


def test_a_page_of_another_build_is_sent(project_root: Path, tmp_path: Path, html: dict[str, str]) -> None:
    current = tmp_path / "current"
    builds.serve(current, builds.make(tmp_path / "1", digest="one"))
    engine = EmbeddedEngine(current, Limits())
    try:
        client = create_app(Config(root=project_root, build=tmp_path), engine).test_client()
        tag = client.get("/", headers=html).headers["ETag"]
        assert client.get("/", headers={**html, "If-None-Match": tag}).status_code == 304
        builds.serve(current, builds.make(tmp_path / "2", digest="two"))
        assert client.get("/", headers={**html, "If-None-Match": tag}).status_code == 200
    finally:
        engine.close()
