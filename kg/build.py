"""The pipeline from curated files to a served build: whole and swapped in atomically, or not at all.

A build is a folder `build/<number>-<digest>/` that is made under another name, finished, renamed, and then pointed to
by the link `build/current`. Whatever happens before the link is replaced, a kill at any moment included, the build that
stood before is whole and served. Leftovers of killed builds are swept away by the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.errors import BuildError, InputError, UsageError
from kg.findings import Finding, in_order, worst
from kg.formats import EXPORTS, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from kg.config import Config
    from kg.corpus import Corpus
    from kg.export.publication import Publication
    from kg.reasoning import Consistency

Step = Callable[[str], None]  # told the name of each step as it begins


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Tells what a build holds and how long each step of it took, in seconds."""

    digest: str
    version: str
    base: str
    quads: int
    claims: int
    entities: int
    seconds: dict[str, float]
    findings: tuple[Finding, ...] = ()


class _Clock:
    """Measures the steps of a pipeline and tells of each as it begins."""

    def __init__(self, step: Step) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = step

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._tell(name)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)


@dataclass(frozen=True, slots=True)
class Checked:
    """Holds a corpus with what reasoning added to it and what the checks found (no violation among it)."""

    corpus: Corpus
    inferred: tuple[ox.Quad, ...]  # in <base>graph/inferred and <base>graph/entailed/<source>
    findings: tuple[Finding, ...]


def check(config: Config, step: Step = lambda _: None, *, clock: _Clock | None = None) -> Checked:
    """Read, derive, reason and validate; return the graph with its warnings, or raise InputError with all findings."""
    with _checking(config, clock or _Clock(step)) as checking:
        return checking.settled()


@dataclass(frozen=True, slots=True)
class _Checking:
    """Holds a corpus in which the shapes find no violation, while HermiT is at work on it beside."""

    checked: Checked  # without HermiT's findings
    reasoner: Consistency
    clock: _Clock

    def settled(self) -> Checked:
        """Wait for HermiT's verdict and return the corpus with all findings; raise InputError for a violation."""
        with self.clock.step("reason"):
            findings = in_order([*self.checked.findings, *self.reasoner.findings()])
        if worst(findings) == "violation":
            raise InputError(findings)
        return replace(self.checked, findings=tuple(findings))


@contextmanager
def _checking(config: Config, clock: _Clock) -> Iterator[_Checking]:
    """Read, derive and validate; raise InputError with all findings, HermiT's too, where the shapes find a violation.

    The validator is at work in a thread (it is no Python) and HermiT in a process, both from the start.
    """
    from kg import corpus as reading
    from kg import passages, reasoning, shapes

    with clock.step("read"):
        corpus = reading.load(config)
    with clock.step("anchors"):
        findings = passages.check(corpus.files, config.texts)
    with (
        reasoning.Consistency(corpus.ontology, corpus.quads, corpus.base) as reasoner,
        ThreadPoolExecutor(1) as beside,
    ):
        data = [*corpus.quads, *corpus.ontology]
        validating = beside.submit(shapes.check, data, config.ontology / "shapes", corpus)
        with clock.step("entail"):
            inferred = reasoning.entail(corpus.quads, corpus.ontology, corpus.base, config.queries / "entail")
        with clock.step("validate"):
            findings += validating.result()
        checking = _Checking(Checked(corpus, tuple(inferred), tuple(findings)), reasoner, clock)
        if worst(findings) == "violation":
            checking.settled()
        yield checking


def build(config: Config, step: Step = lambda _: None) -> BuildReport:
    """Build everything that is served and published, and swap it in; return what was made.

    Raises InputError when the data has violations and BuildError when another build is under way or the disk refuses;
    the build that stood before is left untouched then.
    """
    config.build.mkdir(parents=True, exist_ok=True)
    with _only_one(config.build):
        _sweep(config.build)
        making = config.build / f"making-{os.getpid()}"
        making.mkdir()
        try:
            report = _make(config, making, _Clock(step))
            _swap_in(config.build, making, report.digest)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return report


