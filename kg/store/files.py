"""Makes a temporary build from any RDF files, laid out as the pipeline lays one out, so that it is served likewise."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import xml.parsers.expat
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
GRAPHS = 1_000  # named graphs that are listed
_HEAD = 200  # statements read for the prefixes of a file
_XMLNS = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = re.compile(r"[A-Za-z][\w.-]*")


def load(paths: Sequence[Path], folder: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Write a build of some files into a folder and return it; triples go into the default graph.

    Raises UsageError for a file that cannot be read, naming the line.
    """
    for path in paths:
        form(path)  # all names are checked before the first file is read
    store = ox.Store(folder / "store")
    prefixes: dict[str, str] = {}
    digest = hashlib.sha256()
    files = []
    for path in paths:
        before = len(store)
        _load(store, path)
        for name, namespace in _prefixes(path).items():
            prefixes.setdefault(name, namespace)
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        files.append({"name": path.name, "quads": len(store) - before})
        say(f"Read {path} ({len(store) - before:,} statements).")
    store.optimize()
    store.flush()
    graphs = sorted(graph.value for _, graph in zip(range(GRAPHS), store.named_graphs(), strict=False))
    facts = {
        "digest": digest.hexdigest(),
        "base": "",
        "version": "",
        "quads": len(store),
        "prefixes": prefixes,
        "graphs": graphs,
        "files": files,
        "dataset": {"title": ", ".join(path.name for path in paths)},
    }
    (folder / "build.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def form(path: Path) -> ox.RdfFormat:
    """Return the format of a file by its suffix, `.gz` aside; raises UsageError for one that is not known."""
    suffixes = [each.lower() for each in path.suffixes]
    suffix = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else suffixes[-1] if suffixes else ""
    found = FORMATS.get(suffix)
    if found is None:
        raise UsageError(
            f"{path} has no suffix of an RDF format. Known are: {', '.join(FORMATS)} (and these with .gz)."
        )
    return found


def _open(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    return path.open("rb")


def _load(store: ox.Store, path: Path) -> None:
    base = path.resolve().as_uri()
    try:
        with _open(path) as file:
            store.bulk_load(file, format=form(path), base_iri=base)
    except SyntaxError as error:
        raise UsageError(_worded(path, error)) from None
    except EOFError:
        raise UsageError(f"{path} ends in the middle: it is no whole gzip file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None


def _worded(path: Path, error: SyntaxError) -> str:
    """Return what is wrong with a file, and in which line."""
    line, message = error.lineno, str(error.msg)
    told = re.match(r"Parser error (?:at|between) line \d+ .*?: (.*)", message, re.DOTALL)
    if told:
        message = told.group(1)
    if line is None:
        line, message = _line(path, message)
    if "LoadDocumentCallback" in message:
        message = "its @context is another document, and none is fetched: put the context into the file"
    return f"{path}:{line or 1}: {message.rstrip('.')}."


def _line(path: Path, message: str) -> tuple[int | None, str]:
    """Return the line of a fault for which the parser tells none, and the message for it."""
    if form(path) == ox.RdfFormat.RDF_XML:
        parser = xml.parsers.expat.ParserCreate()
        try:
            with _open(path) as file:
                parser.ParseFile(file)
        except xml.parsers.expat.ExpatError as error:
            return error.lineno, message
    counting: Any = _Lines(path)
    try:
        for _ in ox.parse(counting, format=form(path), base_iri=path.resolve().as_uri()):
            pass
    except SyntaxError:
        return max(1, counting.given), message
    finally:
        counting.close()
    return None, message


class _Lines:
    """Gives a file to a parser line by line, and knows how many it has given."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        self._rest = b""
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        """Return the rest of the line that is being given, or the next one."""
        if not self._rest:
            self._rest = self._file.readline()
            self.given += bool(self._rest)
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _prefixes(path: Path) -> dict[str, str]:
    """Return the prefixes that the head of a file declares; the file has been read before."""
    kind = form(path)
    with _open(path) as file:
        if kind == ox.RdfFormat.RDF_XML:
            found = dict(_XMLNS.findall(file.read(2**16).decode("utf-8", "replace")))
        else:
            parser = ox.parse(file, format=kind, base_iri=path.resolve().as_uri())
            for _ in zip(range(_HEAD), parser, strict=False):
                pass
            found = dict(parser.prefixes)
    return {name: iri for name, iri in found.items() if _PREFIX.fullmatch(name)}
