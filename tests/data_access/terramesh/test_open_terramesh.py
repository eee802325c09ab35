"""A root, opened: the whole contract, and everything that may be wrong with it."""

import math
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset
from data_access.places import places_of
from data_access.sample_filter import SampleFilter
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.opening import open_terramesh
from data_access.terramesh.shard import MAX_MEMBER_BYTES, Member
from data_access.terramesh.shard_files import Shard
from errors import (
    ModalityMissingError,
    PatchworkError,
    PlaceError,
    RemoteTimeoutError,
    SampleFormatError,
    SchemaError,
    ShardError,
    SourceMissingError,
    UnknownSampleError,
)
from tests.data_access.terramesh.conftest import OpenRoot
from tests.data_access.terramesh.writers import (
    CENTRE,
    EPSG,
    SIZE,
    member_bytes,
    pixels_of,
    tar_bytes,
    write_root,
    write_shard,
)

MAJORTOM, SSL4EO = "majortom_val_0000001", "ssl4eos12_val_0080385"
SHARDS = {"majortom_shard_000001.tar": (MAJORTOM,), "ssl4eos12_shard_000009.tar": (SSL4EO,)}
MODALITIES = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "S1GRD", "DEM", "NDVI", "LULC", "cloud_mask")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_root(tmp_path / "root", SHARDS)


def test_the_contract_is_fulfilled(root: Path, open_root: OpenRoot) -> None:
    opened: Dataset = open_root(root)
    assert opened.modalities == MODALITIES
    assert opened.info.dataset == "terramesh"
    assert opened.info.kind == "local"
    assert opened.info.root == "root"
    assert opened.info.licence.name == "CC-BY-SA-4.0"
    assert "Copernicus WorldDEM-30 © DLR e.V. 2010-2014" in opened.info.licence.credit
    assert not opened.info.synthetic
    assert opened.info.notes == ()
    assert opened.catalog.count(SampleFilter()).total == 2
    assert opened.catalog.row(SSL4EO)["source"] == "ssl4eos12"
    assert len(opened.points.in_view(SampleFilter(bbox=(0, 0, 90, 90)), limit=10)) == 2


@pytest.mark.parametrize(("key", "missing", "has"), [(MAJORTOM, "S1GRD", "S1RTC"), (SSL4EO, "S1RTC", "S1GRD")])
def test_every_modality_opens_but_the_other_s1(
    root: Path, open_root: OpenRoot, key: str, missing: str, has: str
) -> None:
    opened = open_root(root)
    for modality in set(MODALITIES) - {missing, "cloud_mask"}:
        chip = opened.read(key, modality)
        np.testing.assert_array_equal(chip["bands"], pixels_of(modality)[0])
        provenance = chip.attrs["provenance"]
        data = (root / provenance["shard"]).read_bytes()
        member = data[provenance["byte_offset"] : provenance["byte_offset"] + provenance["byte_length"]]
        assert member == member_bytes(modality)
    np.testing.assert_array_equal(opened.read(key, "cloud_mask")["bands"][0], opened.read(key, "S2L2A")["cloud_mask"])
    with pytest.raises(ModalityMissingError, match=f"{key} has no {missing}: .* come with {has}, .* Ask for {has}"):
        opened.read(key, missing)


def test_available_modalities_are_told_without_opening_any(root: Path, open_root: OpenRoot) -> None:
    opened = open_root(root)
    assert opened.available(MAJORTOM) == tuple(name for name in MODALITIES if name != "S1GRD")
    assert opened.available(SSL4EO) == tuple(name for name in MODALITIES if name != "S1RTC")
    (root / "val/S1RTC/majortom_shard_000001.tar").write_bytes(b"nothing")
    (root / "val/S2L2A/majortom_shard_000001.tar").unlink()
    assert open_root(root).available(MAJORTOM) == ("S2L1C", "S2RGB", "DEM", "NDVI", "LULC", "cloud_mask")


def test_countries_that_could_not_be_told_are_noted_and_told_once_they_can(
    root: Path, tmp_path: Path, real_data: Path
) -> None:
    tables = tmp_path / "tables"
    without = open_terramesh(root, kind="local", tables_dir=tables, places=places_of(tmp_path / "no atlas"))
    assert without.catalog.row(MAJORTOM)["country"] == "unknown"
    assert any("Countries are unknown" in note for note in without.info.notes)
    opened = open_terramesh(root, kind="local", tables_dir=tables, places=places_of(real_data / "geo"))
    assert opened.catalog.row(MAJORTOM)["country"] == "Italy"
    assert opened.catalog.row(MAJORTOM)["season"] == "Spring"
    assert opened.info.notes == ()


