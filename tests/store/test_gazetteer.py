"""Places: the points on record, and who is said to control them."""

from pathlib import Path

from kg.store import gazetteer
from tests.store.builds import BASE


def test_places_have_points_or_none(drawn_index: Path) -> None:
    found = gazetteer.places(drawn_index)
    assert found[f"{BASE}place/ferry-town"].point == (40.5, 46.25)
    assert found[f"{BASE}place/ferry-town"].provenance == "an invented gazetteer"
    assert found[f"{BASE}place/mill"].point is None
    assert found[f"{BASE}place/mill"].note == "In no gazetteer."


def test_control_is_what_someone_says_with_its_date(drawn_index: Path) -> None:
    found = gazetteer.control(drawn_index)
    (taken,), (denied,) = found[f"{BASE}place/delta"], found[f"{BASE}place/ferry-town"]
    assert (taken.holder, taken.edtf, taken.denied) == (f"{BASE}actor/south", "1992", False)
    assert (denied.holder, denied.edtf, denied.denied) == (f"{BASE}actor/north", "", True)
    assert gazetteer.told(drawn_index, {taken.number})[taken.number].speakers == (f"{BASE}actor/north",)
    assert gazetteer.control(drawn_index, 0) == {}
