"""The small map: places on coasts and borders, none outside its edge."""

import re

from kg.web.locator import LEAST, MOST, Spot, locator, named, radius
from kg.web.models import Link
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


def test_the_greatest_spots_are_named_where_no_name_hides_another() -> None:
    near = [Spot(400.0 + 9 * n, 200.0, 8.0, 9 - n, (Link(f"Place of some name {n}", "/place"),)) for n in range(7)]
    found = list(named([*near, Spot(790.0, 300.0, 6.0, 1, (Link("Edge", "/place"),))], 400.0))
    labels = [each.label for each in found if each.label]
    assert found[0].label is not None
    assert found[-1].label is not None
    assert found[-1].label.anchor == "end"
    assert len({(each.x, each.y) for each in labels}) == len(labels) < len(found)


def test_only_the_places_given_are_drawn(drawn_site: Site) -> None:
    assert locator(drawn_site, {}).spots == ()
    assert locator(drawn_site, {f"{BASE}place/mill": 3}).spots == ()


def test_the_area_of_a_symbol_tells_the_number() -> None:
    assert radius(100, 100) == MOST
    assert radius(25, 100) == MOST / 2
    assert radius(1, 10_000) == LEAST
