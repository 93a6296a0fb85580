import stat
from pathlib import Path

import pytest
import yaml

from kg.anchors import Range, verify
from kg.errors import InputError, UsageError
from kg.rewrite import Layout, rewrite

TEXT = (
    "1. The lake\n\nThe lake is “deep–blue”. Its ferry carried 1,200 people in 1987.¹ The ferry was slow\n\n"
    "1 A. Writer, The Ferry.\n\nbut safe.² The lake froze.\n\n2 Ibid.\n\n2. The hill\n\nThe lake froze. Ibid.\n"
)
SPLIT = TEXT.index("2. The hill")

SOURCE = f"""\
id: tiny
sections:
  - {{id: tiny/1, start: 0, end: {SPLIT}}}
  - {{id: tiny/2, start: {SPLIT}, end: {len(TEXT)}}}
pages:
  - {{page: 7, start: 0, end: {TEXT.index("but safe")}}}
  - {{page: 8, start: {TEXT.index("but safe")}, end: {len(TEXT)}}}
"""

CLAIMS = """\
# A comment at the head, with a quote: "The lake is deep".
source: tiny
section: tiny/1
claims:

  - id: tiny/1-001   # beside the id
    type: [EventClaim,   FigureClaim]
    text: 'A very long line in single quotes that must stay on its line, however long it becomes, since nobody asked for it to be wrapped anywhere at all.'
    passage: {page: 7, quote: "Its ferry … 1987"}  # beside the passage
    when: 1987~
    figures:
      - {measure: passengers, value: 1_200, "unit": count}

  - id: tiny/1-002
    text: >-
      Folded
      text.
    passage:
      # above the quote
      quote: >-
        the ferry was slow
        but safe
      # below it
"""  # noqa: E501 - a long line is what is tested


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source.yaml").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8"))
    return path


def flow(start: int, end: int) -> str:
    found = Range.of(TEXT, start, end)
    return f"{{start: {found.start}, end: {found.end}, letters: {found.letters}, sha256: {found.sha256}}}"


def at(words: str, occurrence: int = 0) -> str:
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(words, start + 1)
    return flow(start, start + len(words))


