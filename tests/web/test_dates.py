"""Dates in words, and the periods that readers ask for."""

import pytest

from kg.errors import UsageError
from kg.web.dates import between, bounds, spoken


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2020-09-27", "27 September 2020"),
        ("2020-09", "September 2020"),
        ("2020", "2020"),
        ("199X", "the 1990s"),
        ("19XX", "the years 1900 to 1999"),
        ("1992~", "about 1992"),
        ("1992-05?", "perhaps May 1992"),
        ("1992%", "perhaps about 1992"),
        ("1995~/..", "from about 1995 on"),
        ("../2021-01", "until January 2021"),
        ("1988/1994", "1988 to 1994"),
        ("../..", "at any time"),
        ("2020-13", "2020-13"),
        ("[1667,1668]", "[1667,1668]"),
    ],
)
def test_a_date_is_put_in_words_or_left_as_it_is(edtf: str, words: str) -> None:
    assert spoken(edtf) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("", "", ""),
        ("2020-11-10", "2020-11-10", "10 November 2020"),
        ("2020-01-01", "2020-12-31", "2020"),
        ("1988-01-01", "1994-12-31", "1988 to 1994"),
        ("1990-01-01", "1999-12-31", "the 1990s"),
        ("2020-02-01", "2020-02-29", "February 2020"),
        ("2020-09-01", "2020-11-30", "September 2020 to November 2020"),
        ("2020-09-27", "2020-11-10", "27 September 2020 to 10 November 2020"),
        ("2020-11-10", "", "from 10 November 2020 on"),
        ("", "2020-11-10", "until 10 November 2020"),
    ],
)
def test_the_days_between_two_are_put_in_few_words(first: str, last: str, words: str) -> None:
    assert between(first, last) == words


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "", ""),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    assert bounds(text, "from") == (first, last)


@pytest.mark.parametrize("text", ["20", "2020-13", "2021-02-29", "1 May 2020", "2020-09-27/.."])
def test_what_is_no_period_is_told_with_what_is(text: str) -> None:
    with pytest.raises(UsageError, match="from is"):
        bounds(text, "from")
