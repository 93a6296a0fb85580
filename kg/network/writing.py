"""Gives networks as files for other tools: GraphML and GEXF (Gephi), CSV, JSON; the same bytes from the same build.

Each edge carries its weight, the ids of its claims, and, each once and in order, their speakers, modalities and dates;
several values stand in one text, joined by `|`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from kg.vocab import ASC

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.store.networks import Claim, Edge, Node, Thing

FORMATS = ("graphml", "gexf", "csv", "json")
EDGE_COLUMNS = (
    "source", "source_label", "target", "target_label", "relation", "status", "weight", "claims", "speakers",
    "modalities", "first", "last",
)  # fmt: skip
_DATED = re.compile(r' lastmodifieddate="[^"]*"')


def write(
    key: str,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    things: Mapping[str, Thing],
    claims: Mapping[int, Claim],
    *,
    directed: bool,
) -> bytes:
    """Return a network in one of FORMATS; `things` names its nodes, `claims` tells of the claims of its edges."""
    rows = [_edge(edge, things, claims) for edge in edges]
    if key == "csv":
        out = io.StringIO(newline="")
        table = csv.DictWriter(out, EDGE_COLUMNS, lineterminator="\r\n")
        table.writeheader()
        table.writerows(rows)
        return out.getvalue().encode()
    told = [_node(node, things) for node in nodes]
    if key == "json":
        document = {"directed": directed, "nodes": told, "edges": rows}
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    graph = _graph(told, rows, directed)
    text = "\n".join(nx.generate_graphml(graph, named_key_ids=True)) if key == "graphml" else _gexf(graph)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


def _gexf(graph: Any) -> str:
    """Return a network as GEXF; an edge's label and kind say its relation.

    Gephi adds up edges between the same two things unless they are of different kinds, which it reads from GEXF alone.
    """
    for *_, told in graph.edges(data=True):
        if told["relation"]:
            told["label"] = told["relation"] + ("" if told["status"] == "stated" else f" ({told['status']})")
    writer: Any = GEXFWriter()
    writer.add_graph(graph)
    for edge in writer.xml.iter("edge"):
        if label := edge.get("label"):
            edge.set("kind", label)
    return _DATED.sub("", str(writer), count=1)  # the day of writing is no part of the network


def _graph(nodes: Iterable[dict[str, Any]], edges: Iterable[dict[str, Any]], directed: bool) -> Any:
    graph: Any = nx.MultiDiGraph() if directed else nx.MultiGraph()
    for node in nodes:
        graph.add_node(node["id"], **{name: value for name, value in node.items() if name != "id"})
    for number, edge in enumerate(edges):
        told = {name: value for name, value in edge.items() if name not in ("source", "target")}
        graph.add_edge(edge["source"], edge["target"], key=number, **told)
    return graph


def _node(node: Node, things: Mapping[str, Thing]) -> dict[str, Any]:
    thing = things.get(node.key)
    return {
        "id": node.key,
        "label": thing.label if thing else node.key,
        "kind": thing.kind if thing else node.key.split("/", 1)[0],
        "degree": node.degree,
        "in_degree": node.inward,
        "out_degree": node.outward,
        "claim_degree": node.claims,
        "betweenness": node.betweenness,
        "community": node.community,
    }


def _edge(edge: Edge, things: Mapping[str, Thing], claims: Mapping[int, Claim]) -> dict[str, Any]:
    told = [claims[number] for number in edge.claims]
    first = [claim.first for claim in told if claim.first]
    last = [claim.last for claim in told if claim.last]

    def named(key: str) -> str:
        return things[key].label if key in things else key

    return {
        "source": edge.source,
        "source_label": named(edge.source),
        "target": edge.target,
        "target_label": named(edge.target),
        "relation": edge.relation.removeprefix(ASC),
        "status": edge.status,
        "weight": edge.weight,
        "claims": "|".join(claim.key.removeprefix("claim/") for claim in told),
        "speakers": "|".join(sorted({speaker for claim in told for speaker in claim.speakers})),
        "modalities": "|".join(sorted({claim.modality for claim in told if claim.modality})),
        "first": min(first, default=""),
        "last": max(last, default=""),
    }
