"""A source's page: its outline, its page map, and the ways on."""

from flask.testing import FlaskClient

from tests.web.test_pages import outline

PATH = "/source/border-2020"


def test_the_outline_leads_to_sections_and_their_claims(client: FlaskClient) -> None:
    text = client.get(PATH, headers={"Accept": "text/html"}).text
    found = outline(text)
    assert {"/section/border-2020/1", "/section/border-2020/2.1", f"{PATH}/references"} <= set(found.addresses)
    assert "/claims?source=source%2Fborder-2020" in found.addresses
    assert "/claims?section=section%2Fborder-2020%2F2.1" in found.addresses
    assert '<a href="/section/border-2020/1">Read from the start</a>' in text


def test_the_page_map_says_what_was_inferred_and_how_and_leads_into_the_reader(client: FlaskClient) -> None:
    text = client.get(PATH, headers={"Accept": "text/html"}).text
    rows = {number: text[text.index(f'<tr id="page-{number}">') :].split("</tr>")[0] for number in (1, 3, 6)}
    assert "printed" in rows[1]
    assert "inferred" not in rows[1]
    assert '<span class="inferred">inferred</span>' in rows[3]
    assert "the crossing opens a new page" in rows[3]
    assert 'href="/section/border-2020/2#p-3"' in rows[3]
    assert 'href="/section/border-2020/2.1#p-6"' in rows[6]
    assert '<td class="number" data-unit=" claim">1</td>' in rows[6]
