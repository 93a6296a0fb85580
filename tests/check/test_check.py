"""A build that is whole passes, and each thing that assessors look for is missed where it is wanting."""

import json
import shutil
from pathlib import Path

import pytest

from kg import build, check
from kg.check.visiting import Answer
from kg.config import Config
from tests.conftest import REPO, TINY, project_at
from tests.test_build import finished, kg

BASE = "https://w3id.org/ascribe/tiny/"


def tiny_at(folder: Path) -> Config:
    """A build of the tiny corpus that says all that a data set should."""
    config = project_at(folder, TINY / "data")
    path = config.data / "dataset.yaml"
    said = path.read_text(encoding="utf-8").replace("version: 0.1.0", "version: 0.2.0\nprevious: 0.1.0")
    path.write_text(f"{said}keywords: [rivers, claims]\n", encoding="utf-8")
    build.build(config)
    return config


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return tiny_at(tmp_path_factory.mktemp("whole"))


def test_a_whole_build_passes_and_the_report_says_what_was_checked(whole: Config) -> None:
    status, out, err = finished(kg(whole, "check"))
    assert (status, err) == (0, ""), out
    assert f"{BASE}, version 0.2.0" in out
    for area in ("Findable", "Accessible", "Interoperable", "Reusable"):
        assert f"\n{area}\n" in out
    assert f"All {len(check.CHECKS)} checks passed." in out
    assert "FAIL" not in out


def test_the_build_of_the_project_passes(built: Config) -> None:
    report = check.run(Config.at(REPO, built.build))
    assert report.passed, report.as_text()


def test_each_fault_is_named_with_advice(whole: Config, tmp_path: Path) -> None:
    config = Config.at(whole.root, tmp_path / "build")
    shutil.copytree(whole.build, config.build, symlinks=True)
    folder = build.released(config)
    with (folder / "claims.csv").open("a", encoding="utf-8") as file:
        file.write("one more line\n")
    (folder / "CITATION.cff").unlink()
    void = (folder / "void.ttl").read_text(encoding="utf-8")
    for old, new in (
        ("licenses/by/4.0/> ;\n    dcterms:provenance this:provenance ;", "licenses/by-nc/4.0/> ;"),
        ("dcat:hasCurrentVersion version:0.2.0", "dcat:hasCurrentVersion version:0.1.0"),
        ("void:triples", "void:documents"),
    ):
        assert old in void, old
        void = void.replace(old, new, 1)
    (folder / "void.ttl").write_text(void, encoding="utf-8")
    status, out, _ = finished(kg(config, "--build-dir", str(config.build), "check", "--format", "json"))
    report = json.loads(out)
    assert (status, report["passed"]) == (1, False)
    found = [finding for result in report["results"] for finding in result["findings"]]
    rules = {(finding["rule"], finding["node"]) for finding in found}
    assert {
        ("wrong-checksum", "claims.csv"),
        ("wrong-checksum", "CITATION.cff"),
        ("wrong-signpost", next(node for _, node in rules if str(node).endswith("/downloads/CITATION.cff"))),
        ("citation", "CITATION.cff"),
        ("other-licence", "/.well-known/void"),
        ("no-provenance", BASE),
        ("version-unnamed", BASE),
        ("wrong-count", "tiny.ttl"),
    } <= rules
    assert all(finding["advice"] for finding in found)
    status, text, _ = finished(kg(config, "--build-dir", str(config.build), "check"))
    assert status == 1
    assert "FAIL R1.1" in text
    assert "mend: The file was changed after the build. Build again: kg build" in text


def test_without_a_build_there_is_nothing_to_check(tiny: Config) -> None:
    status, out, err = finished(kg(tiny, "check"))
    assert (status, out) == (2, "")
    assert "kg build" in err


def test_links_are_read_with_their_relations_and_types() -> None:
    header = (
        '</a,b>; rel="item describedby"; type="text/turtle", <https://x.example/>; rel=license, <#c>; title="a;b, c"'
    )
    answer = Answer("http://127.0.0.1:1/page", 200, {"link": header, "content-type": "text/html; charset=utf-8"}, b"")
    assert answer.media == "text/html"
    assert [(link.target, link.relation, link.media) for link in answer.links()] == [
        ("http://127.0.0.1:1/a,b", "item", "text/turtle"),
        ("http://127.0.0.1:1/a,b", "describedby", "text/turtle"),
        ("https://x.example/", "license", ""),
    ]
    assert [link.relation for link in answer.links("license")] == ["license"]
