"""Writes one modality of one sample as TerraMesh does: a consolidated Zarr v2 group in a stored zip.

Written by hand (json, numcodecs, zipfile): the layout is what readers of 2024 to 2026 have in common, and equal input
gives equal bytes on every machine.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numcodecs import Blosc
from numpy.typing import NDArray

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold: files must not remember when they were made
_COMPRESSOR = {"blocksize": 0, "clevel": 5, "cname": "zstd", "id": "blosc", "shuffle": 1}


@dataclass(frozen=True)
class Variable:
    """One array of the group.

    Attributes:
        values: the array; a 0-d array is stored without compression.
        dims: a name per axis.
        attributes: more attributes, such as the units of time.
    """

    values: NDArray[np.generic]
    dims: tuple[str, ...]
    attributes: Mapping[str, object]


def encode_group(variables: Mapping[str, Variable], attributes: Mapping[str, object]) -> bytes:
    """The bytes of one `.zarr.zip`.

    Args:
        variables: arrays by name; each becomes one chunk.
        attributes: of the group.
    """
    metadata: dict[str, object] = {".zgroup": {"zarr_format": 2}, ".zattrs": dict(attributes)}
    chunks: list[tuple[str, bytes]] = []
    codec = Blosc(cname="zstd", clevel=5, shuffle=Blosc.SHUFFLE, blocksize=0)
    for name, variable in variables.items():
        values = np.ascontiguousarray(variable.values).reshape(variable.values.shape)
        metadata[f"{name}/.zarray"] = _array_metadata(values)
        metadata[f"{name}/.zattrs"] = {"_ARRAY_DIMENSIONS": list(variable.dims), **variable.attributes}
        chunk = ".".join("0" * values.ndim) if values.ndim else "0"
        raw = values.tobytes()
        chunks.append((f"{name}/{chunk}", bytes(codec.encode(raw)) if values.ndim else raw))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, entry in metadata.items():
            archive.writestr(_info(path), _json(entry))
        for path, data in chunks:
            archive.writestr(_info(path), data)
        archive.writestr(_info(".zmetadata"), _json({"metadata": metadata, "zarr_consolidated_format": 1}))
    return buffer.getvalue()


def _array_metadata(values: NDArray[np.generic]) -> dict[str, object]:
    return {
        "chunks": list(values.shape),
        "compressor": _COMPRESSOR if values.ndim else None,
        "dtype": values.dtype.str,
        "fill_value": "NaN" if values.dtype.kind == "f" else None,
        "filters": None,
        "order": "C",
        "shape": list(values.shape),
        "zarr_format": 2,
    }


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, date_time=_EPOCH)
    info.create_system = 3  # Unix, wherever it is written
    info.external_attr = 0o644 << 16
    return info


def _json(entry: object) -> bytes:
    return json.dumps(entry, indent=4, sort_keys=True, ensure_ascii=True).encode()
