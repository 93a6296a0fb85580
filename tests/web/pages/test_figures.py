"""The page of figures: drawn and as a table, filtered and sorted by address, as CSV."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient


def table(text: str) -> list[list[str]]:
    """The rows of the page's table, as texts."""
    body = re.search(r'<table class="figures">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    assert body is not None
    rows = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]
        for row in rows
    ]


def test_every_figure_is_drawn_or_told_and_stands_in_the_table(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures", headers=html).text
    assert len(table(text)) == 7
    assert len(re.findall(r"<rect class=\"hit\"", text)) == 6  # the seventh gives no number
    assert "<strong>many</strong>" in text
    assert text.count("<svg") == text.count("</svg>")
    assert "logarithmic scale" in text
    assert 'href="/claim/r/9"' in text
    assert "<script" not in text


def test_a_doubtful_number_is_flagged_and_given_as_printed(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures", headers=html).text
    row = next(each for each in table(text) if "100–200" in each[1])
    assert row[2] == "1OO-200"
    assert row[6] == "garbled"
    assert re.search(r'aria-label="Southland: 100–200 people,[^"]*\(garbled\)', text)


def test_parts_stand_with_their_sum_and_the_total_given(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures?measure=boats", headers=html).text
    assert "Sum of these parts" in text
    assert "The total is 10 more than the parts." in text
    assert "⚑ parts do not sum" in text


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("measure=fled", {"up to 40,000 people", "over 9,000 people", "100–200 people"}),
        ("of=actor/ferry-folk", {"over 9,000 people", "100–200 people", "many people"}),
        ("of=place/mill", {"30 part"}),
        ("speaker=actor/south", {"100–200 people", "many people"}),
        ("speaker=actor/south&measure=fled", {"100–200 people"}),
    ],
)
def test_figures_are_filtered_by_address(
    drawn: FlaskClient, html: dict[str, str], query: str, values: set[str]
) -> None:
    assert {row[1] for row in table(drawn.get(f"/figures?{query}", headers=html).text)} == values


def test_menus_count_what_the_other_filters_leave(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures?speaker=actor/south", headers=html).text
    assert "people who fled (1)" in text
    assert "boats (" not in text
    assert '<option value="actor/south" selected>Southland (2)</option>' in text


def test_filters_that_leave_nothing_say_what_to_do(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures?measure=boats&speaker=actor/south", headers=html).text
    assert "choose fewer filters" in text
    assert "<table" not in text


@pytest.mark.parametrize(
    ("sort", "column", "first", "last"),
    [
        ("value", 1, "30 part", "many people"),
        ("-value", 1, "many people", "30 part"),
        ("speaker", 5, "Northland", "Southland"),
        ("-of", 3, "", "Ferry folk"),
        ("measure", 0, "boats", "people who wept"),
    ],
)
def test_the_table_is_sorted_by_address(
    drawn: FlaskClient, html: dict[str, str], sort: str, column: int, first: str, last: str
) -> None:
    text = drawn.get(f"/figures?sort={sort}", headers=html).text
    rows = table(text)
    assert (rows[0][column], rows[-1][column]) == (first, last)
    assert f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"' in text


@pytest.mark.parametrize("query", ["measure=tears", "of=actor/nobody", "sort=colour", "page=0"])
def test_what_there_is_not_is_told(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    response = drawn.get(f"/figures?{query}", headers=html)
    assert response.status_code == 400


def test_csv_has_what_is_chosen_with_the_names_of_the_data(drawn: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(drawn.get("/figures.csv?measure=fled").text)))
    assert [(row["value"], row["qualifier"], row["min"], row["max"]) for row in rows] == [
        ("9000", "over", "", ""),
        ("40000", "up-to", "", ""),
        ("", "", "100", "200"),
    ]
    assert rows[0]["speaker"] == "https://w3id.org/ascribe/test/actor/north"


@pytest.mark.parametrize("query", ["", "measure=fled", "of=actor/ferry-folk&speaker=actor/south"])
def test_the_query_behind_the_page_finds_the_same_figures(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    text = drawn.get(f"/figures?{query}", headers=html).text
    link = re.search(r'href="(/sparql\?[^"]+)">the query behind it', text)
    assert link is not None
    asked = parse_qs(urlsplit(link.group(1).replace("&amp;", "&")).query)["query"][0]
    answer = drawn.post("/sparql", data={"query": asked, "format": "csv"}).text
    assert len(answer.strip().splitlines()) - 1 == len(table(text))


def test_data_is_offered_as_graphs_that_hold_the_figures(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/figures?measure=boats", headers=html).text
    link = re.search(r'href="(/sparql\?[^"]+)">Turtle', text)
    assert link is not None
    turtle = drawn.get(link.group(1).replace("&amp;", "&")).text
    assert "measure:boats" in turtle
    assert "measure:fled" not in turtle


def test_a_measure_with_many_figures_says_how_many_are_shown(
    drawn: FlaskClient, html: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.pages.figures._EACH", 2)
    text = drawn.get("/figures", headers=html).text
    assert 'href="/figures?measure=fled">people who fled</a> <small class="quiet">2 of 3, the first in the text' in text
    assert len(table(text)) == 5
    alone = drawn.get("/figures?measure=fled", headers=html).text
    assert len(table(alone)) == 3
    assert "Not all figures" not in alone
