"""Samples from `{split}_metadata.parquet`, whatever types its columns have.

Required are `tar`, `zarr`, `center_lon` and `center_lat`. Used where they are there: `sample_id`, `crs`, `S2_time`,
`S1_time` and `cloud_cover`. Everything else is left alone.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.terramesh.modalities import S1_OF_SOURCE
from data_access.terramesh.sample import epsg_of
from errors import SchemaError

# The columns of the sample table, beside those that the catalogue derives.
SAMPLE_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("sample", pa.string()),  # name in the Major TOM grid, or location and season in SSL4EO-S12
        ("split", pa.string()),
        ("source", pa.string()),  # majortom, ssl4eos12 or null
        ("lon", pa.float64()),  # centre, degrees
        ("lat", pa.float64()),
        ("time", pa.timestamp("us")),  # Sentinel-2, UTC
        ("s1_time", pa.timestamp("us")),  # Sentinel-1, UTC
        ("cloud_cover", pa.float64()),  # percent
        ("epsg", pa.int32()),
        ("tar", pa.string()),  # shard name, the same in every modality
        ("available", pa.bool_()),  # whether the shard is on this disk
    ]
)
REQUIRED = ("tar", "zarr", "center_lon", "center_lat")
_LAST_EPSG = re.compile(r'(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\]?\s*$')  # at the end of a CRS in words


def read_metadata(path: Path, split: str, available: set[str]) -> tuple[pa.Table, tuple[str, ...]]:
    """The samples of one metadata table.

    Args:
        path: the Parquet file.
        split: the split it describes.
        available: names of the shards on this disk.

    Returns:
        A table of `SAMPLE_SCHEMA` and sentences on what was assumed.

    Raises:
        SchemaError: the file is damaged, or lacks a required column, or that has a type that can not be read.
    """
    try:
        present = pq.read_schema(path).names
        missing = [name for name in REQUIRED if name not in present]
        if missing:
            raise SchemaError(
                f"{path.name} has no column {', '.join(missing)}; it has {', '.join(present)[:200]}. "
                "Fetch it again, or remove it to have the shards scanned instead."
            )
        table = pq.read_table(path, columns=[name for name in (*REQUIRED, *_OPTIONAL) if name in present])
    except (pa.ArrowException, OSError) as error:
        raise SchemaError(
            f"{path.name} can not be read ({error}). Fetch it again, or remove it to have the shards scanned."
        ) from error
    notes: list[str] = []
    table = _without_unreadable(path, table, notes)
    cloud_cover, assumed = _cloud_cover(path, table)
    tar = _column(path, table, "tar", _base_name)
    ids = _column(path, table, "zarr", lambda column: _until_dot(_base_name(column)))
    columns = {
        "id": ids,
        "sample": _column(path, table, "sample_id", _OPTIONAL["sample_id"]),
        "split": pa.repeat(split, len(table)),
        "source": _source(ids, tar),
        "lon": _column(path, table, "center_lon", lambda column: column.cast(pa.float64())),
        "lat": _column(path, table, "center_lat", lambda column: column.cast(pa.float64())),
        "time": _column(path, table, "S2_time", _OPTIONAL["S2_time"]),
        "s1_time": _column(path, table, "S1_time", _OPTIONAL["S1_time"]),
        "cloud_cover": cloud_cover,
        "epsg": _column(path, table, "crs", _OPTIONAL["crs"]),
        "tar": tar,
        "available": pc.is_in(tar, value_set=pa.array(sorted(available), pa.string())),
    }
    arrays = [
        pa.nulls(len(table), field.type) if columns[field.name] is None else columns[field.name].cast(field.type)
        for field in SAMPLE_SCHEMA
    ]
    return pa.table(arrays, schema=SAMPLE_SCHEMA), (*notes, *assumed)


def _without_unreadable(path: Path, table: pa.Table, notes: list[str]) -> pa.Table:
    """The table without those optional columns whose type can not be read; each is named in `notes`."""
    for name, convert in _OPTIONAL.items():
        try:
            _column(path, table, name, convert)
        except SchemaError as error:
            notes.append(f"{error.message} Until then it counts as unknown.")
            table = table.drop_columns([name])
    return table


def _column(
    path: Path, table: pa.Table, name: str, convert: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> pa.ChunkedArray | None:
    """A converted column, None where the file has no such column."""
    if name not in table.column_names:
        return None
    column = table[name]
    try:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        return convert(column)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise SchemaError(
            f"Column {name} of {path.name} has type {table[name].type} and can not be read ({error}). "
            "Fetch the file again, or remove it to have the shards scanned."
        ) from error


def _base_name(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(column.cast(pa.string()), r"^.*[/\\]", "")


def _until_dot(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(column, r"\..*$", "")


def _source(ids: pa.ChunkedArray, tar: pa.ChunkedArray) -> pa.ChunkedArray:
    """Source by the beginning of the key, else of the shard's name."""
    told = pa.chunked_array([pa.nulls(len(ids), pa.string())])
    for names in (tar, ids):
        for source in S1_OF_SOURCE:
            told = pc.if_else(pc.fill_null(pc.starts_with(names, f"{source}_"), fill_value=False), source, told)
    return told


def _timestamps(column: pa.ChunkedArray) -> pa.Array:
    """Times from timestamps of any unit and zone, ISO 8601 text, or integer nanoseconds; null where there is none."""
    if pa.types.is_integer(column.type):
        column = column.cast(pa.int64()).cast(pa.timestamp("ns"))
    if not pa.types.is_timestamp(column.type):
        parsed = pd.to_datetime(column.cast(pa.string()).to_pandas(), format="ISO8601", errors="coerce", utc=True)
        column = pa.chunked_array([pa.Array.from_pandas(parsed)])
    moments = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False).cast(pa.timestamp("us"))
    return pc.if_else(pc.equal(moments.cast(pa.int64()), 0), None, moments)


def _epsg(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """EPSG codes from numbers, "EPSG:32636" or a CRS in words; there are few distinct ones."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    codes = [_epsg_of_word(value) for value in encoded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(codes, pa.int32()).take(encoded.indices)])


def _epsg_of_word(value: object) -> int | None:
    match = _LAST_EPSG.search(value) if isinstance(value, str) else None
    return int(match[1]) if match else epsg_of(value)


def _cloud_cover(path: Path, table: pa.Table) -> tuple[pa.ChunkedArray | None, tuple[str, ...]]:
    """Cloud cover in percent. Values that never exceed 1 are fractions, unless all are 0."""
    cover = _column(path, table, "cloud_cover", _OPTIONAL["cloud_cover"])
    if cover is None:
        return None, ()
    sound = pc.and_(pc.greater_equal(cover, 0), pc.less_equal(cover, 100))  # NaN is neither
    cover = pc.if_else(sound, cover, None)
    largest = pc.max(cover).as_py()
    if largest is not None and 0 < largest <= 1:
        note = f"{path.name}: no cloud cover exceeds 1, so its values are taken for fractions, not percent."
        return pc.multiply(cover, 100.0), (note,)
    return cover, ()


# How each optional column is read; below the functions that it names.
_OPTIONAL: dict[str, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    "sample_id": lambda column: column.cast(pa.string()),
    "crs": _epsg,
    "S2_time": _timestamps,
    "S1_time": _timestamps,
    "cloud_cover": lambda column: column.cast(pa.float64()),
}
