"""Positions of all samples along a space-filling curve: any map tile is one contiguous slice."""

import numpy as np
import pyarrow as pa

from data_access.catalog import TableCatalog
from data_access.filter_mask import Categorical, TypedColumn
from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.memory_cache import OnceCache
from data_access.morton import BITS, covering_tiles, mercator, morton, spread, tile_span, unit_boxes
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASK_COLUMNS
from errors import TooLargeError

TILE_BITS = 8  # a tile is 256 x 256 cells
CELLS = 1 << TILE_BITS
MAX_ZOOM = BITS - TILE_BITS
VIEW_COLUMNS = ("id", "lon", "lat", "country", "season", "split", "source")

_WIDE_ZOOMS = 4  # zoom levels whose occupied cells are remembered: their slices hold millions of points
_MASK_BYTES = 128_000_000  # a dozen filters over 9.2 M samples
_FLOAT_BYTES = 8
_STARTS_BYTES = 64_000_000  # all wide zooms of 9.2 M samples
_COLUMN_BYTES = 160_000_000  # longitude and latitude of 9.2 M samples
_FIELD_COLUMNS: dict[str, tuple[str, ...]] = {  # what the mask of a field is computed from
    **{name: (name,) for name in CATEGORICAL_COLUMNS},
    "type": TASK_COLUMNS,
    "category": TASK_COLUMNS,
    "bbox": ("lon", "lat"),
    "lasso": ("lon", "lat"),
    "time_from": ("time",),
    "time_to": ("time",),
    "cloud_max": ("cloud_cover",),
}  # a measure is a column itself


def _cells_along_the_curve() -> np.ndarray:
    """Row-major cell of a tile for each of its 65,536 codes along the curve."""
    row, column = np.divmod(np.arange(CELLS * CELLS, dtype=np.uint32), np.uint32(CELLS))
    return np.argsort(spread(column) | (spread(row) << np.uint64(1)))


_CELL_OF_CODE = _cells_along_the_curve()


