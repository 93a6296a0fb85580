"""What an operator sees of the traffic: one line a request in the log, and numbers for Prometheus.

The log is the logger ``ascribe.access``: one line a request at level INFO, `key=value` pairs in a fixed order. A query
is named by the first 12 hex digits of the SHA-256 of its text, `outcome` is one of :data:`OUTCOMES`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, TextIO

from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from kg.errors import (
    AscribeError,
    BusyError,
    ForbiddenError,
    LimitError,
    MissingPartError,
    OverdueError,
    OverMemoryError,
    ShareError,
    TooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from kg.store.engine import Answer, Engine

LOG = logging.getLogger("ascribe.access")
_BY_ERROR: tuple[tuple[type[AscribeError], str], ...] = (
    (OverdueError, "timeout"),
    (OverMemoryError, "memory"),
    (TooLargeError, "size"),
    (ShareError, "share"),
    (BusyError, "queue"),
    (LimitError, "worker"),
    (ForbiddenError, "forbidden"),
)
OUTCOMES = ("answered", "cached", "unchanged", *(word for _, word in _BY_ERROR), "refused", "failed")
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Holds a request and its answer as they are counted; `query`, `rows` and `outcome` where it asked something."""

    client: str
    method: str
    path: str
    route: str
    status: int
    size: int
    seconds: float
    query: str | None = None
    rows: int | None = None
    outcome: str | None = None


class Lines:
    """Writes the lines of the log with their time, at a tenth of what the logging library takes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._second, self._shown = 0, ""

    def write(self, line: str) -> None:
        """Write one line; where nobody listens any more, it is lost."""
        second = int(time.time())
        if second != self._second:
            self._second, self._shown = second, time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second))
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(f"{self._shown} {line}\n")
            self._stream.flush()


class Watch:
    """Counts what an application answers; one for each application."""

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ascribe_http_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "ascribe_http_request_seconds", "Time to answer.", ("route",), buckets=_BUCKETS, registry=self._registry
        )
        self._queries = Counter(
            "ascribe_queries", "Queries of visitors by outcome.", ("outcome",), registry=self._registry
        )
        self._asked = {outcome: self._queries.labels(outcome) for outcome in OUTCOMES}
        self.lines: Lines | None = None  # where the lines go, if not to the logger
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}  # found faster than by labels
        self._bytes = Counter("ascribe_http_response_bytes", "Bytes of answers.", registry=self._registry)
        self._registry.register(_EngineState(engine))
        ProcessCollector(registry=self._registry)

    def begin(self) -> None:
        """Take note of when the framework's request began."""
        g.began = time.perf_counter()

    def end(self, response: Response) -> Response:
        """Count the framework's request and write its line."""
        self.note(
            Exchange(
                client=request.remote_addr or "",
                method=request.method,
                path=request.path,
                route=request.url_rule.rule if request.url_rule else "unmatched",
                status=response.status_code,
                size=response.content_length or response.calculate_content_length() or 0,
                seconds=time.perf_counter() - g.get("began", time.perf_counter()),
                query=g.get("query"),
                rows=g.get("rows"),
                outcome=g.get("outcome"),
            )
        )
        return response

    def note(self, done: Exchange) -> None:
        """Count a request and write its line."""
        method = done.method if done.method in _METHODS else "other"
        key = done.route, method, done.status
        if (counted := self._counted.get(key)) is None:
            labelled = self._requests.labels(done.route, method, str(done.status)), self._seconds.labels(done.route)
            counted = self._counted.setdefault(key, labelled)
        counted[0].inc()
        counted[1].observe(done.seconds)
        self._bytes.inc(done.size)
        if done.query is not None:
            self._asked[_outcome(done)].inc()
        if self.lines is not None:
            self.lines.write(_line(done))
        elif LOG.isEnabledFor(logging.INFO):
            LOG.info("%s", _line(done))

    def metrics(self) -> Response:
        """Return all numbers in Prometheus's text format."""
        return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _EngineState(Collector):
    """Reads how the engine stands when Prometheus asks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        queries = GaugeMetricFamily("ascribe_pool_queries", "Queries by pool and state.", labels=("pool", "state"))
        workers = GaugeMetricFamily("ascribe_pool_workers_idle", "Workers that wait for work.", labels=("pool",))
        for name, load in self._engine.load().items():
            queries.add_metric((name, "running"), load.busy)
            queries.add_metric((name, "waiting"), load.waiting)
            workers.add_metric((name,), load.idle)
        yield queries
        yield workers
        cache = self._engine.cache
        looked = CounterMetricFamily("ascribe_cache_lookups", "Look-ups of kept answers.", labels=("result",))
        looked.add_metric(("hit",), cache.hits)
        looked.add_metric(("miss",), cache.misses)
        yield looked
        yield GaugeMetricFamily("ascribe_cache_bytes", "Bytes of kept answers.", value=cache.size)
        build = GaugeMetricFamily("ascribe_build_info", "The build that is served.", labels=("digest", "version"))
        try:
            served = self._engine.build()
            build.add_metric((served.digest, str(served.facts.get("version", ""))), 1)
        except MissingPartError:
            build.add_metric(("", ""), 0)
        yield build


def asked(text: str) -> None:
    """Take note of the query that the request puts."""
    g.query = text


def answered(answer: Answer) -> None:
    """Take note of the answer to it."""
    g.rows, g.outcome = answer.rows, outcome(answer)


def outcome(answer: Answer) -> str:
    """Return how a query ended that has an answer, in a word."""
    return "cached" if answer.cached else "answered"


def failed(error: AscribeError) -> None:
    """Take note of why there is none."""
    g.outcome = next((word for kind, word in _BY_ERROR if isinstance(error, kind)), None)


@lru_cache(maxsize=1024)
def client(address: str | None) -> str:
    """Return whom an address stands for: itself or, as an IPv6 site has them all, its /64."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def _outcome(done: Exchange) -> str:
    """Return how the answering of a query ended, in a word."""
    if done.status == 304:
        return "unchanged"
    if done.outcome is not None:
        return done.outcome
    return "answered" if done.status < 400 else "refused" if done.status < 500 else "failed"


def _line(done: Exchange) -> str:
    """Return the log line of a request."""
    line = (
        f"client={done.client or '-'} method={json.dumps(done.method)} path={json.dumps(done.path[:200])} "
        f"status={done.status} bytes={done.size} seconds={done.seconds:.4f}"
    )
    if done.query is None:
        return line
    query = hashlib.sha256(done.query.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{line} query={query} rows={'-' if done.rows is None else done.rows} outcome={_outcome(done)}"
