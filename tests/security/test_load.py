"""Many at once: bombs beside a question that has to be answered, and clients that take all the time in the world."""

import itertools
import resource
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.security import corpus
from tests.security.conftest import Target

ALLOWED = {200, 413, 429, 503, 504}
SECONDS = 2.0  # within which a question is answered, whatever else is asked
LOOK_UP = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT ?text {{ ?claim asc:text ?text ; asc:claimant ?who }} # {}"
JOIN = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . OPTIONAL {{ ?c ?d ?e }} BIND(CONCAT(STR(?a), 'x') AS ?x) }} # {}"


class Probe:
    """Asks a new question again and again, and takes note of how long each takes."""

    def __init__(self, target: Target, source: str, question: str) -> None:
        self.target, self.source, self.question = target, source, question
        self.times: list[float] = []
        self.wrong: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        with self.target.client(self.source) as client:
            for number in itertools.count():
                if self.stop.is_set():
                    return
                began = time.perf_counter()
                if self.question.startswith("/"):
                    answer = client.get(self.question)
                else:
                    text = self.question.format(f"{id(self)}-{number}")  # not one that is kept
                    answer = client.post("/sparql", data={"query": text})
                self.times.append(time.perf_counter() - began)
                if answer.status_code != 200:
                    self.wrong.append(f"{answer.status_code} {answer.text[:200]}")
                time.sleep(0.05)

    def __enter__(self) -> "Probe":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def bombard(target: Target, sources: list[str], seconds: float) -> Counter[int]:
    """Sixty-four clients send one bomb after the other; return how often each status came."""
    found: Counter[int] = Counter()
    until = time.monotonic() + seconds
    texts = [*corpus.BOMBS.values(), corpus.HEAVY["group_concat of a product"], corpus.HEAVY["huge sort"]]

    def send(number: int) -> None:
        with target.client(sources[number % len(sources)]) as client:
            for turn in itertools.count(number):
                if time.monotonic() > until:
                    return
                answer = client.post("/sparql", data={"query": f"{texts[turn % len(texts)]} # {number}"})
                found[answer.status_code] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("sources", [1, 64], ids=["from one address", "from 64 addresses"])
def test_64_bombs_at_once_leave_the_others_their_answers(target: Target, sources: int) -> None:
    addresses = [f"127.0.1.{number + 1}" for number in range(sources)]
    probes = [
        Probe(target, "127.0.0.2", LOOK_UP),  # another client
        Probe(target, "127.0.1.1", LOOK_UP),  # the very client that sends bombs
        Probe(target, "127.0.0.3", "/actor/northland"),
        Probe(target, "127.0.0.4", "/health"),
    ]
    if sources == 1:
        probes.append(Probe(target, "127.0.0.5", JOIN))  # a client whose query does not look quick
    for probe in probes:
        probe.__enter__()
    found = bombard(target, addresses, 8)
    for probe in probes:
        probe.__exit__()
    assert set(found) <= ALLOWED, found
    assert found[504] + found[413] + found[503] > 5
    for probe in probes:
        assert not probe.wrong, (probe.source, probe.question, probe.wrong[:3])
        assert len(probe.times) > 10, (probe.question, probe.times)
        assert max(probe.times) < SECONDS, (probe.source, probe.question, sorted(probe.times)[-5:])


def test_what_bombs_took_is_given_back(target: Target) -> None:
    nothing = [f'ascribe_pool_queries{{pool="visitors",state="{state}"}} 0.0' for state in ("running", "waiting")]
    with target.client() as client:
        until = time.monotonic() + SECONDS
        text = client.get("/metrics").text
        while not all(each in text for each in nothing) and time.monotonic() < until:  # a worker's end takes a moment
            time.sleep(0.05)
            text = client.get("/metrics").text
        assert all(each in text for each in nothing)
        idle = [float(line.split()[-1]) for line in text.splitlines() if line.startswith("ascribe_pool_workers_idle{")]
        assert sum(idle) <= 4


@pytest.fixture
def connections(target: Target) -> Iterator[list[socket.socket]]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    found: list[socket.socket] = []
    yield found
    for each in found:
        each.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def opened(target: Target, connections: list[socket.socket], count: int, begin: bytes) -> None:
    for _ in range(count):
        connections.append(socket.create_connection(("127.0.0.1", target.port), timeout=10))
        connections[-1].sendall(begin)


def while_open(target: Target, connections: list[socket.socket], drip: bytes, seconds: float = 4) -> None:
    """Drip a byte now and then into each connection; meanwhile others are answered."""
    probes = [Probe(target, "127.0.0.2", LOOK_UP), Probe(target, "127.0.0.3", "/actor/northland")]
    for probe in probes:
        probe.__enter__()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for each in connections:
            if drip:
                each.sendall(drip)
            time.sleep(0.002)
    for probe in probes:
        probe.__exit__()
    for probe in probes:
        assert not probe.wrong
        assert max(probe.times) < SECONDS
        assert len(probe.times) > 10


@pytest.mark.parametrize(
    ("begin", "drip"),
    [
        (b"", b""),
        (b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n", b" "),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["silent", "slow headers", "slow body", "slow chunks"],
)  # fmt: skip
def test_200_slow_clients_keep_nobody_out(
    target: Target, connections: list[socket.socket], begin: bytes, drip: bytes
) -> None:
    opened(target, connections, 200, begin)
    while_open(target, connections, drip)


def test_clients_that_do_not_read_keep_nobody_out(target: Target, connections: list[socket.socket]) -> None:
    """Each asks for an answer that is larger than what the system buffers, and reads nothing of it for a while."""
    path = f"/sparql?{httpx.QueryParams({'query': 'SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 16000'})}"
    for _ in range(24):
        opened(target, connections, 1, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        select.select(connections[-1:], [], [], 5)
    while_open(target, connections, b"")
    with target.client() as client:
        whole = client.get(path, headers={"Accept-Encoding": "identity"})
    assert len(whole.content) > 4 * 2**20
    for each in connections:
        received = b""
        while not received.endswith(whole.content[-200:]):
            piece = each.recv(2**20)
            assert piece
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body == whole.content, "what is read late is whole"
