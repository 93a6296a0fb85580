"""What changed between two editions is told in the terms of the domain, whichever way it is worded."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import corpus
from kg.config import Config
from kg.diff import Changes, Edition, compare, read, wording
from kg.errors import UsageError

CLAIMS_1, CLAIMS_2 = "sources/river-report/claims-1.yaml", "sources/river-report/claims-2.yaml"


def write(config: Config, path: Path) -> Path:
    path.write_text("".join(f"{quad} .\n" for quad in corpus.load(config).quads), encoding="utf-8")
    return path


@pytest.fixture
def changes(tiny: Config, edit: Callable[[str, str, str], int], tmp_path: Path) -> Changes:
    before = write(tiny, tmp_path / "old.nq")
    edit(CLAIMS_2, "value: 300, qualifier: up-to,", "value: 300, qualifier: nearly,")
    edit(
        CLAIMS_2,
        "  - id: river-report/2-003\n",
        "  - id: river-report/2-003\n    withdrawn: {date: 2026-12-01, because: The passage speaks of a loan., "
        "replacedBy: [river-report/2-002]}\n",
    )
    edit(CLAIMS_1, "for almost twelve years", "for close to twelve years")
    edit(CLAIMS_1, "  - id: river-report/1-004\n", "  - id: river-report/1-104\n")
    return compare(read(before), read(write(tiny, tmp_path / "new.nq")))


def test_an_edition_does_not_differ_from_itself(tiny: Config, tmp_path: Path) -> None:
    edition = read(write(tiny, tmp_path / "one.nq"))
    assert edition.claims
    assert edition.entities
    same = compare(edition, edition)
    assert not same.any
    assert "Nothing changed." in wording.as_text(same)


def test_each_kind_of_change_is_told_as_what_it_is(changes: Changes) -> None:
    ((name, said, why),) = changes.withdrawn
    assert (name, why.date, why.replaced_by) == (
        "claim/river-report/2-003",
        "2026-12-01",
        ("claim/river-report/2-002",),
    )
    assert said.startswith("A sale of the dam")
    assert [name for name, _ in changes.vanished] == ["claim/river-report/1-004"]
    assert [name for name, _ in changes.added] == ["claim/river-report/1-104"]
    by_id = {each.id: each for each in changes.recoded}
    (text,) = by_id["claim/river-report/1-002"].changes
    assert text.field == "text"
    assert "almost" in text.before[0]
    assert "close to" in text.after[0]
    (figures,) = changes.figures
    assert figures.id == "claim/river-report/2-004"
    (figure,) = figures.changes
    ((gone,), (come,)) = figure.before, figure.after
    assert "qualifier up-to" in gone
    assert "qualifier nearly" in come
    assert [(each.field, each.before, each.after) for each in figure.within] == [("qualifier", ("up-to",), ("nearly",))]
    assert "claim/river-report/2-004" not in {each.id for each in changes.others}
    assert not changes.entities_changed


def test_the_wordings_say_the_same(changes: Changes) -> None:
    text, page = wording.as_text(changes), wording.as_html(changes)
    told = json.loads(wording.as_json(changes))
    assert told["withdrawn"][0][0] == "claim/river-report/2-003"
    for words in ("river-report/2-003", "river-report/1-104", "The passage speaks of a loan.", "close to twelve"):
        assert words in text
        assert words in page
    assert text.index("gone without being withdrawn") < text.index("Claims added")
    assert "    figure, qualifier: up-to → nearly\n" in text
    assert "    because: The passage speaks of a loan.\n    on: 2026-12-01\n" in text
    assert '<span class="field">figure, qualifier</span> <del>up-to</del> <ins>nearly</ins>' in page
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors == set(re.findall(r'<h2 id="([^"]+)"', page))
    assert len(anchors) == len(re.findall(r"\(\d+\)$", text, re.MULTILINE))


def test_of_several_parts_each_is_told_against_the_one_that_it_became() -> None:
    first = {"measure": ("killed",), "value": ("12",), "when": ("2020",)}
    second = {"measure": ("wounded",), "value": ("40",), "when": ("2020",)}
    more, other = {**second, "value": ("44",)}, {"measure": ("mines",), "value": ("9",)}
    parts = {"a": first, "b": second, "c": more, "d": other}

    def edition(*figures: str) -> Edition:
        return Edition("here", "", {"claim/x": {"figure": figures}}, {}, {}, {}, {}, parts)

    (told,) = compare(edition("a", "b"), edition("c", "d")).figures
    became, rest = told.changes
    assert (became.before, became.after) == (("b",), ("c",))
    assert [(each.field, each.before, each.after) for each in became.within] == [("value", ("40",), ("44",))]
    assert (rest.before, rest.after, rest.within) == (("a",), ("d",), ())


def test_a_release_tells_its_version_wherever_it_lies(tiny: Config, tmp_path: Path) -> None:
    folder = tmp_path / "taken-home"
    folder.mkdir()
    write(tiny, folder / "tiny.nq")
    assert read(folder).version == ""
    (folder / "datacite.json").write_text('{"version": "0.3.0"}', encoding="utf-8")
    assert read(folder).version == "0.3.0"


def test_an_entity_whose_name_another_bears_was_merged(
    tiny: Config, edit: Callable[[str, str, str], int], tmp_path: Path
) -> None:
    before = read(write(tiny, tmp_path / "old.nq"))
    name = next(each for each in sorted(before.entities) if each.startswith("actor/"))
    other = next(each for each in sorted(before.entities) if each.startswith("actor/") and each != name)
    label = before.labels[name]
    after = read(tmp_path / "old.nq")
    gone = after.entities.pop(name)
    after.entities[other] = {**after.entities[other], "altLabel": (label,)}
    assert gone
    assert compare(before, after).entities_merged == ((name, label, other),)


def test_what_is_no_edition_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no \.nq or \.trig file"):
        read(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UsageError, match=r"a\.txt is no edition"):
        read(tmp_path / "a.txt")
    (tmp_path / "b.nq").write_text("<x:a> <x:b> <x:c> .\n")
    with pytest.raises(UsageError, match="holds no claims"):
        read(tmp_path / "b.nq")
