"""What the server calls for each request: the direct way to the endpoint or, in a thread, the framework."""

from __future__ import annotations

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any

from kg.errors import AscribeError
from kg.web.direct import Direct
from kg.web.requests import REQUEST, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from kg.web.connections import Reply


class Front:
    """Answers requests on the engine's event loop."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._app = app
        self._direct = Direct(app.extensions["ascribe"].engine, app.extensions["watch"], int(app.config["QUERY_BYTES"]))
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="ascribe-page")

    async def answer(self, request: Request) -> Reply:
        """Return (status, headers, body)."""
        if request.wrong is None:
            try:
                reply = await self._direct.reply(request)
            except AscribeError as error:
                request.wrong = error  # the framework words it
            else:
                if reply is not None:
                    return reply.status, reply.headers.items(), reply.body if reply.file is None else reply.file
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._framed, request)

    def close(self) -> None:
        """Wait for the threads."""
        self._threads.shutdown()

    def _framed(self, request: Request) -> Reply:
        """Return the framework's answer."""
        status, headers = 500, list[tuple[str, str]]()

        def start(line: str, given: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line.partition(" ")[0])
            headers.extend(given)
            return lambda _: None

        body = self._app.wsgi_app(_environment(request), start)
        if isinstance(body, _Whole):
            return status, headers, body.file
        try:
            return status, headers, b"".join(body)
        finally:
            if (close := getattr(body, "close", None)) is not None:
                close()


class _Whole:
    """Stands for a file that is sent as it is, as WSGI has it."""

    def __init__(self, file: IO[bytes], _size: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        yield from self.file

    def close(self) -> None:
        self.file.close()


def _environment(request: Request) -> dict[str, Any]:
    """Return a request as WSGI has it."""
    found: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.parameters,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": str(request.server[0]),
        "SERVER_PORT": str(request.server[1]),
        "REMOTE_ADDR": request.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _Whole,
        REQUEST: request,
    }
    for name, value in request.headers.items():
        if "_" not in name and not name.startswith("content-"):  # the former could be taken for another header
            found[f"HTTP_{name.upper().replace('-', '_')}"] = value
    found["CONTENT_TYPE"] = request.headers.get("content-type", "")
    found["CONTENT_LENGTH"] = str(len(request.body))
    return found
