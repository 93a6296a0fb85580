"""The address of a view of the claims: what is chosen, in which order, and which page of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlencode

from kg.errors import UsageError
from kg.store.choice import NAMES, Choice
from kg.store.facets import Order

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

WORDS, SINCE, UNTIL, SORT, PAGE, WHOLE = "q", "from", "to", "sort", "page", "all"
ORDERS: tuple[Order, ...] = get_args(Order)
_PAGES = 100_000
_VALUES = 200  # chosen in one address


@dataclass(frozen=True, slots=True)
class View:
    """Holds all that an address of /claims says; `whole` names the facet of which all values are shown."""

    choice: Choice = field(default_factory=Choice)
    order: Order | None = None  # None: the usual one
    page: int = 1
    whole: str = ""

    @property
    def sorted(self) -> Order:
        """Return the order in which the claims are shown."""
        return self.order or usual(self.choice)

    def choosing(self, choice: Choice) -> View:
        """Return the first page of another choice in the same order."""
        return replace(self, choice=choice, page=1, whole="")

    def query(self, **more: str) -> str:
        """Return the part of the address behind the question mark, always the same for the same view."""
        choice = self.choice
        said: list[tuple[str, object]] = [(WORDS, choice.words)] if choice.words else []
        said += [(name, key) for name in NAMES for key in choice.values.get(name, ())]
        said += [(SINCE, choice.since)] if choice.since is not None else []
        said += [(UNTIL, choice.until)] if choice.until is not None else []
        said += [(SORT, self.order)] if self.order else []
        said += [(WHOLE, self.whole)] if self.whole else []
        said += [(PAGE, self.page)] if self.page > 1 else []
        return urlencode([*said, *more.items()], safe="/")

    def href(self, path: str = "/claims", **more: str) -> str:
        """Return the address of the view, or of its data or query at another path."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path


def read(given: MultiDict[str, str], extra: tuple[str, ...] = ()) -> View:
    """Return the view that an address asks for; `extra` names further parameters that its page knows.

    Raises UsageError for a parameter that nothing here has the name of, and for numbers that are none.
    """
    known = (*NAMES, WORDS, SINCE, UNTIL, SORT, PAGE, WHOLE, *extra)
    if unknown := sorted(set(given) - set(known)):
        raise UsageError(f"Claims cannot be chosen by “{unknown[0]}”. They can be by: {', '.join(known)}.")
    values = {name: tuple(dict.fromkeys(filter(None, given.getlist(name)))) for name in NAMES}
    if sum(map(len, values.values())) > _VALUES:
        raise UsageError(f"An address may choose {_VALUES} values. Choose fewer.")
    order = given.get(SORT) or None
    if order is not None and order not in ORDERS:
        raise UsageError(f"Claims cannot be sorted by “{order}”. They can be by: {', '.join(ORDERS)}.")
    whole = given.get(WHOLE, "")
    if whole and whole not in NAMES:
        raise UsageError(f"There is no facet “{whole}”. Facets are: {', '.join(NAMES)}.")
    choice = Choice(
        given.get(WORDS, "").strip(),
        {name: keys for name, keys in values.items() if keys},
        _number(given, SINCE, 9999),
        _number(given, UNTIL, 9999),
    )
    said = next((each for each in ORDERS if each == order and (each != "match" or choice.words)), None)
    return View(choice, said if said != usual(choice) else None, _number(given, PAGE, _PAGES) or 1, whole)


def usual(choice: Choice) -> Order:
    """Return the order of claims where an address names none."""
    return "match" if choice.words else "text"


def is_plain(given: MultiDict[str, str], view: View) -> bool:
    """Return whether an address says nothing needless, as those do that a form makes of fields left as they were."""
    return all(value.strip() for _, value in given.items(multi=True)) and (SORT in given) == (view.order is not None)


def _number(given: MultiDict[str, str], name: str, most: int) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most):
        raise UsageError(f"{name} is a {'number' if name == PAGE else 'year'} from 1 to {most}, not “{text[:40]}”.")
    return int(text)
