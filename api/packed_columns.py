"""Packed columns: a table as a few little-endian buffers that a browser wraps in typed arrays without copying.

Media type `application/vnd.patchwork.columns`. Layout:

1. uint32: length of the header in bytes;
2. the header, UTF-8 JSON, padded with spaces so that the data after it begins at a multiple of 8 bytes;
3. the data: one buffer per column, each beginning at a multiple of 8 bytes from the start of the data.

Header: `{"n": rows, "columns": [{"name", "dtype", "offset", "length"[, "categories"]}]}`; offset and length in bytes,
offset from the start of the data. dtype `f4`, `f8`, `u1`, `u2`, `u4` are little-endian numbers, one per row; a column
with `categories` holds codes into that list of strings (or null); `utf8-json` is one JSON array of n strings.

JavaScript: `const head = new DataView(buffer).getUint32(0, true); const start = 4 + head;` then
`new Float32Array(buffer, start + column.offset, n)`.
"""

import json
from typing import NotRequired, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

MEDIA_TYPE = "application/vnd.patchwork.columns"
ALIGNMENT = 8  # bytes; float64 views must begin at a multiple of it
LENGTH_BYTES = 4  # of the header's own length
IDENTIFIER = "id"  # every id is different, so a dictionary would only add codes
MAX_U2 = 1 << 16  # categories that 16-bit codes can tell apart


class ColumnHeader(TypedDict):
    """Where one column lies, and how to read it."""

    name: str
    dtype: str
    offset: int
    length: int
    categories: NotRequired[list[str | None]]


def pack(table: pa.Table) -> bytes:
    """A table as packed columns.

    Longitude and latitude leave as f4 (within two metres; a sample is 1,200 m wide), other floats as f8.

    Raises:
        TypeError: a column is neither text nor a floating-point number.
    """
    columns: list[ColumnHeader] = []
    buffers: list[bytes] = []
    end = 0
    for name in table.column_names:
        header, data = _column(name, table.column(name))
        end += -end % ALIGNMENT
        columns.append({**header, "offset": end, "length": len(data)})
        buffers.append(data + b"\0" * (-len(data) % ALIGNMENT))
        end += len(data)
    head = json.dumps({"n": table.num_rows, "columns": columns}, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-(LENGTH_BYTES + len(head)) % ALIGNMENT)
    return b"".join([len(head).to_bytes(LENGTH_BYTES, "little"), head, *buffers])


def _column(name: str, values: pa.ChunkedArray) -> tuple[ColumnHeader, bytes]:
    """Header and bytes of one column; offset and length are filled in by the caller."""
    kind = values.type
    if pa.types.is_floating(kind):
        dtype = "f4" if name in {"lon", "lat"} else "f8"
        return _header(name, dtype), values.to_numpy().astype(f"<{dtype}").tobytes()
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise TypeError(f"column {name} is {kind}; packed columns hold text and floating-point numbers")
    if name == IDENTIFIER:
        text = json.dumps(values.to_pylist(), ensure_ascii=False, separators=(",", ":"))
        return _header(name, "utf8-json"), text.encode()
    return _codes(name, values)


def _codes(name: str, values: pa.ChunkedArray) -> tuple[ColumnHeader, bytes]:
    """A text column as codes into its distinct values, in order of their first appearance."""
    encoded = pc.dictionary_encode(values, null_encoding="encode").combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # combine_chunks keeps an empty column chunked
        encoded = pa.array([], pa.dictionary(pa.int32(), pa.string()))
    categories: list[str | None] = encoded.dictionary.to_pylist()
    dtype = "u2" if len(categories) <= MAX_U2 else "u4"
    header = _header(name, dtype)
    header["categories"] = categories
    return header, encoded.indices.to_numpy(zero_copy_only=False).astype(f"<{dtype}").tobytes()


def _header(name: str, dtype: str) -> ColumnHeader:
    """A header whose place is not known yet."""
    return {"name": name, "dtype": dtype, "offset": 0, "length": 0}
