"""Plain dates, which are read without the grammar of EDTF, mean what that grammar says."""

import datetime

import edtf
import pytest

from kg.corpus.derive import day_bounds


@pytest.mark.parametrize(
    "text", ["2021", "0999", "2020-02", "2021-02", "2021-12", "2020-02-29", "2020-09-27", "1992-01-01", "9999-12-31"]
)
def test_a_plain_date_means_what_the_grammar_says(text: str) -> None:
    parsed = edtf.parse_edtf(text)
    assert day_bounds(text) == tuple(datetime.date(*each()[:3]) for each in (parsed.lower_strict, parsed.upper_strict))


@pytest.mark.parametrize("text", ["2021-02-30", "2021-02-00", "0000", "2021-13", "2021-00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert day_bounds(text) is None


def test_seasons_and_open_ends_are_the_grammars() -> None:
    assert day_bounds("2021-21") == (datetime.date(2021, 3, 1), datetime.date(2021, 5, 31))
    assert day_bounds("2020-09-27/..") == (datetime.date(2020, 9, 27), None)