def test_describe_tells_everything_but_the_pixels(root: Path, open_root: OpenRoot) -> None:
    record = open_root(root).describe(SSL4EO)
    assert (record.lon, record.lat) == CENTRE
    assert record.epsg == EPSG
    assert record.size_m == SIZE * 10
    assert record.s1_s2_gap_hours == 6.0
    assert record.properties["sample"] == "0194630_1"
    assert [each.name for each in record.modalities] == [name for name in MODALITIES if name != "S1RTC"]
    assert record.modalities[0].shape == (12, SIZE, SIZE)
    assert record.modalities[0].offset_state == "absent"
    assert record.problems == ()
    assert record.corners == open_root(root).corners(SSL4EO)


def test_offset_of_l2a_is_told_by_l1c(tmp_path: Path, open_root: OpenRoot) -> None:
    for modality in ("S2L2A", "S2L1C"):
        bright = member_bytes(modality, bands=pixels_of(modality) + np.int16(1000))
        write_shard(tmp_path / "root", "val", modality, "majortom_1.tar", {MAJORTOM: bright})
    opened = open_root(tmp_path / "root")
    assert opened.read(MAJORTOM, "S2L2A").attrs["offset_state"] == "present"
    (tmp_path / "root/val/S2L1C/majortom_1.tar").unlink()
    assert open_root(tmp_path / "root").read(MAJORTOM, "S2L2A").attrs["offset_state"] == "unknown"


@pytest.mark.parametrize("error", [SourceMissingError("its disk has gone"), RemoteTimeoutError("it takes too long")])
def test_an_l1c_that_can_not_be_reached_is_not_taken_for_unknown(
    tmp_path: Path, open_root: OpenRoot, error: PatchworkError
) -> None:
    for modality in ("S2L2A", "S2L1C"):
        bright = member_bytes(modality, bands=pixels_of(modality) + np.int16(1000))
        write_shard(tmp_path / "root", "val", modality, "majortom_1.tar", {MAJORTOM: bright})
    opened, data = open_root(tmp_path / "root"), MemberFinder.data

    def failing(finder: MemberFinder, shard: Shard, member: Member) -> bytes:
        if shard.modality == "S2L1C":
            raise error
        return data(finder, shard, member)

    with mock.patch.object(MemberFinder, "data", failing), pytest.raises(type(error)):
        opened.read(MAJORTOM, "S2L2A")
    assert opened.read(MAJORTOM, "S2L2A").attrs["offset_state"] == "present"


@pytest.mark.parametrize(
    "sample_id", ["majortom_val_9999999", "", "../../etc/passwd", "a" * 5000, "größer", "\0", "\ud800"]
)
def test_unknown_samples_are_named(root: Path, open_root: OpenRoot, sample_id: str) -> None:
    opened = open_root(root)
    for ask in (
        lambda: opened.available(sample_id),
        lambda: opened.read(sample_id, "DEM"),
        lambda: opened.describe(sample_id),
        lambda: opened.corners(sample_id),
    ):
        with pytest.raises(UnknownSampleError):
            ask()


@pytest.mark.parametrize("modality", ["S2", "", "s2l2a", "../DEM", "x" * 5000])
def test_unknown_modalities_are_named(root: Path, open_root: OpenRoot, modality: str) -> None:
    with pytest.raises(ModalityMissingError, match="Choose one of S2L2A, S2L1C"):
        open_root(root).read(MAJORTOM, modality)


@pytest.mark.parametrize("carrier", ["S2L1C", "S2RGB"])
def test_the_cloud_mask_is_found_in_whichever_member_carries_it(
    tmp_path: Path, open_root: OpenRoot, carrier: str
) -> None:
    mask = np.full((1, SIZE, SIZE), 4, np.uint8)
    write_shard(tmp_path / "root", "val", "S2L2A", "a.tar", {"k_1": member_bytes("S2L2A", cloud_mask=None)})
    write_shard(tmp_path / "root", "val", carrier, "a.tar", {"k_1": member_bytes(carrier, cloud_mask=mask)})
    np.testing.assert_array_equal(open_root(tmp_path / "root").read("k_1", "cloud_mask")["bands"], mask)


def test_a_wrong_cloud_mask_costs_the_mask_alone(tmp_path: Path, open_root: OpenRoot) -> None:
    data = member_bytes("S2L2A", cloud_mask=np.zeros((1, SIZE, SIZE)))
    write_shard(tmp_path / "root", "val", "S2L2A", "a.tar", {"k_1": data})
    record = open_root(tmp_path / "root").describe("k_1")
    assert [each.name for each in record.modalities] == ["S2L2A"]
    assert "The cloud mask is float64" in record.problems[0]


