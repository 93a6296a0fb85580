"""Shapes: coasts and borders cut to bounds, and read again."""

import json
from pathlib import Path

import pytest

from kg.web import coasts
from kg.web.vendor import SERVED

# two countries side by side: the left one from (0, 0) to (2, 2), the right one from (2, 0) to (4, 2)
TOPOLOGY = json.dumps(
    {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [2, 0], [0, 2], [-2, 0]]],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "arcs": [[[2, -1]]]},
                ],
            },
            "land": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": [[[1, 2]]]}]},
        },
    }
).encode()


def cut(tmp_path: Path, *bounds: float) -> coasts.Shapes:
    path = tmp_path / "cut.json"
    path.write_bytes(coasts.cut(TOPOLOGY, bounds, 2))
    return coasts.read(path)


def test_land_is_whole_and_borders_are_what_two_countries_share(tmp_path: Path) -> None:
    found = cut(tmp_path, -1, -1, 5, 5)
    assert found.borders == (((2.0, 0.0), (2.0, 2.0)),)
    (ring,) = found.land
    assert ring[0] == ring[-1]
    assert set(ring) == {(0, 0), (0, 2), (2, 0), (2, 2), (4, 0), (4, 2)}


def test_what_lies_beyond_the_bounds_is_cut_off(tmp_path: Path) -> None:
    found = cut(tmp_path, 1, 0.5, 3, 1.5)
    assert found.bounds == (1, 0.5, 3, 1.5)
    assert found.borders == (((2.0, 0.5), (2.0, 1.5)),)
    (ring,) = found.land
    assert set(ring) == {(1, 0.5), (1, 1.5), (3, 0.5), (3, 1.5)}


def test_bounds_without_land_hold_nothing(tmp_path: Path) -> None:
    assert cut(tmp_path, 10, 10, 12, 12).land == ()


@pytest.mark.parametrize("name", ["world.json", "region.json", "region-small.json"])
def test_the_shapes_served_lie_within_their_bounds_and_are_small(name: str) -> None:
    path = SERVED / "world-atlas" / name
    found = coasts.read(path)
    west, south, east, north = found.bounds
    points = [point for line in (*found.land, *found.borders) for point in line]
    assert len(points) > 500
    assert all(west <= x <= east and south <= y <= north for x, y in points)
    assert all(ring[0] == ring[-1] for ring in found.land)
    assert path.stat().st_size < 60_000
