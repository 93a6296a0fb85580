"""HermiT runs and is believed, and the rules agree with it."""

import re
import stat
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from kg import reasoning
from kg.corpus.quads import parse_ontology
from kg.errors import BuildError, MissingPartError
from kg.vocab import ASC, OWL, PROV, RDF, RDFS
from tests.conftest import REPO

FIXTURES = REPO / "tests" / "fixtures"
RULES = REPO / "queries" / "entail"
BASE = "https://example.org/"


def triples(path: Path) -> bytes:
    """Return a Turtle file as N-Triples."""
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    return ox.serialize((ox.Triple(q.subject, q.predicate, q.object) for q in quads), format=ox.RdfFormat.N_TRIPLES)


@pytest.fixture(scope="module")
def ontology() -> list[ox.Quad]:
    return parse_ontology(REPO / "ontology")


@pytest.fixture(scope="module")
def schema() -> bytes:
    return triples(REPO / "ontology" / "ascribe.ttl") + triples(REPO / "ontology" / "alignments.ttl")


def quads(turtle: str, graph: str | None = None) -> list[ox.Quad]:
    head = f"@prefix : <{BASE}> . @prefix asc: <{ASC}> .\n"
    name = ox.NamedNode(BASE + graph) if graph else ox.DefaultGraph()
    return [ox.Quad(*list(q)[:3], name) for q in ox.parse(head + turtle, format=ox.RdfFormat.TURTLE)]


def shown(found: list[ox.Quad]) -> set[str]:
    """Return quads as words, short enough to read in a test."""

    def word(term: object) -> str:
        return re.split(r"[/#]", getattr(term, "value", ""))[-1]

    return {f"{word(q.subject)} {word(q.predicate)} {word(q.object)}" for q in found}


# HermiT ---------------------------------------------------------------------------------------------------------------


def test_the_ontology_is_consistent_and_every_class_can_have_members(
    schema: bytes, capfd: pytest.CaptureFixture
) -> None:
    report = reasoning.check(schema)
    assert report.consistent
    assert report.unsatisfiable == ()
    assert report.seconds > 0
    assert capfd.readouterr() == ("", "")


def test_an_inconsistency_is_found(schema: bytes, capfd: pytest.CaptureFixture) -> None:
    report = reasoning.check(schema, triples(FIXTURES / "ontology-inconsistent.ttl"))
    assert not report.consistent
    assert capfd.readouterr() == ("", "")


def test_a_class_that_can_have_no_member_is_found(schema: bytes) -> None:
    report = reasoning.check(schema + triples(FIXTURES / "ontology-unsatisfiable.ttl"))
    assert report.consistent
    assert report.unsatisfiable == ("https://example.org/WalkingCity",)


def test_turtle_is_refused_and_not_taken_for_an_empty_ontology() -> None:
    with pytest.raises(BuildError, match="N-Triples"):
        reasoning.check((REPO / "ontology" / "ascribe.ttl").read_bytes())


def test_java_comes_from_the_wheel_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch, schema: bytes) -> None:
    monkeypatch.setenv("PATH", "")
    assert reasoning.check(schema).consistent


def test_a_java_that_is_not_there_is_named(schema: bytes) -> None:
    with pytest.raises(MissingPartError, match=r"/nowhere/java.*Install"):
        reasoning.check(schema, java="/nowhere/java")


def test_a_reasoner_that_hangs_is_ended_in_time(tmp_path: Path, schema: bytes) -> None:
    java = program(tmp_path, "echo $$ > pid; exec sleep 60")
    began = time.monotonic()
    with pytest.raises(BuildError, match=r"did not finish within 0\.5 seconds"):
        reasoning.check(schema, java=str(java), timeout=0.5)
    assert time.monotonic() - began < 10
    pid = (tmp_path / "pid").read_text().strip()
    assert not Path(f"/proc/{pid}").exists()


def test_a_reasoner_that_breaks_is_no_verdict(tmp_path: Path, schema: bytes) -> None:
    java = program(tmp_path, "echo 'Error: out of memory' >&2; exit 1")
    with pytest.raises(BuildError, match=r"exit code 1.*out of memory"):
        reasoning.check(schema, java=str(java))


