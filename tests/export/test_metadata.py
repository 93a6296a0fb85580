"""What describes a release says what is so, and the checkers of each format take it."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from kg import build
from kg.config import Config
from kg.export import citation, dcat
from kg.export.description import MEDIA, Description, File, listed, media_of
from kg.export.release import write
from kg.export.subset import Selection, select
from tests.conftest import REPO
from tests.export.conftest import Release, release_of

CHECKERS = Path(sys.prefix) / "checkers" / "bin"  # they need older libraries than the project's
HERE = Path(__file__).parent / "checkers"
BASE = "https://w3id.org/ascribe/tiny/"
NAMESPACES = {
    "dcat": dcat.DCAT,
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": dcat.FOAF,
    "spdx": dcat.SPDX,
    "void": dcat.VOID,
}
KNOWN = {  # recommendations that only someone with a name, an address and a ROR identifier can follow
    "Organization: SHOULD have ROR identifier",
    "Organization: RECOMMENDED contactPoint references ContactPoint entity",
    "Root Data Entity: at least one author/publisher SHOULD have contactPoint",
    "File Data Entity: RECOMMENDED `contentSize` property",  # of SHA256SUMS, which is made after
}


def checker(*arguments: str | Path) -> str:
    if not CHECKERS.is_dir():
        pytest.skip(f"the checkers are not in {CHECKERS}: make checkers")
    done = subprocess.run([CHECKERS / arguments[0], *arguments[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def store_of(path: Path) -> ox.Store:
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def values(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    rows: Any = store.query(query, prefixes=NAMESPACES)
    return [tuple(getattr(term, "value", "") for term in row) for row in rows]


def test_a_crate_fulfils_all_that_the_specification_requires(release: Release, tmp_path: Path) -> None:
    found = json.loads(checker("python", HERE / "crate.py", tmp_path / "cache", release.folder, "RECOMMENDED"))
    assert found["checks"] > 50
    assert {name for _, name, _ in found["issues"]} <= KNOWN, found["issues"]


def test_a_crate_with_a_fault_does_not_pass(tiny_release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "crate"
    folder.mkdir()
    document = json.loads(tiny_release.read("ro-crate-metadata.json"))
    next(each for each in document["@graph"] if each["@id"] == "./").pop("license")
    (folder / "ro-crate-metadata.json").write_text(json.dumps(document), encoding="utf-8")
    found = json.loads(checker("python", HERE / "crate.py", tmp_path / "cache", folder, "REQUIRED"))
    messages = " ".join(message for _, _, message in found["issues"])
    assert "license" in messages
    assert "tiny.ttl" in messages  # files that are named and missing


def test_the_citation_and_the_fields_of_datacite_are_valid(release: Release) -> None:
    assert "valid according to schema version 1.2.0" in checker(
        "cffconvert", "--validate", "-i", release.folder / "CITATION.cff"
    )
    assert checker("python", HERE / "fields.py", release.folder / "datacite.json") == ""


def test_the_citation_of_the_project_is_that_of_its_data() -> None:
    dataset = yaml.safe_load((REPO / "data" / "dataset.yaml").read_text(encoding="utf-8"))
    assert (REPO / "CITATION.cff").read_text(encoding="utf-8") == citation.cff(Description(dataset)), (
        "run: python docs/generate.py"
    )


def test_the_citation_says_what_the_data_set_says_whatever_signs_are_in_it(tiny_release: Release) -> None:
    odd = {"title": 'Yes: "claims" # no', "keywords": ["on", "a: b", "plain word"], "creators": ["O'Neill, A."]}
    dataset = tiny_release.publication.dataset | odd
    read = yaml.safe_load(citation.cff(Description(dataset)))
    assert (read["title"], read["keywords"]) == (odd["title"], odd["keywords"])
    assert read["authors"] == [{"name": "O'Neill, A."}]
    assert (read["version"], read["date-released"]) == ("0.1.0", "2026-01-01")
    other = yaml.safe_load(citation.cff(Description(dataset | {"license": "https://example.org/own"})))
    assert (other.get("license"), other["license-url"]) == (None, "https://example.org/own")


def test_every_file_is_described_with_its_size_and_checksum(release: Release) -> None:
    files = {name: path.read_bytes() for name, path in listed(release.folder)}
    crate = {each["@id"]: each for each in json.loads(release.read("ro-crate-metadata.json"))["@graph"]}
    assert {name for name, each in crate.items() if each["@type"] == "File"} == files.keys() - {
        "ro-crate-metadata.json"
    }
    distributions = values(
        store_of(release.folder / "void.ttl"),
        f"SELECT ?title ?url ?size ?sum {{ <{release.publication.base}> dcat:distribution ?d . "
        "?d dcterms:title ?title ; dcat:downloadURL ?url ; dcat:byteSize ?size ; "
        "spdx:checksum/spdx:checksumValue ?sum }",
    )
    described = {name: (int(size), value) for name, _, size, value in distributions}
    assert {url for _, url, _, _ in distributions} == {
        f"{release.publication.base}downloads/{name}" for name in described
    }
    assert described.keys() == files.keys() - {
        "ro-crate-metadata.json",
        "void.ttl",
        "datacite.json",
        "CITATION.cff",
        "SHA256SUMS",
    }
    for name, content in files.items():
        true = (len(content), hashlib.sha256(content).hexdigest())
        if name in described:
            assert described[name] == true
        if name in crate and name not in ("ro-crate-metadata.json", "SHA256SUMS"):
            assert (int(crate[name]["contentSize"]), crate[name]["sha256"]) == true


def test_void_counts_what_the_turtle_holds(release: Release) -> None:
    base, described = release.publication.base, store_of(release.folder / "void.ttl")
    graph = store_of(release.folder / f"{release.name}.ttl")
    totals = ("triples", "entities", "distinctSubjects", "distinctObjects", "classes", "properties")
    asked = " ".join(f"void:{name} ?{name} ;" for name in totals)
    said = values(described, f"SELECT {' '.join(f'?{name}' for name in totals)} {{ <{base}> {asked} }}")
    counted = values(
        graph,
        "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?own) AS ?entities) (COUNT(DISTINCT ?s) AS ?subjects) "
        "(COUNT(DISTINCT ?o) AS ?objects) (COUNT(DISTINCT ?class) AS ?classes) (COUNT(DISTINCT ?p) AS ?properties) "
        f'{{ ?s ?p ?o . BIND(IF(STRSTARTS(STR(?s), "{base}"), ?s, 1/0) AS ?own) '
        "BIND(IF(?p = rdf:type && isIRI(?o), ?o, 1/0) AS ?class) }".replace(
            "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        ),
    )
    assert said == counted
    for kind, query in (
        ("class", "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class FILTER(isIRI(?class)) } GROUP BY ?class"),
        ("property", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
    ):
        unit = {"class": "entities", "property": "triples"}[kind]
        told = f"SELECT ?x ?n {{ <{base}> void:{kind}Partition ?part . ?part void:{kind} ?x ; void:{unit} ?n }}"
        assert sorted(values(described, told)) == sorted(values(graph, query))


def test_the_description_names_what_assessors_look_for(release: Release) -> None:
    base, store = release.publication.base, store_of(release.folder / "void.ttl")
    for said in (
        "dcterms:title", "dcterms:description", "dcterms:license", "dcterms:creator/foaf:name", "dcterms:publisher",
        "dcterms:issued", "dcterms:accessRights", "dcterms:provenance", "dcterms:language", "dcterms:conformsTo",
        "dcat:version", "dcat:hasCurrentVersion/dcat:isVersionOf", "dcat:landingPage", "void:sparqlEndpoint",
        "void:dataDump", "void:vocabulary", "void:exampleResource", "^dcat:servesDataset/dcat:endpointURL",
    ):  # fmt: skip
        assert values(store, f"SELECT ?o {{ <{base}> {said} ?o }}"), said
    assert not any(isinstance(term, ox.BlankNode) for quad in store for term in (quad.subject, quad.object))
    read = {quad.triple for quad in store}
    for media in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        statements = [(quad.subject.value, quad.predicate.value, quad.object) for quad in store]
        again = ox.parse(
            dcat.serialised(statements, base, media),
            format=ox.RdfFormat.from_media_type(media),  # type: ignore[arg-type]
        )
        assert {quad.triple for quad in again} == read, media


def test_a_version_names_the_one_before(tiny: Config, edit: Callable[[str, str, str], int]) -> None:
    edit("dataset.yaml", "version: 0.1.0", "version: 0.2.0\nprevious: 0.1.0")
    build.build(tiny)
    release = release_of(tiny)
    found = values(
        store_of(release.folder / "void.ttl"),
        f"SELECT ?new ?old {{ <{BASE}> dcat:hasCurrentVersion ?new . ?new dcat:previousVersion ?old }}",
    )
    assert found == [(f"{BASE}version/0.2.0", f"{BASE}version/0.1.0")]
    related = json.loads(release.read("datacite.json"))["relatedIdentifiers"]
    assert {"IsVersionOf", "IsNewVersionOf"} <= {each["relationType"] for each in related}


def test_a_part_says_that_it_is_one(tiny_release: Release, tmp_path: Path) -> None:
    whole = tiny_release.publication
    write(select(whole, Selection(kind=("PositionClaim",))), tmp_path / "part", whole=whole)
    names = {path.name for path in (tmp_path / "part").iterdir()}
    assert {"ro-crate-metadata.json", "CITATION.cff"} <= names
    assert not names & {"void.ttl", "datacite.json"}
    crate = json.loads((tmp_path / "part" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    root = next(each for each in crate["@graph"] if each["@id"] == "./")
    assert {"@id": f"{BASE}version/0.1.0"} in root["isBasedOn"]
    assert "identifier" not in root
    found = json.loads(checker("python", HERE / "crate.py", tmp_path / "cache", tmp_path / "part", "REQUIRED"))
    assert found["issues"] == []


def test_the_addresses_of_a_server_take_the_place_of_the_permanent_ones(tiny_release: Release) -> None:
    description = Description(tiny_release.publication.dataset, (File("tiny.ttl", "all", "text/turtle", 1, "00"),))
    here = "http://127.0.0.1:8000/"
    found = list(dcat.readdressed(dcat.statements(description), BASE, here))
    served = {term.value for _, _, term in found if isinstance(term, ox.NamedNode) and term.value.startswith(here)}
    assert served == {f"{here}sparql", f"{here}downloads/tiny.ttl"}
    assert {subject for subject, _, _ in found} == {subject for subject, _, _ in dcat.statements(description)}


def test_every_kind_of_file_has_its_media_type(release: Release) -> None:
    plain = {name for name, _ in listed(release.folder) if media_of(name) == "text/plain"}
    assert plain == {"SHA256SUMS", "RDFC-1.0.txt"}
    assert media_of("csv-metadata.json") == MEDIA["csv-metadata.json"] != media_of("datacite.json")
