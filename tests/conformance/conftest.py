"""Where the W3C's suites are, and the server that they are asked of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conformance import suites
from tests.conformance.serving import Served
from tests.conftest import w3c_folder

KNOWN = Path(__file__).parent / "known-failures.yaml"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each case; without the suites, one that is skipped and says where they are looked for."""
    folder = w3c_folder(metafunc.config)
    there = (folder / "sparql11").is_dir()
    missing = pytest.param(None, marks=pytest.mark.skip(reason=f"no W3C suites in {folder}; name them with --w3c DIR"))
    if "case" in metafunc.fixturenames:
        start: tuple[str, ...] = metafunc.module.MANIFESTS
        cases = [case for name in start for case in suites.query_cases(folder, name)] if there else []
        metafunc.parametrize("case", cases or [missing], ids=lambda case: case.name if case else "suites")
    if "exchange" in metafunc.fixturenames:
        found = suites.exchanges(folder) if there else []
        metafunc.parametrize("exchange", found or [missing], ids=lambda each: each.name if each else "suites")


@pytest.fixture(scope="session")
def known_failures() -> dict[str, str]:
    """The reason of each known failure by the name of its case."""
    groups = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return {name: group["reason"] for group in groups for name in group["cases"]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("w3c"), w3c_folder(pytestconfig))
    yield server
    server.close()
