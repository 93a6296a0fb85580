"""Numbers of a network are those of its definition, and the same in every run."""

import itertools

import networkx as nx
import pytest

from kg.network import drawing, measuring
from kg.store.networks import Edge, Node


def edge(source: int, target: int, *claims: int) -> Edge:
    return Edge(f"actor/{source:03}", f"actor/{target:03}", "", "stated", claims or (1,))


def test_a_line_of_three_has_its_middle_between() -> None:
    nodes, facts = measuring.measure([edge(1, 2, 1, 2), edge(3, 2, 3)])
    assert {node.key[-1]: (node.degree, node.inward, node.outward, node.claims) for node in nodes} == {
        "1": (1, 0, 1, 2),
        "2": (2, 2, 0, 3),
        "3": (1, 0, 1, 1),
    }
    assert [node.betweenness for node in nodes] == [0.0, 1.0, 0.0]
    assert (facts["nodes"], facts["edges"], facts["claims"], facts["pivots"]) == (3, 2, 3, 3)


def test_edges_there_and_back_are_one_link_and_a_loop_is_none() -> None:
    nodes, facts = measuring.measure([edge(1, 2), edge(2, 1), edge(2, 2)])
    assert [node.degree for node in nodes] == [1, 1]
    assert (facts["edges"], facts["links"]) == (3, 1)


def test_two_dense_groups_are_two_communities_and_the_larger_comes_first() -> None:
    small = [edge(*pair) for pair in itertools.combinations(range(1, 5), 2)]
    large = [edge(*pair) for pair in itertools.combinations(range(10, 16), 2)]
    nodes, facts = measuring.measure([*small, *large, edge(4, 10)])
    groups = {node.key: node.community for node in nodes}
    assert {groups[f"actor/{n:03}"] for n in range(10, 16)} == {1}
    assert {groups[f"actor/{n:03}"] for n in range(1, 5)} == {2}
    assert facts["communities"] == 2
    assert facts["modularity"] > 0.3


def test_a_large_network_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = [edge(*sorted(pair)) for pair in nx.barabasi_albert_graph(120, 3, seed=1).edges]
    exact, facts = measuring.measure(edges)
    assert facts["pivots"] == facts["nodes"] == 120
    monkeypatch.setattr(measuring, "WORK", 40_000)
    sampled, facts = measuring.measure(edges)
    assert facts["pivots"] < 120
    assert sampled == measuring.measure(edges)[0]
    first = max(exact, key=lambda node: node.betweenness)
    assert first in sorted(sampled, key=lambda node: -node.betweenness)[:3] or first.key in {
        node.key for node in sorted(sampled, key=lambda node: -node.betweenness)[:3]
    }


def test_no_name_of_a_drawing_lies_on_another_and_all_that_is_drawn_is_linked() -> None:
    edges = [edge(*sorted(pair)) for pair in nx.barabasi_albert_graph(80, 2, seed=3).edges] + [edge(900, 901)]
    nodes, _ = measuring.measure(edges)
    chosen = measuring.central(nodes, edges, 30)
    assert len(chosen) == 30
    assert "actor/900" not in {node.key for node in chosen}
    names = {node.key: f"The long name of thing number {node.key[-3:]}" for node in chosen}
    at = drawing.positions(chosen, edges, names)
    assert at == drawing.positions(chosen, edges, names)
    most = max(node.degree for node in chosen)
    boxes = []
    for node in chosen:
        x, y = at[node.key]
        spot = drawing.Spot(node.key, names[node.key], x, y, drawing.radius(node, most), 1)
        boxes.append((x - spot.side, y - spot.radius, x + spot.side, spot.bottom))
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_nothing_gives_nothing() -> None:
    assert measuring.measure([])[0] == ()
    assert measuring.central([], [], 5) == []
    empty = drawing.drawing("Nothing", [], [], {}, directed=False, total=0)
    assert drawing.svg(empty) == ""


def test_names_are_wrapped_in_two_lines_and_cut() -> None:
    assert drawing.wrapped("Armenia") == ["Armenia"]
    assert drawing.wrapped("Karabakh war of 2020") == ["Karabakh war of", "2020"]
    assert drawing.wrapped("A name that needs a third line to be whole")[1].endswith("…")
    assert all(len(line) < 26 for line in drawing.wrapped("x" * 80))


def test_a_node_is_named_in_the_drawing_and_its_signs_are_escaped() -> None:
    node = Node("thing/a", 1, 0, 1, 1, 0.0, 9, 0.0, 0.0)
    text = drawing.svg(drawing.drawing("<T>", [node], [], {"thing/a": "A & <b>"}, directed=True, total=1))
    assert "A &amp; &lt;b&gt;" in text
    assert "<b>" not in text
