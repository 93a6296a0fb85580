"""The few pages around the endpoint when it serves RDF files: an overview, and things by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, current_app, jsonify, render_template, request

from kg.web import graphs
from kg.web.models import FilesPage, Link
from kg.web.site import Label, Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response

blueprint = Blueprint("files", __name__)
_SHOWN = 200  # graphs and prefixes that the overview lists
_QUESTION = ("", "SELECT ?subject ?predicate ?object WHERE {", "  ?subject ?predicate ?object .", "}", "LIMIT 20")


class PlainSite(Site):
    """Shows things by their IRIs, shortened by the files' prefixes: of their model nothing is known."""

    def path(self, iri: str) -> str | None:  # noqa: ARG002 - as in Site
        """Return None: no thing has a page here."""
        return None

    def learn(self, iris: Iterable[str]) -> None:
        """Do nothing: names come from the IRIs."""

    def label(self, iri: str) -> Label:
        """Return an IRI, shortened by the longest prefix that fits."""
        fitting = [
            (len(space), name) for name, space in self.build().prefixes.items() if space and iri.startswith(space)
        ]
        if not fitting:
            return Label(iri)
        length, name = max(fitting)
        return Label(f"{name}:{iri[length:]}")

    def opening(self) -> str:
        """Return the query that the empty editor opens with: the files' prefixes and a first question."""
        lines = [f"PREFIX {name}: <{space}>" for name, space in sorted(self.build().prefixes.items())[:_SHOWN]]
        return "\n".join((*lines, *_QUESTION)) + "\n"


def _site() -> Site:
    site: Site = current_app.extensions["ascribe"]
    return site


@blueprint.get("/")
def overview() -> str:
    """Show which files are served, how much they hold and where to ask."""
    facts = _site().build().facts
    page = FilesPage(
        address=f"{request.url_root}sparql",
        files=tuple((str(each["name"]), int(each["quads"])) for each in facts["files"]),
        total=int(facts["quads"]),
        graphs=tuple(Link(name, f"/data?{urlencode({'graph': name})}") for name in facts["graphs"][:_SHOWN]),
        cut=len(facts["graphs"]) > _SHOWN,
        prefixes=tuple(sorted(facts["prefixes"].items())[:_SHOWN]),
    )
    return render_template("files.html", page=page)


@blueprint.route("/<path:name>", methods=graphs.METHODS, provide_automatic_options=False)
def graph(name: str) -> Response:  # noqa: ARG001 - the whole address names the graph
    """Give the graph whose IRI is this address."""
    return graphs.read(request.base_url)


@blueprint.get("/health")
def health() -> Response:
    """Say whether a query is answered now, and from which content."""
    build = _site().build()
    with _site().engine.query("ASK { FILTER(NOW() = NOW()) }", timeout=5, reserved=True):  # never a kept answer
        return jsonify(status="ok", digest=build.digest)
