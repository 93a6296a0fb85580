"""The graph as tables, for people without RDF: claims and those withdrawn, statements, figures, entities and others."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export.columns import (
    Column,
    View,
    figures,
    identified,
    identifiers,
    joined,
    labelled,
    linked,
    local,
    names,
    page_of,
    plain,
    ranges,
    ranges_of_claim,
    statements,
    told,
    types,
)
from kg.export.parts import ENTITIES
from kg.export.publication import natural
from kg.vocab import ASC, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.export.publication import Publication


@dataclass(frozen=True, slots=True)
class Table:
    """Describes one table: its name, what a row is, which nodes have rows, and its columns."""

    name: str
    about: str
    nodes: Callable[[View], Iterable[str]]
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ("id",)
    foreign: tuple[tuple[str, str], ...] = ()  # a column, and the table whose id it is


def _all(name: str) -> Callable[[View], list[str]]:
    return lambda view: view.nodes.of_type(name)


def _entities(view: View) -> list[str]:
    kinds = {f"{view.nodes.base}{kind}" for kind in (*ENTITIES, "source")}
    rows = (node for node in view.nodes if "#" not in node and node[: node.find("/", len(view.nodes.base))] in kinds)
    return sorted(rows, key=natural)


def _ranges(view: View) -> list[str]:
    """Return the ranges of all passages, in the order of the text."""
    passages = view.nodes.of_type("Passage")
    return [node for passage in passages for _, _, node in ranges(view, passage)]


def _claims_at(view: View, node: str) -> str:
    found = (view.nodes.name(each) for each in view.follow(node, "^asc:range/^asc:passage"))
    return joined(local(each) for each in found if each.startswith("claim/"))


def _page_at(view: View, node: str) -> str:
    return next((page_of(view, passage) for passage in view.follow(node, "^asc:range")), "")


_WHEN = (
    plain("when", "asc:when", "When, as an EDTF date."),
    plain("earliest", "asc:earliest", "The first day that the date can mean.", datatype="date"),
    plain("latest", "asc:latest", "The last day that the date can mean.", datatype="date"),
)


def _of_claim(step: str) -> tuple[Column, ...]:
    """Return the columns that repeat, for a statement or a figure, what its claim says of it."""
    return (
        told("claim", step, "The id of the claim that it belongs to."),
        told("source", f"{step}/asc:inSource", "The id of the source."),
        told("section", f"{step}/asc:inSection", "The id of the section."),
        plain("page", f"{step}/asc:passage/asc:page", "The printed page.", datatype="integer"),
        linked("claimant", f"{step}/asc:claimant", "Who says so.", many=True),
        labelled("claimantLabel", f"{step}/asc:claimant", "The claimant's name.", many=True),
        linked("reportedBy", f"{step}/asc:reportedBy", "Through whom the source has the claimant's words.", many=True),
        told("attribution", f"{step}/asc:attribution", "How the source names the one who says so."),
        told("modality", f"{step}/asc:modality", "How surely the speaker says it."),
    )


CLAIMS = Table(
    "claims",
    "One row a claim: who says what, about whom, when, how surely, and where it stands.",
    _all("Claim"),
    (
        *identified("claim"),
        told("source", "asc:inSource", "The id of the source that holds the claim."),
        told("section", "asc:inSection", "The id of the section that holds the claim."),
        plain("page", "asc:passage/asc:page", "The printed page on which its passage begins.", datatype="integer"),
        Column(
            "ranges",
            "Where its passage stands in the pinned text: code points, start-end.",
            ranges_of_claim,
            separator=";",
        ),
        Column("types", "The kinds of claim that it is.", types, separator="|", property="rdf:type"),
        plain("text", "asc:text", "What is claimed, in the curator's words."),
        linked("claimant", "asc:claimant", "Who says so.", many=True),
        told("attribution", "asc:attribution", "How the source names the one who says so."),
        told("modality", "asc:modality", "How surely the speaker says it: the speaker's hedge."),
        told("polarity", "asc:states/asc:polarity", "Whether its statements are affirmed or denied.", many=True),
        linked("about", "asc:about", "The entities that it is about.", many=True),
        Column(
            "statements",
            "What it states: subject, relation and object.",
            statements,
            separator="|",
            property="asc:states",
        ),
        Column("figures", "Its figures, as a list of JSON objects.", figures, "json", property="asc:figure"),
        told("references", "asc:cites/asc:number", "The numbers of the footnotes that it rests on.", many=True),
        plain("when", "asc:when", "When that happened which is claimed, as an EDTF date."),
        linked("where", "asc:where", "Where that happened which is claimed.", many=True),
        told("framing", "asc:framing", "Loaded terms that the passage uses.", many=True),
        told("confidence", "asc:confidence", "How sure the curator is of having read rightly."),
        told("flags", "asc:flag", "What the curator noticed about the passage.", many=True),
    ),
)

DETAILS = Table(
    "details",
    "One row a claim: names for the ids of `claims.csv`, and what else is said of a claim.",
    _all("Claim"),
    (
        *identified("claim"),
        plain("sectionTitle", "asc:inSection/dcterms:title", "The title of the section."),
        labelled("claimantLabel", "asc:claimant", "The name of the one who says so.", many=True),
        linked("reportedBy", "asc:reportedBy", "Through whom the source has the claimant's words.", many=True),
        labelled("reportedByLabel", "asc:reportedBy", "The name of the one who reports it.", many=True),
        plain("condition", "asc:condition", "Under which condition it is put, in the curator's words."),
        labelled("aboutLabels", "asc:about", "The names of the entities that it is about.", many=True),
        linked("topics", "asc:topic", "Its topics.", many=True),
        labelled("topicLabels", "asc:topic", "The names of its topics.", many=True),
        labelled("whereLabels", "asc:where", "The names of the places.", many=True),
        *_WHEN[1:],
        *(
            told(name, f"asc:{name}", f"The claims that it {name}.", many=True)
            for name in ("supports", "contradicts", "qualifies", "repeats", "exemplifies")
        ),
        plain("note", "asc:note", "What the curator noted."),
    ),
    foreign=(("id", "claims"),),
)

ENTITIES_TABLE = Table(
    "entities",
    "One row an entity that claims are about or that a source names, and one a source.",
    _entities,
    (
        Column("id", "The id of the entity, with its kind.", lambda view, node: view.nodes.name(node), required=True),
        Column("iri", "The IRI of the entity.", lambda _, node: node, "anyURI", required=True),
        Column("kind", "Its kind.", lambda view, node: view.nodes.name(node).split("/", 1)[0], required=True),
        Column("types", "Its classes.", types, separator="|", property="rdf:type"),
        Column("label", "Its name in English, or in the language that it has one in.", names(f"{SKOS}prefLabel")),
        Column(
            "labels",
            "Its names, one a language, each with @ and its language.",
            names(f"{SKOS}prefLabel", other=True),
            separator="|",
            property="skos:prefLabel",
        ),
        Column(
            "names",
            "Other names that it goes by.",
            names(f"{SKOS}altLabel", other=True),
            separator="|",
            property="skos:altLabel",
        ),
        plain("description", "dcterms:description", "What it is."),
        Column(
            "identifiers",
            "Its identifiers elsewhere, each as scheme:value.",
            identifiers,
            separator="|",
            property="asc:identifier",
        ),
        linked("country", "asc:country/rdf:value", "The country that it is attributed to."),
        plain("countrySource", "asc:country/dcterms:source", "Where that attribution comes from."),
        plain("latitude", "asc:coordinates/geo:lat", "Its latitude in degrees (WGS 84).", datatype="decimal"),
        plain("longitude", "asc:coordinates/geo:long", "Its longitude in degrees (WGS 84).", datatype="decimal"),
        plain("coordinatesSource", "asc:coordinates/dcterms:source", "Where the coordinates come from."),
        linked("provisionOf", "asc:provisionOf", "The agreement of which it is a provision."),
        Column(
            "claims",
            "How many claims are about it.",
            lambda view, node: str(len(view.follow(node, "^asc:about"))),
            "integer",
        ),
        plain("note", "asc:note", "What the curator noted."),
    ),
)

STATEMENTS = Table(
    "statements",
    "One row a statement: what a claim says of two entities, or of an entity and a value.",
    _all("Statement"),
    (
        *identified("statement"),
        *_of_claim("^asc:states"),
        told("polarity", "asc:polarity", "Whether the claim affirms or denies it."),
        linked("subject", "rdf:subject", "Of whom or what it is said."),
        labelled("subjectLabel", "rdf:subject", "The subject's name."),
        told("predicate", "rdf:predicate", "The relation."),
        labelled("predicateLabel", "rdf:predicate", "The relation in words."),
        linked("object", "rdf:object", "To whom or what it relates: an entity or a value."),
        labelled("objectLabel", "rdf:object", "The object's name."),
        plain("role", "asc:role", "In what part or manner, in words."),
        *_WHEN,
        linked("where", "asc:where", "Where."),
    ),
    foreign=(("claim", "claims"), ("subject", "entities")),
)

FIGURES = Table(
    "figures",
    "One row a figure that a claim gives.",
    _all("Figure"),
    (
        *identified("figure"),
        *_of_claim("^asc:figure"),
        told("measure", "asc:measure", "What quantity it is."),
        labelled("measureLabel", "asc:measure", "The quantity in words."),
        plain("value", "rdf:value", "The number.", datatype="decimal"),
        plain("min", "asc:min", "The least number, of a range.", datatype="decimal"),
        plain("max", "asc:max", "The greatest number, of a range.", datatype="decimal"),
        told("unit", "asc:unit", "The unit."),
        told("qualifier", "asc:qualifier", "How the speaker qualifies the number."),
        linked("of", "asc:of", "Of whom or what.", many=True),
        labelled("ofLabel", "asc:of", "Its name.", many=True),
        *_WHEN,
        linked("where", "asc:where", "Where.", many=True),
        plain("series", "asc:series", "The series of figures that belong together."),
        told("role", "asc:seriesRole", "What the figure is in its series."),
        plain("asPrinted", "asc:asPrinted", "How the number is printed, where that says more."),
    ),
    foreign=(("claim", "claims"),),
)

REFERENCES = Table(
    "references",
    "One row a footnote of a source.",
    _all("Reference"),
    (
        *identified("footnote"),
        told("source", "asc:inSource", "The id of the source."),
        plain("number", "asc:number", "Its number."),
        told("section", "asc:inSection", "The id of the section that it stands in."),
        plain("page", "asc:page", "The printed page.", datatype="integer"),
        plain("mark", "asc:mark", "Where its mark stands in the pinned text (code point).", datatype="integer"),
        linked("works", "asc:citesWork", "The works that it cites.", many=True),
        labelled("workLabel", "asc:citesWork", "The title of the work, of the first where there are several."),
        plain("accessed", "asc:accessed", "When it says that the work was read, as an EDTF date."),
        plain("printed", "asc:printed", "How it prints what is given otherwise here."),
        Column(
            "claims",
            "The claims that rest on it.",
            lambda view, node: joined(local(view.nodes.name(each)) for each in view.follow(node, "^asc:cites")),
            separator="|",
            property="^asc:cites",
        ),
        plain("note", "asc:note", "What the curator noted."),
    ),
)

WORKS = Table(
    "works",
    "One row a work that a source cites.",
    lambda view: [node for node in _entities(view) if view.nodes.name(node).startswith("work/")],
    (
        Column("id", "The id of the work, with its kind.", lambda view, node: view.nodes.name(node), required=True),
        Column("iri", "The IRI of the work.", lambda _, node: node, "anyURI", required=True),
        Column("types", "What kind of work it is.", types, separator="|", property="rdf:type"),
        labelled("title", "skos:prefLabel", "Its title."),
        linked("authors", "dcterms:creator", "Its authors.", many=True),
        linked("outlet", "asc:outlet", "Where it came out."),
        linked("outletCountry", "asc:outlet/asc:country/rdf:value", "The country that the outlet is attributed to."),
        plain("date", "dcterms:date", "Its date, as an EDTF date."),
        plain("language", "dcterms:language", "Its language."),
        plain("url", "asc:url", "Its address.", datatype="anyURI"),
        plain("detail", "dcterms:bibliographicCitation", "Further bibliographic details."),
        plain("note", "asc:note", "What the curator noted."),
    ),
    foreign=(("id", "entities"),),
)

PASSAGES = Table(
    "passages",
    "One row a range of text that a claim or a footnote stands in, for laying the claims over one's own copy.",
    _ranges,
    (
        told("passage", "^asc:range", "The id of the passage; a sentence that is cut has several ranges."),
        Column(
            "range",
            "The number of the range in its passage.",
            lambda _, node: node.rsplit("-", 1)[-1],
            "integer",
            required=True,
        ),
        told("source", "oa:hasSource", "The id of the source."),
        plain(
            "textSha256",
            "oa:hasSource/asc:textEdition/asc:sha256",
            "SHA-256 of the pinned text that the offsets count in.",
        ),
        Column("page", "The printed page.", _page_at, "integer", property="^asc:range/asc:page"),
        plain("start", "oa:hasSelector/oa:start", "The code point where it begins, from 0.", datatype="integer"),
        plain("end", "oa:hasSelector/oa:end", "The code point behind its end.", datatype="integer"),
        plain("letters", "asc:letters", "How many letters and digits it holds.", datatype="integer"),
        plain(
            "sha256",
            "asc:sha256",
            "Its fingerprint: SHA-256 of its letters and digits, without case and footnote marks.",
        ),
        Column("claims", "The claims that stand in it.", _claims_at, separator="|", property="^asc:range/^asc:passage"),
        told(
            "references",
            "^asc:range/^asc:passage/asc:number",
            "The numbers of the footnotes whose text it is.",
            many=True,
        ),
    ),
    keys=("passage", "range"),
)

WITHDRAWN = Table(
    "withdrawn",
    "One row a claim that was withdrawn: since when, why, and what it said. It is in no other table.",
    _all("WithdrawnClaim"),
    (
        *identified("claim"),
        plain("date", "asc:withdrawnOn", "The day on which it was withdrawn.", datatype="date"),
        plain("because", "asc:withdrawnBecause", "Why."),
        told("replacedBy", "dcterms:isReplacedBy", "The claims that stand in its place.", many=True),
        Column(
            "text",
            "What it said, in the curator's words.",
            lambda view, node: view.publication.withdrawn.one(node, f"{ASC}text"),
            property="asc:text",
        ),
    ),
)

TABLES = (CLAIMS, DETAILS, ENTITIES_TABLE, STATEMENTS, FIGURES, REFERENCES, WORKS, PASSAGES, WITHDRAWN)


def tables(publication: Publication) -> dict[str, bytes]:
    """Return each table as CSV (RFC 4180, UTF-8), by its name."""
    view = View(publication)
    return {table.name: written(table, view) for table in TABLES}


def table_of(publication: Publication, name: str) -> bytes:
    """Return the table of this name as CSV."""
    return written(next(table for table in TABLES if table.name == name), View(publication))


def written(table: Table, view: View) -> bytes:
    """Return a table as CSV, with a header."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([column.name for column in table.columns])
    rows.writerows([column.cell(view, node) for column in table.columns] for node in table.nodes(view))
    return out.getvalue().encode()
