"""A page that is looked at in a browser, which writes down all that is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.browser.pages import Kind
from tests.conftest import REPO

AXE = (REPO / "tests" / "web" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
HEIGHT = {390: 844, 1280: 900}
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const right = (each) => Math.round(each.getBoundingClientRect().right);
  const inside = (each) => { // what scrolls or hides within itself does not widen the page
    for (let box = each.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter((each) => right(each) > room && !inside(each));
  return found.map((each) => `${each.localName}.${each.getAttribute("class") ?? ""} ends at ${right(each)} of ${room}`);
}"""
MANY = 60  # entries of a list: the others are like them, and take axe a minute
RULES = """async ([colours, many]) => {
  for (const each of [...document.querySelectorAll("main article")].slice(many)) each.remove();
  const some = { runOnly: ["color-contrast", "link-in-text-block"] };
  const found = await axe.run(document, { resultTypes: ["violations"], ...(colours ? some : {}) });
  const told = (node) => `${node.html.slice(0, 160)} [${node.any.map((one) => one.message).join("; ")}]`;
  return found.violations.map((each) =>
    `${each.impact}: ${each.id}, ${each.help}: ${each.nodes.length} × ${each.nodes.slice(0, 3).map(told).join(" | ")}`);
}"""


class Visit:
    """A page in a context of its own."""

    def __init__(self, page: Page, base: str, kind: Kind) -> None:
        self.page, self.base, self.kind = page, base, kind
        self.faults: list[str] = []

    @classmethod
    @contextmanager
    def opened(cls, browser: Browser, base: str, kind: Kind, width: int = 1280, **options: Any) -> Iterator[Self]:
        """Open a page and wait for its scripts; at the end, whatever it complained of is a failure."""
        size: Any = {"width": width, "height": HEIGHT[width]}
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(15_000)
        try:
            found = cls(context.new_page(), base, kind)
            found.watch()
            found.go(kind.address, kind.status, kind.ready if options.get("java_script_enabled", True) else "main h1")
            yield found
            assert not found.faults
        finally:
            context.close()

    def watch(self) -> None:
        """Write down what the console says, what fails, and what is asked of another host (which is not answered)."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.context.route(re.compile(rf"^(?!{re.escape(self.base)}/)"), self._elsewhere)

    def go(self, address: str, status: int = 200, ready: str = "main h1") -> None:
        """Go to an address of the site."""
        answer = self.page.goto(self.base + address, wait_until="load")
        assert answer is not None
        assert answer.status == status, address
        self.page.locator(ready).first.wait_for(state="attached")

    def too_wide(self) -> list[str]:
        """What stands out of the page at the right."""
        found: list[str] = self.page.evaluate(TOO_WIDE)
        return found

    def barriers(self, *, colours: bool = False) -> list[str]:
        """What axe finds, of any weight; or of colours alone."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(RULES, [colours, MANY])
        return found

    def _said(self, message: ConsoleMessage) -> None:
        expected = f"the server responded with a status of {self.kind.status}" in message.text
        if message.type in ("error", "warning") and not (expected and self.kind.status >= 400):
            self.faults.append(f"{self.page.url}: {message.type}: {message.text}")

    def _elsewhere(self, route: Route) -> None:
        self.faults.append(f"{self.page.url} asks {route.request.url}")
        route.abort()
