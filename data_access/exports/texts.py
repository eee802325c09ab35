"""Whole columns as text, the way CSV and JSON write each value. Arrow does the work, so millions of rows take seconds.

Numbers are written with the fewest digits that read back as the same number. Times are UTC, ISO 8601. What is null,
NaN or infinite has no value: an empty field in CSV, `null` in JSON.
"""

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BY_JSON = r'["\\\x00-\x1f]'  # a text without these is its own JSON but for the quotes
_CONTROL = r"[\x00-\x1f]"  # of these, what JSON has names of its own for
_BY_CSV = '[",\r\n]'  # RFC 4180: a field with one of these stands in quotes
_FORMULA = "^[=+@\t\r-]"  # what spreadsheets take for the beginning of a formula
_NO_FRACTION = r"\.0+Z$"


def csv_texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as fields of CSV, string; nulls are empty fields.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; no id or place name begins like one.
    """
    return pc.fill_null(_texts(column, _csv_strings, lambda value: _csv_string(_dumps(value))), "")


def json_texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as JSON values, string; nulls are the word `null`."""
    return pc.fill_null(_texts(column, _json_strings, _dumps), "null")


def content(lines: pa.Array) -> memoryview:
    """All strings of an array behind one another, without a copy.

    Args:
        lines: without nulls.
    """
    if not len(lines):
        return memoryview(b"")
    ends = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(lines.buffers()[2])[ends[0] : ends[-1]]


def _texts(column: pa.ChunkedArray, strings: Callable[[pa.Array], pa.Array], rare: Callable[[object], str]) -> pa.Array:
    """A column as text; `strings` writes texts, `rare` a value of a nested type."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    kind = column.type
    if pa.types.is_dictionary(kind):  # few values, written once each
        return _texts(column.dictionary, strings, rare).take(column.indices)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return strings(column.cast(pa.string()))
    if pa.types.is_floating(kind):
        wide = column.cast(pa.float64()) if pa.types.is_float16(kind) else column
        return pc.if_else(pc.is_finite(wide), wide, None).cast(pa.string())
    if pa.types.is_timestamp(kind):
        return strings(_moments(column))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    return pa.array([None if value is None else rare(value) for value in column.to_pylist()], pa.string())


def _moments(column: pa.Array) -> pa.Array:
    utc = column.cast(pa.timestamp(column.type.unit, tz="UTC"))
    return pc.replace_substring_regex(pc.strftime(utc, format="%Y-%m-%dT%H:%M:%SZ"), _NO_FRACTION, "Z")


def _csv_strings(values: pa.Array) -> pa.Array:
    harmless = pc.if_else(pc.match_substring_regex(values, _FORMULA), _joined("'", values), values)
    quoted = _joined('"', pc.replace_substring(harmless, '"', '""'), '"')
    return pc.if_else(pc.match_substring_regex(harmless, _BY_CSV), quoted, harmless)


def _csv_string(value: str) -> str:
    return str(_csv_strings(pa.array([value]))[0].as_py())


def _json_strings(values: pa.Array) -> pa.Array:
    if pc.any(pc.match_substring_regex(values, _BY_JSON)).as_py():
        if pc.any(pc.match_substring_regex(values, _CONTROL)).as_py():
            return pa.array([None if value is None else _dumps(value) for value in values.to_pylist()], pa.string())
        values = pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"')
    return _joined('"', values, '"')


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
