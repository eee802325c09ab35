"""A shard played is what the reference loader gives: same order, same bytes, from any place and over any damage."""

import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import webdataset
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.remote.remote_file import RemoteFile
from data_access.terramesh import read_ahead, shard_stream
from data_access.terramesh.read_ahead import ReadAhead
from data_access.terramesh.shard import list_members
from data_access.terramesh.shard_files import Shard
from data_access.terramesh.shard_stream import StreamedMember, StreamNote, start_of, stream_shard
from data_access.terramesh.tar import BLOCK
from tests.data_access.terramesh.writers import tar_bytes
from tests.loopback_hub import loopback_hub

KEYS = tuple(f"majortom_val_{number:07d}" for number in range(40))
WINDOW = 4096  # bytes: windows end inside members, headers and padding


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "FIRST_WINDOW", WINDOW)
    monkeypatch.setattr(read_ahead, "LARGEST_WINDOW", 4 * WINDOW)
    monkeypatch.setattr(read_ahead, "_DROP_BYTES", WINDOW)


def contents(count: int = len(KEYS)) -> dict[str, bytes]:
    return {key: bytes([number + 1]) * (700 * number % 9001) for number, key in enumerate(KEYS[:count])}


def shard_of(path: Path) -> Shard:
    return Shard("val", "LULC", path, f"val/LULC/{path.name}", path.stat().st_size)


def write(path: Path, members: Mapping[str, bytes], form: int = tarfile.USTAR_FORMAT) -> Shard:
    path.write_bytes(tar_bytes({f"{key}.zarr.zip": data for key, data in members.items()}, form))
    return shard_of(path)


def played(shard: Shard, start: int = 0) -> list[StreamedMember]:
    return [item for item in stream_shard(shard, start) if isinstance(item, StreamedMember)]


def noted(shard: Shard, start: int = 0) -> list[str]:
    return [item.message for item in stream_shard(shard, start) if isinstance(item, StreamNote)]


def as_the_loader_reads(path: Path) -> Iterator[tuple[str, bytes]]:
    for sample in webdataset.WebDataset([str(path)], shardshuffle=False, empty_check=False):
        yield sample["__key__"], sample["zarr.zip"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_order_and_bytes_are_those_of_webdataset(tmp_path: Path, form: int) -> None:
    # Keys in no order, as a shard of another writer may have them.
    members = dict(sorted(contents().items(), key=lambda item: hash(item[1]) % 97))
    shard = write(tmp_path / "majortom.tar", members, form)

    items = list(stream_shard(shard))

    assert [(item.key, item.data) for item in items if isinstance(item, StreamedMember)] == list(
        as_the_loader_reads(tmp_path / "majortom.tar")
    )
    assert len(items) == len(members)


@pytest.mark.real
def test_real_shards_play_as_webdataset_reads_them(real_data: Path) -> None:
    shards = sorted(real_data.rglob("*.tar"))
    if not shards:
        pytest.skip("no real shard is there")
    for path in shards:
        assert [(item.key, item.data) for item in played(shard_of(path))] == list(as_the_loader_reads(path))


def test_it_goes_on_exactly_where_it_stopped(tmp_path: Path) -> None:
    shard = write(tmp_path / "a.tar", contents(), tarfile.PAX_FORMAT)
    whole = played(shard)
    assert whole[0].header.start == 0
    for number, item in enumerate(whole):
        rest = played(shard, item.position)
        assert [each.key for each in rest] == [each.key for each in whole[number + 1 :]]
        assert rest[:1] == whole[number + 1 : number + 2]
    assert not noted(shard, whole[-1].position), "behind the last sample there is nothing to say"


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 200_000))
def test_from_any_byte_the_next_member_comes(tmp_path_factory: pytest.TempPathFactory, start: int) -> None:
    path = tmp_path_factory.getbasetemp() / "any_byte.tar"
    if not path.exists():
        write(path, contents())
    shard = shard_of(path)
    expected = [item.key for item in played(shard) if item.header.start >= start]

    assert [item.key for item in played(shard, start)] == expected


