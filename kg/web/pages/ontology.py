"""The ontology's documentation, and its data under the path of its own IRI: whole, by version, by term."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request

from kg import protocol
from kg.errors import NotFoundError
from kg.export.ontology import making, pages
from kg.formats import Format, by_suffix
from kg.store.choice import NAMES
from kg.vocab import ASC, KINDS, SCHEMES, anchor
from kg.web import menus
from kg.web.citing import tools
from kg.web.models import Link, Tools
from kg.web.negotiated import site
from kg.web.queries import checked, prologue

if TYPE_CHECKING:
    from pathlib import Path

    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from kg.store.engine import Build
    from kg.web.site import Site

blueprint = Blueprint("ontology", __name__, static_folder=pages.STATIC, static_url_path="/ontology/static")
_SHAPES = "shape"
_COUNTS = {  # part of the documentation → the query whose rows are the uses of a term
    "classes": "SELECT DISTINCT ?thing WHERE { ?thing a/rdfs:subClassOf* %s }",
    "relations": "SELECT ?claim ?subject ?object WHERE {\n  ?claim asc:states ?statement .\n"
    "  ?statement rdf:predicate %s ; rdf:subject ?subject ; rdf:object ?object\n}",
    "properties": "SELECT ?thing ?value WHERE {\n  ?thing %s ?value\n"
    "  FILTER NOT EXISTS { GRAPH <graph/inferred> { ?thing %s ?value } }\n}",
    "concepts": "SELECT ?thing ?property WHERE {\n  ?thing ?property %s\n"
    "  FILTER NOT EXISTS { GRAPH <graph/ontology> { ?thing ?property %s } }\n"
    "  FILTER NOT EXISTS { GRAPH <graph/inferred> { ?thing ?property %s } }\n}",
}
_FOLLOWING = (  # class or property → the query whose rows are what was inferred or computed of it
    "SELECT ?graph ?thing ?value WHERE {\n  GRAPH ?graph { ?thing %s }\n"
    "  FILTER(STRSTARTS(STR(?graph), STR(<graph/>)) && ?graph != <graph/ontology>)\n}"
)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)+")


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """Shows all terms of the ontology, the vocabularies and the rules."""

    title: str
    version: str
    address: str  # of the ontology, and of this version of it
    version_address: str
    earlier: tuple[Link, ...]  # versions
    terms: Markup
    tools: Tools


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Leads to the data of an earlier version of the ontology."""

    title: str
    version: str
    current: Link
    tools: Tools


@blueprint.get("/ontology")
@blueprint.get("/ns", strict_slashes=False)
@blueprint.get("/ns.<suffix>")
def ontology(suffix: str = "") -> BaseResponse:
    """Show the documentation, or give the ontology in a format of graphs, as suffix or Accept header say."""
    return _whole(site(), _named(suffix, "/ns"), "/ns")


@blueprint.get("/ns/<path:name>")
def term(name: str) -> BaseResponse:
    """Give a version of the ontology, a vocabulary, a concept or a term: its data, or its place on the page."""
    shown = site()
    stem, dot, suffix = name.rpartition(".")
    form = by_suffix(suffix) if dot else None
    if form is not None and form in protocol.GRAPH_FORMATS:
        name = stem
    else:
        form = None
    document = _document(*_made(shown))
    if name == document["version"]:
        return _whole(shown, form, f"/ns/{name}")
    if _VERSION.fullmatch(name):
        return _earlier(shown, name, form)
    if name == _SHAPES and form is not None:
        return _rules(shown, form)
    return _part(shown, name, form, document)


def ontology_page(site: Site) -> OntologyPage:
    """Return the documentation of the build that is served."""
    folder, digest = _made(site)
    document = _document(folder, digest)
    data = (
        *(Link(each.label, f"/ns.{each.suffix}") for each in protocol.GRAPH_FORMATS),
        Link("SHACL", "/ns/shape.ttl"),
    )
    title = document["title"] or "Ontology"
    address = document["version_iri"] or ASC
    made = tools(site, data, site.editor("ontology"), address, title, f"{title}, version {document['version']}.")
    terms = _terms(folder, digest, site.build().base)
    earlier = tuple(Link(each, f"/ns/{each}") for each in versions(site)[1:])
    return OntologyPage(title, document["version"], document["iri"], document["version_iri"], earlier, terms, made)


