"""Three independent readers of RDF; each gives the quads of a file, for which the canonical form is then compared."""

import shutil
import subprocess
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

RDFLIB = {"ttl": "turtle", "trig": "trig", "nq": "nquads", "jsonld": "json-ld", "rdf": "xml"}
RAPPER = {"ttl": "turtle", "trig": "trig", "nq": "nquads", "rdf": "rdfxml"}  # it knows no JSON-LD


def pyoxigraph(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path))


def with_rdflib(path: Path) -> list[ox.Quad]:
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib uses what it has itself deprecated
        dataset.parse(data=path.read_bytes(), format=RDFLIB[path.suffix[1:]])
        content = dataset.serialize(format="nquads").encode()
    return list(ox.parse(content, format=ox.RdfFormat.N_QUADS))


def rapper(path: Path) -> list[ox.Quad]:
    program = shutil.which("rapper")
    if program is None:
        pytest.skip("rapper is not installed (Debian: apt install raptor2-utils)")
    command = [program, "-q", "-i", RAPPER[path.suffix[1:]], "-o", "nquads", str(path)]
    read = subprocess.run(command, capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, b""), read.stderr.decode()
    return list(ox.parse(read.stdout, format=ox.RdfFormat.N_QUADS))
