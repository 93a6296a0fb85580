"""The files that a release is made of: the graph in every format, tables, annotations, nanopublications, checksums."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from kg.beside import Beside
from kg.export import metadata, networks, reading
from kg.export.annotations import web_annotations
from kg.export.codebook import Codebook
from kg.export.csvw import csvw
from kg.export.description import listed
from kg.export.jsonld import jsonld, pretty
from kg.export.nanopubs import nanopubs
from kg.export.ontology import making as ontology
from kg.export.rdf import nquads, rdfxml
from kg.export.readable import Readable
from kg.export.tables import TABLES, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Self

    from kg.export.publication import Publication

CONTEXT, DIGESTS, CHECKSUMS, README = "context.jsonld", "RDFC-1.0.txt", "SHA256SUMS", "README.md"


def write(publication: Publication, folder: Path, *, whole: Publication | None = None) -> None:
    """Write what a publication alone makes of a release into a new folder; `whole` is what it is a part of, if it is.

    The networks and the ontology's documentation are left out.
    """
    folder.mkdir(parents=True)
    _write(publication, whole or publication, nquads(publication.quads()), folder)
    _close(publication, folder)


class Writing:
    """Writes a whole release into a new folder, most of its files in a process beside, from the start of a context.

    `shapes` is the folder of the rules, with which the ontology is documented.
    """

    def __init__(self, publication: Publication, folder: Path, shapes: Path) -> None:
        folder.mkdir(parents=True)
        self._publication, self._folder = publication, folder
        (folder / f"{publication.dataset['id']}.nq").write_bytes(nquads(publication.quads()))
        (folder / CONTEXT).write_bytes(context(publication))
        self._run = Beside(_write_beside, folder, publication.dataset, shapes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._run.__exit__(None, None, None)

    def finish(self, index: Path) -> None:
        """Write the networks that the index holds, wait for the other files, and describe them all."""
        networks.write(index, self._folder)
        self._run.result()
        _close(self._publication, self._folder)


def _write_beside(folder: Path, dataset: dict[str, Any], shapes: Path) -> None:
    publication = reading.of_files(folder, dataset)
    _write(publication, publication, (folder / f"{dataset['id']}.nq").read_bytes(), folder)
    (folder / ontology.FOLDER).mkdir()
    for name, content in ontology.files(publication, shapes):
        (folder / ontology.FOLDER / name).write_bytes(content)


def _write(publication: Publication, whole: Publication, canonical: bytes, folder: Path) -> None:
    for name, content in files(publication, whole, canonical):
        (folder / name).write_bytes(content)


def _close(publication: Publication, folder: Path) -> None:
    """Write what tells of all files of a release: its contents, its description and the checksums."""
    there = sorted([*(name for name, _ in listed(folder)), *metadata.names(bool(publication.note))])
    (folder / README).write_text(_readme(publication, there), encoding="utf-8")
    metadata.write(publication, folder, lambda name: _about(publication, name), CHECKSUMS)
    sums = ((name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in listed(folder))
    (folder / CHECKSUMS).write_text("".join(f"{value}  {name}\n" for name, value in sums), encoding="utf-8")


def context(publication: Publication) -> bytes:
    """Return the JSON-LD context as a file of its own."""
    return f"{pretty({'@context': publication.context})}\n".encode()


def files(publication: Publication, whole: Publication, canonical: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file that the publication, of this canonical form, alone makes."""
    name = publication.dataset["id"]
    readable = Readable(publication)
    turtle = readable.turtle()
    for key, text in turtle.items():
        yield f"{key}.ttl", text.encode()
    yield f"{name}.nq", canonical
    yield f"{name}.trig", readable.trig().encode()
    yield f"{name}.jsonld", jsonld(publication).encode()
    yield f"{name}.rdf", rdfxml(publication)
    yield DIGESTS, _digests(publication, readable, canonical).encode()
    yield CONTEXT, context(publication)
    for table, content in tables(publication).items():
        yield f"{table}.csv", content
    codebook = Codebook(publication)
    yield "codebook.md", codebook.markdown().encode()
    yield "codebook.csv", codebook.csv()
    yield "csv-metadata.json", csvw(publication).encode()
    yield "annotations.jsonld", web_annotations(publication).encode()
    yield "nanopubs.trig", nanopubs(whole, publication).encode()


