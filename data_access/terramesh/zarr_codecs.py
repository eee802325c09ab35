"""Undoing the compression and filters of a Zarr chunk: an allow-list, with every size checked before decoding.

A chunk's decoded size is known from its array, so a header that promises anything else is refused before memory is
set aside for it. Codecs that run code (pickle), or have no bound, are not on the list.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numcodecs
import numpy as np

from data_access.terramesh.zarr_compressors import COMPRESSORS, Decode
from data_access.terramesh.zarr_dtype import parse_dtype
from errors import SampleFormatError

MAX_STAGES = 6  # filters and compressor together; real chunks have one or two
_MAX_SHUFFLE = 64  # element size of the widest dtype that is read

# What decoders raise on damaged bytes.
CODEC_ERRORS = (ValueError, RuntimeError, TypeError, OSError, BufferError, OverflowError, struct.error, zlib.error)


@dataclass(frozen=True)
class Stage:
    """One step of the way from array to bytes, and how to undo it."""

    name: str
    decode: Decode  # (encoded bytes, decoded size where known) -> decoded bytes
    encoded_size: Callable[[int], int | None]  # of the decoded size; None where only the data tells


def decode_chunk(data: bytes, stages: tuple[Stage, ...], size: int | None) -> bytes:
    """Undo all stages of a chunk, last first.

    Args:
        data: the chunk as stored.
        stages: in the order in which the writer applied them.
        size: bytes of the decoded chunk; None for strings.

    Raises:
        SampleFormatError: the bytes are damaged or do not decode to `size` bytes.
    """
    sizes: list[int | None] = [size]
    for stage in stages:
        last = sizes[-1]
        sizes.append(None if last is None else stage.encoded_size(last))
    for stage, decoded_size in zip(reversed(stages), reversed(sizes[:-1]), strict=True):
        try:
            data = stage.decode(data, decoded_size)
        except CODEC_ERRORS as error:
            raise SampleFormatError(f"A chunk is damaged: {stage.name} can not undo it ({error}).") from error
    if size is not None and len(data) != size:
        raise SampleFormatError(f"A chunk has {len(data)} bytes, not the {size} of its shape and dtype.")
    return data


def stage_of(name: str, configuration: Mapping[str, object]) -> Stage:
    """The stage of a codec named in `.zarray` or `zarr.json`.

    Raises:
        SampleFormatError: the codec is not on the list, or its configuration makes no sense.
    """
    if name in COMPRESSORS:
        return Stage(name, COMPRESSORS[name], lambda _: None)
    if name in _CHECKSUMS:
        return _checksum_stage(name, configuration)
    if name in _NUMBER_FILTERS:
        return _number_filter_stage(name, configuration)
    if name == "shuffle":
        return _shuffle_stage(configuration)
    if name == "bitround":
        return Stage(name, lambda data, _: data, lambda size: size)  # rounding is done when writing; nothing to undo
    allowed = sorted((*COMPRESSORS, *_CHECKSUMS, *_NUMBER_FILTERS, "shuffle", "bitround", "vlen-utf8"))
    raise SampleFormatError(
        f"Codec {name[:40]!r} is not read; allowed are {', '.join(allowed)}. Write the sample again with one of these."
    )


def decode_strings(data: bytes, count: int) -> list[str]:
    """Undo vlen-utf8: the number of strings, then each as length and UTF-8 bytes.

    Raises:
        SampleFormatError: there are not exactly `count` strings.
    """
    strings: list[str] = []
    position = 4
    try:
        (stated,) = struct.unpack_from("<I", data)
        while stated == count and len(strings) < count:
            (length,) = struct.unpack_from("<I", data, position)
            (text,) = struct.unpack_from(f"{length}s", data, position + 4)
            position += 4 + length
            strings.append(text.decode())
    except (struct.error, ValueError, OverflowError) as error:
        raise SampleFormatError(f"A chunk of strings is damaged ({error}).") from error
    if stated != count:
        raise SampleFormatError(f"A chunk claims {stated} strings; its shape has {count}.")
    return strings


_CHECKSUMS = ("crc32", "adler32", "crc32c", "fletcher32")
_CHECKSUM_BYTES = 4
_NUMBER_FILTERS = ("delta", "fixedscaleoffset", "quantize")


def _checksum_stage(name: str, configuration: Mapping[str, object]) -> Stage:
    location = configuration.get("location", "end" if name in ("crc32c", "fletcher32") else "start")
    settings = {"id": name} if name == "fletcher32" else {"id": name, "location": str(location)}
    codec = _numcodecs_codec(settings)

    def decode(data: bytes, _: int | None) -> bytes:
        if len(data) < _CHECKSUM_BYTES:
            raise ValueError("it is shorter than its checksum")
        return bytes(codec.decode(data))

    return Stage(name, decode, lambda size: size + _CHECKSUM_BYTES)


def _number_filter_stage(name: str, configuration: Mapping[str, object]) -> Stage:
    """Filters that keep numbers in another dtype: differences, scaled or rounded values."""
    plain = parse_dtype(configuration.get("dtype"))
    packed = parse_dtype(configuration.get("astype") or configuration.get("dtype"))
    if plain.kind not in "iuf" or packed.kind not in "iuf":
        raise SampleFormatError(f"Filter {name} between {plain} and {packed} is not read.")
    codec = _numcodecs_codec({"id": name, **configuration})

    def decode(data: bytes, _: int | None) -> bytes:
        with np.errstate(all="ignore"):  # differences of integers wrap on purpose
            return np.ascontiguousarray(codec.decode(data)).tobytes()

    def encoded_size(size: int) -> int | None:
        return size // plain.itemsize * packed.itemsize

    return Stage(name, decode, encoded_size)


def _shuffle_stage(configuration: Mapping[str, object]) -> Stage:
    element_size = configuration.get("elementsize", 4)
    if not isinstance(element_size, int) or not 1 <= element_size <= _MAX_SHUFFLE:
        raise SampleFormatError(f"Shuffle with elements of {element_size!r} bytes is not read.")

    def decode(data: bytes, _: int | None) -> bytes:
        if len(data) % element_size:
            raise ValueError(f"its {len(data)} bytes are no whole elements of {element_size}")
        return np.frombuffer(data, np.uint8).reshape(element_size, -1).T.tobytes()

    return Stage("shuffle", decode, lambda size: size)


def _numcodecs_codec(settings: Mapping[str, object]) -> numcodecs.abc.Codec:
    try:
        return numcodecs.get_codec(dict(settings))
    except CODEC_ERRORS as error:
        raise SampleFormatError(f"Codec {settings['id']} has a configuration that is not read ({error}).") from error
