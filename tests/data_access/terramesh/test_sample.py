"""One member in every form that the published description leaves open."""

import io
import json
from typing import Any

import numpy as np
import pytest
import xarray as xr

from data_access.dataset import ModalityAttributes, Provenance
from data_access.terramesh.modalities import MODALITIES
from data_access.terramesh.sample import SampleFile, epsg_of
from errors import PatchworkError, PlaceError, SampleFormatError
from tests.data_access.terramesh.writers import CENTRE, EPSG, SIZE, pixels_of, sample_arrays, v2_files, zip_bytes

PROVENANCE = Provenance(shard="val/S2L2A/a.tar", member="a.zarr.zip", byte_offset=512, byte_length=100)


def sample(modality: str = "S2L2A", **changes: np.ndarray | None) -> SampleFile:
    return SampleFile(
        io.BytesIO(zip_bytes(v2_files(sample_arrays(modality, SIZE, 0, **changes)))), MODALITIES[modality]
    )


def opened(file: SampleFile) -> xr.Dataset:
    return file.to_dataset(
        file.pixels(), sample_id="ssl4eos12_val_0080385", source="ssl4eos12", offset="absent", provenance=PROVENANCE
    )


@pytest.mark.parametrize("modality", [name for name in MODALITIES if name != "cloud_mask"])
def test_every_modality_as_published(modality: str) -> None:
    dataset = opened(sample(modality))
    np.testing.assert_array_equal(dataset["bands"], pixels_of(modality)[0])
    assert dataset["bands"].dims == ("band", "y", "x")
    assert dataset["bands"].dtype == MODALITIES[modality].dtypes[0]
    assert tuple(dataset["band"].values) == MODALITIES[modality].bands
    assert set(dataset.attrs) == set(ModalityAttributes.__annotations__)
    assert dataset.attrs["epsg"] == EPSG
    assert dataset.attrs["time"] == {"DEM": None, "S1RTC": "2020-05-03T08:07:17Z", "S1GRD": "2020-05-03T08:07:17Z"}.get(
        modality, "2020-05-03T02:07:17Z"
    )
    assert ("cloud_mask" in dataset) == (modality in ("S2L2A", "S2L1C"))
    assert float(dataset["x"][1] - dataset["x"][0]) == 10.0
    assert float(dataset["y"][1] - dataset["y"][0]) == -10.0


def test_cloud_mask_as_a_modality_of_its_own() -> None:
    arrays = sample_arrays("S2L2A")
    file = SampleFile(io.BytesIO(zip_bytes(v2_files(arrays))), MODALITIES["cloud_mask"])
    dataset = opened(file)
    np.testing.assert_array_equal(dataset["bands"], arrays["cloud_mask"])
    assert list(dataset["band"]) == ["cloud_mask"]
    assert "cloud_mask" not in dataset
    assert dataset.attrs["unit"] == "class"


@pytest.mark.parametrize(
    "changes",
    [
        {
            "center_lat": np.array(CENTRE[1]),
            "center_lon": np.array(CENTRE[0]),
            "crs": np.array(EPSG),
            "time": np.array(1_588_471_637_000_000_000),
        },
        {"crs": np.array("EPSG:32632")},
        {"crs": np.array([32632.0])},
        {"x": None, "y": None},
        {"x": None, "y": None, "sample": None},
        {"center_lat": None, "center_lon": None, "sample": None, "spatial_ref": None},
        {"bands": pixels_of("S2L2A")[0]},
        {"band": None},
        {"file_id": np.array("S2A_MSIL2A_20200503T020717_N0214_R103")},
        {"center_lat": np.array([np.nan]), "center_lon": np.array([np.nan])},
    ],
    ids=" ".join,
)
def test_uncertain_forms_give_the_same_sample(changes: dict[str, Any]) -> None:
    expected, found = opened(sample()), opened(sample(**changes))
    np.testing.assert_array_equal(found["bands"], expected["bands"])
    assert tuple(found["band"].values) == MODALITIES["S2L2A"].bands
    assert found.attrs["time"] == expected.attrs["time"]
    assert found.attrs["epsg"] == EPSG
    np.testing.assert_allclose(found.attrs["transform"], expected.attrs["transform"], atol=1)
    np.testing.assert_allclose(found.attrs["corners"], expected.attrs["corners"], atol=1e-3)


