"""A place on the globe: affine transform, CRS and the four true corners of a chip, whichever data set it is from."""

import math
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from data_access.dataset import Corners, Transform
from errors import PlaceError


@dataclass(frozen=True)
class Geolocation:
    """A placed chip."""

    epsg: int
    transform: Transform
    corners: Corners


def corners_of(transform: Transform, epsg: int, shape: tuple[int, int]) -> Corners:
    """Longitude and latitude of the outer pixel edges: upper left, upper right, lower right, lower left.

    Raises:
        PlaceError: the CRS is unknown, or a corner is not on the globe.
    """
    a, b, c, d, e, f = transform
    height, width = shape
    pixels = ((0, 0), (width, 0), (width, height), (0, height))
    x = [a * column + b * row + c for column, row in pixels]
    y = [d * column + e * row + f for column, row in pixels]
    try:
        lon, lat = to_degrees(epsg).transform(x, y, errcheck=True)
    except ProjError as error:
        raise PlaceError(f"The corners ({x[0]}, {y[0]}) do not lie in EPSG:{epsg} ({error}).") from error
    upper_left, upper_right, lower_right, lower_left = ((check_place(*place)) for place in zip(lon, lat, strict=True))
    return upper_left, upper_right, lower_right, lower_left


def check_place(lon: float, lat: float) -> tuple[float, float]:
    """The same place, if it is one. Raises PlaceError for NaN, infinity and what lies outside the globe."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise PlaceError(
            f"The place (longitude {lon}, latitude {lat}) is not on the globe, so the sample can not be shown on a map."
        )
    return float(lon), float(lat)


@lru_cache(maxsize=128)  # 120 UTM zones
def to_degrees(epsg: int) -> Transformer:
    """Transformer from a projected CRS to longitude and latitude. Raises PlaceError for unknown codes."""
    try:
        crs = CRS.from_epsg(epsg)
        if not crs.is_projected:
            raise PlaceError(f"EPSG:{epsg} is not in metres; the data sets use UTM zones (EPSG:326xx, 327xx).")
        return Transformer.from_crs(crs, 4326, always_xy=True)
    except ProjError as error:
        raise PlaceError(f"The CRS EPSG:{epsg} is unknown; the data sets use UTM zones (EPSG:326xx, 327xx).") from error
