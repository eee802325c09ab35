"""A `SampleFilter` as a mask over typed columns: the same rows as its SQL, without a database."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.filter_sql import CATEGORICAL_COLUMNS, TEXT_COLUMNS
from data_access.lasso import lasso_mask
from data_access.tasks import matching_tasks

if TYPE_CHECKING:
    from data_access.sample_filter import BoundingBox, SampleFilter


@dataclass(frozen=True)
class Categorical:
    """A column of few different words; a code beyond `values` is a null."""

    codes: np.ndarray  # (n,) uint8 or uint16
    values: tuple[str, ...]


TypedColumn: TypeAlias = Categorical | np.ndarray | pa.ChunkedArray  # words; numbers or datetime64; free strings
Columns: TypeAlias = Mapping[str, TypedColumn]


def typed_columns(table: pa.Table) -> dict[str, TypedColumn]:
    """The columns of a sample table in the types that masks are computed from."""
    columns: dict[str, TypedColumn] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in CATEGORICAL_COLUMNS:
            columns[name] = categorical(column)
        elif name in TEXT_COLUMNS:
            columns[name] = column
        elif pa.types.is_integer(column.type):
            columns[name] = pc.fill_null(column, 0).to_numpy()
        elif pa.types.is_floating(column.type) or pa.types.is_timestamp(column.type):
            columns[name] = column.to_numpy()
    return columns


def categorical(column: pa.ChunkedArray) -> Categorical:
    """A string or dictionary column as codes; nulls get the highest code of the type."""
    encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    combined = encoded.unify_dictionaries().combine_chunks()
    combined = combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined
    values = tuple(combined.dictionary.to_pylist())
    code_type = np.uint8 if len(values) < 255 else np.uint16
    null = np.iinfo(code_type).max
    return Categorical(pc.fill_null(combined.indices, null).to_numpy(zero_copy_only=False).astype(code_type), values)


def filter_mask(sample_filter: "SampleFilter", columns: Columns) -> np.ndarray:
    """Which rows match, (n,) bool (see `SampleFilter.mask`)."""
    first = next(iter(columns.values()))
    found: np.ndarray = np.ones(len(first.codes if isinstance(first, Categorical) else first), dtype=bool)
    for condition in _conditions(sample_filter, columns):
        found &= condition
    return found


def _conditions(sample_filter: "SampleFilter", columns: Columns) -> Iterator[np.ndarray | bool]:
    for name in CATEGORICAL_COLUMNS:
        wanted = getattr(sample_filter, name)
        if wanted:
            yield _one_of(columns.get(name), wanted)
    if sample_filter.type or sample_filter.category:
        yield _tasks(sample_filter, columns)
    for word in sample_filter.words:
        yield _word(word, columns)
    if sample_filter.bbox or sample_filter.lasso:
        yield _located(sample_filter, columns.get("lon"), columns.get("lat"))
    if sample_filter.time_from or sample_filter.time_to:
        yield _period(sample_filter.time_from, sample_filter.time_to, columns.get("time"))
    if sample_filter.cloud_max is not None:
        clouds = columns.get("cloud_cover")
        yield isinstance(clouds, np.ndarray) and clouds <= np.float64(sample_filter.cloud_max)
    for name, low, high in sample_filter.ranges:
        yield _between(columns.get(name), low, high)


def _one_of(column: TypedColumn | None, wanted: tuple[str, ...]) -> np.ndarray | bool:
    if not isinstance(column, Categorical):
        return False
    allowed: np.ndarray = np.zeros(np.iinfo(column.codes.dtype).max + 1, dtype=np.bool_)
    allowed[: len(column.values)] = [value in wanted for value in column.values]
    found: np.ndarray = allowed[column.codes]
    return found


def _tasks(sample_filter: "SampleFilter", columns: Columns) -> np.ndarray | bool:
    found: np.ndarray | bool = False
    for task in matching_tasks(sample_filter.type, sample_filter.category):
        counts = columns.get(task.column)
        if isinstance(counts, np.ndarray):
            found = found | (counts > 0)
    return found


def _word(word: str, columns: Columns) -> np.ndarray | bool:
    found: np.ndarray | bool = False
    lowered = pc.utf8_lower(pa.scalar(word)).as_py()
    for name in TEXT_COLUMNS:
        column = columns.get(name)
        if isinstance(column, pa.ChunkedArray):
            hits = pc.match_substring(pc.utf8_lower(column), lowered)
            found = found | pc.fill_null(hits, fill_value=False).to_numpy()
    return found


def _located(sample_filter: "SampleFilter", lon: TypedColumn | None, lat: TypedColumn | None) -> np.ndarray | bool:
    if not (isinstance(lon, np.ndarray) and isinstance(lat, np.ndarray)):
        return False
    found: np.ndarray | bool = True
    if sample_filter.bbox:
        found = _box(sample_filter.bbox, lon, lat)
    if sample_filter.lasso:
        found = found & lasso_mask(sample_filter.lasso, lon, lat)
    return found


def _box(bbox: "BoundingBox", lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    west, south, east, north = bbox
    inside: np.ndarray = (lat >= south) & (lat <= north)
    if west <= east:
        return inside & (lon >= west) & (lon <= east)
    return inside & (((lon >= west) & (lon <= 180)) | ((lon >= -180) & (lon <= east)))


def _between(column: TypedColumn | None, low: float | None, high: float | None) -> np.ndarray | bool:
    if not isinstance(column, np.ndarray):
        return False
    # Doubles, as the database compares: a float32 bound would round past the values next to it.
    found: np.ndarray = column >= np.float64(-math.inf if low is None else low)
    return found & (column <= np.float64(math.inf if high is None else high))


def _period(first: date | None, last: date | None, time: TypedColumn | None) -> np.ndarray | bool:
    if not isinstance(time, np.ndarray):
        return False
    found: np.ndarray = ~np.isnat(time)
    if first:
        found &= time >= np.datetime64(first, "D")
    if last:
        found &= time < np.datetime64(last, "D") + np.timedelta64(1, "D")
    return found
