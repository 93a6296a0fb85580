"""Dates: what bounds them, which event they are of, and what of them is in a period."""

from pathlib import Path

import pytest

from kg.store import chronicle
from kg.store.chronicle import Span
from kg.store.facets import Choice, Facets
from tests.store.builds import BASE

FLOOD, TALKS, FERRY = f"{BASE}event/flood", f"{BASE}event/talks", f"{BASE}claim/r/5"


@pytest.mark.parametrize(
    ("edtf", "first", "begun", "ended", "last", "lasting"),
    [
        ("2020-09-27", "2020-09-27", "2020-09-27", "2020-09-27", "2020-09-27", False),
        ("2020-02", "2020-02-01", "2020-02-29", "2020-02-01", "2020-02-29", False),
        ("199X", "1990-01-01", "1999-12-31", "1990-01-01", "1999-12-31", False),
        ("1990/1994-05", "1990-01-01", "1990-12-31", "1994-05-01", "1994-05-31", True),
        ("2001-05/..", "2001-05-01", "2001-05-31", "", "", True),
        ("../2001-05", "", "", "2001-05-01", "2001-05-31", True),
    ],
)
def test_a_date_is_bounded_where_it_begins_and_where_it_ends(
    edtf: str, first: str, begun: str, ended: str, last: str, lasting: bool
) -> None:
    assert chronicle.span(edtf) == Span(edtf, first, begun, ended, last, lasting)


def test_what_is_no_date_has_no_bounds() -> None:
    assert chronicle.span("next week") is None


def test_doubt_is_read_from_its_signs() -> None:
    about, perhaps, both = (chronicle.span(f"1996{sign}") for sign in "~?%")
    assert about is not None
    assert perhaps is not None
    assert both is not None
    assert [(each.approximate, each.uncertain) for each in (about, perhaps, both)] == [
        (True, False),
        (False, True),
        (True, True),
    ]


def test_dates_are_gathered_by_event_in_their_order(drawn_index: Path) -> None:
    found = chronicle.read(drawn_index)
    flood = next(each for each in found.entries if each.iri == FLOOD)
    assert [span.edtf for span, _ in flood.dates] == ["199X", "1995", "1995-03-03", "1996~"]
    assert [found.lines[numbers[0]].speakers for _, numbers in flood.dates] == [
        (f"{BASE}actor/institute",),
        (f"{BASE}actor/north",),
        (f"{BASE}actor/north",),
        (f"{BASE}actor/south",),
    ]


def test_a_date_is_of_the_event_that_the_statement_is_on_before_what_the_claim_is_about(drawn_index: Path) -> None:
    found = chronicle.read(drawn_index)
    talks = next(each for each in found.entries if each.iri == TALKS)
    assert [span.edtf for span, _ in talks.dates] == ["2001-05/.."]
    assert FERRY in {each.iri for each in found.entries}  # tells of no event, so it stands alone


def test_a_period_has_what_may_lie_in_it(drawn_index: Path) -> None:
    in_2010 = chronicle.read(drawn_index, since="2010-01-01", until="2010-12-31")
    assert [each.iri for each in in_2010.entries] == [TALKS]  # its end is open
    in_1996 = chronicle.read(drawn_index, since="1996-01-01", until="1996-12-31")
    assert {span.edtf for span, _ in in_1996.spans} == {"199X", "1996~"}


def test_claims_are_chosen_and_entries_windowed(drawn_index: Path) -> None:
    with Facets(drawn_index) as facets:
        chosen = facets.chosen(Choice(values={"speaker": ("actor/institute",)}))
    found = chronicle.read(drawn_index, chosen, limit=1, offset=1)
    assert (found.total, len(found.entries)) == (3, 1)
    assert {found.lines[number].speakers for _, numbers in found.entries[0].dates for number in numbers} == {
        (f"{BASE}actor/institute",)
    }


def test_the_claims_with_dates_are_a_bitset(drawn_index: Path) -> None:
    numbers = {number for _, number in chronicle.read(drawn_index).spans}
    assert chronicle.dated(drawn_index) == sum(1 << number for number in numbers)


def test_the_extent_reaches_from_the_first_day_to_the_last() -> None:
    spans = [span for span in map(chronicle.span, ("2001-05/..", "1990/1994")) if span]
    assert chronicle.extent(spans) == ("1990-01-01", "2001-05-01")
    assert chronicle.extent([]) is None
