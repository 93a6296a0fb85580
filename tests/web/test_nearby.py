"""What an address that leads nowhere may have meant."""

import pytest
from flask.testing import FlaskClient

from kg.store import spellings
from kg.store.search import find
from kg.web.nearby import nearby


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/actor/northland-republic", "/actor/northland"),  # all but a word
        ("/actor/northlund", "/actor/northland"),  # nearly its name
        ("/actor/şimali-ölkə", "/actor/northland"),  # another name of it
        ("/place/northland.ttl", "/actor/northland"),  # another kind
        ("/northland", "/actor/northland"),
        ("/place/ferry", "/place/ferry-town"),  # one word of its name
        ("/claim/border-2020/9-999", "/source/border-2020"),  # a number is no word
        ("/claim/nowhere/9-999", None),
        ("/actor/%00", None),
        ("/actor/" + "x" * 5000, None),
    ],
)
def test_near_matches(client: FlaskClient, path: str, expected: str | None) -> None:
    found = [link.href for link in nearby(client.application.extensions["ascribe"], path)]
    if expected is None:
        assert "/actor/northland" not in found
    else:
        assert found[0] == expected


def test_a_page_that_is_not_there_offers_them(client: FlaskClient, html: dict[str, str]) -> None:
    response = client.get("/actor/northlund", headers=html)
    assert response.status_code == 404
    assert "Did you mean" in response.text
    assert "Nothing stands at /actor/northlund." in response.text
    assert '<a href="/actor/northland">Northland</a> <small class="quiet">actor</small>' in response.text
    assert "Did you mean" not in client.get("/actor/zzz", headers=html).text


def test_names_that_are_nearly_the_same(client: FlaskClient) -> None:
    index = client.application.extensions["ascribe"].build().search
    assert find(index, "Norhtland").total == 0
    assert [iri.rsplit("/", 1)[-1] for iri in spellings.like(index, "Norhtland")] == ["northland"]
    assert spellings.like(index, "Zorthland") == []
    assert spellings.like(index, "…") == []
