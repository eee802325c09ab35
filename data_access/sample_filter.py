"""ONE immutable filter object: what a user asked for, as a query string, a SQL condition and a mask.

Widgets, URLs, the catalogue, the point index and tiles all use this object, so map, counts and table can not disagree.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

import numpy as np

from data_access.filter_mask import Columns, filter_mask
from data_access.filter_query import parse_query, range_query
from data_access.filter_sql import filter_sql
from data_access.measures import MeasureRange, canonical_ranges
from data_access.search_terms import terms_of

BoundingBox = tuple[float, float, float, float]  # west, south, east, north; west > east crosses the antimeridian

CHOICE_FIELDS = ("country", "season", "climate_zone", "split", "source", "type", "category")
_VERTEX_DECIMALS = 7  # about a centimetre: keeps URLs short and the slopes of lasso edges finite


@dataclass(frozen=True)
class SampleFilter:
    """Conditions that a sample must meet, all of them; within one field any of its values will do.

    Equal conditions make equal filters: values are kept sorted, without repeats. Build one from a request only through
    `from_query`, which checks every value.
    """

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
    ranges: tuple[MeasureRange, ...] = ()  # of measures of the batch index, see `data_access.measures`

    def __post_init__(self) -> None:
        for name in CHOICE_FIELDS:
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        vertices = tuple((round(lon, _VERTEX_DECIMALS), round(lat, _VERTEX_DECIMALS)) for lon, lat in self.lasso)
        object.__setattr__(self, "lasso", vertices)
        object.__setattr__(self, "text", " ".join(self.text.split()) if terms_of(self.text) else "")
        object.__setattr__(self, "ranges", canonical_ranges(self.ranges))

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Read a filter from query parameters (a list of values per key); unknown keys are dropped.

        Raises:
            FilterError: a value means nothing; the message names it, the reason and the cure.
        """
        return cls(**parse_query(query))

    def to_query(self) -> list[tuple[str, str]]:
        """The same filter as query parameters; `from_query` reads it back unchanged."""
        pairs = [(name, value) for name in CHOICE_FIELDS for value in getattr(self, name)]
        if self.text:
            pairs.append(("text", self.text))
        if self.bbox:
            pairs.append(("bbox", ",".join(repr(float(edge)) for edge in self.bbox)))
        if self.lasso:
            pairs.append(("lasso", ",".join(f"{float(lon)!r} {float(lat)!r}" for lon, lat in self.lasso)))
        for name in ("time_from", "time_to"):
            day = getattr(self, name)
            if day is not None:
                pairs.append((name, day.isoformat()))
        if self.cloud_max is not None:
            pairs.append(("cloud_max", repr(float(self.cloud_max))))
        return pairs + range_query(self.ranges)

    def query_string(self) -> str:
        """The same filter as the part of a URL after the question mark; empty for the empty filter."""
        return urlencode(self.to_query())

    def without(self, *names: str) -> Self:
        """The same filter with these fields, or measures, unrestricted."""
        cleared = {field.name: field.default for field in fields(self) if field.name in names}
        left = tuple(each for each in self.ranges if each[0] not in names)
        return self.replace(**{"ranges": left, **cleared})

    def with_range(self, name: str, low: float | None, high: float | None) -> Self:
        """The same filter with one measure between these values, both inclusive; None leaves an end open.

        Raises:
            KeyError: there is no such measure.
        """
        return self.replace(ranges=(*self.without(name).ranges, (name, low, high)))

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields have different types; the dataclass checks names
        """The same filter with other values in some fields."""
        return replace(self, **changes)

    @property
    def is_empty(self) -> bool:
        """Whether every sample matches."""
        return not self.restricted

    @property
    def restricted(self) -> frozenset[str]:
        """Names of the fields and of the measures that restrict anything."""
        names = {field.name for field in fields(self) if getattr(self, field.name) != field.default}
        return frozenset(names - {"ranges"} | {name for name, _, _ in self.ranges})

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text and its phrases between double quotes, each of which must occur."""
        return terms_of(self.text)

    def where(self, columns: Collection[str]) -> tuple[str, list[object]]:
        """A SQL condition over a table with these columns, and the values to bind to its question marks in order.

        A field that needs a column which is not there matches nothing. Identifiers come from this module's own list;
        nothing of the filter's values ever becomes part of the SQL text.
        """
        return filter_sql(self, frozenset(columns))

    def mask(self, columns: Columns) -> np.ndarray:
        """Which rows of typed columns match, (n,) bool: the same rows as `where`, without a database."""
        return filter_mask(self, columns)
