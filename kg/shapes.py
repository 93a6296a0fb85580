"""Checks a graph against the SHACL shapes: `validate` runs an engine, `findings` words its results for the curator.

Two engines read the same shapes: pyshacl-turbo for the build, pySHACL as the reference that the tests compare it with.
This is the only module that imports either.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import BuildError, MissingPartError
from kg.findings import Finding, Severity
from kg.vocab import ASC, OWL, RDF, RDFS, SCHEMES, SH, SHARED_PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox
    import rdflib

    from kg.corpus import Corpus

Engine = Literal["turbo", "pyshacl"]
Locate = Callable[[str, str | None], tuple[str, int] | None]  # node IRI, value → file and line

SHAPES = f"{SCHEMES}shape/"  # a shape is SHAPES + class + "-" + rule

# Rules ask for the class of a node with a plain `a`: a path over superclasses in a query would be slow.
_TYPES = f"INSERT {{ ?node a ?class }} WHERE {{ ?node a ?narrow . ?narrow <{RDFS}subClassOf>+ ?class }}"
_LEADS_TO = f"{ASC}leadsTo"
_STEPS = f"""
PREFIX asc: <{ASC}> PREFIX rdf: <{RDF}> PREFIX owl: <{OWL}>
SELECT ?source ?relation ?from ?to (MIN(?statement) AS ?first) WHERE {{
  ?relation a asc:Relation , owl:TransitiveProperty .
  FILTER NOT EXISTS {{ ?relation a owl:SymmetricProperty }}
  ?statement rdf:predicate ?relation ; rdf:subject ?from ; rdf:object ?to .
  FILTER NOT EXISTS {{ ?statement asc:polarity <{SCHEMES}polarity/negative> }}
  ?claim asc:states ?statement ; asc:inSource ?source .
}}
GROUP BY ?source ?relation ?from ?to"""
_SEVERITIES: dict[str, Severity] = {f"{SH}Violation": "violation", f"{SH}Warning": "warning", f"{SH}Info": "info"}
_RDFLIB = threading.RLock()  # held while pySHACL changes how rdflib reads literals


@dataclass(frozen=True, slots=True)
class RawResult:
    """Holds one result of a validation: which node breaks which rule where; nodes and values as IRI or plain text."""

    focus: str
    path: str | None  # an IRI, or a path such as `^<iri>` in SPARQL's writing
    value: str | None
    shape: str
    component: str  # the kind of constraint, such as sh:MinCountConstraintComponent
    severity: Severity
    message: str  # how to mend it
    rule: str  # what the rule says


def check(quads: Iterable[ox.Quad], shapes_dir: Path, corpus: Corpus) -> list[Finding]:
    """Return the findings of the shapes on a corpus, each with its file and line.

    `quads` are the corpus's and the ontology's. Of what is inferred, only the superclasses of what is curated count:
    a type that follows from a property's range would hide that the value is of the wrong class.
    """
    return findings(validate(quads, shapes_dir), corpus.locate, corpus.base)


def validate(
    data: ox.Store | Iterable[ox.Quad | ox.Triple] | bytes,
    shapes_dir: Path,
    engine: Engine = "turbo",
    graphs: Iterable[ox.NamedNode] = (),
) -> list[RawResult]:
    """Return what the shapes find in a graph, sorted by node and rule.

    `data` is a store, quads or N-Triples: claims, ontology and vocabularies together. Of a store or quads, the default
    graph and the named `graphs` are read as one graph; the others (assertions, entailments) are not looked at.
    Raises BuildError if the shapes cannot be read.
    """
    merged = _merged(data, graphs)
    merged.update(_TYPES)
    merged.extend(_chains(merged))
    run = {"turbo": _turbo, "pyshacl": _pyshacl}[engine]
    report, shapes = run(merged, shapes_dir)
    order = lambda each: (each.focus, each.shape, each.path or "", each.value or "", each.component)  # noqa: E731
    return sorted(_results(report, shapes), key=order)


def findings(results: Iterable[RawResult], locate: Locate, base: str = "") -> list[Finding]:
    """Return results as findings, with the file and line that `locate` gives and ids below `base` cut short."""
    found = []
    for result in results:
        file, line = locate(result.focus, result.value) or (None, None)
        rule = result.shape.removeprefix(SHAPES)
        message = f"{result.rule}: {_fault(result, base)}"
        node = result.focus.removeprefix(base)
        found.append(Finding(rule, result.severity, message, result.message, node, file, line))
    return found


def _merged(data: ox.Store | Iterable[ox.Quad | ox.Triple] | bytes, graphs: Iterable[ox.NamedNode]) -> ox.Store:
    """Return a store that holds the data in its default graph alone."""
    import pyoxigraph as ox

    merged = ox.Store()
    wanted: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph(), *graphs]
    if isinstance(data, ox.Store):
        for graph in wanted:
            triples = data.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            merged.bulk_load(triples, ox.RdfFormat.N_TRIPLES)
    elif isinstance(data, bytes):
        merged.bulk_load(data, ox.RdfFormat.N_TRIPLES)
    else:
        merged.bulk_extend(_quad(each) for each in data if isinstance(each, ox.Triple) or each.graph_name in wanted)
    return merged


def _chains(merged: ox.Store) -> list[ox.Quad]:
    """Return a link from each statement of a transitive relation to those of its source that go on from its object.

    A path over statements cannot say that each step has the same relation, so the rule against circles follows these
    links (asc:leadsTo). They are in the graph that is handed to the shapes and nowhere else. Of statements that say the
    same, the first stands for all.
    """
    import pyoxigraph as ox

    steps: dict[tuple[Any, Any, Any], list[tuple[Any, Any]]] = {}
    for row in merged.query(_STEPS):  # type: ignore[union-attr]
        steps.setdefault((row["source"], row["relation"], row["from"]), []).append((row["to"], row["first"]))
    leads_to = ox.NamedNode(_LEADS_TO)
    return [
        ox.Quad(statement, leads_to, following)
        for (source, relation, _), ends in steps.items()
        for to, statement in ends
        for _, following in steps.get((source, relation, to), ())
    ]


def _quad(each: Any) -> ox.Quad:
    import pyoxigraph as ox

    return ox.Quad(each.subject, each.predicate, each.object)


def _turbo(merged: ox.Store, shapes_dir: Path) -> tuple[rdflib.Graph, rdflib.Graph]:
    """Return the report of pyshacl-turbo and the shapes."""
    import pyshacl_turbo

    compile_shapes: Callable[..., Any] = pyshacl_turbo.compile_shapes

    try:
        program = compile_shapes(_shapes(shapes_dir))
        _, report, _ = program.validate(merged)
    except (pyshacl_turbo.ValidationFailure, RuntimeError, ValueError) as error:
        raise BuildError(f"The shapes in {shapes_dir} cannot be used: {error}") from error
    return report, program.graph


def _pyshacl(merged: ox.Store, shapes_dir: Path) -> tuple[rdflib.Graph, rdflib.Graph]:
    """Return the report of pySHACL and the shapes."""
    try:
        import pyshacl
    except ImportError as error:
        raise MissingPartError("pySHACL is not installed; it comes with: pip install ascribe[dev]") from error

    shapes = _shapes(shapes_dir)
    try:
        with _rdflib_kept():
            _, report, text = pyshacl.validate(_prepared(merged), shacl_graph=shapes, inplace=True)
    except RuntimeError as error:
        raise BuildError(f"The shapes in {shapes_dir} cannot be used: {error}") from error
    if not isinstance(report, type(shapes)):
        raise BuildError(f"The shapes in {shapes_dir} cannot be used: {text}")
    return report, shapes


@contextmanager
def _rdflib_kept() -> Iterator[None]:
    """Put back what pySHACL changes in rdflib while it loads shapes, also when it fails halfway."""
    import rdflib
    from rdflib import term

    boolean = rdflib.XSD.boolean
    with _RDFLIB:
        normalise, read = rdflib.NORMALIZE_LITERALS, term._toPythonMapping[boolean]
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS = normalise
            term._toPythonMapping[boolean] = read


def _shapes(shapes_dir: Path) -> rdflib.Graph:
    """Return all shapes of a folder as one graph."""
    import pyoxigraph as ox
    import rdflib

    shapes = rdflib.Graph()
    for path in sorted(shapes_dir.glob("*.ttl")):
        try:
            _fill(shapes, ox.parse(path=path, format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise BuildError(f"{path} is not Turtle: {error}") from error
    if not shapes:
        raise BuildError(f"No shapes in {shapes_dir}; put one file a class there, such as Claim.ttl.")
    return shapes


def _fill(graph: rdflib.Graph, quads: Iterable[ox.Quad]) -> None:
    """Add native quads to an rdflib graph, which is much faster than having rdflib parse them."""
    import pyoxigraph as ox
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, ox.NamedNode):
            return rdflib.URIRef(node.value)
        if isinstance(node, ox.BlankNode):
            return rdflib.BNode(node.value)
        datatype = None if node.language else rdflib.URIRef(node.datatype.value)
        return rdflib.Literal(node.value, lang=node.language, datatype=datatype)

    terms: dict[Any, Any] = {}
    for quad in quads:
        for node in (quad.subject, quad.predicate, quad.object):
            if node not in terms:
                terms[node] = term(node)
        graph.add((terms[quad.subject], terms[quad.predicate], terms[quad.object]))


def _prepared(merged: ox.Store) -> rdflib.Graph:
    """Return the data for pySHACL, in a graph that parses each query once and not once a node."""
    import rdflib

    class Prepared(rdflib.Graph):
        def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
            return super().query(_query(query_object), *args, **kwargs)

    graph = Prepared()
    _fill(graph, merged)
    return graph


@cache
def _query(text: str) -> Any:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)


def _results(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[RawResult]:
    import rdflib

    def term(graph: rdflib.Graph, node: Any, name: str) -> Any:
        return graph.value(node, rdflib.URIRef(name))

    for node in report.objects(None, rdflib.URIRef(f"{SH}result")):
        shape = term(report, node, f"{SH}sourceShape")
        path = term(report, node, f"{SH}resultPath")
        value = term(report, node, f"{SH}value")
        yield RawResult(
            focus=str(term(report, node, f"{SH}focusNode")),
            path=None if path is None else _path(report, path),
            value=None if value is None else str(value),
            shape=str(shape),
            component=str(term(report, node, f"{SH}sourceConstraintComponent")),
            severity=_SEVERITIES[str(term(report, node, f"{SH}resultSeverity"))],
            message=str(term(shapes, shape, f"{SH}message") or term(report, node, f"{SH}resultMessage")),
            rule=str(term(shapes, shape, f"{RDFS}label") or shape),
        )


def _path(graph: rdflib.Graph, path: Any) -> str:
    """Return a SHACL path as SPARQL writes it; the project's shapes use IRIs, inverse paths and sequences."""
    import rdflib

    if isinstance(path, rdflib.URIRef):
        return str(path)
    inverse = graph.value(path, rdflib.URIRef(f"{SH}inversePath"))
    if inverse is not None:
        return f"^<{inverse}>"
    return "/".join(f"<{step}>" for step in graph.items(path))


def _fault(result: RawResult, base: str) -> str:
    """Return what is wrong, in a few words."""
    component = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    path = None if result.path is None else _short(result.path, base)
    value = None if result.value is None else _short(result.value, base)
    match component:
        case "MinCount" | "QualifiedMinCount":
            return f"{path} is missing"
        case "MaxCount":
            return f"{path} is given more than once"
        case "Closed":
            return f"{path} stands on the entity ({value})"
        case "UniqueLang":
            return f"{path} is given twice in one language"
        case _:
            given = f"{path} is {value}" if path and value else value
            return given if given and result.value != result.focus else "not so here"


def _short(text: str, base: str) -> str:
    """Return an IRI or path with known namespaces cut short, and a long text cut off."""
    namespaces = {f"{SCHEMES}": "", **{namespace: f"{prefix}:" for prefix, namespace in SHARED_PREFIXES.items()}}
    for namespace, prefix in sorted(namespaces.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(namespace, prefix)
    text = text.replace(base, "") if base else text
    text = text.replace("<", "").replace(">", "")
    return text if len(text) <= 80 else f"{text[:77]}…"
