"""What holds for the project as a whole: the real data build, and no words of a source stand anywhere."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kg import build, passages
from kg.build import check
from kg.config import Config
from kg.corpus import read_files
from kg.texts import footnote_blocks
from tests.conftest import REPO, project_at
from tests.test_build import contents, finished, kg

RUN = 8  # words in a row that are no accident
SOURCE = "air-center-2021"
WORD = re.compile(r"[^\W_]+")
BINARY = {".png", ".svg", ".jpg", ".ttf", ".woff2", ".ico", ".gz", ".zip", ".lock"}


def runs(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every run of words in a text, case folded, with its offset."""
    found = [(match.group().casefold(), match.start()) for match in WORD.finditer(text)]
    for at in range(len(found) - RUN + 1):
        yield tuple(word for word, _ in found[at : at + RUN]), found[at][1]


def titles_and_names(config: Config) -> str:
    """The facts that may stand as printed: titles of sources, sections and works, and the names of entities."""
    files = read_files(config)
    parts: list[str] = []
    for source in files.sources.values():
        parts += [source.value["title"], *(section["title"] for section in source.value["sections"])]
    for document in files.entities:
        for record in document.value:
            parts += [*record["label"].values(), *record.get("translatedTitle", {}).values(), record.get("detail", "")]
            parts += [record.get("url", ""), *(name for some in record.get("names", {}).values() for name in some)]
    return "\n".join(parts)


def test_no_run_of_the_source_stands_in_the_project(report_text: Path) -> None:
    text = report_text.read_bytes().decode()
    holes = footnote_blocks(text).values()
    body = "".join(char if not any(h.start <= at < h.end for h in holes) else " | " for at, char in enumerate(text))
    known = {run for run, _ in runs(body)}
    allowed = {run for run, _ in runs(titles_and_names(Config.at(REPO)))}
    listed = subprocess.run(
        ["git", "-C", REPO, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=True
    )
    faults = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = REPO / name
        if path.suffix in BINARY or not path.is_file():
            continue
        content = path.read_text(encoding="utf-8")
        faults += [
            f"{name}:{content.count(chr(10), 0, at) + 1}"
            for run, at in runs(content)
            if run in known and run not in allowed
        ]
    assert not faults


def test_the_real_data_have_no_violation_and_every_passage_is_there(report_text: Path) -> None:
    config = Config.at(REPO, texts={SOURCE: report_text})
    findings = check(config).findings
    assert not findings, "\n".join(map(str, findings))


def test_another_clone_builds_the_same_bytes(built: Config, tmp_path: Path) -> None:
    clone = project_at(tmp_path, REPO / "data")
    assert finished(kg(clone, "build", seed="4711"))[0] == 0
    assert contents(build.current(clone) / "release") == contents(build.current(built) / "release")
    assert build.current(clone).name.split("-")[1] == build.current(built).name.split("-")[1]


def test_everything_in_the_report_is_accounted_for(report_text: Path) -> None:
    config = Config.at(REPO)
    text = report_text.read_bytes().decode()
    report = passages.covered(read_files(config), SOURCE, text)
    assert not [gap for gap in report.gaps if not gap.partly], report.as_text()
