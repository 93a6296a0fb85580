"""Dates on an axis: what is exact, vague and open is drawn so."""

import pytest

from kg.store.chronicle import span
from kg.web.site import Site
from kg.web.strips import Axis, Piece, of_thing, pieces
from tests.store.builds import BASE

DECADE = Axis.over("1990-01-01", "1999-12-31")


def drawn(edtf: str, axis: Axis = DECADE) -> list[str]:
    date = span(edtf)
    assert date is not None
    return [piece.shape for piece in pieces(date, axis)]


@pytest.mark.parametrize(
    ("edtf", "shapes"),
    [
        ("1992-05-08", ["dot"]),
        ("1992-05", ["ring"]),  # too short to be drawn as long as it is
        ("1992", ["vague"]),
        ("199X", ["vague"]),
        ("1992-05-08/1994-02-01", ["solid"]),
        ("1992/1994", ["vague", "solid", "vague"]),
        ("1992/1992", ["vague"]),
        ("1992-05-08/..", ["fade-right"]),
        ("1992/..", ["vague", "fade-right"]),
        ("../1992-05-08", ["fade-left"]),
        ("../1992", ["fade-left", "vague"]),
        ("2005", []),  # after what is shown
        ("1980/1995-01-01", ["solid"]),  # begins before what is shown
    ],
)
def test_a_date_is_drawn_as_surely_as_it_is_given(edtf: str, shapes: list[str]) -> None:
    assert drawn(edtf) == shapes


def test_pieces_follow_each_other_on_the_axis() -> None:
    date = span("1992/1994")
    assert date is not None
    found = pieces(date, DECADE)
    assert [piece.at for piece in found] == sorted(piece.at for piece in found)
    assert found[0].at == DECADE.at("1992-01-01")
    assert found[-1].at + found[-1].width == pytest.approx(DECADE.at("1994-12-31", end=True), abs=0.02)


def test_a_vague_date_is_as_long_as_it_may_reach() -> None:
    date = span("199X")
    assert date is not None
    assert pieces(date, DECADE) == (Piece("vague", 2.0, 96.0),)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("1923-01-01", "2021-07-31", ["1940", "1960", "1980", "2000", "2020"]),
        ("1990-01-01", "1999-12-31", ["1990", "1992", "1994", "1996", "1998"]),
        ("2020-01-01", "2020-12-31", ["Jan 2020", "Apr 2020", "Jul 2020", "Oct 2020"]),
        ("2020-09-01", "2020-09-30", ["1 Sep", "15 Sep", "29 Sep"]),
        ("2020-09-27", "2020-09-27", ["27 Sep"]),
    ],
)
def test_an_axis_has_few_marks_at_round_dates(first: str, last: str, labels: list[str]) -> None:
    assert [tick.label for tick in Axis.over(first, last).ticks()] == labels


def test_a_thing_has_its_own_strip(drawn_site: Site) -> None:
    strip = of_thing(drawn_site, f"{BASE}event/flood")
    assert strip is not None
    assert [row.link.label for row in strip.rows] == ["The great flood", "The ferry talks"]
    assert [date.words for date in strip.rows[0].dates] == ["the 1990s", "1995", "3 March 1995", "about 1996"]
    assert [date.dashed for date in strip.rows[0].dates] == [False, False, False, True]
    place = of_thing(drawn_site, f"{BASE}place/ferry-town")
    assert place is not None
    assert place.href == "/timeline?place=place/ferry-town"
    assert of_thing(drawn_site, f"{BASE}place/mill") is None
    assert of_thing(drawn_site, f"{BASE}place/nowhere") is None
