"""What a first visit costs: everything a page brings, as it comes over the wire."""

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import PAGES, Kind
from tests.browser.visit import HEIGHT

FEW = 300 * 1000  # bytes


@pytest.mark.parametrize(
    "kind", [kind for kind in PAGES if not kind.heavy and not kind.text], ids=lambda kind: kind.name
)
def test_a_first_visit_is_light(kind: Kind, address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT[1280]})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    came: list[float] = []
    wire.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(address + kind.address, wait_until="load")
    page.locator(kind.ready).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(came) > 1  # the page itself, and its style at least
    assert sum(came) < FEW
