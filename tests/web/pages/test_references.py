"""The references of a source: each with its work, its outlet's country, and the claims that rest on it."""

import re

import pytest
from flask.testing import FlaskClient

from kg.web.pages.references import SORTS
from tests.web.test_pages import outline

PATH = "/source/border-2020/references"


def test_a_reference_says_all_that_is_known_of_its_work(client: FlaskClient) -> None:
    text = client.get(PATH, headers={"Accept": "text/html"}).text
    assert "w3id.org" not in re.sub(r"Permanent address.*", "", outline(text).text, flags=re.DOTALL)
    assert "1 work in 1 footnote." in text
    row = text[text.index("<tbody>") : text.index("</tbody>")]
    for expected in (
        'href="/reference/border-2020/1"', 'href="/work/post-2019-06-12" lang="fr"', "Ada Smith", "2019-06-12",
        "Daily Post", '<a href="/actor/southland">Southland</a>', "from: top-level domain of the printed address",
        "French",
        'href="/claims?reference=reference%2Fborder-2020%2F1">1</a>',
    ):  # fmt: skip
        assert expected in row


def test_counts_come_from_the_queries_they_lead_to(client: FlaskClient) -> None:
    text = client.get(PATH, headers={"Accept": "text/html"}).text
    queries = re.findall(r'<a href="(/sparql[^"]+)">counted by this query', text)
    assert len(queries) == 3
    for path in queries:
        rows = client.get(path.replace("&amp;", "&").replace("edit=1", "format=csv")).text.splitlines()
        assert rows[0] == "value,works,references"
        assert rows[1].endswith(",1,1")


@pytest.mark.parametrize("sort", SORTS)
def test_they_are_sorted_by_the_address(client: FlaskClient, sort: str) -> None:
    text = client.get(f"{PATH}?sort={sort}", headers={"Accept": "text/html"}).text
    assert f'href="{PATH}?sort={sort}" aria-current="true"' in text


def test_what_cannot_be_is_told(client: FlaskClient) -> None:
    assert client.get(f"{PATH}?sort=colour").status_code == 400
    assert client.get("/source/none/references").status_code == 404


def test_they_are_given_as_data(client: FlaskClient) -> None:
    text = client.get(PATH, headers={"Accept": "text/html"}).text
    links = dict(re.findall(r'<a href="(/sparql[^"]+)">(CSV|Turtle|JSON-LD)</a>', text))
    by_name = {name: path.replace("&amp;", "&") for path, name in links.items()}
    assert client.get(by_name["CSV"]).text.startswith("reference,number,page,section,work,title")
    assert "reference:border-2020" in client.get(by_name["Turtle"]).text
    assert client.get(by_name["JSON-LD"]).mimetype == "application/ld+json"
