"""Samples prepared for TerraMind: cut, offset removed, gaps filled and told, the truth beside them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import xarray as xr
from numpy.typing import NDArray

from data_access.bigearthnet.opening import open_bigearthnet
from data_access.sample_filter import SampleFilter
from data_access.terramesh import sample_table
from data_access.terramesh.opening import open_terramesh
from errors import (
    CoordinateError,
    GenerationRequestError,
    ModalityMissingError,
    SampleFormatError,
    ShardError,
    UnknownSampleError,
)
from generation.modalities import MODALITIES
from generation.prepared import Prepared, Window, prepare, prepare_coordinates
from generation.request import Request
from generation.sample_values import available_inputs
from tests.memory_dataset import DAMAGED, IDS, MemoryDataset, values_of

SAMPLE = IDS[0]


class Altered(MemoryDataset):
    """Samples of 40 pixels in which one modality has other values or attributes."""

    def __init__(self, modality: str = "", *, attrs: dict[str, object] | None = None, **values: NDArray[Any]) -> None:
        super().__init__()
        self.modality, self.attrs, self.values = modality, attrs or {}, values.get("values")

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        opened = super().read(sample_id, modality)
        if modality == self.modality:
            if self.values is not None:
                opened["bands"] = (("band", "y", "x"), self.values)
            opened.attrs.update(self.attrs)
        return opened


@pytest.fixture(autouse=True)
def _forty_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.memory_dataset.PIXELS", 40)


def prepared(dataset: MemoryDataset, *inputs: str, outputs: tuple[str, ...] = ("DEM",), window: int = 224) -> Prepared:
    return prepare(dataset, SAMPLE, Request(inputs=inputs, outputs=outputs, window=window))


def test_the_middle_is_cut_in_whole_patches_and_told() -> None:
    found = prepared(MemoryDataset(), "S2L2A", outputs=("LULC", "S1GRD"))
    assert found.window == Window(4, 4, 32, 32)
    assert "middle 32 x 32 of the sample's 40 x 40" in found.notes[0]
    assert found.arrays["S2L2A"].dtype == np.float32
    assert np.array_equal(found.arrays["S2L2A"], values_of(SAMPLE, "S2L2A")[:, 4:36, 4:36])
    assert list(found.truth) == ["LULC"]  # this sample has no S1GRD, which is no reason to refuse it
    assert np.array_equal(found.truth["LULC"], values_of(SAMPLE, "LULC")[:, 4:36, 4:36])
    assert np.array_equal(found.valid["LULC"], found.truth["LULC"][0] != 0)


def test_the_whole_sample_is_left_whole() -> None:
    found = prepared(MemoryDataset(), "S1RTC", window=0)
    assert found.window == Window(0, 0, 40, 40)
    assert found.arrays["S1RTC"].shape == (2, 40, 40)
    assert not found.notes


@pytest.mark.parametrize(
    ("state", "shift", "told"), [("present", 1000, "subtracted"), ("absent", 0, ""), ("unknown", 0, "unknown")]
)
def test_the_offset_is_removed_where_it_is(state: str, shift: int, told: str) -> None:
    found = prepared(Altered("S2L2A", attrs={"offset_state": state}), "S2L2A", window=0)
    assert np.array_equal(found.arrays["S2L2A"], values_of(SAMPLE, "S2L2A").astype(np.float32) - shift)
    assert all(told in note for note in found.notes)
    assert bool(found.notes) == bool(told)


def test_gaps_are_filled_by_neighbours_told_and_not_judged_by() -> None:
    values = values_of(SAMPLE, "S1RTC").astype(np.float64)
    values[0, 20, 20] = np.nan
    values[1, 0, 0] = -np.inf
    found = prepared(Altered("S1RTC", values=values), "S1RTC", outputs=("S1RTC",), window=0)
    array = found.arrays["S1RTC"]
    assert np.isfinite(array).all()
    assert array[0, 20, 20] in values[0, 19:22, 19:22].astype(np.float32)
    assert "2 of 1,600 pixels of S1RTC have no value" in found.notes[0]
    assert np.argwhere(~found.valid["S1RTC"]).tolist() == [[0, 0], [20, 20]]


def test_what_is_mostly_gap_takes_the_mean() -> None:
    found = prepared(Altered("NDVI", values=np.full((1, 40, 40), np.nan)), "NDVI", window=0)
    assert np.allclose(found.arrays["NDVI"], MODALITIES["NDVI"].mean)
    assert "TerraMind's mean" in found.notes[0]


def test_what_was_done_to_the_truth_is_told_beside_it() -> None:
    heights = values_of(SAMPLE, "DEM").astype(np.float64)
    heights[0, 5, 5] = np.nan
    found = prepared(Altered("DEM", values=heights), "S1RTC", outputs=("DEM", "LULC"), window=0)
    assert np.isfinite(found.truth["DEM"]).all()
    assert not found.notes  # which are about the inputs
    assert "1 of 1,600 pixels of DEM have no value; they were given their nearest" in found.truth_notes["DEM"][0]
    assert found.truth_notes["LULC"] == ()
    classes = values_of(SAMPLE, "LULC").astype(np.float64)
    classes[0, :2, 0] = np.nan
    found = prepared(Altered("LULC", values=classes), "S1RTC", outputs=("LULC",), window=0)
    assert found.truth["LULC"][0, :2, 0].tolist() == [0, 0]
    assert found.truth_notes["LULC"] == ("2 of 1,600 pixels of LULC have no value; they were given class 0, no data.",)


def test_marks_for_no_data_are_gaps() -> None:
    dem = np.full((1, 40, 40), 100, np.int16)
    dem[0, 5, 5] = -32768
    assert (prepared(Altered("DEM", values=dem), "DEM", window=0).arrays["DEM"] == 100).all()
    optical = values_of(SAMPLE, "S2L2A") + 1
    optical[:, 3, 3] = 0  # outside the orbit
    optical[0, 9, 9] = 0  # a dark band
    found = prepared(Altered("S2L2A", values=optical), "S2L2A", outputs=("S2L2A",), window=0)
    assert np.argwhere(~found.valid["S2L2A"]).tolist() == [[3, 3]]


def test_classes_that_do_not_exist_are_refused() -> None:
    with pytest.raises(SampleFormatError, match="classes 0 to 9"):
        prepared(Altered("LULC", values=np.full((1, 40, 40), 11, np.uint8)), "LULC")


def test_bands_are_put_in_terraminds_order() -> None:
    dataset = Altered("S2L2A")
    flipped = dataset.read(SAMPLE, "S2L2A").isel(band=slice(None, None, -1))
    dataset.read = lambda *_: flipped  # type: ignore[method-assign]
    assert np.array_equal(prepared(dataset, "S2L2A", window=0).arrays["S2L2A"], values_of(SAMPLE, "S2L2A"))
    flipped = flipped.isel(band=slice(1, None))
    with pytest.raises(SampleFormatError, match="lacks B12"):
        prepared(dataset, "S2L2A")


def test_what_is_not_there_or_damaged_is_named() -> None:
    with pytest.raises(ModalityMissingError, match="S1GRD"):
        prepared(MemoryDataset(), "S1GRD")
    with pytest.raises(UnknownSampleError):
        prepare(MemoryDataset(), "nobody", Request(inputs=("DEM",), outputs=("NDVI",)))
    with pytest.raises(ShardError):
        prepare(MemoryDataset(), DAMAGED, Request(inputs=("DEM",), outputs=("NDVI",)))
    with pytest.raises(ModalityMissingError, match=r"it has S2L2A, S1GRD"):
        prepare(MemoryDataset("bigearthnet"), SAMPLE, Request(inputs=("DEM",), outputs=("NDVI",)))


def test_a_place_alone_and_the_place_of_a_sample() -> None:
    assert prepare_coordinates(11.5, 48.2).arrays["coordinates"].tolist() == pytest.approx([11.5, 48.2])
    for lon, lat in ((181, 0), (0, -91), (float("nan"), 0)):
        with pytest.raises(CoordinateError):
            prepare_coordinates(lon, lat)
    found = prepared(MemoryDataset(), "coordinates", outputs=("NDVI",))
    assert found.arrays["coordinates"].tolist() == [10.0, 50.0]
    nowhere = MemoryDataset()
    nowhere.table = nowhere.table.set_column(1, "lon", [[None] * len(IDS)])
    with pytest.raises(GenerationRequestError, match="no known place"):
        prepared(nowhere, "coordinates")


def test_what_a_place_alone_gives_has_the_models_size_whatever_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    small = prepared(MemoryDataset(), "coordinates", outputs=("DEM",), window=112)
    assert (small.window.width, small.truth) == (224, {})
    assert "a place alone gives 224 x 224 pixels, more than the sample has" in " ".join(small.notes)
    monkeypatch.setattr("tests.memory_dataset.PIXELS", 264)
    large = prepared(MemoryDataset(), "coordinates", outputs=("DEM",), window=112)
    assert large.window == Window(20, 20, 224, 224)
    assert large.truth["DEM"].shape == (1, 224, 224)


def test_a_reconstruction_reads_what_it_makes() -> None:
    found = prepare(MemoryDataset(), SAMPLE, Request(kind="reconstruct", inputs=("DEM",), outputs=("NDVI",)))
    assert list(found.arrays) == list(found.truth) == ["NDVI"]


@pytest.mark.real
def test_real_terramesh_samples_are_what_was_published_without_the_offset(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_table, "enrich", lambda table, _: table)  # countries take seconds, and have their tests
    dataset = open_terramesh(real_data / "terramesh", kind="local", tables_dir=tmp_path)
    published = []
    for path in sorted((real_data / "terramesh_geotiff" / "S2L2A").glob("*.tif")):
        with rasterio.open(path) as file:
            published.append(file.read().astype(np.float32))
    shifts = []
    for sample in dataset.catalog.rows(SampleFilter(), limit=3)["id"].to_pylist():
        found = prepare(dataset, sample, Request(inputs=("S2L2A", "S1RTC", "NDVI"), outputs=("LULC",), window=256))
        assert found.window == Window(0, 0, 224, 224)
        assert all(np.isfinite(array).all() for array in found.arrays.values())
        differences = [each - found.arrays["S2L2A"] for each in published]
        shifts += [float(each.flat[0]) for each in differences if np.ptp(each) == 0]
    assert sorted(shifts) == [0.0, 0.0, 1000.0]  # one of the three carries the offset


@pytest.mark.real
def test_real_bigearthnet_patches_become_s2l2a_and_s1grd(real_data: Path, tmp_path: Path) -> None:
    images = real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB"
    dataset = open_bigearthnet(None, images, kind="local", tables_dir=tmp_path)
    sample = dataset.catalog.rows(SampleFilter(), limit=1)["id"].to_pylist()[0]
    assert available_inputs(dataset, sample) == ("S2L2A", "S1GRD", "coordinates")
    found = prepare(dataset, sample, Request(inputs=("S2L2A",), outputs=("S1GRD", "LULC"), window=112))
    assert found.window == Window(4, 4, 112, 112)
    assert np.array_equal(found.arrays["S2L2A"], dataset.read(sample, "S2")["bands"].values[:, 4:116, 4:116])
    assert list(found.truth) == ["S1GRD"]
