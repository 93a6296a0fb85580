"""The questions: listed by theme, each answered live with names instead of IRIs."""

import csv
import io
import re
from collections import Counter

import pyoxigraph as ox
from flask.testing import FlaskClient

from kg.vocab import RDF, SH, XSD
from kg.web.pages import questions
from kg.web.rows import Term
from tests.conftest import REPO


def test_questions_are_listed_by_theme(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/questions", headers=html).text
    assert "1 question with the answer that" in text
    assert 'href="/questions/speakers">Who says &lt;what&gt;?</a>' in text
    assert "All speakers." in text


def test_all_questions_are_given_with_their_queries(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/questions.csv").text)))
    assert [(row["id"], row["question"]) for row in rows] == [("speakers", "Who says <what>?")]
    assert client.get("/sparql", query_string={"query": rows[0]["query"], "format": "csv"}).status_code == 200
    for form in (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
        response = client.get(f"/questions.{form.file_extension}")
        assert response.mimetype == form.media_type
        said = {quad.predicate.value: quad.object.value for quad in ox.parse(response.data, format=form)}
        assert said[f"{SH}select"] == rows[0]["query"]
        assert said[f"{RDF}type"] == f"{SH}SPARQLSelectExecutable"


def test_a_question_is_answered_with_names(client: FlaskClient, html: dict[str, str]) -> None:
    text = client.get("/questions/speakers", headers=html).text
    assert ">River Institute</a>" in text
    assert "some observers" in text
    assert 'href="/sparql?query=' in text
    assert "format=csv" in text
    assert "w3id.org" not in re.sub(r"<pre.*?</pre>|<aside.*?</aside>|href=\"[^\"]*\"", "", text, flags=re.DOTALL)


def test_an_unknown_question_says_where_all_are(client: FlaskClient, html: dict[str, str]) -> None:
    response = client.get("/questions/no-such", headers=html)
    assert response.status_code == 404
    assert "/questions" in response.text


def test_each_question_has_a_theme_that_others_share() -> None:
    heads = [path.read_text("utf-8") for path in (REPO / "queries" / "examples").glob("*.rq")]
    themes = Counter(found.group(1) for text in heads if (found := re.search(r"(?m)^# tags: *([^,\n]+)", text)))
    assert themes.total() == len(heads)
    assert min(themes.values()) >= 2
    assert len(themes) <= 12


def test_large_numbers_are_told_apart_from_years(client: FlaskClient) -> None:
    site = client.application.extensions["ascribe"]
    said = {
        ("97000", "integer"): "97,000",
        ("2021", "integer"): "2021",
        ("4866", "decimal"): "4,866",
        ("0.25", "decimal"): "0.25",
        ("97000", "string"): "97000",
    }
    for (value, kind), label in said.items():
        cell = questions._cell(site, {"x": Term(value, "literal", datatype=f"{XSD}{kind}")}, "x", None)
        assert cell is not None
        assert cell.label == label
