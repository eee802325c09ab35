"""Positions of all samples along a space-filling curve: any map tile is one contiguous slice."""

from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from data_access.bit_mask import BitMask
from data_access.catalog import TableCatalog
from data_access.kept_arrays import Arrays
from data_access.morton import slices_near, spread, tile_slice, tile_span
from data_access.point_arrays import MAX_ZOOM, TILE_BITS, WIDE_ZOOMS, PointFacts, ids_at, needed
from data_access.point_files import open_or_build
from data_access.point_masks import PointMasks
from data_access.sample_filter import BoundingBox, SampleFilter
from errors import TooLargeError

CELLS = 1 << TILE_BITS
VIEW_COLUMNS = ("id", "lon", "lat", "country", "season", "split", "source")
_VIEW_ARRAYS = ("id_text", "id_ends", "lon", "lat")  # large, and a view of few samples may touch any part of them
_CELL_MASK = np.uint64(CELLS * CELLS - 1)


def _cells_along_the_curve() -> np.ndarray:
    """Row-major cell of a tile for each of its 65,536 codes along the curve."""
    row, column = np.divmod(np.arange(CELLS * CELLS, dtype=np.uint32), np.uint32(CELLS))
    return np.argsort(spread(column) | (spread(row) << np.uint64(1)))


_CELL_OF_CODE = _cells_along_the_curve()


class PointIndex:
    """`dataset.Points` over the rows of one catalogue; safe to use from many threads at once."""

    def __init__(self, catalog: TableCatalog, kept: tuple[Arrays, PointFacts] | None = None) -> None:
        """Take arrays that are there, or compute them in memory; `open` is the usual way."""
        self._arrays, self._facts = kept or open_or_build(catalog, None)
        self._code = needed(self._arrays, "code")
        self._masks = PointMasks(catalog, self._arrays, self._facts)
        self._cells = [needed(self._arrays, f"cells_{zoom}") for zoom in range(WIDE_ZOOMS)]
        self._starts = [needed(self._arrays, f"starts_{zoom}") for zoom in range(WIDE_ZOOMS)]

    @classmethod
    def open(cls, catalog: TableCatalog, folder: Path | None = None) -> Self:
        """The index kept in `folder`, shared by all processes that open it; built first where there is none.

        Args:
            catalog: the samples. Rows without a position are left out.
            folder: named after the catalogue's revision. One that can not be written costs time at every start and
                memory in every process, nothing else.
        """
        return cls(catalog, open_or_build(catalog, folder))

    def __len__(self) -> int:
        return len(self._code)

    def density(self, zoom: int, x: int, y: int, sample_filter: SampleFilter) -> np.ndarray | None:
        """Counts per cell of a web-mercator tile, (256, 256) int64, row 0 north; None where it is empty."""
        if not (0 <= zoom <= MAX_ZOOM and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return None
        mask = None if sample_filter.is_empty else self._masks.get(sample_filter)
        along = self._wide_counts(zoom, x, y, mask) if zoom < WIDE_ZOOMS else self._counts(zoom, x, y, mask)
        if not along.any():
            return None
        counts = np.zeros(CELLS * CELLS, dtype=np.int64)
        counts[_CELL_OF_CODE] = along
        return counts.reshape(CELLS, CELLS)

    def in_view(self, sample_filter: SampleFilter, *, limit: int) -> pa.Table:
        """Columns id, lon, lat, country, season, split, source of the matching samples, in no particular order.

        Raises:
            TooLargeError: more than `limit` samples match.
        """
        rest = sample_filter.without("bbox")
        mask = None if rest.is_empty else self._masks.get(rest)
        if sample_filter.bbox is not None:
            return self._view(self._inside(sample_filter.bbox, mask, limit))
        _check_size(len(self) if mask is None else mask.count, limit)
        return self._view(np.arange(len(self)) if mask is None else mask.places(0, len(self)))

    def scale(self, zoom: int) -> float:
        """Largest count of any cell at this zoom without a filter: one colour scale for all tiles, so no seams."""
        return float(self._facts.fullest[min(zoom, MAX_ZOOM)])

    def mask(self, sample_filter: SampleFilter) -> BitMask:
        """Which samples match, in the order of the curve; the latest masks are kept."""
        return self._masks.get(sample_filter)

    def _wide_counts(self, zoom: int, x: int, y: int, mask: BitMask | None) -> np.ndarray:
        """Counts along the curve within a tile of millions of samples, (65536,): a difference per occupied cell."""
        first, last = (np.uint32(code >> 2 * (MAX_ZOOM - zoom)) for code in tile_span(zoom, x, y))
        cells = self._cells[zoom]
        occupied = slice(np.searchsorted(cells, first), np.searchsorted(cells, last, side="right"))
        starts = self._starts[zoom][occupied.start : occupied.stop + 1].astype(np.int64)
        counts = np.zeros(CELLS * CELLS, dtype=np.int64)
        counts[cells[occupied] & np.uint32(_CELL_MASK)] = np.diff(starts if mask is None else mask.before(starts))
        return counts

    def _counts(self, zoom: int, x: int, y: int, mask: BitMask | None) -> np.ndarray:
        """Counts along the curve within a tile, (65536,), sample by sample."""
        low, high = tile_slice(self._code, zoom, x, y)
        code = self._code[low:high] if mask is None else self._code[mask.places(low, high)]
        cell = (code >> np.uint64(2 * (MAX_ZOOM - zoom))) & _CELL_MASK
        return np.bincount(cell.astype(np.intp), minlength=CELLS * CELLS)

    def _inside(self, bbox: BoundingBox, mask: BitMask | None, limit: int) -> np.ndarray:
        """Places of the matching samples in a box; stops once there are more than `limit`."""
        box = SampleFilter(bbox=bbox)
        lon, lat = needed(self._arrays, "lon"), needed(self._arrays, "lat")
        found = [np.zeros(0, dtype=np.intp)]
        for low, high in slices_near(self._code, bbox):
            if mask is None:
                found.append(np.flatnonzero(box.mask({"lon": lon[low:high], "lat": lat[low:high]})) + low)
            else:
                places = mask.places(low, high)
                found.append(places[box.mask({"lon": lon[places], "lat": lat[places]})])
            _check_size(sum(map(len, found)), limit)
        return np.concatenate(found)

    def _view(self, places: np.ndarray) -> pa.Table:
        columns: dict[str, pa.Array] = {"id": ids_at(self._arrays, places)}
        for name in VIEW_COLUMNS[1:]:
            if name in self._facts.categories:
                words = pa.array(self._facts.categories[name], pa.string())
                codes = needed(self._arrays, name)[places]
                columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes >= len(words)), words)
            elif name in ("lon", "lat"):
                columns[name] = pa.array(needed(self._arrays, name)[places])
            else:
                columns[name] = pa.nulls(len(places), pa.string())
        for name in _VIEW_ARRAYS:
            self._arrays.rest(name)
        return pa.table(columns)


def _check_size(found: int, limit: int) -> None:
    if found > limit:
        raise TooLargeError(
            f"At least {found:,} samples match in this view, at most {limit:,} are drawn one by one. Zoom in or filter."
        )
