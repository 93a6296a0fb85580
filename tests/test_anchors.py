import hashlib
import random
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.anchors import QuoteError, Range, cut_around, find_quote, fingerprint, locate, normalise, verify
from kg.texts import footnote_blocks, sentences
from tests.variant import Variant, make

TEXT = (
    "The lake is “deep–blue”. Its ferry carried 1,200 people in 1987.¹ The ferry was slow\n\n"
    "1 A. Writer, The Ferry.\n\nbut safe, and the lake stayed calm. The lake froze twice.\n"
)
HOLES = list(footnote_blocks(TEXT).values())


def by_definition(text: str) -> str:
    marked = "".join(char for char in text if unicodedata.category(char) != "No")
    folded = unicodedata.normalize("NFKC", marked).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Nd")


# Letters that compose, fold to two, join syllables or are marks, beside plain ones.
texts = st.text(
    st.one_of(st.characters(), st.sampled_from("aZé9 \n-“’¹²½ﬁßİIıǅ\u0301\u0308\u0327ͅ가ᄀ\u1161\u11a8カ\uff9eΣς"))
)


class TestNormalise:
    @given(texts)
    def test_it_is_what_the_definition_says(self, text: str) -> None:
        assert normalise(text)[0] == by_definition(text)

    @given(texts)
    def test_each_letter_has_the_offset_that_it_comes_from(self, text: str) -> None:
        letters, offsets = normalise(text)
        assert len(letters) == len(offsets)
        assert offsets == sorted(offsets)
        for letter, offset in zip(letters, offsets, strict=True):
            cluster = text[offset]
            for char in text[offset + 1 :]:
                if unicodedata.category(char) != "No" and unicodedata.category(char)[0] not in "ML":
                    break
                cluster += char
            assert letter in by_definition(cluster)

    def test_a_letter_that_folds_to_two_keeps_its_offset(self) -> None:
        assert normalise("aßﬁz") == ("assfiz", [0, 1, 1, 2, 2, 3])

    def test_superscripts_go_before_compatibility_folding_makes_them_digits(self) -> None:
        assert normalise("2009.¹²")[0] == "2009"


class TestFingerprint:
    @given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1), min_size=1), st.randoms())
    def test_layout_does_not_matter(self, words: list[str], chance: random.Random) -> None:
        def laid_out(word: str) -> str:
            cut = chance.randint(0, len(word))
            broken = word[:cut] + chance.choice(["", "-\n", "\u00ad", "\u2010\n"]) + word[cut:]
            if unicodedata.normalize("NFC", broken) != broken:
                broken = word
            return chance.choice(["", "“", '"', "«"]) + broken + chance.choice(["", "”", "¹²", "’", "."])

        variant = chance.choice([" ", "\n", "\u00a0", "  "]).join(laid_out(word) for word in words)
        assert fingerprint(variant) == fingerprint(" ".join(words))

    def test_it_is_the_sha256_of_the_letters(self) -> None:
        assert fingerprint("A–b, 7.¹") == hashlib.sha256(b"ab7").hexdigest()

    @given(st.text(st.characters(categories=["Ll"]), min_size=1), st.characters(categories=["Ll"]))
    def test_another_letter_is_another_fingerprint(self, text: str, more: str) -> None:
        assert fingerprint(text + more) != fingerprint(text)


class TestVerify:
    def test_a_range_that_holds_its_letters_is_well(self) -> None:
        assert verify(TEXT, Range.of(TEXT, 0, 24)) is None

    @pytest.mark.parametrize("wrong", [Range(-1, 5), Range(5, 5), Range(0, len(TEXT) + 1), Range(9, 2)])
    def test_a_range_outside_the_text_is_told(self, wrong: Range) -> None:
        assert "leaves the text" in getattr(verify(TEXT, wrong), "reason", "")

    def test_other_letters_are_told_with_what_stands_there(self) -> None:
        found = verify(TEXT, Range(0, 8, fingerprint("The pond")))
        assert found is not None
        assert (found.found, found.sha256, found.letters) == ("The lake", fingerprint("The lake"), 7)

    def test_another_count_of_letters_is_told(self) -> None:
        found = verify(TEXT, Range(0, 8, fingerprint("The lake"), 9))
        assert found is not None
        assert found.reason == "it has 7 letters, not 9"


