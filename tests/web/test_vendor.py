"""The browser libraries are the project's own files: whole, as on record, with their licences, and never fetched."""

import json
import shutil
from pathlib import Path

import pytest

from kg.web import vendor
from tests.conftest import REPO

TESTING = Path(__file__).parent / "vendor"
FOLDERS = (vendor.SERVED, REPO / "kg" / "network" / "vendor", TESTING)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_file_is_the_one_on_record(folder: Path) -> None:
    assert vendor.faults(folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_library_has_its_licence_beside_it(folder: Path) -> None:
    for entry in vendor.read(folder):
        assert entry["licence"] in {"MIT", "ISC", "BSD-2-Clause", "MPL-2.0", "OFL-1.1"}
        texts = list((folder / entry["name"]).glob("LICENSE*"))
        assert texts, f"{entry['name']} has no licence text"


def test_a_change_a_loss_and_a_stranger_are_told(tmp_path: Path) -> None:
    folder = shutil.copytree(TESTING, tmp_path / "vendor")
    (folder / "axe-core" / "axe.min.js").write_text("changed", encoding="utf-8")
    (folder / "axe-core" / "LICENSE").unlink()
    (folder / "stranger.js").write_text("", encoding="utf-8")
    said = vendor.faults(folder)
    assert [each.removeprefix(f"{folder}/") for each in said] == [
        "axe-core/axe.min.js is not the file on record",
        "axe-core/LICENSE is missing",
        "stranger.js is in no record",
    ]
    assert vendor.main(["check", str(folder)]) == 1


def test_a_folder_without_a_record_and_an_unknown_command_are_told_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vendor.main(["check", str(tmp_path)]) == 2
    assert vendor.main(["renew"]) == 2
    assert capsys.readouterr().err.count("python -m kg.web.vendor refresh|check") == 2


def test_versions_are_pinned() -> None:
    for folder in FOLDERS:
        for entry in json.loads((folder / vendor.RECORD).read_text("utf-8")):
            assert entry["version"].replace(".", "").isdigit(), entry["package"]
