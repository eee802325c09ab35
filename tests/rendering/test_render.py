"""Any array, any modality: always a picture of the right shape, and a legend that is true JSON."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from errors import PresetError
from rendering import PRESETS, Legend, RenderOptions, render, shared_range
from rendering.patterns import missing_tile, spread
from rendering.render import PLACEHOLDER_SIZE, percent
from tests.rendering.bands import BANDS, S2L2A, reflectance

CASES = [(modality, preset.name) for modality, presets in PRESETS.items() for preset in presets]
DTYPES = st.sampled_from(["u1", "i1", "u2", "i2", ">i2", "i4", "u4", "i8", ">u8", "f2", ">f2", "f4", "f8", ">f8", "?"])


def assert_legend_is_sound(legend: Legend) -> None:
    text = json.dumps(legend.to_json(), allow_nan=False)  # finite numbers only
    assert json.loads(text)["recipe"]
    assert 0 <= legend.missing <= 1
    if legend.range:
        assert legend.range[0] <= legend.range[1]


@pytest.mark.parametrize(("modality", "preset"), CASES)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_finite_array_renders_to_its_shape(modality: str, preset: str, data: st.DataObject) -> None:
    bands = BANDS[modality]
    shape = (len(bands), data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)))
    dtype = np.dtype(data.draw(DTYPES))
    elements = hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False)
    values = data.draw(hnp.arrays(dtype, shape, elements=elements))
    before = values.copy()
    picture = render(values, bands=bands, modality=modality, preset=preset)
    assert picture.rgba.shape == (*shape[1:], 4)
    assert picture.rgba.dtype == np.uint8
    assert_legend_is_sound(picture.legend)
    np.testing.assert_array_equal(values, before)  # pure


@settings(max_examples=60)
@given(data=st.data(), case=st.sampled_from(CASES))
def test_any_float_array_with_holes_renders(data: st.DataObject, case: tuple[str, str]) -> None:
    modality, preset = case
    shape = (len(BANDS[modality]), 4, 3)
    values = data.draw(hnp.arrays(np.float32, shape, elements=st.floats(width=32)))
    picture = render(values, bands=BANDS[modality], modality=modality, preset=preset)
    assert picture.rgba.shape == (4, 3, 4)
    assert_legend_is_sound(picture.legend)


@pytest.mark.parametrize(("modality", "preset"), CASES)
def test_a_picture_without_any_value_is_all_checker(modality: str, preset: str) -> None:
    values = np.full((len(BANDS[modality]), 20, 30), np.nan)
    picture = render(values, bands=BANDS[modality], modality=modality, preset=preset)
    np.testing.assert_array_equal(picture.rgba, spread(missing_tile(), 20, 30))
    assert (picture.legend.missing, picture.legend.kind) == (1.0, "placeholder")
    assert picture.legend.notes


@pytest.mark.parametrize(
    ("values", "size"),
    [
        (np.zeros((1, 0, 0)), None),
        (np.zeros((1, 0, 5)), None),
        (np.zeros((0, 5, 7)), (5, 7)),
        (np.zeros(()), None),
        (np.zeros(9), None),
        (np.zeros((2, 1, 5, 7)), (5, 7)),
        (np.array([[["a", "b"]]]), (1, 2)),
        (np.zeros((1, 5, 7), complex), (5, 7)),
        (np.zeros((1, 5, 7), object), (5, 7)),
        (np.zeros((1, 5, 7), "datetime64[s]"), (5, 7)),
    ],
)
def test_what_is_no_image_has_a_placeholder_and_a_reason(values: np.ndarray, size: int) -> None:
    picture = render(values, bands=("DEM",), modality="DEM")
    assert picture.rgba.shape[:2] == (size or (PLACEHOLDER_SIZE, PLACEHOLDER_SIZE))
    assert picture.legend.kind == "placeholder"
    assert len(picture.legend.notes) == 1


def test_a_plane_and_a_time_axis_of_one_are_images() -> None:
    plane = np.arange(20, dtype=np.int16).reshape(4, 5)
    expected = render(plane[None], bands=("DEM",), modality="DEM").rgba
    for values in (plane, plane[None, None], plane[None, None, None]):
        np.testing.assert_array_equal(render(values, bands=("DEM",), modality="DEM").rgba, expected)


def test_one_value_everywhere_is_said() -> None:
    for value, note in (
        (0, "all values equal (0 reflectance x 10000)"),
        (5, "all values equal (5 reflectance x 10000)"),
    ):
        values = np.full((12, 8, 8), value, np.int16)
        assert note in render(values, bands=S2L2A, modality="S2L2A").legend.notes


def test_nodata_in_any_band_of_the_picture_is_missing_and_does_not_set_the_range() -> None:
    values = reflectance(dtype="uint16")
    values[3, :6] = 0  # B04 only
    options = RenderOptions(nodata=0.0)
    picture = render(values, bands=S2L2A, modality="S2", options=options)
    assert picture.legend.missing == 6 / 48
    assert picture.legend.range
    assert picture.legend.range[0] == values[[7, 3, 2]][:, 6:].min()
    np.testing.assert_array_equal(picture.rgba[:6], spread(missing_tile(), 6, 48))


def test_the_notes_of_the_caller_come_first() -> None:
    options = RenderOptions(notes=("drawn from a neighbour",))
    assert (
        render(reflectance(), bands=S2L2A, modality="S2L2A", options=options).legend.notes[0]
        == "drawn from a neighbour"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"modality": "S3"}, "no presets for modality"),
        ({"preset": "nice"}, "choose one of irrg"),
        ({"preset": "x" * 100_000}, "no preset"),
        ({"bands": S2L2A[:5], "preset": "irrg"}, "the bands are"),
        ({"bands": (*S2L2A, "B13")}, "13 band names"),
        ({"preset": "irrg", "options": RenderOptions(bands=("B01",))}, "takes no 'bands'"),
        ({"preset": "true-colour-fixed", "options": RenderOptions(gamma=2.0)}, "it takes: none"),
        ({"preset": "irrg", "options": RenderOptions(expression="B01")}, "takes no 'expression'"),
        ({"options": RenderOptions(bands=("B10",))}, "needs B10"),
        ({"options": RenderOptions(expression="B10 / B01")}, "needs B10"),
        ({"options": RenderOptions(expression="exec(B01)")}, "not allowed"),
        ({"preset": "ndvi", "options": RenderOptions(range=((0, 1), (0, 1), (0, 1)))}, "1 channels"),
    ],
)
def test_bad_parameters_are_named(change: dict[str, Any], message: str) -> None:
    call = {"bands": S2L2A, "modality": "S2L2A"} | change
    with pytest.raises(PresetError, match=message) as refused:
        render(reflectance(), **call)
    assert len(refused.value.message) < 400


def test_a_composite_of_three_ranges_has_none_to_share() -> None:
    with pytest.raises(PresetError, match="no single range"):
        shared_range([np.zeros((2, 4, 4))], bands=("VV", "VH"), modality="S1")


def test_shares_are_written_so_that_little_is_not_nothing() -> None:
    assert [percent(share) for share in (0.0001, 0.25, 0.9999, 1.0)] == ["< 0.1 %", "25.0 %", "99.9 %", "100 %"]
