"""Data types, fill values and small JSON documents of Zarr arrays, read without trusting them."""

import base64
import json
import math
import re
from collections.abc import Mapping

import numpy as np

from errors import SampleFormatError

MAX_JSON_BYTES = 1 << 20  # a sample's consolidated metadata has 7 kB
MAX_JSON_DEPTH = 32  # real documents nest five deep
MAX_ITEM_BYTES = 4096  # a product id of a thousand characters; longer items are no coordinate and no pixel

_DTYPE = re.compile(r"[<>|](b1|[iu][1248]|f[248]|[US]\d{1,4}|M8\[(ns|us|ms|s|m|h|D)\])")
_FLOAT_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def parse_json(data: bytes, name: str) -> dict[str, object]:
    """A JSON object of bounded size and depth. Raises SampleFormatError for anything else."""
    if len(data) > MAX_JSON_BYTES:
        raise SampleFormatError(f"{name} has {len(data)} bytes; at most {MAX_JSON_BYTES} are read.")
    characters = np.frombuffer(data, np.uint8) | 0x20  # folds [ and {, ] and }
    steps = (characters == ord("{")).astype(np.int32) - (characters == ord("}"))
    if steps.size and int(steps.cumsum().max()) > MAX_JSON_DEPTH:
        raise SampleFormatError(f"{name} is nested deeper than {MAX_JSON_DEPTH} levels. It is not used.")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SampleFormatError(f"{name} is no JSON ({error}). Fetch its shard again.") from error
    if not isinstance(document, dict):
        raise SampleFormatError(f"{name} holds no JSON object. Fetch its shard again.")
    return document


def parse_dtype(value: object) -> np.dtype:
    """The NumPy dtype of a Zarr v2 dtype string: plain numbers, fixed-length text, times.

    Raises:
        SampleFormatError: it is none of these; structured and object dtypes are not read.
    """
    if not isinstance(value, str) or not _DTYPE.fullmatch(value):
        raise SampleFormatError(f"Data type {str(value)[:60]!r} is not read; write plain numbers or text instead.")
    dtype = np.dtype(value)
    if not 0 < dtype.itemsize <= MAX_ITEM_BYTES:
        raise SampleFormatError(f"Data type {value!r} has items of {dtype.itemsize} bytes; at most {MAX_ITEM_BYTES}.")
    return dtype


def parse_fill(value: object, dtype: np.dtype) -> object:
    """The value of chunks that were not written, a scalar of `dtype`; zero where the metadata says null.

    Raises:
        SampleFormatError: the value does not fit the dtype.
    """
    try:
        return np.array(_plain_fill(value, dtype.kind), dtype)[()]
    except (ValueError, TypeError, OverflowError) as error:
        raise SampleFormatError(f"Fill value {str(value)[:40]!r} does not fit the data type {dtype}.") from error


def _plain_fill(value: object, kind: str) -> object:
    """The Python value behind the JSON form of a fill value: words for what JSON lacks, base64 for bytes."""
    if value is None:
        return b"" if kind == "S" else "" if kind == "U" else 0
    if isinstance(value, list | dict):
        raise TypeError("not a single value")
    if not isinstance(value, str) or kind == "U":
        return value
    if kind == "S":
        return base64.standard_b64decode(value)
    if kind == "f":
        return _FLOAT_WORDS[value] if value in _FLOAT_WORDS else float(value)
    return np.datetime64("NaT") if kind == "M" and value == "NaT" else int(value)


def as_shape(value: object, name: str) -> tuple[int, ...]:
    """A tuple of sizes, none negative. Raises SampleFormatError."""
    if not isinstance(value, list) or not all(type(size) is int and size >= 0 for size in value):
        raise SampleFormatError(f"{name} is {str(value)[:60]!r}, not a list of sizes. Fetch its shard again.")
    return tuple(value)


def as_mapping(value: object, name: str) -> Mapping[str, object]:
    """A JSON object, empty for null. Raises SampleFormatError."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SampleFormatError(f"{name} is {str(value)[:60]!r}, not an object. Fetch its shard again.")
    return value
