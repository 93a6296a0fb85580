"""The text index: names in all spellings, claims by their words and names, and input that is no query language."""

from pathlib import Path

import pytest

from kg.store import search
from tests.store.builds import BASE


@pytest.fixture
def index(small_build: Path) -> Path:
    return small_build / "search.sqlite"


def iris(found: search.Found) -> list[str]:
    return [hit.iri.removeprefix(BASE) for hit in found.hits]


def test_an_entity_is_found_by_each_of_its_names(index: Path) -> None:
    for words in ("Northland", "republic north", "Şimali Ölkə", "simali olke", "SIMALI"):
        assert "actor/northland" in iris(search.find(index, words)), words


def test_a_name_comes_before_what_mentions_it(index: Path) -> None:
    found = search.find(index, "northland")
    assert iris(found)[0] == "actor/northland"
    assert "claim/border-2020/2-001" in iris(found)


def test_a_claim_is_found_by_its_words_and_by_its_speaker(index: Path) -> None:
    assert iris(search.find(index, "buoys")) == ["claim/border-2020/2-001"]
    assert "claim/border-2020/2-002" in iris(search.find(index, "observers", kind="claim"))


def test_kinds_are_counted_and_chosen(index: Path) -> None:
    found = search.find(index, "tolls")
    assert found.kinds["claim"] >= 1
    assert found.kinds["topic"] == 1
    only = search.find(index, "tolls", kind="topic")
    assert (only.total, iris(only)) == (1, ["topic/tolls"])


def test_a_phrase_and_a_page(index: Path) -> None:
    assert iris(search.find(index, '"ferry stops"')) == ["claim/border-2020/2-002"]
    assert not search.find(index, '"stops ferry"').hits
    both = search.find(index, "river", limit=50)
    assert iris(search.find(index, "river", limit=1, offset=1)) == iris(both)[1:2]


def test_what_was_found_is_marked(index: Path) -> None:
    (hit,) = search.find(index, "buoys").hits
    assert f"{search.OPEN}buoys{search.CLOSE}" in hit.snippet


@pytest.mark.parametrize(
    "words",
    ["", " ", '"', '""', '"a', "*", "a*b", "AND", "OR NOT", "NEAR(a b)", "title:x", "^a", "(", "a AND (b", "{x} : y",
     "-a", "'; DROP TABLE documents; --", "\x00", "a\x00b", "😀", "+", "a" * 100_000, '" " "', "ﷺ", "\ud800"],
)  # fmt: skip
def test_no_input_is_an_error(index: Path, words: str) -> None:
    search.find(index, words)


def test_without_an_index_nothing_is_found(tmp_path: Path) -> None:
    assert search.find(tmp_path / "none.sqlite", "x").total == 0


def test_names_are_shown_as_they_are_spelt(index: Path) -> None:
    (hit,) = (each for each in search.find(index, "simali olke").hits if each.kind == "actor")
    assert "Ölkə" in hit.snippet
    (marked,) = (each for each in search.find(index, "ölkə").hits if each.kind == "actor")
    assert f"{search.OPEN}Ölkə{search.CLOSE}" in marked.snippet


def test_any_spelling_of_a_name_finds_what_all_its_spellings_do(index: Path) -> None:
    typed = ("Northland", "Republic of Northland", "Şimali Ölkə", "simali olke", "СИМАЛИ ОЛКЕ")
    found = {words: set(iris(search.find(index, words, limit=100))) for words in typed}
    assert "claim/border-2020/2-001" in found["Northland"]
    assert all(each == found["Northland"] for each in found.values()), found


def test_what_was_searched_too_is_told(index: Path) -> None:
    (also,) = search.find(index, "about northland and").also
    assert (also.typed, also.iri) == ("northland", f"{BASE}actor/northland")
    assert set(also.names) == {"Şimali Ölkə", "Republic of Northland"}
    assert search.find(index, '"northland"').also == ()


def test_a_short_name_finds_whole_words_only(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    from kg.store import spellings

    with closing(sqlite3.connect(tmp_path / "names.sqlite")) as connection:
        spellings.build(connection, {"us": ["US", "United States"]})
        assert spellings.expand(connection, "us").expression == (
            '(("us") OR ("US" OR "us") OR ("United States"* OR "united states"*))'
        )
        assert spellings.expand(connection, "used").expression == '("used"*)'


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Şuşa", "susa"), ("Шуша", "shusha"), ("Փաշինյան", "pashinyan"), ("Nagorno-Karabakh’s", "nagorno karabakh s"),
     ("Əliyev", "eliyev"), ("S\u0327us\u0327a", "susa"), ("", ""), ("—", "")],
)  # fmt: skip
def test_names_are_folded_to_plain_latin_letters(typed: str, folded: str) -> None:
    from kg.store import spellings

    assert spellings.fold(typed) == folded
