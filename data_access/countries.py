"""The country of many points at once: a raster decides most of them, exact polygons those near a border or coast."""

from functools import cached_property

import numpy as np
import shapely
from rasterio import Affine
from rasterio.features import rasterize

from data_access.country_names import full_name

_CELL = 0.1  # degrees: about a tenth of all land lies in cells that a border touches
_ROWS, _COLUMNS = 1800, 3600
_COAST_REACH = 0.06  # degrees, 7 km: atlas coasts are drawn that roughly, and chips are 1 to 3 km wide
_RASTER_FROM = 20_000  # points: below, exact tests are quicker than drawing the raster
_BATCH = 500_000  # points tested exactly at once, to bound memory
_PIECE = 32  # corners of one piece of shore in the search for the nearest
_NOT_DECIDED = -2  # in the raster: ask the polygons
_SEA = -1


class Countries:
    """Countries of an atlas; safe to use from many threads at once."""

    def __init__(self, countries: list[tuple[str, np.ndarray]]) -> None:
        """Take names and polygons as `topojson.read_countries` gives them."""
        self.names = tuple(full_name(name) for name, _ in countries)
        self._polygons = np.concatenate([polygons for _, polygons in countries])
        self._owners = np.repeat(np.arange(len(countries)), [len(polygons) for _, polygons in countries])
        self._shores, self._shore_owners = _shores(self._polygons, self._owners)

    def find(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Index into `names` for points of finite degrees, (n,) int16; -1 at sea, a few kilometres off any coast."""
        if len(lon) < _RASTER_FROM:
            return self._exact(lon, lat)
        raster = self._raster
        row = np.clip(((90 - lat) / _CELL).astype(np.int32), 0, _ROWS - 1)
        column = ((lon + 180) / _CELL).astype(np.int32) % _COLUMNS
        found: np.ndarray = raster[row, column]
        open_points = np.flatnonzero(found == _NOT_DECIDED)
        for start in range(0, len(open_points), _BATCH):
            batch = open_points[start : start + _BATCH]
            found[batch] = self._exact(lon[batch], lat[batch])
        return found

    def _exact(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        found = np.full(len(lon), _SEA, dtype=np.int16)
        points = shapely.points(lon, lat)
        # The tree holds the points, since a query prepares what it asks with: here polygons of up to 30,000 corners.
        polygons, hits = shapely.STRtree(points).query(self._polygons, predicate="intersects")
        found[hits] = self._owners[polygons]
        lost = np.flatnonzero(found == _SEA)
        near, shores = self._shores.query_nearest(points[lost], max_distance=_COAST_REACH, all_matches=False)
        found[lost[near]] = self._shore_owners[shores]
        return found

    @cached_property
    def _raster(self) -> np.ndarray:
        """Country of whole cells, (1800, 3600) int16; cells with a border and sea cells beside one are not decided."""
        grid = Affine(_CELL, 0, -180, 0, -_CELL, 90)
        inside = rasterize(
            zip(self._polygons, self._owners.tolist(), strict=True),
            out_shape=(_ROWS, _COLUMNS),
            fill=_SEA,
            transform=grid,
            dtype="int16",
        )
        lines = shapely.boundary(self._polygons)
        border = rasterize(lines, out_shape=(_ROWS, _COLUMNS), transform=grid, all_touched=True, dtype="uint8") > 0
        inside[border | ((inside == _SEA) & _grown(border))] = _NOT_DECIDED
        return np.asarray(inside)


def _grown(cells: np.ndarray) -> np.ndarray:
    """The cells and their eight neighbours; the first and last column are neighbours too."""
    wide = cells | np.roll(cells, 1, axis=1) | np.roll(cells, -1, axis=1)
    grown = wide.copy()
    grown[1:] |= wide[:-1]
    grown[:-1] |= wide[1:]
    return np.asarray(grown)


def _shores(polygons: np.ndarray, owners: np.ndarray) -> tuple[shapely.STRtree, np.ndarray]:
    """A tree of short pieces of all outlines, and whose outline each is: distances to whole ones take for ever."""
    pieces, piece_owners = [], []
    rings, ring_polygons = shapely.get_rings(polygons, return_index=True)
    for ring, polygon in zip(rings, ring_polygons, strict=True):
        corners = shapely.get_coordinates(ring)
        for start in range(0, len(corners) - 1, _PIECE):
            pieces.append(corners[start : start + _PIECE + 1])
            piece_owners.append(owners[polygon])
    indices = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    return shapely.STRtree(shapely.linestrings(np.concatenate(pieces), indices=indices)), np.array(piece_owners)
