"""What a first visit costs: everything a page brings, as it comes over the wire."""

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import PAGES, Kind
from tests.browser.visit import HEIGHT

FEW = 300 * 1000  # bytes
LIBRARIES = ("/vendor/yasqe/", "/vendor/cytoscape", "/vendor/cose-base/", "/vendor/layout-base/")  # editor and graph


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_a_first_visit_is_light(kind: Kind, request: pytest.FixtureRequest, browser: Browser) -> None:
    base = request.getfixturevalue("reading" if kind.text else "address")
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT[1280]})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    asked: dict[str, str] = {}
    came: dict[str, float] = {}
    wire.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: came.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    page.goto(base + kind.address, wait_until="load")
    page.locator(kind.ready).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    context.close()
    own = {each: size for each, size in came.items() if not any(name in asked[each] for name in LIBRARIES)}
    assert len(own) > 1  # the page itself, and its style at least
    assert (len(own) < len(came)) == kind.heavy
    assert sum(own.values()) < FEW
