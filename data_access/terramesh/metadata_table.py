"""Samples from `{split}_metadata.parquet`, whatever types its columns have, read in batches.

Required are `tar`, `zarr`, `center_lon` and `center_lat`. Used where they are there: `sample_id`, `crs`, `S2_time`,
`S1_time` and `cloud_cover`. Everything else is left alone.
"""

import re
from collections.abc import Callable, Iterator
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
BATCH_ROWS = 122_880  # as the catalogue's database groups them
REQUIRED = ("tar", "zarr", "center_lon", "center_lat")
_LAST_EPSG = re.compile(r'(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\]?\s*$')  # at the end of a CRS in words


class MetadataTable:
    """One metadata table, looked at and ready to be read in batches."""

    def __init__(self, path: Path, split: str) -> None:
        """Look at the file; every optional column is read through once, so that a bad value costs its column alone.

        Args:
            path: the Parquet file.
            split: the split it describes.

        Raises:
            SchemaError: the file is damaged, or lacks a required column.
        """
        self._path = path
        self._split = split
        try:
            with pq.ParquetFile(path) as file:
                present = file.schema_arrow.names
                self.rows: int = file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(path, error) from error
        missing = [name for name in REQUIRED if name not in present]
        if missing:
            raise SchemaError(
                f"{path.name} has no column {', '.join(missing)}; it has {', '.join(present)[:200]}. "
                "Fetch it again, or remove it to have the shards scanned instead."
            )
        notes: list[str] = []  # what is assumed, or can not be read
        self._optional = [name for name in _OPTIONAL if name in present and self._is_readable(name, notes)]
        self._percent_factor = self._cloud_factor(notes)
        self.notes = tuple(notes)

    def batches(self, available: set[str]) -> Iterator[pa.Table]:
        """All rows, in the file's order, as tables of `SAMPLE_SCHEMA`.

        Args:
            available: names of the shards that are there.

        Raises:
            SchemaError: the file is damaged, or a required column has a type that can not be read.
        """
        names = pa.array(sorted(available), pa.string())
        for table in self._read([*REQUIRED, *self._optional]):
            tar = _column(self._path, table, "tar", _base_name)
            ids = _column(self._path, table, "zarr", lambda column: _until_dot(_base_name(column)))
            cover = self._optional_column(table, "cloud_cover")
            columns = {
                "id": ids,
                "sample": self._optional_column(table, "sample_id"),
                "split": pa.repeat(self._split, len(table)),
                "source": _source(ids, tar),
                "lon": _column(self._path, table, "center_lon", _number),
                "lat": _column(self._path, table, "center_lat", _number),
                "time": self._optional_column(table, "S2_time"),
                "s1_time": self._optional_column(table, "S1_time"),
                "cloud_cover": None if cover is None else pc.multiply(_sound_percent(cover), self._percent_factor),
                "epsg": self._optional_column(table, "crs"),
                "tar": tar,
                "available": pc.is_in(tar, value_set=names),
            }
            arrays = [
                pa.nulls(len(table), field.type)
                if columns[field.name] is None
                else columns[field.name].cast(field.type)
                for field in SAMPLE_SCHEMA
            ]
            yield pa.table(arrays, schema=SAMPLE_SCHEMA)

    def _read(self, names: list[str]) -> Iterator[pa.Table]:
        try:
            with pq.ParquetFile(self._path) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=names):
                    yield pa.Table.from_batches([batch])
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self._path, error) from error

    def _optional_column(self, table: pa.Table, name: str) -> pa.ChunkedArray | None:
        return _column(self._path, table, name, _OPTIONAL[name])

    def _is_readable(self, name: str, notes: list[str]) -> bool:
        try:
            for table in self._read([name]):
                self._optional_column(table, name)
        except SchemaError as error:
            notes.append(f"{error.message} Until then it counts as unknown.")
            return False
        return True

    def _cloud_factor(self, notes: list[str]) -> float:
        """What makes percent of the cloud cover: values that never exceed 1 are fractions, unless all are 0."""
        if "cloud_cover" not in self._optional:
            return 1.0
        covers = (self._optional_column(table, "cloud_cover") for table in self._read(["cloud_cover"]))
        largest = max((pc.max(_sound_percent(cover)).as_py() or 0.0 for cover in covers), default=0.0)
        if not 0 < largest <= 1:
            return 1.0
        notes.append(
            f"{self._path.name}: no cloud cover exceeds 1, so its values are taken for fractions, not percent."
        )
        return 100.0


def _unreadable(path: Path, error: Exception) -> SchemaError:
    return SchemaError(
        f"{path.name} can not be read ({error}). Fetch it again, or remove it to have the shards scanned."
    )


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


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.float64())


def _sound_percent(cover: pa.ChunkedArray) -> pa.ChunkedArray:
    sound = pc.and_(pc.greater_equal(cover, 0), pc.less_equal(cover, 100))  # NaN is neither
    return pc.if_else(sound, cover, None)


# How each optional column is read; below the functions that it names.
_OPTIONAL: dict[str, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    "sample_id": lambda column: column.cast(pa.string()),
    "crs": _epsg,
    "S2_time": _timestamps,
    "S1_time": _timestamps,
    "cloud_cover": _number,
}
