"""A `SampleFilter` as a SQL condition: bound values only, identifiers from an allow-list."""

import math
from datetime import date
from typing import TYPE_CHECKING

from data_access.lasso import lasso_sql
from data_access.tasks import matching_tasks

if TYPE_CHECKING:
    from data_access.sample_filter import BoundingBox, SampleFilter

CATEGORICAL_COLUMNS = ("country", "season", "climate_zone", "split", "source")
TEXT_COLUMNS = ("id", "sample")  # what `text` searches where there are no annotations

Condition = tuple[str, list[object]]
_NOTHING: Condition = ("FALSE", [])


def filter_sql(sample_filter: "SampleFilter", columns: frozenset[str]) -> Condition:
    """The condition and the values to bind, for a table with these columns (see `SampleFilter.where`)."""
    conditions = [
        _one_of(name, getattr(sample_filter, name), columns)
        for name in CATEGORICAL_COLUMNS
        if getattr(sample_filter, name)
    ]
    if sample_filter.type or sample_filter.category:
        conditions.append(_tasks(sample_filter, columns))
    conditions += [_word(word, columns) for word in sample_filter.words]
    if sample_filter.bbox:
        conditions.append(_box(sample_filter.bbox) if {"lon", "lat"} <= columns else _NOTHING)
    if sample_filter.lasso:
        conditions.append(lasso_sql(sample_filter.lasso) if {"lon", "lat"} <= columns else _NOTHING)
    if sample_filter.time_from or sample_filter.time_to:
        conditions.append(_period(sample_filter.time_from, sample_filter.time_to) if "time" in columns else _NOTHING)
    if sample_filter.cloud_max is not None:
        clouds: Condition = ("cloud_cover <= CAST(? AS DOUBLE)", [sample_filter.cloud_max])
        conditions.append(clouds if "cloud_cover" in columns else _NOTHING)
    conditions += [_between(*each) if each[0] in columns else _NOTHING for each in sample_filter.ranges]
    if not conditions:
        return "TRUE", []
    return " AND ".join(f"({sql})" for sql, _ in conditions), [value for _, bound in conditions for value in bound]


def _one_of(name: str, values: tuple[str, ...], columns: frozenset[str]) -> Condition:
    if name not in columns:
        return _NOTHING
    return f"{name} IN ({', '.join('?' * len(values))})", list(values)


def _tasks(sample_filter: "SampleFilter", columns: frozenset[str]) -> Condition:
    tasks = [task.column for task in matching_tasks(sample_filter.type, sample_filter.category)]
    there = [column for column in tasks if column in columns]
    return (" OR ".join(f"{column} > 0" for column in there), []) if there else _NOTHING


def _word(word: str, columns: frozenset[str]) -> Condition:
    searched = [column for column in TEXT_COLUMNS if column in columns]
    if not searched:
        return _NOTHING
    return " OR ".join(f"contains(lower({column}), lower(?))" for column in searched), [word] * len(searched)


def _box(bbox: "BoundingBox") -> Condition:
    west, south, east, north = bbox
    # The outer bounds keep NaN out: the database sorts NaN above every number.
    if west <= east:
        return "lon >= ? AND lon <= ? AND lat >= ? AND lat <= ?", [west, east, south, north]
    crossing = "(lon >= ? AND lon <= 180 OR lon >= -180 AND lon <= ?) AND lat >= ? AND lat <= ?"
    return crossing, [west, east, south, north]


def _between(name: str, low: float | None, high: float | None) -> Condition:
    # Both ends always: the database sorts NaN above every number, so that only an upper end keeps it out.
    ends: list[object] = [-math.inf if low is None else low, math.inf if high is None else high]
    return f"{name} >= CAST(? AS DOUBLE) AND {name} <= CAST(? AS DOUBLE)", ends


def _period(first: date | None, last: date | None) -> Condition:
    conditions: list[str] = []
    bound: list[object] = []
    if first:
        conditions.append('"time" >= CAST(? AS TIMESTAMP)')
        bound.append(first)
    if last:
        conditions.append('"time" < CAST(? AS TIMESTAMP) + INTERVAL 1 DAY')
        bound.append(last)
    return " AND ".join(conditions), bound
