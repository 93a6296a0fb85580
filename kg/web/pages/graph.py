"""The graph page: the network of the claims, walked from any thing on, as a drawing and as lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from kg.network import PROJECTIONS, walking
from kg.network.asking import FORMATS, MEDIA
from kg.network.asking import given as files
from kg.store.networks import MEASURES, Networks
from kg.vocab import ASC
from kg.web import menus, wandering
from kg.web.citing import tools
from kg.web.dates import between
from kg.web.menus import Menu, Option, menu
from kg.web.models import Link, Tools
from kg.web.negotiated import site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.network.walking import Around, State, View
    from kg.store.networks import Claim, Edge, Node, Thing
    from kg.web.site import Site
    from kg.web.wandering import Given

blueprint = Blueprint("graph", __name__)
_CLAIMS = 60  # of one edge that are shown
_OFFERS = 8  # things that fit what was searched for
_IDS = 3  # claims that a row of the table names
MEASURE_NAMES = {"degree": "neighbours", "claims": "claims", "betweenness": "betweenness"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Offers the neighbours of one kind: how many there are, how many are shown, and the view that shows more."""

    name: str
    there: int
    shown: int
    href: str


@dataclass(frozen=True, slots=True)
class NodeRow:
    """Shows a thing of the view: its page, its numbers, how many neighbours are shown, and the view that selects it."""

    key: str
    link: Link
    kind: str
    degree: int
    claims: int
    betweenness: float
    shown: int
    there: int
    select: str


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """Shows an edge of the view: from where by what relation to where, on how many claims, and some of them."""

    name: str
    source: Link
    relation: str
    target: Link
    status: str
    weight: int
    claims: tuple[Link, ...]
    select: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Shows a claim of an edge with its speakers, how it is put, and of when it tells."""

    link: Link
    speakers: tuple[Link, ...]
    modality: str
    dates: str


@dataclass(frozen=True, slots=True)
class NodePanel:
    """Shows the selected thing, and what may be done from it."""

    row: NodeRow
    waiting: tuple[Waiting, ...]
    every: str
    start: str
    hide: str
    way: str


@dataclass(frozen=True, slots=True)
class EdgePanel:
    """Shows the claims of the selected edge."""

    row: EdgeRow
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Shows one step of a path: the edge with one of its claims."""

    row: EdgeRow
    claim: ClaimRow


@dataclass(frozen=True, slots=True)
class GraphPage:
    """Shows a view of a network with its controls, its lists, and what is selected."""

    given: Given
    networks: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]
    menus: tuple[Menu, ...]
    title: str
    kept: tuple[tuple[str, str], ...]  # parameters that the form hands on
    starts: tuple[Link, ...]
    offers: tuple[Link, ...]
    nodes: tuple[NodeRow, ...]
    edges: tuple[EdgeRow, ...]
    total: int
    links: int
    inferred: int
    counted: str  # address of the query for the edges
    measured: str  # address of the query for the things
    alone: tuple[Link, ...]
    hidden: int
    node: NodePanel | None
    edge: EdgePanel | None
    path: tuple[Step, ...]
    ends: tuple[Link, Link] | None
    begun: tuple[str, Link] | None  # where a path is to begin whose end is not named yet: its key, and its page
    data: dict[str, Any]
    files: tuple[Link, ...]
    tools: Tools


@blueprint.get("/graph")
def graph() -> BaseResponse:
    """Show the view that the address says; what is searched for and is one thing leads to the view from it."""
    asked = wandering.given(request.args.to_dict(flat=False))
    with Networks(site().build().search) as read:
        offers: list[Thing] = []
        if words := asked.one("find"):
            offers = read.find(words, _OFFERS)
            found = wandering.best(offers, words)
            if found and (len(offers) == 1 or found.label.casefold() == words.casefold()):
                return redirect(asked.href(find=None, start=found.key, node=found.key, edge=None), code=303)
        state = wandering.state(read, asked)
        view = walking.look(read, state)
        page = _Reader(site(), read, asked, state, view).page(offers)
    return Response(render_template("graph.html", page=page))


