"""CORINE palettes: agree with the published table, and the 19 colours can be told apart."""

import json
from pathlib import Path

import numpy as np
import pytest

from data_access.bigearthnet.classes import CLASS_OF_CODE, CLASSES
from rendering import render
from rendering.classes import NO_DATA_ID, ClassTable
from rendering.corine import CLASSES_19, CORINE_CODES, NO_CLASS_ID
from rendering.land_cover import LULC_SAFE
from rendering.picture import hex_bytes, hex_colour
from tests.rendering.bands import hexes

# Linear RGB as dichromats see it: Machado et al. 2009, severity 1.0.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# OKLab (Ottosson 2020), from linear RGB.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colours: list[str], vision: np.ndarray) -> np.ndarray:
    rgb = np.array([hex_bytes(colour) for colour in colours]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ vision.T, 0, 1)
    lab: np.ndarray = np.cbrt(seen @ TO_CONES.T) @ TO_LAB.T * 100
    return lab


@pytest.mark.parametrize(("vision", "least"), [("normal", 10), ("protanopia", 5), ("deuteranopia", 5)])
@pytest.mark.parametrize("table", [CLASSES_19, LULC_SAFE], ids=["BigEarthNet", "LULC"])
def test_any_two_of_the_classes_can_be_told_apart(table: ClassTable, vision: str, least: float) -> None:
    colours = [style.colour for style in table.styles if style.pattern == "solid"]
    lab = oklab(colours, VISION[vision])
    distance = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    distance[np.diag_indices(len(lab))] = np.inf
    assert distance.min() > least


def test_codes_become_the_colours_of_their_class() -> None:
    codes = np.array([[[111, 112, 311, 523, 122, 999]]], np.uint16)
    drawn = hexes(render(codes, bands=("Data",), modality="reference_map").rgba)[0]
    colours = {style.id: style.colour for style in CLASSES_19.styles}
    assert drawn.tolist() == [colours[1], colours[1], colours[9], colours[19], colours[0], colours[0]]


def test_official_colours_list_only_the_codes_that_are_there() -> None:
    codes = np.array([[[312, 312, 523, 0]]], np.uint16)
    legend = render(codes, bands=("Data",), modality="reference_map", preset="corine").legend
    assert [(entry.id, entry.share) for entry in legend.classes] == [(312, 0.5), (523, 0.25), (NO_DATA_ID, 0.25)]


@pytest.mark.real
def test_the_palettes_agree_with_the_published_table(real_data: Path) -> None:
    table = json.loads((real_data / "bigearthnet_v2" / "clc_metadata.json").read_text())["clc_data"]
    classes = {value: style for style in CLASSES_19.styles for value in style.values}
    codes = {style.id: style for style in CORINE_CODES.styles}
    for entry in table:
        code = int(entry["code"])
        assert codes[code].colour == hex_colour(*entry["color"][:3])
        expected = "no BigEarthNet class" if entry["name_19"] == "UNLABELED" else entry["name_19"]
        assert classes[code].name == expected
        if code != 999:
            assert codes[code].name == f"{code} {entry['name_clc']}"


def test_the_palette_agrees_with_the_reader_of_the_maps() -> None:
    for style in CLASSES_19.styles:
        names = {CLASS_OF_CODE.get(code) for code in style.values}
        if style.id in (NO_CLASS_ID, NO_DATA_ID):
            assert names == {None}
        else:
            assert names == {style.name} == {CLASSES[style.id - 1]}
