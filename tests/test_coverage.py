import json
from typing import Any

import pytest

from kg.anchors import Range
from kg.coverage import CoverageReport, coverage

TEXT = (
    "The Lake\n\nThe old ferry of Bath carried 1,200 people in May 1987.¹ Two boats sank there. "
    "Moreover, nobody swam.\n\n1 A. Writer, The Ferry.\n\nBridges\t1.150\n"
)
SECTIONS = {"tiny/1": Range(0, len(TEXT)), "tiny/1.1": Range(10, TEXT.index("Bridges"))}
ENTITIES = {"place/bath": ["Bath", "Bath Town"], "thing/ferry": ["Ferry 1987"]}
MARK = TEXT.index("¹")
NOTE = TEXT.index("A. Writer")


def passage(*words: str) -> dict[str, Any]:
    return {"ranges": [{"start": TEXT.index(each), "end": TEXT.index(each) + len(each)} for each in words]}


def data() -> dict[str, Any]:
    return {
        "claims": [
            {"id": "tiny/1-001", "text": "A ferry had passengers.", "when": "1987-05", "cites": ["tiny/1"],
             "figures": [{"value": 1200}],
             "passage": passage("The old ferry of Bath carried 1,200 people in May 1987")},
            {"id": "tiny/1-002", "text": "Two boats were lost.", "passage": passage("Two boats sank there")},
            {"id": "tiny/1-003", "text": "None swam.", "passage": passage("nobody swam")},
            {"id": "tiny/1-004", "text": "", "figures": [{"value": 1150}], "passage": passage("Bridges\t1.150")},
        ],
        "references": [{"id": "tiny/1", "number": 1, "marks": [MARK],
                        "passage": {"ranges": [{"start": NOTE, "end": NOTE + 21}]}}],
        "unclaimed": [{"reason": "heading", **passage("The Lake")}],
    }  # fmt: skip


def check(found: dict[str, Any]) -> CoverageReport:
    return coverage(TEXT, SECTIONS, found["claims"], found["references"], ENTITIES, found["unclaimed"])


def gaps(report: CoverageReport) -> list[tuple[str, str, str | None]]:
    return [(gap.kind, TEXT[gap.start : gap.end], gap.section) for gap in report.gaps]


def test_all_is_accounted_for() -> None:
    report = check(data())
    assert report.gaps == ()
    assert report.complete
    assert dict(report.totals) == {"sentences": 5, "numerals": 4, "footnotes": 2, "names": 2}
    assert all(report.share(kind) == 1 for kind in report.totals)


def test_a_sentence_without_claim() -> None:
    found = data()
    del found["claims"][2]
    assert gaps(check(found)) == [("sentences", "Moreover, nobody swam.", "tiny/1.1")]


def test_a_sentence_covered_in_its_smaller_part_is_not_accounted_for() -> None:
    found = data()
    found["claims"][1]["passage"] = passage("Two boats")
    assert gaps(check(found)) == [("sentences", "Two boats sank there.", "tiny/1.1")]


def test_a_partly_covered_sentence_tells_the_stretch() -> None:
    found = data()
    found["claims"][0]["passage"] = passage("carried 1,200 people in May 1987")
    report = check(found)
    assert gaps(report) == [("sentences", "The old ferry of Bath", "tiny/1.1")]
    assert report.gaps[0].partly
    assert report.complete
    assert report.share("sentences") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"figures": [{"min": 1000, "max": 1200}]},
        {"figures": [], "text": "The ferry had 1,200 passengers."},
        {"figures": [{"value": 12, "asPrinted": "1,200"}]},
    ],
)
def test_where_a_number_may_stand(change: dict[str, Any]) -> None:
    found = data()
    found["claims"][0] |= change
    assert check(found).complete


def test_a_number_in_the_name_of_an_entity_counts() -> None:
    found = data()
    found["claims"][0] |= {"when": None, "about": ["thing/ferry"]}
    assert check(found).complete


def test_a_number_that_no_claim_has() -> None:
    found = data()
    found["claims"][0] |= {"figures": [{"value": 1300}], "when": "1978"}
    assert gaps(check(found)) == [("numerals", "1,200", "tiny/1.1"), ("numerals", "1987", "tiny/1.1")]


def test_decades_and_printed_dates() -> None:
    text = "It was in the 1990s, on 02.04.1993, for three decades."
    claim = {"text": "", "when": "199X", "figures": [{"value": 30}], "states": [{"when": "1993-04-02"}],
             "passage": {"ranges": [{"start": 0, "end": len(text)}]}}  # fmt: skip
    assert coverage(text, {}, [claim], [], {}, []).gaps == ()


def test_a_footnote_that_is_not_on_record() -> None:
    found = data() | {"references": []}
    assert gaps(check(found)) == [("footnotes", "1 A. Writer, The Ferry.", "tiny/1.1"), ("footnotes", "¹", "tiny/1.1")]


def test_a_mark_elsewhere() -> None:
    found = data()
    found["references"][0]["marks"] = [MARK + 1]
    assert [gap.reason for gap in check(found).gaps] == [
        "mark 1 is not on record at this offset",
        "the record of footnote 1 has a mark here, the text has none",
    ]


def test_a_footnote_cited_at_another_sentence_only() -> None:
    found = data()
    del found["claims"][0]["cites"]
    found["claims"][1]["cites"] = ["tiny/1"]
    assert [gap.reason for gap in check(found).gaps] == ["no claim at this sentence cites footnote 1"]


def test_a_name_that_no_entity_has() -> None:
    report = coverage("We saw Ann Lee in Bathian Bath.", {}, [], [], ENTITIES, [])
    assert [gap.start for gap in report.gaps if gap.kind == "names"] == [7]


def test_the_outputs_agree() -> None:
    found = data()
    del found["claims"][2]
    report = check(found)
    plain = json.loads(json.dumps(report.as_dict()))
    assert plain["summary"]["sentences"] == {"total": 5, "accounted": 4, "share": 0.8}
    (gap,) = plain["gaps"]
    assert TEXT[gap["start"] : gap["end"]] == "Moreover, nobody swam."
    assert "nobody" not in json.dumps(plain)
    assert "sentences: 4 of 5 (80.0%)" in report.as_text()
    assert "nobody" not in report.as_text()
    assert "“Moreover, nobody swam.”" in report.as_text(TEXT)
