"""Shared fixtures: the repository, a tiny project to change at will, the report's text where it is at hand."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import build
from kg.config import Config

REPO = Path(__file__).resolve().parent.parent
TINY = REPO / "tests" / "fixtures" / "tiny"
REPORT_TEXT = Path(os.environ.get("ASCRIBE_TEXT", REPO.parent / "shared" / "sources" / "air-center-2021.txt"))


def project_at(folder: Path, data: Path) -> Config:
    """Lay out a project below a folder: its own copy of some data, the repository's ontology and queries."""
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(REPO / name)
    shutil.copytree(data, folder / "data")
    return Config.at(folder)


@pytest.fixture
def tiny(tmp_path: Path) -> Config:
    """A project with the tiny corpus, which a test may change."""
    return project_at(tmp_path, TINY / "data")


@pytest.fixture
def edit(tiny: Config) -> Callable[[str, str, str], int]:
    """Replace the one place of some text in a file of the tiny corpus; return the line where it stood."""

    def replace(name: str, old: str, new: str) -> int:
        path = tiny.data / name
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
        path.write_text(content.replace(old, new), encoding="utf-8")
        return content[: content.index(old)].count("\n") + 1

    return replace


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where the W3C's test suites are."""
    parser.addoption(
        "--w3c", metavar="DIR", help="the W3C's SPARQL test suites  [ASCRIBE_W3C, else ../shared/w3c-sparql]"
    )


def w3c_folder(config: pytest.Config) -> Path:
    """Where the W3C's test suites are looked for; they are no part of the repository."""
    default = os.environ.get("ASCRIBE_W3C", REPO.parent / "shared" / "w3c-sparql")
    return Path(config.getoption("--w3c") or default).resolve()


@pytest.fixture(scope="session")
def report_text() -> Path:
    """The report's text, which its publisher owns: tests that need it are skipped where it is missing."""
    if not REPORT_TEXT.is_file():
        pytest.skip(f"the report's text is not at {REPORT_TEXT}; name it in ASCRIBE_TEXT")
    return REPORT_TEXT


WITHDRAWN = ("2026-12-01", "The passage speaks of a loan and not of a sale.", "river-report/2-002")


@pytest.fixture(scope="session")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A built project with the tiny corpus, in which the claim river-report/2-003 is withdrawn: WITHDRAWN."""
    config = project_at(tmp_path_factory.mktemp("withdrawn"), TINY / "data")
    path = config.data / "sources/river-report/claims-2.yaml"
    told = "withdrawn: {{date: {}, because: {}, replacedBy: [{}]}}".format(*WITHDRAWN)
    old = "  - id: river-report/2-003\n"
    path.write_text(path.read_text(encoding="utf-8").replace(old, f"{old}    {told}\n"), encoding="utf-8")
    build.build(config)
    return config


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The repository's own data, built once in a folder of the tests."""
    config = Config.at(REPO, tmp_path_factory.mktemp("built"))
    build.build(config)
    return config


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell plainly when something was not tested."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.write_line(f"{skipped} tests were skipped: the parts they need are missing here.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail where nothing may be skipped: ASCRIBE_NO_SKIPS is set by `.ci/run`."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("ASCRIBE_NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
