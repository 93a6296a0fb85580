"""HTTP over one connection, read by httptools (llhttp, the parser of Node.js), with a bound on everything.

No server of a library bounds all that is bounded here: docs/architecture.md says which were tried, and what came of it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter, deque
from contextlib import nullcontext
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes
from wsgiref.handlers import format_date_time

import httptools

from kg.errors import BusyError
from kg.protocol import TooLongError
from kg.web import delivery, watch
from kg.web.requests import Proxies, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    Body = bytes | IO[bytes]
    Reply = tuple[int, Iterable[tuple[str, str]], Body]

HEAD = 256 * 2**10  # bytes of a request's first line and headers
HELD = 128 * 2**20  # bytes of bodies that may be held at once, of all connections
READ = 16 * 2**20  # bytes that are read of a body that is too long, and thrown away, so that the client hears of it
IDLE = 30.0  # seconds without a byte either way, while no answer is being made
SLOW = 120.0  # seconds that a client may take to send one request
PIECE = 64 * 2**10  # bytes of a file that are sent at a time
_EACH = 5.0  # seconds between two looks at the connections
_LINES = {int(each): f"HTTP/1.1 {int(each)} {each.phrase}\r\n" for each in HTTPStatus}
_REFUSAL = "".join(
    f"{name}: {value}\r\n"
    for name, value in {
        **delivery.HEADERS,
        **delivery.OPEN,
        "Cache-Control": "no-store",
        "Content-Type": "text/plain; charset=utf-8",
        "Allow": "GET, HEAD, OPTIONS, POST",
    }.items()
)
_OTHER_METHOD = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[01]\r?\n")
_HOST = re.compile(rb"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*")
_LOG = logging.getLogger("ascribe.server")


class Hub:
    """Holds what the connections of a server share: who answers, who is open, and how much they may take.

    At most `total` connections are open, and `share` from one address; proxies that are trusted have no share, for
    they speak for many. A body may have `limit` bytes.
    """

    def __init__(
        self, answer: Callable[[Request], Awaitable[Reply]], limit: int, total: int, share: int, proxies: Proxies
    ) -> None:
        self.answer, self.limit, self.proxies = answer, limit, proxies
        self.loop = asyncio.get_running_loop()
        self.connections: set[Connection] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.stopping = False
        self.held = 0  # bytes of bodies
        self._total, self._share = total, share
        self._open: Counter[str] = Counter()  # client → connections
        self._second, self._always = 0, ""

    def admit(self, connection: Connection, address: str) -> bool:
        """Count a connection, and return whether there is room for it."""
        client = watch.client(address)
        fair = self._open[client] < self._share or self.proxies.trusts(address)
        room = len(self.connections) < self._total
        self.connections.add(connection)
        self._open[client] += 1
        return room and fair

    def leave(self, connection: Connection, address: str) -> None:
        """Count a connection no more."""
        client = watch.client(address)
        self.connections.discard(connection)
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]

    def always(self) -> str:
        """Return the header lines of every answer."""
        second = int(time.time())
        if second != self._second:
            self._second, self._always = second, f"Date: {format_date_time(second)}\r\nServer: ascribe\r\n"
        return self._always

    async def watch_over(self) -> None:
        """Look after the connections until cancelled."""
        while True:
            await asyncio.sleep(_EACH)
            for each in list(self.connections):
                each.look(self.loop.time())

    async def finish(self, seconds: float) -> None:
        """Close the connections, those with a request on which it is answered; what takes longer is cut off."""
        self.stopping = True
        for each in list(self.connections):
            each.finish()
        until = self.loop.time() + seconds
        try:
            while self.connections and self.loop.time() < until:
                await asyncio.sleep(0.05)
        finally:
            for each in list(self.connections):
                each.transport.abort()


class Connection(asyncio.Protocol):
    """Reads requests one after the other and sends their answers, in the same order."""

    transport: Any  # asyncio.Transport

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Request, bool]] = deque()  # (request, whether more may follow)
        self._busy = False  # an answer is being made or sent
        self._open = True
        self._drained: asyncio.Future[None] | None = None
        self._moved = hub.loop.time()  # when something went either way
        self._paused = False
        self._last = False  # no request after the one that is being answered is read
        self._began: float | None = None  # when the request that is being read began
        self._left = 0  # bytes that waited to be sent when last looked at
        self._fed: int | None = 0  # bytes of the head that is being read, None when it is read
        self._address = ""
        self._body = bytearray()
        self._begin()

    # what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or close it where there are too many."""
        self.transport = transport
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._hub.admit(self, self._address):
            self._refuse(503, "Too many connections are open. Close some, or try again later.")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio passes it
        """Take note that the connection is gone."""
        self._open = False
        self._hub.leave(self, self._address)
        self._hub.held -= len(self._body) + sum(len(request.body) for request, _ in self._waiting)
        self._body = bytearray()
        self._waiting.clear()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._last or self.transport.is_closing():
            return
        self._moved = self._hub.loop.time()
        if self._fed is not None:
            self._fed += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # to a protocol that is not spoken here: the request is answered as if it had not asked for it
        except httptools.HttpParserError as error:
            self._refuse(*self._fault(error, data))
        if self._fed is not None and self._fed > HEAD:
            self._refuse(431, "The address or the headers are too long.")

    def _fault(self, error: Exception, data: bytes) -> tuple[int, str]:
        """Return (status, text) for what the parser does not read."""
        if isinstance(error, httptools.HttpParserInvalidMethodError) and _OTHER_METHOD.match(data):
            return 405, "This method is not known here; use GET or POST."
        if self._headers.get("transfer-encoding", "chunked").lower() != "chunked":
            return 501, "A body comes whole or in chunks; other transfer codings are not known here."
        return 400, "This is no HTTP request."

    def pause_writing(self) -> None:
        """Wait with sending until the client has read."""
        self._drained = self._hub.loop.create_future()

    def resume_writing(self) -> None:
        """Send on."""
        self._moved = self._hub.loop.time()
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # what the parser calls

    def _begin(self) -> None:
        self._url = b""
        self._body = bytearray()
        self._size = 0  # bytes of the head, then of the body
        self._headers: dict[str, str] = {}
        self._wrong: BusyError | TooLongError | None = None

    def on_message_begin(self) -> None:
        """Take note that a request begins."""
        self._begin()
        self._began = self._hub.loop.time()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._url += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one that comes twice is one with both values."""
        self._count(len(name) + len(value) + 4)  # with what stands around them
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > HEAD:
            self._refuse(431, "The address or the headers are too long.")

    def on_headers_complete(self) -> None:
        """Take note that the head is read, and encourage who waits for that."""
        self._fed, self._size = None, 0
        length = self._headers.get("content-length", "")
        if self._parser.get_http_version() == "1.1" and "," in self._headers.get("host", ","):
            self._refuse(400, "A request has one header “Host”, which says whom it is for.")
        elif length.isdecimal() and int(length) > READ:
            self._refuse(413, "The request is too long.")
        elif self._headers.get("expect", "").lower() == "100-continue" and not self._busy:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        """Take a piece of the body, or throw it away where that is too long."""
        hub = self._hub
        self._size += len(data)
        if self._size > READ:
            self._refuse(413, "The request is too long.")
        elif self._size > hub.limit:
            self._wrong = TooLongError(f"A request may have at most {hub.limit:,} bytes.")
        elif hub.held + len(data) > HELD:
            self._wrong = BusyError("Too many long requests are coming in at once. Try again soon.", 5)
        if self._wrong is None and not self.transport.is_closing():
            self._body += data
            hub.held += len(data)

    def on_message_complete(self) -> None:
        """Have the request answered, after those before it."""
        self._began, self._fed = None, 0
        if self._last or self.transport.is_closing():
            return
        follows = self._parser.should_keep_alive() and self._parser.get_http_version() == "1.1"
        self._waiting.append((self._request(), follows))
        self._body = bytearray()
        if self._busy:
            self._pause(True)  # nobody needs to send more than one ahead
        else:
            self._next()

    def _pause(self, pauses: bool) -> None:
        if pauses != self._paused and not self.transport.is_closing():
            self._paused = pauses
            (self.transport.pause_reading if pauses else self.transport.resume_reading)()

    def _request(self) -> Request:
        address = self._url if self._url.startswith((b"/", b"*")) else _HOST.sub(b"", self._url, count=1)
        path, _, parameters = address.partition(b"#")[0].partition(b"?")
        headers, proxies = self._headers, self._hub.proxies
        return Request(
            client=proxies.client(self._address, headers),
            method=self._parser.get_method().decode("latin-1"),
            path=(unquote_to_bytes(path) if b"%" in path else path or b"/").decode("latin-1"),
            parameters=parameters.decode("latin-1"),
            headers=headers,
            body=bytes(self._body),
            scheme=proxies.scheme(self._address, headers),
            server=self.transport.get_extra_info("sockname")[:2],
            wrong=self._wrong,
        )

    # answers

    def _next(self) -> None:
        request, follows = self._waiting.popleft()
        self._busy = True
        task = self._hub.loop.create_task(self._answer(request, follows))
        self._hub.tasks.add(task)
        task.add_done_callback(self._hub.tasks.discard)

    async def _answer(self, request: Request, follows: bool) -> None:
        """Answer one request, and go on to the next."""
        try:
            status, headers, body = await self._hub.answer(request)
        except Exception:
            _LOG.exception("no answer to %s %s", request.method, request.path)
            status, headers, body = 500, (), b"The fault is on this side and has been logged.\n"
        finally:
            self._hub.held -= len(request.body)
        follows = follows and not (self._last or self._hub.stopping)
        await self._send(request.method, status, headers, body, follows)
        if not follows:
            self.transport.close()
        elif self._open:
            self._busy = False
            self._moved = self._hub.loop.time()
            if self._waiting:
                self._next()
            else:
                self._pause(False)

    async def _send(
        self, method: str, status: int, headers: Iterable[tuple[str, str]], body: Body, follows: bool
    ) -> None:
        """Send an answer: at once, or from a file as fast as the client takes it."""
        lines = [_LINES.get(status, f"HTTP/1.1 {status} \r\n"), self._hub.always()]
        counted = False
        for name, value in headers:
            lines.append(f"{name}: {value}\r\n")
            counted = counted or name == "Content-Length"
        if isinstance(body, bytes) and not counted and status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}\r\n")
        lines.append("\r\n" if follows else "Connection: close\r\n\r\n")
        head = "".join(lines).encode("latin-1")
        pieces: Iterable[bytes] = (body,) if isinstance(body, bytes) else iter(lambda: body.read(PIECE), b"")
        with nullcontext() if isinstance(body, bytes) else body:
            for piece in () if method == "HEAD" else pieces:
                if self.transport.is_closing():  # the client has gone
                    return
                self.transport.write(head + piece)
                head = b""
                if self._drained is not None:
                    await self._drained
            if head and not self.transport.is_closing():
                self.transport.write(head)

    def _refuse(self, status: int, text: str) -> None:
        """Say why this goes no further, and close."""
        if self._busy:
            self._last = True  # the answer comes first, and then nothing
            self._pause(True)
        elif not self.transport.is_closing():
            head = f"{_LINES[status]}{self._hub.always()}{_REFUSAL}Content-Length: {len(text) + 1}\r\n"
            self.transport.write(f"{head}Connection: close\r\n\r\n{text}\n".encode("latin-1"))
            self.transport.close()

    # bounds

    def look(self, now: float) -> None:
        """Close the connection if it has stood still, or a request has been coming in, for too long."""
        left = self.transport.get_write_buffer_size()
        if left != self._left:
            self._left, self._moved = left, now
        if self._busy and not left:
            return  # the answer is being made
        if now - self._moved > IDLE or (self._began is not None and now - self._began > SLOW):
            self.transport.abort()

    def finish(self) -> None:
        """Close the connection unless a request is being answered; it is closed after that."""
        if not self._busy:
            self.transport.close()
