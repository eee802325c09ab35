"""Looks are averaged in power, over valid pixels only."""

import numpy as np
import pytest

from generation.judging.speckle import WINDOW, multilooked


def test_looks_are_means_of_power_over_valid_pixels() -> None:
    rng = np.random.default_rng(5)
    backscatter = rng.normal(-12, 4, (2, 20, 30)).astype(np.float32)
    valid = rng.random((20, 30)) > 0.3
    spoilt = np.where(valid, backscatter, np.nan)
    found, reach = multilooked(spoilt, valid), WINDOW // 2
    assert (np.isnan(found) == ~valid).all()
    for y, x in np.argwhere(valid)[::7]:
        window = np.s_[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        for band in range(2):
            power = 10 ** (backscatter[band][window][valid[window]].astype(np.float64) / 10)
            assert found[band, y, x] == pytest.approx(10 * np.log10(power.mean()), abs=1e-4)


def test_speckle_of_an_even_field_all_but_goes() -> None:
    looks = 5  # of a Sentinel-1 pixel, about
    power = np.random.default_rng(6).gamma(looks, 1 / looks, (1, 100, 100)) * 10**-1.2
    valid = np.ones((100, 100), bool)
    before, after = (
        np.abs(field + 12).mean() for field in (10 * np.log10(power), multilooked(10 * np.log10(power), valid))
    )
    assert after < before / 4
