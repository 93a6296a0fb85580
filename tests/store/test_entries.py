"""The lists of things in the index: names in any spelling, classes, numbers of claims, and their order."""

from pathlib import Path

import pytest

from kg.store import entries
from tests.store import builds


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builds.make(tmp_path_factory.mktemp("entries") / "0001") / "search.sqlite"


def keys(listed: entries.Listed) -> list[str]:
    return [each.key.split("/", 1)[1] for each in listed.entries]


def test_things_come_by_name_with_class_and_claims(index: Path) -> None:
    listed = entries.read(index, "actor")
    assert keys(listed) == ["ada-smith", "daily-post", "northland", "institute", "observers", "southland"]
    southland = listed.entries[-1]
    assert (southland.label, southland.type.rsplit("#", 1)[-1], southland.claims, southland.said) == (
        "Southland",
        "State",
        2,
        1,
    )


@pytest.mark.parametrize(
    ("order", "first"),
    [("-name", "southland"), ("-claims", "southland"), ("said", "ada-smith"), ("-said", "institute")],
)
def test_things_are_sorted(index: Path, order: entries.Order, first: str) -> None:
    assert keys(entries.read(index, "actor", order=order))[0] == first


@pytest.mark.parametrize("words", ["simali olke", "ŞİMALİ", "republic north", "Northl"])
def test_a_thing_is_found_by_each_of_its_names(index: Path, words: str) -> None:
    assert keys(entries.read(index, "actor", words)) == ["northland"]


def test_what_no_name_holds_is_not_found_and_classes_are_counted_apart(index: Path) -> None:
    assert entries.read(index, "actor", "100%").total == 0
    states = entries.read(index, "actor", type_="https://w3id.org/ascribe/ns#State")
    assert (states.total, keys(states)) == (2, ["northland", "southland"])
    assert sum(states.types.values()) == 6


def test_a_window_says_how_many_there_are(index: Path) -> None:
    listed = entries.read(index, "actor", limit=2, offset=4)
    assert (keys(listed), listed.total) == (["observers", "southland"], 6)
    assert entries.kinds(index)["agreement"] == 2
