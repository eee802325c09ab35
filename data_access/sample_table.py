"""The sample table on its way to the catalogue: checked, put in id order, kept in one Parquet file."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.kept_tables import mark_used, replace_atomically
from data_access.tasks import TASK_COLUMNS
from errors import SchemaError

logger = logging.getLogger(__name__)

UNKNOWN = "unknown"  # a category that is null or empty; a value like any other, so it can be counted and chosen

_FORMAT = b"patchwork.sample_table"  # key in the file's metadata
_FORMAT_VERSION = b"1"  # raise it when older files can not be read any more
_LABEL_PREFIX = b"patchwork.label."
_ROW_GROUP = 122_880  # rows, as DuckDB stores them


def normalise(table: pa.Table) -> pa.Table:
    """The table with checked columns in their one type, in id order.

    Raises:
        SchemaError: `id`, `lon` or `lat` is missing, a column can not be read, or ids are null or not unique.
    """
    for name in ("id", "lon", "lat"):
        if name not in table.column_names:
            raise SchemaError(f"The sample table has no column {name}; it has {', '.join(table.column_names)}.")
    columns = {name: _column(name, table.column(name)) for name in table.column_names}
    return _in_id_order(pa.table(columns))


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


def _in_id_order(table: pa.Table) -> pa.Table:
    ids = table.column("id")
    if ids.null_count:
        raise SchemaError(f"{ids.null_count} of {len(ids)} samples have no id; every sample needs one.")
    if not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        table = table.take(pc.sort_indices(ids))
        ids = table.column("id")
        same = pc.equal(ids[:-1], ids[1:])
        if pc.any(same).as_py():
            twice = ids[pc.index(same, value=True).as_py()].as_py()
            raise SchemaError(f"Sample id {twice!r} occurs twice; ids must be unique. Remove one of the two samples.")
    return table


def keep(table: pa.Table, path: Path, labels: Mapping[str, str]) -> None:
    """Write a normalised table to `path` in one step: readers see the old file, or the whole new one.

    Raises:
        OSError: the folder can not be written or the disk is full.
    """
    metadata = {_FORMAT: _FORMAT_VERSION} | {
        _LABEL_PREFIX + key.encode(): value.encode() for key, value in labels.items()
    }
    kept = table.replace_schema_metadata(metadata)
    replace_atomically(
        path,
        lambda temporary: pq.write_table(
            kept, temporary, compression="zstd", row_group_size=_ROW_GROUP, write_page_checksum=True
        ),
    )


def load(path: Path) -> tuple[pa.Table, dict[str, str]] | None:
    """A kept table and its labels; None where there is none or it is broken, in which case it is removed."""
    try:
        table = pq.ParquetFile(path, page_checksum_verification=True).read()
        metadata = table.schema.metadata or {}
        if metadata.get(_FORMAT) != _FORMAT_VERSION:
            raise pa.ArrowInvalid("not a sample table of this version")
    except FileNotFoundError:
        return None
    except (OSError, pa.ArrowException) as error:
        logger.warning("the kept table %s is broken and will be built again: %s", path.name, error)
        with suppress(OSError):  # a read-only cache keeps the broken file; it is a miss either way
            path.unlink()
        return None
    mark_used(path)
    labels = {
        key.removeprefix(_LABEL_PREFIX).decode(): value.decode()
        for key, value in metadata.items()
        if key.startswith(_LABEL_PREFIX)
    }
    return table.replace_schema_metadata(None), labels
