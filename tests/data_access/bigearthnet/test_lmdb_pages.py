"""The LMDB reader, held against the lmdb library on trees of every depth and against damaged pages."""

import struct
from contextlib import suppress
from pathlib import Path

import lmdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.bigearthnet.lmdb_pages import LmdbFile
from errors import ShardError

ENTRIES = st.dictionaries(st.binary(min_size=1, max_size=511), st.binary(max_size=6000), max_size=60)


def write(path: Path, *batches: dict[bytes, bytes], remove: tuple[bytes, ...] = ()) -> Path:
    """Write batches of entries, each in a transaction of its own, then remove some."""
    path.unlink(missing_ok=True)
    with lmdb.open(str(path), subdir=False, lock=False, map_size=1 << 28, sync=False) as environment:
        for batch in batches:
            with environment.begin(write=True) as transaction:
                for key, value in batch.items():
                    transaction.put(key, value)
        with environment.begin(write=True) as transaction:
            for key in remove:
                transaction.delete(key)
    return path


def everything(path: Path) -> dict[bytes, bytes]:
    """All entries as this project reads them."""
    file = LmdbFile(path)
    found = {}
    for key in file.iterate_keys():
        place = file.find(key)
        assert place is not None
        found[key] = file.read(place)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ENTRIES, second=ENTRIES, absent=st.binary(max_size=600))
def test_entries_equal_those_of_the_library(
    tmp_path: Path, first: dict[bytes, bytes], second: dict[bytes, bytes], absent: bytes
) -> None:
    removed = tuple(first)[::3]
    path = write(tmp_path / "a.mdb", first, second, remove=removed)
    with lmdb.open(str(path), subdir=False, readonly=True, lock=False) as environment, environment.begin() as view:
        expected = dict(view.cursor())
    found = everything(path)
    assert found == expected
    assert list(found) == sorted(found)
    if absent not in expected:
        assert LmdbFile(path).find(absent) is None


@pytest.mark.parametrize("count", [0, 1, 50, 3_000, 40_000])
def test_trees_of_every_depth(tmp_path: Path, count: int) -> None:
    entries = {f"{number * 7919 % 100_003:06d}-some-patch-name".encode(): b"%d" % number for number in range(count)}
    path = write(tmp_path / "a.mdb", entries)
    file = LmdbFile(path)
    assert list(file.iterate_keys()) == sorted(entries)
    for key in list(entries)[:: max(count // 500, 1)]:
        place = file.find(key)
        assert place is not None
        assert file.read(place) == entries[key]
    assert file.find(b"") is None
    assert file.find(b"\xff" * 100) is None


@pytest.mark.real
def test_the_real_file(real_data: Path) -> None:
    path = real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB" / "data.mdb"
    with lmdb.open(str(path), subdir=False, readonly=True, lock=False) as environment, environment.begin() as view:
        assert everything(path) == dict(view.cursor())


def test_databases_inside_are_no_values(tmp_path: Path) -> None:
    path = tmp_path / "a.mdb"
    with lmdb.open(str(path), subdir=False, lock=False, max_dbs=2) as environment:
        inner = environment.open_db(b"inner", dupsort=True)
        with environment.begin(write=True) as transaction:
            transaction.put(b"12345678", b"b", db=inner)
    with pytest.raises(ShardError, match="database of its own"):
        LmdbFile(path).find(b"inner")


def test_a_tree_in_circles_ends(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb", {b"%06d" % number: b"x" * 40 for number in range(3_000)})
    content = bytearray(path.read_bytes())
    root = LmdbFile(path)._root.page
    assert root is not None
    pointer = struct.unpack_from("<H", content, root * 4096 + 16)[0]
    struct.pack_into("<HH", content, root * 4096 + pointer, root, 0)  # the first child is the root itself
    path.write_bytes(content)
    with pytest.raises(ShardError, match="circles"):
        list(LmdbFile(path).iterate_keys())
    with pytest.raises(ShardError, match="deeper"):
        LmdbFile(path).find(b"000000")


def test_a_file_cut_while_it_is_open(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb", {b"a": b"x" * 50_000})
    file = LmdbFile(path)
    place = file.find(b"a")
    assert place is not None
    with path.open("r+b") as handle:
        handle.truncate(20_000)
    with pytest.raises(ShardError, match="ends before"):
        file.read(place)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=5), st.booleans()
)
def test_damaged_files_give_values_or_a_named_error(
    tmp_path: Path, changes: list[tuple[float, int]], cut: bool
) -> None:
    whole = tmp_path / "whole.mdb"
    if not whole.exists():
        write(whole, {b"key-%03d" % number: b"v" * (number * 37 % 5000) for number in range(60)})
    content = bytearray(whole.read_bytes())
    for position, byte in changes:
        content[int(position * len(content))] = byte
    path = tmp_path / "damaged.mdb"
    path.write_bytes(content[: int(changes[0][0] * len(content))] if cut else content)
    with suppress(ShardError):
        file = LmdbFile(path)
        for number in range(60):
            with suppress(ShardError):
                place = file.find(b"key-%03d" % number)
                assert place is None or len(file.read(place)) == place.length
        assert sum(1 for _ in file.iterate_keys()) < 10_000


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"PAR1" * 5000, b"\xff" * 9000])
def test_other_files_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mdb").write_bytes(content)
    with pytest.raises(ShardError, match=r"a\.mdb"):
        LmdbFile(tmp_path / "a.mdb")