class TestFindQuote:
    def words(self, quote: str, **options: object) -> list[str]:
        return [TEXT[each.start : each.end] for each in find_quote(TEXT, quote, holes=HOLES, **options)]  # type: ignore[arg-type]

    def test_case_quotes_dashes_and_spaces_do_not_matter(self) -> None:
        assert self.words("the  LAKE is 'deep - blue'.") == ["The lake is “deep–blue”."]

    def test_a_gap_is_taken_as_short_as_it_can_be(self) -> None:
        assert self.words("lake ... calm") == ["lake stayed calm"]

    def test_footnotes_are_cut_out(self) -> None:
        assert self.words("The ferry was slow but safe") == ["The ferry was slow", "but safe"]

    def test_superscript_marks_between_sentences_do_not_matter(self) -> None:
        assert self.words("people in 1987. The ferry") == ["people in 1987.¹ The ferry"]

    def test_the_ranges_carry_their_fingerprints(self) -> None:
        for each in find_quote(TEXT, "The ferry was slow but safe", holes=HOLES):
            assert verify(TEXT, each) is None
            assert each.letters == len(normalise(TEXT[each.start : each.end])[0])

    def test_several_places_are_an_error_that_names_them(self) -> None:
        with pytest.raises(QuoteError, match="stands in 3 places") as error:
            self.words("the lake")
        assert [place.start for place in error.value.places] == [0, TEXT.index("the lake"), TEXT.rindex("The lake")]

    def test_the_section_decides(self) -> None:
        start = TEXT.rindex("The lake")
        assert find_quote(TEXT, "the lake", Range(start, len(TEXT)))[0].start == start

    def test_part_of_a_word_is_no_match(self) -> None:
        with pytest.raises(QuoteError, match=r"none of the words|is not there"):
            self.words("erry was slo")

    def test_the_nearest_match_is_named(self) -> None:
        with pytest.raises(QuoteError, match=rf"nearest is {TEXT.index('carried')} .*next, “folk in") as error:
            self.words("carried 1,200 folk in")
        assert error.value.advice

    def test_parts_in_another_order_are_told(self) -> None:
        with pytest.raises(QuoteError, match="not in this order"):
            self.words("froze twice … was slow")

    def test_words_of_another_section_are_told(self) -> None:
        with pytest.raises(QuoteError, match="stands outside this section, at 0"):
            find_quote(TEXT, "The lake is", Range(30, len(TEXT)))

    @pytest.mark.parametrize("empty", ["", " … ", "...", "“”"])
    def test_a_quote_without_words_is_told(self, empty: str) -> None:
        with pytest.raises(QuoteError, match="holds no word"):
            self.words(empty)

    def test_pieces_without_letters_are_left_out(self) -> None:
        assert cut_around("ab [1] .", Range(0, 8), [Range(3, 6)]) == [Range.of("ab [1] .", 0, 2)]


