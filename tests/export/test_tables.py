"""The tables hold the claims and what belongs to them, are what their metadata says, and every code is explained."""

import csv
import json
import warnings
from collections import Counter
from pathlib import Path

import csvw
import pytest

from kg import build
from kg.config import Config
from kg.errors import BuildError
from kg.export.codebook import Codebook
from kg.export.columns import joined
from kg.export.tables import TABLES
from kg.formats import TABLES as NAMES
from kg.vocab import ASC
from tests.export.conftest import Release
from tests.test_build import finished, kg

CLAIM_COLUMNS = (
    "id", "iri", "source", "section", "page", "ranges", "types", "text", "claimant", "attribution", "modality",
    "polarity", "about", "statements", "figures", "references", "when", "where", "framing", "confidence", "flags",
)  # fmt: skip
COUNTED = {
    "claims": "Claim",
    "details": "Claim",
    "statements": "Statement",
    "figures": "Figure",
    "references": "Reference",
    "passages": "TextRange",
}


def rows(release: Release, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(release.read(f"{name}.csv").splitlines()))


def test_the_claims_have_a_row_each(tiny_release: Release) -> None:
    found = rows(tiny_release, "claims")
    assert tuple(found[0]) == CLAIM_COLUMNS
    by_id = {row["id"]: row for row in found}
    assert len(by_id) == 8
    row = by_id["river-report/2-002"]
    assert row["iri"] == "https://w3id.org/ascribe/tiny/claim/river-report/2-002"
    assert row["section"] == "river-report/2"
    assert row["page"] == "3"
    assert row["ranges"] == "448-499;609-621"
    assert row["types"] == "FigureClaim|LegalClaim"
    assert row["claimant"] == "actor/river-institute"
    assert row["statements"] == (
        "agreement/river-accord/article-1 obliges actor/southland"
        "|agreement/river-accord/article-1 deadline within thirty days"
    )
    assert json.loads(row["figures"]) == [
        {"measure": "duration", "value": "30", "unit": "day", "of": "agreement/river-accord/article-1"}
    ]
    assert row["references"] == "3"
    assert by_id["river-report/1-003"]["polarity"] == "negative"
    assert by_id["river-report/2-003"]["modality"] == "conditional"
    assert by_id["river-report/1-002"]["references"] == "1"


def test_statements_figures_and_footnotes_say_whose_they_are(tiny_release: Release) -> None:
    denied = [row for row in rows(tiny_release, "statements") if row["polarity"] == "negative"]
    assert [(row["claim"], row["subjectLabel"], row["predicateLabel"]) for row in denied] == [
        ("river-report/1-003", "Northland", "seeks"), ("river-report/1-003", "Southland", "seeks"),
    ]  # fmt: skip
    assert {row["claimant"] for row in denied} == {"actor/vague-observers"}
    figure = next(row for row in rows(tiny_release, "figures") if row["claim"] == "river-report/1-002")
    assert (figure["measure"], figure["value"], figure["qualifier"], figure["unit"]) == (
        "duration",
        "12",
        "nearly",
        "year",
    )
    note = next(row for row in rows(tiny_release, "references") if row["number"] == "3")
    assert note["claims"] == "river-report/2-002"
    work = next(row for row in rows(tiny_release, "works") if row["id"] in note["works"])
    assert work["title"] == note["workLabel"] != ""


def test_passages_lay_claims_over_a_text(tiny_release: Release) -> None:
    found = [row for row in rows(tiny_release, "passages") if row["claims"] == "river-report/2-002"]
    assert [(row["range"], row["start"], row["end"]) for row in found] == [("1", "448", "499"), ("2", "609", "621")]
    assert all(len(row["sha256"]) == len(row["textSha256"]) == 64 for row in found)
    assert all(row["page"] for row in rows(tiny_release, "passages")), "a footnote's passage is on the footnote's page"


