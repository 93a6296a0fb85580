"""A withdrawn claim's page says that it is withdrawn, when and why, what it said, and what stands in its place."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kg.config import Config
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from kg.web.dates import spoken
from tests.conftest import WITHDRAWN

PAGE = "/claim/river-report/2-003"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def engine(withdrawn: Config) -> Iterator[EmbeddedEngine]:
    found = EmbeddedEngine(withdrawn.build / "current", withdrawn.limits)
    yield found
    found.close()


@pytest.fixture
def client(withdrawn: Config, engine: EmbeddedEngine) -> FlaskClient:
    return create_app(withdrawn, engine).test_client()


def test_the_page_tells_of_the_withdrawal(client: FlaskClient) -> None:
    answer = client.get(PAGE, headers=HTML)
    assert answer.status_code == 200
    date, because, other = WITHDRAWN
    assert f"This claim was withdrawn on {spoken(date)}<" in answer.text
    assert because in answer.text
    assert f'href="/claim/{other}"' in answer.text
    said = answer.text.partition("<blockquote>")[2].partition("</blockquote>")[0]
    assert said
    assert said not in client.get("/claims", headers=HTML).text
    assert "The withdrawn claim is in no list" in answer.text
    assert "Where it comes from" not in answer.text
    assert "Where it comes from" in client.get(f"/claim/{other}", headers=HTML).text


def test_its_data_are_those_of_the_withdrawal(client: FlaskClient) -> None:
    text = client.get(f"{PAGE}.ttl").text
    assert "asc:WithdrawnClaim" in text
    assert "asc:claimant" not in text


@pytest.mark.parametrize("path", ["/claims", "/search?q=2-003", "/source/river-report", "/timeline", "/figures"])
def test_no_list_links_to_it(path: str, client: FlaskClient) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert PAGE not in answer.text


def test_the_build_counts_the_claims_that_are_answered_with(withdrawn: Config, client: FlaskClient) -> None:
    told = json.loads((withdrawn.build / "current" / "build.json").read_text("utf-8"))["claims"]
    query = "PREFIX asc: <https://w3id.org/ascribe/ns#> SELECT (COUNT(?claim) AS ?n) { ?claim a asc:Claim }"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text.split()[1] == str(told)
