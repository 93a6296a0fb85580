"""The front page: what this is, live counts that lead on, questions, files, and how to cite."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from kg.web.pages.overview import overview_page

LINK = re.compile(r'<a href="([^"]+)"><b>([\d,]+)</b> ([^<]+)</a>')


def text_of(client: FlaskClient) -> str:
    return client.get("/", headers={"Accept": "text/html"}).text


def test_each_count_leads_to_what_it_counts(client: FlaskClient) -> None:
    counts = {name: (href, number) for href, number, name in LINK.findall(text_of(client))}
    assert counts["claims"] == ("/claims", "3")
    assert counts["source"] == ("/source", "1")
    shown = re.findall(r'<a href="/claim/', client.get("/claims", headers={"Accept": "text/html"}).text)
    assert len(shown) >= 3
    for href, _ in counts.values():
        assert client.get(href, headers={"Accept": "text/html"}).status_code == 200


def test_each_count_leads_to_the_query_that_counts_it(client: FlaskClient) -> None:
    page = overview_page(client.application.extensions["ascribe"])
    assert {each.name: each.href for each in page.counts}["statements"] is None
    for each in page.counts:
        query = parse_qs(urlsplit(each.query).query)["query"][0]
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
        assert int(answer.split()[1]) == int(each.number.replace(",", ""))


def test_it_says_that_claims_are_claims_and_how_to_cite(client: FlaskClient) -> None:
    text = text_of(client)
    for words in (
        "Claims are claims",
        "None is called true or false",
        "How to cite",
        "@misc{",
        "version 0.1.0",
        "CC BY",
    ):
        assert words in text


def test_it_leads_to_search_map_network_questions_and_downloads(client: FlaskClient) -> None:
    text = text_of(client)
    for address in ("/map", "/graph", "/questions", "/sparql", "/downloads"):
        assert f'href="{address}' in text
    assert 'action="/search" role="search"' in text
    assert "This build has no release" in text


def test_where_the_chosen_questions_are_not_there_each_theme_gives_its_first(client: FlaskClient) -> None:
    site = client.application.extensions["ascribe"]
    asked = site.examples["speakers"]
    more = {f"q{n}": replace(asked, name=f"q{n}", tags=("one" if n < 6 else f"theme {n}",)) for n in range(12)}
    page = overview_page(replace(site, examples=more))
    assert [link.href for link in page.questions] == [f"/questions/{name}" for name in ("q0", "q10", "q11", "q6", "q7")]
    assert page.asked == 12
