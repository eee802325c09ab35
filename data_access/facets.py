"""Counts per value of every filter field, each ignoring its own restriction (cross-filtering).

The expressions counted are columns and helpers of `sample_store`, which knows how the table is laid out.
"""

from dataclasses import dataclass

import duckdb

from data_access.dataset import FacetValue
from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.places import SEASONS
from data_access.sample_filter import CHOICE_FIELDS, SampleFilter
from data_access.sample_store import (
    CATEGORIES,
    CLOUDS,
    MONTH,
    TASK_SUMS,
    TYPES,
    SampleStore,
    has_task_sql,
)
from data_access.tasks import TASK_COLUMNS, matching_tasks

_OWN_FIELDS = {
    "month": ("time_from", "time_to"),
    "cloud_cover": ("cloud_max",),
}  # a facet's restriction, if not its name
_COLUMNS = {name: name for name in CATEGORICAL_COLUMNS} | {"month": MONTH, "cloud_cover": CLOUDS}
_TASK_FACETS = {"type": TYPES, "category": CATEGORIES}
FACETS = (*CHOICE_FIELDS, "month", "cloud_cover")

Facet = list[FacetValue]


@dataclass(frozen=True)
class Relation:
    """Something to select samples from: the samples themselves, or a cube of them."""

    sql: str
    columns: frozenset[str]  # that a filter may restrict
    is_cube: bool = False
    is_all: bool = True  # whether all samples are in it; a cube can not stand in for a text search's part of them

    @property
    def samples(self) -> str:
        """How to count samples, in SQL."""
        return "sum(samples)" if self.is_cube else "count(*)"

    def samples_with(self, field: str, value: str, left: SampleFilter) -> str:
        """How to count samples that have an annotation of a type or category, in SQL."""
        if self.is_cube:
            return f"sum({TASK_SUMS[field, value]})"
        choice = left.replace(**{field: (value,)})
        tasks = [task.column for task in matching_tasks(choice.type, choice.category) if task.column in self.columns]
        return f"count(*) FILTER ({has_task_sql(tasks)})"


def smallest(store: SampleStore, relation: Relation, left: SampleFilter, column: str = "") -> Relation:
    """The cube that answers this filter by this column, or the relation itself where only the samples can."""
    if not relation.is_all or not left.restricted <= set(CATEGORICAL_COLUMNS):
        return relation
    columns = store.present(CATEGORICAL_COLUMNS) + [name for name in store.derived if name == column]
    return Relation(store.cube_of(column), frozenset(columns), is_cube=True)


def facet_filters(sample_filter: SampleFilter) -> dict[SampleFilter, list[str]]:
    """The facets grouped by what is left of the filter without their own restriction."""
    groups: dict[SampleFilter, list[str]] = {}
    for name in FACETS:
        groups.setdefault(sample_filter.without(*_OWN_FIELDS.get(name, (name,))), []).append(name)
    return groups


def count_facets(
    cursor: duckdb.DuckDBPyConnection, store: SampleStore, relation: Relation, left: SampleFilter, names: list[str]
) -> dict[str, Facet]:
    """Facets that share the same remaining filter.

    Args:
        cursor: the request's connection.
        store: the table.
        relation: the samples to count; a cube of them is used where one answers.
        left: the filter without the restriction of these facets.
        names: the facets.
    """
    found: dict[str, Facet] = {}
    grouped: dict[Relation, list[str]] = {}
    for name in names:
        column = _COLUMNS.get(name, "")
        source = smallest(store, relation, left, column)
        if name in _TASK_FACETS:
            found[name] = _task_facet(cursor, source, left, name) if store.present(TASK_COLUMNS) else []
        elif column in source.columns:
            grouped.setdefault(source, []).append(name)
        else:
            found[name] = []
    for source, together in grouped.items():
        found |= _column_facets(cursor, source, left, together)
    return found


def _column_facets(
    cursor: duckdb.DuckDBPyConnection, source: Relation, left: SampleFilter, names: list[str]
) -> dict[str, Facet]:
    condition, bound = left.where(source.columns)
    columns = [_COLUMNS[name] for name in names]
    # One scan for all: each row of the answer belongs to one grouping set, told by its GROUPING number.
    sets = ", ".join(f"({column})" for column in columns)
    values = ", ".join(f"CAST({column} AS VARCHAR)" for column in columns)
    rows = cursor.execute(
        f"SELECT GROUPING({', '.join(columns)}), coalesce({values}, NULL), {source.samples} "
        f"FROM {source.sql} WHERE {condition} GROUP BY GROUPING SETS ({sets})",
        bound,
    ).fetchall()
    everything = (1 << len(names)) - 1
    kinds = {everything ^ (1 << (len(names) - 1 - place)): name for place, name in enumerate(names)}
    found: dict[str, Facet] = {name: [] for name in names}
    for kind, value, count in rows:
        found[kinds[kind]].append(FacetValue(value, int(count)))
    return {name: sorted(facet, key=lambda value: _order(name, value)) for name, facet in found.items()}


def _order(name: str, facet: FacetValue) -> tuple[int, int, str]:
    if name == "season":
        return (SEASONS.index(facet.value) if facet.value in SEASONS else len(SEASONS), 0, facet.value)
    if name in ("month", "cloud_cover"):
        low = facet.value.partition("-")[0]
        return (int(low) if low.isdigit() else 10_000, 0, facet.value)  # 10,000 is after every year
    return (0, -facet.count, facet.value)


def _task_facet(cursor: duckdb.DuckDBPyConnection, source: Relation, left: SampleFilter, name: str) -> Facet:
    values = _TASK_FACETS[name]
    counts = ", ".join(source.samples_with(name, value, left) for value in values)
    condition, bound = left.where(source.columns)
    row = cursor.execute(f"SELECT {counts} FROM {source.sql} WHERE {condition}", bound).fetchone() or ()
    return [FacetValue(value, int(count)) for value, count in zip(values, row, strict=True) if count]