def versions(site: Site) -> list[str]:
    """Return the version of the ontology that is served, then the earlier ones that are kept, the newest first."""
    folder, digest = _made(site)
    kept = (path.stem.removeprefix(making.named("")) for path in folder.glob(f"{making.named('*')}.ttl"))
    earlier = sorted(kept, key=lambda each: [int(part) for part in each.split(".")], reverse=True)
    return [_document(folder, digest)["version"], *earlier]


def _named(suffix: str, path: str) -> Format | None:
    form = by_suffix(suffix) if suffix else None
    if suffix and form not in protocol.GRAPH_FORMATS:
        raise NotFoundError(f"Nothing stands at {path}.{suffix}.")
    return form


def _made(site: Site) -> tuple[Path, str]:
    """Return the folder of the documentation and the digest of its build; raises NotFoundError where there is none."""
    build: Build = site.build()
    folder = build.path / "release" / making.FOLDER
    if not (folder / making.DOCUMENT).is_file():
        raise NotFoundError("This build has no documentation of the ontology. Make a new one: kg build")
    return folder, build.digest


@lru_cache(maxsize=2)
def _document(folder: Path, _digest: str) -> dict[str, Any]:
    """Return the documentation as it was written; the digest tells one build's from the next one's."""
    return dict(json.loads((folder / making.DOCUMENT).read_text(encoding="utf-8")))


@lru_cache(maxsize=2)
def _terms(folder: Path, digest: str, base: str) -> Markup:
    """Return the documentation as the inside of a page, which takes a while to write and is the same for a build."""

    def thing(iri: str) -> str | None:
        local = iri.removeprefix(base).partition("#")[0]
        return f"/{quote(local)}" if iri.startswith(base) and local.split("/", 1)[0] in KINDS else None

    def claims(iri: str) -> str | None:
        scheme, _, name = iri.removeprefix(SCHEMES).partition("/")
        if iri.startswith(SCHEMES) and scheme in NAMES:
            return f"/claims?{scheme}={quote(name)}"
        if iri == f"{ASC}Claim":
            return "/claims"
        if iri in kinds:
            return f"/claims?kind={quote(iri.removeprefix(ASC))}"
        asked = next((text for name, text in _COUNTS.items() if iri in own[name]), None)
        if asked is None:
            return None
        return editor(asked.replace("%s", in_query(iri)))

    def following(iri: str) -> str:
        said = f"a {in_query(iri)}" if iri in own["classes"] else f"{in_query(iri)} ?value"
        return editor(_FOLLOWING.replace("%s", said))

    def in_query(iri: str) -> str:
        return f"asc:{iri.removeprefix(ASC)}" if iri.startswith(ASC) else f"<{iri}>"

    def editor(asked: str) -> str:
        return menus.editor(prologue(asked, base) + asked)

    document = _document(folder, digest)
    own = {name: {each["iri"] for each in document[name]} for name in ("classes", "relations", "properties")}
    own["concepts"] = {each["iri"] for scheme in document["vocabularies"] for each in scheme["concepts"]}
    kinds = {
        each["iri"]
        for each in document["classes"]
        for fact in each["facts"]
        if fact["name"] == "Kind of" and any(ref["iri"] == f"{ASC}Claim" for ref in fact["values"])
    }
    return pages.fragment(document, thing, claims, following)


def _whole(shown: Site, form: Format | None, path: str) -> BaseResponse:
    """Return the page, or the whole ontology with its alignments in a format."""
    folder, digest = _made(shown)
    form = form or _wanted("The ontology")
    if form is None:
        response = Response(render_template("ontology.html", page=ontology_page(shown)))
    else:
        content = (folder / f"{making.STEM}.{form.suffix}").read_bytes()
        response = Response(content, content_type=_type(form))
    version = _document(folder, digest)["version"]
    links = [*_alternates(path), f'</ns/{version}>; rel="latest-version"', f'<{ASC[:-1]}>; rel="canonical"']
    response.headers["Link"] = ", ".join(links)
    response.headers["Vary"] = "Accept"
    return response


