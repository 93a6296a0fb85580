"""Writes the static copy of the site: all pages and data of a build, whole and checked, or nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from kg.errors import BuildError, UsageError
from kg.protocol import GRAPH_FORMATS
from kg.store.embedded import EmbeddedEngine
from kg.vocab import KINDS, SCHEMES, SKOS
from kg.web.app import NAVIGATION
from kg.web.frozen import checking, data, rewriting
from kg.web.frozen.addresses import OWN, Target, target
from kg.web.frozen.asking import Request, Workers, application
from kg.web.pages import ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.config import Config
    from kg.web.frozen.asking import Reply
    from kg.web.site import Site

MARK = ".ascribe-site"  # a file by which an export knows a folder as an earlier one's
SCRIPTS, _CYTOSCAPE = "static/frozen", "vendor/cytoscape/cytoscape.esm.min.mjs"
_SHAPES = ("vendor/world-atlas/world.json", "vendor/world-atlas/region.json")
_PARTS = ("statement", "figure")  # have no page of their own; their claim's has their place and their data
_SHOWN = 20  # broken links that a message names
_FIRST = ("/", "/downloads", "/ontology", "/ns", "/search", "/graph", "/sparql", "/network", "/.well-known/void")


@dataclass(frozen=True, slots=True)
class Written:
    """Says what was written: how many pages, files in all and bytes."""

    pages: int
    files: int
    size: int


def write(
    config: Config, folder: Path, progress: Callable[[int, int], None] = lambda _, __: None, processes: int = 2
) -> Written:
    """Write the site of the current build into a new folder, or in the place of an earlier copy.

    `progress` is told how much of how much is done. Raises BuildError, with the list, where a link leads nowhere, and
    UsageError where the folder is something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise UsageError(f"{folder} holds something else. Name a new folder, or one that an earlier export wrote.")
    making = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        making.mkdir(parents=True)
        engine = EmbeddedEngine(config.build / "current", config.limits)
        try:
            site: Site = application(config, engine).extensions["ascribe"]
            things = sorted(_data(site), key=lambda each: each.file)
            versions = ontology.versions(site)
            for name, content in _scripts(site).items():
                _put(making / SCRIPTS / name, content)
            note, release = _note(site), site.build().path / "release"
        finally:
            engine.close()
        shutil.copytree(release, making / "downloads")
        pages = _Crawl(config, making, note, progress).run(things, versions, processes)
        (making / MARK).write_text("A static copy of a site, made by `kg export --site`.\n", encoding="utf-8")
        if wrong := checking.broken(making):
            listed = "\n".join(wrong[:_SHOWN]) + (f"\nand {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else "")
            raise BuildError(f"{len(wrong)} links of the site lead nowhere:\n{listed}")
        found = [path.stat().st_size for path in making.rglob("*") if path.is_file()]
        _swap_in(folder, making)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Written(pages, len(found), sum(found))


def _scripts(site: Site) -> dict[str, str]:
    """Return the scripts that are made for the copy, by name."""
    static = Path(__file__).parent.parent / "static"
    module, *shapes = ((static / name).read_text("utf-8") for name in (_CYTOSCAPE, *_SHAPES))
    return {
        "search-data.js": data.search_script(site),
        "graph-data.js": data.graph_script(site),
        "cytoscape.js": data.cytoscape_script(module),
        "shapes.js": data.shapes_script(shapes),
    }


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def _swap_in(folder: Path, making: Path) -> None:
    """Give the finished copy its name; an earlier one gives way."""
    before = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(before)
    making.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def _note(site: Site) -> str:
    """Return what every page of the copy says at its foot."""
    build = site.build()
    version = build.facts.get("version")
    return (
        f"<p>This is a static copy{f' of version {version}' if version else ''}, build {build.digest[:12]}. "
        'What has to be computed, such as SPARQL queries and filters, <a href="/sparql">needs a server</a>.</p>'
    )


def _data(site: Site) -> Iterator[Request]:
    """Yield a request for the data of each thing that has a page, of each vocabulary and of each concept."""
    base = site.build().base
    for iri in _iris(site, f'?thing a ?type FILTER(STRSTARTS(STR(?thing), "{base}"))'):
        kind = iri.removeprefix(base).split("/", 1)[0]
        path = site.path(iri)
        if path is not None and "#" not in path and kind in KINDS and kind not in _PARTS:
            yield Request(path, unquote(path[1:]), iri, "data")
    for iri in _iris(site, f"?thing a ?type VALUES ?type {{ <{SKOS}Concept> <{SKOS}ConceptScheme> }}"):
        if iri.startswith(SCHEMES):
            name = f"ns/{iri.removeprefix(SCHEMES)}"
            yield Request(f"/{quote(name)}", name, iri, "term")


def _iris(site: Site, pattern: str) -> list[str]:
    with site.engine.query(f"SELECT DISTINCT ?thing {{ {pattern} }}", table="csv") as answer:
        return sorted(answer.read().decode("utf-8").split()[1:])


class _Crawl:
    """Gathers everything that can be reached from some addresses, then makes the links relative."""

    def __init__(self, config: Config, folder: Path, note: str, progress: Callable[[int, int], None]) -> None:
        self._config, self._folder, self._note, self._progress = config, folder, note, progress
        self._asked: set[str] = set()
        self._leads: dict[str, str] = {}  # address → where it leads, of redirects
        self._gone: set[str] = set()  # addresses at which nothing stands
        self._files: set[str] = set()

    def run(self, things: Sequence[Request], versions: Sequence[str], processes: int) -> int:
        """Write the things, the ontology's versions and all that the site's pages lead to; return how many pages."""
        named = (each.address for each in things if each.query == "data")
        seeds = (
            *_FIRST,
            *(f"/ns{at}.{form.suffix}" for at in ("", *(f"/{each}" for each in versions)) for form in GRAPH_FORMATS),
            *(f"/ns/{each}" for each in versions),
            *(href for _, href, _ in NAVIGATION),
            *named,
        )
        done, total = 0, 2 * len(things)
        with Workers(self._config, self._folder, processes) as workers:
            for done, _ in enumerate(workers.ask(things), 1):
                self._progress(done, total)
            waiting: Sequence[Request] = [*(Request(path, file) for path, file in OWN.items()), *self._new(seeds)]
            while waiting:
                found: set[str] = set()
                for reply in workers.ask(waiting):
                    found.update(self._take(reply))
                    done += 1
                    self._progress(done, max(total, done))
                waiting = self._new(sorted(found))
        pages = sorted(file for file in self._files if file.endswith(".html"))
        for file in pages:
            path = self._folder / file
            path.write_text(
                rewriting.rewritten(path.read_text("utf-8"), file, self._note, self._where), encoding="utf-8"
            )
        return len(pages)

    def _new(self, addresses: Iterable[str]) -> Sequence[Request]:
        """Return the requests for addresses that were not asked for before, and are no files that are there already."""
        found = []
        for address in addresses:
            at = target(address)
            if at.ask and at.ask not in self._asked:
                self._asked.add(at.ask)
                if not (self._folder / at.file).is_file():
                    found.append(Request(at.ask, at.file))
        return found

    def _take(self, reply: Reply) -> tuple[str, ...]:
        """Note what came of a request; return the addresses that it leads to."""
        if reply.location:
            self._leads[reply.request.address] = reply.location
            return (reply.location,)
        if reply.status == 200:
            self._files.add(reply.request.file)
        else:
            self._gone.add(reply.request.address)
        return reply.links

    def _where(self, address: str) -> Target:
        """Return what stands for an address, at the end of its redirects."""
        at = target(address)
        for _ in range(5):
            if at.ask not in self._leads:
                break
            led = target(self._leads[at.ask])
            at = led if led.behind else Target(led.file, at.behind, led.ask)
        return at
