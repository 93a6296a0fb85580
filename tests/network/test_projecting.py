"""Each network has the edges that its claims make, and each edge its claims."""

from pathlib import Path

import pytest

from kg.store.networks import ALL, Filter, Networks
from kg.vocab import ASC

CLAIM = "claim/border-2020/"


def edges(index: Path, network: str, wanted: Filter = ALL) -> set[tuple[str, str, str, str, tuple[str, ...]]]:
    with Networks(index) as read:
        found = read.edges(network, wanted)
        claims = read.claims(number for edge in found for number in edge.claims)
        return {
            (
                edge.source,
                edge.target,
                edge.relation.removeprefix(ASC),
                edge.status,
                tuple(claims[number].key.removeprefix(CLAIM) for number in edge.claims),
            )
            for edge in found
        }


def test_relations_are_stated_denied_or_inferred(index: Path) -> None:
    assert edges(index, "relations") == {
        ("actor/northland", "thing/ferry-maps", "handedOver", "stated", ("2-001",)),
        ("actor/northland", "event/toll-dispute-2019", "participatedIn", "denied", ("2-001",)),
        ("actor/southland", "agreement/river-accord", "signed", "stated", ("1-001",)),
    }  # what the graph entails relates two things that a claim relates already


def test_two_things_that_a_claim_names_occur_together(index: Path) -> None:
    found = {(one, other): claims for one, other, _, _, claims in edges(index, "co-occurrence")}
    assert found["actor/northland", "place/ferry-town"] == ("2-001",)
    assert found["actor/southland", "place/ferry-town"] == ("2-001",)
    assert found["actor/southland", "thing/ferry-maps"] == ("2-001",)
    assert ("actor/southland", "actor/northland") not in found  # a pair stands once, in order
    assert ("actor/northland", "agreement/river-accord") not in found


def test_speakers_are_linked_to_the_actors_whom_they_name(index: Path) -> None:
    assert edges(index, "speakers") == {
        ("actor/institute", "actor/northland", "", "stated", ("2-001",)),
        ("actor/institute", "actor/southland", "", "stated", ("2-001",)),
    }  # Southland, which speaks of itself, is not linked to itself


def test_claims_lead_to_works_and_works_to_outlets(index: Path) -> None:
    assert edges(index, "citations") == {
        (f"{CLAIM}2-001", "work/post-2019-06-12", "citesWork", "stated", ("2-001",)),
        ("work/post-2019-06-12", "actor/daily-post", "outlet", "stated", ("2-001",)),
    }
    assert edges(index, "outlets") == {("actor/institute", "actor/daily-post", "", "stated", ("2-001",))}
    assert edges(index, "actors") == set()


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Filter(relations=frozenset({f"{ASC}signed"})), {"1-001"}),
        (Filter(speakers=("actor/institute",)), {"2-001"}),
        (Filter(about=("agreement/river-accord",)), {"1-001"}),
        (Filter(about=("place/ferry-town", "agreement/river-accord")), {"1-001", "2-001"}),
        (Filter(since=2019, until=2019), {"2-001"}),
        (Filter(since=2050), set()),
        (Filter(speakers=("actor/southland",), relations=frozenset({f"{ASC}handedOver"})), set()),
    ],
    ids=("relation", "speaker", "about", "about either", "years", "no such year", "speaker and relation"),
)
def test_a_filter_leaves_the_edges_of_its_claims(index: Path, wanted: Filter, left: set[str]) -> None:
    assert {claim for *_, claims in edges(index, "relations", wanted) for claim in claims} == left


def test_the_shortest_way_leads_through_claims(index: Path) -> None:
    with Networks(index) as read:
        steps = read.path("co-occurrence", "agreement/river-accord", "thing/ferry-maps")
        assert [(start, end) for start, _, end in steps] == [
            ("agreement/river-accord", "actor/southland"),
            ("actor/southland", "thing/ferry-maps"),
        ]
        assert all(edge.claims for _, edge, _ in steps)
        assert read.path("relations", "agreement/river-accord", "thing/ferry-maps") == []
        assert read.path("relations", "actor/southland", "actor/southland") == []


def test_neighbours_and_names_are_found(index: Path) -> None:
    with Networks(index) as read:
        near = read.neighbours("relations", "actor/northland")
        assert near == {"thing/ferry-maps": 1, "event/toll-dispute-2019": 1}
        wanted = Filter(relations=frozenset({f"{ASC}handedOver"}))
        assert read.neighbours("relations", "actor/northland", wanted) == {"thing/ferry-maps": 1}
        assert [thing.key for thing in read.find("Şimali", 5)] == ["actor/northland"]
        assert read.find("nobody", 5) == read.find("…", 5) == []