def test_name_in_the_grid_places_a_sample_without_coordinates() -> None:
    file = sample(x=None, y=None, crs=None, sample=np.array("637U_59R_1_3"))
    assert file.geolocation is not None
    assert file.geolocation.epsg == 32632
    assert file.geolocation.transform[2] == pytest.approx(549892.697, abs=0.001)


@pytest.mark.parametrize("changes", [{"x": np.full(SIZE, np.nan)}, {"crs": np.array([123456])}])
def test_a_damaged_place_costs_no_pixels(changes: dict[str, Any]) -> None:
    file = sample(**changes)
    with pytest.raises(PlaceError):
        _ = file.geolocation
    dataset = opened(file)
    np.testing.assert_array_equal(dataset["bands"], pixels_of("S2L2A")[0])
    assert dataset.attrs["corners"] is None
    assert "x" not in dataset.coords


@pytest.mark.parametrize("dtype", ["uint16", ">i2"])
def test_lossless_variants_are_kept_as_stored(dtype: str) -> None:
    dataset = opened(sample(bands=pixels_of("S2L2A").astype(dtype)))
    np.testing.assert_array_equal(dataset["bands"], pixels_of("S2L2A")[0])
    assert dataset["bands"].dtype == np.dtype(dtype).newbyteorder("=")


@pytest.mark.parametrize(
    ("modality", "dtype", "expected"),
    [("S2L2A", "float64", "int16 or uint16"), ("LULC", "int16", "uint8"), ("S1RTC", "int16", "float16 or float32")],
)
def test_wrong_dtype_names_value_expected_and_cure(modality: str, dtype: str, expected: str) -> None:
    with pytest.raises(SampleFormatError) as caught:
        sample(modality, bands=pixels_of(modality).astype(dtype)).pixels()
    cure = expected.partition(" ")[0]
    assert caught.value.message == (
        f"The pixels of {modality} are {dtype}; expected {expected}. Write them again as {cure}."
    )


@pytest.mark.parametrize("shape", [(4, 12, 16, 16), (16, 16), (12 * 16 * 16,), (1, 1, 12, 16, 16)])
def test_other_shapes_are_named(shape: tuple[int, ...]) -> None:
    with pytest.raises(SampleFormatError, match="'bands' has shape"):
        sample(bands=np.zeros(shape, np.int16)).pixels()


def test_axes_under_other_names_are_taken_by_position() -> None:
    names = {"bands": {"_ARRAY_DIMENSIONS": ["time", "channel", "lat", "lon"]}}
    file = SampleFile(io.BytesIO(zip_bytes(v2_files(sample_arrays("S2L2A"), attributes=names))), MODALITIES["S2L2A"])
    np.testing.assert_array_equal(file.pixels(), pixels_of("S2L2A")[0])


def test_axes_in_another_order_are_named() -> None:
    files = v2_files(sample_arrays("S2L2A"), attributes={"bands": {"_ARRAY_DIMENSIONS": ["time", "y", "x", "band"]}})
    with pytest.raises(SampleFormatError, match=r"expected \(1, band, y, x\)"):
        SampleFile(io.BytesIO(zip_bytes(files)), MODALITIES["S2L2A"]).pixels()


def test_band_names_must_fit_the_bands() -> None:
    with pytest.raises(SampleFormatError, match="12 bands but 2 names"):
        opened(sample(band=np.array(["B01", "B02"])))
    with pytest.raises(SampleFormatError, match="3 bands but 12 names"):
        opened(sample(band=None, bands=pixels_of("S2L2A")[:, :3]))


def test_band_names_in_another_case_are_spelt_as_in_the_registry() -> None:
    assert sample("S1GRD", band=np.array(["VV", "VH"])).bands == ("vv", "vh")
    assert sample("S2RGB", band=np.array(["B04", "B03", "B02"])).bands == ("B04", "B03", "B02")
    without_zero = [name.replace("B0", "b") for name in MODALITIES["S2L2A"].bands]
    assert sample("S2L2A", band=np.array(without_zero)).bands == MODALITIES["S2L2A"].bands


