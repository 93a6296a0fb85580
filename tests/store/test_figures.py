"""Figures: everything the data say of each, in the order of the text."""

from pathlib import Path

from kg.store import figures
from tests.store.builds import BASE


def test_a_figure_has_all_that_is_said_of_it(drawn_index: Path) -> None:
    found = {each.iri.removeprefix(f"{BASE}figure/r/"): each for each in figures.read(drawn_index)}
    up_to = found["9/2"]
    assert (up_to.value, up_to.edtf, up_to.place) == ("40000", "1995", f"{BASE}place/delta")
    assert up_to.qualifier.endswith("/up-to")
    assert up_to.things == (f"{BASE}event/flood",)
    assert up_to.speakers == (f"{BASE}actor/north",)
    assert (found["10/1"].printed, found["10/1"].bounds) == ("1OO-200", (100.0, 200.0))
    assert [flag.rsplit("/", 1)[-1] for flag in found["10/1"].flags] == ["garbled"]
    assert found["10/2"].bounds is None


def test_a_series_is_read_whole(drawn_index: Path) -> None:
    found = figures.series(drawn_index, f"{BASE}source/r", "boats")
    assert [(each.value, each.role.rsplit("/", 1)[-1]) for each in found] == [
        ("60", "part"),
        ("30", "part"),
        ("100", "total"),
    ]
    assert figures.series(drawn_index, f"{BASE}source/other", "boats") == []
