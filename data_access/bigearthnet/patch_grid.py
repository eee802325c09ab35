"""Where and when a BigEarthNet patch was taken, from its name alone.

Names carry an MGRS tile, a column and a row. Sentinel-2 tiles are 109.8 km wide and start at the upper left corner of
their 100 km square, moved outwards to the next multiple of 60 m so that pixels of 10, 20 and 60 m all fit. Patches of
1.2 km fill the tile from there. Checked against all 549,488 published positions and the transforms of real GeoTIFFs.

A Sentinel-1 name must never be made from a Sentinel-2 name: only the column `s1_name` pairs them.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyproj import Transformer

from data_access.dataset import Corners, Transform

PATCH_SIZE_M = 1200  # edge of a patch: 120 pixels of 10 m, 60 of 20 m, 20 of 60 m

_TILE = r"(?P<tile>[0-6][0-9][C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])"
_TIME = r"(?P<time>[0-9]{8}T[0-9]{6})"
PATCH_ID_PATTERN = (
    rf"S2[A-D]_MSIL2A_{_TIME}_N[0-9]{{4}}_R[0-9]{{3}}_T{_TILE}"
    r"_(?P<column>[0-8][0-9]|90)_(?P<row>[0-8][0-9]|90)"  # a tile of 109.8 km holds 91 whole patches
)
S1_NAME_PATTERN = rf"S1[A-D]_IW_GRDH_1SDV_{_TIME}_{_TILE}_(?P<column>[0-9]|[1-8][0-9]|90)_(?P<row>[0-9]|[1-8][0-9]|90)"
_PATCH_ID = re.compile(PATCH_ID_PATTERN)
_S1_NAME = re.compile(S1_NAME_PATTERN)
SQUARE_M = 100_000
ROW_CYCLE_M = 2_000_000  # the twenty row letters repeat
_COLUMN_LETTERS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")  # by zone modulo 3
_ROW_LETTERS = "ABCDEFGHJKLMNPQRSTUV"
_EVEN_ZONE_SHIFT = 5  # even zones begin the row letters at F
_TILE_STEP_M = 60
# Northing below which no square of a latitude band begins, in units of 100 km; resolves the 2,000 km ambiguity.
_BAND_START = dict(
    zip(
        "CDEFGHJKLMNPQRSTUVWX",
        (11, 20, 28, 37, 46, 55, 64, 73, 82, 91, 0, 8, 17, 26, 35, 44, 53, 62, 70, 79),
        strict=True,
    )
)


@dataclass(frozen=True)
class PatchPlace:
    """Footprint of one patch: UTM zone and upper left corner in metres."""

    epsg: int
    ulx: int
    uly: int

    def transform(self, pixel_m: float) -> Transform:
        """Affine transform for pixels of `pixel_m` metres."""
        return (float(pixel_m), 0.0, float(self.ulx), 0.0, -float(pixel_m), float(self.uly))

    def corners(self) -> Corners:
        """Longitude and latitude of the outer edges: upper left, upper right, lower right, lower left."""
        right, bottom = self.ulx + PATCH_SIZE_M, self.uly - PATCH_SIZE_M
        eastings = (self.ulx, right, right, self.ulx)
        northings = (self.uly, self.uly, bottom, bottom)
        lons, lats = to_lonlat(self.epsg).transform(eastings, northings)
        first, second, third, fourth = ((float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True))
        return (first, second, third, fourth)

    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the centre, in degrees."""
        lon, lat = to_lonlat(self.epsg).transform(self.ulx + PATCH_SIZE_M / 2, self.uly - PATCH_SIZE_M / 2)
        return float(lon), float(lat)


@lru_cache(maxsize=128)
def to_lonlat(epsg: int) -> Transformer:
    """From the metres of a UTM zone to longitude and latitude."""
    return Transformer.from_crs(epsg, 4326, always_xy=True)


@lru_cache(maxsize=4096)
def tile_origin(tile: str) -> PatchPlace | None:
    """Upper left corner of a Sentinel-2 tile such as `33UUP`; None where the letters name no square of the zone."""
    if not re.fullmatch(_TILE, tile):
        return None
    zone, band, column, row = int(tile[:2]), tile[2], tile[3], tile[4]
    letters = _COLUMN_LETTERS[zone % 3]
    if not 1 <= zone <= 60 or column not in letters:
        return None
    easting = (letters.index(column) + 1) * SQUARE_M
    shift = 0 if zone % 2 else _EVEN_ZONE_SHIFT
    northing = (_ROW_LETTERS.index(row) - shift) % len(_ROW_LETTERS) * SQUARE_M
    while northing < _BAND_START[band] * SQUARE_M:
        northing += ROW_CYCLE_M
    top = northing + SQUARE_M
    return PatchPlace(
        epsg=(32600 if band >= "N" else 32700) + zone,
        ulx=easting // _TILE_STEP_M * _TILE_STEP_M,
        uly=math.ceil(top / _TILE_STEP_M) * _TILE_STEP_M,
    )


