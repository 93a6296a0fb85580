"""The static copy of the tiny project: whole, linked, the same bytes every time, searched in the browser."""

import hashlib
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from kg import build
from kg.config import Config
from kg.errors import UsageError
from kg.web.frozen import writing
from kg.web.frozen.checking import broken
from tests.conftest import TINY, project_at

CLAIM = "claim/river-report/1-001"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The tiny project, built."""
    config = project_at(tmp_path_factory.mktemp("tiny"), TINY / "data")
    build.build(config)
    return config


@pytest.fixture(scope="module")
def copy(project: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy") / "site"
    told: list[tuple[int, int]] = []
    written = writing.write(project, folder, lambda done, total: told.append((done, total)), processes=1)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert (written.files, written.size) == (len(files), sum(path.stat().st_size for path in files))
    assert written.pages > 30
    assert told
    assert all(0 < done <= total for done, total in told)
    return folder


def script(folder: Path, name: str) -> dict:  # type: ignore[type-arg]
    text = (folder / "static" / "frozen" / f"{name}-data.js").read_text("utf-8")
    return json.loads(text[text.index("=") + 1 :].rstrip(";\n"))  # type: ignore[no-any-return]


def test_every_link_of_the_copy_leads_somewhere_in_it(copy: Path) -> None:
    assert broken(copy) == []
    pages = [path.read_text("utf-8") for path in copy.rglob("*.html")]
    assert not [found for page in pages for found in re.findall(r'(?:href|src|action)="/[^"]*"', page)]


def test_every_thing_has_its_page_and_its_data(copy: Path) -> None:
    for name in (CLAIM, "actor/northland", "source/river-report"):
        assert "This is a static copy" in (copy / f"{name}.html").read_text("utf-8")
        graphs = [
            set(ox.parse(path=copy / f"{name}.{suffix}", format=form))
            for suffix, form in (
                ("ttl", ox.RdfFormat.TURTLE),
                ("nt", ox.RdfFormat.N_TRIPLES),
                ("jsonld", ox.RdfFormat.JSON_LD),
                ("rdf", ox.RdfFormat.RDF_XML),
            )
        ]
        assert graphs[0]
        assert all(graph == graphs[0] for graph in graphs)
    for name in ("index", "claims", "questions", "ontology", "ns", "figures", "map", "timeline", "network", "sparql"):
        assert (copy / f"{name}.html").is_file(), name
    assert (copy / "ns" / "modality" / "conditional.ttl").is_file()
    assert (copy / "downloads" / "ontology" / "index.html").is_file()


def test_no_file_names_the_address_of_a_server_that_is_not_there(copy: Path, project: Config) -> None:
    texts = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file() and "vendor" not in path.parts}
    assert [path for path, text in texts.items() if b"http://localhost" in text or b"copy.invalid" in text] == []
    base = yaml.safe_load((project.data / "dataset.yaml").read_text("utf-8"))["base"]
    assert f'"contentUrl": "{base}downloads/claims.csv"'.encode() in texts[copy / "index.html"]
    described = set(ox.parse(texts[copy / ".well-known" / "void"], format=ox.RdfFormat.TURTLE))
    assert described == set(ox.parse(path=copy / "downloads" / "void.ttl"))


def test_what_needs_a_server_says_so(copy: Path) -> None:
    (named,) = re.findall(r"^kg serve (.*)</pre>$", (copy / "sparql.html").read_text("utf-8"), re.MULTILINE)
    assert all((copy / "downloads" / file).is_file() for file in named.split())
    claim = (copy / f"{CLAIM}.html").read_text("utf-8")
    assert re.search(r'href="\.\./\.\./sparql\.html\?query=[^"]+">the query behind it', claim)
    assert "needs a server" in (copy / "claims.html").read_text("utf-8")


def test_the_search_has_all_names_and_facets(copy: Path) -> None:
    index = script(copy, "search")
    things = {each[1]: each for each in index["things"]}
    assert things[f"{CLAIM}.html"][0] == "claim"
    facets = {tuple(index["facets"][number][:2]) for number in things[f"{CLAIM}.html"][5]}
    assert any(name == "speaker" for name, _ in facets)
    assert all((copy / file).is_file() for file in things)


def test_the_graph_has_the_networks(copy: Path) -> None:
    graph = script(copy, "graph")
    assert set(graph["networks"]) == {"relations", "co-occurrence"}
    assert all((copy / file).is_file() for _, file, _, _ in graph["things"])
    page = (copy / "graph.html").read_text("utf-8")
    assert '<form class="big" action="graph.html" role="search" id="start">' in page
    count = len(graph["things"])
    assert all(a < count and b < count for each in graph["networks"].values() for a, b, *_ in each["edges"])
    code = (copy / "static" / "frozen" / "cytoscape.js").read_text("utf-8")
    assert "export" not in code[-100:]
    assert re.search(r"window\.cytoscape=\w+;\}\)\(\);\n$", code)


def test_the_map_has_its_shapes_without_asking_for_a_file(copy: Path) -> None:
    code = (copy / "static" / "frozen" / "shapes.js").read_text("utf-8")
    world, region = json.loads(code.removeprefix("window.ascribeShapes = ").rstrip(";\n"))
    assert all(shapes["land"] and shapes["bounds"] for shapes in (world, region))
    loaded = re.findall(r'<script defer src="([^"]+)"', (copy / "map.html").read_text("utf-8"))
    assert loaded.index("static/frozen/shapes.js") < loaded.index("static/map.js")


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def test_two_copies_are_the_same_and_the_second_takes_the_place_of_the_first(copy: Path, project: Config) -> None:
    before = digest(copy)
    (copy / "left.html").write_text("of an earlier copy", encoding="utf-8")
    writing.write(project, copy, processes=2)
    assert digest(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_folder_with_something_else_is_left_alone(project: Config, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="something else"):
        writing.write(project, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
