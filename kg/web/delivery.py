"""How an answer goes out: with a tag that tells whether it is still the same, compressed, and never in part."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
import zlib
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from flask import Response, request
from werkzeug.wsgi import wrap_file

if TYPE_CHECKING:
    from kg.store.engine import Answer

SMALL = 1000  # bytes; less is sent as it is
_KEPT = 256 * 2**10  # bytes; what is larger is compressed anew each time
_LARGE = 4 * 2**20  # bytes; a page or file that is larger is sent as it is
_COMPRESSED = ("text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml")
_SHARED = "public, no-cache"  # anyone may keep it and asks each time whether it is still the same


def tag(digest: str, *asked: object) -> str:
    """Return the entity tag of the answer that a dataset gives to what was asked."""
    return hashlib.sha256("\0".join(map(repr, (digest, *asked))).encode("utf-8", "replace")).hexdigest()[:32]


def unchanged(entity: str) -> Response | None:
    """Return 304 where the client has this answer already, else None."""
    if request.method not in ("GET", "HEAD") or not request.if_none_match.contains_weak(entity):
        return None
    if request.if_none_match.star_tag:
        return None
    response = Response(status=304)
    del response.headers["Content-Type"]
    response.headers["Vary"] = "Accept, Accept-Encoding"
    _mark(response, entity)
    return response


def whole(answer: Answer, media: str, entity: str | None) -> Response:
    """Return an answer as a response, tagged unless `entity` is None: it may differ the next time then."""
    response = Response(answer.data, content_type=media) if answer.path is None else _from_file(answer, media)
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if entity is None:
        response.headers["Cache-Control"] = "no-store"
    elif request.method in ("GET", "HEAD"):
        _mark(response, entity)
    return response


def _mark(response: Response, entity: str) -> None:
    response.set_etag(entity, weak=True)  # weak: the same answer in other bytes when it is compressed
    response.headers["Cache-Control"] = _SHARED


def _from_file(answer: Answer, media: str) -> Response:
    """Return a response that the server reads from a file, which has no name any more and goes when it is closed.

    So no thread waits for a client that reads slowly.
    """
    assert answer.path is not None  # noqa: S101 - for the type checker
    file: IO[bytes] = answer.path.open("rb")
    answer.close()
    size = answer.size
    packed = _takes_gzip()
    if packed:
        file, size = _packed_file(file)
    response = Response(wrap_file(request.environ, file), content_type=media, direct_passthrough=True)
    response.content_length = size
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed_file(plain: IO[bytes]) -> tuple[IO[bytes], int]:
    """Return a compressed copy of a file, and its size; the file is closed."""
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
    with plain, gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1, mtime=0) as sink:
        shutil.copyfileobj(plain, sink, 2**18)
    size = target.tell()
    target.seek(0)
    return target, size


def compress(response: Response) -> Response:
    """Compress what a client takes compressed and what gains by it; for all answers of the application."""
    if response.status_code in (204, 304) or not _gains(response.mimetype):
        return response
    response.vary.add("Accept-Encoding")
    size = response.content_length
    if "Content-Encoding" in response.headers or (size is not None and not SMALL < size <= _LARGE):
        return response
    if not _takes_gzip():
        return response
    if response.direct_passthrough:
        response.direct_passthrough = False
    data = response.get_data()
    if not SMALL < len(data) <= _LARGE:
        return response
    may_keep = len(data) <= _KEPT and not response.cache_control.no_store
    response.set_data((_kept if may_keep else _packed)(data))
    response.headers["Content-Encoding"] = "gzip"
    entity, weak = response.get_etag()
    if entity is not None and not weak:
        response.set_etag(entity, weak=True)
    return response


def _gains(mimetype: str | None) -> bool:
    return mimetype is not None and (
        mimetype.startswith(_COMPRESSED)
        or "rdf" in mimetype
        or mimetype.startswith(
            ("application/sparql-results", "application/ld+json", "application/n-", "application/trig")
        )
    )


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0 and "gzip" in request.headers.get("Accept-Encoding", "").lower()


def _packed(data: bytes) -> bytes:
    """Return bytes compressed, the same for the same."""
    packer = zlib.compressobj(5, wbits=31)
    return packer.compress(data) + packer.flush()


@lru_cache(maxsize=128)
def _kept(data: bytes) -> bytes:
    return _packed(data)
