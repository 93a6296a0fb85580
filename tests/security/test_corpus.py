"""The attacks one by one, against a real server: each has its status, and the server answers the next question."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.security import corpus
from tests.security.conftest import Target
from tests.security.corpus import Attack

PAGE = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "img-src 'self' data:"
)
ATTACKS = [*corpus.queries(), *corpus.REQUESTS]
SERVED = [*corpus.FEDERATED.items(), *corpus.OUTSIDE.items()]


@pytest.fixture(scope="module")
def client(target: Target) -> Iterator[httpx.Client]:
    with target.client() as found:
        yield found


def test_there_are_more_than_a_hundred() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names)
    assert len(names) + len(SERVED) > 100


def sent(client: httpx.Client, attack: Attack) -> httpx.Response | None:
    """What comes back, or None where the server closed the connection."""
    try:
        return client.request(attack.method, attack.path, content=attack.body, headers=attack.headers)
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        return None


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_has_its_status(client: httpx.Client, attack: Attack) -> None:
    began = time.perf_counter()
    answer = sent(client, attack)
    seconds = time.perf_counter() - began
    if answer is None:
        assert 0 in attack.expected, "the connection was closed"
    else:
        assert answer.status_code in attack.expected, answer.text[:500]
        whole(answer)
        guarded(answer)
    assert seconds < 10
    check = client.get("/sparql", params={"query": f"ASK {{}} # {attack.name}"})
    assert check.status_code == 200, "the server answers others"


def whole(answer: httpx.Response) -> None:
    """Nothing is cut: the length is as said, and JSON ends."""
    if answer.request.method == "HEAD" or answer.status_code in (204, 304):
        return
    if "Content-Encoding" not in answer.headers:
        assert int(answer.headers["Content-Length"]) == len(answer.content)
    if "json" in answer.headers.get("Content-Type", ""):
        json.loads(answer.content)
    if answer.status_code in (429, 503, 504):
        assert int(answer.headers["Retry-After"]) > 0
    if answer.status_code >= 400 and not answer.headers["Content-Type"].startswith("text/html"):
        assert len(answer.content) < 20_000, "an error is short"


def guarded(answer: httpx.Response) -> None:
    """No markup of the attacker's in a page, nothing of the machine's anywhere, and the headers that browsers heed."""
    kind = answer.headers.get("Content-Type", "")
    assert "root:x:0" not in answer.text
    assert "Traceback" not in answer.text
    assert "Set-Cookie" not in answer.headers
    if answer.status_code in (413, 431, 400) and "Content-Security-Policy" not in answer.headers:
        assert kind.startswith("text/plain")  # said by the HTTP server before the application is asked
        return
    assert answer.headers["Content-Security-Policy"] == PAGE
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    if kind.startswith("text/html"):
        assert "<script>alert" not in answer.text
        assert 'href="javascript:' not in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers or answer.request.method == "OPTIONS"
    else:
        assert kind != ""


class Listener:
    """Takes connections that must not come."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.came = 0
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            with connection:
                if connection.recv(4) == b"stop":
                    return
                self.came += 1

    def stop(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"stop")
        self.thread.join()
        self.socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.stop()
    assert found.came == 0, "a query made the server reach out"


@pytest.mark.parametrize(("name", "text"), SERVED, ids=[name for name, _ in SERVED])
def test_no_query_reaches_out(client: httpx.Client, listener: Listener, name: str, text: str) -> None:
    query = text.replace("URL", f"http://127.0.0.1:{listener.port}/")
    expected = {403} if name in corpus.FEDERATED else {200}
    for answer in (
        client.post("/sparql", data={"query": query}),
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", content=query, headers={"Content-Type": corpus.DIRECT}),
    ):
        assert answer.status_code in expected, answer.text
        assert "root:x:0" not in answer.text
    assert listener.came == 0


def test_parameters_reach_nothing_either(client: httpx.Client, listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/"
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri"):
        assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", name: url}).status_code == 200
    assert client.get("/data", params={"graph": url}).status_code == 404
    assert client.get("/sparql", params={"query": f"BASE <{url}> SELECT * FROM <x> {{ ?s ?p ?o }}"}).status_code == 200


RAW = {
    "200 kB address": (b"GET /sparql?query=ASK%20%7B%7D&x=" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {200}),
    "1 MB address": (b"GET /sparql?x=" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {0, 431}),
    "nul in the address": (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
    "raw bytes in the address": (b"GET /sparql?query=ASK%20{}\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", {200, 400}),
    "space in the address": (b"GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
    "absolute address": (b"GET http://evil.example/health HTTP/1.1\r\nHost: x\r\n\r\n", {200, 400, 404}),
    "no address": (b"GET\r\n\r\n", {400}),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "other version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {200, 400, 505}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", {200, 400}),
    "header without a name": (b"GET / HTTP/1.1\r\n: x\r\n\r\n", {400}),
    "header with a nul": (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n", {200, 400}),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: x\n\n", {0, 200, 400}),
    "folded header": (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", {200, 400}),
    "300 kB of headers": (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n", {0, 431}),
    "two lengths": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 99\r\n\r\na", {400}),
    "negative length": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\na", {400}),
    "length that is none": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\na", {400}),
    "length of 2**63": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\na", {0, 413}),
    "length and chunks": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {0, 400, 415, 501},
    ),
    "chunks that are none": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        {400},
    ),
    "unknown transfer": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n", {501}),
    "a chunk of 2**60": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\na",
        {0, 413},
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_hardly_http(target: Target, name: str) -> None:
    data, expected = RAW[name]
    with socket.create_connection(("127.0.0.1", target.port), timeout=3) as connection:
        received = b""
        try:
            connection.sendall(data)
            received = connection.recv(65536)
        except TimeoutError:
            assert 0 in expected, "no answer"
        except OSError:
            assert 0 in expected, "the connection was closed"
    if received:
        assert int(received.split(b" ", 2)[1]) in expected, received[:300]
    else:
        assert 0 in expected
    assert httpx.get(f"{target.address}/health").status_code == 200