def _earlier(shown: Site, version: str, form: Format | None) -> BaseResponse:
    """Return the page of an earlier version, or what was released of it in a format."""
    current, *kept = versions(shown)
    if version not in kept:
        there = ", ".join([current, *kept])
        raise NotFoundError(f"The ontology has no version {version} here. What is here: {there}.")
    folder, digest = _made(shown)
    document = _document(folder, digest)
    path, title, iri = f"/ns/{version}", document["title"] or "Ontology", f"{SCHEMES}{version}"
    form = form or _wanted("The ontology")
    if form is None:
        data = tuple(Link(each.label, f"{path}.{each.suffix}") for each in protocol.GRAPH_FORMATS)
        made = tools(shown, data, "", iri, title, f"{title}, version {version}.")
        page = VersionPage(title, version, Link(f"version {current}", "/ontology"), made)
        response = Response(render_template("ontology_version.html", page=page))
    else:
        response = Response((folder / f"{making.named(version)}.{form.suffix}").read_bytes(), content_type=_type(form))
    links = [*_alternates(path), f'</ns/{current}>; rel="latest-version"', f'<{iri}>; rel="canonical"']
    response.headers["Link"] = ", ".join(links)
    response.headers["Vary"] = "Accept"
    return response


def _part(shown: Site, name: str, form: Format | None, document: dict[str, Any]) -> BaseResponse:
    """Lead to a term's place on the page, or return its data."""
    try:
        iris = (checked(f"{SCHEMES}{name}"), checked(f"{ASC}{name}"))
    except ValueError:
        raise NotFoundError(f"Nothing stands at /ns/{name}.") from None
    form = form or _wanted("A term")
    if form is None:
        at = _places(*_made(shown))
        found = next((anchor(iri) for iri in iris if anchor(iri) in at), "rules" if name == _SHAPES else None)
        if found is None:
            raise NotFoundError(
                f"The ontology has no term “{name}”. Its terms are at /ontology; its version is {document['version']}."
            )
        response: BaseResponse = redirect(f"/ontology#{quote(found)}", code=303)
    elif name.split("/")[0] == _SHAPES:
        response = redirect("/ns/shape.ttl", code=303)
    else:
        response = Response(_data(shown, iris, name, form), content_type=_type(form))
    response.headers["Link"] = ", ".join((*_alternates(f"/ns/{quote(name)}"), '</ns>; rel="collection"'))
    response.headers["Vary"] = "Accept"
    return response


def _data(shown: Site, iris: tuple[str, ...], name: str, form: Format) -> bytes:
    """Return what the ontology says of the first of some terms of which it says anything."""
    for iri in iris:
        with shown.graph("term", iri, "ntriples") as probe:
            if probe.size == 0:
                continue
        with shown.graph("term", iri, form.key) as answer:
            return answer.read()
    raise NotFoundError(f"The ontology has no term “{name}”. Its terms are at /ontology.")


def _rules(shown: Site, form: Format) -> BaseResponse:
    if form.key != "turtle":
        raise NotFoundError("The rules are given as Turtle: /ns/shape.ttl")
    return Response((_made(shown)[0] / "shapes.ttl").read_bytes(), content_type=_type(form))


@lru_cache(maxsize=2)
def _places(folder: Path, digest: str) -> frozenset[str]:
    """Return the names of all places on the page."""
    document = _document(folder, digest)
    found = {each["anchor"] for name in ("classes", "relations", "properties") for each in document[name]}
    for scheme in document["vocabularies"]:
        found |= {scheme["anchor"], *(each["anchor"] for each in scheme["concepts"])}
    for rules in document["shapes"]:
        found |= {rules["anchor"], *(each["anchor"] for each in rules["rules"])}
    return frozenset(found)


def _wanted(what: str) -> Format | None:
    """Return the format that the client likes, None for the page; raises NotAcceptableError."""
    accept = request.headers.get("Accept")
    if protocol.prefers_html(accept, protocol.GRAPH_FORMATS, default=True):
        return None
    form = protocol.negotiate(accept, protocol.GRAPH_FORMATS)
    if form is None:
        kinds = ", ".join(each.media_type for each in protocol.GRAPH_FORMATS)
        raise protocol.NotAcceptableError(f"{what} is given as text/html, {kinds}; the request takes none.")
    return form


def _alternates(path: str) -> tuple[str, ...]:
    return tuple(
        f'<{path}.{each.suffix}>; rel="alternate"; type="{each.media_type}"' for each in protocol.GRAPH_FORMATS
    )


def _type(form: Format) -> str:
    return form.media_type + ("; charset=utf-8" if form.media_type.startswith("text/") else "")
