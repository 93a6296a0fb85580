"""The example questions: all of them by theme, and each with its answer as it is now, things by their names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template

from kg.errors import NotFoundError
from kg.formats import by_suffix
from kg.protocol import GRAPH_FORMATS
from kg.vocab import XSD
from kg.web import examples, rows
from kg.web.citing import tools
from kg.web.models import Link, Tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.queries import QueryFile
    from kg.web.rows import Row, Term
    from kg.web.site import Site

blueprint = Blueprint("questions", __name__)
_YEAR = 4  # digits of an integer that may be a year
SHOWN = 300  # rows of an answer on its page; the data formats hold all
_FILES = (("CSV", "csv"), *((each.label, each.suffix) for each in GRAPH_FORMATS))  # of all questions
_FORMATS = (("CSV", "csv"), ("JSON", "json"), ("TSV", "tsv"), ("XML", "xml"))


@dataclass(frozen=True, slots=True)
class Theme:
    """Shows the questions of one theme."""

    name: str
    anchor: str
    questions: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """Shows all questions by theme."""

    total: int
    themes: tuple[Theme, ...]
    tools: Tools


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Shows one question and its answer: a table of columns and rows, or yes or no."""

    title: str
    description: str
    theme: Theme
    columns: tuple[str, ...]
    rows: tuple[tuple[Link | None, ...], ...]
    total: int
    truth: bool | None
    seconds: float
    query: str
    tools: Tools


@blueprint.get("/questions")
def questions() -> str:
    """Show all questions."""
    return render_template("questions.html", page=questions_page(current_app.extensions["ascribe"]))


@blueprint.get(f"/questions.<any({','.join(suffix for _, suffix in _FILES)}):suffix>")
def data(suffix: str) -> Response:
    """Give all questions with their queries, as a table or as a graph."""
    site, form = current_app.extensions["ascribe"], by_suffix(suffix)
    graph = form is not None and form in GRAPH_FORMATS
    media = form.media_type if form and graph else "text/csv"
    content = examples.graph(site, form) if form and graph else examples.table(site)
    return Response(content, content_type=media + ("; charset=utf-8" if media.startswith("text/") else ""))


@blueprint.get("/questions/<name>")
def question(name: str) -> str:
    """Show one question with its answer."""
    return render_template("question.html", page=question_page(current_app.extensions["ascribe"], name))


def themes(site: Site) -> tuple[Theme, ...]:
    """Return the questions by theme, which is the first of a question's tags; the theme with most questions first."""
    found: dict[str, list[Link]] = {}
    for each in site.examples.values():
        found.setdefault(_theme(each), []).append(Link(each.title, f"/questions/{each.name}", each.description))
    by_size = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Theme(_capital(name), name.replace(" ", "-"), tuple(links)) for name, links in by_size)


def questions_page(site: Site) -> QuestionsPage:
    """Return the page of all questions."""
    address = f"{site.build().base}questions"
    data = [Link(label, f"/questions.{suffix}") for label, suffix in _FILES]
    offered = tools(site, data, "/sparql", address, "Questions", "Questions that the graph answers.")
    return QuestionsPage(len(site.examples), themes(site), offered)


def question_page(site: Site, name: str) -> QuestionPage:
    """Return a question with its answer; raises NotFoundError where there is none of that name."""
    asked = site.examples.get(name)
    if asked is None:
        raise NotFoundError(f"There is no question “{name}”. All of them stand at /questions.")
    build = site.build()
    text = asked.filled(build.base)
    with site.engine.query(text) as answer:
        table, seconds = rows.read(answer.read()), answer.seconds
    shown = table.rows[:SHOWN]
    site.learn(term.value for row in shown for term in row.values() if term.is_iri)
    titled = _titled(site, table.variables, shown)
    columns = tuple(each for each in table.variables if each not in titled.values())
    cells = tuple(tuple(_cell(site, row, column, titled.get(column)) for column in columns) for row in shown)
    data = [Link(label, f"/sparql?{urlencode({'query': text, 'format': form})}") for label, form in _FORMATS]
    theme = next(each for each in themes(site) if each.name == _capital(_theme(asked)))
    return QuestionPage(
        asked.title,
        asked.description,
        theme,
        tuple(_spoken(column) for column in columns),
        cells,
        len(table.rows),
        table.truth,
        seconds,
        text,
        tools(site, data, _editor(text), f"{build.base}questions/{name}", asked.title, f"“{asked.title}”"),
    )


def _titled(site: Site, columns: Sequence[str], found: Sequence[Row]) -> dict[str, str]:
    """Return column of texts → column of the things whose names these are, so that they are shown as one column."""
    pairs: dict[str, str] = {}
    for text in columns:
        for thing in columns:
            both = [(row[text], row[thing]) for row in found if text in row and thing in row]
            if both and all(not a.is_iri and b.is_iri and site.label(b.value).text == a.value for a, b in both):
                pairs.setdefault(text, thing)
    return pairs


def _cell(site: Site, row: Row, column: str, thing: str | None) -> Link | None:
    term: Term | None = row.get(thing) if thing else None
    term = term or row.get(column)
    if term is None:
        return None
    link = site.link(term)
    digits = {f"{XSD}decimal": 0, f"{XSD}integer": _YEAR}.get(term.datatype)
    whole = digits is not None and term.value.isdecimal() and len(term.value) > digits
    return replace(link, label=f"{int(term.value):,}") if whole else link


def _editor(text: str) -> str:
    return f"/sparql?{urlencode({'query': text, 'edit': '1'})}"


def _theme(asked: QueryFile) -> str:
    return asked.tags[0] if asked.tags else "more"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spoken(variable: str) -> str:
    """Return the name of a variable as words: `footnoteNumber` as “footnote number”."""
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in variable)
    return words.replace("_", " ").strip()
