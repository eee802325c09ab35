"""Lists of members are built once, kept, and built again where the kept file is broken or the shard has changed."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.terramesh import member_index
from data_access.terramesh.layout import Shard, discover
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.shard import list_members
from errors import SourceMissingError
from tests.data_access.terramesh.writers import write_shard

KEYS = ("majortom_val_0000002", "majortom_val_0000010", "majortom_val_0000001")


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    write_shard(tmp_path, "val", "DEM", "a.tar", {key: key.encode() for key in KEYS})
    return discover(tmp_path).shards[0]


@pytest.fixture
def walks() -> Iterator[mock.Mock]:
    with mock.patch.object(member_index, "list_members", wraps=list_members) as walk:
        yield walk


def test_members_are_found_by_key(shard: Shard, tmp_path: Path) -> None:
    members = MemberIndex(tmp_path / "kept").members(shard)
    assert list(members) == sorted(KEYS)
    for key in KEYS:
        member = members.find(key)
        assert member is not None
        data = Path(str(shard.location)).read_bytes()[member.data_offset : member.data_offset + member.size]
        assert data == key.encode()
    for other in ("majortom_val_0000003", "", "z" * 200, "größer", KEYS[0] + "\0"):
        assert members.find(other) is None


def test_shard_is_walked_once(shard: Shard, tmp_path: Path, walks: mock.Mock) -> None:
    index = MemberIndex(tmp_path / "kept")
    first, again = index.members(shard), index.members(shard)
    other_process = MemberIndex(tmp_path / "kept").members(shard)
    assert walks.call_count == 1
    assert first is again
    assert other_process.find(KEYS[0]) == first.find(KEYS[0])


def test_changed_shard_is_walked_again(shard: Shard, tmp_path: Path, walks: mock.Mock) -> None:
    index = MemberIndex(tmp_path / "kept")
    index.members(shard)
    write_shard(tmp_path, "val", "DEM", "a.tar", {"majortom_val_0000099": b"new"})
    assert list(index.members(discover(tmp_path).shards[0])) == ["majortom_val_0000099"]
    assert walks.call_count == 2


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other table"])
def test_broken_file_is_a_miss(shard: Shard, tmp_path: Path, walks: mock.Mock, damage: str) -> None:
    MemberIndex(tmp_path / "kept").members(shard)
    (kept,) = (tmp_path / "kept").iterdir()
    data = bytearray(kept.read_bytes())
    if damage == "flip":
        data[len(data) // 3] ^= 0xFF
    kept.write_bytes({"cut": bytes(data[:-20]), "empty": b""}.get(damage, bytes(data)))
    if damage == "other table":
        pq.write_table(pa.table({"key": [1]}), kept)
    assert list(MemberIndex(tmp_path / "kept").members(shard)) == sorted(KEYS)
    assert walks.call_count == 2


def test_folder_that_can_not_be_written_costs_nothing_but_time(shard: Shard, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"a file where the folder should be")
    assert list(MemberIndex(tmp_path / "kept").members(shard)) == sorted(KEYS)


def test_notes_and_problems_are_kept(tmp_path: Path) -> None:
    path = write_shard(tmp_path, "val", "DEM", "a.tar", {"README": b"", **dict.fromkeys(KEYS, b"x" * 2000)})
    path.write_bytes(path.read_bytes()[:-12_000])
    (shard,) = discover(tmp_path).shards
    fresh = MemberIndex(tmp_path / "kept").members(shard)
    kept = MemberIndex(tmp_path / "kept").members(shard)
    assert fresh.problem is not None
    assert (kept.notes, kept.problem) == (fresh.notes, fresh.problem)


def test_shard_that_has_gone_is_named(shard: Shard, tmp_path: Path) -> None:
    Path(str(shard.location)).unlink()
    with pytest.raises(SourceMissingError, match=r"a\.tar can not be read"):
        MemberIndex(tmp_path / "kept").members(shard)
