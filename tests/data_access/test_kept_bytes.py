"""Bytes kept on disk come back as they were or not at all, within a size, whatever happens to disk and processes."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access import kept_bytes
from data_access.kept_bytes import KeptBytes
from tests.conftest import ROOT

ROOMY = 1e9


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def test_bytes_come_back_in_this_process_and_the_next(tmp_path: Path) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    assert kept.get("a") is None
    for key, data in {"a": b"one", "b": b"", "größer\0\ud800": bytes(range(256))}.items():
        kept.put(key, data)
        assert kept.get(key) == KeptBytes(tmp_path, ROOMY).get(key) == data
    kept.put("a", b"another")
    assert kept.get("a") == b"another"
    assert len(entries(tmp_path)) == 3
    assert kept.size() == sum(path.stat().st_size for path in entries(tmp_path))


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_flipped_byte_is_a_miss_and_is_removed(
    tmp_path_factory: pytest.TempPathFactory, position: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    kept = KeptBytes(folder, ROOMY)
    kept.put("key", b"some bytes that matter" * 10)
    (entry,) = entries(folder)
    content = bytearray(entry.read_bytes())
    content[position % len(content)] ^= flip
    entry.write_bytes(content)
    assert kept.get("key") is None
    assert entries(folder) == []


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", lambda _: b"", lambda d: d[:20]])
def test_cut_and_lengthened_entries_are_misses(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    kept.put("key", b"x" * 100)
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))
    assert kept.get("key") is None
    assert entries(tmp_path) == []


def test_entry_under_another_name_is_a_miss(tmp_path: Path) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    kept.put("mine", b"mine")
    (mine,) = entries(tmp_path)
    kept.put("yours", b"yours")
    (yours,) = set(entries(tmp_path)) - {mine}
    yours.write_bytes(mine.read_bytes())
    assert kept.get("yours") is None
    assert kept.get("mine") == b"mine"


def test_limit_holds_and_the_longest_unused_go_first(tmp_path: Path) -> None:
    kept = KeptBytes(tmp_path, 100_000)
    for number in range(60):
        kept.put(str(number), bytes(1000))
    for path in entries(tmp_path):
        age(path, 7200)
    assert kept.get("0") is not None  # used again, so it stays
    for number in range(60, 130):
        kept.put(str(number), bytes(1000))
        assert kept.size() <= 100_000
    assert kept.get("0") is not None
    assert None not in [kept.get(str(number)) for number in range(60, 130)]
    assert [kept.get(str(number)) for number in range(1, 60)].count(None) > 30


def test_entry_too_large_for_the_limit_is_not_kept(tmp_path: Path) -> None:
    kept = KeptBytes(tmp_path, 1000)
    kept.put("large", bytes(600))
    assert kept.get("large") is None
    assert entries(tmp_path) == []


def test_folder_is_not_looked_through_at_every_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    looks: list[Path] = []

    def listed(folder: Path) -> list[Path]:
        looks.append(folder)
        return []

    monkeypatch.setattr(kept_bytes, "_listed", listed)
    for number in range(100):
        kept.put(str(number), bytes(1000))
    assert len(looks) == 1


def test_leftovers_of_killed_writers_are_swept_up(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    old, young = tmp_path / "ab/.cd.1234.tmp", tmp_path / "ab/.ef.1234.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    age(old, 7200)
    KeptBytes(tmp_path, ROOMY).put("key", b"data")
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_disk_that_takes_nothing_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    kept.put("before", b"before")
    real = kept_bytes._write

    def full(path: Path, *parts: bytes) -> None:
        real(path, *(part[: len(part) // 2] for part in parts))
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(kept_bytes, "_write", full)
    for key in ("a", "b"):
        kept.put(key, b"data")
        assert kept.get(key) is None
    assert kept.get("before") == b"before"
    assert len(entries(tmp_path)) == 1
    assert len(caplog.records) == 1


def test_entry_is_replaced_in_one_step_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptBytes(tmp_path, ROOMY)
    kept.put("key", b"old")

    def killed(_: Path, __: Path) -> None:
        raise OSError(errno.EIO, "killed before the new entry had its name")

    monkeypatch.setattr(Path, "replace", killed)
    kept.put("key", b"new")
    assert kept.get("key") == b"old"
    assert len(entries(tmp_path)) == 1


def test_folder_that_is_a_file_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"a file where the folder should be")
    kept = KeptBytes(tmp_path / "kept", ROOMY)
    kept.put("key", b"data")
    assert kept.get("key") is None
    assert kept.size() == 0


def test_many_threads_and_two_caches_share_a_folder(tmp_path: Path) -> None:
    caches = [KeptBytes(tmp_path, 200_000), KeptBytes(tmp_path, 200_000)]

    def use(number: int) -> bool:
        key = str(number % 150)
        caches[number % 2].put(key, key.encode() * 500)
        return caches[(number + 1) % 2].get(key) in (None, key.encode() * 500)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(2000)))
    assert caches[0].size() <= 200_000 * 1.2


WRITER = """
import sys
from pathlib import Path
from data_access.kept_bytes import KeptBytes
kept = KeptBytes(Path(sys.argv[1]), 3e7)
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    number += 1
    kept.put(str(number % 50), str(number % 50).encode() * 100_000)
"""


def test_killed_writers_leave_nothing_wrong(tmp_path: Path) -> None:
    for turn in range(6):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path), str(turn + 25 * which)], stdout=subprocess.PIPE, cwd=ROOT
            )
            for which in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        time.sleep(0.02 + 0.01 * turn)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    kept = KeptBytes(tmp_path, 3e7)
    found = {key: kept.get(str(key)) for key in range(50)}
    assert any(found.values())
    assert all(data in (None, str(key).encode() * 100_000) for key, data in found.items())
    before = len([path for path in entries(tmp_path) if not path.name.startswith(".")])
    assert before == sum(data is not None for data in found.values())  # nothing damaged had to be removed
