"""With the keyboard alone: all that can be used is reached, it is seen where one is, and no place holds one fast."""

import pytest

from tests.browser.conftest import Opens
from tests.browser.pages import PAGES, Kind

# What takes the focus is marked as it does, so that a page of hundreds of links is asked once.
WATCH = """() => {
  window.unseen = [];
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--accent)";
  const accent = getComputedStyle(probe).color;
  probe.remove();
  const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const edged = (style) => style.stroke === accent && parseFloat(style.strokeWidth) >= 2; // in a drawing
  const seen = (each) => ringed(getComputedStyle(each)) || edged(getComputedStyle(each));
  document.addEventListener("keyup", () => {
    const target = document.activeElement;
    if (target === document.body) return; // past the last one
    target.dataset.reached = "";
    const parts = target.closest("svg") ? [target, ...target.querySelectorAll("*")] : [target];
    const { width, height } = target.getBoundingClientRect();
    if (!target.closest(".CodeMirror") && !(parts.some(seen) && width > 1 && height > 1))
      unseen.push(`${target.outerHTML.slice(0, 120)} ${width} × ${height}, ${getComputedStyle(target).outline}`);
  });
}"""
USABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
COUNT = """(usable) => [...document.querySelectorAll(usable)].filter((each) => each.checkVisibility() && !each.disabled
  && each.tabIndex >= 0 && !(each.type === "radio" && !each.checked)).length"""
MISSED = """(usable) => [...document.querySelectorAll(usable)].filter((each) => each.checkVisibility() && !each.disabled
  && each.tabIndex >= 0 && !("reached" in each.dataset) && !(each.type === "radio" && !each.checked)
  && !each.closest(".CodeMirror")).map((each) => each.outerHTML.slice(0, 120))"""
LONG = 260  # of pages with more than these, the first are walked: what follows is more of the same


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind.keys], ids=lambda kind: kind.name)
def test_everything_is_reached_and_seen(kind: Kind, visit: Opens) -> None:
    page = visit(kind).page
    page.evaluate(WATCH)
    there = page.evaluate(COUNT, USABLE)
    for _ in range(min(there, LONG) + 3):
        page.keyboard.press("Tab")
        if kind.name == "editor" and page.evaluate("document.activeElement.closest('.CodeMirror') !== null"):
            page.keyboard.press("Escape")  # there, Tab indents: the page says how to leave
    assert page.evaluate("unseen") == []
    missed = page.evaluate(MISSED, USABLE)
    assert missed == [] if there <= LONG else len(missed) <= there - LONG


def test_the_first_link_skips_to_the_content(visit: Opens) -> None:
    page = visit(Kind("claims", "/claims")).page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    assert page.locator(":focus").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_drawing_is_used_from_its_list(visit: Opens) -> None:
    """The canvas is a picture; what a click does in it, a link beside it does."""
    page = visit(Kind("graph", "/graph?start=actor/armenia", ready=".canvas canvas")).page
    first = page.locator(".things a").first
    first.focus()
    page.keyboard.press("Enter")
    page.locator("#panel h2").wait_for()
    assert page.evaluate("document.activeElement.id") == "panel"
    assert page.evaluate("graph.$(':selected').length") == 1