def test_some_modalities_alone(tmp_path: Path, open_root: OpenRoot) -> None:
    write_shard(tmp_path / "root", "train", "DEM", "any name.tar", {"k_1": member_bytes("DEM")})
    opened = open_root(tmp_path / "root")
    assert opened.modalities == ("DEM",)
    with pytest.raises(ModalityMissingError, match=r"no S2L2A for the split 'train'\. Fetch train/S2L2A/"):
        opened.read("k_1", "S2L2A")
    with pytest.raises(ModalityMissingError):
        opened.read("k_1", "cloud_mask")
    assert opened.describe("k_1").s1_s2_gap_hours is None


def test_modalities_in_shards_of_other_names(tmp_path: Path, open_root: OpenRoot) -> None:
    write_shard(tmp_path / "root", "val", "DEM", "a.tar", {"k_1": member_bytes("DEM")})
    write_shard(tmp_path / "root", "val", "NDVI", "b.tar", {"k_1": member_bytes("NDVI")})
    assert [each.name for each in open_root(tmp_path / "root").describe("k_1").modalities] == ["DEM", "NDVI"]


def test_root_that_is_a_split_folder(root: Path, open_root: OpenRoot) -> None:
    opened = open_root(root / "val")
    assert opened.read(MAJORTOM, "DEM").attrs["provenance"]["shard"] == "DEM/majortom_shard_000001.tar"
    assert opened.catalog.row(MAJORTOM)["split"] == "val"


def test_truncated_shard_is_named_and_the_rest_goes_on(root: Path, open_root: OpenRoot) -> None:
    path = root / "val/NDVI/majortom_shard_000001.tar"
    path.write_bytes(path.read_bytes()[:2000])
    opened = open_root(root)
    assert any("val/NDVI/majortom_shard_000001.tar is damaged" in note for note in opened.info.notes)
    with pytest.raises(ShardError, match=r"val/NDVI/majortom_shard_000001\.tar is damaged: it ends at byte 2000"):
        opened.read(MAJORTOM, "NDVI")
    record = opened.describe(MAJORTOM)
    assert len(record.modalities) == len(MODALITIES) - 2
    assert "it ends at byte 2000" in record.problems[0]
    assert record.corners is not None


def test_foreign_file_in_a_shard_is_noted_once_it_is_met(root: Path, open_root: OpenRoot) -> None:
    row = {
        "tar": ["majortom_shard_000001.tar"],
        "zarr": [f"{MAJORTOM}.zarr.zip"],
        "center_lon": [9.0],
        "center_lat": [45.0],
    }
    pq.write_table(pa.table(row), root / "val_metadata.parquet")
    (root / "val/DEM/majortom_shard_000001.tar").write_bytes(
        tar_bytes({"README.txt": b"hello", f"{MAJORTOM}.zarr.zip": member_bytes("DEM"), "x.zarr.zip": b"no zip at all"})
    )
    opened = open_root(root)
    assert not any("val/DEM" in note for note in opened.info.notes)
    np.testing.assert_array_equal(opened.read(MAJORTOM, "DEM")["bands"], pixels_of("DEM")[0])
    assert any("val/DEM/majortom_shard_000001.tar: 1 file(s) that are no samples" in each for each in opened.info.notes)


def test_damaged_member_is_named_and_the_rest_goes_on(root: Path, open_root: OpenRoot) -> None:
    path = root / "val/S2RGB/majortom_shard_000001.tar"
    data = bytearray(path.read_bytes())
    data[data.index(b"bands/0.0.0.0") + 100] ^= 1
    path.write_bytes(data)
    opened = open_root(root)
    with pytest.raises(SampleFormatError, match=r"S2RGB of majortom_val_0000001 in val/S2RGB/.*checksum is wrong"):
        opened.read(MAJORTOM, "S2RGB")
    assert opened.read(MAJORTOM, "S2L2A") is not None


def test_member_larger_than_any_chip_is_not_read(tmp_path: Path, open_root: OpenRoot) -> None:
    header = tarfile.TarInfo("k_1.zarr.zip")
    header.size = MAX_MEMBER_BYTES + 1
    path = tmp_path / "root/val/DEM/a.tar"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:  # a hole, which takes no room on the disk
        file.write(header.tobuf())
        file.truncate(512 + header.size + 4096)
    with pytest.raises(SampleFormatError, match="too many for a chip"):
        open_root(tmp_path / "root").read("k_1", "DEM")


def test_wrong_dtype_is_named_and_the_rest_goes_on(root: Path, open_root: OpenRoot) -> None:
    wrong = member_bytes("S2L2A", bands=pixels_of("S2L2A").astype("f8"))
    write_shard(root, "val", "S2L2A", "majortom_shard_000001.tar", {MAJORTOM: wrong})
    opened = open_root(root)
    with pytest.raises(SampleFormatError, match="float64; expected int16 or uint16"):
        opened.read(MAJORTOM, "S2L2A")
    record = opened.describe(MAJORTOM)
    assert "S2L2A of majortom_val_0000001" in record.problems[0]
    assert len(record.modalities) == len(MODALITIES) - 2


