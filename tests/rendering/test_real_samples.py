"""Pictures of the published samples: the recipes hold, and the modalities agree with each other."""

from pathlib import Path

import numpy as np
import pytest

from rendering import RenderOptions, presets_of, render
from tests.rendering.bands import BANDS

rasterio = pytest.importorskip("rasterio")
pytestmark = [pytest.mark.real, pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")]

SAMPLES = ["38D_378R_2_3", "433D_629L_3_1", "637U_59R_1_3"]
MODALITIES = ["S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC"]


def read(folder: Path, modality: str, sample: str) -> np.ndarray:
    with rasterio.open(folder / "terramesh_geotiff" / modality / f"{sample}.tif") as file:
        values: np.ndarray = file.read()
    return values


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("modality", MODALITIES)
def test_every_preset_draws_every_pixel(real_data: Path, modality: str, sample: str) -> None:
    values = read(real_data, modality, sample)
    for preset in presets_of(modality):
        picture = render(values, bands=BANDS[modality], modality=modality, preset=preset.name)
        assert picture.rgba.shape == (*values.shape[1:], 4)
        assert picture.legend.missing == 0
        assert not any("unknown id" in entry.name for entry in picture.legend.classes)
        if preset.kind == "composite":
            assert 20 < picture.rgba[..., :3].mean() < 235  # neither black nor white


@pytest.mark.parametrize("sample", SAMPLES)
def test_ndvi_of_the_bands_looks_like_the_stored_one(real_data: Path, sample: str) -> None:
    computed = render(read(real_data, "S2L2A", sample), bands=BANDS["S2L2A"], modality="S2L2A", preset="ndvi").rgba
    stored = render(read(real_data, "NDVI", sample), bands=("NDVI",), modality="NDVI").rgba
    assert np.median(np.abs(computed.astype(int) - stored)) == 0
    assert np.abs(computed.astype(int) - stored).mean() < 1


@pytest.mark.parametrize("sample", SAMPLES)
def test_true_colour_goes_with_the_published_rgb(real_data: Path, sample: str) -> None:
    ours = render(read(real_data, "S2L2A", sample), bands=BANDS["S2L2A"], modality="S2L2A", preset="true-colour").rgba
    published = read(real_data, "S2RGB", sample)
    for channel in range(3):
        assert np.corrcoef(ours[..., channel].ravel(), published[channel].ravel())[0, 1] > 0.95


def test_shares_of_land_cover_are_those_of_the_file(real_data: Path) -> None:
    values = read(real_data, "LULC", SAMPLES[1])
    legend = render(values, bands=("LULC",), modality="LULC").legend
    assert {entry.id for entry in legend.classes if entry.share} == {1, 2, 3, 4, 5, 9}
    assert sum(entry.share for entry in legend.classes) == pytest.approx(1)


def test_removing_the_offset_darkens_the_sample_that_has_it(real_data: Path) -> None:
    values = read(real_data, "S2L2A", SAMPLES[1])
    shown = [
        render(
            values,
            bands=BANDS["S2L2A"],
            modality="S2L2A",
            preset="true-colour-fixed",
            options=RenderOptions(offset=offset, offset_state="present"),
        ).rgba.mean()
        for offset in ("keep", "remove")
    ]
    assert shown[1] < shown[0] - 20
