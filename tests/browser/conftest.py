"""The real build, served by the real program, in a real browser.

Debian's Chromium is driven by Playwright; `make test` installs it where it may. A browser lives as long as the tests of
a file: Playwright's event loop, which belongs to it, must not be there when other files' tests start their own.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from kg.config import Config
from tests.browser.pages import SOURCE, Kind
from tests.browser.visit import Visit
from tests.conftest import REPO

CHROMIUM = shutil.which("chromium")
Opens = Callable[..., Visit]


@contextmanager
def serving(built: Config, *options: str) -> Iterator[str]:
    """Run `kg serve` on a free port until the end of the block; yields its address."""
    command = [sys.executable, "-m", "kg", "--project", str(REPO), "--build-dir", str(built.build)]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", *options], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stderr is not None
    line = next((line for line in process.stderr if line.startswith("Serving on ")), "")
    log: list[str] = []
    reader = threading.Thread(target=log.extend, args=[process.stderr], daemon=True)
    reader.start()
    try:
        assert line, "the server ended before it served"
        yield line.split()[2]
    finally:
        process.terminate()
        process.wait(timeout=20)
        reader.join()
        process.stderr.close()
    assert not [line for line in log if "Traceback" in line or " status=500 " in line]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Debian's Chromium is."""
    if CHROMIUM is None:
        pytest.skip("chromium is missing: nothing is tested in a browser (Debian: apt install chromium)")
    return CHROMIUM


@pytest.fixture(scope="session")
def address(chromium: str, built: Config) -> Iterator[str]:
    """The address of a server of the real build."""
    with serving(built) as found:
        yield found


@pytest.fixture(scope="session")
def reading(chromium: str, built: Config, report_text: Path) -> Iterator[str]:
    """The address of a server that has the operator's copy of the report's text."""
    with serving(built, "--text", f"{SOURCE}={report_text}") as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=options)
        yield found
        found.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, address: str, browser: Browser) -> Iterator[Opens]:
    """Opens pages, each in a browser of its own, as it were; at the end none may have complained of anything."""
    with ExitStack() as stack:

        def opened(kind: Kind, width: int = 1280, **options: object) -> Visit:
            base = request.getfixturevalue("reading") if kind.text else address
            return stack.enter_context(Visit.opened(browser, base, kind, width, **options))

        yield opened
