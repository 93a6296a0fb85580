"""Offers the values by which a page can be filtered, as menus of a form that needs no script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.web.site import Site

SHOWN = 80  # values of one menu
_CHOSEN, _WITHIN = "  # chosen\n", "  # within\n"  # stand in a page's query where the conditions of the filters go


@dataclass(frozen=True, slots=True)
class Option:
    """Offers one value of a menu, with how much there is of it."""

    key: str
    label: str
    count: int
    chosen: bool
    language: str = ""  # of the label, where it is not English


@dataclass(frozen=True, slots=True)
class Menu:
    """Offers the values of one parameter, those with most first; `more` says how many are left out."""

    name: str
    label: str
    options: tuple[Option, ...]
    more: int = 0

    @property
    def chosen(self) -> Option | None:
        """Return the value that is chosen."""
        return next((option for option in self.options if option.chosen), None)


def menu(name: str, label: str, options: Iterable[Option]) -> Menu:
    """Return a menu of the options with most, that which is chosen always among them."""
    ordered = sorted(options, key=lambda each: (not each.chosen, -each.count, each.label))
    return Menu(name, label, tuple(ordered[:SHOWN]), max(0, len(ordered) - SHOWN))


def address(path: str, given: Mapping[str, object], **changes: object) -> str:
    """Return an address with the parameters given and changed; what is empty is left out."""
    kept = {name: str(value) for name, value in {**given, **changes}.items() if value not in ("", None)}
    return f"{path}?{urlencode(kept, safe='/:')}" if kept else path


def query(site: Site, page: str, conditions: Sequence[str] = (), within: Sequence[str] = ()) -> str:
    """Return the query of a page with the conditions of its filters; `within` come after its optional parts."""
    asked = site.pages[page]
    text = asked.text
    for mark, lines in ((_CHOSEN, conditions), (_WITHIN, within)):
        text = text.replace(mark, "".join(f"  {line}\n" for line in lines))
    return replace(asked, text=text).filled(site.build().base)


def editor(text: str) -> str:
    """Return the address of the editor with a query."""
    return f"/sparql?{urlencode({'query': text, 'edit': '1'})}"


def data(text: str, form: str) -> str:
    """Return the address of a query's answer in a format, by its key."""
    return f"/sparql?{urlencode({'query': text, 'format': form})}"
