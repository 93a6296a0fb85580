"""A withdrawn claim stays, marked and with its reason, and drops out of every answer that does not ask for it."""

from collections.abc import Callable

import pyoxigraph as ox

from kg import build, corpus, passages
from kg.config import Config
from kg.vocab import ASC, RDF, XSD

OLD = "  - id: river-report/2-003\n"
NEW = (
    "  - id: river-report/2-003\n    withdrawn: {date: 2026-12-01, because: The passage speaks of a loan and not of a "
    "sale., replacedBy: [river-report/2-002]}\n"
)


def quads_of(config: Config) -> list[ox.Quad]:
    return list(build.check(config).corpus.quads)


def test_what_a_withdrawn_claim_said_leaves_the_default_graph(
    tiny: Config, edit: Callable[[str, str, str], int]
) -> None:
    before = quads_of(tiny)
    edit("sources/river-report/claims-2.yaml", OLD, NEW)
    after = quads_of(tiny)
    base = corpus.load(tiny).base
    claim = ox.NamedNode(f"{base}claim/river-report/2-003")
    statement = ox.NamedNode(f"{base}statement/river-report/2-003/1")
    default = ox.DefaultGraph()

    def told(quads: list[ox.Quad], node: ox.NamedNode, graph: object) -> set[tuple[object, object]]:
        return {(each.predicate, each.object) for each in quads if each.subject == node and each.graph_name == graph}

    assert told(after, claim, default) == {
        (ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{ASC}WithdrawnClaim")),
        (ox.NamedNode(f"{ASC}withdrawnOn"), ox.Literal("2026-12-01", datatype=ox.NamedNode(f"{XSD}date"))),
        (
            ox.NamedNode(f"{ASC}withdrawnBecause"),
            ox.Literal("The passage speaks of a loan and not of a sale.", language="en"),
        ),
        (
            ox.NamedNode("http://purl.org/dc/terms/isReplacedBy"),
            ox.NamedNode(f"{base}claim/river-report/2-002"),
        ),
    }
    assert told(after, statement, default) == set()
    kept = ox.NamedNode(f"{base}graph/withdrawn")
    asserted = {(ox.NamedNode(f"{ASC}assertion"), ox.NamedNode(f"{claim.value}#assertion"))}
    assert told(after, claim, kept) == told(before, claim, default) - asserted
    assert not any(str(each.graph_name) == f"<{claim.value}#assertion>" for each in after)
    assert any(str(each.graph_name) == f"<{claim.value}#assertion>" for each in before)


def test_its_passage_is_to_be_accounted_for_again(tiny: Config, edit: Callable[[str, str, str], int]) -> None:
    text = "".join(f"Sentence number {number} stands here. " for number in range(30))

    def left() -> int:
        return len(passages.covered(corpus.read_files(tiny), "river-report", text).gaps)

    before = left()
    edit("sources/river-report/claims-2.yaml", OLD, NEW)
    assert left() > before
