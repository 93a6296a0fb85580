"""Answers queries with pyoxigraph in this process and tells how long each took: `python -m benchmarks.inprocess`.

The arguments are the descriptor of a socket and the folder of a store. A message is (query, form); the answer is
(seconds, error, body), the seconds being those of evaluating and serialising, without the way through the socket.
"""

from __future__ import annotations

import sys
import time
from multiprocessing.connection import Connection

import pyoxigraph as ox


def answer(store: ox.Store, text: str) -> bytes:
    """Return the serialised answer to a query: JSON for tables, Turtle for graphs."""
    result = store.query(text)
    if isinstance(result, ox.QueryTriples):
        return ox.serialize(result, format=ox.RdfFormat.TURTLE) or b""
    return result.serialize(format=ox.QueryResultsFormat.JSON) or b""


def main() -> None:
    """Answer until the other side hangs up."""
    pipe = Connection(int(sys.argv[1]))
    store = ox.Store.read_only(sys.argv[2])
    while True:
        try:
            text = pipe.recv()
        except EOFError:
            return
        began = time.perf_counter()
        try:
            body, error = answer(store, text), ""
        except (SyntaxError, ValueError, RuntimeError, OSError) as fault:
            body, error = b"", str(fault)
        pipe.send((time.perf_counter() - began, error, body))


if __name__ == "__main__":
    main()
