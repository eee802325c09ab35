"""The box and the time span around a selection."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.exports.selection import Selection

COLUMNS = ("lon", "lat", "time")


@dataclass(frozen=True)
class Extent:
    """Where and when the samples of a selection are; None where none of them tells."""

    bbox: tuple[float, float, float, float] | None  # west, south, east, north
    first: datetime | None  # UTC, without zone, as in the catalogue
    last: datetime | None


def extent_of(selection: Selection) -> Extent:
    """Look at place and time of every sample of a selection.

    The box is the one of the numbers: a selection on both sides of the antimeridian has a box around the world.
    """
    low = np.array([np.inf, np.inf])
    high = -low
    times: list[datetime] = []
    for table in selection.tables(COLUMNS):
        lon, lat = places(table)
        known = np.isfinite(lon) & np.isfinite(lat)
        if known.any():
            low = np.minimum(low, (lon[known].min(), lat[known].min()))
            high = np.maximum(high, (lon[known].max(), lat[known].max()))
        times += _span(table)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Extent(box if np.isfinite(low).all() else None, min(times, default=None), max(times, default=None))


def places(table: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of each row, (n,) float64 degrees; NaN where unknown."""
    lon, lat = (table.column(name).to_numpy().astype(np.float64) for name in ("lon", "lat"))
    return lon, lat


def _span(table: pa.Table) -> list[datetime]:
    """First and last time of the rows; nothing where none has one."""
    if "time" not in table.column_names:
        return []
    ends = pc.min_max(table.column("time"))
    return [ends[name].as_py() for name in ("min", "max") if ends[name].is_valid]
