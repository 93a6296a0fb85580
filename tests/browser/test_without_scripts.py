"""A browser without scripts: all content is there, and what can be asked is asked with forms and links."""

import pytest

from tests.browser.conftest import Opens
from tests.browser.pages import PAGES, Kind

PREFIX = "PREFIX asc: <https://w3id.org/ascribe/ns#>"


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_a_page_says_the_same(kind: Kind, visit: Opens) -> None:
    found = visit(kind, 390, java_script_enabled=False)
    main = found.page.locator("main")
    assert len(main.inner_text()) > 80
    assert found.page.locator("main [hidden]:visible").count() == 0
    for each in found.page.locator("form:visible").all():  # what has no button cannot be sent
        assert each.locator("button:visible, input[type=submit]:visible").count() > 0, each.inner_text()


def test_drawings_have_their_words(visit: Opens) -> None:
    page = visit(Kind("map", "/map"), java_script_enabled=False).page
    assert page.locator("main table tr, main li").filter(has_text="Shusha").count() > 0
    found = visit(Kind("graph", "/graph?start=actor/armenia"), java_script_enabled=False).page
    assert found.locator("table.edges tbody tr").count() > 10
    assert found.locator(".canvas").is_hidden()


def test_search_narrowing_and_the_editor_work(visit: Opens) -> None:
    page = visit(Kind("overview", "/"), java_script_enabled=False).page
    page.locator("main [type=search]").fill("Шуша")
    page.locator("main [type=search]").press("Enter")
    assert page.locator("main").get_by_role("link", name="Shusha", exact=True).count() > 0

    page = visit(Kind("claims", "/claims"), java_script_enabled=False).page
    page.get_by_role("checkbox", name="figure claim").check()
    page.get_by_role("button", name="Show these claims").click()
    assert page.url.endswith("/claims?kind=FigureClaim")
    assert page.locator(".claim").count() > 0

    page = visit(Kind("editor", "/sparql"), java_script_enabled=False).page
    page.get_by_label("Query").fill(f"{PREFIX} SELECT ?who WHERE {{ ?claim asc:claimant ?who }} LIMIT 5")
    page.get_by_role("button", name="Run").click()
    assert page.locator("table.answer tbody tr").count() == 5
    assert "w3id.org" not in page.locator("table.answer").inner_text()


def test_the_graph_is_walked_by_links_and_forms(visit: Opens) -> None:
    page = visit(Kind("graph", "/graph?start=actor/armenia"), java_script_enabled=False).page
    page.locator(".things a").nth(1).click()
    assert page.locator("#panel h2").count() == 1
    page.get_by_role("link", name="Show its neighbours").click()
    assert "expand" in page.url or "open" in page.url
