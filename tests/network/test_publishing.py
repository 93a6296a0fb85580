"""What was measured stands in the graph of the network, and in what a query sees."""

from flask.testing import FlaskClient

from kg.network import making, publishing
from kg.store import layout
from kg.store.networks import Edge, Network
from kg.vocab import ASC
from tests.store.builds import BASE, GRAPH


def made() -> making.Made:
    import pyoxigraph as ox

    corpus = [
        quad
        for quad in ox.parse(GRAPH.read_text("utf-8"), format=ox.RdfFormat.TRIG)
        if "graph/" not in str(quad.graph_name)
    ]
    return making.make(layout.in_memory(corpus), [], BASE)


def test_each_node_has_its_numbers_and_each_network_says_how_they_were_made() -> None:
    found = [str(quad.triple) for quad in publishing.quads(made().networks, BASE)]
    node = f"<{BASE}network/relations/actor/northland>"
    assert f"{node} <{ASC}networkMember> <{BASE}actor/northland>" in found
    assert any(each.startswith(f'{node} <{ASC}degree> "2"') for each in found)
    assert any(each.startswith(f"<{BASE}network/relations> <{ASC}pivotCount>") for each in found)
    assert len(found) == len(set(found))


def test_only_pairs_of_several_claims_are_counted_and_the_network_says_from_how_many() -> None:
    edges = (Edge("actor/a", "actor/b", "", "stated", (1, 2)), Edge("actor/a", "actor/c", "", "stated", (1,)))
    facts: dict[str, int | float] = dict.fromkeys(("nodes", "edges", "communities", "pivots", "seed", "modularity"), 3)
    found = [str(quad.triple) for quad in publishing.quads([Network("co-occurrence", False, (), edges, facts)], BASE)]
    pair = f"<{BASE}network/co-occurrence/actor/a+actor/b>"
    assert [each for each in found if "claimCount" in each] == [
        f'{pair} <{ASC}claimCount> "2"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]
    assert any("leastClaimCount" in each and '"2"' in each for each in found)


def test_a_query_sees_the_numbers(client: FlaskClient) -> None:
    query = (
        f"SELECT ?degree {{ ?n <{ASC}inNetwork> <{BASE}network/relations> ; "
        f"<{ASC}networkMember> <{BASE}actor/northland> ; <{ASC}degree> ?degree }}"
    )
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text.split() == ["degree", "2"]
    graph = client.get("/graph/network", headers={"Accept": "text/turtle"})
    assert (graph.status_code, "asc:NetworkNode" in graph.text) == (200, True)
