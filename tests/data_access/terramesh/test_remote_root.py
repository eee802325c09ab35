"""A root behind a hub or a plain server is the same root: same shards, same bytes, same samples."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.parts import ShardSet, finished, make_part, shard_sets
from data_access.dataset import CollectionKind
from data_access.places import places_of
from data_access.remote import ranges
from data_access.terramesh import remote_layout, sample_table
from data_access.terramesh.byte_range import read_range, size_of
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.layout import Layout, discover, open_root
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.modalities import FOLDERS
from data_access.terramesh.opening import open_terramesh
from errors import AccessDeniedError, OfflineError, PatchworkError, SourceChangedError, SourceMissingError
from tests.data_access.terramesh.writers import CENTRE, member_bytes, pixels_of, write_root, write_shard
from tests.loopback_hub import LISTING_STYLES, LoopbackHub, loopback_hub

MAJORTOM = tuple(f"majortom_val_{number:07}" for number in (1, 2, 3))
SSL4EO = tuple(f"ssl4eos12_val_{number:07}" for number in (80385, 80386))
SHARDS = {"majortom_shard_000001.tar": MAJORTOM, "ssl4eos12_shard_000009.tar": SSL4EO}


@pytest.fixture(autouse=True)
def no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Countries and climate zones have tests of their own, and their grid takes a second."""
    monkeypatch.setattr(sample_table, "enrich", lambda table, _: table)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five samples in two sets of shards, with the table that lists them."""
    folder = write_root(tmp_path_factory.mktemp("terramesh"), SHARDS)
    rows = [(tar, f"{key}.zarr.zip", *CENTRE) for tar, keys in SHARDS.items() for key in keys]
    columns = dict(zip(("tar", "zarr", "center_lon", "center_lat"), zip(*rows, strict=True), strict=True))
    pq.write_table(
        pa.table({name: pa.array(values) for name, values in columns.items()}), folder / "val_metadata.parquet"
    )
    (folder / "README.md").write_text("about")
    return folder


@pytest.fixture
def hub(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    with loopback_hub(root) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


@pytest.fixture
def value_of(hub: LoopbackHub) -> Callable[[str], str]:
    """The value of the setting for each kind of remote root."""

    def value(kind: str) -> str:
        if kind == "hf":
            return "hf:owner/name"
        hub.listing = None if kind == "tables" else kind
        return f"{hub.url}/plain"

    return value


KINDS = ("hf", "tables", *LISTING_STYLES)


@pytest.mark.parametrize("kind", KINDS)
def test_layout_is_that_of_the_folder(root: Path, value_of: Callable[[str], str], tmp_path: Path, kind: str) -> None:
    local = discover(root)
    remote = open_root(value_of(kind), listings=tmp_path / "listings", downloads=tmp_path / "downloads")
    assert [shard.relative for shard in remote.shards] == [shard.relative for shard in local.shards]
    assert (remote.splits, remote.folders, list(remote.metadata)) == (local.splits, local.folders, ["val"])
    for ours, theirs in zip(remote.shards, local.shards, strict=True):
        assert ours.settled().size == size_of(ours.location) == theirs.size
        assert read_range(ours.location, 512, 1000) == read_range(theirs.location, 512, 1000)
        assert "\0" not in ours.name


def test_names_that_users_read_hold_no_addresses(value_of: Callable[[str], str]) -> None:
    assert open_root(value_of("hf")).name == "owner/name"
    assert open_root(value_of("nginx")).name == "plain"


@pytest.mark.parametrize("kind", ["hf", "nginx"])
def test_revision_changes_with_the_bytes_and_with_nothing_else(
    hub: LoopbackHub, value_of: Callable[[str], str], kind: str
) -> None:
    def revision() -> str:
        return open_root(value_of(kind)).revision

    first = revision()
    assert revision() == first
    hub.files.replace("README.md", b"edited")
    assert revision() == first
    hub.files.replace("val/DEM/majortom_shard_000001.tar", b"x" * 1024)
    assert revision() != first


def test_folder_that_is_a_split_is_one(hub: LoopbackHub, value_of: Callable[[str], str]) -> None:
    layout = open_root(f"{value_of('nginx')}/val")
    assert layout.splits == ("val",)
    assert layout.folders == tuple(FOLDERS)
    assert hub.url


def test_next_start_needs_no_server(hub: LoopbackHub, value_of: Callable[[str], str], tmp_path: Path) -> None:
    first = {kind: open_root(value_of(kind), listings=tmp_path, downloads=tmp_path / "d") for kind in ("hf", "tables")}
    hub.fail("status", status=500, times=1000)
    for kind, before in first.items():
        now: Layout = open_root(value_of(kind), listings=tmp_path, downloads=tmp_path / "d")
        assert (now.shards, now.metadata, now.revision) == (before.shards, before.metadata, before.revision)
        assert re.search(r"is from \d{4}-\d\d-\d\d \d\d:\d\d UTC,", now.notes[0])


def test_what_is_no_root_is_named(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    with loopback_hub(tmp_path / "empty") as empty:
        with pytest.raises(SourceMissingError, match="PATCHWORK_TERRAMESH"):
            open_root(f"{empty.url}/plain")
        monkeypatch.setenv("HF_ENDPOINT", empty.url)
        with pytest.raises(SourceMissingError, match="PATCHWORK_TERRAMESH"):
            open_root("hf")
        empty.repository = "owner/name"
        with pytest.raises(AccessDeniedError, match="revision main of owner/other"):
            open_root("hf:owner/other")
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with pytest.raises(OfflineError):
            open_root("hf")
    assert hub.log == []


def test_entries_of_a_listing_that_are_no_files_of_the_repository_are_left_out(hub: LoopbackHub) -> None:
    for name in ("val/DEM/../../../x.tar", "val/DEM/.hidden.tar", "val/Other/x.tar", "a/val/DEM/x.tar", "x.tar"):
        hub.files.replace(name, b"x")
    assert len(open_root("hf").shards) == 14
    assert all(".." not in shard.location.url for shard in open_root("hf").shards)  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "named"), [("hf", "hf"), ("tables", "https"), ("nginx", "https")])
def test_samples_are_those_of_the_folder(
    root: Path,
    value_of: Callable[[str], str],
    tmp_path: Path,
    kind: str,
    named: CollectionKind,
) -> None:
    places = places_of(tmp_path)
    local = open_terramesh(root, kind="local", tables_dir=tmp_path / "a" / "tables", places=places)
    remote = open_terramesh(value_of(kind), kind=named, tables_dir=tmp_path / "b" / "tables", places=places)
    assert remote.info.kind == named
    assert remote.info.title in ("TerraMesh, from the hub", "TerraMesh, over HTTP")
    assert remote.modalities == local.modalities
    for key in (*MAJORTOM, *SSL4EO):
        same_samples(local, remote, key)


@pytest.mark.real
def test_real_samples_are_those_of_the_folder(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places, folder = places_of(tmp_path), real_data / "terramesh"
    local = open_terramesh(folder, kind="local", tables_dir=tmp_path / "a" / "tables", places=places)
    with loopback_hub(folder) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        remote = open_terramesh("hf", kind="hf", tables_dir=tmp_path / "b" / "tables", places=places)
        for key in ("majortom_val_0000001", "majortom_val_0000002", "majortom_val_0000003"):
            try:
                local.available(key)
            except PatchworkError:
                continue
            same_samples(local, remote, key)


def same_samples(local: TerraMesh, remote: TerraMesh, key: str) -> None:
    """Every modality of a sample, value by value."""
    assert remote.available(key) == local.available(key)
    for modality in local.available(key):
        here, there = local.read(key, modality), remote.read(key, modality)
        assert here.attrs["provenance"] == there.attrs["provenance"]
        for name in here.variables:
            np.testing.assert_array_equal(here[name].values, there[name].values)


def test_what_was_opened_before_opens_offline(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened() -> TerraMesh:
        return open_terramesh("hf", kind="hf", tables_dir=tmp_path / "tables", places=places_of(tmp_path))

    seen = opened().read(MAJORTOM[1], "S2L2A")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub.forget()
    offline = opened()
    np.testing.assert_array_equal(offline.read(MAJORTOM[1], "S2L2A")["bands"].values, seen["bands"].values)
    with pytest.raises(OfflineError, match="HF_HUB_OFFLINE"):
        offline.read(MAJORTOM[1], "DEM")
    assert hub.log == []
    assert any("HF_HUB_OFFLINE is set" in note for note in offline.info.notes)


@pytest.fixture
def replaced(tmp_path: Path) -> bytes:
    """A shard with the same keys as the first DEM shard of the root and other pixels."""
    members = {key: member_bytes("DEM", seed=number + 50) for number, key in enumerate(MAJORTOM)}
    return write_shard(tmp_path / "new", "val", "DEM", "majortom_shard_000001.tar", members).read_bytes()


def test_shard_that_is_replaced_behind_an_address_is_named(hub: LoopbackHub, tmp_path: Path, replaced: bytes) -> None:
    hub.listing, path = "nginx", "val/DEM/majortom_shard_000001.tar"
    opened = open_terramesh(
        f"{hub.url}/plain", kind="https", tables_dir=tmp_path / "tables", places=places_of(tmp_path)
    )
    opened.read(MAJORTOM[0], "DEM")
    hub.files.replace(path, replaced)
    with pytest.raises(SourceChangedError, match=path):
        opened.read(MAJORTOM[1], "DEM")


@pytest.mark.parametrize("settled_at_once", [0, 64])
def test_what_was_kept_of_a_shard_is_not_used_once_it_is_replaced(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bytes, settled_at_once: int
) -> None:
    monkeypatch.setattr(remote_layout, "SETTLED_AT_ONCE", settled_at_once)
    hub.listing = "nginx"

    def read_in_a_process_of_its_own() -> np.ndarray:
        monkeypatch.setattr(ranges, "_READERS", {})
        opened = open_terramesh(
            f"{hub.url}/plain", kind="https", tables_dir=tmp_path / "tables", places=places_of(tmp_path)
        )
        values: np.ndarray = opened.read(MAJORTOM[0], "DEM")["bands"].values
        return values

    before = read_in_a_process_of_its_own()
    hub.files.replace("val/DEM/majortom_shard_000001.tar", replaced)
    after = read_in_a_process_of_its_own()
    assert not np.array_equal(before, after)
    np.testing.assert_array_equal(after, pixels_of("DEM", seed=50)[0])


@pytest.mark.parametrize("settled_at_once", [0, 64])
def test_what_the_batch_index_tells_of_a_shard_is_not_used_once_it_is_replaced(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bytes, settled_at_once: int
) -> None:
    monkeypatch.setattr(remote_layout, "SETTLED_AT_ONCE", settled_at_once)
    hub.listing, address, index = "nginx", f"{hub.url}/plain", tmp_path / "index"

    def anew() -> str:
        monkeypatch.setattr(ranges, "_READERS", {})  # as in a process of its own
        return address

    def first_set() -> ShardSet:
        return next(shard_sets(open_root(anew()), "offsets"))

    make_part("offsets", first_set(), index)
    assert finished("offsets", first_set(), index)
    hub.files.replace("val/DEM/majortom_shard_000001.tar", replaced)
    opened = open_terramesh(
        anew(), kind="https", tables_dir=tmp_path / "tables", places=places_of(tmp_path), index_dir=index
    )
    np.testing.assert_array_equal(opened.read(MAJORTOM[1], "DEM")["bands"].values, pixels_of("DEM", seed=51)[0])
    assert finished("offsets", first_set(), index) is None


def test_shards_that_no_table_lists_are_looked_through_again_once_they_are_replaced(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.setattr(remote_layout, "SETTLED_AT_ONCE", 0)
    hub.listing = "nginx"
    name, other = "majortom_shard_000001.tar", "majortom_val_0000009"

    def ids() -> set[str]:
        monkeypatch.setattr(ranges, "_READERS", {})
        layout = replace(open_root(f"{hub.url}/plain"), metadata={})
        found, _ = sample_table._scan(layout, "val", name, MemberIndex(tmp_path / "lists"), tmp_path / "scans")
        return set(found["id"].to_pylist())

    assert ids() == set(MAJORTOM)
    for folder in (each for each in FOLDERS if (root / "val" / each / name).is_file()):
        changed = write_shard(tmp_path / "new", "val", folder, name, {other: member_bytes(folder)})
        hub.files.replace(f"val/{folder}/{name}", changed.read_bytes())
    assert ids() == {other}
