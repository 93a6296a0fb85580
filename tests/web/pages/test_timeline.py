"""The timeline: entries by date, vague dates vague, different dates of one event side by side."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient


def entries(text: str) -> list[list[str]]:
    """The dates in words, entry by entry."""
    listed = re.search(r'<div class="strip">.*?<ol>(.*)</ol>', text, re.DOTALL)
    assert listed is not None
    found = re.split(r"\n<li", listed.group(1))[1:]
    return [re.findall(r'<p class="when">(.*?)</p>', each) for each in found]


def test_entries_come_by_date_and_an_events_dates_together(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/timeline", headers=html).text
    assert entries(text) == [
        ["1990 to 1994"],
        ["the 1990s", "1995", "3 March 1995", "about 1996"],
        ["1992"],
        ["from May 2001 on"],
    ]
    assert '<h2><a href="/event/flood">The great flood</a></h2>' in text
    assert "<script" not in text
    assert text.count("<svg") == text.count("</svg>")


def test_each_date_says_who_gives_it_and_leads_to_the_claim(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = re.sub(r"\s+", " ", drawn.get("/timeline", headers=html).text)
    assert '<p class="when">about 1996</p> <div class="says"><a href="/actor/south">Southland</a> : <a' in text.replace(
        "</a>:", "</a> :"
    )
    assert 'href="/claim/r/2">The flood came about 1996.</a>' in text


def test_dates_are_drawn_as_they_are_given(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/timeline", headers=html).text
    lanes = re.findall(r'<svg class="date((?: dashed)?)" width="100%"(.*?)</svg>', text, re.DOTALL)
    drawn_as = [re.findall(r'class="(full|vague|solid|fade-left|fade-right)"', lane) for _, lane in lanes]
    assert drawn_as == [
        ["vague", "solid", "vague"],
        ["vague"],
        ["vague"],
        ["full"],
        ["vague"],
        ["vague"],
        ["vague", "fade-right"],
    ]
    assert [bool(dashed) for dashed, _ in lanes] == [False, False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=1996&to=1996", [["the 1990s", "about 1996"]]),
        ("from=1995-03-03&to=1995-03-03", [["the 1990s", "1995", "3 March 1995"]]),
        ("from=2005", [["from May 2001 on"]]),
        ("speaker=actor/north", [["1992"], ["1995", "3 March 1995"]]),
        ("place=place/delta", [["1992"], ["1995"]]),
        ("about=event/talks", [["from May 2001 on"]]),
        ("kind=FigureClaim", [["1995"]]),
        ("kind=EventClaim&speaker=actor/south", [["about 1996"]]),
    ],
)
def test_the_timeline_is_filtered_by_address(
    drawn: FlaskClient, html: dict[str, str], query: str, found: list[list[str]]
) -> None:
    assert entries(drawn.get(f"/timeline?{query}", headers=html).text) == found


def test_a_period_leads_closer_wider_and_beside(drawn: FlaskClient, html: dict[str, str]) -> None:
    text = drawn.get("/timeline?from=1995&to=1995&speaker=actor/north", headers=html).text.replace("&amp;", "&")
    assert '<b aria-current="true">1995</b>' in text
    assert 'href="/timeline?speaker=actor/north">All time' in text
    assert 'href="/timeline?speaker=actor/north&from=1990&to=1999">1990s' in text
    assert 'href="/timeline?speaker=actor/north&from=1994&to=1994" rel="prev"' in text
    assert 'href="/timeline?speaker=actor/north&from=1995-03&to=1995-03" aria-label="March 1995: 2 claims"' in text


def test_an_empty_period_says_what_to_do(drawn: FlaskClient, html: dict[str, str]) -> None:
    assert "choose a longer period" in drawn.get("/timeline?from=1900&to=1901", headers=html).text


@pytest.mark.parametrize(
    "query", ["from=soon", "from=0000", "to=9999", "to=2021-02-30", "from=2000&to=1990", "speaker=actor/nobody"]
)
def test_what_there_is_not_is_told(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    assert drawn.get(f"/timeline?{query}", headers=html).status_code == 400


def test_csv_has_a_row_a_date_and_event(drawn: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(drawn.get("/timeline.csv?speaker=actor/institute").text)))
    assert [(row["date"], row["first"], row["last"], row["event"].rsplit("/", 1)[-1]) for row in rows] == [
        ("1990/1994", "1990-01-01", "1994-12-31", ""),
        ("199X", "1990-01-01", "1999-12-31", "flood"),
        ("2001-05/..", "2001-05-01", "", "talks"),
    ]


@pytest.mark.parametrize("query", ["", "from=1996&to=1996", "from=1995&to=1995", "speaker=actor/south"])
def test_one_query_counts_the_claims_of_each_group(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    text = drawn.get(f"/timeline?{query}", headers=html).text
    link = re.search(r'href="([^"]+)&amp;edit=1">counted by event, date and speaker', text)
    assert link is not None
    rows = list(csv.DictReader(io.StringIO(drawn.get(f"{link[1]}&format=csv".replace("&amp;", "&")).text)))
    shown = [
        (event[1], said.count('href="/claim/'))
        for entry in text.split('<li class="event">')[1:]
        if (event := re.search(r'<h2><a href="(/event/[^"]+)"', entry))
        for said in entry.split("</ol>")[0].split("\n<li>\n")[0].split('<div class="says">')[1:]
    ]
    assert shown
    assert sorted(shown) == sorted((row["event"][row["event"].index("/event/") :], int(row["claims"])) for row in rows)


@pytest.mark.parametrize("query", ["", "from=1996&to=1996", "speaker=actor/institute", "kind=EventClaim&from=1999"])
def test_the_query_behind_the_page_finds_the_same_claims(drawn: FlaskClient, html: dict[str, str], query: str) -> None:
    text = drawn.get(f"/timeline?{query}", headers=html).text
    link = re.search(r'href="(/sparql\?[^"]+)">the query behind it', text)
    assert link is not None
    asked = parse_qs(urlsplit(link.group(1).replace("&amp;", "&")).query)["query"][0]
    rows = list(csv.DictReader(io.StringIO(drawn.post("/sparql", data={"query": asked, "format": "csv"}).text)))
    listed = list(csv.DictReader(io.StringIO(drawn.get(f"/timeline.csv?{query}").text)))
    assert {(row["claim"], row["when"]) for row in rows} == {(row["claim"], row["date"]) for row in listed}


@pytest.mark.parametrize("path", ["map", "map.csv", "timeline", "timeline.csv", "figures", "figures.csv"])
def test_a_parameter_that_is_not_known_is_refused_with_those_that_are(
    drawn: FlaskClient, html: dict[str, str], path: str
) -> None:
    response = drawn.get(f"/{path}?at=1990", headers=html)
    assert response.status_code == 400
    assert "cannot be asked by “at”. It can be by: " in response.text
