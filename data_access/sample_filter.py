"""ONE immutable filter object: what a user asked for, as a query string, a SQL condition and a mask.

Widgets, URLs, the catalogue, the point index and tiles all use this object, so map, counts and table can not disagree.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

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

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Read a filter from query parameters (a list of values per key); unknown keys are dropped.

        Raises:
            FilterError: a value means nothing; the message names it, the reason and the cure.
        """
        raise NotImplementedError

    def to_query(self) -> list[tuple[str, str]]:
        """The same filter as query parameters; `from_query` reads it back unchanged."""
        raise NotImplementedError

    def query_string(self) -> str:
        """The same filter as the part of a URL after the question mark; empty for the empty filter."""
        raise NotImplementedError

    def without(self, *fields: str) -> Self:
        """The same filter with these fields unrestricted."""
        raise NotImplementedError

    def replace(self, **changes: object) -> Self:
        """The same filter with other values in some fields."""
        raise NotImplementedError

    @property
    def is_empty(self) -> bool:
        """Whether every sample matches."""
        raise NotImplementedError

    def where(self, columns: Collection[str]) -> tuple[str, list[object]]:
        """A SQL condition over these columns, with question marks, and the values to bind to them."""
        raise NotImplementedError

    def mask(self, columns: Mapping[str, object]) -> np.ndarray:
        """Which rows of typed columns match, (n,) bool."""
        raise NotImplementedError
