"""Web-mercator positions as unsigned integers, and their order along the Morton (Z) curve.

The world square is 2**32 units wide: x grows east from the antimeridian, y grows south from the mercator limit. All
points of one map tile are neighbours on the curve, at every zoom.
"""

import numpy as np

BITS = 32  # of one coordinate; a unit is under a centimetre
MAX_LATITUDE = 85.0511287798066  # where web mercator ends; points beyond are drawn on its edge

_SPREAD_STEPS = (  # shift and mask: each step doubles the gaps between the bits
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def mercator(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in degrees as (x, y), uint32 world units; latitudes beyond the limit are clipped."""
    latitude = np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE))
    east = (np.asarray(lon) + 180) / 360
    south = (1 - np.arcsinh(np.tan(latitude)) / np.pi) / 2
    units: np.ndarray = np.clip(np.stack([east, south]) * 2.0**BITS, 0, 2.0**BITS - 1).astype(np.uint32)
    return units[0], units[1]


def morton(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Codes along the curve, uint64: the bits of x and y interleaved, y the more significant of each pair."""
    code: np.ndarray = spread(x) | (spread(y) << np.uint64(1))
    return code


def spread(values: np.ndarray) -> np.ndarray:
    """Each 32-bit value with a zero between its bits, uint64."""
    spaced = values.astype(np.uint64)
    for shift, mask in _SPREAD_STEPS:
        spaced = (spaced | (spaced << np.uint64(shift))) & np.uint64(mask)
    return spaced


def tile_span(zoom: int, x: int, y: int) -> tuple[int, int]:
    """First and last code of a map tile."""
    shift = 2 * (BITS - zoom)
    code = int(morton(np.array([x], np.uint32), np.array([y], np.uint32))[0])
    return code << shift, ((code + 1) << shift) - 1


def unit_boxes(bbox: tuple[float, float, float, float]) -> list[tuple[int, int, int, int]]:
    """A box of degrees (west, south, east, north) as west, north, east, south in world units; two across the seam."""
    west, south, east, north = bbox
    (left, right), (top, bottom) = mercator(np.array([west, east]), np.array([north, south]))
    x_west, x_east, y_north, y_south = int(left), int(right), int(top), int(bottom)
    if west <= east:
        return [(x_west, y_north, x_east, y_south)]
    return [(x_west, y_north, (1 << BITS) - 1, y_south), (0, y_north, x_east, y_south)]


def covering_tiles(west: int, north: int, east: int, south: int) -> list[tuple[int, int, int]]:
    """The few map tiles (zoom, x, y) that cover a box of world units with a margin of one unit."""
    last = (1 << BITS) - 1
    west, north, east, south = max(west - 1, 0), max(north - 1, 0), min(east + 1, last), min(south + 1, last)
    size = max(east - west, south - north)
    zoom = min(max(BITS - size.bit_length(), 0) + 2, BITS)  # tiles of a quarter to an eighth of the box's size
    shift = BITS - zoom
    return [
        (zoom, x, y)
        for y in range(north >> shift, (south >> shift) + 1)
        for x in range(west >> shift, (east >> shift) + 1)
    ]


def tile_slice(code: np.ndarray, zoom: int, x: int, y: int) -> tuple[int, int]:
    """Where the points of a map tile begin and end among ascending codes."""
    first, last = np.array(tile_span(zoom, x, y), dtype=np.uint64)
    return int(np.searchsorted(code, first)), int(np.searchsorted(code, last, side="right"))


def slices_near(code: np.ndarray, bbox: tuple[float, float, float, float]) -> list[tuple[int, int]]:
    """Ranges among ascending codes that together hold every point in a box of degrees, and some around it.

    They rise, and none overlaps another, also where a box meets itself across the antimeridian.
    """
    tiles = {tile for box in unit_boxes(bbox) for tile in covering_tiles(*box)}
    slices: list[tuple[int, int]] = []
    for low, high in sorted(tile_slice(code, *tile) for tile in tiles):
        start = max(low, slices[-1][1]) if slices else low
        if start < high:
            slices.append((start, high))
    return slices
