"""Where a sample lies: affine transform, CRS and the four true corners, from whatever its file tells.

In this order: the `x` and `y` arrays of pixel centres; the Major TOM name in `sample`; the centre with the CRS. Where
the CRS is not stored, the UTM zone in which pixel centres and name or centre mean the same place takes its place.
"""

import math
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

from data_access.dataset import Transform
from data_access.geolocation import Geolocation, check_place, corners_of, to_degrees
from data_access.terramesh.grid import tile_upper_left, utm_epsg
from data_access.terramesh.modalities import PIXEL_M
from errors import PlaceError

_UNEVEN_M = 0.01  # pixel centres that differ more from even steps are no grid
_SAME_PLACE_M = 100.0  # a centre stored in few digits is this near; in a neighbouring zone it is 400 km away
_ZONE_DEGREES = 6.0


@dataclass(frozen=True)
class Placement:
    """What a file tells of its place; anything may be missing."""

    x: np.ndarray | None  # pixel centres in metres
    y: np.ndarray | None
    epsg: int | None
    sample: str | None
    centre: tuple[float, float] | None  # lon, lat


def locate(placement: Placement, shape: tuple[int, int]) -> Geolocation | None:
    """Place a chip of `shape` (y, x); None where the file does not tell.

    Raises:
        PlaceError: it tells, but with a coordinate that is NaN, infinite or outside the globe.
    """
    epsg, transform = placement.epsg, None
    if placement.x is not None and placement.y is not None:
        if (placement.y.size, placement.x.size) != shape:
            raise PlaceError(
                f"{placement.y.size} x {placement.x.size} pixel centres do not fit a chip of {shape[0]} x {shape[1]}."
            )
        transform = _from_centres(placement.x, placement.y)
        epsg = _zone_of(placement, transform, shape) if epsg is None else epsg
    elif placement.sample is not None and (tile := tile_upper_left(placement.sample, epsg)) is not None:
        epsg, left, top = tile
        transform = (PIXEL_M, 0.0, left, 0.0, -PIXEL_M, top)
    elif placement.centre is not None and epsg is not None:
        transform = _from_centre(placement.centre, epsg, shape)
    if epsg is None or transform is None:
        return None
    return Geolocation(epsg, transform, corners_of(transform, epsg, shape))


def _zone_of(placement: Placement, transform: Transform, shape: tuple[int, int]) -> int | None:
    """The UTM zone in which the pixel centres lie where the name or the centre says; None where none does."""
    left, top = transform[2], transform[5]
    if placement.sample is not None and (tile := tile_upper_left(placement.sample)) is not None:
        epsg, tile_left, tile_top = tile
        if math.dist((left, top), (tile_left, tile_top)) < _SAME_PLACE_M:
            return epsg
    if placement.centre is None or not all(map(math.isfinite, placement.centre)):
        return None
    lon, lat = placement.centre
    middle = (left + transform[0] * shape[1] / 2, top + transform[4] * shape[0] / 2)
    for east in (0.0, -_ZONE_DEGREES, _ZONE_DEGREES):  # a tile may reach over the edge of its zone
        epsg = utm_epsg((lon + east + 180) % 360 - 180, lat)
        if math.dist(Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat), middle) < _SAME_PLACE_M:
            return epsg
    return None


def _from_centres(x: np.ndarray, y: np.ndarray) -> Transform:
    """The transform of evenly spaced pixel centres."""
    step_x, step_y = _even_step(x, "x"), _even_step(y, "y", downwards=True)
    return (step_x, 0.0, float(x[0]) - step_x / 2, 0.0, step_y, float(y[0]) - step_y / 2)


def _even_step(centres: np.ndarray, name: str, *, downwards: bool = False) -> float:
    if centres.ndim != 1 or centres.size == 0 or not np.isfinite(centres).all():
        raise PlaceError(f"The pixel centres in {name!r} are NaN, infinite or no list, so the chip has no place.")
    if centres.size == 1:
        return -PIXEL_M if downwards else PIXEL_M
    step = float(centres[-1] - centres[0]) / (centres.size - 1)
    even = centres[0] + step * np.arange(centres.size)
    if step == 0 or np.abs(centres - even).max() > _UNEVEN_M:
        raise PlaceError(f"The pixel centres in {name!r} are not evenly spaced, so the chip has no place.")
    return step


def _from_centre(centre: tuple[float, float], epsg: int, shape: tuple[int, int]) -> Transform:
    lon, lat = check_place(*centre)
    to_degrees(epsg)  # names an unknown CRS
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    height, width = shape
    return (PIXEL_M, 0.0, x - width * PIXEL_M / 2, 0.0, -PIXEL_M, y + height * PIXEL_M / 2)
