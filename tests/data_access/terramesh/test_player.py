"""Playing shards of a root near or far: what passes by is decoded, numbered, and opens at once afterwards."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data_access.dataset import Prefetches
from data_access.places import Places
from data_access.playing import PlayBegun, PlayedSample, PlayNote, PlaysShards
from data_access.remote.traffic import counted
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.modalities import FOLDERS
from data_access.terramesh.opening import open_terramesh
from errors import SampleFormatError, UnknownSampleError, UnknownShardError
from tests.data_access.terramesh.conftest import OpenRoot
from tests.data_access.terramesh.writers import pixels_of, write_root
from tests.loopback_hub import LoopbackHub, loopback_hub

SHARDS = {
    "majortom_shard_000001.tar": tuple(f"majortom_val_{number:07d}" for number in range(1, 9)),
    "ssl4eos12_shard_000002.tar": tuple(f"ssl4eos12_val_{number:07d}" for number in range(1, 5)),
}
FIRST, KEYS = next(iter(SHARDS.items()))
PATIENCE_S = 20.0


@pytest.fixture
def near(tmp_path: Path, open_root: OpenRoot) -> TerraMesh:
    return open_root(write_root(tmp_path / "root", SHARDS))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LoopbackHub]:
    write_root(tmp_path / "root", SHARDS)
    with loopback_hub(tmp_path / "root") as running:
        yield running


@pytest.fixture
def far(hub: LoopbackHub, tmp_path: Path) -> TerraMesh:
    """The same root behind HTTP."""
    places = Places(tmp_path / "no atlas", tmp_path / "no climate")
    return open_terramesh(f"{hub.url}/plain", kind="https", tables_dir=tmp_path / "far" / "tables", places=places)


def samples(dataset: TerraMesh, modality: str, **where: object) -> list[PlayedSample]:
    played = dataset.player.play("val", FIRST, modality, **where)  # type: ignore[arg-type] # after and sample
    return [item for item in played if isinstance(item, PlayedSample)]


def test_the_list_names_every_shard_with_its_modalities(near: TerraMesh) -> None:
    assert isinstance(near, PlaysShards)
    assert isinstance(near, Prefetches)
    first, second = near.player.shards()
    assert (first.split, first.name, first.samples) == ("val", FIRST, len(KEYS))
    assert list(first.sizes) == [name for name in FOLDERS if name != "S1GRD"]
    assert "S1GRD" in second.sizes
    assert all(first.sizes.values())


def test_samples_come_decoded_and_numbered(near: TerraMesh) -> None:
    items = list(near.player.play("val", FIRST, "S2L2A"))
    assert isinstance(items[0], PlayBegun)
    assert (items[0].position, items[0].samples) == (0, len(KEYS))
    found = [item for item in items if isinstance(item, PlayedSample)]
    assert [(item.id, item.number) for item in found] == [(key, number) for number, key in enumerate(KEYS, 1)]
    assert not [item for item in items if isinstance(item, PlayNote)]
    for seed, item in enumerate(found):
        assert item.data == near.member_bytes(item.id, "S2L2A")
        opened, read = near.player.opened(item), near.read(item.id, "S2L2A")
        np.testing.assert_array_equal(opened["bands"], pixels_of("S2L2A", seed=seed)[0])
        assert opened.identical(read.assign_attrs(offset_state=opened.attrs["offset_state"]))


def test_from_a_position_and_from_a_sample(near: TerraMesh) -> None:
    whole = samples(near, "DEM")
    assert [(item.id, item.number) for item in samples(near, "DEM", after=whole[3].position)] == [
        (item.id, item.number) for item in whole[4:]
    ]
    assert [item.id for item in samples(near, "LULC", sample=KEYS[5])] == list(KEYS[5:])


def test_what_is_not_there_is_named(near: TerraMesh) -> None:
    player = near.player
    with pytest.raises(UnknownShardError, match="no shard"):
        next(player.play("val", "../../etc/passwd", "DEM"))
    with pytest.raises(UnknownShardError, match="no shard"):
        next(player.play("train", FIRST, "DEM"))
    with pytest.raises(UnknownShardError, match="has no 'S1GRD'"):
        next(player.play("val", FIRST, "S1GRD"))
    with pytest.raises(UnknownSampleError, match="lies in"):
        next(player.play("val", FIRST, "DEM", sample="ssl4eos12_val_0000001"))
    damaged = samples(near, "DEM")[0]
    with pytest.raises(SampleFormatError, match=f"DEM of {damaged.id}"):
        player.opened(PlayedSample(**{**vars(damaged), "data": damaged.data[:-900]}))


def test_samples_just_played_open_without_another_request(far: TerraMesh, hub: LoopbackHub) -> None:
    played = samples(far, "S1RTC")
    assert [item.id for item in played] == list(KEYS)
    hub.forget()
    with counted() as traffic:
        for item in played:
            assert far.member_bytes(item.id, "S1RTC") == item.data
    assert (traffic.requests, hub.log) == (0, [])


def test_neighbours_are_fetched_ahead_and_a_reader_asks_for_nothing_twice(far: TerraMesh, hub: LoopbackHub) -> None:
    hub.latency_s = 0.05
    far.prefetch(KEYS[:2], far.modalities, owner="session")
    deadline = time.monotonic() + PATIENCE_S
    while not hub.asked("LULC"):  # the first is on its way
        assert time.monotonic() < deadline
        time.sleep(0.001)
    far.read(KEYS[0], "LULC")  # waits for it
    while far._prefetcher._workers:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    hub.forget()
    for key in KEYS[:2]:
        for modality in ("LULC", "S2L2A", "S1RTC", "DEM"):
            far.read(key, modality)
    assert not [request for request in hub.log if ".tar" in request.path]


def test_near_files_are_never_prefetched(near: TerraMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(near._prefetcher, "prefetch", lambda *_, owner: asked.append(owner))
    near.prefetch(KEYS, near.modalities, owner="session")
    assert not asked
