"""A network as files: what other tools read from it is what the graph holds, and the same bytes every time."""

import csv
import html
import io
import json
import re
from pathlib import Path

import networkx as nx
import pytest

from kg.config import Config
from kg.corpus import read_files
from kg.errors import UsageError
from kg.network import PROJECTIONS, asking
from kg.network.asking import Asked
from tests.conftest import REPO


@pytest.mark.parametrize("name", [name for name in PROJECTIONS if name != "actors"])
@pytest.mark.parametrize("form", asking.FORMATS)
def test_every_network_is_given_in_every_format_and_twice_alike(index: Path, name: str, form: str) -> None:
    content = asking.answer(index, name, form)
    assert content == asking.answer(index, name, form)
    assert content
    assert form in asking.MEDIA


def test_graphml_and_gexf_hold_nodes_edges_and_claims(index: Path) -> None:
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        graph = read(io.BytesIO(asking.answer(index, "relations", form)))
        assert graph.is_directed()
        assert set(graph) >= {"actor/northland", "thing/ferry-maps"}
        assert graph.nodes["actor/northland"]["label"] == "Northland"
        told = nx.MultiDiGraph(graph).edges["actor/northland", "event/toll-dispute-2019", 0]
        assert (told["status"], told["claims"], told["speakers"]) == ("denied", "border-2020/2-001", "actor/institute")
        assert told["modalities"] == "asserted"
        assert int(float(told["weight"])) == 1
    assert b"lastmodified" not in asking.answer(index, "relations", "gexf")


def test_edges_between_the_same_two_are_of_several_kinds_in_gexf(index: Path) -> None:
    text = asking.answer(index, "relations", "gexf").decode()
    edges = re.findall(
        r'<edge source="([^"]*)" target="([^"]*)" id="\d+" label="([^"]*)" weight="[^"]*" kind="([^"]*)"', text
    )
    assert len(edges) == text.count("<edge ") > 0
    assert len({(start, end, kind) for start, end, _, kind in edges}) == len(edges), "Gephi would add some up"
    assert all(label == kind for *_, label, kind in edges)
    assert any(label.endswith(" (denied)") for *_, label, _ in edges)
    assert "kind=" not in asking.answer(index, "co-occurrence", "gexf").decode()


def test_csv_and_json_have_a_row_an_edge(index: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(asking.answer(index, "speakers", "csv").decode())))
    told = json.loads(asking.answer(index, "speakers", "json"))
    assert [row["target_label"] for row in rows] == ["Northland", "Southland"]
    assert [edge["target"] for edge in told["edges"]] == [row["target"] for row in rows]
    assert told["directed"] is True


def test_pictures_are_what_they_say(index: Path) -> None:
    assert asking.answer(index, "co-occurrence", "svg").startswith(b"<svg")
    assert asking.answer(index, "co-occurrence", "png").startswith(b"\x89PNG")
    part = asking.answer(index, "co-occurrence", "svg", Asked(speaker=["actor/southland"]))
    assert b"River Accord" in part
    assert b"Ferry Town" not in part


@pytest.mark.parametrize(
    ("name", "form", "asked", "said"),
    [
        ("friends", "csv", Asked(), "There are: co-occurrence"),
        ("relations", "csv", Asked(about=["actor/nobody"]), "nothing called “actor/nobody”"),
        ("relations", "csv", Asked(relation=["sold"]), "It has: handedOver"),
        ("relations", "svg", Asked(since=2050), "nothing to draw"),
    ],
)
def test_what_is_not_there_is_told(index: Path, name: str, form: str, asked: Asked, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asking.answer(index, name, form, asked)


def test_the_drawing_in_the_readme_names_things_of_the_data() -> None:
    text = (REPO / "docs" / "network.svg").read_text(encoding="utf-8")
    files = read_files(Config.at(REPO))
    labels = [label for kind in files.entities for each in kind.value for label in each["label"].values()]
    labels += [source.value["title"] for source in files.sources.values()]
    names = [" ".join(re.findall(r"<tspan[^>]*>([^<]*)<", node)) for node in re.findall(r"<text.*?</text>", text)]
    assert len(names) > 20
    known = [re.sub(r" \(\w+\)$", "", html.unescape(name)).rstrip("…") for name in names]
    assert not [name for name in known if not any(label.startswith(name) for label in labels)]
