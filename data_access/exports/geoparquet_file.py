"""A selection as GeoParquet 1.1: points as WKB in longitude and latitude (OGC:CRS84, which is the default).

Rows keep the order of their ids, so a box per row ("covering") would let no reader skip a part of the file: there is
none, and `lon` and `lat` stay as columns beside the geometry. Licence, credit, citation, filter, revision and date are
metadata of the schema; `licence` is a column too, because tables are cut and joined. Times are UTC, without a zone, as
in the catalogue.
"""

import io
import json
from collections.abc import Generator
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.exports.extent import Extent, extent_of, places
from data_access.exports.selection import Selection

MEDIA_TYPE = "application/vnd.apache.parquet"
GEOMETRY = "geometry"
_ROW_GROUP = 122_880  # rows, as DuckDB writes them: about 10 MB in memory
_VERSION = "1.1.0"
_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])  # WKB of one point, little-endian
_LITTLE_ENDIAN, _POINT_TYPE = 1, 1


class _Drain(io.RawIOBase):
    """A file that is only written; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # pyarrow hands over bytes
        self._parts.append(bytes(data))
        self._length += len(data)
        return len(data)

    def tell(self) -> int:
        return self._length

    def take(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def geoparquet_pieces(selection: Selection) -> Generator[bytes]:
    """The file, one row group at a time."""
    drain = _Drain()
    # Readers look for `geo` in the schema, which is written first: the box has to be known before the rows.
    about = selection.about | {"geo": json.dumps(_geo(extent_of(selection)))}
    licence = selection.dataset.info.licence.name
    groups = (_with_geometry(group, licence).replace_schema_metadata(about) for group in _groups(selection))
    first = next(groups)
    with pq.ParquetWriter(drain, first.schema, compression="zstd") as writer:
        for group in chain([first], groups):
            writer.write_table(group, row_group_size=_ROW_GROUP)
            yield drain.take()
    yield drain.take()


def _groups(selection: Selection) -> Generator[pa.Table]:
    """Rows in groups as Parquet likes them; at least one, so that an empty selection is a file with columns."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in selection.tables():
        waiting.append(table)
        rows += table.num_rows
        if rows >= _ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def _with_geometry(table: pa.Table, licence: str) -> pa.Table:
    """The rows with a point each, null where the place is unknown, and the licence."""
    lon, lat = places(table)
    licences = pa.DictionaryArray.from_arrays(np.zeros(table.num_rows, np.int8), pa.array([licence]))
    return table.append_column("licence", licences).append_column(GEOMETRY, _points(lon, lat))


def _points(lon: np.ndarray, lat: np.ndarray) -> pa.Array:
    """WKB of each point, null where it is not known."""
    points = np.empty(len(lon), _POINT)
    points["order"], points["type"], points["x"], points["y"] = _LITTLE_ENDIAN, _POINT_TYPE, lon, lat
    ends = pa.array(np.arange(len(lon) + 1, dtype=np.int32) * _POINT.itemsize)
    mask = pa.array(np.isfinite(lon) & np.isfinite(lat))
    return pa.Array.from_buffers(
        pa.binary(), len(lon), [mask.buffers()[1], ends.buffers()[1], pa.py_buffer(points.tobytes())]
    )


def _geo(extent: Extent) -> dict[str, object]:
    """The value of the key `geo`."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if extent.bbox:
        column["bbox"] = list(extent.bbox)
    return {"version": _VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
