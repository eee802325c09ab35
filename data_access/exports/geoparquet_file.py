"""A selection as GeoParquet 1.1: points as WKB in longitude and latitude (OGC:CRS84, which is the default).

Rows keep the order of their ids, so a box per row ("covering") would let no reader skip a part of the file: there is
none, and `lon` and `lat` stay as columns beside the geometry. Licence, credit, citation, filter, revision and date are
metadata of the schema; `licence` is a column too, because tables are cut and joined. Times are UTC, without a zone, as
in the catalogue.
"""

import json
from collections.abc import Generator
from functools import partial

import numpy as np
import pyarrow as pa

from data_access.exports.extent import Extent, extent_of, places
from data_access.exports.parquet_writing import parquet_pieces, row_groups
from data_access.exports.selection import Selection

GEOMETRY = "geometry"
_VERSION = "1.1.0"
_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])  # WKB of one point, little-endian
_LITTLE_ENDIAN, _POINT_TYPE = 1, 1


def geoparquet_pieces(selection: Selection) -> Generator[bytes]:
    """The file, one row group at a time."""
    # Readers look for `geo` in the schema, which is written first: the box has to be known before the rows.
    about = selection.about | {"geo": json.dumps(_geo(extent_of(selection)))}
    licence = selection.dataset.info.licence.name
    return parquet_pieces(map(partial(_with_geometry, licence=licence), row_groups(selection.tables())), about)


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