def test_counted_bands_are_the_registry_s() -> None:
    assert sample("S1RTC", band=np.array([0, 1])).bands == ("vv", "vh")
    assert sample("S1RTC", band=np.array(["a", "b"])).bands == ("a", "b")


@pytest.mark.parametrize("mask", [np.zeros((1, 16, 16), np.int32), np.zeros((1, 8, 16), np.uint8)])
def test_cloud_mask_must_fit_the_chip_and_costs_no_pixels(mask: np.ndarray) -> None:
    with pytest.raises(SampleFormatError, match="The cloud mask is"):
        sample(cloud_mask=mask).cloud_mask()
    data = zip_bytes(v2_files(sample_arrays("S2L2A", cloud_mask=mask)))
    with pytest.raises(SampleFormatError, match="The cloud mask is"):
        SampleFile(io.BytesIO(data), MODALITIES["cloud_mask"]).pixels()
    dataset = opened(sample(cloud_mask=mask))
    assert "cloud_mask" not in dataset
    np.testing.assert_array_equal(dataset["bands"], pixels_of("S2L2A")[0])


def test_cloud_mask_with_a_channel_axis() -> None:
    mask = np.full((1, 1, SIZE, SIZE), 4, np.uint8)
    np.testing.assert_array_equal(opened(sample(cloud_mask=mask))["cloud_mask"], mask[0, 0])


def test_names_that_are_pickled_cost_no_pixels() -> None:
    files = v2_files(sample_arrays("S2L2A"))
    for name in ("sample", "band"):
        document = {"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "filters": [{"id": "pickle"}]}
        files[f"{name}/.zarray"] = json.dumps(document).encode()
    files.pop(".zmetadata")
    file = SampleFile(io.BytesIO(zip_bytes(files)), MODALITIES["S2L2A"])
    assert file.sample is None
    assert file.bands == MODALITIES["S2L2A"].bands


def test_several_values_where_one_belongs_are_named() -> None:
    with pytest.raises(SampleFormatError, match="3 values where a sample has one"):
        _ = sample(crs=np.array([32632, 32633, 32634])).epsg


@pytest.mark.parametrize("modality", ["S2L2A", "S1GRD"])
def test_thousands_of_flips_under_right_checksums_give_a_sample_or_a_named_error(modality: str) -> None:
    """Flips that no checksum notices, in any file of a member: metadata, places, times, pixels."""
    sound = v2_files(sample_arrays(modality, 8), consolidated=False)
    names = list(sound)
    chance = np.random.default_rng(7)
    outcomes = {True: 0, False: 0}
    for _ in range(1200):
        files = dict(sound)
        for _ in range(chance.choice([1, 2])):
            name = names[chance.integers(len(names))]
            data = bytearray(files[name])
            data[chance.integers(len(data))] ^= 1 << int(chance.integers(8))
            files[name] = bytes(data)
        try:
            opened(SampleFile(io.BytesIO(zip_bytes(files)), MODALITIES[modality]))
        except PatchworkError:
            outcomes[False] += 1
        else:
            outcomes[True] += 1
    assert min(outcomes.values()) > 100


def test_arrays_are_read_only() -> None:
    dataset = opened(sample())
    with pytest.raises(ValueError, match="read-only"):
        dataset["bands"].values[0, 0, 0] = 1


@pytest.mark.parametrize(
    ("value", "epsg"),
    [
        (32632, 32632),
        (32632.0, 32632),
        ("EPSG:32632", 32632),
        ("epsg:32632", 32632),
        (b"32632", 32632),
        (np.int64(32632), 32632),
        (0, None),
        (float("nan"), None),
        ("UTM 32N", None),
        (None, None),
        (1e300, None),
    ],
)
def test_epsg_codes(value: object, epsg: int | None) -> None:
    assert epsg_of(value) == epsg
