"""The small map: places on coasts and borders, none outside its edge."""

import re

from kg.web.locator import LEAST, MOST, locator, radius
from kg.web.site import Site
from tests.store.builds import BASE


def test_places_at_one_point_share_a_spot_and_those_far_off_are_counted(drawn_site: Site) -> None:
    found = locator(drawn_site)
    (spot,) = found.spots
    assert spot.name == "Ferry District, Ferry Town" or spot.name == "Ferry Town, Ferry District"
    assert 0 < spot.x < found.width
    assert 0 < spot.y < found.height
    assert found.outside == 1  # Far Port
    assert re.fullmatch(r"[MLz0-9. -]+", found.land)


def test_only_the_places_given_are_drawn(drawn_site: Site) -> None:
    assert locator(drawn_site, {}).spots == ()
    assert locator(drawn_site, {f"{BASE}place/mill": 3}).spots == ()


def test_the_area_of_a_symbol_tells_the_number() -> None:
    assert radius(100, 100) == MOST
    assert radius(25, 100) == MOST / 2
    assert radius(1, 10_000) == LEAST
