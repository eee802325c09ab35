"""The sample table on its way to the catalogue: checked, every column in its one type."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.tasks import TASK_COLUMNS
from errors import SchemaError

UNKNOWN = "unknown"  # a category that is null or empty; a value like any other, so it can be counted and chosen


def conform(table: pa.Table) -> pa.Table:
    """Rows of a sample table (see `data_access.catalog`), all or a batch of them, with every column in its one type.

    Raises:
        SchemaError: `id`, `lon` or `lat` is missing, an id is null, or a column can not be read.
    """
    for name in ("id", "lon", "lat"):
        if name not in table.column_names:
            raise SchemaError(f"The sample table has no column {name}; it has {', '.join(table.column_names)}.")
    if nulls := table["id"].null_count:
        raise SchemaError(f"{nulls} of {len(table)} samples have no id; every sample needs one.")
    return pa.table({name: _column(name, table.column(name)) for name in table.column_names})


def _column(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    convert = _CONVERSIONS.get(name)
    try:
        return convert(column) if convert else column
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise SchemaError(f"Column {name} of the sample table has type {column.type}: {error}.") from error


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.float64())


def _task_count(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.uint16()), 0)


def _category(column: pa.ChunkedArray) -> pa.ChunkedArray:
    words = pc.fill_null(column.cast(pa.string()), UNKNOWN)
    return pc.dictionary_encode(pc.if_else(pc.equal(words, ""), UNKNOWN, words)).unify_dictionaries()


def _naive_utc(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pa.timestamp("us", tz="UTC"), safe=False)
    return column.cast(pa.timestamp("us"), safe=False)  # unsafe drops nanoseconds, which no acquisition has


_CONVERSIONS: dict[str, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    "id": lambda column: column.cast(pa.string()),
    "lon": _number,
    "lat": _number,
    "cloud_cover": _number,
    "time": _naive_utc,
    **dict.fromkeys(CATEGORICAL_COLUMNS, _category),
    **dict.fromkeys(TASK_COLUMNS, _task_count),
}
