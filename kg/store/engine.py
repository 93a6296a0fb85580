"""The reader's interface to a build: one query in, one whole answer out."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict, TypeVar

from kg import vocab

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Coroutine, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Unpack

    from kg.store.cache import Cache

Kind = Literal["select", "ask", "graph"]
CHUNK = 64 * 2**10
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds one whole answer, in memory or (over 4 MB) in a file that goes when the answer is closed.

    `format` is the key of a :class:`kg.formats.Format`; `rows` is None for graphs, CSV and answers in a file;
    `because` says why a table is empty, where that is known.
    """

    kind: Kind
    format: str
    size: int
    seconds: float
    rows: int | None = None
    data: bytes = b""
    path: Path | None = None
    because: tuple[str, ...] = ()
    digest: str = ""  # of the build that it is from
    cached: bool = False

    def read(self) -> bytes:
        """Return the answer's bytes."""
        return self.data if self.path is None else self.path.read_bytes()

    def chunks(self) -> Iterator[bytes]:
        """Yield the answer's bytes piece by piece."""
        if self.path is None:
            yield self.data
            return
        with self.path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    def close(self) -> None:
        """Remove the answer's file, if it has one."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Build:
    """Names the build that is being served: its folder, digest, base IRI, and the counts and facts of build.json."""

    path: Path
    digest: str
    base: str
    facts: dict[str, Any]

    @property
    def prefixes(self) -> dict[str, str]:
        """Return prefix → namespace as the dataset writes them."""
        known = self.facts.get("prefixes")
        return vocab.prefixes(self.base) if known is None else dict(known)

    @property
    def home(self) -> str:
        """Return what relative IRIs of a query belong to: the dataset's base."""
        return self.base or "http://localhost/"

    @property
    def search(self) -> Path:
        """Return the path of the text index."""
        return self.path / "search.sqlite"


@dataclass(frozen=True, slots=True)
class Load:
    """Says how a pool stands: workers that wait for work, queries that run, queries that wait."""

    idle: int
    busy: int
    waiting: int


@dataclass(slots=True)
class Asker:
    """Says for whom a thread asks: the client's address, and the build that all its answers shall be from."""

    client: str = ""
    build: Build | None = None


ASKER: ContextVar[Asker | None] = ContextVar("asker", default=None)


class Asked(TypedDict, total=False):
    """Says how a query is asked, beside its text; what is left out is as written here."""

    table: str  # "json": the format of a table or truth value, a key of kg.formats
    graph: str  # "turtle": the format of a graph, likewise
    default_graphs: Sequence[str]  # (): IRIs that replace the query's own dataset, with the next
    named_graphs: Sequence[str]  # ()
    timeout: float | None  # None: seconds; may lower the limit, never raise it
    reserved: bool  # False: whether it is one of the pages' own short queries, for which a worker is kept


class Engine(Protocol):
    """Answers queries on one build, whole or with a typed error; safe to call from several threads."""

    cache: Cache
    loop: AbstractEventLoop

    def build(self) -> Build:
        """Return the build that queries are answered from now; raises MissingPartError where there is none."""
        ...

    def query(self, text: str, **asked: Unpack[Asked]) -> Answer:
        """Return the answer, whole; raises QueryError, ForbiddenError or LimitError."""
        ...

    async def answer(self, text: str, **asked: Unpack[Asked]) -> Answer:
        """Do what `query` does, for a caller on the engine's event loop, `loop`."""
        ...

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done on that loop and wait for it, for a caller on another thread."""
        ...

    def load(self) -> Mapping[str, Load]:
        """Return how the pools of workers stand, by name."""
        ...

    def close(self) -> None:
        """Stop all workers and remove what they left."""
        ...
