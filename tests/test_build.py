"""A build is whole or not there: the same bytes each time, the one before untouched by a failure or a kill."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.config import Config
from kg.errors import BuildError, InputError
from kg.export.description import listed
from kg.export.release import CHECKSUMS
from tests.conftest import TINY, project_at

KILLS = 20


def contents(folder: Path) -> dict[str, str]:
    """The digest of each file that a build publishes, by name."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in listed(folder)}


def claims_in(folder: Path) -> int:
    """How many claims the store of a build answers with: the store opens only when it is whole."""
    store = ox.Store.read_only(str(folder / "store"))
    answer = store.query("SELECT (COUNT(?c) AS ?n) WHERE { ?c a <https://w3id.org/ascribe/ns#Claim> }")
    return int(next(iter(answer))["n"].value)  # type: ignore[union-attr]


def whole(config: Config) -> bool:
    """Whether the current build holds everything, and its store answers with as many claims as it says."""
    folder = build.current(config)
    record = json.loads((folder / "build.json").read_text())
    found = contents(folder / "release")
    del found[CHECKSUMS]  # which is written last
    lines = (folder / "release" / CHECKSUMS).read_text().splitlines()
    return claims_in(folder) == record["claims"] == 8 and lines == [f"{each}  {name}" for name, each in found.items()]


def kg(config: Config, *arguments: str, seed: str = "0") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kg", "--project", str(config.root), *arguments]
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_build_holds_all_that_is_served_and_says_so(tiny: Config) -> None:
    status, out, err = finished(kg(tiny, "build"))
    assert (status, out) == (0, "")
    assert "Built 8 claims" in err
    assert "kg serve" in err
    assert whole(tiny)
    assert {path.name for path in build.current(tiny).iterdir()} == {"build.json", "release", "search.sqlite", "store"}


def test_two_clones_give_the_same_bytes(tmp_path: Path) -> None:
    folders = []
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        config = project_at(tmp_path / seed, TINY / "data")
        assert finished(kg(config, "build", seed=seed))[0] == 0
        folders.append(build.current(config))
    assert contents(folders[0] / "release") == contents(folders[1] / "release")
    assert (folders[0] / "build.json").read_bytes() == (folders[1] / "build.json").read_bytes()


def test_a_build_that_fails_leaves_the_one_before(tiny: Config, edit: Callable[[str, str, str], int]) -> None:
    build.build(tiny)
    before = build.current(tiny)
    edit("entities/place.yaml", "type: WaterBody", "type: WaterBoddy")
    with pytest.raises(InputError, match="WaterBody"):
        build.build(tiny)
    assert build.current(tiny) == before
    assert whole(tiny)
    assert not list(tiny.build.glob("making-*"))


@pytest.mark.parametrize(
    ("file", "old", "new", "rules"),
    [
        ("place", "type: WaterBody", "type: [WaterBody, State]", {"Actor-id", "Entity-kind", "inconsistent"}),
        (
            "actor",
            "- id: actor/ben-lake\n  type: Person",
            "- id: actor/ben-lake\n  type: [Person, Group]",
            {"inconsistent"},
        ),  # which no shape sees
    ],
)
def test_a_graph_that_cannot_hold_ends_a_build_with_all_findings(
    file: str, old: str, new: str, rules: set[str], tiny: Config, edit: Callable[[str, str, str], int]
) -> None:
    build.build(tiny)
    before = build.current(tiny)
    edit(f"entities/{file}.yaml", old, new)
    with pytest.raises(InputError) as error:
        build.build(tiny)
    assert {finding.rule for finding in error.value.findings} == rules
    assert build.current(tiny) == before
    assert whole(tiny)
    assert not list(tiny.build.glob("making-*"))


def test_two_builds_at_once_do_not_mix(tiny: Config) -> None:
    tiny.build.mkdir()
    with build._only_one(tiny.build), pytest.raises(BuildError, match="under way"):
        build.build(tiny)


def test_without_a_build_the_next_step_is_named(tiny: Config) -> None:
    status, out, err = finished(kg(tiny, "export"))
    assert (status, out) == (2, "")
    assert "kg build" in err
    assert "Traceback" not in err


def test_a_build_killed_at_any_moment_leaves_the_one_before(tiny: Config) -> None:
    began = time.perf_counter()
    assert finished(kg(tiny, "build"))[0] == 0
    took = time.perf_counter() - began
    moments = random.Random(44)  # seeded, so that a failure can be had again
    killed = 0
    for _ in range(KILLS):
        process = kg(tiny, "build")
        try:
            process.wait(moments.uniform(0, took))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate(timeout=60)
        assert whole(tiny)
    assert killed >= KILLS // 2  # most of them met a build at work
    assert finished(kg(tiny, "build"))[0] == 0
    assert whole(tiny)
    assert len([path for path in tiny.build.iterdir() if path.is_dir() and not path.is_symlink()]) <= 2
    assert not list(tiny.build.glob("making-*"))
