"""Columns as text read back as what they were, whatever is in them."""

import csv
import io
import json
import math
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.exports.texts import content, csv_texts, json_texts

TEXTS = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["=1", '"', "a,b", "\r\n"])
)
NUMBERS = st.one_of(st.none(), st.floats(), st.floats(width=32), st.sampled_from([0.1, 1e-9, 1e300, -0.0]))
TIMES = st.one_of(st.none(), st.datetimes(datetime(1678, 1, 1), datetime(2262, 1, 1)))  # noqa: DTZ001 - as in the catalogue


def json_of(column: pa.ChunkedArray) -> list[object]:
    """The values as a JSON reader gets them."""
    return [json.loads(text, parse_constant=pytest.fail) for text in json_texts(column).to_pylist()]


def csv_of(column: pa.ChunkedArray) -> list[str]:
    """The values as a CSV reader gets them, each on a line of its own between two others."""
    text = "".join(f"x,{field},y\r\n" for field in csv_texts(column).to_pylist())
    return [row[1] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def chunked(values: list[object], kind: pa.DataType) -> pa.ChunkedArray:
    """A column in two chunks, each a slice of something longer."""
    middle = len(values) // 2
    parts = [values[:middle], values[middle:]]
    return pa.chunked_array([pa.array([None, *part, None], kind).slice(1, len(part)) for part in parts], kind)


@given(st.lists(TEXTS))
def test_texts(values: list[str | None]) -> None:
    for kind in (pa.string(), pa.large_string()):
        column = chunked(list(values), kind)
        assert json_of(column) == values
        harmless = [f"'{each}" if each and each[0] in "=+-@\t\r" else each or "" for each in values]
        assert csv_of(column) == harmless
        encoded = pa.chunked_array([column.combine_chunks().cast(pa.string()).dictionary_encode()])
        assert json_of(encoded) == values
        assert csv_of(encoded) == harmless


@given(st.lists(NUMBERS))
def test_numbers(values: list[float | None]) -> None:
    expected = [None if value is None or not math.isfinite(value) else value for value in values]
    column = chunked(list(values), pa.float64())
    assert json_of(column) == expected
    assert [float(text) if text else None for text in csv_of(column)] == expected


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_small_floats_read_back_at_their_own_width(values: list[float]) -> None:
    read = np.array(json_of(chunked(list(values), pa.float32())), np.float32)
    np.testing.assert_array_equal(read, np.array(values, np.float32))


@given(st.lists(TIMES))
def test_times_are_utc_and_exact(values: list[datetime | None]) -> None:
    expected = [None if value is None else value.replace(tzinfo=UTC) for value in values]
    for read in (json_of(chunked(list(values), pa.timestamp("us"))), csv_of(chunked(list(values), pa.timestamp("us")))):
        assert [datetime.fromisoformat(str(text)) if text else None for text in read] == expected


@given(st.lists(st.one_of(st.none(), st.booleans())), st.lists(st.one_of(st.none(), st.integers(0, 65535))))
def test_flags_and_counts(flags: list[bool | None], counts: list[int | None]) -> None:
    assert json_of(chunked(list(flags), pa.bool_())) == flags
    assert json_of(chunked(list(counts), pa.uint16())) == counts
    assert csv_of(chunked(list(flags), pa.bool_())) == ["" if flag is None else str(flag).lower() for flag in flags]


@given(st.lists(st.one_of(st.none(), st.lists(TEXTS))))
def test_lists_are_json_in_both(values: list[list[str | None] | None]) -> None:
    column = chunked(list(values), pa.list_(pa.string()))
    assert json_of(column) == values
    read = csv_of(column)
    assert [json.loads(text) if text else None for text in read] == values


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.integers(0, 5))
def test_content_is_all_strings_behind_one_another(values: list[str], start: int) -> None:
    lines = pa.array(values, pa.string()).slice(start)
    assert bytes(content(lines)).decode() == "".join(values[start:])
