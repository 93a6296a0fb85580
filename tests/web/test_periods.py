"""Periods: cut, named, and what is around and beside them."""

from datetime import date

import pytest

from kg.store.chronicle import span
from kg.web import periods
from kg.web.strips import Axis


def bars(first: str, last: str, *edtf: str) -> list[tuple[str, int, str]]:
    spans = [(found, number) for number, each in enumerate(edtf) if (found := span(each))]
    made = periods.bars(spans, Axis.over(first, last), lambda since, until: f"{since}..{until}")
    return [(bar.name, bar.count, bar.href) for bar in made]


def test_a_century_is_cut_into_decades_and_a_vague_date_counts_in_each_that_it_touches() -> None:
    found = bars("1923-01-01", "1999-12-31", "1923/1935", "199X", "1992-05-08")
    assert found[0] == ("1920s", 1, "1920..1929")
    assert [count for _, count, _ in found] == [1, 1, 0, 0, 0, 0, 0, 2]


def test_an_open_end_reaches_no_further_than_the_other_end() -> None:
    assert [count for _, count, _ in bars("1990-01-01", "1993-12-31", "1991/..", "../1991")] == [0, 2, 0, 0]


@pytest.mark.parametrize(
    ("first", "last", "name", "number"),
    [
        ("1990-01-01", "1999-12-31", "1990", 10),
        ("2020-01-01", "2020-12-31", "January 2020", 12),
        ("2020-09-01", "2020-09-30", "1 September 2020", 30),
    ],
)
def test_a_period_is_cut_into_the_next_smaller_ones(first: str, last: str, name: str, number: int) -> None:
    found = bars(first, last)
    assert (found[0][0], len(found)) == (name, number)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ((1990, 1, 1), (1999, 12, 31), "1990s"),
        ((1992, 1, 1), (1992, 12, 31), "1992"),
        ((1988, 1, 1), (1994, 12, 31), "1988 to 1994"),
        ((2020, 9, 1), (2020, 9, 30), "September 2020"),
        ((2020, 9, 27), (2020, 11, 10), "27 September 2020 to 10 November 2020"),
    ],
)
def test_a_period_has_its_name(first: tuple[int, int, int], last: tuple[int, int, int], name: str) -> None:
    assert periods.named(date(*first), date(*last)) == name


def test_around_a_month_are_its_decade_and_year() -> None:
    found = periods.around(date(2020, 9, 1), date(2020, 9, 30))
    assert found == [("2020s", "2020", "2029"), ("2020", "2020", "2020")]


def test_beside_a_period_are_those_as_long() -> None:
    before, after = periods.beside(date(2020, 1, 1), date(2020, 1, 31))
    assert before == ("December 2019", "2019-12", "2019-12")
    assert after == ("February 2020", "2020-02", "2020-02")
    before, after = periods.beside(date(2020, 9, 1), date(2020, 12, 31))
    assert before == ("May to August 2020", "2020-05", "2020-08")
    assert after == ("January to April 2021", "2021-01", "2021-04")
    before, after = periods.beside(date(2020, 12, 1), date(2021, 1, 31))
    assert before == ("October to November 2020", "2020-10", "2020-11")
    assert after == ("February to March 2021", "2021-02", "2021-03")
    assert periods.named(date(2020, 12, 1), date(2021, 1, 31)) == "December 2020 to January 2021"
    assert periods.beside(date(2020, 9, 1), date(2020, 9, 2))[1] == (
        "3 September 2020 to 4 September 2020",
        "2020-09-03",
        "2020-09-04",
    )
    assert periods.beside(date(1, 1, 1), date(9999, 12, 31)) == (None, None)
