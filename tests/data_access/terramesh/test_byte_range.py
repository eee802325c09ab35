"""Ranges of files: exactly what was asked for, or a named error."""

import io
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.byte_range import RangeFile, read_range
from errors import ShardError, SourceMissingError

DATA = bytes(range(256)) * 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shard.tar"
    path.write_bytes(DATA)
    return path


def test_reads_the_range(file: Path) -> None:
    assert read_range(file, 10, 20) == DATA[10:30]
    assert read_range(file, 0, 0) == b""


def test_range_past_the_end_is_a_truncated_shard(file: Path) -> None:
    with pytest.raises(ShardError, match=r"shard\.tar has 24 of the 100 bytes promised from byte 1000"):
        read_range(file, 1000, 100)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match=r"gone\.tar"):
        read_range(tmp_path / "gone.tar", 0, 1)


@given(
    st.integers(0, 500),
    st.integers(0, 500),
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 100)), max_size=5),
)
def test_range_file_behaves_as_a_file(offset: int, length: int, moves: list[tuple[int, int]]) -> None:
    oracle = io.BytesIO(DATA[offset : offset + length])
    file = io.BufferedReader(RangeFile(lambda start, count: DATA[start : start + count], offset, length), 16)
    for position, count in moves:
        assert file.seek(position) == oracle.seek(position)
        assert file.read(count) == oracle.read(count)
    assert file.seek(0, io.SEEK_END) == oracle.seek(0, io.SEEK_END)


def test_range_file_refuses_to_seek_before_its_beginning(file: Path) -> None:
    with pytest.raises(ValueError, match="before the beginning"):
        RangeFile(partial(read_range, file), 10, 10).seek(-11, io.SEEK_END)
