"""`kg serve FILE...` as people start it: every format, one endpoint, errors with file and line, nothing left behind."""

import gzip
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPO

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
FILES = {
    "one.ttl": "@prefix ex: <http://ex/> . ex:a ex:p 1 ; ex:label \"eins\"@de . _:b ex:p 1 .",
    "two.trig": "@prefix ex: <http://ex/> . ex:b ex:p 2 . ex:g { ex:b ex:q 2 } <http://ex/h> { ex:b ex:q 3 }",
    "three.nt": "<http://ex/c> <http://ex/p> \"3\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n_:b <http://ex/p> <x:y> .\n",
    "four.nq": "<http://ex/d> <http://ex/p> \"4\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<x:s> <x:p> <x:o> <http://ex/g> .\n",
    "five.rdf": f'<rdf:RDF {RDF} xmlns:ex="http://ex/"><rdf:Description rdf:about="http://ex/e"><ex:p>5</ex:p></rdf:Description></rdf:RDF>',
    "six.jsonld": '{"@context": {"ex": "http://ex/"}, "@id": "ex:f", "ex:p": 6}',
}  # fmt: skip
PREFIX = "PREFIX ex: <http://ex/> "
JSON = "application/sparql-results+json"


@contextmanager
def serving(folder: Path, *paths: Path) -> Iterator[httpx.Client]:
    """Run `kg serve` on files with a folder of its own for temporary files."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": str(REPO), "TMPDIR": str(folder)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder)
    assert process.stderr is not None
    try:
        address = ""
        while not address:
            line = process.stderr.readline()
            assert line, f"it ended with {process.wait()}"
            address = line.split()[2] if line.startswith("Serving on") else ""
        with httpx.Client(base_url=address, timeout=20) as client:
            yield client
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("files")
    temporary = folder / "tmp"
    temporary.mkdir()
    paths = []
    for name, text in FILES.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    paths.append(folder / "seven.ttl.gz")
    paths[-1].write_bytes(gzip.compress(b"<http://ex/z> <http://ex/p> 7 ; <http://ex/rel> <relative> ."))
    with serving(temporary, *paths) as client:
        yield client
    left = [path.name for path in temporary.iterdir()]
    assert left == [], "the store goes in the end"


def ask(client: httpx.Client, query: str, **more: str) -> list[dict[str, str]]:
    response = client.get("/sparql", params={"query": PREFIX + query, **more}, headers={"Accept": JSON})
    assert response.status_code == 200, response.text
    return [{name: term["value"] for name, term in row.items()} for row in response.json()["results"]["bindings"]]


def test_triples_of_all_formats_are_in_the_default_graph(served: httpx.Client) -> None:
    rows = ask(served, "SELECT ?s ?o { ?s ex:p ?o FILTER(isIRI(?s)) } ORDER BY ?s")
    assert [row["s"].removeprefix("http://ex/") + row["o"] for row in rows] == [
        "a1",
        "b2",
        "c3",
        "d4",
        "e5",
        "f6",
        "z7",
    ]
    assert len(ask(served, "SELECT DISTINCT ?b { ?b ex:p ?o FILTER(isBlank(?b)) }")) == 2, (
        "blank nodes of two files stay two"
    )


def test_quads_are_in_their_graphs(served: httpx.Client) -> None:
    rows = ask(served, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    assert [(row["g"], row["n"]) for row in rows] == [("http://ex/g", "2"), ("http://ex/h", "1")]
    assert ask(served, "SELECT * { ?s ex:q ?o }") == []


def test_a_relative_name_belongs_to_the_file(served: httpx.Client) -> None:
    (row,) = ask(served, "SELECT ?o { ?s ex:rel ?o }")
    assert row["o"].startswith("file:///")
    assert row["o"].endswith("/relative")


def test_the_overview_the_editor_and_health(served: httpx.Client) -> None:
    page = served.get("/", headers={"Accept": "text/html"})
    for part in ("one.ttl", "seven.ttl.gz", "http://ex/h", "<td>ex:</td>"):
        assert part in page.text
    editor = served.get("/sparql", headers={"Accept": "text/html"})
    assert "PREFIX ex: &lt;http://ex/&gt;" in editor.text
    assert "/static/editor.js" in editor.text
    assert served.get("/sparql/terms.json").json()["prefixes"]["ex"] == "http://ex/"
    assert "/actor" not in editor.text, "pages that are not here are not linked"
    query = PREFIX + "SELECT ?s ?o { ?s ex:p ?o } ORDER BY ?s"
    table = served.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert "ex:a" in table.text
    assert served.get("/health").json()["status"] == "ok"
    missing = served.get("/nothing", headers={"Accept": "text/html"})
    assert missing.status_code == 404


def test_a_prefix_of_the_files_is_offered(served: httpx.Client) -> None:
    response = served.get("/sparql", params={"query": "SELECT * { ?s ex:p ?o }"})
    assert response.status_code == 400
    assert "Add the line: PREFIX ex: <http://ex/>" in response.text


def test_why_there_are_no_rows(served: httpx.Client) -> None:
    query = PREFIX + 'SELECT * { ?s ex:label "eins" }'
    response = served.get("/sparql", params={"query": query}, headers={"Accept": JSON})
    assert response.headers["X-Empty-Because"] == '"eins" has no language tag; in the dataset it is "eins"@de'


def test_whole_graphs(served: httpx.Client) -> None:
    response = served.get("/data", params={"graph": "http://ex/h"}, headers={"Accept": "application/n-triples"})
    assert response.text == '<http://ex/b> <http://ex/q> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    assert served.get("/data", params={"graph": "http://ex/none"}).status_code == 404
    assert "ex:a" in served.get("/data?default").text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.ttl", b"@prefix x: <x:> .\nx:a x:b ;\n x:c .\n", "a.ttl:2: ; is not a valid RDF object."),
        ("b.nt", b"<x:a> <x:b> <x:c> .\n<x:a> <x:b> .\n", "b.nt:2: The object of a triple must be"),
        ("c.nq", b"<x:a> <x:b> <x:c> .\n\n<x:a>", "c.nq:3:"),
        ("d.rdf", f"<?xml version='1.0'?>\n<rdf:RDF {RDF}>\n<rdf:Description></x></rdf:RDF>".encode(), "d.rdf:3:"),
        ("e.rdf", f"<rdf:RDF {RDF}>\n<rdf:Description>\n<rdf:li rdf:ID='1 2'/></rdf:Description>\n\n</rdf:RDF>".encode(), "e.rdf:3: 1 2 is not a valid"),
        ("f.jsonld", b'{"@id": "x:a",\n "x:b": [ }', "f.jsonld:2:"),
        ("g.jsonld", b'{"@context": "http://127.0.0.1:9/c", "@id": "x:a"}', "g.jsonld:1: its @context is another document"),
        ("h.trig", b"<x:g> {\n<x:a> <x:b> <c d> }", "h.trig:2: Invalid IRI"),
        ("i.ttl", b'\n<x:a> <x:b> "\xff" .', "i.ttl:2: Invalid UTF-8"),
        ("j.ttl.gz", b"plain", "cannot be read"),
        ("k.nt.gz", gzip.compress(b"<x:a> <x:b> <x:c> .\n" * 999, mtime=0)[:-30], "no whole gzip file"),
        ("l.txt", b"", "no suffix of an RDF format"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / "good.ttl").write_text("<x:a> <x:b> <x:c> .", encoding="utf-8")
    (tmp_path / name).write_bytes(content)
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "--port", "0", "good.ttl", name],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(REPO), "TMPDIR": str(tmp_path / "tmp")},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_missing_file_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "no-such.ttl"],
        cwd=REPO, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no-such.ttl" in done.stderr


def test_an_interrupt_while_files_are_read_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    path = tmp_path / "large.nt"
    path.write_text(
        "".join(f"<http://x/{n}> <http://x/p> <http://x/{n % 7}> .\n" for n in range(600_000)), encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--port", "0", str(path)],
        stderr=subprocess.DEVNULL, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPO), "TMPDIR": str(temporary)},
    )  # fmt: skip
    while not list(temporary.iterdir()):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    assert list(temporary.iterdir()) == []
    assert Path(tempfile.gettempdir()).is_dir()
