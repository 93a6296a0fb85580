"""Parses JSON-LD documents into quads and finds names that lead nowhere."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.findings import Finding
from kg.vocab import ASC, RDF, SCHEMES

if TYPE_CHECKING:
    from pathlib import Path

    from kg.corpus.records import Record

Locate = Callable[[str, str | None], tuple[str, int] | None]  # node IRI, value → file and line


def parse(context: dict[str, Any], records: Sequence[Record], base: str) -> list[ox.Quad]:
    """Return the quads of JSON-LD nodes under the project's context, their ids resolved against the base."""
    document = json.dumps({"@context": context, "@graph": records}, ensure_ascii=False)
    return list(ox.parse(document, format=ox.RdfFormat.JSON_LD, base_iri=base))


def parse_ontology(folder: Path) -> list[ox.Quad]:
    """Return the triples of the ontology, its alignments and its vocabularies, from the Turtle files below a folder.

    The shapes are not among them: they check the graph and are no part of it.
    """
    files = [*sorted(folder.glob("*.ttl")), *sorted((folder / "vocabularies").glob("*.ttl"))]
    return [quad for path in files for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def without_blank_nodes(ontology: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the ontology's triples with an IRI for each blank node, the same one in every build.

    OWL writes unions and lists with blank nodes, which are not published: each is named after the term it hangs on and
    the way to it, such as `genid/adopted-range-unionOf`; one that hangs on nothing, after what it says.
    """
    triples = [quad.triple for quad in ontology]
    told: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    names: dict[ox.BlankNode, str] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            told[triple.subject].append(triple)

    def name(node: ox.BlankNode, start: str) -> None:
        names[node] = start
        for triple in told[node]:
            if isinstance(triple.object, ox.BlankNode):
                name(triple.object, f"{start}-{_local(triple.predicate)}")

    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.BlankNode):
            name(triple.object, f"{_local(triple.subject)}-{_local(triple.predicate)}")
    hanging = {triple.object for triple in triples if isinstance(triple.object, ox.BlankNode)}
    for node in told.keys() - hanging:
        content = hashlib.sha256("".join(_leaves(node, told)).encode()).hexdigest()
        name(node, content[:16])

    def term(each: Any) -> Any:
        return ox.NamedNode(f"{SCHEMES}genid/{names[each]}") if isinstance(each, ox.BlankNode) else each

    return list(dict.fromkeys(ox.Quad(term(each.subject), each.predicate, term(each.object)) for each in triples))


def _leaves(node: ox.BlankNode, told: dict[ox.BlankNode, list[ox.Triple]]) -> list[str]:
    """Return what a blank node says, and those below it, in an order that does not depend on their labels."""
    found = []
    for triple in told[node]:
        below = _leaves(triple.object, told) if isinstance(triple.object, ox.BlankNode) else [str(triple.object)]
        found += [f"{triple.predicate} {each}" for each in below]
    return sorted(found)


def _local(term: ox.NamedNode) -> str:
    return re.split(r"[/#]", term.value)[-1]


def dangling(quads: Iterable[ox.Quad], ontology: Iterable[ox.Quad], base: str, locate: Locate) -> list[Finding]:
    """Return a finding for each name that is used and nowhere defined: an entity, a claim, a concept, a relation.

    Names of the dataset must be the subject of a type; names of the project's namespaces must be declared in the
    ontology or in a vocabulary.
    """
    quads = list(quads)
    type_ = ox.NamedNode(f"{RDF}type")
    declared = {_iri(quad.subject) for quad in ontology}
    defined = {_iri(quad.subject) for quad in quads if quad.predicate == type_}
    found = set()
    for quad in quads:
        for term in (quad.predicate, quad.object):
            if not isinstance(term, ox.NamedNode):
                continue
            name = term.value
            if name.startswith(base):
                if name not in defined and "#" not in name:
                    found.add((_iri(quad.subject), name, "dangling-reference"))
            elif name.startswith((ASC, SCHEMES)) and name not in declared:
                found.add((_iri(quad.subject), name, "undeclared-term"))
    return [
        _finding(*each, base, defined if each[2] == "dangling-reference" else declared, locate)
        for each in sorted(found)
    ]


def _iri(term: object) -> str:
    """Return the IRI of a named node; of another term, its text."""
    return str(term).strip("<>")


def _finding(subject: str, name: str, rule: str, base: str, known: set[str], locate: Locate) -> Finding:
    short = _short(name, base)
    family = name[: len(name) - len(name.split("/")[-1].split("#")[-1])]
    near = _nearest(name, tuple(sorted(each for each in known if each.startswith(family))))
    hint = f"Did you mean {_short(near[0], base)}? Else define" if near else "Define"
    where = "in data/" if rule == "dangling-reference" else "in ontology/"
    file, line = locate(subject, name) or (None, None)
    message = f"{short} is used here but defined nowhere"
    return Finding(rule, "violation", message, f"{hint} {short} {where}.", _short(subject, base), file, line)


@cache
def _nearest(name: str, known: tuple[str, ...]) -> list[str]:
    """Return the known name most like this one, if any is like it; asked once a name, however often it is misspelt."""
    return difflib.get_close_matches(name, known, 1)


def _short(name: str, base: str) -> str:
    for start in (base, ASC, SCHEMES):
        if name.startswith(start):
            return name[len(start) :]
    return name
