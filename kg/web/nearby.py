"""Finds what an address that leads nowhere may have meant: things that bear the words of its id, or nearly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.store import search, spellings
from kg.vocab import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.web.models import Link
    from kg.web.site import Site

_SHOWN = 5
_TYPED = 200  # characters of an address that are looked at
_PARTS = ("claim", "figure", "passage", "reference", "section", "statement")  # of a source: `<kind>/<source>/<number>`
_ADDRESS = re.compile(r"/(?P<kind>[a-z]+)/(?P<rest>.+)|/(?P<alone>[^/]+)/?")


def nearby(site: Site, path: str) -> tuple[Link, ...]:
    """Return a few things that an address may have meant, those of its kind first; none where nothing is like it."""
    found = _ADDRESS.fullmatch(path[:_TYPED])
    index = site.build().search
    if found is None or not index.is_file():
        return ()
    kind = found["kind"] if found["kind"] in KINDS else None
    if kind in _PARTS:
        return tuple(_source(site, found["rest"]))
    words = _words(found["rest"] or found["alone"])
    iris = list(dict.fromkeys(_alike(site, kind, words)))[:_SHOWN] if words else []
    site.learn(iris)
    return tuple(site.link(iri, site.kind(iri)) for iri in iris)


def _source(site: Site, rest: str) -> Iterator[Link]:
    """Yield the source that an address of a part of it names, which has no words to be found by."""
    iri = f"{site.build().base}source/{rest.split('/', 1)[0]}"
    if any(row["source"].value == iri for row in site.rows("sources")):
        site.learn([iri])
        yield site.link(iri, "source")


def _alike(site: Site, kind: str | None, words: str) -> Iterator[str]:
    """Yield what has all the words, then what has a name like them; of the kind first."""
    index = site.build().search
    if kind is not None:
        yield from (hit.iri for hit in search.find(index, words, kind, _SHOWN).hits)
    yield from (hit.iri for hit in search.find(index, words, None, _SHOWN).hits)
    like = spellings.like(index, words)
    yield from sorted(like, key=lambda iri: site.kind(iri) != kind)


def _words(rest: str) -> str:
    """Return the words of an id: of its last part that has any, without a suffix that names a format."""
    parts = re.sub(r"\.[a-z]{2,6}$", "", rest).split("/")
    for part in reversed(parts):
        words = [word for word in spellings.words(part) if any(sign.isalpha() for sign in word)]
        if sum(map(len, words)) >= 3:
            return " ".join(words)
    return ""
