"""Many clients at once: wrk, a load generator in C, asks a peer for a while."""

from __future__ import annotations

import json
import resource
import subprocess
from typing import TYPE_CHECKING, Any

from benchmarks.peer import HOST, MEDIA
from benchmarks.processes import ROOT, PeerError

if TYPE_CHECKING:
    from benchmarks.peer import Peer

CLIENTS = (8, 64)
_SENTINEL = "$number"  # stands where a query's number goes


def press(
    peer: Peer, asked: list[tuple[str, str]], clients: int, seconds: float, first: int, timeout: float
) -> dict[str, Any]:
    """Return what wrk tells of so many clients that ask (query, form) in turn, and how much of a processor it took.

    The first query bears the number `first` in a comment and each later one the next, none where it is 0. Raises
    PeerError when wrk tells nothing.
    """
    targets = peer.folder / "targets"
    mark = peer.target(_SENTINEL).split("=", 1)[1].split("&")[0]
    lines = []
    for text, form in asked:
        before, after = peer.target(text + _SENTINEL).split(mark)
        lines.append(f"{MEDIA[form]}\t{before}\t{after}\n")
    targets.write_text("".join(lines), encoding="utf-8")
    options = ["-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", f"--timeout={timeout:.0f}s"]
    options += [
        "-s",
        str(ROOT / "benchmarks" / "load.lua"),
        f"http://{HOST}:{peer.port}/",
        "--",
        str(targets),
        str(first),
    ]
    before_usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["wrk", *options, "--", str(targets), str(first)],  # noqa: S607 - wherever the system has it
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=False,
    )
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not told:
        raise PeerError(f"wrk: {(done.stderr or done.stdout).strip()[-200:]}")
    found: dict[str, Any] = json.loads(told[0].removeprefix("RESULT "))
    busy = usage.ru_utime + usage.ru_stime - before_usage.ru_utime - before_usage.ru_stime
    errors = found["status"] + found["timeout"] + found["socket"]
    rate = (found["requests"] - found["status"]) / found["seconds"]
    return {**found, "rate": rate, "errors": errors, "generator": busy / found["seconds"]}
