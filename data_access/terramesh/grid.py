"""The Major TOM grid: where a sample lies, told by its name alone.

A TerraMesh sample of Major TOM is called `{row}_{column}_{c}_{r}`, such as 609U_541L_3_0: a cell of the 10 km grid, and
one of the 4 x 4 tiles of 264 px cut from its 1068 px. The closed forms were checked on real samples and cells (0.00 m).
"""

import math
import re
from functools import lru_cache

from pyproj import Transformer

from errors import PlaceError

ROWS = 2004  # rows of 10 km from pole to pole
EARTH_RADIUS_KM = 6378.137
CELL_KM = 10
TILE_M = 2640.0  # 264 px
_FRAME_M = 340.0  # how far a cell's image reaches over its lower left corner, to the left and below
_FRAME_HEIGHT_M = 10680.0  # 1068 px
_TILES = 4

_NAME = re.compile(r"(\d{1,4})([UD])_(\d{1,4})([RL])_([0-3])_([0-3])")


def tile_upper_left(name: str, epsg: int | None = None) -> tuple[int, float, float] | None:
    """EPSG code, x and y in metres of the upper left corner of a Major TOM tile; None for any other name.

    Args:
        name: the `sample` of a TerraMesh member.
        epsg: the UTM zone to use, where it is known; by default the zone of the cell's corner.

    Raises:
        PlaceError: the name looks like one of the grid's but lies outside it.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    row, up, column, right, tile_column, tile_row = match.groups()
    lon, lat = cell_corner(int(row) * (1 if up == "U" else -1), int(column) * (1 if right == "R" else -1))
    zone = utm_epsg(lon, lat) if epsg is None else epsg
    x, y = _to_projected(zone).transform(lon, lat)
    left = x - _FRAME_M + TILE_M * int(tile_column)
    top = y - _FRAME_M + _FRAME_HEIGHT_M - TILE_M * int(tile_row)
    return zone, left, top


def cell_corner(row: int, column: int) -> tuple[float, float]:
    """Longitude and latitude of the lower left corner of a cell; row 0 at the equator, column 0 at Greenwich.

    Raises:
        PlaceError: the grid has no such cell.
    """
    lat = row * 180 / ROWS
    if abs(lat) >= 90:
        raise PlaceError(f"Row {row} lies outside the Major TOM grid of {ROWS} rows.")
    columns = math.ceil(2 * math.pi * EARTH_RADIUS_KM * math.cos(math.radians(lat)) / CELL_KM)
    lon = column * 360 / columns
    if abs(lon) > 180:
        raise PlaceError(f"Column {column} lies outside row {row} of the Major TOM grid, which has {columns}.")
    return lon, lat


def utm_epsg(lon: float, lat: float) -> int:
    """EPSG code of the UTM zone of a place, the exceptions around Norway and Svalbard included."""
    zone = int((lon + 180) // 6) % 60 + 1
    if 56 <= lat < 64 and 3 <= lon < 12:
        zone = 32
    elif 72 <= lat < 84 and 0 <= lon < 42:
        zone = 31 + 2 * int((lon + 3) // 12) if lon >= 9 else 31
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=128)  # 120 UTM zones
def _to_projected(epsg: int) -> Transformer:
    return Transformer.from_crs(4326, epsg, always_xy=True)