def _make(config: Config, folder: Path, clock: _Clock) -> BuildReport:
    from kg.corpus import quads as parsing
    from kg.export import reading, release
    from kg.network import making, publishing
    from kg.store import index, layout
    from kg.vocab import ASC, RDF

    with _checking(config, clock) as checking:
        corpus, inferred = checking.checked.corpus, checking.checked.inferred
        with clock.step("network"):
            memory = layout.in_memory(corpus.quads)
            networks = making.make(memory, inferred, corpus.base)
            added = [*inferred, *publishing.quads(networks.networks, corpus.base)]
        with clock.step("canonise"):
            publication = reading.of_build(corpus, added, config.ontology / "context.jsonld")
            writing = release.Writing(publication, folder / "release", config.ontology / "shapes")
        with writing:
            with clock.step("store"):
                ontology = parsing.without_blank_nodes(corpus.ontology)
                quads = list(layout.arrange(corpus.quads, added, ontology, corpus.base))
                layout.write(folder / "store", quads)
            with clock.step("index"):
                index.build(memory, folder / "search.sqlite", corpus.base)
                networks.write(folder / "search.sqlite")
            checked = checking.settled()
            with clock.step("export"):
                writing.finish(folder / "search.sqlite")
    stated = (quad for quad in corpus.quads if quad.graph_name != publication.withdrawn_graph)
    types = [quad for quad in stated if quad.predicate.value == f"{RDF}type"]
    report = BuildReport(
        digest=hashlib.sha256("".join(sorted(f"{quad}\n" for quad in quads)).encode()).hexdigest(),
        version=str(corpus.files.dataset.value["version"]),
        base=corpus.base,
        quads=len(set(corpus.quads)),
        claims=sum(str(quad.object) == f"<{ASC}Claim>" for quad in types),
        entities=sum(len(document.value) for document in corpus.files.entities),
        seconds=clock.seconds,
        findings=checked.findings,
    )
    served = {key: value for key, value in asdict(report).items() if key not in ("seconds", "findings")}
    text = json.dumps({"dataset": publication.dataset, **served}, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "build.json").write_text(text + "\n", encoding="utf-8")
    return report


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel gives back when the process ends, however it ends."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"Another build is under way in {folder}. Wait for it to end, then build again.") from None
        yield


def _sweep(folder: Path) -> None:
    """Delete what builds that were killed left behind; only called under the lock."""
    for left in folder.glob("making-*"):
        shutil.rmtree(left)
    (folder / ".next").unlink(missing_ok=True)


def _swap_in(folder: Path, making: Path, digest: str) -> None:
    """Give the finished build its name, point `current` at it, and delete all but it and the one before."""
    numbers = [int(path.name.split("-")[0]) for path in folder.glob("[0-9]*-*") if path.is_dir()]
    name = f"{max(numbers, default=0) + 1:04}-{digest[:12]}"
    making.rename(folder / name)
    current = folder / "current"
    before = current.readlink().name if current.is_symlink() else None
    (folder / ".next").symlink_to(name)
    (folder / ".next").replace(current)  # the one moment in which the new build becomes the build
    if not (folder / "release").is_symlink():
        (folder / "release").symlink_to("current/release")  # so that its files have an address that stays
    for path in folder.glob("[0-9]*-*"):
        if path.name not in (name, before):
            shutil.rmtree(path, ignore_errors=True)


def current(config: Config) -> Path:
    """Return the folder of the build that is served.

    Raises BuildError when there is none yet.
    """
    folder = config.build / "current"
    if not (folder / "build.json").is_file():
        raise BuildError(f"There is no build in {config.build}. Make one first: kg build")
    return folder.resolve()


def released(config: Config) -> Path:
    """Return the folder of the current build's release.

    Raises BuildError for a build that an earlier version made without one.
    """
    folder = current(config) / "release"
    if not folder.is_dir():
        raise BuildError(f"The build in {folder.parent} has no release. Make a new one: kg build")
    return folder


def published(config: Config) -> Publication:
    """Return what the current build published, for exports of parts of it."""
    from kg.export import reading

    return reading.of_files(released(config), _dataset(current(config)))


def exported(config: Config, form: str, name: str = "") -> bytes:
    """Return a file of the current build's release: a format, and the name of a part (Turtle) or table (CSV).

    Raises UsageError for a part that there is not.
    """
    from kg.export.metadata import VOID

    folder = released(config)
    name = name or (TABLES[0] if form == "csv" else str(_dataset(folder.parent)["id"]))
    path = folder / EXPORTS[form].format(name)
    described = folder / VOID  # it tells of the data set and is no part of it
    if path == described or not path.is_file():
        parts = ", ".join(sorted(each.stem for each in path.parent.glob(f"*{path.suffix}") if each != described))
        raise UsageError(f"The data set has no part {name}. Its parts are {parts}.")
    return path.read_bytes()


def _dataset(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "build.json").read_text(encoding="utf-8"))["dataset"])
