"""Whole files arrive once, go on where they broke off, and are checked before they are believed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from data_access.progress import activities
from data_access.remote import download as downloading
from data_access.remote import ranges
from data_access.remote.download import download, local_copy, sweep
from data_access.remote.limits import Limits
from data_access.remote.remote_file import SHA256, RemoteFile
from errors import RemoteError, SourceChangedError, SourceMissingError
from tests.conftest import ROOT
from tests.data_access.remote.conftest import CONTENT, PATH, on_hub, on_server
from tests.loopback_hub import LoopbackHub

PIECE = 70_000


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "PIECE_BYTES", PIECE)


@pytest.mark.parametrize("where", [on_hub, on_server])
def test_file_arrives_whole_and_once(hub: LoopbackHub, tmp_path: Path, where: type) -> None:
    path = download(where(hub), tmp_path)
    assert path.name == Path(PATH).name
    assert path.read_bytes() == CONTENT
    hub.forget()
    assert local_copy(where(hub), tmp_path) == path
    assert hub.sent <= 1  # a plain server is asked for size and validator
    assert local_copy(path, tmp_path) == path


def test_progress_is_told_in_bytes(hub: LoopbackHub, tmp_path: Path) -> None:
    download(on_hub(hub), tmp_path)
    ended = next(each for each in activities() if "majortom_shard_000001" in each.title)
    assert (ended.status, ended.done, ended.total, ended.unit) == ("done", len(CONTENT), len(CONTENT), "bytes")


def test_broken_download_goes_on_where_it_was(hub: LoopbackHub, tmp_path: Path) -> None:
    file = on_hub(hub)
    download_of_half(hub, tmp_path)
    (part,) = tmp_path.rglob("*.part")
    assert part.read_bytes() == CONTENT[: part.stat().st_size]
    before = part.stat().st_size
    hub.forget()
    assert download(file, tmp_path).read_bytes() == CONTENT
    assert hub.sent == len(CONTENT) - before
    assert list(tmp_path.rglob("*.part")) == []


def download_of_half(hub: LoopbackHub, folder: Path) -> None:
    """Break a download off after two pieces."""
    asked = 0
    real = ranges.fetch

    def fetch(file: RemoteFile, offset: int, length: int, *, limits: Limits | None = None) -> bytes:
        nonlocal asked
        asked += 1
        if asked > 2:
            raise RemoteError("the line is dead")
        return real(file, offset, length, limits=limits)

    with mock.patch.object(ranges, "fetch", fetch), pytest.raises(RemoteError):
        download(on_hub(hub), folder)


def test_bytes_that_are_not_those_listed_are_thrown_away(hub: LoopbackHub, tmp_path: Path) -> None:
    download_of_half(hub, tmp_path)
    (part,) = tmp_path.rglob("*.part")
    part.write_bytes(bytes(PIECE))
    with pytest.raises(SourceChangedError, match="SHA-256"):
        download(on_hub(hub), tmp_path)
    assert list(tmp_path.rglob("*.part")) == []
    assert download(on_hub(hub), tmp_path).read_bytes() == CONTENT


def test_part_longer_than_the_file_begins_anew(hub: LoopbackHub, tmp_path: Path) -> None:
    download_of_half(hub, tmp_path)
    (part,) = tmp_path.rglob("*.part")
    part.write_bytes(CONTENT + b"more")
    assert download(on_hub(hub), tmp_path).read_bytes() == CONTENT


def test_changed_file_is_another_download(hub: LoopbackHub, tmp_path: Path) -> None:
    old = download(on_hub(hub), tmp_path)
    hub.files.replace(PATH, CONTENT[::-1])
    new = download(on_hub(hub), tmp_path)
    assert (old.read_bytes(), new.read_bytes()) == (CONTENT, CONTENT[::-1])


def test_hash_is_checked_only_where_it_is_known(hub: LoopbackHub, tmp_path: Path) -> None:
    file = replace(on_server(hub), size=len(CONTENT), etag=None)
    assert hashlib.sha256(download(file, tmp_path).read_bytes()).digest() == hashlib.sha256(CONTENT).digest()
    assert not (file.etag or "").startswith(SHA256)


def test_threads_that_want_the_same_file_fetch_it_once(hub: LoopbackHub, tmp_path: Path) -> None:
    with ThreadPoolExecutor(5) as pool:
        paths = set(pool.map(lambda _: download(on_hub(hub), tmp_path), range(5)))
    assert len(paths) == 1
    assert hub.sent == len(CONTENT)


def test_folder_that_can_not_be_written_costs_the_next_start_a_download(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert download(on_hub(hub), tmp_path / "file").read_bytes() == CONTENT


def test_full_disk_is_a_named_error(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SourceMissingError, match=r"No space left on device.*PATCHWORK_CACHE_DIR"):
        download(on_hub(hub), tmp_path)


DOWNLOADER = """
import sys
from pathlib import Path
from unittest import mock
from data_access.remote import download
from data_access.remote.remote_file import RemoteFile
download.PIECE_BYTES = 20_000
url, folder, size, etag = sys.argv[1:]
print("ready", flush=True)
download.download(RemoteFile(url, "x.tar", int(size), etag), Path(folder))
"""


def test_killed_processes_leave_a_download_that_goes_on(hub: LoopbackHub, tmp_path: Path) -> None:
    file = replace(on_hub(hub), relative="x.tar")
    hub.latency_s = 0.02
    for turn in range(2):
        words = [sys.executable, "-c", DOWNLOADER, file.url, str(tmp_path), str(file.size), str(file.etag)]
        loaders = [subprocess.Popen(words, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
        for loader in loaders:
            assert loader.stdout is not None
            loader.stdout.readline()
        time.sleep(0.05 + 0.05 * turn)
        for loader in loaders:
            loader.send_signal(signal.SIGKILL)
            loader.communicate()
    hub.latency_s = 0
    assert download(file, tmp_path).read_bytes() == CONTENT


def test_downloads_that_are_not_used_any_more_are_swept_up(tmp_path: Path) -> None:
    ages = {"old": 30, "older": 40, "used": 1, "also used": 0}  # days
    for name, days in ages.items():
        (tmp_path / name).mkdir()
        path = tmp_path / name / "x.parquet"
        path.write_bytes(bytes(1000))
        moment = time.time() - days * 86_400
        os.utime(path, (moment, moment))
    sweep(tmp_path, 3500)
    assert sorted(path.parent.name for path in tmp_path.rglob("*.parquet")) == ["also used", "old", "used"]
    sweep(tmp_path, 0)
    assert sorted(path.parent.name for path in tmp_path.rglob("*.parquet")) == ["also used", "used"]
    sweep(tmp_path / "absent", 0)


def test_a_download_that_is_resumed_after_long_is_not_swept_up_meanwhile(tmp_path: Path) -> None:
    part = tmp_path / "a" / "x.parquet.part"
    part.parent.mkdir()
    part.write_bytes(bytes(1000))
    os.utime(part, (time.time() - 30 * 86_400, time.time()))  # opened long ago, written to just now
    sweep(tmp_path, 0)
    assert part.exists()
