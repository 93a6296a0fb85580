"""Names periods of time and cuts them into smaller ones: decades, years, months, days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.store.chronicle import Span
    from kg.web.strips import Axis

Unit = Literal["decade", "year", "month", "day"]
Named = tuple[str, str, str]  # name, first and last as they stand in addresses
_FINEST = ((30 * 366, "decade"), (800, "year"), (62, "month"), (0, "day"))  # by how many days there are
HEIGHT = 72  # of the highest bar, in pixels
_LABELS = 9  # of bars on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """Counts the claims that give a date within a period; `at` and `width` are percentages, `height` is pixels."""

    name: str
    short: str
    count: int
    at: float
    width: float
    height: float
    href: str
    shown: bool  # whether its name has room below it

    @property
    def middle(self) -> float:
        """Return where its middle is."""
        return round(self.at + self.width / 2, 3)

    @property
    def inner(self) -> tuple[float, float]:
        """Return where it begins and how wide it is, less the gap beside it."""
        return round(self.at + self.width * 0.08, 3), round(self.width * 0.84, 3)


def bars(spans: Iterable[tuple[Span, int]], axis: Axis, href: Callable[[str, str], str]) -> tuple[Bar, ...]:
    """Return a bar for each period that an axis is cut into, with the number of claims that may tell of it.

    A date that reaches over several periods counts in each; an open end reaches no further than the other end.
    """
    cut = list(_cut(axis.first, axis.last))
    counts = []
    given = list(spans)
    for first, last in cut:
        low, high = first.isoformat(), last.isoformat()
        counts.append(
            len(
                {
                    claim
                    for span, claim in given
                    if (span.last or span.first) >= low and (span.first or span.last) <= high
                }
            )
        )
    most = max(counts, default=0) or 1
    width = 100 / len(cut)
    every = -(-len(cut) // _LABELS)
    found = []
    for place, ((first, last), count) in enumerate(zip(cut, counts, strict=True)):
        name, since, until = _named(first, last)
        height = round(max(2.0, HEIGHT * count / most), 1) if count else 0.0
        shown = place % every == 0
        found.append(
            Bar(
                name,
                _short(first, last),
                count,
                round(place * width, 3),
                round(width, 3),
                height,
                href(since, until),
                shown,
            )
        )
    return tuple(found)


def _cut(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the whole periods that cover some days: decades, years, months or days, as many as can be told apart."""
    days = (last - first).days + 1
    unit = next(unit for least, unit in _FINEST if days > least)
    start = _start(first, unit)
    while start <= last:
        after = _after(start, unit)
        yield start, after - timedelta(days=1)
        start = after


def _start(day: date, unit: str) -> date:
    if unit == "decade":
        return date(max(1, day.year // 10 * 10), 1, 1)
    return day.replace(month=1, day=1) if unit == "year" else day.replace(day=1) if unit == "month" else day


def _after(start: date, unit: str) -> date:
    if unit == "decade":
        return date(start.year // 10 * 10 + 10, 1, 1)
    if unit == "year":
        return date(start.year + 1, 1, 1)
    if unit == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=1)


def _unit(first: date, last: date) -> Unit | None:
    """Return what single period some days are, or None where they are none."""
    units: tuple[Unit, ...] = ("day", "month", "year", "decade")
    ending = last + timedelta(days=1)
    return next((unit for unit in units if _start(first, unit) == first and _after(first, unit) == ending), None)


def _months(first: date, last: date) -> int:
    """Return of how many whole months some days are, or 0 where they are of none."""
    ending = last + timedelta(days=1)
    whole = first.day == ending.day == 1
    return (ending.year - first.year) * 12 + ending.month - first.month if whole else 0


def _moved(day: date, months: int) -> date:
    """Return the day as many months later (or, below 0, before) in which a month begins."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _named(first: date, last: date) -> Named:
    unit = _unit(first, last)
    if unit == "decade":
        return f"{first.year}s", str(first.year), str(last.year)
    if unit == "year":
        return str(first.year), str(first.year), str(first.year)
    if unit == "month":
        month = f"{first.year}-{first.month:02}"
        return f"{calendar.month_name[first.month]} {first.year}", month, month
    day = f"{first.day} {calendar.month_name[first.month]} {first.year}"
    if unit == "day":
        return day, first.isoformat(), first.isoformat()
    end = f"{last.day} {calendar.month_name[last.month]} {last.year}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year} to {last.year}", str(first.year), str(last.year)
    if _months(first, last):
        year = f" {first.year}" if first.year != last.year else ""
        name = f"{calendar.month_name[first.month]}{year} to {calendar.month_name[last.month]} {last.year}"
        return name, f"{first.year}-{first.month:02}", f"{last.year}-{last.month:02}"
    return f"{day} to {end}", first.isoformat(), last.isoformat()


def named(first: date, last: date) -> str:
    """Return the name of a period."""
    return _named(first, last)[0]


def _short(first: date, last: date) -> str:
    unit = _unit(first, last)
    if unit == "month":
        return f"{calendar.month_abbr[first.month]} {first.year % 100:02}"
    return str(first.day) if unit == "day" else _named(first, last)[0]


def around(first: date, last: date) -> list[Named]:
    """Return the decade, year and month that a period lies in and is less than, the widest first."""
    units: tuple[Unit, ...] = ("decade", "year", "month")
    found = []
    for unit in units:
        start = _start(first, unit)
        end = _after(start, unit) - timedelta(days=1)
        if end >= last and (start, end) != (first, last):
            found.append(_named(start, end))
    return found


def beside(first: date, last: date) -> tuple[Named | None, Named | None]:
    """Return the periods just as long before and after one, where the calendar has room for them."""
    try:
        unit = _unit(first, last)
        ending = last + timedelta(days=1)
        if unit is not None:
            before = _start(first - timedelta(days=1), unit)
            return _named(before, first - timedelta(days=1)), _named(ending, _after(ending, unit) - timedelta(days=1))
        if months := _months(first, last):
            after = _moved(ending, months) - timedelta(days=1)
            return _named(_moved(first, -months), first - timedelta(days=1)), _named(ending, after)
        length = ending - first
        return _named(first - length, first - timedelta(days=1)), _named(ending, last + length)
    except (OverflowError, ValueError):
        return None, None
