"""Turns a page of the site into a page of the static copy: relative links, no form that would need a server."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from kg.web.frozen.addresses import OWN, Target, target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LINK = re.compile(r'(?<=\s)(?P<name>href|src|action|data-[a-z-]+)="(?P<at>/(?!/)[^"]*)"')
URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_FORM = re.compile(r"<form\b(?P<given>[^>]*)>.*?</form>", re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]*)"')
_MODULE = re.compile(r'<script type="module" (src="[^"]*")>')
_LEFT = (
    '<p class="quiet">Choosing and filtering here needs a server: <a href="/search">search this copy</a> instead, or '
    '<a href="/sparql">run a server</a>.</p>'
)


def links(file: str, content: bytes) -> Iterator[str]:
    """Yield the addresses of the site that a page or style sheet links to or loads, less what the copy leaves out."""
    if file.endswith(".css"):
        yield from (urljoin(f"/{file}", each) for each in URL.findall(content.decode("utf-8")) if ":" not in each)
    if not file.endswith(".html"):
        return
    for found in _LINK.finditer(_without_forms(content.decode("utf-8"))):
        if not found["name"].startswith("data-") or "." in found["at"]:
            yield unescape(found["at"])


def rewritten(page: str, file: str, note: str, where: Callable[[str], Target]) -> str:
    """Return a page as it stands in a file of the copy, with a note at its foot; `where` says what links lead to."""

    def link(found: re.Match[str]) -> str:
        return f'{found["name"]}="{escape(where(unescape(found["at"])).link(file))}"'

    page = _without_forms(page).replace("</footer>", f"{note}\n</footer>")
    # a module is not loaded from a file that a browser opens by itself; without imports it is a script like any other
    return _LINK.sub(link, _MODULE.sub(r"<script defer \1>", page))


def _without_forms(page: str) -> str:
    """Return a page without the forms that only a server could answer."""

    def kept(form: re.Match[str]) -> str:
        action = _ACTION.search(form["given"])
        at = target(unescape(action[1])).file if action and action[1].startswith("/") else ""
        return form[0] if at in OWN.values() and "post" not in form["given"].lower() else _LEFT

    return _FORM.sub(kept, page)
