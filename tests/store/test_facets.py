"""The claims' bitsets: choices, counts and orders, held against plain counting over sets."""

import random
from pathlib import Path

import pytest

from kg.store import facets, layout, search
from kg.store.facets import NONE, Choice, Facets
from tests.store.builds import BASE

CLAIMS = 300
ASC = "https://w3id.org/ascribe/ns#"


@pytest.fixture(scope="module")
def drawn() -> list[dict[str, set[str]]]:
    """Draw claims at random: facet → keys, for each claim in the order of the text."""
    dice = random.Random(7)
    return [
        {
            "speaker": {f"actor/a{dice.randrange(6)}"},
            "framing": {f"f{number}" for number in range(9) if dice.random() < 0.2},
            "place": {f"place/p{int(dice.expovariate(0.2))}" for _ in range(dice.randrange(3))},
            "time": {str(dice.randrange(1988, 2021))} if dice.random() < 0.6 else {NONE},
        }
        for _ in range(CLAIMS)
    ]


@pytest.fixture(scope="module")
def index(drawn: list[dict[str, set[str]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    import pyoxigraph as ox

    lines = [f"@prefix asc: <{ASC}> .", "@prefix oa: <http://www.w3.org/ns/oa#> .", f"@base <{BASE}> ."]
    for number, claim in enumerate(drawn):
        name = f"<claim/s/{(number * 7919) % 1000:03}>"  # so that the order of names is not that of the text
        lines.append(f'{name} a asc:Claim ; asc:text "word{number % 5} said"@en ; asc:inSource <source/s> .')
        lines.append(f"{name} asc:passage [ asc:range [ oa:hasSelector [ oa:start {number * 10} ] ] ] .")
        lines += [f"{name} asc:claimant <{key}> ." for key in claim["speaker"]]
        lines += [f"{name} asc:framing <https://w3id.org/ascribe/ns/framing/{key}> ." for key in claim["framing"]]
        lines += [f"{name} asc:about <{key}> ." for key in claim["place"]]
        for year in claim["time"] - {NONE}:
            lines.append(f'{name} asc:earliest "{year}-02-01" ; asc:latest "{year}-03-01" .')
    memory = layout.in_memory(ox.parse("\n".join(lines), format=ox.RdfFormat.TURTLE))
    path = tmp_path_factory.mktemp("facets") / "search.sqlite"
    search.build(memory, path, BASE)
    facets.build(memory, path, BASE)
    return path


def holds(claim: dict[str, set[str]], choice: Choice, but: str = "") -> bool:
    years = [int(year) for year in claim["time"] if year != NONE]
    timed = but == "time" or (choice.since, choice.until) == (None, None)
    return all(claim[name] & set(keys) for name, keys in choice.values.items() if name != but) and (
        timed or any((choice.since or 0) <= year <= (choice.until or 9999) for year in years)
    )


CHOICES = [
    Choice(),
    Choice(values={"speaker": ["actor/a1"]}),
    Choice(values={"speaker": ["actor/a1", "actor/a2"], "framing": ["f3"]}),
    Choice(values={"place": ["place/p0"], "time": [NONE]}),
    Choice(since=1995, until=2003),
    Choice(values={"framing": ["f1"]}, since=2000),
    Choice(values={"speaker": ["actor/nobody"]}),
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_claims_and_counts_are_those_of_plain_counting(
    drawn: list[dict[str, set[str]]], index: Path, choice: Choice
) -> None:
    with Facets(index) as read:
        expected = [number for number, claim in enumerate(drawn) if holds(claim, choice)]
        found = read.chosen(choice)
        assert found == sum(1 << number for number in expected)
        names = [f"{BASE}claim/s/{(number * 7919) % 1000:03}" for number in expected]
        assert read.claims(found, limit=CLAIMS) == names
        assert read.claims(found, offset=5, limit=7) == names[5:12]
        for name in ("speaker", "framing", "place", "time"):
            counts: dict[str, int] = {}
            for claim in drawn:
                for key in claim[name] if holds(claim, choice, but=name) else ():
                    counts[key] = counts.get(key, 0) + 1
            picked = set(choice.values.get(name, ()))
            every = {value.key: value.count for value in read.counts(choice, name, None).values if value.count}
            assert every == counts
            few = [value for value in read.counts(choice, name, 3).values if not value.chosen]
            best = sorted((-count, key) for key, count in counts.items() if key not in picked)[:3]
            assert [(-value.count, value.key) for value in few] == best


def test_claims_stand_in_the_order_of_their_dates(drawn: list[dict[str, set[str]]], index: Path) -> None:
    with Facets(index) as read:
        everything = read.chosen(Choice())
        years = {f"{BASE}claim/s/{(n * 7919) % 1000:03}": next(iter(claim["time"])) for n, claim in enumerate(drawn)}
        up = [years[iri] for iri in read.claims(everything, "date", limit=CLAIMS)]
        down = [years[iri] for iri in read.claims(everything, "-date", limit=CLAIMS)]
    dated = [year for year in up if year != NONE]
    undated = CLAIMS - len(dated)
    assert up == sorted(dated) + [NONE] * undated
    assert down == sorted(dated, reverse=True) + [NONE] * undated


def test_words_choose_claims_and_order_them(index: Path) -> None:
    with Facets(index) as read:
        found = read.chosen(Choice(words="word3"))
        assert found.bit_count() == CLAIMS // 5
        assert len(read.claims(found, "match", "word3", limit=CLAIMS)) == CLAIMS // 5
        assert read.chosen(Choice(words="unheard")) == 0
        assert read.known("speaker", "actor/a1")
        assert not read.known("speaker", "actor/zz")
