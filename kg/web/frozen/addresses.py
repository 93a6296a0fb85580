"""Where the site's addresses stand in the static copy: which are kept, as which file, what stands for the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from kg.protocol import GRAPH_FORMATS

SERVER, SEARCH, GRAPH = "sparql.html", "search.html", "graph.html"
OWN = {"/sparql": SERVER, "/search": SEARCH, "/graph": GRAPH}  # pages of the copy's own, which read their parameters
_AWAY = ("/claims/query", "/data", "/health", "/metrics", "/openapi.json", "/graph.", "/graph/", "/sparql/", "/search")
_ASIS = ("/static/", "/ontology/static/", "/downloads/", "/.well-known/")
_SUFFIXES = ("csv", "graphml", "gexf", "svg", "png", "json", *(each.suffix for each in GRAPH_FORMATS))
_LISTS = {"page", "show"}  # parameters that make a page of a list


@dataclass(frozen=True, slots=True)
class Target:
    """Says what stands for an address: a file, what is said behind its name, and the address it is asked for by."""

    file: str
    behind: str = ""  # query and fragment, as in a link
    ask: str = ""  # empty for what the copy makes itself

    def link(self, page: str) -> str:
        """Return the link to it from a file of the copy."""
        return quote(relpath(self.file, page.rpartition("/")[0] or "."), safe="/:@!$&'()*+,;=~") + self.behind


def target(address: str) -> Target:
    """Return what stands for an address of the site, which begins with a slash."""
    parts = urlsplit(address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    path = parts.path if parts.path == "/" else parts.path.rstrip("/")
    if path in OWN:
        kept = [(name, value) for name, value in given if path != "/sparql" or name == "query"]
        return Target(OWN[path], (f"?{urlencode(kept)}" if kept else "") + fragment)
    if path.startswith(_AWAY):
        return Target(SERVER)
    if path.startswith(_ASIS):
        return Target(unquote(path[1:]), fragment, quote(unquote(path)))
    if _is_data(path):
        return Target(SERVER) if given else Target(unquote(path[1:]), fragment, path)
    if path == "/claims" and any(name != "page" for name, _ in given):
        return Target(SEARCH, f"?{parts.query}")
    kept = sorted((name, value) for name, value in given if name in _LISTS and re.fullmatch(r"[\w-]+", value))
    kept = [(name, value) for name, value in kept if (name, value) != ("page", "1")]
    if len(kept) != len([name for name, value in given if (name, value) != ("page", "1")]):
        kept = []  # a choice that the copy has not: the page itself stands for it
    stem = "index" if path == "/" else unquote(path[1:])
    file = ".".join((stem, *(f"{name}-{value}" for name, value in kept), "html"))
    return Target(file, fragment, path + (f"?{urlencode(kept)}" if kept else ""))


def _is_data(path: str) -> bool:
    suffix = path.rpartition("/")[2].rpartition(".")[2]
    return "." in path.rpartition("/")[2] and suffix in _SUFFIXES