def test_nan_coordinates_hurt_only_the_map(tmp_path: Path, open_root: OpenRoot) -> None:
    nowhere = np.array([np.nan])
    member = member_bytes("DEM", center_lat=nowhere, center_lon=nowhere, x=None, y=None)
    placed = member_bytes("DEM", center_lat=nowhere, center_lon=nowhere)
    write_shard(tmp_path / "root", "val", "DEM", "a.tar", {"k_1": member, "k_2": placed})
    opened = open_root(tmp_path / "root")
    assert opened.catalog.count(SampleFilter()).total == 0
    assert any("2 samples have no usable coordinates" in note for note in opened.info.notes)
    np.testing.assert_array_equal(opened.read("k_1", "DEM")["bands"], pixels_of("DEM")[0])
    with pytest.raises(PlaceError, match=r"DEM of k_1 .* is not on the globe"):
        opened.corners("k_1")
    record = opened.describe("k_1")
    assert math.isnan(record.lon)
    assert "not on the globe" in record.problems[0]
    assert len(record.modalities) == 1
    assert opened.corners("k_2") is not None
    assert opened.describe("k_2").lon == pytest.approx(CENTRE[0], abs=1e-4)


def test_sample_whose_shard_is_elsewhere(root: Path, open_root: OpenRoot) -> None:
    row = {"tar": ["gone.tar"], "zarr": [f"{MAJORTOM}.zarr.zip"], "center_lon": [9.0], "center_lat": [45.0]}
    pq.write_table(pa.table(row), root / "val_metadata.parquet")
    for path in root.glob("val/*/majortom*"):
        path.unlink()
    opened = open_root(root)
    assert opened.catalog.row(MAJORTOM)["available"] is False
    with pytest.raises(ModalityMissingError, match=r"lies in gone\.tar, which is not on this disk"):
        opened.read(MAJORTOM, "DEM")
    assert opened.describe(MAJORTOM).modalities == ()
    assert opened.corners(MAJORTOM) is None


def test_shard_that_vanishes_is_named(root: Path, open_root: OpenRoot) -> None:
    opened = open_root(root)
    assert opened.corners(MAJORTOM) is not None
    (root / "val/NDVI/majortom_shard_000001.tar").unlink()
    with pytest.raises(SourceMissingError, match="can not be read"):
        opened.read(MAJORTOM, "NDVI")
    assert any("NDVI" in problem or "majortom_shard" in problem for problem in opened.describe(MAJORTOM).problems)


def test_roots_that_are_none_are_named(tmp_path: Path, open_root: OpenRoot) -> None:
    with pytest.raises(SourceMissingError):
        open_root(tmp_path / "nowhere")
    (tmp_path / "root").mkdir()
    pq.write_table(pa.table({"zarr": ["a"]}), tmp_path / "root/val_metadata.parquet")
    with pytest.raises(SchemaError, match="has no column tar"):
        open_root(tmp_path / "root")


def test_revision_follows_the_files(root: Path, open_root: OpenRoot) -> None:
    before = open_root(root).info.revision
    assert open_root(root).info.revision == before
    write_shard(root, "val", "DEM", "more.tar", {"k_1": member_bytes("DEM")})
    after = open_root(root)
    assert after.info.revision != before
    assert after.catalog.count(SampleFilter()).total == 3


def test_demo_collection_says_that_it_is_synthetic(root: Path, tmp_path: Path, open_root: OpenRoot) -> None:
    assert open_root(root) is not None  # leaves the tables behind
    opened = open_terramesh(root, kind="demo", tables_dir=tmp_path / "tables")
    assert opened.info.synthetic
    assert "synthetic" in opened.info.title


def test_many_threads_read_the_same(root: Path, open_root: OpenRoot) -> None:
    opened: TerraMesh = open_root(root)
    asked = [(key, name) for key in (MAJORTOM, SSL4EO) for name in MODALITIES if not name.startswith("S1")] * 8
    with ThreadPoolExecutor(8) as threads:
        chips = list(threads.map(lambda ask: opened.read(*ask), asked))
    for (key, name), chip in zip(asked, chips, strict=True):
        assert chip.identical(opened.read(key, name))


def test_callers_can_not_change_what_others_see(root: Path, open_root: OpenRoot) -> None:
    opened = open_root(root)
    first = opened.read(MAJORTOM, "DEM")
    first.attrs["time"] = "changed"
    first["extra"] = 1
    second = opened.read(MAJORTOM, "DEM")
    assert second.attrs["time"] is None
    assert "extra" not in second
    with pytest.raises(ValueError, match="read-only"):
        second["bands"].values[:] = 0
