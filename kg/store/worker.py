"""One query at a time in a process of its own: `python -m kg.store.worker`, started by :mod:`kg.store.embedded`.

Requests and answers go over a pipe as JSON, payloads as bytes or, when large, in the file that the request names.
The query runs in a thread with a deep stack, for the parser recurses; the main thread watches memory and the parent.
"""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import struct
import sys
import threading
import time
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.store import dataset, doctor, faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INLINE = 4 * 2**20  # bytes of answer that go through the pipe; more goes into a file
OVER_MEMORY = 77  # exit code
STACK = 512 * 2**20  # bytes, virtual: only what is used is taken
UNKNOWN = "custom function"  # in what the engine says of a function that it does not know
SORTED = 5_000  # triples up to which a graph is put in order
TIDIED = 256 * 2**10  # bytes of Turtle up to which prefixes that nothing uses are taken out
TABLES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_STATM = Path("/proc/self/statm")
_STRING_OR_NEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"|(\},\{)')
_LENGTH = struct.Struct("!i")  # what stands before a message on the pipe


class TooLargeError(Exception):
    """Says that an answer is larger than it may be."""


class Sink:
    """Takes bytes up to a limit, in memory first and then in a file."""

    def __init__(self, limit: int, spool: str) -> None:
        self.limit, self.spool = limit, spool
        self.size = 0
        self.buffer = bytearray()
        self.file: Any = None

    def write(self, data: bytes) -> int:
        """Take some bytes; raises TooLargeError past the limit."""
        self.size += len(data)
        if self.size > self.limit:
            raise TooLargeError
        if self.file is None and self.size > INLINE:
            self.file = Path(self.spool).open("wb")  # noqa: SIM115 - closed in `close`
            self.file.write(self.buffer)
            self.buffer.clear()
        (self.buffer.extend if self.file is None else self.file.write)(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: `close` flushes."""

    def close(self) -> None:
        """Close the file, if there is one."""
        if self.file is not None:
            self.file.close()


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return (header, payload) for one request; the payload is empty when it stands in the request's spool file."""
    sink: Any = Sink(request["result_bytes"], request["spool"])  # the library asks for a file, and writes only
    started = time.monotonic()
    try:
        base = request.get("base")
        asked = dataset.arrange(store, request["query"], request["default_graphs"], request["named_graphs"], base)
        result: Any = asked.store.query(asked.text, **asked.options)
        if isinstance(result, ox.QueryTriples):
            kind, form = "graph", request["graph"]
            ox.serialize(_ordered(result), sink, format=GRAPHS[form], prefixes=request["prefixes"])
        else:
            kind = "ask" if isinstance(result, ox.QueryBoolean) else "select"
            form = request["table"]
            result.serialize(sink, TABLES[form])
    except TooLargeError:
        return {"error": "result", "message": ""}, b""
    except MemoryError:
        return {"error": "memory", "message": ""}, b""
    except (SyntaxError, ValueError) as error:
        message, place = located(store, request["query"], str(error), base)
        return {"error": "query", "message": message, "place": place}, b""
    except RuntimeError as error:
        kind = "query" if UNKNOWN in str(error) else "engine"
        return {"error": kind, "message": str(error), "place": None}, b""
    except Exception as error:  # whatever else the engine says goes to the parent, which words it
        return {"error": "engine", "message": f"{type(error).__name__}: {error}"}, b""
    finally:
        sink.close()
    payload = bytes(sink.buffer)
    if kind == "graph" and form == "turtle" and sink.file is None and len(payload) <= TIDIED:
        payload = _only_used_prefixes(payload)
    rows = None if sink.file or kind != "select" else _rows(payload, form)
    header = {
        "kind": kind,
        "format": form,
        "size": sink.size if sink.file else len(payload),
        "spooled": sink.file is not None,
        "rows": rows,
        "seconds": time.monotonic() - started,
    }
    none = rows == 0 or (kind == "select" and form == "csv" and payload.count(b"\n") == 1)
    if none and request.get("explain"):
        header["because"] = _explained(store, asked, request)
    return header, payload


def _explained(store: ox.Store, asked: dataset.Arranged, request: dict[str, Any]) -> list[str]:
    """Return why there are no rows; a fault in finding that out takes nothing from the answer."""
    try:
        return doctor.diagnose(store, request["query"], asked.default, asked.named, request.get("base"))
    except Exception as error:  # the text is anyone's, and reading it is no parsing
        print(f"no explanation: {type(error).__name__}: {error}", file=sys.stderr)
        return []


def located(store: ox.Store, text: str, message: str, base: str | None = None) -> tuple[str, int | None]:
    """Return the parser's message and the place in the text that it is about, as exactly as can be told."""
    place = faults.offset(text, message)
    if place is None or not faults.short(text):
        return message, place
    longer, places = faults.stretched(text)
    try:
        store.query(longer, base_iri=base)
    except SyntaxError as error:
        found = faults.offset(longer, str(error))
        if found is not None:
            return str(error), faults.token_at(found, places)
    return message, place


def _ordered(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield a small graph in order and without repeats, a large one as it comes."""
    rest = iter(triples)
    first = list(islice(rest, SORTED + 1))
    if len(first) > SORTED:
        return chain(first, rest)
    lines = (ox.serialize(first, format=ox.RdfFormat.N_TRIPLES) or b"").split(b"\n")[:-1]  # faster to sort than triples
    places = dict(zip(lines, range(len(first)), strict=True))
    return (first[places[line]] for line in sorted(places))


def _only_used_prefixes(turtle: bytes) -> bytes:
    """Return Turtle without the prefix lines that nothing in it uses."""
    lines = turtle.split(b"\n")
    head = 0
    while head < len(lines) and lines[head].startswith(b"@prefix "):
        head += 1
    body = b"\n".join(lines[head:])
    used = [line for line in lines[:head] if _has_name(body, line.split(b" ", 2)[1])]
    return b"\n".join([*sorted(used), body])


def _has_name(turtle: bytes, prefix: bytes) -> bool:
    """Return whether a name with this prefix (with its colon) may stand in a text."""
    place = turtle.find(prefix)
    while place > 0 and turtle[place - 1] not in b" \t\r\n(^,;":
        place = turtle.find(prefix, place + 1)
    return place >= 0


def _rows(payload: bytes, form: str) -> int | None:
    """Return how many solutions a serialised table has, or None for CSV, where it cannot be told from the bytes."""
    if form == "tsv":
        return payload.count(b"\n") - 1
    if form == "xml":
        return payload.count(b"<result>")
    if form == "json":
        if payload.endswith(b'"bindings":[]}}'):
            return 0
        if b"{}" in payload:  # a solution that binds nothing, or such text
            return 1 + sum(1 for match in _STRING_OR_NEXT.finditer(payload) if match.group(1))
        # within a text a quotation mark is escaped: this one opens a name, or ends a text and one of two signs follows
        return 1 + payload.count(b'}},{"') - payload.count(b'}},{"}') - payload.count(b'}},{",')
    return None


def _resident() -> int:
    """Return this process's resident memory in bytes, or 0 where the system does not tell."""
    try:
        return int(_STATM.read_bytes().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _cap_address_space(extra: int) -> None:
    """Let this process map at most `extra` bytes more, so that no sudden allocation takes the machine."""
    try:
        mapped = int(_STATM.read_bytes().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + extra, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return  # a system without /proc: the watch is all there is


def _serve(store: ox.Store, pipe: socket.socket, busy: threading.Event) -> None:
    """Answer requests until the parent hangs up."""
    try:
        while True:
            request = json.loads(_received(pipe))
            busy.set()
            header, payload = answer(store, request)
            busy.clear()
            _send(pipe, json.dumps(header).encode() + b"\n" + payload)
    except (EOFError, OSError):
        os._exit(0)


def _received(pipe: socket.socket) -> bytes:
    """Return the next message; raises EOFError when the parent has hung up. It sends no two at a time."""
    held = bytearray()
    while len(held) < _LENGTH.size or len(held) < _LENGTH.size + _LENGTH.unpack_from(held)[0]:
        piece = pipe.recv(2**16)
        if not piece:
            raise EOFError
        held += piece
    return bytes(held[_LENGTH.size :])


def _send(pipe: socket.socket, message: bytes) -> None:
    """Send a message in one piece, so that the parent wakes up once."""
    pipe.sendall(_LENGTH.pack(len(message)) + message)


def main() -> None:
    """Open the store named on the command line, say so, and answer until the parent goes."""
    descriptor, path, memory = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    pipe = socket.socket(fileno=descriptor)
    parent = os.getppid()
    try:
        store = ox.Store.read_only(path)
    except (OSError, ValueError) as error:
        _send(pipe, json.dumps({"error": "open", "message": str(error)}).encode())
        return
    busy = threading.Event()
    threading.stack_size(STACK)
    threading.Thread(target=_serve, args=(store, pipe, busy), daemon=True).start()
    _cap_address_space(memory + 256 * 2**20)
    baseline = _resident()
    _send(pipe, b'{"ready": true}')
    while os.getppid() == parent:
        if _resident() - baseline > memory:
            os._exit(OVER_MEMORY)
        if not busy.wait(1.0):
            continue
        time.sleep(0.02)
    os._exit(0)


if __name__ == "__main__":
    main()
