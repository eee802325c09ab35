"""How far a generated place lies from the true one."""

import math

from pyproj import Geod

_EARTH = Geod(ellps="WGS84")  # what degrees of the data sets refer to
LonLat = tuple[float, float]


def distance_km(one: LonLat, other: LonLat) -> float | None:
    """The shortest way between two places on the ellipsoid.

    Args:
        one: longitude and latitude, degrees.
        other: likewise.

    Returns:
        Kilometres; None where either is not a place: NaN, infinite, or a latitude beyond the poles.
    """
    if not (_is_place(one) and _is_place(other)):
        return None
    _, _, metres = _EARTH.inv(one[0], one[1], other[0], other[1])
    return float(metres) / 1000


def _is_place(place: LonLat) -> bool:
    return all(math.isfinite(degrees) for degrees in place) and abs(place[1]) <= 90
