"""How an answer goes out: with a tag that tells whether it is still the same, compressed, and never in part.

Nothing here needs a framework: the pages' one and the direct way to the endpoint (:mod:`kg.web.direct`) share it.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import IO, TYPE_CHECKING

import brotli
from flask import Response, request
from werkzeug.http import parse_etags
from werkzeug.wsgi import wrap_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.store.engine import Answer

SMALL = 1000  # bytes; less is sent as it is
EXPOSED = "Allow, Content-Length, ETag, Link, Retry-After, X-Empty-Because"  # what scripts elsewhere may read
HEADERS = {  # of every answer
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; img-src 'self' data:",  # the style sheets of the browser libraries have pictures in them
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}  # of all but pages
_KEPT = 256 * 2**10  # bytes; what is larger is compressed anew each time
_LARGE = 4 * 2**20  # bytes; a page or file that is larger is sent as it is
_CODINGS = ("br", "gzip")  # the first is taken where a client likes both as well: it is smaller and takes no longer
_PIECE = 256 * 2**10  # bytes of a file that are compressed at a time
_COMPRESSED = ("text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml")
_SHARED = "public, no-cache"  # anyone may keep it and asks each time whether it is still the same
_VARY = "Accept, Accept-Encoding"


@dataclass(frozen=True, slots=True)
class Terms:
    """Holds what a request says of how its answer shall go out: method, Accept-Encoding, If-None-Match."""

    method: str
    encodings: str | None = None
    known: str | None = None

    @classmethod
    def here(cls) -> Terms:
        """Return the terms of the request that the framework handles now."""
        headers = request.headers
        return cls(request.method, headers.get("Accept-Encoding"), headers.get("If-None-Match"))

    @property
    def is_read(self) -> bool:
        """Return whether a cache may keep the answer."""
        return self.method in ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Reply:
    """Holds an answer as it goes out; a large one in a file, which has no name any more and goes when it is closed."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    file: IO[bytes] | None = None

    def response(self) -> Response:
        """Return the framework's response; the server reads the file, so that no thread waits for a slow client."""
        body = self.body if self.file is None else wrap_file(request.environ, self.file)
        found = Response(body, self.status, self.headers, direct_passthrough=self.file is not None)
        if "Content-Type" not in self.headers:
            del found.headers["Content-Type"]
        return found


def tag(digest: str, *asked: object) -> str:
    """Return the entity tag of the answer that a dataset gives to what was asked."""
    return hashlib.sha256("\0".join(map(repr, (digest, *asked))).encode("utf-8", "replace")).hexdigest()[:32]


def is_known(entity: str, terms: Terms) -> bool:
    """Return whether the client says that it has this very answer."""
    return terms.known is not None and terms.is_read and entity in parse_etags(terms.known).as_set(include_weak=True)


def unchanged(entity: str, terms: Terms) -> Reply | None:
    """Return 304 where the client has this answer already, else None."""
    return Reply(304, {"Vary": _VARY, **_mark(entity)}) if is_known(entity, terms) else None


def whole(answer: Answer, media: str, entity: str | None, terms: Terms) -> Reply:
    """Return an answer as it goes out, tagged unless `entity` is None: it may differ the next time then."""
    headers = {"Content-Type": media, "Vary": _VARY}
    if entity is None:
        headers["Cache-Control"] = "no-store"
    elif terms.is_read:
        headers |= _mark(entity)
    packing = coding(terms.encodings) if gains(media) else None
    if answer.path is not None:
        return _from_file(answer, headers, packing)
    body = answer.data
    if packing is not None and len(body) > SMALL:
        body = _packed_once(body, packing) if len(body) <= _KEPT else _packed(body, packing)
        headers["Content-Encoding"] = packing
    headers["Content-Length"] = str(len(body))
    return Reply(200, headers, body)


def is_costly(answer: Answer, terms: Terms) -> bool:
    """Return whether it takes a while to have an answer ready: it is large and goes out compressed."""
    return answer.size > _KEPT and coding(terms.encodings) is not None


def _mark(entity: str) -> dict[str, str]:
    # weak: the same answer in other bytes when it is compressed
    return {"ETag": f'W/"{entity}"', "Cache-Control": _SHARED}


def _from_file(answer: Answer, headers: dict[str, str], packing: str | None) -> Reply:
    assert answer.path is not None  # noqa: S101 - for the type checker
    file: IO[bytes] = answer.path.open("rb")
    answer.close()
    size = answer.size
    if packing is not None:
        file, size = _packed_file(file, packing)
        headers["Content-Encoding"] = packing
    headers["Content-Length"] = str(size)
    return Reply(200, headers, file=file)


def _packed_file(plain: IO[bytes], packing: str) -> tuple[IO[bytes], int]:
    """Return a compressed copy of a file, and its size; the file is closed."""
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
    feed, end = _packer(packing, 1)
    with plain:
        for piece in iter(partial(plain.read, _PIECE), b""):
            target.write(feed(piece))
    target.write(end())
    size = target.tell()
    target.seek(0)
    return target, size


def compress(response: Response) -> Response:
    """Compress what a client takes compressed and what gains by it; for all answers of the framework."""
    if response.status_code in (204, 304) or not gains(response.mimetype):
        return response
    response.vary.add("Accept-Encoding")
    size = response.content_length
    if "Content-Encoding" in response.headers or (size is not None and not SMALL < size <= _LARGE):
        return response
    packing = coding(request.headers.get("Accept-Encoding"))
    if packing is None:
        return response
    if response.direct_passthrough:
        response.direct_passthrough = False
    data = response.get_data()
    if not SMALL < len(data) <= _LARGE:
        return response
    may_keep = len(data) <= _KEPT and not response.cache_control.no_store
    response.set_data((_packed_once if may_keep else _packed)(data, packing))
    response.headers["Content-Encoding"] = packing
    entity, weak = response.get_etag()
    if entity is not None and not weak:
        response.set_etag(entity, weak=True)
    return response


@lru_cache(maxsize=64)
def gains(media: str | None) -> bool:
    """Return whether data of this media type get smaller when they are compressed."""
    return media is not None and (
        media.startswith(_COMPRESSED)
        or "rdf" in media
        or media.startswith(("application/sparql-results", "application/ld+json", "application/n-", "application/trig"))
    )


@lru_cache(maxsize=256)
def coding(header: str | None) -> str | None:
    """Return how an Accept-Encoding header has answers compressed, "br" or "gzip", or None for not at all.

    It is the one with the higher weight; `*` stands for what is not named, and x-gzip for gzip.
    """
    weights: dict[str, float] = {}
    for part in (header or "").lower().split(","):
        name, *parameters = [piece.strip() for piece in part.split(";")]
        weights[name.removeprefix("x-")] = next((_weight(each) for each in parameters if each.startswith("q=")), 1.0)
    others = weights.get("*", 0.0)
    weight, best = max(((weights.get(name, others), name) for name in _CODINGS), key=lambda each: each[0])
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


def _weight(parameter: str) -> float:
    try:
        found = float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1 else 0.0


def _packer(packing: str, level: int) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """Return what takes data to be compressed, and what ends them; both give what is ready, the same for the same."""
    if packing == "br":
        smaller = brotli.Compressor(quality=level)
        return smaller.process, smaller.finish
    usual = zlib.compressobj(level, wbits=31)
    return usual.compress, usual.flush


def _packed(data: bytes, packing: str) -> bytes:
    """Return bytes compressed."""
    feed, end = _packer(packing, 4)
    return feed(data) + end()


_packed_once = lru_cache(maxsize=128)(_packed)
