"""The menu of presets: complete, default first, JSON-able, and every entry can be drawn."""

import json

import pytest

from rendering import PRESETS, default_preset, presets_json, presets_of, render
from tests.rendering.bands import BANDS, backscatter, reflectance

DEFAULTS = {
    "S2L2A": "irrg",
    "S2L1C": "irrg",
    "S2RGB": "as-is",
    "S1GRD": "card",
    "S1RTC": "card",
    "DEM": "relief",
    "NDVI": "ndvi",
    "LULC": "terramind",
    "cloud_mask": "overlay",
    "S2": "irrg",
    "S2-10m": "irrg",
    "S2-20m": "swir-20m",
    "S2-60m": "aerosol",
    "S1": "card",
    "reference_map": "classes",
}


def test_every_modality_has_its_default() -> None:
    assert {modality: default_preset(modality).name for modality in PRESETS} == DEFAULTS


@pytest.mark.parametrize("modality", DEFAULTS)
def test_every_preset_of_the_menu_can_be_drawn_without_parameters(modality: str) -> None:
    bands = BANDS[modality]
    values = backscatter() if len(bands) == 2 else reflectance(len(bands))
    for preset in presets_of(modality):
        legend = render(values, bands=bands, modality=modality, preset=preset.name).legend
        assert legend.preset == preset.name
        assert legend.title == preset.title
        assert set(preset.parameters) <= {"bands", "range", "gamma", "expression"}
        assert preset.advice


@pytest.mark.parametrize("modality", DEFAULTS)
def test_names_are_unique_and_fit_a_url(modality: str) -> None:
    names = [preset.name for preset in presets_of(modality)]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() and name == name.lower() for name in names)


def test_json_of_all_presets() -> None:
    presets = json.loads(json.dumps(presets_json(), allow_nan=False))
    assert list(presets) == list(PRESETS)
    for entries in presets.values():
        assert [entry["default"] for entry in entries] == [True] + [False] * (len(entries) - 1)
        assert {"name", "title", "recipe", "default", "kind", "parameters", "legend"} <= set(entries[0])
    assert [entry["id"] for entry in presets["LULC"][0]["legend"]["classes"]] == list(range(10))
    assert len(presets["NDVI"][0]["legend"]["ramp"]) >= 5


def test_red_and_green_never_carry_a_quantity_without_an_alternative() -> None:
    for presets in PRESETS.values():
        names = {preset.name for preset in presets}
        for preset in presets:
            if "RdYlGn" in preset.recipe:
                assert f"{preset.name}-safe" in names
