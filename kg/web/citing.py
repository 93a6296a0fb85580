"""Words what every page offers beneath it: data, query, permanent address, and the citation as text and BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.web.models import Link, Tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.site import Site

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "&%$#_{}"
}


def tools(site: Site, data: Sequence[Link], query: str, address: str, title: str, cited: str) -> Tools:
    """Return what a page offers; `query` is the editor's address with the query behind it, `cited` opens the citation.

    The citation names the data set, its version and the build, so that the very same answer can be found again.
    """
    build = site.build()
    dataset = build.facts.get("dataset")
    about = dataset if isinstance(dataset, dict) else {}
    name = str(about.get("title", "Ascribe"))
    version = str(build.facts.get("version") or "")
    said = ", ".join(filter(None, (f"version {version}" if version else "", f"build {build.digest[:12]}")))
    entry = {
        "author": f"{{{_tex(str(about.get('publisher') or name))}}}",
        "title": f"{{{_tex(title)}}}",
        "howpublished": _tex(said if title == name else f"In: {name}, {said}"),
        "year": str(about.get("issued") or "")[:4],
        "url": address,
    }
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in entry.items() if value)
    key = re.sub(r"[^a-z0-9]+", "-", address.split("//", 1)[-1].split("/", 1)[-1].lower())[:80].strip("-")
    return Tools(
        tuple(data), query, address, f"{cited} {name}, {said}. {address}", f"@misc{{{key or 'ascribe'},\n{lines}\n}}"
    )


def _tex(text: str) -> str:
    """Return a text with TeX's own signs escaped."""
    return "".join(_TEX.get(sign, sign) for sign in text)
