"""Puts dates in words: EDTF as it stands in the data, and the years, months and days that readers ask for."""

from __future__ import annotations

import calendar
import re

from kg.errors import UsageError

_MONTHS = tuple(calendar.month_name)
_DAY = re.compile(r"(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_ASKED = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_YEARS = range(1, 9990)  # that can be asked for: the calendar has decades around them


def spoken(edtf: str) -> str:
    """Return an EDTF date in words; what has no words here is returned as it is."""
    start, slash, end = edtf.partition("/")
    if not slash:
        return _point(edtf)
    opened, closed = start.strip(".") == "", end.strip(".") == ""
    if opened and closed:
        return "at any time"
    if opened:
        return f"until {_point(end)}"
    if closed:
        return f"from {_point(start)} on"
    return f"{_point(start)} to {_point(end)}"


def between(first: str, last: str) -> str:
    """Return the days from a first to a last one (ISO 8601) in words, whole months and years by their names.

    Either may be empty, where nothing is known of it; nothing is said where both are.
    """
    if not (first and last):
        return spoken(f"{first}/{last}") if first or last else ""
    if first.endswith("-01-01") and last.endswith("-12-31"):
        first, last = first[:4], last[:4]
    elif first.endswith("-01") and last == bounds(last[:7], "last")[1]:
        first, last = first[:7], last[:7]
    if first == last:
        return spoken(first)
    if len(first) == 4 and first[:3] == last[:3] and (first[3], last[3]) == ("0", "9"):
        return spoken(f"{first[:3]}X")
    return spoken(f"{first}/{last}")


def _point(text: str) -> str:
    """Return one date in words, with what is said of how sure it is."""
    bare = text.strip("~?%")
    sign = text.removeprefix(bare)
    before = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}.get(sign[-1:], "")
    if re.fullmatch(r"\d{3}X", bare):
        return f"{before}the {bare[:3]}0s"
    if re.fullmatch(r"\d{2}XX", bare):
        return f"{before}the years {bare[:2]}00 to {bare[:2]}99"
    found = _DAY.fullmatch(bare)
    if found is None:
        return text
    year, month, day = found.groups()
    if month is None:
        return f"{before}{year}"
    if not 1 <= int(month) <= 12:
        return text
    return before + " ".join(filter(None, (str(int(day)) if day else "", _MONTHS[int(month)], year)))


def bounds(text: str, name: str) -> tuple[str, str]:
    """Return the first and last day (ISO 8601) of a year, month or day that a reader gave in the parameter `name`.

    Both are empty where nothing was given. Raises UsageError for anything else.
    """
    if not text:
        return "", ""
    found = _ASKED.fullmatch(text)
    if found is None or int(found.group(1)) not in _YEARS:
        raise UsageError(f"{name} is a year, month or day (2020, 2020-09 or 2020-09-27), not “{text}”.")
    year, month, day = found.groups()
    if day is not None:
        if int(day) > calendar.monthrange(int(year), int(month))[1]:
            raise UsageError(f"{name} is “{text}”: there is no such day.")
        return text, text
    if month is not None:
        return f"{year}-{month}-01", f"{year}-{month}-{calendar.monthrange(int(year), int(month))[1]}"
    return f"{year}-01-01", f"{year}-12-31"