class PointIndex:
    """`dataset.Points` over the rows of one catalogue; safe to use from many threads at once."""

    def __init__(self, catalog: TableCatalog) -> None:
        """Sort the catalogue's positions along the curve; rows without a position are left out."""
        self._catalog = catalog
        position = catalog.columns(("lon", "lat"))
        lon, lat = np.asarray(position["lon"]), np.asarray(position["lat"])
        located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        x, y = mercator(lon[located], lat[located])
        code = morton(x, y)
        order = np.argsort(code, kind="stable")
        self._code = code[order]
        self._x, self._y = x[order], y[order]
        self._rows = located[order].astype(np.uint32)
        self._categories = {name: self._fetch(name) for name in CATEGORICAL_COLUMNS}
        self._others: OnceCache[str, TypedColumn | None] = OnceCache(_COLUMN_BYTES, _size)
        self._masks: OnceCache[SampleFilter, np.ndarray] = OnceCache(_MASK_BYTES, lambda mask: int(mask.nbytes))
        self._starts: OnceCache[int, np.ndarray] = OnceCache(_STARTS_BYTES, lambda starts: int(starts.nbytes))
        self._scales: OnceCache[int, float] = OnceCache(_FLOAT_BYTES * (MAX_ZOOM + 1), lambda _: _FLOAT_BYTES)

    def density(self, zoom: int, x: int, y: int, sample_filter: SampleFilter) -> np.ndarray | None:
        """Counts per cell of a web-mercator tile, (256, 256) int64, row 0 north; None where it is empty."""
        if not (0 <= zoom <= MAX_ZOOM and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return None
        low, high = self._slice(zoom, x, y)
        if low == high:
            return None
        mask = None if sample_filter.is_empty else self.mask(sample_filter)[low:high]
        counts = np.zeros(CELLS * CELLS, dtype=np.int64)
        if zoom < _WIDE_ZOOMS:
            starts = self._cell_starts(zoom)
            starts = starts[slice(*np.searchsorted(starts, [low, high]))]
            counts[_CELL_OF_CODE[_tile_code(zoom, self._code[starts])]] = _run_sums(starts - low, high - low, mask)
        else:
            code = self._code[low:high] if mask is None else self._code[low:high][mask]
            counts[_CELL_OF_CODE] = np.bincount(_tile_code(zoom, code), minlength=CELLS * CELLS)
        return counts.reshape(CELLS, CELLS) if counts.any() else None

    def in_view(self, sample_filter: SampleFilter, *, limit: int) -> pa.Table:
        """Columns id, lon, lat, country, season, split, source of the matching samples, in no particular order.

        Raises:
            TooLargeError: more than `limit` samples match.
        """
        rest = sample_filter.without("bbox")
        mask = None if rest.is_empty else self.mask(rest)
        if sample_filter.bbox is None:
            places = np.arange(len(self._rows)) if mask is None else np.flatnonzero(mask)
            _check_size(len(places), limit)
            return self._take(places)
        places = self._near_box(sample_filter.bbox, mask, limit)
        table = self._take(places)
        exact = SampleFilter(bbox=sample_filter.bbox).mask({name: table[name].to_numpy() for name in ("lon", "lat")})
        _check_size(int(exact.sum()), limit)
        return table.filter(pa.array(exact))

    def scale(self, zoom: int) -> float:
        """Largest count of any cell at this zoom without a filter: one colour scale for all tiles, so no seams."""
        return self._scales.get(min(zoom, MAX_ZOOM), lambda: self._largest(min(zoom, MAX_ZOOM)))

    def mask(self, sample_filter: SampleFilter) -> np.ndarray:
        """Which points match, (n,) bool along the curve; the latest masks are kept."""
        return self._masks.get(sample_filter, lambda: self._compute_mask(sample_filter))

    def _compute_mask(self, sample_filter: SampleFilter) -> np.ndarray:
        if sample_filter.text:  # only the catalogue can search; its rows already meet the rest of the filter
            matching = np.zeros(self._catalog.total, dtype=bool)
            matching[self._catalog.matching_rows(sample_filter)] = True
            return np.asarray(matching[self._rows])
        names = {name for field in sample_filter.restricted for name in _FIELD_COLUMNS.get(field, (field,))}
        columns = {name: column for name in sorted(names) if (column := self._column(name)) is not None}
        return sample_filter.mask({"row": self._rows, **columns})

    def _column(self, name: str) -> TypedColumn | None:
        """A column of the catalogue along the curve: categories are always there, the rest when a filter needs it."""
        return self._categories.get(name) or self._others.get(name, lambda: self._fetch(name))

    def _fetch(self, name: str) -> TypedColumn | None:
        column = self._catalog.columns((name,)).get(name)
        if isinstance(column, Categorical):
            return Categorical(column.codes[self._rows], column.values)
        return None if column is None else np.asarray(column)[self._rows]

    def _slice(self, zoom: int, x: int, y: int) -> tuple[int, int]:
        first, last = np.array(tile_span(zoom, x, y), dtype=np.uint64)
        return int(np.searchsorted(self._code, first)), int(np.searchsorted(self._code, last, side="right"))

    def _cell_starts(self, zoom: int) -> np.ndarray:
        """Place of the first point of every occupied cell, ascending; remembered for wide zooms."""
        return self._starts.get(zoom, lambda: self._find_starts(zoom))

    def _find_starts(self, zoom: int) -> np.ndarray:
        cell = self._code >> np.uint64(2 * (MAX_ZOOM - zoom))
        return np.concatenate([[0], np.flatnonzero(cell[1:] != cell[:-1]) + 1])[: len(cell)]

    def _largest(self, zoom: int) -> float:
        starts = self._cell_starts(zoom) if zoom < _WIDE_ZOOMS else self._find_starts(zoom)
        return float(np.diff(starts, append=len(self._code)).max(initial=0))

    def _near_box(self, bbox: tuple[float, float, float, float], mask: np.ndarray | None, limit: int) -> np.ndarray:
        """Places of matching points in or within a unit of a box; stops once more than `limit` are inside for sure."""
        found, certain = [np.zeros(0, dtype=np.intp)], 0
        for west, north, east, south in unit_boxes(bbox):
            for tile in covering_tiles(west, north, east, south):
                low, high = self._slice(*tile)
                x, y = self._x[low:high].astype(np.int64), self._y[low:high].astype(np.int64)
                near = (x >= west - 1) & (x <= east + 1) & (y >= north - 1) & (y <= south + 1)
                if mask is not None:
                    near &= mask[low:high]
                places = np.flatnonzero(near)
                x, y = x[places], y[places]
                certain += int(np.sum((x > west + 1) & (x < east - 1) & (y > north + 1) & (y < south - 1)))
                _check_size(certain, limit)
                found.append(places + low)
        return np.unique(np.concatenate(found))  # boxes on both sides of the seam may touch

    def _take(self, places: np.ndarray) -> pa.Table:
        table = self._catalog.take(self._rows[places], VIEW_COLUMNS)
        for name in VIEW_COLUMNS:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(len(table), pa.string()))
        return table.select(VIEW_COLUMNS)


def _size(column: TypedColumn | None) -> int:
    return column.nbytes if isinstance(column, np.ndarray) else 0


def _check_size(found: int, limit: int) -> None:
    if found > limit:
        raise TooLargeError(
            f"At least {found:,} samples match in this view, at most {limit:,} are drawn one by one. Zoom in or filter."
        )


def _tile_code(zoom: int, code: np.ndarray) -> np.ndarray:
    """Codes of cells within their tile, 0 to 65535."""
    return ((code >> np.uint64(2 * (MAX_ZOOM - zoom))) & np.uint64(CELLS * CELLS - 1)).astype(np.intp)


def _run_sums(starts: np.ndarray, end: int, mask: np.ndarray | None) -> np.ndarray:
    """Points (that match) from each start to the next."""
    if mask is None:
        return np.diff(starts, append=end)
    return np.add.reduceat(mask.view(np.uint8), starts, dtype=np.int64)
