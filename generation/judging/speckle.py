"""Radar without most of its speckle: what a model that says the expected backscatter can be held against."""

import numpy as np
from scipy import ndimage

WINDOW = 5  # pixels: 25 looks more leave a fifth of the speckle, and fields of 50 m stay apart


def multilooked(backscatter: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Average backscatter over windows, in power and not in decibels, as looks are.

    Args:
        backscatter: dB, (band, y, x).
        valid: bool (y, x): pixels that count; at the edges and beside others a window is what is left of it.

    Returns:
        float32 dB, (band, y, x); NaN where not valid.
    """
    power = np.where(valid, 10 ** (np.where(valid, backscatter, 0).astype(np.float64) / 10), 0)
    weight = ndimage.uniform_filter(valid.astype(np.float64), WINDOW, mode="constant")
    sums = np.stack([ndimage.uniform_filter(band, WINDOW, mode="constant") for band in power])
    with np.errstate(divide="ignore", invalid="ignore"):
        looked = 10 * np.log10(sums / weight)
    return np.asarray(np.where(valid, looked, np.nan), dtype=np.float32)