def render(whole: Publication, part: Publication, form: str, table: str = "") -> bytes:
    """Return a part of a publication, which may be the whole, in one of kg.formats.EXPORTS."""
    writers: dict[str, Callable[[], str | bytes]] = {
        "turtle": lambda: Readable(part).turtle()[part.dataset["id"]],
        "trig": lambda: Readable(part).trig(),
        "nquads": lambda: nquads(part.quads()),
        "jsonld": lambda: jsonld(part),
        "rdfxml": lambda: rdfxml(part),
        "csv": lambda: table_of(part, table or TABLES[0].name),
        "csvw": lambda: csvw(part),
        "codebook": lambda: Codebook(part).markdown(),
        "annotations": lambda: web_annotations(part),
        "nanopubs": lambda: nanopubs(whole, part),
    }
    content = writers[form]()
    return content.encode() if isinstance(content, str) else content


def _digests(publication: Publication, readable: Readable, canonical: bytes) -> str:
    """Return the RDFC-1.0 digest of each file of RDF: of the data that it holds, not of its bytes."""
    name = publication.dataset["id"]
    found = {f"{key}.ttl": each for key, each in readable.digests().items()}
    found |= dict.fromkeys(
        (f"{name}.{suffix}" for suffix in ("jsonld", "nq", "trig")), hashlib.sha256(canonical).hexdigest()
    )
    found[f"{name}.rdf"] = found[f"{name}.ttl"]
    return "".join(f"{found[each]}  {each}\n" for each in sorted(found))


def _contents(publication: Publication) -> list[tuple[str, str]]:
    """Return what may be in a release: file names, of which `*` stands for any part, and what they are."""
    name = publication.dataset["id"]
    computed = (
        ""
        if publication.note
        else ", what follows in `graph/inferred`, what follows from all that a source states in "
        "`graph/entailed/<source>`, what is computed in `graph/network`, what withdrawn claims said in "
        "`graph/withdrawn`"
    )
    return [
        (f"{name}.ttl", "the graph as Turtle, to read and to load: sources, claims, entities, vocabularies, ontology"),
        ("source-*.ttl entities.ttl vocabularies.ttl ontology.ttl others.ttl", "a part of the graph, by itself"),
        ("inferred.ttl", "what follows by the rules of the ontology; load it too to ask by broader classes"),
        ("network.ttl", "what is computed of the networks: degree, betweenness, communities, what is named together"),
        (
            f"{name}.trig {name}.nq {name}.jsonld",
            "the graph with its graphs: what a claim states stands in `<claim>#assertion`, the ontology in "
            f"`graph/ontology`{computed}",
        ),
        (f"{name}.rdf", f"the same triples as `{name}.ttl`, as RDF/XML"),
        (
            "context.jsonld",
            "the JSON-LD context, to copy into a document: one that is fetched by its address cannot set `@base`",
        ),
        *((f"{table.name}.csv", table.about[0].lower() + table.about[1:].rstrip(".")) for table in TABLES),
        ("csv-metadata.json codebook.md codebook.csv", "what the tables mean: CSV on the Web, and in words"),
        (
            f"{ontology.FOLDER}/*",
            "the ontology with its documentation (`index.html`), in every format, and the rules (`shapes.ttl`)",
        ),
        (
            "network-*.graphml network-*.gexf",
            "the networks, each edge with its claims; for Gephi the GEXF, which keeps relations apart",
        ),
        ("network.svg network.png", "a drawing of what is named together"),
        ("annotations.jsonld", "the passages as Web Annotations: positions in the sources' pinned texts"),
        ("nanopubs.trig", "each claim as a nanopublication with a trusty URI, not signed"),
        (
            DIGESTS,
            "the RDFC-1.0 digest of each file of RDF: files that hold the same data have the same digest; "
            f"`{name}.nq` is in canonical form, so that its SHA-256 is its digest",
        ),
        *metadata.ABOUT,
    ]


def _about(publication: Publication, name: str) -> str:
    """Return what a file of a release is."""
    known = [*_contents(publication), (README, "what each file is, in words"), (CHECKSUMS, "the SHA-256 of every file")]
    return next(about for patterns, about in known if any(fnmatchcase(name, each) for each in patterns.split()))


def _readme(publication: Publication, there: Sequence[str]) -> str:
    """Return the words that open a release: what it is, and what each of its files is."""
    dataset = publication.dataset
    rows = []
    for patterns, about in _contents(publication):
        found = [name for pattern in patterns.split() for name in there if fnmatchcase(name, pattern)]
        rows += [f"| {', '.join(f'`{name}`' for name in found)} | {about} |\n"] if found else []
    rows.append(f"| `{CHECKSUMS}` | `sha256sum -c {CHECKSUMS}` checks every file |\n")
    head = f"# {dataset['title']}, version {dataset['version']} ({dataset['issued']})\n\n{dataset['description']}\n\n"
    part = f"{publication.note}\n\n" if publication.note else ""
    neutral = "No sentence of a source is in these files, and none of them says that a claim is true.\n\n"
    return f"{head}{part}{neutral}| file | what |\n| --- | --- |\n{''.join(rows)}\nLicence: {dataset['license']}\n"
