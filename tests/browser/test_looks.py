"""Every page, on a phone and on a desk, in light and dark: it fits, and everyone can read and use it."""

import pytest

from tests.browser.conftest import Opens
from tests.browser.pages import PAGES, Kind


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_a_page_fits_and_has_no_barrier(kind: Kind, width: int, visit: Opens) -> None:
    found = visit(kind, width, color_scheme="light")
    assert found.too_wide() == []
    assert found.barriers() == []
    found.page.emulate_media(color_scheme="dark")
    assert found.barriers(colours=True) == []
