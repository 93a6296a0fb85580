"""Asks the application for its pages and data, in processes of their own: this needs neither server nor network."""

from __future__ import annotations

import multiprocessing
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader

from kg.errors import BuildError
from kg.export import reserialise
from kg.protocol import GRAPH_FORMATS, HTML
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from kg.web.frozen import rewriting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.queues import SimpleQueue
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from kg.config import Config
    from kg.store.engine import Engine
    from kg.web.site import Site

_BATCH = 24  # addresses that a process is given at a time
_REDIRECTS = (301, 302, 303, 307, 308)
_ROOT = "http://copy.invalid/"  # stands in answers for wherever the copy will be; the permanent address takes its place


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for an address and names the file, below the folder of the copy, that its answer goes into.

    With an IRI, it asks for the data of that by the query of a page, and the file has no suffix: it is one a format.
    """

    address: str
    file: str
    iri: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Says what came of a request: its status, where a redirect leads, and what a page links to."""

    request: Request
    status: int
    location: str = ""
    links: tuple[str, ...] = ()


def application(config: Config, engine: Engine) -> Flask:
    """Return the application with the static copy's own templates before the site's."""
    app = create_app(config, engine)
    if app.jinja_loader is None or app.template_folder is None:
        raise BuildError("The program's templates are missing. Install it anew.")
    own = FileSystemLoader(f"{app.root_path}/{app.template_folder}/frozen")
    app.jinja_env.loader = ChoiceLoader([own, app.jinja_loader])
    site: Site = app.extensions["ascribe"]
    about = site.build().facts.get("dataset")
    app.jinja_env.globals["stem"] = about["id"] if isinstance(about, dict) else ""  # names the files of the whole graph
    return app


class Workers:
    """Holds processes that answer requests into files of a folder; to be left as a context, which ends them."""

    def __init__(self, config: Config, folder: Path, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._tasks, self._replies = context.SimpleQueue(), context.SimpleQueue()
        given = (config, folder, self._tasks, self._replies)
        self._workers = [context.Process(target=_work, args=given) for _ in range(processes)]

    def __enter__(self) -> Workers:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for worker in self._workers:
            if kind is None:
                self._tasks.put(None)
            else:
                worker.terminate()
        for worker in self._workers:
            worker.join()

    def ask(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield the replies, in any order; raises BuildError where the program fails."""
        batches = [requests[at : at + _BATCH] for at in range(0, len(requests), _BATCH)]
        ahead = 2 * len(self._workers)  # a queue holds what fits a pipe, so it is filled as it empties
        for batch in batches[:ahead]:
            self._tasks.put(batch)
        for number in range(len(batches)):
            found = self._replies.get()
            if isinstance(found, str):
                raise BuildError(found)
            if ahead + number < len(batches):
                self._tasks.put(batches[ahead + number])
            yield from found


def _work(config: Config, folder: Path, tasks: SimpleQueue[object], replies: SimpleQueue[object]) -> None:
    """Answer batches of requests until there is none, or the process that asks is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    engine = EmbeddedEngine(config.build / "current", config.limits)
    try:
        client = application(config, engine).test_client()
        while isinstance(batch := tasks.get(), list):
            try:
                replies.put([_answer(client, folder, each) for each in batch])
            except Exception as error:  # told to the process that asked, which ends
                replies.put(f"The site cannot be written: {type(error).__name__}: {error}")
    finally:
        engine.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(client: FlaskClient, folder: Path, request: Request) -> Reply:
    if request.iri:
        return _data(client.application.extensions["ascribe"], folder, request)
    accept = {"Accept": HTML} if request.file.endswith(".html") else {}
    response = client.get(request.address, base_url=_ROOT, headers=accept)
    if response.status_code in _REDIRECTS:
        return Reply(request, response.status_code, response.headers["Location"])
    if response.status_code >= 500:
        raise BuildError(f"{request.address} is answered with {response.status}.")
    if response.status_code != 200:
        return Reply(request, response.status_code)
    path = folder / request.file
    path.parent.mkdir(parents=True, exist_ok=True)
    site: Site = client.application.extensions["ascribe"]
    content = response.get_data().replace(_ROOT.encode(), site.build().base.encode())
    path.write_bytes(content)
    return Reply(request, 200, links=tuple(sorted(set(rewriting.links(request.file, content)))))


def _data(site: Site, folder: Path, request: Request) -> Reply:
    """Write the data of one thing in every format of graphs, for one question to the engine."""
    with site.graph(request.query, request.iri, "ntriples") as answer:
        triples = answer.read()
    if not triples:
        return Reply(request, 404)
    (folder / request.file).parent.mkdir(parents=True, exist_ok=True)
    for form in GRAPH_FORMATS:
        content = reserialise(triples, form.key, site.build().base)
        (folder / f"{request.file}.{form.suffix}").write_bytes(content)
    return Reply(request, 200)
