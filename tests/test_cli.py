"""The command line through its real entry point: what it prints where, and how it ends."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import build
from kg.config import Config
from tests.conftest import TINY
from tests.test_build import finished, kg

Edit = Callable[[str, str, str], int]
TEXT = f"river-report={TINY / 'river-report.txt'}"
ASK = "PREFIX asc: <https://w3id.org/ascribe/ns#> "


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Config:
    from tests.conftest import project_at

    config = project_at(tmp_path_factory.mktemp("built"), TINY / "data")
    build.build(config)
    return config


def asked(config: Config, query: str, *options: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "kg", "--project", str(config.root), "query", "-", *options]
    done = subprocess.run(command, input=query, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_command_in_the_order_of_work() -> None:
    done = subprocess.run([sys.executable, "-m", "kg", "--help"], capture_output=True, text=True, timeout=60)
    commands = [line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line.strip()]
    assert commands == [
        "build", "validate", "query", "serve", "export", "check", "diff", "network", "anchors", "coverage",
    ]  # fmt: skip


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, kg.cli; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    heavy = {"pyoxigraph", "rdflib", "owlready2", "flask", "yaml", "rich", "edtf", "jsonschema_rs", "pyshacl_turbo"}
    assert not heavy & set(done.stdout.split())


def test_a_folder_that_is_no_project_is_named(tmp_path: Path) -> None:
    status, out, err = finished(kg(Config.at(tmp_path), "build"))
    assert (status, out) == (2, "")
    assert "has no data/dataset.yaml" in err
    assert "--project" in err


def test_validate_tells_that_there_is_nothing_to_mend(tiny: Config) -> None:
    status, out, err = finished(kg(tiny, "validate", "--text", TEXT))
    assert (status, out) == (0, "")
    assert "nothing to mend" in err


def test_validate_prints_each_finding_to_stdout(tiny: Config, edit: Edit) -> None:
    line = edit("sources/river-report/claims-1.yaml", "qualifier: nearly", "qualifier: neraly")
    status, out, err = finished(kg(tiny, "validate"))
    assert status == 1
    assert out.startswith(f"data/sources/river-report/claims-1.yaml:{line}: violation: figure/river-report/1-002/1:")
    assert "mend: Did you mean qualifier/nearly?" in out
    assert "1 violation" in err
    status, out, _ = finished(kg(tiny, "validate", "--format", "json"))
    (finding,) = json.loads(out)
    assert (status, finding["line"], finding["rule"]) == (1, line, "undeclared-term")


def test_build_refuses_what_validate_finds(tiny: Config, edit: Edit) -> None:
    edit("entities/place.yaml", "type: WaterBody", "type: WaterBoddy")
    status, out, err = finished(kg(tiny, "build"))
    assert (status, out) == (2, "")
    assert "Did you mean WaterBody?" in err
    assert "Traceback" not in err


def test_a_passage_that_is_not_in_the_text_is_found(tiny: Config, edit: Edit, tmp_path: Path) -> None:
    line = edit("sources/river-report/claims-1.yaml", "start: 53, end: 98", "start: 54, end: 98")
    status, out, _ = finished(kg(tiny, "anchors", "verify", "--text", TEXT))
    assert status == 1
    assert f"claims-1.yaml:{line}: violation: river-report/1-001: range 54-98" in out
    status, _, err = finished(kg(tiny, "build", "--text", TEXT))
    assert status == 2
    assert "fingerprint-mismatch" in err


def test_another_text_is_refused_with_the_way_on(tiny: Config, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text((TINY / "river-report.txt").read_text() + "\n")
    status, out, err = finished(kg(tiny, "anchors", "verify", "--text", f"river-report={other}"))
    assert (status, out) == (2, "")
    assert "kg anchors locate" in err
    status, out, err = finished(kg(tiny, "anchors", "locate", "river-report", str(other)))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert "15 of 15 ranges found" in err
    assert [row["found"] for row in rows if row["id"] == "river-report/2-002"] == ["448-499", "609-620"]


def test_a_quote_becomes_ranges_in_place(tiny: Config) -> None:
    path = tiny.data / "sources/river-report/claims-1.yaml"
    before = path.read_text()
    ranges = before[before.index("ranges: [{start: 53") : before.index("}]}") + 2]
    path.write_text(before.replace(ranges, 'quote: "Northland and Southland … Long River."'))
    status, _, err = finished(kg(tiny, "build"))
    assert status == 2
    assert "kg anchors fix" in err
    status, _, err = finished(kg(tiny, "anchors", "fix", "--text", TEXT, str(path)))
    assert status == 0
    assert "1 quotes have their ranges" in err
    assert path.read_text() == before
    path.write_text(before.replace(ranges, "quote: words that stand nowhere"))
    drafted = path.read_text()
    status, out, _ = finished(kg(tiny, "anchors", "fix", "--text", TEXT, str(path)))
    assert status == 1
    assert "river-report/1-001" in out
    assert path.read_text() == drafted


def test_a_source_that_is_unknown_or_a_text_that_is_missing(tiny: Config, tmp_path: Path) -> None:
    for arguments, says in (
        (("anchors", "verify"), "--text <source>=FILE"),
        (("anchors", "verify", "--text", "nonsense"), "is not SOURCE=FILE"),
        (("anchors", "verify", "--text", f"lake-report={tmp_path}/x"), "the sources are river-report"),
        (("coverage", "--text", f"river-report={tmp_path}/x"), "there is no text of river-report here"),
    ):
        status, out, err = finished(kg(tiny, *arguments))
        assert (status, out) == (2, ""), arguments
        assert says in err


def test_coverage_lists_what_no_claim_holds(tiny: Config, edit: Edit) -> None:
    status, out, _ = finished(kg(tiny, "coverage", "--text", TEXT))
    assert status == 0, out
    path = tiny.data / "sources/river-report/claims-2.yaml"
    path.write_text(path.read_text().split("  - id: river-report/2-004")[0])
    status, out, _ = finished(kg(tiny, "coverage", "--text", TEXT, "--format", "json"))
    report = json.loads(out)["river-report"]
    assert status == 1
    assert [gap["start"] for gap in report["gaps"] if gap["kind"] == "sentences"] == [689]
    assert {"300", "200", "100"} == {
        (TINY / "river-report.txt").read_text()[gap["start"] : gap["end"]]
        for gap in report["gaps"]
        if gap["kind"] == "numerals"
    }


def test_queries_are_answered_as_table_and_in_every_format(built: Config) -> None:
    query = ASK + "SELECT ?claim ?text WHERE { ?claim a asc:LegalClaim ; asc:text ?text } ORDER BY ?claim"
    status, out, _ = asked(built, query)
    assert status == 0
    assert "claim:river-report/2-002" in out
    assert "(2 rows)" in out
    status, out, _ = asked(built, query, "--format", "csv")
    assert [row["claim"].split("/")[-1] for row in csv.DictReader(io.StringIO(out))] == ["2-002", "2-003"]
    status, out, _ = asked(built, query, "--format", "json")
    assert len(json.loads(out)["results"]["bindings"]) == 2
    status, out, _ = asked(built, ASK + "ASK { ?x a asc:Treaty }")
    assert (status, out) == (0, "yes\n")
    status, out, _ = asked(built, ASK + "CONSTRUCT { ?x a asc:Treaty } WHERE { ?x a asc:Treaty }")
    assert status == 0
    assert "asc:Treaty" in out


def test_a_query_that_cannot_be_answered_says_why(built: Config) -> None:
    for query, options, says in (
        ("SELECT ?x WHERE { ?x ?y }", (), "1:"),
        (ASK + "SELECT ?x WHERE { ?x a asc:Treaty }", ("--format", "turtle"), "cannot carry"),
        ("DELETE WHERE { ?s ?p ?o }", (), "data/"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", (), "SERVICE"),
    ):
        status, out, err = asked(built, query, *options)
        assert (status, out) == (2, ""), query
        assert says in err, err
        assert "Traceback" not in err


def test_the_plain_triple_of_a_claim_stands_in_its_own_graph_only(built: Config) -> None:
    triple = "<https://w3id.org/ascribe/tiny/actor/northland> asc:signed <https://w3id.org/ascribe/tiny/agreement/river-accord>"
    assert asked(built, f"{ASK} ASK {{ {triple} }}")[1] == "no\n"
    _, out, _ = asked(built, f"{ASK} SELECT ?g WHERE {{ GRAPH ?g {{ {triple} }} }}", "--format", "csv")
    assert out.split() == ["g", "https://w3id.org/ascribe/tiny/claim/river-report/2-001#assertion"]


def test_a_build_that_another_program_damaged_is_named(built: Config, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "copy", symlinks=True)
    config = Config.at(tmp_path / "copy")
    shutil.rmtree(build.current(config) / "store")
    status, out, err = asked(config, "ASK {}")
    assert (status, out) == (2, "")
    assert "kg build" in err