def test_only_the_quotes_change(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", CLAIMS)
    result = rewrite(path, TEXT, Layout.read(folder, TEXT))
    assert result.findings == ()
    assert result.fixed == 2
    assert result.write()
    block = "      quote: >-\n        the ferry was slow\n        but safe\n"
    ranges = f"[{at('The ferry was slow')}, {at('but safe')}]"
    expected = CLAIMS.replace('quote: "Its ferry … 1987"', f"ranges: [{at('Its ferry carried 1,200 people in 1987')}]")
    expected = expected.replace(block, f"      page: 7\n      ranges: {ranges}\n")
    assert path.read_text(encoding="utf-8") == expected


def test_ranges_hold_in_the_text(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", CLAIMS)
    content = yaml.safe_load(rewrite(path, TEXT, Layout.read(folder, TEXT)).content)
    for claim in content["claims"]:
        for each in claim["passage"]["ranges"]:
            assert verify(TEXT, Range(**each)) is None


def test_windows_line_ends_and_other_scripts_stay(folder: Path) -> None:
    before = '# Әliyev, Ağdam 😀\r\nsection: tiny/1\r\nclaims:\r\n- id: x\r\n  passage: {quote: "deep-blue"}  # ş\r\n'
    path = put(folder, "claims-1.yaml", before)
    rewrite(path, TEXT, Layout.read(folder, TEXT)).write()
    assert path.read_bytes().decode() == before.replace('quote: "deep-blue"', f"page: 7, ranges: [{at('deep–blue')}]")


def test_a_page_beside_the_map_is_a_warning_and_stays(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", 'claims:\n  - {id: x, passage: {page: 3, quote: "deep-blue"}}\n')
    result = rewrite(path, TEXT, Layout.read(folder, TEXT))
    (finding,) = result.findings
    assert (finding.severity, finding.node, finding.line) == ("warning", "x", 2)
    assert finding.message == "it says page 3, the page map has 7"
    assert result.write()
    assert "page: 3" in path.read_text()


def test_a_reference_is_sought_in_its_own_footnote(folder: Path) -> None:
    before = "- id: tiny/2\n  number: 2\n  passage: {quote: Ibid.}\n"
    path = put(folder, "references.yaml", before)
    result = rewrite(path, TEXT, Layout.read(folder, TEXT))
    assert result.findings == ()
    assert result.content == before.replace("  passage", "  page: 8\n  passage").replace(
        "quote: Ibid.", f"ranges: [{at('Ibid.')}]"
    )


def test_what_is_left_out_has_its_quote_at_its_own_level(folder: Path) -> None:
    before = '- {quote: "1. The lake", reason: heading}\n- {quote: "A. Writer, The Ferry.", reason: footnote}\n'
    path = put(folder, "unclaimed.yaml", before)
    result = rewrite(path, TEXT, Layout.read(folder, TEXT))
    assert result.findings == ()
    assert result.content == before.replace('quote: "1. The lake"', f"ranges: [{at('1. The lake')}]").replace(
        'quote: "A. Writer, The Ferry."', f"ranges: [{at('A. Writer, The Ferry.')}]"
    )


def test_bare_offsets_get_their_fingerprint(folder: Path) -> None:
    start = TEXT.index("The hill")
    path = put(folder, "unclaimed.yaml", f"- ranges: [{{start: {start}, end: {start + 8}}}]\n  reason: heading\n")
    assert rewrite(path, TEXT, Layout.read(folder, TEXT)).content.startswith(f"- ranges: [{at('The hill')}]\n")


def test_all_or_nothing_unless_asked(folder: Path) -> None:
    before = CLAIMS + '\n  - id: tiny/1-003\n    passage: {quote: "Its ferry sank"}\n'
    path = put(folder, "claims-1.yaml", before)
    result = rewrite(path, TEXT, Layout.read(folder, TEXT))
    with pytest.raises(InputError):
        result.write()
    assert path.read_text(encoding="utf-8") == before
    assert result.write(partial=True)
    left = path.read_text(encoding="utf-8")
    assert left.count("ranges:") == 2
    assert '    passage: {quote: "Its ferry sank"}\n' in left


def test_an_error_says_file_line_id_and_mend(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", CLAIMS.replace("Its ferry … 1987", "Its ferry sank"))
    (error,) = rewrite(path, TEXT, Layout.read(folder, TEXT)).errors
    assert (error.file, error.line, error.node) == (str(path), 9, "tiny/1-001")
    assert f"nearest is {TEXT.index('Its ferry')}" in error.message
    assert error.advice


def test_an_ambiguous_quote_names_its_places(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", 'claims:\n  - {id: x, passage: {quote: "The lake froze"}}\n')
    (error,) = rewrite(path, TEXT, Layout.read(folder, TEXT)).errors
    assert "stands in 2 places" in error.message
    assert str(TEXT.rindex("The lake froze")) in error.message


def test_the_section_decides(folder: Path) -> None:
    path = put(folder, "claims-2.yaml", 'section: tiny/2\nclaims:\n  - {id: x, passage: {quote: "The lake froze"}}\n')
    assert at("The lake froze", 1) in rewrite(path, TEXT, Layout.read(folder, TEXT)).content


@pytest.mark.parametrize(
    ("passage", "message"),
    [
        ('{quote: ""}', "its quote is no text"),
        ("{quote: [a]}", "its quote is no text"),
        ('{quote: "deep-blue", ranges: []}', "it has both quote and ranges"),
        ("{ranges: [{start: a, end: 3}]}", "its start and end are no offsets"),
        ("{ranges: [{start: 3, end: 9999}]}", "leaves the text"),
        ("{ranges: [{start: 11, end: 13}]}", "holds no letter"),
    ],
)
def test_what_cannot_be_mended_is_told(folder: Path, passage: str, message: str) -> None:
    path = put(folder, "claims-1.yaml", f"claims:\n  - {{id: x, passage: {passage}}}\n")
    (error,) = rewrite(path, TEXT, Layout.read(folder, TEXT)).errors
    assert message in error.message


def test_a_file_without_quotes_is_left_alone(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", "claims: []\n")
    before = path.stat()
    assert not rewrite(path, TEXT, Layout.read(folder, TEXT)).write()
    assert path.stat() == before


@pytest.mark.parametrize("content", ["a: [", "a: b: c", "\x00"])
def test_what_is_no_yaml_is_told(folder: Path, content: str) -> None:
    with pytest.raises(UsageError, match="is not YAML"):
        rewrite(put(folder, "claims-1.yaml", content), TEXT, Layout())


def test_a_missing_file_is_told(folder: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        rewrite(folder / "none.yaml", TEXT, Layout())


def test_a_write_keeps_the_mode_and_leaves_nothing_behind(folder: Path) -> None:
    path = put(folder, "claims-1.yaml", CLAIMS)
    path.chmod(0o640)
    rewrite(path, TEXT, Layout.read(folder, TEXT)).write()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(each.name for each in folder.iterdir()) == ["claims-1.yaml", "source.yaml"]


def test_footnotes_on_record_are_the_holes(folder: Path) -> None:
    start = TEXT.index("A. Writer")
    put(folder, "references.yaml", f"- {{number: 1, passage: {{ranges: [{{start: {start}, end: {start + 21}}}]}}}}\n")
    layout = Layout.read(folder, TEXT)
    assert [TEXT[hole.start : hole.end] for hole in layout.holes] == ["1 A. Writer, The Ferry.", "2 Ibid."]
