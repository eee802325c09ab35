"""From a place to the square that its sample covers: a tile of the Major TOM grid, or the square around the place."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from data_access.terramesh.grid import CELL_KM, EARTH_RADIUS_KM, ROWS, TILE_M, tile_upper_left, utm_epsg
from data_access.terramesh.modalities import PIXEL_M

SIZE_PX = 264


@dataclass(frozen=True)
class Square:
    """The ground of one sample.

    Attributes:
        sample: its name in the grid of its source.
        epsg: UTM zone (WGS 84).
        left: x of the left edge, metres.
        top: y of the upper edge, metres.
    """

    sample: str
    epsg: int
    left: float
    top: float

    @property
    def x(self) -> NDArray[np.float64]:
        """Pixel centres, metres east."""
        return np.asarray(self.left + PIXEL_M / 2 + PIXEL_M * np.arange(SIZE_PX), dtype=np.float64)

    @property
    def y(self) -> NDArray[np.float64]:
        """Pixel centres, metres north, from the north down."""
        return np.asarray(self.top - PIXEL_M / 2 - PIXEL_M * np.arange(SIZE_PX), dtype=np.float64)

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle, degrees."""
        lon, lat = self._degrees().transform(self.left + TILE_M / 2, self.top - TILE_M / 2)
        return float(lon), float(lat)

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Longitude and latitude of the outer corners: upper left, upper right, lower right, lower left."""
        right, bottom = self.left + TILE_M, self.top - TILE_M
        xs, ys = [self.left, right, right, self.left], [self.top, self.top, bottom, bottom]
        lons, lats = self._degrees().transform(xs, ys)
        return [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]

    def _degrees(self) -> Transformer:
        return Transformer.from_crs(self.epsg, 4326, always_xy=True)


def major_tom_square(lon: float, lat: float) -> Square:
    """The tile of the Major TOM grid that holds a place, or the nearest of its cell (tiles leave a gap of 120 m)."""
    row = math.floor(lat * ROWS / 180)
    columns = math.ceil(2 * math.pi * EARTH_RADIUS_KM * math.cos(math.radians(row * 180 / ROWS)) / CELL_KM)
    column = math.floor(lon * columns / 360)
    cell = f"{abs(row)}{'U' if row >= 0 else 'D'}_{abs(column)}{'R' if column >= 0 else 'L'}"
    first = tile_upper_left(f"{cell}_0_0")
    if first is None:
        raise AssertionError(f"{cell} is not a name of the grid")
    epsg, left, top = first
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    across = min(3, max(0, math.floor((x - left) / TILE_M)))
    down = min(3, max(0, math.floor((top - y) / TILE_M)))
    return Square(f"{cell}_{across}_{down}", epsg, left + TILE_M * across, top - TILE_M * down)


def ssl4eo_square(lon: float, lat: float, location: int, season: int) -> Square:
    """The square around a place, on whole tens of metres; named by location and season (0-3)."""
    epsg = utm_epsg(lon, lat)
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    left = round((x - TILE_M / 2) / PIXEL_M) * PIXEL_M
    top = round((y + TILE_M / 2) / PIXEL_M) * PIXEL_M
    return Square(f"{location:07d}_{season}", epsg, left, top)
