"""Kept tables: a broken one is built again, the longest unused go first, and nothing of that is an error."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from data_access.kept_tables import kept_table, mark_used, prune, replace_atomically
from data_access.sample_table import keep, load, normalise

TABLE = pa.table({"id": ["a", "b"]})


def never() -> pa.Table:
    raise AssertionError("a kept table is not built again")


def test_a_table_is_built_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "table.parquet"
    assert kept_table(path, lambda: TABLE) == TABLE
    assert kept_table(path, never) == TABLE


@pytest.mark.parametrize("damage", [b"", b"PAR1 nonsense PAR1"])
def test_a_broken_table_is_a_miss(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(damage)
    assert kept_table(path, lambda: TABLE) == TABLE
    assert kept_table(path, never) == TABLE


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupted(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replace_atomically(tmp_path / "table.parquet", interrupted)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_unused_tables_go_first(tmp_path: Path) -> None:
    for age, name in enumerate(["young", "middle", "old"]):
        path = tmp_path / name / "table.parquet"
        path.parent.mkdir()
        path.write_bytes(bytes(100))
        os.utime(path, (1e9 - age, 1e9 - age))
    assert prune(tmp_path, limit=250) == 1
    assert not (tmp_path / "old" / "table.parquet").exists()
    assert prune(tmp_path, limit=250) == 0
    assert prune(tmp_path / "missing", limit=0) == 0


def test_reading_a_table_keeps_it_young(tmp_path: Path) -> None:
    read, forgotten = tmp_path / "read.parquet", tmp_path / "forgotten.parquet"
    for path in (read, forgotten):
        kept_table(path, lambda: TABLE)
        os.utime(path, (1e9, 1e9))
    kept_table(read, never)
    prune(tmp_path, limit=read.stat().st_size)
    assert read.exists()
    assert not forgotten.exists()


def test_marking_a_table_that_has_gone_makes_none(tmp_path: Path) -> None:
    mark_used(tmp_path / "gone.parquet")
    assert list(tmp_path.iterdir()) == []


def test_loading_a_sample_table_keeps_it_young(tmp_path: Path) -> None:
    table = normalise(pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0]}))
    read, forgotten = tmp_path / "read.parquet", tmp_path / "forgotten.parquet"
    for path in (read, forgotten):
        keep(table, path, {"kind": "real"})
        os.utime(path, (1e9, 1e9))
    assert load(read) is not None
    prune(tmp_path, limit=read.stat().st_size)
    assert read.exists()
    assert not forgotten.exists()
