"""Measures what users wait for: `python -m benchmarks` runs all parts, `python -m benchmarks --help` names them."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

from benchmarks import corpora, measure, pages, pipeline, report
from benchmarks.peers import PEERS
from benchmarks.tools import Tools, memory_of_machine

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"


PARTS = {
    "all": "time the build, measure pages and endpoint, write the document [default]",
    "build": "time the build, step by step, and print a table",
    "pages": "time the pages of the build and of a synthetic one of a million quads, and write the document",
    "endpoint": "measure the endpoint beside its peers and write the document",
    "report": "write the document from what was measured",
}


def main(arguments: list[str] | None = None) -> None:
    """Run the part that is asked for."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words = ["all", *words]
    given = _parser().parse_args(words)
    if given.part in ("all", "build"):
        pipeline.main(given.sections)
    if given.part in ("all", "pages"):
        _need(given.build)
        pages.main(given.build, given.large or given.out / "1m", given.out / "pages.log", given.document)
    if given.part in ("all", "endpoint"):
        compare(given)
    if given.part not in ("build", "pages"):
        report.write(given.document, given.out / "results")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    found = parser.add_subparsers(dest="part", metavar="PART", required=True)
    for name, help_ in PARTS.items():
        part = found.add_parser(name, help=help_, description=help_)
        part.set_defaults(sections=[])
        if name == "build":
            part.add_argument("sections", nargs="*", help="build the claims of these sections alone: authors 1 2")
            continue
        part.add_argument("--out", type=Path, default=ROOT / "build" / "bench", metavar="DIR", help="where results are")
        part.add_argument("--document", type=Path, default=DOCUMENT, metavar="FILE", help="what is written")
        if name != "report":
            part.add_argument("--build", type=Path, default=ROOT / "build" / "current", help="the build to measure")
        if name in ("all", "pages"):
            part.add_argument("--large", type=Path, metavar="DIR", help="where the synthetic build is or goes to")
        if name in ("all", "endpoint"):
            _measuring(part)
    return parser


def _measuring(parser: argparse.ArgumentParser) -> None:
    names = [peer.name for peer in PEERS]
    parser.add_argument("--data", nargs="+", choices=corpora.NAMES, default=list(corpora.NAMES), help="which corpora")
    parser.add_argument("--peers", nargs="+", choices=names, default=names, help="which peers")
    parser.add_argument("--again", action="store_true", help="measure anew what was measured already")
    parser.add_argument("--short", action="store_true", help="a few runs only, to see that all works")
    parser.add_argument("--keep", action="store_true", help="keep the peers' databases")
    parser.add_argument("--memory", type=float, metavar="GIB", help="what a peer may hold  [default: 85 %% of all]")


def compare(given: argparse.Namespace) -> None:
    """Measure all peers on all corpora that are asked for, smallest corpus first."""
    _need(given.build)
    limit = int(given.memory * 2**30) if given.memory else memory_of_machine() * 85 // 100
    tools = Tools(given.out, limit)
    effort = measure.Effort.short() if given.short else measure.Effort()
    for name in (each for each in corpora.NAMES if each in given.data):
        corpus = corpora.prepare(name, given.build, given.out / "data")
        results = given.out / "results" / name
        results.mkdir(parents=True, exist_ok=True)
        (results / "corpus.json").write_text(json.dumps(corpus.facts, indent=1), encoding="utf-8")
        _say(f"{name}: {corpus.quads:,} quads")
        for kind in (each for each in PEERS if each.name in given.peers):
            folder = given.out / "work" / name / kind.name
            peer = kind(tools, folder)
            measure.measure(peer, corpus, results / f"{peer.name}.json", effort, again=given.again, say=_say)
            if not given.keep:
                shutil.rmtree(folder, ignore_errors=True)


def _need(build: Path) -> None:
    if not (build / "build.json").is_file():
        sys.exit(f"There is no build at {build}. Make one first: kg build")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
