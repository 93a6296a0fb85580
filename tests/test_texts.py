from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.anchors import Range, normalise
from kg.errors import MissingPartError, UsageError
from kg.texts import SourceText, footnote_blocks, holes, marks, names, numerals, sentences, values


def said(text: str) -> list[str]:
    notes = footnote_blocks(text).values()
    return [" | ".join(text[p.start : p.end] for p in each.pieces) for each in sentences(text, notes)]


class TestOpen:
    def test_nothing_is_translated(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes("ə\r\n\r\f".encode())
        assert SourceText.open("a", tmp_path / "a.txt", 5).text == "ə\r\n\r\f"

    def test_a_missing_text_says_how_to_give_it(self, tmp_path: Path) -> None:
        with pytest.raises(MissingPartError, match=r"there is no text of a here; give .* with --text a="):
            SourceText.open("a", tmp_path / "a.txt")

    def test_a_folder_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(MissingPartError, match="cannot be read"):
            SourceText.open("a", tmp_path)

    def test_another_text_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("abc")
        with pytest.raises(UsageError, match="has 3 code points, the pinned edition of a has 4"):
            SourceText.open("a", tmp_path / "a.txt", 4)
        with pytest.raises(UsageError, match=r"its sha256 is ba78.* has 00; .*kg anchors locate"):
            SourceText.open("a", tmp_path / "a.txt", 3, "00")

    def test_other_encodings_are_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"ab\xff")
        with pytest.raises(UsageError, match=r"is not UTF-8 \(byte 2\)"):
            SourceText.open("a", tmp_path / "a.txt")


class TestFootnotes:
    TEXT = "Body.¹\n\n¹ One.\n\n12 boats came.\n\n2 Two.\n\n3 Three.\nTable 4\n5 of them\n"

    def test_only_numbers_that_count_on_are_footnotes(self) -> None:
        found = {number: self.TEXT[r.start : r.end] for number, r in footnote_blocks(self.TEXT).items()}
        assert found == {1: "¹ One.", 2: "2 Two.", 3: "3 Three."}

    def test_a_hole_takes_in_the_number(self) -> None:
        start = self.TEXT.index("Two.")
        (hole,) = holes(self.TEXT, [Range(start, start + 4)])
        assert self.TEXT[hole.start : hole.end] == "2 Two."

    def test_marks_have_offset_and_number(self) -> None:
        assert marks("a.¹² b³", [Range(0, 7)]) == {2: 12, 6: 3}


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("It rained. It stopped.", ["It rained.", "It stopped."]),
            ("Dr. Who came. U.S. boats left.", ["Dr. Who came.", "U.S. boats left."]),
            ("A ship (S.C.P.) and A. Sailor sailed.", ["A ship (S.C.P.) and A. Sailor sailed."]),
            ("Some (e.g. Rome) fell. No. 5 won.", ["Some (e.g. Rome) fell.", "No. 5 won."]),
            ("He left in 2009.¹ She stayed.²", ["He left in 2009.¹", "She stayed.²"]),
            ("“It is so.”³ They agreed.", ["“It is so.”³", "They agreed."]),
            ("“Is it so?” he asked. Yes!", ["“Is it so?” he asked.", "Yes!"]),
            ("3. Results\n\nAll went well.", ["3. Results", "All went well."]),
            ("5.1. More Results\n\nAll.", ["5.1. More Results", "All."]),
            ("Results.....\t26", ["Results.....\t26"]),
            ("Boats\t1.200\nOars: 4.388 sq. km\n", ["Boats\t1.200", "Oars: 4.388 sq. km"]),
            ("It says:\n\nAll is well. Go.\n", ["It says:", "All is well.", "Go."]),
            ("\n \f\n", []),
        ],
    )  # fmt: skip
    def test_where_a_sentence_ends(self, text: str, expected: list[str]) -> None:
        assert said(text) == expected

    LONG = "The boats had been out on the wide water since the break of that day and"

    def test_a_footnote_in_between_does_not_end_it(self) -> None:
        assert said(f"{self.LONG}\n\n1 A note. Or two.\n\nsank.\n") == [f"{self.LONG} | sank."]
        assert said(f"{self.LONG}\n\n1 A note.\n\nSaint Anne sank.\n") == [f"{self.LONG} | Saint Anne sank."]

    def test_a_page_break_does_not_end_it(self) -> None:
        assert said(f"{self.LONG}\n\nsank.") == [f"{self.LONG} | sank."]

    @given(st.text(st.sampled_from('aB .!?”"1¹\n\t-(,')))
    def test_every_letter_is_in_one_sentence(self, text: str) -> None:
        pieces = [piece for each in sentences(text, footnote_blocks(text).values()) for piece in each.pieces]
        notes = footnote_blocks(text).values()
        inside = [sum(p.start <= offset < p.end for p in [*pieces, *notes]) for offset in normalise(text)[1]]
        assert set(inside) <= {1}

    def test_the_source(self, report_text: Path) -> None:
        text = report_text.read_bytes().decode("utf-8")
        notes = footnote_blocks(text).values()
        found = sentences(text, notes)
        assert len(notes) == 34
        assert [len(each.pieces) for each in found].count(2) == 17
        assert all(text[each.start].isalnum() or text[each.start] in "“-*" for each in found)
        assert max(each.end - each.start for each in found if len(each.pieces) == 1) < 520


class TestNumerals:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("nearly 97,000 and 1.000 000", ["97,000", "1.000 000"]),
            ("$3.274 billion, seven thousand, over a hundred", ["3.274 billion", "seven thousand", "hundred"]),
            ("on 02.04.1993, (76,9%) twenty-five", ["02.04.1993", "76,9", "twenty-five"]),
            ("bone often attend", []),
            ("in 1992, 12 came.¹", ["1992", "12"]),
        ],
    )  # fmt: skip
    def test_what_is_a_numeral(self, text: str, expected: list[str]) -> None:
        found = numerals(text, [Range(0, len(text))])
        assert [each.text for each in found] == expected
        assert [text[each.start : each.end] for each in found] == expected

    @pytest.mark.parametrize(
        ("numeral", "before", "expected"),
        [
            ("97,000", "", {"97000", "97.000"}),
            ("4.388", "", {"4388", "4.388"}),
            ("76,9", "", {"769", "76.9"}),
            ("1.000 000", "", {"1000000"}),
            ("3.274 billion", "", {"3274000000", "3274000000000"}),
            ("seven thousand", "", {"7000"}),
            ("hundred", "", {"100"}),
            ("twenty-five", "", {"25"}),
            ("94", "(1988–", {"94", "1994"}),
            ("0", "", {"0"}),
        ],
    )  # fmt: skip
    def test_what_it_may_mean(self, numeral: str, before: str, expected: set[str]) -> None:
        assert values(numeral, before) == {Decimal(each) for each in expected}


class TestNames:
    def names(self, text: str) -> list[str]:
        return [each.text for each in names(text, sentences(text))]

    def test_neighbours_are_one_name(self) -> None:
        assert self.names("We met Ann Lee of Bath, Ohio in May.") == ["Ann Lee", "Bath", "Ohio"]

    def test_degrees_posts_and_initials_are_none(self) -> None:
        assert self.names("We met A. Lee, PhD, the Head of Bath.") == ["Lee", "Bath"]

    def test_a_possessive_is_left_off(self) -> None:
        assert self.names("We saw Ann’s boat.") == ["Ann"]

    def test_the_first_word_counts_where_it_is_a_name_elsewhere(self) -> None:
        assert self.names("Boats sank. Ann left. We saw Ann.") == ["Ann", "Ann"]
