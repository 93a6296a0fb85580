"""Each kind of bad input ends in a finding that names rule, file, line and id and says how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kg import build
from kg.config import Config
from kg.errors import InputError
from kg.findings import Finding

CLAIMS_1 = "sources/river-report/claims-1.yaml"
CLAIMS_2 = "sources/river-report/claims-2.yaml"
SOURCE = "sources/river-report/source.yaml"
REFERENCES = "sources/river-report/references.yaml"
ACTORS = "entities/actor.yaml"
PLACES = "entities/place.yaml"

Edit = Callable[[str, str, str], int]


@dataclass(frozen=True)
class Bad:
    """One change to the tiny corpus that must be refused."""

    rule: str  # what the finding is called, or the end of it for a shape's IRI
    file: str
    old: str
    new: str
    node: str | None  # the id that the finding names, None where the YAML itself cannot be read
    below: int = 0  # lines between the first changed line and the one that is named
    says: str = ""  # part of the message or the advice


BAD = {
    "unknown key": Bad("unknown-key", CLAIMS_1, "    cites: [river-report/1]", "    cited: [river-report/1]", "river-report/1-002", says="Did you mean cites?"),
    "wrong type": Bad("wrong-type", CLAIMS_1, "value: 12,", "value: twelve,", "river-report/1-002", says="digits"),
    "missing key": Bad("missing-key", CLAIMS_1, "    text: Water will pass the Long River dam in May.\n", "", "river-report/1-004", -2, "has no text"),
    "missing passage": Bad("missing-key", CLAIMS_2, "    passage: {page: 3, ranges: [{start: 384, end: 447, letters: 51, sha256: ", "    note: {page: 3, ranges: [{start: 384, end: 447, letters: 51, sha256: ", "river-report/2-001", -3, "has no passage"),
    "dangling reference": Bad("dangling-reference", CLAIMS_1, "about: [event/river-dispute]", "about: [event/river-disputes]", "claim/river-report/1-002", says="Did you mean event/river-dispute?"),
    "dangling footnote": Bad("dangling-reference", CLAIMS_1, "cites: [river-report/1]", "cites: [river-report/9]", "claim/river-report/1-002", says="reference/river-report/9"),
    "dangling link between claims": Bad("dangling-reference", CLAIMS_2, "qualifies: [river-report/1-002]", "qualifies: [river-report/1-099]", "claim/river-report/2-004", says="claim/river-report/1-099"),
    "duplicate id": Bad("duplicate-id", CLAIMS_1, "- id: river-report/1-004", "- id: river-report/1-003", "claim/river-report/1-003", says="stands twice"),
    "duplicate entity": Bad("duplicate-id", ACTORS, "- id: actor/southland\n", "- id: actor/northland\n", "actor/northland", says="another id"),
    "misspelt relation": Bad("undeclared-term", CLAIMS_2, "s: actor/northland, p: signed", "s: actor/northland, p: singed", "statement/river-report/2-001/1", says="signed"),
    "misspelt class": Bad("undeclared-term", PLACES, "  type: WaterBody", "  type: WaterBoddy", "place/long-river", says="WaterBody"),
    "misspelt concept": Bad("undeclared-term", CLAIMS_1, "qualifier: nearly", "qualifier: neraly", "figure/river-report/1-002/1", says="nearly"),
    "unknown kind of claim": Bad("undeclared-term", CLAIMS_1, "type: [PositionClaim]", "type: [OpinionClaim]", "claim/river-report/1-003"),
    "no kind of claim": Bad("wrong-value", CLAIMS_1, "type: [PositionClaim]", "type: [Position]", "river-report/1-003", says="kinds of claim"),
    "domain violation": Bad("Statement-domain", CLAIMS_2, "s: actor/northland, p: signed", "s: place/long-river, p: signed", "statement/river-report/2-001/1"),
    "range violation": Bad("Statement-range", CLAIMS_2, "s: actor/northland, p: signed, o: agreement/river-accord", "s: actor/northland, p: signed, o: place/long-river", "statement/river-report/2-001/1"),
    "range beyond the text": Bad("", CLAIMS_1, "start: 53, end: 98", "start: 53, end: 9800", "passage/river-report/53-9800#range-1", says="text"),
    "range outside its section": Bad("", CLAIMS_1, "start: 53, end: 98", "start: 400, end: 445", "claim/river-report/1-001", says="section"),
    "range end before start": Bad("", CLAIMS_1, "start: 53, end: 98", "start: 98, end: 53", "passage/river-report/98-53#range-1-selector"),
    "drafted quote left": Bad("quote-left", CLAIMS_1, "passage: {page: 2, ranges: [{start: 53,", "passage: {page: 2, quote: some words, ranges: [{start: 53,", "river-report/1-001", says="kg anchors fix"),
    "fingerprint too short": Bad("wrong-value", CLAIMS_1, "start: 53, end: 98, letters: 38, sha256: ", "start: 53, end: 98, letters: 38, sha256: ab", "river-report/1-001", says="64 hexadecimal"),
    "tab": Bad("yaml-syntax", CLAIMS_1, "    cites: [river-report/1]", "\tcites: [river-report/1]", None, says="tab"),
    "unbalanced bracket": Bad("yaml-syntax", CLAIMS_1, "cites: [river-report/1]", "cites: [river-report/1", None, 1),
    "control character": Bad("yaml-syntax", CLAIMS_1, "almost twelve", "almost\x01twelve", None, says="U+0001"),
    "anchor": Bad("yaml-anchor", CLAIMS_1, "text: The two states quarrelled", "text: &one The two states quarrelled", None),
    "tag": Bad("yaml-tag", CLAIMS_1, "value: 12,", "value: !!python/object:os.system 12,", None),
    "merge key": Bad("yaml-merge", ACTORS, "- id: actor/ben-lake", "- <<: {}\n  id: actor/ben-lake", None),
    "duplicate key": Bad("duplicate-key", CLAIMS_1, "    cites: [river-report/1]", "    about: [event/river-dispute]", None, says="stands twice"),
    "two documents": Bad("yaml-documents", ACTORS, "- id: actor/ben-lake", "---\n- id: actor/ben-lake", None),
    "no read as false": Bad("yaml-boolean", PLACES, "label: {en: Long River}", "label: {no: Long River}", None, says='"no"'),
    "yes as a value": Bad("yaml-boolean", CLAIMS_1, "value: 12,", "value: yes,", None),
    "empty value": Bad("value-empty", CLAIMS_1, "    cites: [river-report/1]", "    cites:", None),
    "NaN": Bad("not-a-number", CLAIMS_1, "value: 12,", "value: .nan,", None),
    "infinity": Bad("not-a-number", CLAIMS_1, "value: 12,", "value: -.inf,", None),
    "number with separators": Bad("wrong-type", CLAIMS_2, "value: 300,", "value: '3,000',", "river-report/2-004", says="separators"),
    "negative count": Bad("", CLAIMS_2, "value: 300,", "value: -300,", "figure/river-report/2-004/1"),
    "parts that do not sum": Bad("", CLAIMS_2, "value: 300, qualifier: up-to,", "value: 310,", None, says="parts-do-not-sum"),
    "minimum above maximum": Bad("", CLAIMS_1, "value: 12,", "min: 13, max: 12,", "figure/river-report/1-002/1"),
    "figure without a value": Bad("", CLAIMS_1, "value: 12, ", "", "figure/river-report/1-002/1"),
    "impossible day": Bad("date-impossible", CLAIMS_2, "    when: 2020-05-04", "    when: 2020-02-30", "claim/river-report/2-001", says="EDTF"),
    "impossible interval": Bad("date-impossible", CLAIMS_2, "    when: 2020-05-04", "    when: 2020-05-04/2019-01-01", "claim/river-report/2-001"),
    "date later than the source": Bad("", CLAIMS_2, "    when: 2020-05-04", "    when: 2031-05-04", "claim/river-report/2-001", says="later-than-source"),
    "date with a space": Bad("wrong-value", CLAIMS_2, "    when: 2020-05-04", "    when: 4 May 2020", "river-report/2-001", says="EDTF"),
    "IRI with a space": Bad("wrong-value", CLAIMS_1, "about: [thing/long-river-dam]", "about: [thing/long river dam]", "river-report/1-004", says="<kind>/<id>"),
    "address with a space": Bad("wrong-value", "entities/work.yaml", "example/river", "example/ri ver", "work/northern-daily-2019-03-03"),
    "id of another kind": Bad("misplaced-record", ACTORS, "- id: actor/ben-lake", "- id: place/ben-lake", "place/ben-lake", says="place.yaml"),
    "id of another source": Bad("misplaced-record", CLAIMS_1, "- id: river-report/1-004", "- id: lake-report/1-004", "lake-report/1-004"),
    "a place that speaks": Bad("wrong-value", CLAIMS_1, "claimant: actor/ada-north", "claimant: place/port-lake", "river-report/1-004", says="actor/<id>"),
    "two prefLabels in one language": Bad("duplicate-key", PLACES, "label: {en: Long River}", "label: {en: Long River, en: The River}", None),
    "no English label": Bad("", PLACES, "label: {en: Long River}", "label: {fr: Long River}", "place/long-river"),
    "latitude beyond the pole": Bad("wrong-value", PLACES, "latitude: 10.5", "latitude: 100.5", "place/port-lake"),
    "conditional without its condition": Bad("", CLAIMS_2, "    condition: Southland had sold the dam.\n", "", "claim/river-report/2-003", -6),
    "own voice of someone else": Bad("", CLAIMS_1, "    attribution: named\n", "", "claim/river-report/1-004", -5),
    "vague speech of a named speaker": Bad("", CLAIMS_1, "claimant: actor/vague-observers", "claimant: actor/ada-north", "claim/river-report/1-003"),
    "unknown section": Bad("dangling-reference", CLAIMS_1, "section: river-report/1", "section: river-report/7", None, says="section/river-report/7"),
    "withdrawn without a reason": Bad("missing-key", CLAIMS_1, "type: [PositionClaim]", "type: [PositionClaim]\n    withdrawn: {date: 2026-12-01}", "river-report/1-003", 1, "because"),
    "withdrawn on no day": Bad("wrong-value", CLAIMS_1, "type: [PositionClaim]", "type: [PositionClaim]\n    withdrawn: {date: in December, because: It was misread.}", "river-report/1-003", 1, "2026-12-01"),
    "replaced by a withdrawn claim": Bad("", CLAIMS_2, "    condition: Southland had sold the dam.\n", "    condition: Southland had sold the dam.\n    withdrawn: {date: 2026-12-01, because: It was misread., replacedBy: [river-report/2-003]}\n", "claim/river-report/2-003", says="that stand"),
    "edge between entities": Bad("unknown-key", PLACES, "- id: place/hill-town\n", "- id: place/hill-town\n  locatedIn: place/long-river\n", "place/hill-town", 1, "unknown key locatedIn"),
}  # fmt: skip


def refused(config: Config) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as error:
        build.check(config)
    return error.value.findings


def test_the_tiny_corpus_itself_is_clean(tiny: Config) -> None:
    assert build.check(tiny).findings == ()


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_with_its_mend(name: str, tiny: Config, edit: Edit) -> None:
    bad = BAD[name]
    line = edit(bad.file, bad.old, bad.new)
    findings = refused(tiny)
    fitting = [
        finding
        for finding in findings
        if finding.rule.endswith(bad.rule)
        and (bad.node is None or finding.node == bad.node)
        and bad.says in f"{finding.message} {finding.advice}"
    ]
    assert fitting, "\n".join(map(str, findings))
    finding = fitting[0]
    assert finding.file == f"data/{bad.file}"
    assert finding.line is not None
    assert finding.advice
    if bad.node is not None and bad.rule:
        assert finding.line == line + bad.below or (bad.rule == "duplicate-id" and finding.line >= line)


def test_a_file_that_is_not_utf8(tiny: Config) -> None:
    path = tiny.data / ACTORS
    path.write_bytes(path.read_bytes().replace(b"Ben Lake", b"B\xe9n Lake"))
    (finding,) = refused(tiny)
    assert (finding.rule, finding.line) == ("not-utf8", 6)


def test_an_empty_file_and_one_of_comments(tiny: Config) -> None:
    for content in ("", "  \n\n", "# nothing yet\n"):
        (tiny.data / PLACES).write_text(content)
        (finding,) = refused(tiny)
        assert (finding.rule, finding.file) == ("file-empty", f"data/{PLACES}")


def test_a_file_of_200_megabytes_is_refused_unread(tiny: Config) -> None:
    with (tiny.data / PLACES).open("wb") as file:
        file.truncate(200 * 2**20)
    (finding,) = refused(tiny)
    assert finding.rule == "file-too-large"
    assert "Split it" in finding.advice


def test_a_billion_laughs(tiny: Config) -> None:
    lines = ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tiny.data / PLACES).write_text("\n".join(lines))
    (finding,) = refused(tiny)
    assert (finding.rule, finding.line) == ("yaml-anchor", 1)


def test_deep_nesting(tiny: Config) -> None:
    (tiny.data / PLACES).write_text("[" * 5000 + "]" * 5000)
    (finding,) = refused(tiny)
    assert finding.rule in ("yaml-depth", "yaml-syntax")


def test_a_file_that_is_missing(tiny: Config) -> None:
    (tiny.data / REFERENCES).unlink()
    assert {finding.rule for finding in refused(tiny)} == {"file-missing"}


def test_a_file_with_a_name_that_nobody_reads(tiny: Config) -> None:
    (tiny.data / CLAIMS_2).rename(tiny.data / "sources/river-report/claim-2.yaml")
    (finding,) = refused(tiny)
    assert finding.rule == "unknown-file"


def test_a_cycle_of_places(tiny: Config, edit: Edit) -> None:
    edit(
        CLAIMS_1,
        "      - {s: actor/northland, p: controls, o: place/long-river}\n",
        "      - {s: place/port-lake, p: locatedIn, o: place/hill-town}\n"
        "      - {s: place/hill-town, p: locatedIn, o: place/port-lake}\n",
    )
    findings = refused(tiny)
    assert any("cycle" in finding.message or "circle" in finding.message for finding in findings), findings


def test_every_fault_of_a_run_is_told_at_once(tiny: Config, edit: Edit) -> None:
    edit(CLAIMS_1, "value: 12,", "value: twelve,")
    edit(PLACES, "latitude: 10.5", "latitude: 100.5")
    edit(ACTORS, "label: {en: Ben Lake}", "lable: {en: Ben Lake}")
    assert {finding.rule for finding in refused(tiny)} >= {"wrong-type", "wrong-value", "unknown-key"}
