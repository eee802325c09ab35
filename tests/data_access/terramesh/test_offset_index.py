"""Headers that were seen outlive the process, two processes share them, and a killed one leaves nothing wrong."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data_access.terramesh import offset_index
from data_access.terramesh.offset_index import OffsetIndex
from data_access.terramesh.shard_files import Shard
from data_access.terramesh.window_headers import Header

SHARD = Shard("val", "DEM", Path("a.tar"), "val/DEM/a.tar", 1 << 40)


def header(number: int) -> Header:
    return Header(f"majortom_val_{number:07d}", number * 2048, number * 2048 + 512, 1500)


def keys(folder: Path, shard: Shard = SHARD) -> set[str]:
    return {each.key for each in OffsetIndex(folder).of(shard)}


def test_headers_are_kept(tmp_path: Path) -> None:
    index = OffsetIndex(tmp_path)
    index.keep(SHARD, [(header(1), 0), (header(2), None)])
    index.keep(SHARD, [(header(3), 1)])
    known = OffsetIndex(tmp_path).of(SHARD)
    assert list(known) == [header(1), header(2), header(3)]
    assert known.get(header(2).key) == header(2)
    assert known.anchors(0, 6) == {0: 2048, 1: 6144, 2: 8192}
    assert index.of(Shard("val", "DEM", Path("a.tar"), "val/DEM/a.tar", 1 << 41)).get(header(1).key) is None


def test_what_is_known_from_elsewhere_is_there_from_the_start(tmp_path: Path) -> None:
    index = OffsetIndex(tmp_path, seed=lambda shard: [(header(7), 6)] if shard == SHARD else [])
    assert index.of(SHARD).get(header(7).key) == header(7)


def test_forgotten_headers_are_gone(tmp_path: Path) -> None:
    index = OffsetIndex(tmp_path)
    index.keep(SHARD, [(header(1), 0)])
    assert index.of(SHARD).get(header(1).key)
    index.forget(SHARD)
    assert index.of(SHARD).get(header(1).key) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("position", range(0, 200, 7))
def test_damaged_lines_count_as_not_there(tmp_path: Path, position: int) -> None:
    OffsetIndex(tmp_path).keep(SHARD, [(header(number), number) for number in range(20)])
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[position] ^= 0x10
    path.write_bytes(data)
    found = OffsetIndex(tmp_path).of(SHARD)
    assert 18 <= len(found) <= 20
    assert all(each == header(int(each.key[-7:])) for each in found)
    OffsetIndex(tmp_path).keep(SHARD, [(header(30), 30)])
    assert header(30).key in keys(tmp_path)


@pytest.mark.parametrize("cut", range(1, 90, 5))
def test_a_torn_line_does_not_spoil_the_next(tmp_path: Path, cut: int) -> None:
    OffsetIndex(tmp_path).keep(SHARD, [(header(1), 1), (header(2), 2)])
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-cut])
    OffsetIndex(tmp_path).keep(SHARD, [(header(3), 3)])
    assert header(3).key in keys(tmp_path)


def test_a_file_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offset_index, "MAX_FILE_BYTES", 3000)
    index = OffsetIndex(tmp_path)
    for _ in range(50):
        index.keep(SHARD, [(header(number), number) for number in range(20)])
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size < 5000
    assert len(keys(tmp_path)) == 20


def test_a_folder_that_can_not_be_written_costs_nothing_but_reads(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"a file where the folder should be")
    index = OffsetIndex(tmp_path / "kept")
    index.keep(SHARD, [(header(1), 0)])
    assert len(index.of(SHARD)) == 0


def test_processes_that_write_at_once_and_are_killed_leave_only_sound_lines(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from tests.data_access.terramesh.test_offset_index import SHARD, OffsetIndex, header\n"
        "index = OffsetIndex(Path(sys.argv[1]))\n"
        "for number in range(int(sys.argv[2]), 10**4, 2):\n    index.keep(SHARD, [(header(number), number)] * 3)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(first)]) for first in (0, 1)]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (
        {header(0).key, header(1).key} <= (seen := keys(tmp_path)) and len(seen) > 200
    ):
        time.sleep(0.05)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    found = OffsetIndex(tmp_path).of(SHARD)
    numbers = {int(each.key[-7:]) for each in found}
    assert {0, 1} <= numbers
    assert all(each == header(int(each.key[-7:])) for each in found)
    for parity in (0, 1):
        mine = sorted(number for number in numbers if number % 2 == parity)
        assert mine == list(range(parity, mine[-1] + 1, 2))  # nothing that was written before the end is missing


def test_headers_in_memory_are_bounded_however_many_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offset_index, "MEMORY_BYTES", 100_000)
    index = OffsetIndex(tmp_path)
    shards = [Shard("val", "DEM", Path(f"{each}.tar"), f"val/DEM/{each}.tar", 1 << 40) for each in range(9)]
    for shard in shards:
        fresh = index.of(shard).add([header(number) for number in range(100)], {})
        index.keep(shard, [(each, None) for each in fresh])
    assert sum(known.nbytes for known in (each.result() for each in index._shards._answers.values())) <= 100_000
    assert all(len(index.of(shard)) == 100 for shard in shards)
