"""A Parquet file that is sent while it is written holds nothing while it waits for whoever reads it."""

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.exports import parquet_writing
from data_access.exports.parquet_writing import parquet_pieces, row_groups

WIDE = "x" * 1_000


@pytest.fixture(autouse=True, scope="module")
def small_groups() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet_writing, "ROW_GROUP", 1_000)
        yield


def tables(sizes: list[int]) -> Iterator[pa.Table]:
    """Tables of so many rows, made one by one."""
    start = 0
    for size in sizes:
        yield pa.table({"number": pa.array(range(start, start + size), pa.int64()), "text": pa.repeat(WIDE, size)})
        start += size


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2_500), max_size=6))
def test_groups_are_whole_and_rows_keep_their_order(sizes: list[int]) -> None:
    pieces = parquet_pieces(row_groups(tables(sizes or [0])), {"filter": "country=Austria"})
    written = io.BytesIO(b"".join(pieces))
    metadata = pq.read_metadata(written)
    groups = [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]
    assert sum(groups) == sum(sizes)
    assert set(groups[:-1]) <= {1_000}
    table = pq.read_table(written)
    assert table["number"].to_pylist() == list(range(sum(sizes)))
    assert table.schema.metadata[b"filter"] == b"country=Austria"


def test_no_group_is_held_while_its_bytes_are_on_their_way() -> None:
    before = pa.total_allocated_bytes()
    pieces = parquet_pieces(row_groups(tables([600] * 20)), {})
    held = [pa.total_allocated_bytes() - before for _ in pieces]
    assert len(held) > 10
    assert max(held) < 1_000 * len(WIDE), "less than one group: the rest of a table, and what the writer keeps"
