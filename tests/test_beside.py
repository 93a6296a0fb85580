"""What is done beside a process comes back as from a call, and never outlives that process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.beside import Beside
from kg.errors import BuildError, MissingPartError
from kg.reasoning import check
from tests.conftest import REPO

SLEEP = ["sleep", "600"]
PARENT = f"""
import subprocess
from kg.beside import Beside
with Beside(subprocess.call, {SLEEP}) as child:
    print(child._process.pid, flush=True)
    child.result()
"""


def members(group: int) -> list[str]:
    """The commands of a process group that are at work: one that has ended may wait to be noticed."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            name, _, rest = (entry / "stat").read_text().rpartition(")")
        except (OSError, ValueError):
            continue
        state, _, its = rest.split()[:3]
        if int(its) == group and state not in ("Z", "X"):
            found.append(name.partition("(")[2])
    return found


def wait(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_result_comes_back() -> None:
    with Beside(divmod, 17, 5) as child:
        assert child.result() == (3, 2)
        assert child.result() == (3, 2)


def test_large_arguments_and_results_come_through() -> None:
    with Beside(bytes.upper, b"a" * 5_000_000) as child:
        assert child.result() == b"A" * 5_000_000


def test_what_it_raises_is_raised_with_where_it_happened() -> None:
    with Beside(check, b"", b"", "/nowhere/java") as child, pytest.raises(MissingPartError, match="nowhere") as error:
        child.result()
    assert "in _hermit" in error.value.__notes__[0]


def test_a_process_that_dies_is_told_of() -> None:
    with Beside(os._exit, 3) as child, pytest.raises(BuildError, match="ended with 3"):
        child.result()


def test_leaving_the_context_ends_it_and_what_it_started() -> None:
    with Beside(subprocess.call, SLEEP) as child:
        group = child._process.pid
        wait(lambda: "sleep" in members(group))
    wait(lambda: not members(group))


def test_it_ends_with_a_parent_that_is_killed() -> None:
    command, environment = [sys.executable, "-c", PARENT], os.environ | {"PYTHONPATH": str(REPO)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        group = int(parent.stdout.readline())
        wait(lambda: "sleep" in members(group))
        parent.send_signal(signal.SIGKILL)
    wait(lambda: not members(group))
