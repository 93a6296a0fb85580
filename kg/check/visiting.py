"""Asks a server as a program does that follows links: one request, one answer, no redirect followed unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

_TIMEOUT = 60.0
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w-]+=(?:\"[^\"]*\"|[^\",;\s]+))*)")
_PARAMETER = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|([^\",;\s]+))")


@dataclass(frozen=True, slots=True)
class Link:
    """Holds one link of a header: its absolute target, its relation, and the media type where it says one."""

    target: str
    relation: str
    media: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds what a server answered; the names of headers are in small letters."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """Return the media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    def links(self, relation: str = "") -> list[Link]:
        """Return the links of the header, all or those of a relation."""
        found = []
        for target, rest in _LINK.findall(self.headers.get("link", "")):
            known = {name: quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
            where, media = urljoin(self.url, target), known.get("type", "")
            found += [Link(where, each, media) for each in known.get("rel", "").split()]
        return [link for link in found if relation in ("", link.relation)]


def get(url: str, accept: str = "*/*", method: str = "GET") -> Answer:
    """Return the answer to a request."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={"Accept": accept})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(url, answer.status, headers, answer.read())
    finally:
        connection.close()


def follow(url: str, accept: str = "*/*") -> Answer:
    """Return the answer at the end of at most five redirects, and of none that lead to another server."""
    answer = get(url, accept)
    for _ in range(5):
        where = urljoin(answer.url, answer.headers.get("location", ""))
        if answer.status not in (301, 302, 303, 307, 308) or urlsplit(where).netloc != urlsplit(url).netloc:
            break
        answer = get(where.partition("#")[0], accept)
    return answer