def test_details_give_names_for_the_ids_and_all_else_that_is_said_of_a_claim(release: Release) -> None:
    nodes = release.publication.nodes
    found = rows(release, "details")
    for claim, detail in zip(rows(release, "claims"), found, strict=True):
        assert claim["id"] == detail["id"]
        for ids, names in (("about", "aboutLabels"), ("claimant", "claimantLabel"), ("where", "whereLabels")):
            assert claim[ids].count("|") == detail[names].count("|")
            assert bool(claim[ids]) == bool(detail[names])
        labels = (nodes.label(f"{nodes.base}{each}") for each in claim["about"].split("|") if each)
        assert detail["aboutLabels"] == "|".join(labels)
    for name, link in (("reportedBy", "reportedBy"), ("topics", "topic"), ("supports", "supports"), ("note", "note")):
        said = [len(nodes.terms(claim, f"{ASC}{link}")) for claim in nodes.of_type("Claim")]
        there = [row[name] for row in found]
        assert [bool(each) for each in there] == [number > 0 for number in said], name
    assert sum(bool(row["condition"]) for row in found) > 0


def test_every_node_of_a_kind_has_a_row(release: Release) -> None:
    nodes = release.publication.nodes
    for name, kind in COUNTED.items():
        assert len(rows(release, name)) == len(nodes.of_type(kind)) > 0, name


def test_the_tables_are_what_their_metadata_says(release: Release) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = csvw.CSVW(str(release.folder / "csv-metadata.json"), validate=True)
        assert found.is_valid  # datatypes, required cells, keys and foreign keys
    assert not [each for each in told if "csvw" in str(each.filename)]
    group = csvw.TableGroup.from_file(str(release.folder / "csv-metadata.json"))
    for table, described in zip(TABLES, group.tables, strict=True):
        head = release.read(f"{table.name}.csv").split("\r\n", 1)[0].split(",")
        assert head == [column.name for column in described.tableSchema.columns]
    claim = next(row for row in group.tables[0] if row["figures"])
    assert isinstance(claim["about"], list)
    assert isinstance(json.loads(claim["figures"]) if isinstance(claim["figures"], str) else claim["figures"], list)


def test_metadata_catch_a_table_that_is_not_as_they_say(tiny_release: Release, tmp_path: Path) -> None:
    for path in (*tiny_release.folder.glob("*.csv"), tiny_release.folder / "csv-metadata.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    statements = tmp_path / "statements.csv"
    content = statements.read_text(encoding="utf-8")
    statements.write_text(content.replace(",river-report/1-001,", ",river-report/9-999,"), encoding="utf-8")
    with pytest.raises(ValueError, match="9-999"):
        assert csvw.CSVW(str(tmp_path / "csv-metadata.json"), validate=True).is_valid


def test_the_codebook_explains_every_column_and_code(release: Release) -> None:
    codebook = Codebook(release.publication)
    assert not [entry.term for entry in codebook.entries if not entry.meaning or not entry.label]
    assert not [column.name for table in TABLES for column in table.columns if not column.about]
    explained = {entry.term for entry in codebook.entries}
    used = Counter[str]()
    for row in rows(release, "claims"):
        for name in ("types", "attribution", "modality", "framing", "confidence", "flags", "polarity"):
            used.update(filter(None, row[name].split("|")))
    for row in rows(release, "statements"):
        used[row["predicate"]] += 1
    for row in rows(release, "figures"):
        used.update(filter(None, (row["measure"], row["unit"], row["qualifier"], row["role"])))
    assert used.keys() <= explained
    counts = {entry.term: entry.used for entry in codebook.entries if entry.group == "Kinds of claim"}
    assert all(count == used[kind] for kind, count in counts.items())
    text = release.read("codebook.md")
    assert all(f"| `{column.name}` |" in text for table in TABLES for column in table.columns)


def test_the_command_knows_the_tables() -> None:
    assert [table.name for table in TABLES] == list(NAMES)


def test_a_value_that_holds_the_joint_is_refused() -> None:
    with pytest.raises(BuildError, match="joins values"):
        joined(["a|b", "c"])


def test_an_unwritable_target_is_named(tiny: Config, tmp_path: Path) -> None:
    build.build(tiny)
    status, out, err = finished(kg(tiny, "export", "-o", str(tmp_path / "nowhere" / "x.ttl")))
    assert (status, out) == (2, "")
    assert "cannot be written" in err
    status, out, err = finished(kg(tiny, "export", "--format", "csv", "-o", str(tmp_path / "x.csv")))
    assert status == 0
    assert (tmp_path / "x.csv").read_bytes() == build.exported(tiny, "csv")
