"""A hub on loopback with one large file, and readers with more and less patience."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data_access.remote.limits import Limits
from data_access.remote.pacing import Pacing
from data_access.remote.reader import RemoteReader
from data_access.remote.remote_file import SHA256, RemoteFile
from tests.loopback_hub import LoopbackHub, loopback_hub

CONTENT = random.Random(7).randbytes(300_000)  # noqa: S311 - the same in every run, no secret
PATH = "val/DEM/majortom_shard_000001.tar"
# Patient with a busy machine; faults that do not wait end long before.
CALM = Limits(connect_s=10.0, stall_s=10.0, total_s=30.0, attempts=4, backoff_s=0.01, longest_backoff_s=0.05)
# For faults that wait: long enough for a busy machine, short enough for a test.
HASTY = replace(CALM, stall_s=0.6, total_s=5.0)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No token, endpoint or switch of this machine, and a reader of its own for what asks for the process's."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_test")
    reader = RemoteReader(CALM, Pacing())
    for module in ("ranges", "hub_listing", "folder_pages"):
        monkeypatch.setattr(f"data_access.remote.{module}.reader_of_process", lambda: reader)
    for name in ("hub_listing.PATIENT", "hub_listing.HURRIED", "single_file.HURRIED", "download.PATIENT"):
        monkeypatch.setattr(f"data_access.remote.{name}", CALM)
    yield
    reader.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    path = folder / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    (folder / "README.md").write_text("a small file, which the hub does not redirect")
    return folder


@pytest.fixture
def hub(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with loopback_hub(root) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


@pytest.fixture
def reader() -> Iterator[RemoteReader]:
    reading = RemoteReader(CALM, Pacing())
    yield reading
    reading.close()


@pytest.fixture
def hasty() -> Iterator[RemoteReader]:
    """A reader that loses patience soon."""
    reading = RemoteReader(HASTY, Pacing())
    yield reading
    reading.close()


def on_hub(hub: LoopbackHub, path: str = PATH) -> RemoteFile:
    """A file as the hub's listing tells it."""
    served = hub.files.find(path)
    assert served is not None
    return RemoteFile(f"{hub.url}/datasets/o/n/resolve/main/{path}", path, served.size, SHA256 + served.etag)


def on_server(hub: LoopbackHub, path: str = PATH) -> RemoteFile:
    """A file of a plain server, of which nothing is known."""
    return RemoteFile(f"{hub.url}/plain/{path}", path)
