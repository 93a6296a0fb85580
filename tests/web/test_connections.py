"""Connections on a real socket: what is bounded, what follows what, and who is believed."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from kg.web import connections
from kg.web.connections import Connection, Hub
from kg.web.requests import Proxies, Request

if TYPE_CHECKING:
    from kg.web.connections import Reply

GET = b"GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n"


class Serving:
    """A hub with a port of its own, on a loop in a thread; every answer tells what was asked."""

    def __init__(self, total: int = 100, share: int = 100, proxies: Proxies | None = None) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.hub, self.server = self.run(self.begin(total, share, proxies or Proxies()))
        self.port: int = self.server.sockets[0].getsockname()[1]

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def begin(self, total: int, share: int, proxies: Proxies) -> tuple[Hub, asyncio.Server]:
        hub = Hub(self.answer, 1000, total, share, proxies)
        self.looking = asyncio.create_task(hub.watch_over())
        return hub, await self.loop.create_server(lambda: Connection(hub), "127.0.0.1", 0)

    async def answer(self, request: Request) -> "Reply":
        await asyncio.to_thread(self.gate.wait)
        told = [request.client, request.scheme, request.method, request.path, request.parameters]
        told += [request.headers.get("x", ""), request.body.decode(), type(request.wrong).__name__]
        return 200, [("Content-Type", "text/plain")], "|".join(told).encode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def close(self) -> None:
        self.gate.set()
        self.loop.call_soon_threadsafe(self.looking.cancel)
        self.loop.call_soon_threadsafe(self.server.close)
        self.run(self.hub.finish(5))
        self.run(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@contextmanager
def serving(**bounds: Any) -> Iterator[Serving]:
    found = Serving(**bounds)
    try:
        yield found
    finally:
        found.close()


def received(connection: socket.socket, count: int = 1) -> bytes:
    """What comes until so many answers are whole, or the other side closes."""
    found = b""
    while found.count(b"|NoneType") + found.count(b"Error") < count and (piece := connection.recv(65536)):
        found += piece
    return found


def test_requests_that_come_together_are_answered_in_their_order() -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(b"".join(GET.replace(b"/a", f"/{number}".encode()) for number in range(20)))
        text = received(connection, 20)
    assert [int(line.split("|")[3][1:]) for line in text.decode().split("\r\n") if "|GET|" in line] == list(range(20))


def test_head_has_the_length_and_no_body() -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(GET.replace(b"GET", b"HEAD") + GET)
        first, _, rest = received(connection).partition(b"\r\n\r\n")
    assert b"Content-Length: " in first
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n"), "nothing stands between the answers"


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "abc"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
        (b"GET http://other/%61?b#c HTTP/1.1\r\nHost: x\r\n\r\n", ""),
    ],
)
def test_bodies_and_addresses_are_read(request_: bytes, body: str) -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(request_)
        answer = received(connection).decode()
    assert f"|{body}|NoneType" in answer
    assert ("|/|" in answer) != ("|/a|b|" in answer)


@pytest.mark.parametrize("hosts", [b"", b"Host: x\r\nHost: y\r\n"], ids=["none", "two"])
def test_a_request_says_once_whom_it_is_for(hosts: bytes) -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + hosts + b"\r\n")
        assert received(connection).startswith(b"HTTP/1.1 400 ")
        assert connection.recv(1) == b""


def test_who_waits_for_a_word_before_the_body_gets_it() -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert b"|abc|" in received(connection)


@pytest.mark.parametrize(
    "line", [b"GET /a HTTP/1.0\r\n\r\n", b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
)
def test_the_connection_is_closed_where_nothing_follows(line: bytes) -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(line)
        assert b"Connection: close\r\n" in received(connection)
        assert connection.recv(1) == b""


def test_a_body_that_is_too_long_is_left_out_and_told() -> None:
    with serving() as server, server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000)
        assert b"||TooLongError" in received(connection)
        assert server.hub.held == 0


def test_bodies_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HELD", 1500)
    with serving() as server, server.connect() as one, server.connect() as two:
        one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999)
        until(lambda: server.hub.held == 999)
        two.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + b"x" * 900)
        assert b"||BusyError" in received(two)
        one.close()
        until(lambda: server.hub.held == 0)


def until(holds: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(1000):
        if holds():
            return
        waited.wait(0.01)
    raise AssertionError("it did not come about")


def test_what_is_no_request_after_one_is_answered_after_it() -> None:
    with serving() as server, server.connect() as connection:
        server.gate.clear()
        connection.sendall(GET + b"nonsense\r\n\r\n")
        threading.Timer(0.2, server.gate.set).start()
        answer = received(connection)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close" in answer
        assert connection.recv(1) == b""


def test_a_client_that_goes_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with serving() as server:
        server.gate.clear()
        with server.connect() as connection:
            connection.sendall(GET)
            until(lambda: bool(server.hub.tasks))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # gone at once
        until(lambda: not server.hub.connections)
        server.gate.set()
        until(lambda: not server.hub.tasks)
    assert not caplog.records


def test_connections_of_one_address_are_bounded() -> None:
    with serving(share=3) as server:
        held = [server.connect() for _ in range(4)]
        assert held[3].recv(65536).startswith(b"HTTP/1.1 503 ")
        held[0].sendall(GET)
        assert b"|GET|" in received(held[0])
        held[1].close()
        until(lambda: len(server.hub.connections) < 3)
        with server.connect() as next_one:
            next_one.sendall(GET)
            assert b"|GET|" in received(next_one)
        for each in held:
            each.close()


def test_a_trusted_proxy_has_no_share() -> None:
    proxies = Proxies([ip_network("127.0.0.0/8")])
    with serving(share=1, proxies=proxies) as server, server.connect(), server.connect() as second:
        second.sendall(GET)
        assert b"|GET|" in received(second)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, 127.0.0.9", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("nonsense status=200", "127.0.0.1"),
        ("192.0.2.7, nonsense, 127.0.0.9", "127.0.0.9"),
        ("", "127.0.0.1"),
    ],
)
def test_a_trusted_proxy_is_believed_and_nobody_else(forwarded: str, client: str) -> None:
    data = f"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {forwarded}\r\nX-Forwarded-Proto: https\r\n\r\n".encode()
    for proxies, expected in (
        (Proxies([ip_network("127.0.0.0/8")]), f"{client}|https|"),
        (Proxies([ip_network("192.0.2.0/24")]), "127.0.0.1|http|"),
        (Proxies(), "127.0.0.1|http|"),
    ):
        with serving(proxies=proxies) as server, server.connect() as connection:
            connection.sendall(data)
            assert f"\r\n\r\n{expected}" in received(connection).decode()


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na"],
    ids=["silent", "head", "body"],
)
def test_a_connection_that_stands_still_is_closed(monkeypatch: pytest.MonkeyPatch, begin: bytes) -> None:
    monkeypatch.setattr(connections, "IDLE", 0.1)
    monkeypatch.setattr(connections, "_EACH", 0.05)
    with serving() as server, server.connect() as connection:
        connection.sendall(begin)
        assert connection.recv(1) == b""


def test_a_request_that_drips_in_is_cut_off_and_one_that_is_being_answered_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "IDLE", 0.3)
    monkeypatch.setattr(connections, "SLOW", 0.6)
    monkeypatch.setattr(connections, "_EACH", 0.05)
    with serving() as server, server.connect() as drips, server.connect() as waits:
        server.gate.clear()
        waits.sendall(GET)
        drips.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe, as it happens
            drip(drips)
        server.gate.set()
        assert b"|GET|" in received(waits)


def drip(connection: socket.socket) -> None:
    pause = threading.Event()
    for _ in range(100):
        connection.sendall(b"a")
        pause.wait(0.05)