@blueprint.get("/graph.<any(json,graphml,gexf,csv):form>")
def given_as(form: str) -> BaseResponse:
    """Give the view that the address says as data, or (JSON, `find`) the things of a name."""
    asked = wandering.given(request.args.to_dict(flat=False))
    with Networks(site().build().search) as read:
        if form == "json" and (words := asked.one("find")):
            things = [{"id": each.key, "label": each.label, "kind": each.kind} for each in read.find(words, _OFFERS)]
            return jsonify(things=things)
        state = wandering.state(read, asked)
        view = walking.look(read, state)
        if form == "json":
            return jsonify(_Reader(site(), read, asked, state, view).data())
        content = files(read, state.network, view.nodes, view.edges, form)
    response = Response(content, content_type=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="graph.{form}"'
    return response


class _Reader:
    """Words one view as a page and as data."""

    def __init__(self, shared: Site, read: Networks, asked: Given, state: State, view: View) -> None:
        self.site, self.read, self.asked, self.state, self.view = shared, read, asked, state, view
        self.base = shared.build().base
        keys = [node.key for node in view.nodes]
        keys += [key for edge in view.edges for key in (edge.source, edge.target)]
        keys += [*state.starts, *(state.path or ()), *(key for step in view.way for key in (step[0], step[2]))]
        self.things = read.things(keys)
        shared.learn({edge.relation for edge in view.edges if edge.relation})

    def page(self, offers: Sequence[Thing]) -> GraphPage:
        """Return the page of the view."""
        asked, view, state = self.asked, self.view, self.state
        nodes = tuple(self._node(node) for node in view.nodes)
        shown = self.read.claims(number for edge in view.edges for number in edge.claims[:_IDS])
        edges = tuple(self._edge(edge, shown) for edge in view.edges)
        ends = (self._link(state.path[0]), self._link(state.path[1])) if state.path else None
        return GraphPage(
            given=asked,
            networks=tuple((each.name, each.title) for each in PROJECTIONS.values()),
            measures=tuple(MEASURE_NAMES.items()),
            menus=self._menus(),
            title=self._title(),
            kept=tuple((name, each) for name in ("start", "expand", "hide") for each in asked.all(name)),
            starts=tuple(self._link(key) for key in state.starts),
            offers=tuple(
                Link(each.label, asked.href(find=None, start=each.key, node=each.key), each.kind) for each in offers
            ),
            nodes=nodes,
            edges=edges,
            total=view.total,
            links=view.links,
            inferred=view.inferred,
            counted=self._query(),
            measured=self.site.editor("network", f"{self.base}network/{self.state.network}"),
            alone=tuple(self._link(key) for key in view.missing),
            hidden=len(state.hidden),
            node=self._node_panel(nodes),
            edge=self._edge_panel(),
            path=tuple(self._step(edge) for _, edge, _ in view.way),
            ends=ends,
            begun=self._begun(),
            data=self.data(),
            files=tuple(Link(form, asked.href(f"/graph.{form}", node=None, edge=None)) for form in FORMATS[:4]),
            tools=self._tools(),
        )

    def data(self) -> dict[str, Any]:
        """Return the view for a drawing, or for another program."""
        most = max((_measure(node, self.state.by) for node in self.view.nodes), default=0) or 1
        way = {wandering.name_of(edge) for _, edge, _ in self.view.way}
        return {
            "network": self.state.network,
            "directed": PROJECTIONS[self.state.network].directed,
            "measure": self.state.by,
            "shown": len(self.view.nodes),
            "total": self.view.total,
            "links": {"shown": len(self.view.edges), "total": self.view.links},
            "nodes": [
                {
                    "id": node.key,
                    "label": self._label(node.key),
                    "kind": node.key.split("/", 1)[0],
                    "page": f"/{node.key}",
                    "degree": node.degree,
                    "claims": node.claims,
                    "betweenness": node.betweenness,
                    "community": node.community,
                    "size": round(_measure(node, self.state.by) / most, 4),
                    "waiting": self.view.around[node.key].total - sum(self.view.around[node.key].shown.values()),
                    "start": node.key in self.state.starts or node.key in (self.state.path or ()),
                }
                for node in self.view.nodes
            ],
            "edges": [
                {
                    "id": wandering.name_of(edge),
                    "source": edge.source,
                    "target": edge.target,
                    "relation": edge.relation,
                    "label": self._relation(edge),
                    "status": edge.status,
                    "claims": edge.weight,
                    "path": wandering.name_of(edge) in way,
                }
                for edge in self.view.edges
            ],
        }

    def _label(self, key: str) -> str:
        return self.things[key].label if key in self.things else key

    def _link(self, key: str, note: str = "") -> Link:
        thing = self.things.get(key)
        language = thing.language if thing and thing.language != "en" else ""
        return Link(self._label(key), self.site.path(f"{self.base}{key}"), note, language)

    def _relation(self, edge: Edge) -> str:
        if edge.relation:
            return self.site.label(edge.relation).text
        return {"co-occurrence": "named with", "speakers": "speaks of", "outlets": "rests on"}.get(
            self.state.network, ""
        )

    def _node(self, node: Node) -> NodeRow:
        around: Around = self.view.around[node.key]
        return NodeRow(
            node.key,
            self._link(node.key),
            node.key.split("/", 1)[0],
            node.degree,
            node.claims,
            node.betweenness,
            sum(around.shown.values()),
            around.total,
            self.asked.href(node=node.key, edge=None),
        )

    def _edge(self, edge: Edge, claims: Mapping[int, Claim]) -> EdgeRow:
        some = tuple(
            Link(claims[n].key.rsplit("/", 1)[-1], f"/{claims[n].key}") for n in edge.claims[:_IDS] if n in claims
        )
        name = wandering.name_of(edge)
        return EdgeRow(
            name,
            self._link(edge.source),
            self._relation(edge),
            self._link(edge.target),
            edge.status,
            edge.weight,
            some,
            self.asked.href(edge=name, node=None),
        )

    def _node_panel(self, rows: Iterable[NodeRow]) -> NodePanel | None:
        key = self.asked.one("node")
        row = next((each for each in rows if each.key == key), None)
        if row is None:
            return None
        around = self.view.around[key]
        waiting = tuple(
            Waiting(
                _plural(kind, there),
                there,
                around.shown.get(kind, 0),
                self.asked.more("expand", f"{key}:{kind}"),
            )
            for kind, there in sorted(around.there.items(), key=lambda item: (-item[1], item[0]))
        )
        return NodePanel(
            row,
            waiting,
            self.asked.more("expand", key),
            self.asked.href(start=key, expand=None, hide=None, from_=None, to=None, edge=None),
            self.asked.href(hide=(*self.asked.all("hide"), key), node=None),
            self.asked.href(from_=key, node=None, edge=None),
        )

    def _edge_panel(self) -> EdgePanel | None:
        edge = wandering.named(self.view.edges, self.asked.one("edge"))
        if edge is None:
            return None
        claims = self.read.claims(edge.claims[:_CLAIMS])
        return EdgePanel(self._edge(edge, claims), self._claims(claims.values()))

    def _begun(self) -> tuple[str, Link] | None:
        key = "" if self.state.path else wandering.end(self.read, self.asked.one("from"))
        if not key:
            return None
        self.things |= self.read.things([key])
        return key, self._link(key)

    def _step(self, edge: Edge) -> Step:
        claims = self.read.claims(edge.claims[:1])
        return Step(self._edge(edge, claims), self._claims(claims.values())[0])

    def _claims(self, claims: Iterable[Claim]) -> tuple[ClaimRow, ...]:
        claims = sorted(claims, key=lambda each: each.number)
        named = self.read.things(speaker for claim in claims for speaker in claim.speakers)
        return tuple(
            ClaimRow(
                Link(claim.text, f"/{claim.key}", claim.key.rsplit("/", 1)[-1]),
                tuple(Link(named[each].label if each in named else each, f"/{each}") for each in claim.speakers),
                claim.modality,
                between(claim.first, claim.last),
            )
            for claim in claims
        )

    def _menus(self) -> tuple[Menu, ...]:
        found = []
        relations = self.read.relations(self.state.network)
        if relations:
            self.site.learn(relation for relation, _ in relations)
            chosen = self.asked.all("relation")
            options = [
                Option(each.removeprefix(ASC), self.site.label(each).text, count, each.removeprefix(ASC) in chosen)
                for each, count in relations
            ]
            found.append(menu("relation", "Relation", options))
        speakers = self.read.speakers()
        things = self.read.things(key for key, _ in speakers)
        chosen = self.asked.all("speaker")
        options = [Option(key, things[key].label, count, key in chosen) for key, count in speakers if key in things]
        return (*found, menu("speaker", "Speaker", options))

    def _title(self) -> str:
        if self.state.path:
            return f"From {self._label(self.state.path[0])} to {self._label(self.state.path[1])}"
        if self.state.starts:
            return ", ".join(self._label(key) for key in self.state.starts)
        return "The whole network"

    def _query(self) -> str:
        """Return the address of the query whose rows are the edges shown, those left out that were inferred."""
        name, wanted = self.state.network, self.state.wanted
        shown = " ".join(f"<{node.key}>" for node in self.view.nodes)
        conditions = [f"VALUES ?source {{ {shown} }}", f"VALUES ?target {{ {shown} }}"]
        if wanted.relations:
            conditions.append(f"VALUES ?relation {{ {' '.join(f'<{each}>' for each in sorted(wanted.relations))} }}")
        if wanted.speakers:
            conditions.append(f"VALUES ?speaker {{ {' '.join(f'<{key}>' for key in wanted.speakers)} }}")
            conditions.append("?claim asc:claimant ?speaker .")
        since, until = wanted.since, wanted.until
        if since is not None or until is not None:
            conditions += ["OPTIONAL { ?claim asc:earliest ?from }", "OPTIONAL { ?claim asc:latest ?to }"]
            conditions += [f"FILTER(YEAR(COALESCE(?to, ?from)) >= {since})"] if since is not None else []
            conditions += [f"FILTER(YEAR(COALESCE(?from, ?to)) <= {until})"] if until is not None else []
        text = menus.query(self.site, f"edges-{'relations' if name == 'actors' else name}", conditions)
        return menus.editor(f"BASE <{self.base}>\n{text}")

    def _tools(self) -> Tools:
        asked = self.asked
        data = [
            Link(name, asked.href(f"/graph.{form}", node=None, edge=None))
            for name, form in (("JSON", "json"), ("CSV", "csv"), ("GraphML", "graphml"), ("GEXF", "gexf"))
        ]
        data.append(Link("the networks' numbers as Turtle", "/graph/network"))
        address = f"{self.base}{asked.href(find=None)[1:]}"
        title = f"{PROJECTIONS[self.state.network].title}: {self._title()}"
        return tools(self.site, data, self._query(), address, title, f"{title}.")


def _measure(node: Node, by: str) -> float:
    return float(getattr(node, by)) if by in MEASURES else 0.0


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"
