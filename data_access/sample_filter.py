"""ONE immutable filter object: what a user asked for, as a query string, a SQL condition and a mask.

Widgets, URLs, the catalogue, the point index and tiles all use this object, so map, counts and table can not disagree.
"""

from dataclasses import dataclass
from datetime import date

BoundingBox = tuple[float, float, float, float]  # west, south, east, north; west > east crosses the antimeridian


@dataclass(frozen=True)
class SampleFilter:
    """Conditions that a sample must meet, all of them; within one field any of its values will do."""

    country: tuple[str, ...] = ()
    season: tuple[str, ...] = ()
    climate_zone: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    text: str = ""
    bbox: BoundingBox | None = None
    lasso: tuple[tuple[float, float], ...] = ()  # lon, lat vertices of a polygon; empty means no lasso
    time_from: date | None = None  # inclusive
    time_to: date | None = None  # inclusive
    cloud_max: float | None = None  # percent
