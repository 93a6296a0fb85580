"""Checks a static site: every link, image, script and anchor leads to something inside it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kg.web.frozen.rewriting import URL

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(r"""^import\b[^"']*["']([^"']+)["']""", re.MULTILINE)


class _Page(HTMLParser):
    """Collects what a page links to, and the names of its places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if value is None:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self.places.add(value)
            elif name in ("href", "src", "action") or (name.startswith("data-") and value.startswith(("/", "../"))):
                self.links.add(value)


def broken(folder: Path) -> list[str]:
    """Return each link of a static site that leads nowhere inside it, as “file: link”, in order."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {name: _Page((folder / name).read_text("utf-8")) for name in sorted(files) if name.endswith(".html")}
    places = {name: page.places for name, page in pages.items()}
    links = {name: page.links for name, page in pages.items()}
    for name in sorted(files):
        if name.endswith((".js", ".mjs")):
            links[name] = set(_IMPORT.findall((folder / name).read_text("utf-8")))
        elif name.endswith(".css"):
            links[name] = set(URL.findall((folder / name).read_text("utf-8")))
    return [
        f"{name}: {link}"
        for name in sorted(links)
        for link in sorted(links[name])
        if not _leads(name, link, files, places)
    ]


def _leads(name: str, link: str, files: set[str], places: dict[str, set[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "mailto", "data", "geo", "tel")
    if parts.path.startswith("/"):
        return False
    file = normpath(join(dirname(name), unquote(parts.path))) if parts.path else name
    if file not in files:
        return False
    return not parts.fragment or file not in places or unquote(parts.fragment) in places[file]
