"""The direct way to the endpoint: a query for data, read, asked and answered without the framework of the pages.

The framework costs several times what a look-up does. So what is plainly a query goes this way, on the event loop, and
everything else the other: pages, the editor, the service description, and the wording of errors.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from kg import protocol
from kg.errors import AscribeError
from kg.formats import RESULT_FORMATS, by_key
from kg.store import doctor
from kg.store.engine import ASKER, Asker
from kg.store.syntax import is_volatile
from kg.web import delivery, watch
from kg.web.delivery import Reply, Terms

if TYPE_CHECKING:
    from kg.protocol import Query
    from kg.store.engine import Answer, Engine
    from kg.web.requests import Request
    from kg.web.watch import Watch

OFFERED = (*RESULT_FORMATS, *protocol.GRAPH_FORMATS)
PATH = "/sparql"
_ALWAYS = delivery.HEADERS | delivery.OPEN


class Question:
    """Holds a query for data and how its answer goes out; raises NotAcceptableError where that cannot be."""

    def __init__(self, query: Query, accept: str | None, terms: Terms) -> None:
        self._query, self._terms = query, terms
        self._form = protocol.choose(query, accept).key
        self._tagged = not is_volatile(query.text)

    def unchanged(self, digest: str) -> Reply | None:
        """Return 304 where the client has the answer that the dataset with this digest gives, else None."""
        if not self._tagged or self._terms.known is None:
            return None
        return delivery.unchanged(self._tag(digest), self._terms)

    def asked(self) -> dict[str, Any]:
        """Return what the engine is asked, by name."""
        query, form = self._query, self._form
        return {
            "text": query.text,
            "table": "json" if query.is_graph else form,
            "graph": form if query.is_graph else "turtle",
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "timeout": query.timeout,
        }

    def is_costly(self, answer: Answer) -> bool:
        """Return whether `reply` takes a while."""
        return delivery.is_costly(answer, self._terms)

    def reply(self, answer: Answer) -> Reply:
        """Return the answer as it goes out."""
        given = by_key(answer.format)
        media = given.media_type if given else "application/octet-stream"
        kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
        entity = self._tag(answer.digest) if self._tagged else None
        found = delivery.whole(answer, kind, entity, self._terms)
        if answer.because:
            found.headers["X-Empty-Because"] = doctor.header(answer.because)
        return found

    def _tag(self, digest: str) -> str:
        query = self._query
        return delivery.tag(digest, query.text, self._form, query.default_graphs, query.named_graphs)


class Direct:
    """Answers queries for data on the engine's event loop."""

    def __init__(self, engine: Engine, watching: Watch, limit: int) -> None:
        self._engine, self._watching, self._limit = engine, watching, limit

    async def reply(self, request: Request) -> Reply | None:
        """Return the answer to what is plainly a query, else None; raises what the engine does."""
        query = self._read(request)
        if query is None:
            return None
        try:
            question = Question(query, request.headers.get("accept"), _terms(request))
        except AscribeError:
            return None
        request.query = query.text
        ASKER.set(Asker(watch.client(request.client)))
        found, answer = question.unchanged(self._engine.build().digest), None
        if found is None:
            answer = await self._engine.answer(**question.asked())
            costly = question.is_costly(answer)
            found = await asyncio.to_thread(question.reply, answer) if costly else question.reply(answer)
        self._note(request, found, answer)
        found.headers.update(_ALWAYS)
        return found

    def _read(self, request: Request) -> Query | None:
        """Return the query that a request puts, or None for a request that is none of ours, or wrong in any way."""
        if request.path != PATH or protocol.prefers_html(request.headers.get("accept"), OFFERED):
            return None
        try:
            return protocol.read_request(
                request.method, request.headers.get("content-type"), request.parameters, request.body, self._limit
            )
        except AscribeError:
            return None

    def _note(self, request: Request, reply: Reply, answer: Answer | None) -> None:
        self._watching.note(
            watch.Exchange(
                client=request.client,
                method=request.method,
                path=request.path,
                route=PATH,
                status=reply.status,
                size=int(reply.headers.get("Content-Length", 0)),
                seconds=time.perf_counter() - request.began,
                query=request.query,
                rows=answer.rows if answer else None,
                outcome=watch.outcome(answer) if answer else None,
            )
        )


def _terms(request: Request) -> Terms:
    return Terms(request.method, request.headers.get("accept-encoding"), request.headers.get("if-none-match"))
