"""Corners from pixel centres, Major TOM names, or the centre; damaged places are named."""

from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod

from data_access.geolocation import corners_of, to_degrees
from data_access.terramesh.geolocation import Placement, locate
from errors import PlaceError

GEOD = Geod(ellps="WGS84")
EMPTY = Placement(None, None, None, None, None)
BY_CENTRES = Placement(500_005.0 + 10 * np.arange(264), 4_999_995.0 - 10 * np.arange(264), 32632, None, None)


def test_outer_edges_of_pixel_centres() -> None:
    place = locate(BY_CENTRES, (264, 264))
    assert place is not None
    assert place.transform == (10, 0, 500_000, 0, -10, 5_000_000)
    upper_left, upper_right, lower_right, lower_left = place.corners
    assert upper_left[0] == pytest.approx(9.0, abs=1e-9)  # the central meridian
    assert GEOD.inv(*upper_left, *upper_right)[2] == pytest.approx(2640 / 0.9996, rel=1e-5)
    assert upper_left[1] > lower_left[1]
    assert lower_right[0] > lower_left[0]


def test_name_and_centre_give_the_same_place_as_pixel_centres() -> None:
    by_name = locate(replace(EMPTY, sample="38D_378R_2_3"), (264, 264))
    assert by_name is not None
    a, _, left, _, e, top = by_name.transform
    by_centres = locate(
        replace(EMPTY, x=left + a * (np.arange(264) + 0.5), y=top + e * (np.arange(264) + 0.5), epsg=by_name.epsg),
        (264, 264),
    )
    centre = to_degrees(by_name.epsg).transform(left + 1320, top - 1320)
    by_centre = locate(replace(EMPTY, centre=centre, epsg=by_name.epsg), (264, 264))
    for other in (by_centres, by_centre):
        assert other is not None
        for corner, expected in zip(other.corners, by_name.corners, strict=True):
            assert GEOD.inv(*corner, *expected)[2] < 0.001


def test_rows_from_south_to_north_stay_so() -> None:
    assert BY_CENTRES.y is not None
    place = locate(replace(BY_CENTRES, y=BY_CENTRES.y[::-1]), (264, 264))
    assert place is not None
    assert place.corners[0][1] < place.corners[3][1]


@pytest.mark.parametrize(("east", "zone"), [(8.99, 32), (6.02, 31), (5.98, 32)])
def test_the_zone_is_told_by_the_centre_where_no_crs_is_stored(east: float, zone: int) -> None:
    x, y = to_degrees(32600 + zone).transform(east, 47.0, direction="INVERSE")
    centres = replace(EMPTY, x=x - 1315 + 10 * np.arange(264), y=y + 1315 - 10 * np.arange(264))
    place = locate(replace(centres, centre=(round(east, 4), 47.0)), (264, 264))
    assert place is not None
    assert place.epsg == 32600 + zone
    assert locate(replace(centres, centre=(east + 1, 47.0)), (264, 264)) is None
    assert locate(replace(centres, centre=(np.nan, 47.0)), (264, 264)) is None


def test_the_zone_is_told_by_the_name_where_no_crs_is_stored() -> None:
    by_name = locate(replace(EMPTY, sample="433D_629L_3_1"), (224, 224))
    assert by_name is not None
    _, _, left, _, _, top = by_name.transform
    centres = replace(EMPTY, x=left + 5 + 10 * np.arange(224), y=top - 5 - 10 * np.arange(224))
    assert locate(replace(centres, sample="433D_629L_3_1"), (224, 224)) == by_name
    assert locate(replace(centres, sample="38D_378R_2_3"), (224, 224)) is None


@pytest.mark.parametrize(
    "placement",
    [
        EMPTY,
        replace(BY_CENTRES, epsg=None),
        replace(EMPTY, epsg=32632),
        replace(EMPTY, centre=(9.0, 45.0)),
        replace(EMPTY, sample="0194630_1", epsg=32632),
    ],
)
def test_no_place_where_nothing_tells(placement: Placement) -> None:
    assert locate(placement, (264, 264)) is None


@pytest.mark.parametrize(
    ("placement", "message"),
    [
        (replace(BY_CENTRES, x=np.full(264, np.nan)), "pixel centres in 'x' are NaN"),
        (replace(BY_CENTRES, y=np.geomspace(1, 1e6, 264)), "'y' are not evenly spaced"),
        (replace(BY_CENTRES, y=np.zeros(264)), "'y' are not evenly spaced"),
        (replace(BY_CENTRES, x=np.arange(10.0)), "264 x 10 pixel centres"),
        (replace(BY_CENTRES, epsg=999_999), "EPSG:999999 is unknown"),
        (replace(BY_CENTRES, epsg=4326), "EPSG:4326 is not in metres"),
        (replace(BY_CENTRES, x=np.arange(264.0) + 1e12), "do not lie in EPSG:32632|not on the globe"),
        (replace(EMPTY, centre=(float("nan"), 45.0), epsg=32632), "longitude nan, latitude 45.0"),
        (replace(EMPTY, centre=(9.0, float("inf")), epsg=32632), "not on the globe"),
        (replace(EMPTY, centre=(900.0, 45.0), epsg=32632), "not on the globe"),
        (replace(EMPTY, sample="9999U_0R_0_0"), "outside the Major TOM grid"),
    ],
)
def test_damaged_places_are_named(placement: Placement, message: str) -> None:
    with pytest.raises(PlaceError, match=message):
        locate(placement, (264, 264))


def test_a_nan_centre_does_no_harm_beside_pixel_centres() -> None:
    assert locate(replace(BY_CENTRES, centre=(float("nan"), float("nan"))), (264, 264)) is not None


def test_one_pixel_has_a_place() -> None:
    assert len(corners_of((10, 0, 500_000, 0, -10, 0), 32632, (1, 1))) == 4
    place = locate(replace(BY_CENTRES, x=np.array([5.0]), y=np.array([5.0])), (1, 1))
    assert place is not None
    assert place.transform == (10, 0, 0, 0, -10, 10)
