"""Three engines that a release is loaded into, each answering with a table: a list of rows, name → value in words.

Values are written so that engines can be compared: IRIs as they are, numbers without their datatype (`1`, `1.0` and
`"1"^^xsd:integer` are one number), truth as 1 and 0, other literals as their text.
"""

import json
import signal
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import FrameType

import pyoxigraph as ox
import pytest
import rdflib

from benchmarks.tools import Tools
from benchmarks.virtuoso import Virtuoso

Answer = Counter[tuple[tuple[str, str], ...]]  # how often each row is there
Ask = Callable[[str], Answer]


class TooLongError(Exception):
    """Says that an engine did not answer in the time that it was given."""


def answer_of(body: bytes) -> Answer:
    """An answer in SPARQL's JSON as a bag of rows."""
    rows = json.loads(body)["results"]["bindings"]
    return Counter(tuple(sorted((name, value(cell)) for name, cell in row.items())) for row in rows)


def value(cell: dict[str, str]) -> str:
    text = cell["value"]
    if cell["type"] == "uri":
        return f"<{text}>"
    if cell.get("datatype", "").endswith("#boolean"):
        return {"true": "1", "false": "0"}.get(text, text)
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


@contextmanager
def oxigraph(files: list[Path], graphs: Path) -> Iterator[Ask]:
    """An empty store of pyoxigraph's."""
    store = ox.Store()
    for path in (*files, graphs):
        store.load(path=str(path))
    yield lambda text: answer_of(store.query(text).serialize(format=ox.QueryResultsFormat.JSON) or b"")  # type: ignore[union-attr]


@contextmanager
def dataset(files: list[Path], graphs: Path, seconds: float) -> Iterator[Ask]:
    """An empty Dataset of rdflib's; it is given some seconds of the processor for an answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib uses what it has itself deprecated
        found = rdflib.Dataset()
        found.parse(graphs, format="nquads")
        for path in files:
            found.default_graph.parse(path)

        def ask(text: str) -> Answer:
            with _at_most(seconds):
                return answer_of(found.query(text).serialize(format="json") or b"")

        yield ask


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class _Loaded(Virtuoso):
    """Virtuoso with little memory, which takes on also what it guesses to take long."""

    buffers = 20_000

    def command(self, data: Path) -> list[str | Path]:
        found = super().command(data)
        settings = self.folder / "database" / "virtuoso.ini"
        kept = [line for line in settings.read_text().splitlines() if not line.startswith("MaxQuery") or "Mem" in line]
        settings.write_text("\n".join(kept) + "\n")
        return found

    def take(self, files: list[Path], graphs: Path, seconds: float) -> None:
        """Load files into an empty database: those without graphs into the graph that is asked."""
        data = self.folder / "database" / "data"
        data.mkdir(parents=True)
        for path in (*files, graphs):
            (data / path.name).symlink_to(path)
        self.start(data, seconds)
        load = f"ld_dir('{data}', '*.ttl', '{self.graph}'); ld_dir('{data}', '*.nq', 'urn:rest'); rdf_loader_run();"
        self._sql(load, seconds)
        faults = self._sql(
            "SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL OR ll_state <> 2;", seconds
        )
        assert not faults.strip(), faults


@contextmanager
def virtuoso(files: list[Path], graphs: Path, folder: Path, seconds: float) -> Iterator[Ask]:
    """An empty database of Virtuoso 7, on ports of its own; it is given some seconds for an answer."""
    peer = _Loaded(Tools(folder, 4 * 2**30), folder)
    if missing := peer.missing():
        pytest.skip(missing)
    try:
        peer.take(files, graphs, 60)
        yield lambda text: answer_of(peer.ask(text, "table", seconds).body)
    finally:
        peer.stop()
