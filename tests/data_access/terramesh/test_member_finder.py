"""Far shards are searched, near ones walked; both give the same member, and nothing is fetched twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest

from data_access.kept_bytes import KeptBytes
from data_access.terramesh import batch_parts, member_finder
from data_access.terramesh.byte_range import read_range
from data_access.terramesh.layout import Layout, discover
from data_access.terramesh.member_finder import MemberFinder, finder_of
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.offset_index import OffsetIndex
from data_access.terramesh.search_windows import Wanted
from errors import ShardError, SourceChangedError
from tests.data_access.terramesh.writers import write_shard

KEYS = tuple(f"majortom_val_{number:07d}" for number in range(1, 201))
CONTENTS = {key: key.encode() * (number % 37 + 5) for number, key in enumerate(KEYS)}
RANKS = {key: rank for rank, key in enumerate(KEYS)}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    write_shard(tmp_path / "root", "val", "DEM", "a.tar", CONTENTS)
    return discover(tmp_path / "root")


@pytest.fixture
def reads() -> Iterator[mock.Mock]:
    with mock.patch.object(member_finder, "read_range", wraps=read_range) as counted:
        yield counted


def finder(folder: Path, walked_bytes: int = 0, kept: KeptBytes | None = None) -> MemberFinder:
    return MemberFinder(MemberIndex(folder / "lists"), OffsetIndex(folder / "offsets"), kept, walked_bytes)


def wanted(key: str) -> Wanted:
    return Wanted(key, RANKS.get(key, 100), len(KEYS))


def ranks_of(keys: object) -> dict[str, int]:
    return {key: RANKS[key] for key in keys if key in RANKS}  # type: ignore[attr-defined]


def test_search_and_walk_agree(layout: Layout, tmp_path: Path) -> None:
    (shard,) = layout.shards
    far, near = finder(tmp_path / "far"), finder(tmp_path / "near", walked_bytes=1 << 30)
    assert (far.is_far(shard), near.is_far(shard)) == (True, False)
    for key in (*KEYS, "majortom_val_0000000", "majortom_val_0000500"):
        member = far.find(shard, wanted(key), ranks_of)
        assert member == near.find(shard, wanted(key), ranks_of)
        if member:
            assert far.data(shard, member) == near.data(shard, member) == CONTENTS[key]
    assert (tmp_path / "near/lists").is_dir()
    assert not (tmp_path / "far/lists").exists()


def test_nothing_is_fetched_twice(layout: Layout, tmp_path: Path, reads: mock.Mock) -> None:
    (shard,) = layout.shards
    kept = KeptBytes(tmp_path / "kept", 1e9)
    first = finder(tmp_path, kept=kept)
    member = first.find(shard, wanted(KEYS[99]), ranks_of)
    assert member is not None
    assert first.data(shard, member) == CONTENTS[KEYS[99]]
    assert 0 < reads.call_count < 5
    reads.reset_mock()
    again = finder(tmp_path, kept=kept)  # as another process
    assert again.find(shard, wanted(KEYS[99]), ranks_of) == member
    assert again.data(shard, member) == CONTENTS[KEYS[99]]
    assert reads.call_count == 0
    forgetful = finder(tmp_path)
    assert forgetful.data(shard, member) == CONTENTS[KEYS[99]]
    assert reads.call_args_list == [mock.call(shard.location, member.data_offset, member.size)]


def test_neighbours_that_were_read_along_cost_nothing(layout: Layout, tmp_path: Path, reads: mock.Mock) -> None:
    (shard,) = layout.shards
    opened = finder(tmp_path)
    opened.find(shard, wanted(KEYS[99]), ranks_of)
    reads.reset_mock()
    free = 0
    for key in KEYS:
        before = reads.call_count
        member = opened.find(shard, wanted(key), ranks_of)
        assert member is not None
        assert opened.data(shard, member) == CONTENTS[key]
        free += reads.call_count == before
    assert free >= 4


def test_many_threads_find_in_one_shard(layout: Layout, tmp_path: Path) -> None:
    (shard,) = layout.shards
    opened = finder(tmp_path, kept=KeptBytes(tmp_path / "kept", 1e9))

    def fetch(key: str) -> bytes:
        member = opened.find(shard, wanted(key), ranks_of)
        assert member is not None
        return opened.data(shard, member)

    keys = [KEYS[number * 37 % len(KEYS)] for number in range(3 * len(KEYS))]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(fetch, keys)) == [CONTENTS[key] for key in keys]
    again = OffsetIndex(tmp_path / "offsets").of(shard)
    assert {header.key for header in again} == set(KEYS)


def test_a_large_local_shard_in_no_order_is_walked_after_all(tmp_path: Path) -> None:
    scrambled = sorted(KEYS, key=lambda key: key[::-1])
    write_shard(tmp_path / "root", "val", "DEM", "a.tar", {key: CONTENTS[key] * 900 for key in scrambled})
    (shard,) = discover(tmp_path / "root").shards
    opened = finder(tmp_path)
    with mock.patch("data_access.terramesh.member_search.MAX_WALKED_READS", 0):
        member = opened.find(shard, wanted(KEYS[5]), ranks_of)
    assert member is not None
    assert opened.data(shard, member) == CONTENTS[KEYS[5]] * 900
    assert (tmp_path / "lists").is_dir()


def test_damage_is_told_by_the_walk(layout: Layout, tmp_path: Path) -> None:
    (shard,) = layout.shards
    assert isinstance(shard.location, Path)
    member = finder(tmp_path).find(shard, wanted(KEYS[50]), ranks_of)
    assert member is not None
    data = bytearray(shard.location.read_bytes())
    data[member.data_offset - 512] ^= 1
    shard.location.write_bytes(data)
    (changed,) = discover(tmp_path / "root").shards
    with pytest.raises(ShardError, match=f"the header at byte {member.data_offset - 512} is damaged"):
        finder(tmp_path).find(changed, wanted(KEYS[50]), ranks_of)


@pytest.mark.parametrize("when", ["search", "fetch"])
def test_what_is_known_of_a_changed_source_is_dropped(layout: Layout, tmp_path: Path, when: str) -> None:
    (shard,) = layout.shards
    opened = finder(tmp_path)
    member = opened.find(shard, wanted(KEYS[0]), ranks_of)
    assert member is not None
    opened = finder(tmp_path)
    ask: Callable[[], object] = {
        "search": lambda: opened.find(shard, wanted(KEYS[-1]), ranks_of),
        "fetch": lambda: opened.data(shard, member),
    }[when]
    changed = SourceChangedError("a.tar has changed")
    with mock.patch.object(member_finder, "read_range", side_effect=changed), pytest.raises(SourceChangedError):
        ask()
    assert list((tmp_path / "offsets").glob("*")) == []


def test_a_batch_index_saves_the_search(layout: Layout, tmp_path: Path, reads: mock.Mock) -> None:
    (shard,) = layout.shards
    lists = MemberIndex(tmp_path / "tables" / "lists")
    rows = [
        {"id": key, "position": rank, "offset_DEM": found.data_offset, "size_DEM": found.size}
        for rank, key in enumerate(KEYS)
        if (found := lists.members(shard).find(key))
    ]
    path = batch_parts.part_path(tmp_path / "index", "offsets", "val", "a.tar")
    path.parent.mkdir(parents=True)
    label = batch_parts.Label(batch_parts.identities("offsets", {"DEM": shard}), ())
    batch_parts.write_part(path, "offsets", pa.Table.from_pylist(rows, schema=batch_parts.SCHEMAS["offsets"]), label)
    opened = finder_of(layout, MemberIndex(tmp_path / "tables" / "fresh"), tmp_path / "index", 1e9)
    with mock.patch.object(MemberFinder, "is_far", return_value=True):
        for key in KEYS[::20]:
            member = opened.find(shard, wanted(key), ranks_of)
            assert member is not None
            assert opened.data(shard, member) == CONTENTS[key]
    assert reads.call_count == len(KEYS[::20])
