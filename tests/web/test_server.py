"""The server as a program: a real port, real requests, a clean stop, and a build swapped in under it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPO
from tests.store import builds

PROGRAM = """
import sys
from pathlib import Path
from kg.config import Config, Limits
from kg.web.server import serve
root = Path(sys.argv[1])
config = Config(root=root, build=root / "build", limits=Limits(timeout=3.0))
serve(config, "127.0.0.1", 0, lambda line: print(line, flush=True))
"""


class Running:
    """One server process and its address."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, str(root)]
        environment = {**os.environ, "PYTHONPATH": str(REPO)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Serving on http://127.0.0.1:"), line
        self.address = line.split()[2]

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task")
        return [int(pid) for task in path.iterdir() for pid in (task / "children").read_text().split()]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "queries").symlink_to(REPO / "queries")
    (tmp_path / "build").mkdir()
    builds.serve(tmp_path / "build" / "current", builds.make(tmp_path / "build" / "0001"))
    server = Running(tmp_path)
    yield server
    server.process.kill()
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_pages_and_data_over_http(running: Running) -> None:
    with httpx.Client(base_url=running.address) as client:
        assert "Northland" in client.get("/actor/northland").text
        assert client.get("/claim/border-2020/2-001", headers={"Accept": "text/turtle"}).text.startswith("@prefix")
        asked = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 12000"}
        answer = client.post("/sparql", data=asked, headers={"Accept-Encoding": "identity"})
        assert int(answer.headers["Content-Length"]) == len(answer.content) > 4 * 2**20
        assert len(answer.json()["results"]["bindings"]) == 12000
        for coding in ("br", "gzip"):
            packed = client.post("/sparql", data=asked, headers={"Accept-Encoding": coding})
            assert packed.headers["Content-Encoding"] == coding
            assert packed.num_bytes_downloaded == int(packed.headers["Content-Length"]) < len(answer.content)
            assert packed.content == answer.content


def test_a_new_build_needs_no_restart(running: Running, tmp_path: Path) -> None:
    with httpx.Client(base_url=running.address) as client:
        assert client.get("/actor/newland").status_code == 404
        new = builds.GRAPH.read_text("utf-8").replace("actor/northland", "actor/newland")
        builds.serve(tmp_path / "build" / "current", builds.make(tmp_path / "build" / "0002", new, digest="two"))
        assert client.get("/actor/newland").status_code == 200
        assert client.get("/actor/northland").status_code == 404
        found = client.get("/search?q=northland").text
        assert "/actor/newland" in found
        assert "/actor/northland" not in found
        assert client.get("/health").json()["digest"] == "two"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_is_asked_and_leaves_nothing(running: Running, number: signal.Signals) -> None:
    outcome: list[int] = []

    def ask() -> None:
        query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        parameters = {"query": query, "timeout": "1.5"}
        outcome.append(httpx.get(f"{running.address}/sparql", params=parameters, timeout=20).status_code)

    assert httpx.get(f"{running.address}/health").status_code == 200
    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.5)
    children = running.children()
    assert len(children) == 2
    running.process.send_signal(number)
    assert running.process.wait(timeout=15) == 0
    thread.join()
    assert outcome == [504]
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_stop_sends_what_a_slow_client_has_not_read_yet(running: Running) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    headers = {"Accept-Encoding": "identity"}  # more than the system buffers
    address = f"{running.address}/sparql"
    with httpx.stream("GET", address, params={"query": query}, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        running.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{running.address}/health")
        answer.read()
    assert len(answer.json()["results"]["bindings"]) == 20000
    assert running.process.wait(timeout=15) == 0


def takes_more(running: Running) -> bool:
    try:
        httpx.get(f"{running.address}/health")
    except httpx.TransportError:
        return False
    return True


def test_a_second_signal_ends_at_once(running: Running) -> None:
    """The first stop would wait for a client that reads nothing, for as long as a query may take and more."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    headers = {"Accept-Encoding": "identity"}  # more than the system buffers
    address = f"{running.address}/sparql"
    with httpx.stream("GET", address, params={"query": query}, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        children = running.children()
        assert children
        running.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        while takes_more(running):
            assert time.monotonic() - began < 5
        assert running.process.poll() is None, "it waits for the client"
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=15) == 1
        assert time.monotonic() - began < 1.5
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_no_request_is_refused_while_builds_are_swapped(running: Running, tmp_path: Path) -> None:
    """Every answer is whole and from one of the builds, under load, while the link is changed several times."""
    folder = tmp_path / "build"
    new = builds.GRAPH.read_text("utf-8").replace("actor/northland", "actor/newland")
    stores = [folder / "0001", builds.make(folder / "0002", new, digest="two")]
    names = ("actor/northland", "actor/newland")
    wrong: list[str] = []
    counts = [0, 0]
    stop = threading.Event()

    def ask(number: int) -> None:
        with httpx.Client(base_url=running.address, timeout=20) as client:
            while not stop.is_set():
                # the comment makes each query a new one, so that it is answered by a worker
                query = f"# {number} {counts}\nSELECT ?n {{ ?s ?p ?o BIND(STR(?s) AS ?n) }} ORDER BY ?n"
                answer = client.post("/sparql", data={"query": query})
                if answer.status_code != 200:
                    wrong.append(f"{answer.status_code} {answer.text[:100]}")
                    continue
                text = answer.text
                found = [name in text for name in names]
                rows = len(answer.json()["results"]["bindings"])
                if sum(found) != 1 or rows != whole:
                    wrong.append(f"{found} {rows}")
                counts[found.index(True)] += 1
                page = client.get("/search?q=republic")
                if page.status_code != 200 or sum(f"/{name}" in page.text for name in names) != 1:
                    wrong.append(f"page {page.status_code}")

    first = httpx.post(f"{running.address}/sparql", data={"query": "SELECT ?s { ?s ?p ?o }"})
    whole = len(first.json()["results"]["bindings"])
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for number in range(8):
        time.sleep(0.7)
        builds.serve(folder / "current", stores[(number + 1) % 2])
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert min(counts) > 5, counts


def test_workers_go_when_the_server_is_killed(running: Running) -> None:
    assert httpx.get(f"{running.address}/health").status_code == 200
    children = running.children()
    running.process.kill()
    running.process.wait()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