def program(folder: Path, script: str) -> Path:
    path = folder / "java"
    path.write_text(f"#!/bin/sh\ncd {folder}\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# Findings -------------------------------------------------------------------------------------------------------------

CLAIM = """
:claim-1 a asc:EventClaim ; asc:inSource :source\\/one ; asc:assertion <https://example.org/claim-1#assertion> .
:source\\/one a asc:Report .
:anna a asc:Person . :hill a asc:Region . :pact a asc:Treaty . :talks a asc:Meeting .
"""


def test_findings_name_what_a_relation_asks_for(ontology: list[ox.Quad]) -> None:
    data = quads(CLAIM) + quads(":hill asc:signed :pact . :talks asc:tookPlaceIn :hill .", "claim-1#assertion")
    (finding,) = reasoning.consistency(ontology, data, BASE)
    assert (finding.rule, finding.severity, finding.node) == ("inconsistent", "violation", f"{BASE}hill")
    assert finding.message.startswith("signed asks for Actor as its subject, and this is Place, going by")
    assert "what one states" in finding.message


def test_findings_name_unions_and_types_that_exclude_each_other(ontology: list[ox.Quad]) -> None:
    data = quads(CLAIM + ":anna a asc:Settlement .") + quads(":anna asc:violated :talks .", "claim-1#assertion")
    found = {(each.node, each.message.split(", going by")[0]) for each in reasoning.consistency(ontology, data, BASE)}
    violated = "violated asks for Agreement or LegalText or Provision as its object, and this is Event"
    assert found >= {(f"{BASE}talks", violated), (f"{BASE}anna", "it is both Actor and Place")}


def test_a_class_without_possible_members_is_a_finding(ontology: list[ox.Quad]) -> None:
    broken = [*ontology, *ox.parse(path=FIXTURES / "ontology-unsatisfiable.ttl", format=ox.RdfFormat.TURTLE)]
    (finding,) = reasoning.consistency(broken, [], BASE)
    assert (finding.rule, finding.node) == ("unsatisfiable-class", "https://example.org/WalkingCity")


def test_sources_may_contradict_each_other(ontology: list[ox.Quad]) -> None:
    second = (
        ":claim-2 a asc:Claim ; asc:inSource :source\\/two ; asc:assertion <https://example.org/claim-2#assertion> ."
    )
    data = quads(f"{CLAIM} {second} :source\\/two a asc:Report . :north a asc:Entity .")
    data += quads(":north asc:signed :pact .", "claim-1#assertion")
    data += quads(":talks asc:tookPlaceIn :north .", "claim-2#assertion")
    assert reasoning.consistency(ontology, data, BASE) == []


# Rules ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(RULES.glob("*.rq")), ids=lambda path: path.stem)
def test_each_rule_says_what_it_does(path: Path) -> None:
    head = path.read_text(encoding="utf-8").splitlines()[:3]
    assert [line.split(":")[0] for line in head] == ["# title", "# description", "# tags"]


@pytest.mark.parametrize(
    ("stated", "follows"),
    [
        (":a asc:signed :b", {"b signedBy a", "a type Actor", "b type Agreement"}),
        (":a asc:headOf :b", {"a actsFor b", "b headedBy a"}),
        (":a asc:alliedWith :b", {"b alliedWith a"}),
        (":a asc:locatedIn :b . :b asc:locatedIn :c", {"a locatedIn c", "c locationOf a"}),
        (":a asc:tookPlaceIn :b . :b asc:locatedIn :c . :c asc:locatedIn :d", {"a tookPlaceIn c", "a tookPlaceIn d"}),
        (":a asc:holdsOffice :b . :b asc:officeOf :c", {"a actsFor c"}),
        (":a asc:violated :b . :b asc:provisionOf :c", {"a violated c"}),
        (":a asc:destroyed :b", {"a damaged b", "a harmed b", "a affected b"}),
        (":a asc:fundedBy :b", {"b financed a"}),
    ],
)
def test_what_follows_from_one_case(ontology: list[ox.Quad], stated: str, follows: set[str]) -> None:
    data = quads(CLAIM) + quads(f"{stated} .", "claim-1#assertion")
    entailed = [q for q in reasoning.entail(data, ontology, BASE, RULES) if "/entailed/" in q.graph_name.value]
    assert shown(entailed) >= follows
    assert {q.graph_name.value for q in entailed} == {f"{BASE}graph/entailed/one"}


def test_the_default_graph_gets_types_and_the_terms_of_others(ontology: list[ox.Quad]) -> None:
    data = quads(f"{CLAIM} :claim-1 asc:claimant :anna .")
    found = reasoning.entail(data, ontology, BASE, RULES)
    assert {q.graph_name.value for q in found} == {f"{BASE}graph/inferred"}
    stated = {(q.subject, q.predicate, q.object) for q in data}
    assert not [q for q in found if (q.subject, q.predicate, q.object) in stated]
    claim, anna, type_ = ox.NamedNode(f"{BASE}claim-1"), ox.NamedNode(f"{BASE}anna"), ox.NamedNode(f"{RDF}type")
    triples_ = {(q.subject, q.predicate, q.object) for q in found}
    assert (claim, ox.NamedNode(f"{PROV}wasAttributedTo"), anna) in triples_
    assert (claim, type_, ox.NamedNode(f"{PROV}Entity")) in triples_
    assert (anna, type_, ox.NamedNode(f"{ASC}Entity")) in triples_


def test_what_is_known_is_not_said_again_and_the_ontology_is_not_talked_about(ontology: list[ox.Quad]) -> None:
    data = quads(CLAIM) + quads(":anna asc:signed :pact . :anna asc:visited :hill .", "claim-1#assertion")
    found = reasoning.entail(data, ontology, BASE, RULES)
    entailed = [q for q in found if "/entailed/" in q.graph_name.value]
    assert shown(entailed) == {"pact signedBy anna"}
    assert not [q for q in found if not q.subject.value.startswith(BASE)]
    assert not [q for q in found if q.predicate.value == f"{RDF}type" and q.object.value.startswith((OWL, RDFS))]


def test_the_order_is_the_same_each_time(ontology: list[ox.Quad]) -> None:
    data = list(ox.parse(path=FIXTURES / "ontology-world.ttl", format=ox.RdfFormat.TURTLE))
    once = reasoning.entail(data, ontology, BASE, RULES)
    assert once == reasoning.entail(reversed(data), reversed(ontology), BASE, RULES)
    assert len(once) == len(set(once))


def test_a_folder_without_rules_is_an_error(tmp_path: Path, ontology: list[ox.Quad]) -> None:
    with pytest.raises(MissingPartError, match="no rule"):
        reasoning.entail([], ontology, BASE, tmp_path)


def test_the_rules_agree_with_hermit(ontology: list[ox.Quad], schema: bytes, tmp_path: Path) -> None:
    """HermiT names each individual's most specific types and properties; the told hierarchy above them is added."""
    world = list(ox.parse(path=FIXTURES / "ontology-world.ttl", format=ox.RdfFormat.TURTLE))
    beside = (b"Match>", b"#imports>", f"<{ASC}Relation>".encode())
    told = [line for line in schema.splitlines() if not any(each in line for each in beside)]
    file = tmp_path / "world.nt"
    file.write_bytes(b"\n".join([*told, triples(FIXTURES / "ontology-world.ttl")]))
    output = hermit(file)

    above: defaultdict[str, set[str]] = defaultdict(set)
    for quad in ontology:
        if quad.predicate.value in (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf") and isinstance(
            quad.object, ox.NamedNode
        ):
            above[quad.subject.value].add(quad.object.value)

    def upwards(term: str) -> set[str]:
        return {term}.union(*(upwards(each) for each in above[term]))

    expected = set()
    for node, kind in re.findall(rf"^Type\( <({BASE}\S+)> <(\S+)> \)", output, re.MULTILINE):
        expected |= {(node, f"{RDF}type", each) for each in upwards(kind)}
    for prop, known in re.findall(r"^<(\S+)> \(known instances: (.*?) \| ", output, re.MULTILINE):
        for one, other in re.findall(rf"\(<({BASE}[^>]+)>, <({BASE}[^>]+)>\)", known):
            expected |= {(one, each, other) for each in upwards(prop)}
    expected = {each for each in expected if not each[2].startswith(OWL)}

    inferred = reasoning.entail(world, ontology, BASE, RULES)
    actual = {(q.subject.value, q.predicate.value, q.object.value) for q in (*world, *inferred)}
    assert len(expected) > 140
    assert {each for each in expected - actual if each[2] != f"{ASC}Entity"} == set()
    assert actual - expected == set()


def hermit(file: Path) -> str:
    home = Path(owlready2.__file__).parent / "hermit"
    command = [reasoning._java(), "-cp", f"{home}:{home / 'HermiT.jar'}", "org.semanticweb.HermiT.cli.CommandLine"]
    options = ["--classify", "--classifyIs", "--classifyPVs", "--ignoreUnsupportedDatatypes", file.as_uri()]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=True, timeout=120).stdout


def test_it_is_fast_enough_for_fifteen_thousand_triples(ontology: list[ox.Quad]) -> None:
    claims = (
        f":c{n} a asc:Claim , asc:EventClaim ; asc:inSource :s\\/one ; asc:claimant :a{n % 90} ; asc:passage :p{n} ;"
        f" asc:about :a{n % 80} , :b{n % 70} ; asc:text 'claim {n}'@en ; asc:states :t{n} . :p{n} a asc:Passage ."
        f" :t{n} a asc:Statement . :a{n % 90} a asc:Group . :b{n % 70} a asc:District .\n"
        for n in range(1500)
    )
    data = quads(f":s\\/one a asc:Report .{''.join(claims)}")
    assert len(data) > 15_000
    seconds = min(timed(data, ontology) for _ in range(3))
    assert seconds < 1.5, f"{seconds:.2f} s"


def timed(data: list[ox.Quad], ontology: list[ox.Quad]) -> float:
    began = time.process_time()
    reasoning.entail(data, ontology, BASE, RULES)
    return time.process_time() - began
