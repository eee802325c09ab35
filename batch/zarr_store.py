"""A Zarr v2 store on disk, written chunk by chunk by many processes: each file appears whole or not at all.

Layout of https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html with consolidated metadata and xarray's dimension
names. Written by hand (json, numcodecs) because it takes a page, and equal values must give equal bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numcodecs import Blosc, blosc

from data_access.kept_tables import replace_atomically

_LEVEL = 5
_CODEC = {"blocksize": 0, "clevel": _LEVEL, "cname": "zstd", "id": "blosc", "shuffle": Blosc.SHUFFLE}


@dataclass(frozen=True)
class ZarrArray:
    """One array of a store.

    Attributes:
        name: of the array; names with slashes are not used here.
        shape: of the whole array.
        chunks: of each chunk, at most the shape.
        dtype: any that numpy writes with a fixed length.
        dims: a name per axis.
        fill: what a chunk holds that was never written.
        attributes: more attributes, such as the unit.
    """

    name: str
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: str
    dims: tuple[str, ...]
    fill: float | int | str | None
    attributes: Mapping[str, object] = field(default_factory=dict)


def write_metadata(store: Path, arrays: Sequence[ZarrArray], attributes: Mapping[str, object]) -> None:
    """Write what a store holds; chunks may come before or after. Raises OSError."""
    entries: dict[str, object] = {".zgroup": {"zarr_format": 2}, ".zattrs": dict(attributes)}
    for each in arrays:
        entries[f"{each.name}/.zarray"] = _metadata(each)
        entries[f"{each.name}/.zattrs"] = {"_ARRAY_DIMENSIONS": [*each.dims], **each.attributes}
    for name, entry in entries.items():
        _write(store / name, _json(entry))
    _write(store / ".zmetadata", _json({"metadata": entries, "zarr_consolidated_format": 1}))


def write_chunk(store: Path, array: ZarrArray, first: int, values: np.ndarray) -> None:
    """Write the chunk with this number along the first axis; along all others an array has one chunk.

    Args:
        store: the folder.
        array: which one.
        first: number of the chunk.
        values: of the shape of a chunk; a shorter one at the end of the first axis is filled up.

    Raises:
        OSError: it can not be written.
        ValueError: the values do not fit the array.
    """
    if values.shape[1:] != array.chunks[1:] or len(values) > array.chunks[0]:
        raise ValueError(f"{array.name} takes chunks of {array.chunks}, not {values.shape}")
    whole = np.full(array.chunks, _fill(array), dtype=array.dtype)
    whole[: len(values)] = values
    blosc.use_threads = False  # threads would store the blocks of a chunk in the order in which they finish
    data = Blosc(cname="zstd", clevel=_LEVEL, shuffle=Blosc.SHUFFLE).encode(np.ascontiguousarray(whole))
    _write(store / array.name / ".".join([str(first), *["0"] * (len(array.shape) - 1)]), bytes(data))


def write_array(store: Path, array: ZarrArray, values: np.ndarray) -> None:
    """Write all chunks of an array, which lie behind each other along the first axis. Raises as `write_chunk`."""
    for first, start in enumerate(range(0, len(values), array.chunks[0])):
        write_chunk(store, array, first, values[start : start + array.chunks[0]])


def _fill(array: ZarrArray) -> float | int | str:
    """What an array holds where nothing was written; for texts nothing."""
    if array.fill is None:
        return "" if np.dtype(array.dtype).kind == "U" else 0
    return array.fill


def _metadata(array: ZarrArray) -> dict[str, object]:
    fill = "NaN" if isinstance(array.fill, float) and np.isnan(array.fill) else array.fill
    return {
        "chunks": [*array.chunks],
        "compressor": _CODEC,
        "dtype": np.dtype(array.dtype).str,
        "fill_value": fill,
        "filters": None,
        "order": "C",
        "shape": [*array.shape],
        "zarr_format": 2,
    }


def _json(entry: object) -> bytes:
    return json.dumps(entry, indent=2, sort_keys=True, ensure_ascii=True).encode()


def _write(path: Path, data: bytes) -> None:
    replace_atomically(path, lambda temporary: temporary.write_bytes(data))
