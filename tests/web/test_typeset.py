"""A text is cut into blocks and runs that put it together again, whatever overlaps."""

from hypothesis import given
from hypothesis import strategies as st

from kg.anchors import Range
from kg.web.typeset import Block, Placed, Setter, shown

TEXT = "A heading\n\nOne two three⁴ four. Five six\nseven eight.\n\n⁴ A note on this.\n\nGoes on."


def words(text: str) -> Range:
    """The only place of some words in the text."""
    at = TEXT.index(text)
    assert TEXT.count(text) == 1
    return Range(at, at + len(text))


def joined(blocks: list[Block]) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in blocks]


def test_a_text_falls_into_blocks_by_their_look() -> None:
    found = Setter(TEXT, [], notes=[words("A note on this")]).blocks(0, len(TEXT))
    assert [(block.kind, block.note) for block in found] == [
        ("heading", None), ("lines", None), ("note", 0), ("prose", None)
    ]  # fmt: skip
    assert joined(found) == [
        "A heading",
        "One two three⁴ four. Five six\nseven eight.",
        "⁴ A note on this.",
        "Goes on.",
    ]


def test_overlapping_passages_are_cut_into_runs_with_all_that_stand_on_each() -> None:
    passages = [Placed((words("One two three"),)), Placed((words("two three⁴ four"),)), Placed((words("three"),))]
    (block,) = Setter(TEXT, passages).blocks(words("One").start, words("four.").end)
    assert [(run.text, run.covering, run.opens) for run in block.runs] == [
        ("One ", (0,), (0,)),
        ("two ", (0, 1), (1,)),
        ("three", (2, 0, 1), (2,)),
        ("⁴ four", (1,), ()),
        (".", (), ()),
    ]
    assert block.opens == (0, 1, 2)


def test_a_passage_in_two_pieces_begins_once() -> None:
    passage = Placed((words("seven eight."), words("Goes on.")))
    found = Setter(TEXT, [passage]).blocks(0, len(TEXT))
    assert [block.opens for block in found] == [(), (0,), (), ()]
    assert [run.text for block in found for run in block.runs if run.covering] == ["seven eight.", "Goes on."]


def test_marks_and_pages_begin_runs_and_a_page_is_said_once() -> None:
    setter = Setter(TEXT, [], marks=[words("⁴ four")], pages=[0, words("Five").start, words("Goes on").start])
    found = setter.blocks(0, len(TEXT)) + setter.blocks(words("Goes on").start, len(TEXT))
    runs = [run for block in found for run in block.runs]
    assert [(run.text, run.page) for run in runs if run.page is not None] == [
        ("A heading", 0), ("Five six\nseven eight.", 1), ("Goes on.", 2)
    ]  # fmt: skip
    assert [run.text for run in runs if run.mark == 0] == ["⁴ four"]


def test_a_stretch_says_first_on_which_page_it_starts() -> None:
    (block, *_) = Setter(TEXT, [], pages=[0, 5]).blocks(words("Five").start, len(TEXT))
    assert block.runs[0].page == 1


def test_a_text_without_empty_lines_is_cut_between_lines() -> None:
    text = "\n".join(["words of the same line, over and over again"] * 200)
    found = Setter(text, []).blocks(0, len(text))
    assert len(found) > 3
    assert "\n".join(joined(found)) == text


def test_signs_that_change_how_others_are_shown_are_replaced() -> None:
    assert shown("a\u202eb\u2066c\x00d\te\nf") == "a�b�c�d\te\nf"


ranges = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Range(pair[0], min(pair[0] + pair[1], 61)))


@given(
    st.text(alphabet="ab⁴ \n\t.", min_size=61, max_size=61),
    st.lists(st.lists(ranges, min_size=1, max_size=2).map(lambda found: Placed(tuple(found))), max_size=4),
    st.lists(st.integers(0, 60), max_size=3, unique=True).map(sorted),
)
def test_whatever_overlaps_no_letter_is_lost_or_doubled(text: str, passages: list[Placed], pages: list[int]) -> None:
    found = Setter(text, passages, marks=[Range(3, 4)], pages=pages).blocks(0, len(text))
    assert "".join("".join(joined(found)).split()) == "".join(text.split())
    opened = [number for block in found for number in block.opens]
    assert len(opened) == len(set(opened))
    said = [run.page for block in found for run in block.runs if run.page is not None]
    assert len(said) == len(set(said))
