"""Compressors of Zarr chunks, each held to the size that the array promises: no header is believed unchecked."""

import struct
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pyarrow as pa
from numcodecs import blosc, lz4

MAX_TEXT_BYTES = 256 << 10  # decoded size of a chunk of strings, whose size the array does not tell

Decode = Callable[[bytes, int | None], bytes]  # (encoded bytes, decoded size where known) -> decoded bytes


def _agreed(stated: int, size: int | None) -> int:
    """The size to decode to, after a header's claim was compared with what is expected."""
    if size is None and stated > MAX_TEXT_BYTES:
        raise ValueError(f"it claims {stated} bytes of text; at most {MAX_TEXT_BYTES} are read")
    if size is not None and stated != size:
        raise ValueError(f"it claims {stated} bytes where its shape and dtype make {size}")
    return stated


def _blosc(data: bytes, size: int | None) -> bytes:
    """Header: version, codec version, flags, type size (a byte each), decoded, block and total bytes (uint32)."""
    version, _, _, type_size, decoded, block, total = struct.unpack_from("<4B3I", data)
    _agreed(decoded, size)
    if version != 2 or total != len(data) or type_size == 0 or (decoded and not 0 < block <= decoded):
        raise ValueError("its Blosc header makes no sense")
    return bytes(blosc.decompress(data))


def _zstd(data: bytes, size: int | None) -> bytes:
    if size is None:
        size = _agreed(_zstd_size(data), None)
    # pyarrow's codec, unlike numcodecs', fails where the data is shorter than the size it is given.
    decoded: bytes = pa.Codec("zstd").decompress(data, decompressed_size=size, asbytes=True)
    return decoded


def _zstd_size(data: bytes) -> int:
    """Content size in a Zstandard frame's header (RFC 8878, 3.1.1.1)."""
    if data[:4] != b"\x28\xb5\x2f\xfd" or len(data) < 5:
        raise ValueError("it is no Zstandard frame")
    descriptor = data[4]
    single_segment = bool(descriptor & 0x20)
    width = (int(single_segment), 2, 4, 8)[descriptor >> 6]
    start = 5 + (not single_segment) + (0, 1, 2, 4)[descriptor & 3]
    field = data[start : start + width]
    if not width or len(field) < width:
        raise ValueError("its Zstandard frame does not tell its size")
    return int.from_bytes(field, "little") + (256 if width == 2 else 0)


def _lz4(data: bytes, size: int | None) -> bytes:
    """Numcodecs puts the decoded size, an int32, before the block."""
    _agreed(struct.unpack_from("<i", data)[0], size)
    return bytes(lz4.decompress(data))


def _zlib(data: bytes, size: int | None) -> bytes:
    """Both zlib and gzip wrappers, told apart by their first bytes."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
    limit = MAX_TEXT_BYTES if size is None else size
    decoded = stream.decompress(data, limit + 1)
    if len(decoded) > limit or not stream.eof:
        raise ValueError(f"it does not end after {limit} bytes")
    return decoded


COMPRESSORS: Mapping[str, Decode] = MappingProxyType(
    {"blosc": _blosc, "zstd": _zstd, "lz4": _lz4, "zlib": _zlib, "gzip": _zlib}
)
