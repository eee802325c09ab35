"""Kept tables: a broken one is built again, the longest unused go first, and nothing of that is an error."""

import gc
import os
from pathlib import Path

import pyarrow as pa
import pytest

from data_access.catalog import build_catalog, open_catalog
from data_access.kept_tables import kept_table, mark_used, prune, replace_atomically

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


def test_a_catalogue_in_use_is_never_removed(tmp_path: Path) -> None:
    used, forgotten = tmp_path / "used.duckdb", tmp_path / "forgotten.duckdb"
    catalog = build_catalog(pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0]}), used)
    build_catalog(pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0]}), forgotten)
    os.utime(used, (1e9, 1e9))
    gc.collect()  # the other catalogue is let go of
    assert prune(tmp_path, limit=0) == 1
    assert used.exists()
    assert not forgotten.exists()
    assert catalog.total == 1


def test_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    young, old = tmp_path / ".a.building" / "store.duckdb", tmp_path / ".b.tmp"
    for path in (young, old):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    assert prune(tmp_path, limit=0) == 1
    assert young.exists()


def test_opening_a_catalogue_keeps_it_young(tmp_path: Path) -> None:
    read, forgotten = tmp_path / "read.duckdb", tmp_path / "forgotten.duckdb"
    for path in (read, forgotten):
        build_catalog(pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0]}), path)
        os.utime(path, (1e9, 1e9))
    assert open_catalog(read) is not None
    gc.collect()
    prune(tmp_path, limit=read.stat().st_size)
    assert read.exists()
    assert not forgotten.exists()