def test_a_stream_begins_with_any_member(tmp_path: Path) -> None:
    shard = write(tmp_path / "a.tar", contents(), tarfile.GNU_FORMAT)
    data = (tmp_path / "a.tar").read_bytes()
    for member in list_members(lambda offset, length: data[offset : offset + length], len(data), "a").members:
        assert next(iter(played(shard, start_of(member)))).key == member.key


def test_damage_is_told_and_the_rest_plays_on(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    whole = played(write(path, contents()))
    damaged = bytearray(path.read_bytes())
    damaged[whole[7].header.start + 150] ^= 0xFF  # its checksum
    path.write_bytes(damaged)

    items = list(stream_shard(shard_of(path)))

    keys = [item.key for item in items if isinstance(item, StreamedMember)]
    assert keys == [key for key in KEYS if key != KEYS[7]]
    (note,) = [item for item in items if isinstance(item, StreamNote)]
    assert f"header at byte {whole[7].header.start} is damaged" in note.message
    assert items.index(note) == 7
    assert [item.key for item in played(shard_of(path), note.position)] == list(KEYS[8:])
    assert items[8].header.start == whole[8].header.start  # type: ignore[union-attr] # the member behind the note


def test_a_cut_shard_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    whole = played(write(path, contents()))
    path.write_bytes(path.read_bytes()[: whole[20].header.data_offset + 100])
    assert [item.key for item in played(shard_of(path))] == list(KEYS[:20])
    assert any("inside" in note for note in noted(shard_of(path)))


def test_foreign_and_giant_entries_are_told_and_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_stream, "MAX_MEMBER_BYTES", 5000)
    path = tmp_path / "a.tar"
    names = {"README.md": b"hello", f"{KEYS[0]}.zarr.zip": b"x" * 50_000, f"{KEYS[1]}.zarr.zip": b"y" * 4000}
    path.write_bytes(tar_bytes(names))
    assert [item.key for item in played(shard_of(path))] == [KEYS[1]]
    assert [("README.md" in note, "too many" in note) for note in noted(shard_of(path))] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize("data", [b"", b"\0" * 10240, b"no tar at all" * 1000])
def test_what_is_no_shard_plays_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(data)
    assert not played(shard_of(tmp_path / "a.tar"))
    assert not played(shard_of(tmp_path / "a.tar"), 700)


def test_over_http_few_large_requests_and_none_after_the_listener_left(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    expected = [(item.key, item.data) for item in played(write(path, contents()))]
    with loopback_hub(tmp_path) as hub:
        remote = RemoteFile(f"{hub.url}/plain/a.tar", "val/LULC/a.tar", path.stat().st_size)
        shard = Shard("val", "LULC", remote, "val/LULC/a.tar", remote.size)
        assert [(item.key, item.data) for item in played(shard)] == expected
        assert hub.sent == path.stat().st_size, "every byte once"
        assert len(hub.log) < 20

        hub.forget()
        stream = stream_shard(shard)
        assert isinstance(next(stream), StreamedMember)
        stream.close()
        read = hub.sent
        assert read <= 3 * WINDOW, "a window, and one ahead"
        assert hub.sent == read


def test_read_ahead_holds_little_and_never_goes_back() -> None:
    asked: list[tuple[int, int]] = []
    data = bytes(range(256)) * 4096

    def read(offset: int, length: int) -> bytes:
        asked.append((offset, length))
        return data[offset : offset + length]

    ahead = ReadAhead(read, len(data))
    for offset in range(0, len(data), 10_000):
        length = min(10_000, len(data) - offset)
        assert ahead(offset, length) == data[offset : offset + length]
        assert len(ahead._held) < 3 * 4 * WINDOW + 10_000
    assert [start for start, _ in asked] == [0, *(start + length for start, length in asked[:-1])]
    with pytest.raises(ValueError, match="asked for after"):
        ahead(0, BLOCK)
    ahead.close()
