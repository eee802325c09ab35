"""Major TOM names give the place to the centimetre; other names give nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.grid import ROWS, TILE_M, cell_corner, tile_upper_left, utm_epsg
from errors import PlaceError

# Published coordinates of real samples: name, EPSG code, upper left corner.
REAL = [
    ("38D_378R_2_3", 32736, 617301.820, 9625098.227),
    ("433D_629L_3_1", 32718, 717729.835, 5700093.331),
    ("637U_59R_1_3", 32632, 549892.697, 6344077.614),
]


@pytest.mark.parametrize(("name", "epsg", "x", "y"), REAL)
def test_real_samples_lie_where_they_were_published(name: str, epsg: int, x: float, y: float) -> None:
    for zone in (None, epsg):
        found = tile_upper_left(name, zone)
        assert found is not None
        assert found[0] == epsg
        assert found[1:] == pytest.approx((x, y), abs=0.001)


def test_tiles_of_a_cell_touch() -> None:
    first, right, below = (tile_upper_left(f"38D_378R_{tile}") for tile in ("0_0", "1_0", "0_1"))
    assert first is not None
    assert right is not None
    assert below is not None
    assert right[1] - first[1] == TILE_M
    assert first[2] - below[2] == TILE_M


@pytest.mark.parametrize(
    "name", ["0194630_1", "", "38D_378R", "38D_378R_4_0", "38X_378R_0_0", "-1U_0R_0_0", "1U_1R_0_0\n"]
)
def test_other_names_are_not_of_the_grid(name: str) -> None:
    assert tile_upper_left(name) is None


@pytest.mark.parametrize("name", ["1002U_0R_0_0", "9999D_0L_0_0", "0U_2005R_0_0", "1000U_100L_0_0"])
def test_cells_outside_the_grid_are_named(name: str) -> None:
    with pytest.raises(PlaceError, match="outside"):
        tile_upper_left(name)


@given(st.integers(-ROWS // 2 + 1, ROWS // 2 - 1), st.integers(-2100, 2100))
def test_cells_are_on_the_globe_or_refused(row: int, column: int) -> None:
    try:
        lon, lat = cell_corner(row, column)
    except PlaceError:
        return
    assert -180 <= lon <= 180
    assert -90 < lat < 90


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (9, 45, 32632),
        (-180, -1, 32701),
        (180, 1, 32601),
        (5, 60, 32632),
        (2, 60, 32631),
        (8, 78, 32631),
        (10, 78, 32633),
        (20, 78, 32633),
        (22, 78, 32635),
        (35, 78, 32637),
        (41, 78, 32637),
        (42, 78, 32638),
        (31, 0, 32636),
    ],
)
def test_zones_with_their_exceptions(lon: float, lat: float, epsg: int) -> None:
    assert utm_epsg(lon, lat) == epsg