class TestLocate:
    def test_a_passage_is_found_over_hyphens_and_page_furniture(self) -> None:
        pinned = "Before it, much is said. The ferry carried passengers over the lake for years. And after it, more."
        start, end = pinned.index("The"), pinned.index(" And")
        other = "Before it, much is said. The fer-\nry carried pas-\nsengers over\n17\n\fthe lake for years. And."
        (found,) = locate(other, [Range.of(pinned, start, end)])
        assert "".join(normalise(other[p.start : p.end])[0] for p in found.pieces) == by_definition(pinned[start:end])
        assert [other[p.start : p.end] for p in found.pieces][-1] == "the lake for years"

    def test_what_is_not_there_is_not_found(self) -> None:
        (found,) = locate("Something else altogether.", [Range.of(TEXT, 0, 24)])
        assert (found.found, found.places) == (False, 0)

    def test_one_of_many_equal_places_is_not_guessed(self) -> None:
        (found,) = locate("No. " * 50, [Range.of("x No. y", 2, 5)])
        assert (found.found, found.places) == (False, 50)

    def test_an_empty_text_and_no_ranges_are_no_trouble(self) -> None:
        assert locate("", [Range.of(TEXT, 0, 24)])[0].pieces == ()
        assert locate("text", []) == []

    def test_progress_is_told(self) -> None:
        told: list[tuple[int, int]] = []
        locate(TEXT, [Range.of(TEXT, 0, 24), Range.of(TEXT, 25, 40)], lambda done, all_: told.append((done, all_)))
        assert told == [(1, 2), (2, 2)]

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"blank": False, "seed": 1},
            {"plain_marks": True, "seed": 2},
            {"columns": 90, "page": 38, "seed": 3},
            {"head": None, "numbers": False, "blank": False, "page": 33, "seed": 4},
        ],
        ids=["page ends", "no blank lines", "plain marks", "wide", "bare"],
    )
    def test_another_extraction_of_the_source(self, options: dict[str, object], report_text: Path) -> None:
        text = report_text.read_bytes().decode("utf-8")
        ranges = sampled(text)
        variant = make(text, **options)  # type: ignore[arg-type]
        located = locate(variant.text, ranges)
        right = [is_right(text, variant, each.range, each.pieces) for each in located if each.found]
        assert all(right)
        assert len(right) >= 0.98 * len(ranges)

    def test_the_claims_passages_hold_and_are_found_in_another_extraction(self, report_text: Path) -> None:
        text = report_text.read_bytes().decode("utf-8")
        ranges = curated(Path(__file__).parents[1] / "data/sources/air-center-2021")
        assert [found for each in ranges if (found := verify(text, each))] == []
        variant = make(text, seed=5)
        located = locate(variant.text, ranges)
        right = [is_right(text, variant, each.range, each.pieces) for each in located if each.found]
        assert all(right)
        assert len(right) >= 0.98 * len(ranges)

    def test_letters_need_not_be_on_record(self, report_text: Path) -> None:
        text = report_text.read_bytes().decode("utf-8")
        variant = make(text)
        ranges = [Range(each.start, each.end, each.sha256) for each in sampled(text)[::12]]
        located = locate(variant.text, ranges)
        right = [is_right(text, variant, each.range, each.pieces) for each in located if each.found]
        assert all(right)
        assert len(right) >= 0.98 * len(ranges)


def curated(folder: Path) -> list[Range]:
    """Return the ranges of all claims and references of a source."""
    entries: list[dict[str, Any]] = []
    for path in sorted(folder.glob("claims-*.yaml")):
        entries += yaml.safe_load(path.read_bytes())["claims"]
    entries += yaml.safe_load((folder / "references.yaml").read_bytes())
    return [Range(**each) for entry in entries for each in entry["passage"].get("ranges", ())]


def sampled(text: str) -> list[Range]:
    """Return the sentences' ranges, and as many clauses at random."""
    blocks = list(footnote_blocks(text).values())
    whole = [Range(each.start, each.end) for each in sentences(text, blocks) if each.end - each.start > 12]
    words = [match.start() for match in re.finditer(r"(?<!\S)\S", text)]
    chance = random.Random(1)  # the same clauses in each run
    for _ in range(200):
        first = chance.randrange(len(words) - 40)
        whole.append(Range(words[first], words[first + chance.randint(5, 38)]))
    notes = [Range(text.index(" ", block.start), block.end) for block in blocks]
    return [
        *(r for each in whole for r in cut_around(text, each, blocks)),
        *(Range.of(text, n.start, n.end) for n in notes),
    ]


def is_right(text: str, variant: Variant, expected: Range, pieces: tuple[Range, ...]) -> bool:
    """Tell whether pieces of a variant are the very letters of a range, and not others that read alike."""
    offsets = [offset + expected.start for offset in normalise(text[expected.start : expected.end])[1]]
    first, last = variant.origin[pieces[0].start], variant.origin[pieces[-1].end - 1]
    letters = "".join(normalise(variant.text[each.start : each.end])[0] for each in pieces)
    plain = letters == normalise(text[expected.start : expected.end])[0]
    return (first, last) == (offsets[0], offsets[-1]) and plain
