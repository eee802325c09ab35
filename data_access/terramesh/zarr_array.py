"""One Zarr array: what its metadata promises, and its chunks put together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from data_access.terramesh.zarr_codecs import Stage, decode_chunk, decode_strings
from data_access.terramesh.zip_archive import ZipArchive
from errors import SampleFormatError

MAX_ARRAY_BYTES = 64 << 20  # one modality of 13 bands at 1500 px in float16; a TerraMesh one has 1.8 MB
MAX_DIMENSIONS = 6
MAX_CHUNKS = 8192  # as many as the largest zip directory that is read can name
MAX_STRINGS = 1024  # band names
STRING = np.dtype(object)  # variable-length text
_LAST_CODE_POINT = 0x10FFFF


@dataclass(frozen=True)
class ArraySpec:
    """What the metadata of an array promises."""

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: np.dtype  # as stored, byte order included; `STRING` for variable-length text
    fill: object  # value of chunks that are not there
    stages: tuple[Stage, ...]  # from array bytes to stored bytes
    axes: tuple[int, ...]  # order of the axes inside a chunk's bytes; (0, 1, ...) is C order
    key_start: str  # chunk key = key_start + grid position joined by separator
    separator: str
    key_of_scalar: str
    dimensions: tuple[str, ...] | None  # names of the axes, where the writer gave them
    attributes: Mapping[str, object]

    def __post_init__(self) -> None:
        """Refuse what would take too much memory or time, before any of it is spent."""
        if len(self.chunks) != len(self.shape) or len(self.shape) > MAX_DIMENSIONS or 0 in self.chunks:
            raise SampleFormatError(f"Shape {self.shape} and chunks {self.chunks} do not fit each other.")
        largest = max(math.prod(self.shape), math.prod(self.chunks)) * self.dtype.itemsize
        if largest > MAX_ARRAY_BYTES or (self.dtype == STRING and largest > MAX_STRINGS * self.dtype.itemsize):
            raise SampleFormatError(
                f"An array of shape {self.shape} in chunks of {self.chunks} {self.dtype} is larger than a chip can be."
            )
        if math.prod(self.grid) > MAX_CHUNKS:
            raise SampleFormatError(f"{math.prod(self.grid)} chunks are more than a chip can have ({MAX_CHUNKS}).")

    @property
    def grid(self) -> tuple[int, ...]:
        """Number of chunks along each axis."""
        return tuple(-(-size // chunk) for size, chunk in zip(self.shape, self.chunks, strict=True))

    def chunk_key(self, position: tuple[int, ...]) -> str:
        """Name of a chunk's file below the array's folder."""
        if not position:
            return self.key_of_scalar
        return self.key_start + self.separator.join(map(str, position))


def read_array(spec: ArraySpec, archive: ZipArchive, folder: str) -> np.ndarray:
    """All values of an array, in C order and native byte order; chunks that are not there hold the fill value.

    Args:
        spec: what to expect.
        archive: where the chunks are.
        folder: the array's folder in the archive, with a slash at its end.

    Raises:
        SampleFormatError: a chunk is damaged.
    """
    values: np.ndarray | None = None
    for position in product(*(range(count) for count in spec.grid)):
        name = folder + spec.chunk_key(position)
        if name not in archive:
            continue
        chunk = _decoded(spec, archive.read(name))
        if spec.chunks == spec.shape:
            values = chunk
        else:
            values = np.full(spec.shape, spec.fill, spec.dtype) if values is None else values
            where = tuple(
                slice(start := index * size, min(start + size, length))
                for index, size, length in zip(position, spec.chunks, spec.shape, strict=True)
            )
            values[where] = chunk[tuple(slice(part.stop - part.start) for part in where)]
    if values is None:
        values = np.full(spec.shape, spec.fill, spec.dtype)
    return np.asarray(values, spec.dtype.newbyteorder("="), order="C")


def _decoded(spec: ArraySpec, data: bytes) -> np.ndarray:
    """One chunk, its axes in the array's order."""
    count = math.prod(spec.chunks)
    if spec.dtype == STRING:
        flat = np.array(decode_strings(decode_chunk(data, spec.stages, None), count), STRING)
    else:
        flat = np.frombuffer(decode_chunk(data, spec.stages, count * spec.dtype.itemsize), spec.dtype)
        if spec.dtype.kind == "U":
            _check_text(flat)
    stored = flat.reshape([spec.chunks[axis] for axis in spec.axes])
    return stored.transpose(np.argsort(spec.axes)) if spec.axes else stored


def _check_text(values: np.ndarray) -> None:
    """Refuse what is no Unicode: NumPy believes any four bytes, and Python fails much later."""
    points = values.view(np.dtype(np.uint32).newbyteorder(values.dtype.byteorder))
    if ((points > _LAST_CODE_POINT) | ((points >= 0xD800) & (points <= 0xDFFF))).any():
        raise SampleFormatError("A chunk of text is damaged: it holds what is no character. Fetch its shard again.")
