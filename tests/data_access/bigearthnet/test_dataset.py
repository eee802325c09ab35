"""BigEarthNet as a whole, on real and on synthetic files."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import rasterio
from pyproj import Transformer
from safetensors.numpy import save

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.modalities import MODALITY_NAMES
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.places import Places
from data_access.sample_filter import SampleFilter
from errors import (
    ModalityMissingError,
    SampleFormatError,
    SchemaError,
    SourceMissingError,
    UnknownSampleError,
)
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.data_access.bigearthnet.image_files import (
    FOREIGN_S1,
    PATCH,
    S1,
    SECOND,
    map_codes,
    s1_bands,
    s2_bands,
    write_geotiff,
    write_lmdb,
    write_pairs,
)
from tests.data_access.kept_files import files_of


class OnePlace(Places):
    """The same answer everywhere: countries and climate zones have tests of their own."""

    def country(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        return pa.array(["Austria" for _ in zip(lon, lat, strict=True)]).dictionary_encode()

    def climate_zone(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        return pa.array(["Polar, tundra" for _ in zip(lon, lat, strict=True)]).dictionary_encode()


def opened(tmp_path: Path, txt: Path | None, images: Path | None, places: Places | None = None) -> BigEarthNet:
    found = places or OnePlace(tmp_path / "no atlas", None)
    return open_bigearthnet(txt, images, kind="local", tables_dir=tmp_path / "tables", places=found)


@pytest.fixture
def both(tmp_path: Path) -> BigEarthNet:
    """One patch with annotations and every kind of image, one with Sentinel-2 alone."""
    values = {PATCH: s2_bands(1), S1: s1_bands(), f"{PATCH}_reference_map": {"Data": map_codes()}, SECOND: s2_bands(2)}
    return opened(tmp_path, write_rows(tmp_path / "a.parquet", [row(1), row(2)]), write_lmdb(tmp_path / "lmdb", values))


@pytest.mark.real
def test_all_24_real_pairs_open(real_data: Path, tmp_path: Path) -> None:
    dataset = opened(tmp_path, None, real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB")
    rows = dataset.catalog.rows(SampleFilter(), limit=100).to_pylist()
    assert len(rows) == 24
    for sample in rows:
        record = dataset.describe(sample["id"])
        assert record.problems == ()
        assert [m.name for m in record.modalities] == ["S2", "S2-10m", "S2-20m", "S2-60m", "S1"]
        for summary in record.modalities:
            read = dataset.read(sample["id"], summary.name)
            assert read["bands"].shape == summary.shape
            assert tuple(read["band"].values) == summary.bands
            assert read.attrs["corners"] == record.corners == dataset.corners(sample["id"])
        assert dataset.available(sample["id"]) == tuple(m.name for m in record.modalities)
        assert abs(record.s1_s2_gap_hours or 99) < 48


@pytest.mark.real
def test_real_trees_open_with_what_they_have(real_data: Path, tmp_path: Path) -> None:
    root = real_data / "bigearthnet_v2" / "geotiff"
    dataset = opened(tmp_path, None, root)
    rows = dataset.catalog.rows(SampleFilter(), limit=100).to_pylist()
    found = [tuple(m.name for m in dataset.describe(sample["id"]).modalities) for sample in rows]
    assert sorted(found) == [("S1",), ("S2", "S2-10m", "S2-20m", "S2-60m"), ("reference_map",)]
    for sample in rows:
        record = dataset.describe(sample["id"])
        assert record.problems == ()
        for modality in (m for m in record.modalities if m.name != "S2"):
            read = dataset.read(sample["id"], modality.name)
            for band in modality.bands:
                (file,) = root.rglob(f"{Path(modality.provenance['shard']).name}*_{band}.tif")
                with rasterio.open(file) as raster:
                    np.testing.assert_array_equal(read["bands"].sel(band=band), raster.read(1))
                    assert read["bands"].dtype == raster.dtypes[0]
                    assert read.attrs["transform"] == tuple(raster.transform)[:6]
                    assert read.attrs["epsg"] == raster.crs.to_epsg()
                    assert (read["x"].values[0], read["y"].values[0]) == raster.xy(0, 0)


@pytest.mark.real
def test_real_rows_count_8_samples_and_122_annotations(real_data: Path, tmp_path: Path) -> None:
    dataset = opened(tmp_path, real_data / "bigearthnet_txt" / "bench_rows.parquet", None)
    count = dataset.catalog.count(SampleFilter())
    assert (count.total, count.matched, count.annotations) == (8, 8, 122)
    ids = dataset.catalog.rows(SampleFilter(), limit=100)["id"].to_pylist()
    assert sum(len(dataset.annotations(sample_id)) for sample_id in ids) == 122
    found = dataset.catalog.count(SampleFilter(text="forest", type=("mcq",)))
    expected = [
        item
        for sample_id in ids
        for item in dataset.annotations(sample_id)
        if item["type"] == "mcq" and "forest" in f"{item['input']} {item['output']}".lower()
    ]
    assert found.annotations == len(expected)
    assert found.matched == len({item["patch_id"] for item in expected})


def test_an_opened_modality_keeps_the_contract(both: BigEarthNet) -> None:
    read = both.read(PATCH, "S2-20m")
    assert read["bands"].dims == ("band", "y", "x")
    assert list(read["band"].values) == ["B05", "B06", "B07", "B8A", "B11", "B12"]
    for band in read["band"].values:
        np.testing.assert_array_equal(read["bands"].sel(band=band), s2_bands(1)[band])
    attributes = read.attrs
    assert (attributes["unit"], attributes["epsg"], attributes["nodata"]) == ("reflectance x 10000", 32633, 0.0)
    assert (attributes["time"], attributes["offset_state"], attributes["source"]) == (
        "2017-06-13T10:10:31Z",
        "absent",
        "bigearthnet",
    )
    assert attributes["transform"] == (20.0, 0.0, 331200.0, 0.0, -20.0, 5331600.0)
    assert (read["x"].values[0], read["y"].values[-1]) == (331210.0, 5330410.0)
    corners = Transformer.from_crs(32633, 4326, always_xy=True).itransform(
        [(331200, 5331600), (332400, 5331600), (332400, 5330400), (331200, 5330400)]
    )
    assert attributes["corners"] == tuple(corners)
    assert "resampling" not in attributes
    assert not read["bands"].values.flags.writeable


def test_all_bands_on_the_10_m_grid_are_the_nearest_pixels(both: BigEarthNet) -> None:
    read = both.read(PATCH, "S2")
    assert read["bands"].shape == (12, 120, 120)
    assert "nearest" in read.attrs["resampling"]
    for band, values in s2_bands(1).items():
        factor = 120 // values.shape[0]
        expected = np.kron(values, np.ones((factor, factor), np.uint16))
        np.testing.assert_array_equal(read["bands"].sel(band=band), expected)
    assert read["bands"].dtype == np.uint16


def test_s1_and_reference_map(both: BigEarthNet) -> None:
    s1 = both.read(PATCH, "S1")
    np.testing.assert_array_equal(s1["bands"].values, np.stack([s1_bands()["VV"], s1_bands()["VH"]]))
    assert (s1.attrs["time"], s1.attrs["unit"], s1.attrs["nodata"]) == ("2017-06-12T16:58:09Z", "dB", None)
    codes = both.read(PATCH, "reference_map")
    np.testing.assert_array_equal(codes["bands"].values[0], map_codes())
    assert (codes.attrs["unit"], codes.attrs["time"]) == ("class", None)
    assert codes["bands"].dtype == np.uint16
    assert s1.attrs["corners"] == codes.attrs["corners"]


def test_describe(both: BigEarthNet) -> None:
    record = both.describe(PATCH)
    assert tuple(m.name for m in record.modalities) == MODALITY_NAMES == both.modalities
    assert (record.epsg, record.size_m, record.problems) == (32633, 1200.0, ())
    assert record.s1_s2_gap_hours == pytest.approx(-17.206, abs=1e-3)
    assert (record.lon, record.lat) == (12.740300299577253, 48.11003471465957)
    assert record.properties["country"] == "Austria"
    assert both.describe(SECOND).s1_s2_gap_hours is None


def test_the_sentinel_1_name_finds_the_pair(both: BigEarthNet) -> None:
    assert both.describe(S1) == both.describe(PATCH)
    assert both.annotations(S1) == both.annotations(PATCH)
    assert both.read(S1, "S2-10m").attrs["sample_id"] == PATCH
    with pytest.raises(UnknownSampleError):
        both.describe(FOREIGN_S1)


def test_what_a_patch_lacks_is_named(both: BigEarthNet) -> None:
    for modality in ("S1", "reference_map"):
        with pytest.raises(ModalityMissingError, match=modality):
            both.read(SECOND, modality)
    with pytest.raises(ModalityMissingError, match="S2L2A"):
        both.read(PATCH, "S2L2A")
    for ask in (both.describe, both.corners, both.available, both.annotations, lambda name: both.read(name, "S2")):
        with pytest.raises(UnknownSampleError):
            ask("S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_00_00")
    assert both.annotations(SECOND) == []


def test_annotations_without_imagery(tmp_path: Path) -> None:
    dataset = opened(tmp_path, write_rows(tmp_path / "a.parquet", [row(1)]), None)
    with pytest.raises(ModalityMissingError, match="PATCHWORK_BIGEARTHNET_IMAGES"):
        dataset.read(PATCH, "S2-10m")
    assert dataset.modalities == ()
    assert dataset.describe(PATCH).modalities == ()
    assert dataset.corners(PATCH) is not None


def test_imagery_without_annotations(tmp_path: Path) -> None:
    dataset = opened(tmp_path, None, write_lmdb(tmp_path / "lmdb", {FOREIGN_S1: s1_bands()}))
    assert dataset.annotations(FOREIGN_S1) == []
    assert dataset.read(FOREIGN_S1, "S1").attrs["transform"] == (10.0, 0.0, 384000.0, 0.0, -10.0, 5342400.0)
    assert dataset.describe(FOREIGN_S1).s1_s2_gap_hours is None
    assert any("metadata.parquet" in note for note in dataset.info.notes)


@pytest.mark.parametrize("images", [None, "lmdb"])
def test_nothing_configured_and_nothing_there(tmp_path: Path, images: str | None) -> None:
    with pytest.raises(SourceMissingError):
        opened(tmp_path, None, tmp_path / images if images else None)


def test_of_two_parts_one_may_be_broken(tmp_path: Path) -> None:
    txt = write_rows(tmp_path / "a.parquet", [row(1)])
    without_images = opened(tmp_path, txt, tmp_path / "nowhere")
    assert without_images.catalog.count(SampleFilter()).annotations == 1
    assert "nowhere" in without_images.info.notes[0]
    with pytest.raises(SourceMissingError, match="nowhere"):
        without_images.read(PATCH, "S2")
    lacking = write_rows(tmp_path / "b.parquet", [{"ID": 1}])
    without_texts = opened(tmp_path, lacking, write_lmdb(tmp_path / "lmdb", {PATCH: s2_bands()}))
    assert without_texts.read(PATCH, "S2")["bands"].shape == (12, 120, 120)
    with pytest.raises(SchemaError, match="patch_id"):
        without_texts.annotations(PATCH)
    with pytest.raises(SchemaError):
        opened(tmp_path, lacking, tmp_path / "nowhere")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows = [{key: value for key, value in row(1).items() if key != "climate_zone"}]
    with pytest.raises(SchemaError, match="climate_zone"):
        opened(tmp_path, write_rows(tmp_path / "a.parquet", rows), None)


def test_damage_costs_one_modality_and_is_named(tmp_path: Path) -> None:
    images = write_lmdb(tmp_path / "lmdb", {PATCH: save(s2_bands())[:-2], S1: s1_bands()})
    write_pairs(tmp_path / "metadata.parquet", {PATCH: S1})
    dataset = opened(tmp_path, None, images)
    record = dataset.describe(PATCH)
    assert [m.name for m in record.modalities] == ["S1"]
    assert len(record.problems) == 1
    assert PATCH in record.problems[0]
    with pytest.raises(SampleFormatError):
        dataset.read(PATCH, "S2-10m")
    assert dataset.read(PATCH, "S1")["bands"].shape == (2, 120, 120)


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ({band: values.astype(np.float64) for band, values in s2_bands().items()}, "float64"),
        (s2_bands() | {"B03": np.ones((120, 120), np.int16)}, "int16"),
        (s2_bands() | {"B03": np.ones((60, 60), np.uint16)}, "2 sizes"),
    ],
)
def test_wrong_types_and_sizes_are_named(tmp_path: Path, bands: dict[str, np.ndarray], reason: str) -> None:
    dataset = opened(tmp_path, None, write_lmdb(tmp_path / "lmdb", {PATCH: bands}))
    with pytest.raises(SampleFormatError, match=reason):
        dataset.read(PATCH, "S2-10m")
    assert dataset.describe(PATCH).problems


def test_a_patch_may_have_some_bands_only(tmp_path: Path) -> None:
    some = {band: values for band, values in s2_bands().items() if band in {"B04", "B02", "B11"}}
    dataset = opened(tmp_path, None, write_lmdb(tmp_path / "lmdb", {PATCH: some}))
    assert [(m.name, m.bands) for m in dataset.describe(PATCH).modalities] == [
        ("S2", ("B02", "B04", "B11")),
        ("S2-10m", ("B02", "B04")),
        ("S2-20m", ("B11",)),
    ]
    with pytest.raises(ModalityMissingError, match="S2-60m"):
        dataset.read(PATCH, "S2-60m")


def test_a_file_that_lies_elsewhere_is_believed_and_named(tmp_path: Path) -> None:
    write_geotiff(tmp_path / "tree" / "t" / PATCH / f"{PATCH}_B02.tif", s2_bands()["B02"], PATCH, shift_m=500)
    dataset = opened(tmp_path, None, tmp_path / "tree")
    assert dataset.read(PATCH, "S2-10m").attrs["transform"][2] == 331700
    assert "500 m" in dataset.describe(PATCH).problems[0]


def test_a_nan_coordinate_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = [row(1, latitude=math.nan), row(2, SECOND)]
    dataset = opened(tmp_path, write_rows(tmp_path / "a.parquet", rows), None)
    assert dataset.catalog.count(SampleFilter()).matched == 2
    assert dataset.catalog.count(SampleFilter(bbox=(-180, -90, 180, 90))).matched == 1
    record = dataset.describe(PATCH)
    assert "coordinate" in record.problems[0]
    assert math.isfinite(record.lon + record.lat)
    assert any(PATCH in note for note in dataset.info.notes)
    assert math.isnan(dataset.annotations(PATCH)[0]["latitude"])  # type: ignore[arg-type]


def test_opening_again_uses_what_was_kept(tmp_path: Path) -> None:
    txt = write_rows(tmp_path / "a.parquet", [row(1, latitude=math.nan), row(2, None)])
    images = write_lmdb(tmp_path / "lmdb", {SECOND: s2_bands()})
    first = opened(tmp_path, txt, images)
    kept = files_of(tmp_path / "tables")
    again = opened(tmp_path, txt, images)
    assert files_of(tmp_path / "tables") == kept
    assert again.info == first.info
    assert len(again.info.notes) == 4
    write_rows(txt, [row(1)])
    assert opened(tmp_path, txt, images).info.revision != first.info.revision


def test_countries_that_could_not_be_told_are_noted_and_told_once_they_can(tmp_path: Path) -> None:
    images = write_lmdb(tmp_path / "lmdb", {SECOND: s2_bands()})
    without = opened(tmp_path, None, images, Places(tmp_path / "no atlas", None))
    assert without.catalog.row(SECOND)["country"] == "unknown"
    assert any("Countries are unknown" in note for note in without.info.notes)
    later = opened(tmp_path, None, images)
    assert later.catalog.row(SECOND)["country"] == "Austria"
    assert later.info.notes == ()


def test_info_carries_licence_and_citation(both: BigEarthNet) -> None:
    licence = both.info.licence
    assert licence.name == "CDLA-Permissive-1.0"
    assert "Copernicus Sentinel" in licence.credit
    assert "CORINE" in licence.credit
    assert "2603.29630" in licence.citation
    assert both.info.root == "lmdb"


def test_imagery_that_could_not_be_opened_is_named_with_every_patch(tmp_path: Path) -> None:
    record = opened(tmp_path, write_rows(tmp_path / "a.parquet", [row(1)]), tmp_path / "gone").describe(PATCH)
    assert record.modalities == ()
    assert "'gone'" in record.problems[0]
