"""Positions of all samples along a space-filling curve: any map tile is one contiguous slice."""

import numpy as np
import pyarrow as pa

from data_access.catalog import TableCatalog
from data_access.sample_filter import SampleFilter


class PointIndex:
    """`dataset.Points` over the rows of one catalogue; safe to use from many threads at once."""

    def __init__(self, catalog: TableCatalog) -> None:
        """Sort the catalogue's positions along the curve; rows without a position are left out."""
        raise NotImplementedError

    def density(self, zoom: int, x: int, y: int, sample_filter: SampleFilter) -> np.ndarray | None:
        """Counts per cell of a web-mercator tile, (256, 256) int64, row 0 north; None where it is empty."""
        raise NotImplementedError

    def in_view(self, sample_filter: SampleFilter, *, limit: int) -> pa.Table:
        """Columns id, lon, lat, country, season, split, source of the matching samples.

        Raises:
            TooLargeError: more than `limit` samples match.
        """
        raise NotImplementedError

    def scale(self, zoom: int) -> float:
        """Largest count of any cell at this zoom without a filter: one colour scale for all tiles, so no seams."""
        raise NotImplementedError
