"""Times the full build of the real data, step by step, and the start of the command line; prints a Markdown table.

`python -m benchmarks build authors 1 2` builds the claims of these sections alone (links to others are left out).

Each figure is the median of several runs of the whole process, after one that is not counted.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
LIMIT = 600  # seconds for one run
BUILD = """
import json, sys
from pathlib import Path
from kg.build import build
from kg.config import Config
report = build(Config.at(Path(sys.argv[1]), Path(sys.argv[2])))
print(json.dumps({"claims": report.claims, "quads": report.quads, "seconds": report.seconds}))
"""


def timed(command: list[str], runs: int = RUNS) -> tuple[list[float], list[str]]:
    """Return the seconds and the stdout of each counted run of a command."""
    seconds, outputs = [], []
    for run in range(runs + 1):
        began = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=True)
        if run:
            seconds.append(time.perf_counter() - began)
            outputs.append(done.stdout)
    return seconds, outputs


def row(name: str, values: list[float]) -> str:
    """Return one line of the table: median, least and most seconds."""
    return f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} |"


def sections_alone(folder: Path, sections: list[str]) -> Path:
    """Return a project with the claims of some sections only, below a folder."""
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "data", folder / "data")
    kept = re.compile(rf"[^/, ]+/({'|'.join(map(re.escape, sections))})-\d+$")

    def links(match: re.Match[str]) -> str:
        inside = [each.strip() for each in match[2].split(",") if kept.match(each.strip())]
        return f"    {match[1]}: [{', '.join(inside)}]\n" if inside else ""

    for path in folder.glob("data/sources/*/claims-*.yaml"):
        if path.stem.removeprefix("claims-") not in sections:
            path.unlink()
            continue
        between = r"(?m)^    (supports|contradicts|qualifies|repeats|exemplifies): \[(.*)\]\n"
        path.write_text(re.sub(between, links, path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def main(sections: list[str]) -> None:
    """Run the benchmark and print its report."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as part:
        project = sections_alone(Path(part), sections) if sections else ROOT
        whole, outputs = timed([sys.executable, "-c", BUILD, str(project), folder])
    reports = [json.loads(output) for output in outputs]
    start, _ = timed([sys.executable, "-m", "kg", "--help"], runs=10)
    steps = {name: [report["seconds"][name] for report in reports] for name in reports[0]["seconds"]}
    rest = [sum(report["seconds"].values()) - report["seconds"]["reason"] for report in reports]
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "owlready2", "pyshacl-turbo"))
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {libraries}, {os.cpu_count()} cores;")
    print(f"{reports[0]['claims']:,} claims, {reports[0]['quads']:,} quads; seconds over {RUNS} runs.\n")
    print("| what | median | least | most |\n|---|---|---|---|")
    print(row("full build, whole process", whole))
    for name, values in steps.items():
        print(row(f"— {name}", values))
    print(row("everything but the wait for HermiT and the JVM (`reason`)", rest))
    print(row("`kg --help`, whole process", start))
