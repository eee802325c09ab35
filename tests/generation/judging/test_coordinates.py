"""Distances on the globe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from generation.judging.coordinates import distance_km

places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(places, places)
def test_distance_is_that_along_the_line_on_the_ellipsoid(one: tuple[float, float], other: tuple[float, float]) -> None:
    along = Geod(ellps="WGS84").line_length([one[0], other[0]], [one[1], other[1]]) / 1000
    assert distance_km(one, other) == pytest.approx(along, abs=1e-6)
    assert distance_km(one, other) == pytest.approx(distance_km(other, one) or 0, abs=1e-6)


def test_known_distances() -> None:
    assert distance_km((2.3522, 48.8566), (13.405, 52.52)) == pytest.approx(878, abs=2)  # Paris, Berlin
    assert distance_km((179.9, 0), (-179.9, 0)) == pytest.approx(22.3, abs=0.1)  # across the date line


@pytest.mark.parametrize("place", [(float("nan"), 3), (0, float("inf")), (10, 91)])
def test_what_is_no_place_has_no_distance(place: tuple[float, float]) -> None:
    assert distance_km(place, (0, 0)) is None
