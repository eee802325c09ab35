"""Reads the tensors of one safetensors value without trusting a byte of it.

Layout: eight bytes with the header's length (little-endian), a JSON header that gives dtype, shape and offsets per
tensor, then the data. Everything is checked against caps and against the bytes that are there before an array is made;
the data must be filled exactly, as the format asks, so a damaged length does not pass.
"""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from errors import SampleFormatError

HEADER_CAP = 1 << 16  # bytes; a patch of 12 bands has a header of 824
EDGE_CAP = 4096  # pixels; patches have 120
TENSORS_CAP = 64  # a patch has at most 12 bands
_LENGTH_SIZE = 8
_DTYPES = {
    "U8": "<u1",
    "I8": "<i1",
    "U16": "<u2",
    "I16": "<i2",
    "U32": "<u4",
    "I32": "<i4",
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
}


@dataclass(frozen=True)
class Tensor:
    """One two-dimensional tensor: where it lies in the value, not its pixels."""

    name: str
    dtype: np.dtype[np.generic]
    shape: tuple[int, int]
    start: int  # byte in the value
    stop: int

    def read(self, value: memoryview | bytes) -> np.ndarray:
        """The pixels, as an array of its own in native byte order."""
        flat = np.frombuffer(value, self.dtype, count=math.prod(self.shape), offset=self.start)
        return flat.reshape(self.shape).astype(self.dtype.newbyteorder("="), copy=True)


def parse_tensors(value: memoryview | bytes, wanted: Collection[str] | None = None) -> dict[str, Tensor]:
    """Find the tensors of a safetensors value by name.

    Args:
        value: the bytes.
        wanted: names to look for, None for all; other tensors may be of any type and rank, but must have their place.

    Raises:
        SampleFormatError: the header is damaged, or names sizes, types or offsets that can not be.
    """
    size = len(value)
    if size < _LENGTH_SIZE:
        raise SampleFormatError(
            f"The value has {size} bytes, too few for a safetensors header: convert the patch again."
        )
    length = int.from_bytes(bytes(value[:_LENGTH_SIZE]), "little")
    if length > min(HEADER_CAP, size - _LENGTH_SIZE):
        raise SampleFormatError(
            f"The safetensors header claims {length} bytes of {size} (at most {HEADER_CAP}): the value is damaged."
        )
    data_start = _LENGTH_SIZE + length
    try:
        header = json.loads(bytes(value[_LENGTH_SIZE:data_start]).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SampleFormatError(f"The safetensors header is not JSON ({error}): the value is damaged.") from error
    if not isinstance(header, dict) or len(header) > TENSORS_CAP + 1:
        raise SampleFormatError(f"The safetensors header is not a table of at most {TENSORS_CAP} tensors.")
    entries = {name: _described(name, entry) for name, entry in header.items() if name != "__metadata__"}
    extents = [
        (*_two_numbers(name, "data_offsets", entry.get("data_offsets")), name) for name, entry in entries.items()
    ]
    _check_filled(extents, data_start, size)
    return {
        name: _tensor(name, entry, data_start) for name, entry in entries.items() if wanted is None or name in wanted
    }


def _described(name: str, entry: object) -> dict[str, object]:
    if not isinstance(entry, dict):
        raise SampleFormatError(f"Tensor {name[:40]!r} has no description: the value is damaged.")
    return entry


def _tensor(name: str, entry: dict[str, object], data_start: int) -> Tensor:
    dtype, shape, offsets = (entry.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise SampleFormatError(
            f"Tensor {name[:40]!r} has dtype {str(dtype)[:20]!r}; readable are {', '.join(_DTYPES)}."
        )
    if isinstance(shape, list) and len(shape) == len("CHW") and shape[0] == 1:
        shape = shape[1:]  # some writers keep the axis of bands
    height, width = _two_numbers(name, "shape", shape)
    start, stop = _two_numbers(name, "data_offsets", offsets)
    kind: np.dtype[np.generic] = np.dtype(_DTYPES[dtype])
    if not 0 < height <= EDGE_CAP or not 0 < width <= EDGE_CAP:
        raise SampleFormatError(f"Tensor {name[:40]!r} has {height} x {width} pixels; at most {EDGE_CAP} x {EDGE_CAP}.")
    if stop - start != height * width * kind.itemsize:
        raise SampleFormatError(
            f"Tensor {name[:40]!r} claims {stop - start} bytes for {height} x {width} {dtype}: the value is damaged."
        )
    return Tensor(name, kind, (height, width), data_start + start, data_start + stop)


def _two_numbers(name: str, key: str, found: object) -> tuple[int, int]:
    if isinstance(found, list) and len(found) == 2 and all(type(number) is int and number >= 0 for number in found):
        return found[0], found[1]
    raise SampleFormatError(f"Tensor {name[:40]!r} has {key} {str(found)[:40]}, expected two whole numbers.")


def _check_filled(extents: list[tuple[int, int, str]], data_start: int, size: int) -> None:
    """Tensors, as (start, stop, name), lie end to end from the header to the last byte."""
    position = data_start
    for start, stop, name in sorted(extents):
        if data_start + start != position or stop < start:
            raise SampleFormatError(
                f"Tensor {name[:40]!r} begins at byte {data_start + start}, expected {position}, "
                f"and ends at {data_start + stop}: the value is damaged."
            )
        position = data_start + stop
    if position != size:
        raise SampleFormatError(
            f"The tensors end at byte {position} of {size}: the value is cut or has bytes too many."
        )