def is_patch_id(name: str) -> bool:
    """Whether `name` is spelled like a Sentinel-2 patch of BigEarthNet v2."""
    return _PATCH_ID.fullmatch(name) is not None


def is_s1_name(name: str) -> bool:
    """Whether `name` is spelled like a Sentinel-1 patch of BigEarthNet v2."""
    return _S1_NAME.fullmatch(name) is not None


def place_of(name: str) -> PatchPlace | None:
    """Footprint of a Sentinel-2 or Sentinel-1 patch name; None where the name is of another kind."""
    match = _PATCH_ID.fullmatch(name) or _S1_NAME.fullmatch(name)
    origin = tile_origin(match["tile"]) if match else None
    if match is None or origin is None:
        return None
    column, row = int(match["column"]), int(match["row"])
    return PatchPlace(origin.epsg, origin.ulx + PATCH_SIZE_M * column, origin.uly - PATCH_SIZE_M * row)


def time_of(name: str) -> datetime | None:
    """Start of the acquisition (UTC, without zone) as the name gives it; None where it gives no valid one."""
    match = _PATCH_ID.fullmatch(name) or _S1_NAME.fullmatch(name)
    return _parse_time(match["time"]) if match else None


def _parse_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - names give UTC without a zone
    except ValueError:
        return None


def places_in(names: Sequence[str] | pa.Array) -> pa.Table:
    """Place and time of many names at once.

    Args:
        names: Sentinel-2 or Sentinel-1 patch names; others give nulls.

    Returns:
        Table with one row per name: epsg int32, ulx and uly int64 (metres), lon and lat float64 (patch centre,
        degrees), time timestamp[us] (UTC).
    """
    array = names if isinstance(names, (pa.Array, pa.ChunkedArray)) else pa.array(list(names), pa.string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = pc.cast(array, pa.string())
    s2, s1 = (pc.extract_regex(array, f"^(?:{pattern})$") for pattern in (PATCH_ID_PATTERN, S1_NAME_PATTERN))
    tile, column, row, time = (
        pc.coalesce(pc.struct_field(s2, field), pc.struct_field(s1, field))
        for field in ("tile", "column", "row", "time")
    )
    tiles = tile.dictionary_encode()
    origins = [tile_origin(text) for text in tiles.dictionary.to_pylist()]
    lookup = np.array([(o.epsg, o.ulx, o.uly) if o else (0, 0, 0) for o in [*origins, None]], np.int64)
    epsg, ulx, uly = lookup[tiles.indices.fill_null(len(origins)).to_numpy(zero_copy_only=False)].T
    ulx = ulx + PATCH_SIZE_M * _integers(column)
    uly = uly - PATCH_SIZE_M * _integers(row)
    lon, lat = _centres(epsg, ulx, uly)
    void = epsg == 0
    return pa.table(
        {
            "epsg": pa.array(epsg.astype(np.int32), mask=void),
            "ulx": pa.array(ulx, mask=void),
            "uly": pa.array(uly, mask=void),
            "lon": pa.array(lon, mask=void),
            "lat": pa.array(lat, mask=void),
            "time": _times(time),
        }
    )


def _integers(digits: pa.Array) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    numbers = pc.cast(pc.fill_null(digits, "0"), pa.int64())
    return np.asarray(numbers, np.int64)


def _times(texts: pa.Array) -> pa.Array:
    encoded = texts.dictionary_encode()  # a few hundred acquisitions; pyarrow's own parser takes 31 June for 1 July
    parsed = pa.array([_parse_time(text) for text in encoded.dictionary.to_pylist()], pa.timestamp("us"))
    return parsed.take(encoded.indices)


def _centres(epsg: np.ndarray, ulx: np.ndarray, uly: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of patch centres; NaN where `epsg` is 0."""
    lon, lat = np.full(len(epsg), np.nan), np.full(len(epsg), np.nan)
    half = PATCH_SIZE_M / 2
    for code in np.unique(epsg[epsg > 0]):
        chosen = epsg == code
        lon[chosen], lat[chosen] = to_lonlat(int(code)).transform(ulx[chosen] + half, uly[chosen] - half)
    return lon, lat
