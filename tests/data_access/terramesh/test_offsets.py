"""The +1000 of Sentinel-2 is told from pixels, never from dates."""

import numpy as np
import pytest

from data_access.dataset import OffsetState
from data_access.terramesh.modalities import MODALITIES
from data_access.terramesh.offsets import offset_of_l1c, offset_of_l2a

L1C = MODALITIES["S2L1C"].bands


def chip(bands: int, value: int) -> np.ndarray:
    return np.full((bands, 20, 20), value, np.int16)


@pytest.mark.parametrize(("cirrus", "state"), [(10, "absent"), (59, "absent"), (1010, "present"), (1072, "present")])
def test_cirrus_band_decides_for_l1c(cirrus: int, state: OffsetState) -> None:
    values = chip(13, 2000)
    values[L1C.index("B10")] = cirrus
    assert offset_of_l1c(values, L1C) == state


def test_l1c_without_a_cirrus_band() -> None:
    names = tuple(band for band in L1C if band != "B10")
    assert offset_of_l1c(chip(12, 2000), names) == "unknown"
    assert offset_of_l1c(chip(12, 300), names) == "absent"


def test_dark_pixels_rule_the_offset_out_in_l2a_whatever_l1c_says() -> None:
    values = chip(12, 2000)
    values[0, :2] = 300
    assert offset_of_l2a(values, lambda: "present") == "absent"


@pytest.mark.parametrize("state", ["present", "absent", "unknown"])
def test_l1c_decides_for_bright_l2a(state: OffsetState) -> None:
    values = chip(12, 2000)
    values[0, 0, 0] = 1  # one dark pixel is noise
    assert offset_of_l2a(values, lambda: state) == state
