"""The arrays of the point index: every sample with a position, in the order of the Morton curve.

| name | type | meaning |
| --- | --- | --- |
| code | uint64 | code along the curve, ascending |
| rows | uint32 | row number in the catalogue |
| lon, lat | float64 | degrees, exactly as in the catalogue |
| time, cloud_cover | datetime64, float64 | as in the catalogue, where it has them |
| country, season, ... | uint8 or uint16 | codes of each category; their words stand in `PointFacts` |
| id_ends, id_text | int32 or int64, uint8 | where each id begins and the last one ends; UTF-8 of all ids, end to end |
| cells_0 ... cells_3 | uint32 | for each wide zoom: codes of the cells that hold samples |
| starts_0 ... starts_3 | uint32 | and where the samples of each such cell begin and those of the last one end |

They take about 70 bytes per sample. Other columns join them when a filter asks for one, see `point_masks`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.catalog import TableCatalog
from data_access.filter_mask import Categorical, TypedColumn
from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.kept_arrays import Arrays
from data_access.morton import BITS, mercator, morton
from data_access.progress import Activity, activity
from data_access.sample_filter import SampleFilter

TILE_BITS = 8  # a tile is 256 x 256 cells
MAX_ZOOM = BITS - TILE_BITS
WIDE_ZOOMS = 4  # zoom levels whose cells are stored: their tiles hold millions of samples
BLOCK = 1 << 20  # samples that are worked on at a time; a multiple of 64, as masks need it

_INT32_MAX = np.iinfo(np.int32).max
_NUMBERS = ("lon", "lat", "time", "cloud_cover")  # the last two would join soon enough, in the first user's time
_WRITTEN = ("rows", *_NUMBERS, *CATEGORICAL_COLUMNS, "id")  # steps of the build that are counted

Write = Callable[[str, int, Iterable[np.ndarray]], None]  # name, length, blocks of one array


@dataclass(frozen=True)
class PointFacts:
    """What stands beside the arrays."""

    catalogue: str  # fingerprint of the catalogue that it was built from
    categories: dict[str, tuple[str, ...]]  # words of each category that the catalogue has
    fullest: tuple[int, ...]  # most samples in one cell, for each zoom from 0 to `MAX_ZOOM`


def build(catalog: TableCatalog, write: Write) -> PointFacts:
    """Compute all arrays of a catalogue and hand them to `write` one by one.

    Raises:
        OSError: `write` could not.
    """
    with activity("Sorting samples for the map", total=len(_WRITTEN), unit="columns") as progress:
        rows, code = _along_the_curve(catalog)
        write("code", len(code), blocks_of(code))
        fullest = _write_cells(code, write)
        del code
        write("rows", len(rows), blocks_of(rows))
        progress.advance()
        for name in _NUMBERS:
            if name in catalog.column_names:
                write(name, len(rows), _in_order(catalog.columns((name,))[name], rows))
            progress.advance()
        categories = dict(_write_categories(catalog, rows, write, progress))
        _write_ids(catalog, rows, write)
        progress.advance()
    return PointFacts(fingerprint(catalog), categories, fullest)


def fingerprint(catalog: TableCatalog) -> str:
    """Changes with the catalogue: with its samples, and with what is known of them, such as their countries.

    From counts that the catalogue has at hand, so that it costs no scan.
    """
    counts = {
        name: [(each.value, each.count) for each in facet] for name, facet in catalog.facets(SampleFilter()).items()
    }
    words = json.dumps([catalog.total, catalog.column_names, counts], sort_keys=True)
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def needed(arrays: Arrays, name: str) -> np.ndarray:
    """One of the arrays that every index has.

    Raises:
        LookupError: it has not; `point_files` checks that it does.
    """
    found = arrays.get(name)
    if found is None:
        raise LookupError(f"the point index has no {name}")
    return found


def numbers_along_the_curve(catalog: TableCatalog, name: str, rows: np.ndarray) -> np.ndarray:
    """One column of numbers or times of the catalogue in the order of the arrays, (n,).

    Raises:
        LookupError: it has no such column, or one of something else.
    """
    column = catalog.columns((name,)).get(name)
    if isinstance(column, np.ndarray):
        return np.asarray(column[rows])
    raise LookupError(f"the catalogue has no numbers called {name}")


def ids_at(arrays: Arrays, places: np.ndarray) -> pa.Array:
    """Ids of the samples at these places, (n,) string, read from just their part of the text."""
    ends, text = needed(arrays, "id_ends"), needed(arrays, "id_text")
    return _id_array(ends, text).take(pa.array(places)).cast(pa.string())


def blocks_of(array: np.ndarray) -> Iterator[np.ndarray]:
    """An array in parts of `BLOCK` elements; one empty part where it is empty."""
    for start in range(0, max(len(array), 1), BLOCK):
        yield array[start : start + BLOCK]


def _along_the_curve(catalog: TableCatalog) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the samples with a position, (n,) uint32, and their codes, (n,) uint64, by ascending code."""
    rows, codes, first = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint64)], 0
    for batch in catalog.batches(("lon", "lat")):
        lon, lat = (batch.column(name).to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
        located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        codes.append(morton(*mercator(lon[located], lat[located])))
        rows.append((located + first).astype(np.uint32))
        first += len(batch)
    code = np.concatenate(codes)
    codes.clear()
    order = np.argsort(code)
    return np.concatenate(rows)[order], code[order]


def _in_order(column: TypedColumn, rows: np.ndarray) -> Iterator[np.ndarray]:
    values = column.codes if isinstance(column, Categorical) else np.asarray(column)
    for part in blocks_of(rows):
        yield values[part]


def _write_categories(
    catalog: TableCatalog, rows: np.ndarray, write: Write, progress: Activity
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in CATEGORICAL_COLUMNS:
        column = catalog.columns((name,)).get(name)
        if isinstance(column, Categorical):
            write(name, len(rows), _in_order(column, rows))
            yield name, column.values
        progress.advance()


def _write_ids(catalog: TableCatalog, rows: np.ndarray, write: Write) -> None:
    text, lengths = bytearray(), [np.zeros(0, np.int32)]
    for batch in catalog.batches(("id",)):
        ids = batch.column("id").cast(pa.large_string())
        lengths.append(pc.binary_length(ids).to_numpy(zero_copy_only=False).astype(np.int32))
        text += _text(ids).data
    length = np.concatenate(lengths)
    by_row = _id_array(_ends(length), np.frombuffer(text, np.uint8))
    ends = _ends(length[rows])
    write("id_ends", len(ends), blocks_of(ends))
    taken = (by_row.take(pa.array(part)).cast(pa.large_string()) for part in blocks_of(rows))
    write("id_text", int(ends[-1]), (_text(ids) for ids in taken))


def _ends(lengths: np.ndarray) -> np.ndarray:
    """Where each of some texts begins and the last one ends, (n + 1,), as narrow as their sum allows."""
    ends = np.zeros(len(lengths) + 1, np.int32 if lengths.sum(dtype=np.int64) <= _INT32_MAX else np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def _id_array(ends: np.ndarray, text: np.ndarray) -> pa.Array:
    """Texts that stand end to end, without a copy."""
    kind = pa.StringArray if ends.dtype == np.int32 else pa.LargeStringArray
    return kind.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(text))


def _text(ids: pa.LargeStringArray) -> np.ndarray:
    """The UTF-8 of all ids, end to end."""
    _, offsets, data = ids.buffers()
    ends = np.frombuffer(offsets, np.int64, count=len(ids) + 1, offset=8 * ids.offset)
    return np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]]


def _write_cells(code: np.ndarray, write: Write) -> tuple[int, ...]:
    """Write the cells of the wide zooms; gives the most samples of a cell for every zoom."""
    fullest: list[int] = []
    for zoom in range(MAX_ZOOM + 1):
        shift = np.uint64(2 * (MAX_ZOOM - zoom))
        starts = _starts(code, shift)
        fullest.append(int(np.diff(starts).max(initial=0)))
        if zoom < WIDE_ZOOMS:
            write(f"cells_{zoom}", len(starts) - 1, [(code[starts[:-1]] >> shift).astype(np.uint32)])
            write(f"starts_{zoom}", len(starts), [starts])
    return tuple(fullest)


def _starts(code: np.ndarray, shift: np.uint64) -> np.ndarray:
    """Where the samples of each occupied cell begin, and those of the last one end, uint32."""
    starts = [np.zeros(min(len(code), 1), np.uint32)]
    for start in range(0, len(code), BLOCK):
        first = max(start - 1, 0)
        cell = code[first : start + BLOCK] >> shift
        starts.append((np.flatnonzero(cell[1:] != cell[:-1]) + (first + 1)).astype(np.uint32))
    return np.concatenate([*starts, np.array([len(code)], np.uint32)])
