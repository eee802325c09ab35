"""The measures of one member: pixels in, numbers out. What they mean stands in `data_access.measures`.

Every function leaves out what can not be told, as the mean of pixels that are all missing; it becomes null.
"""

from collections.abc import Sequence

import numpy as np

from data_access.measures import MEASURES

PERCENT = 100.0
LULC_NODATA = 0
MASK_NODATA = 6
_CLASSES = 256  # a class is a byte


def class_shares(classes: np.ndarray, source: str, nodata: int) -> dict[str, float]:
    """Percent of the pixels that have a class, by measure.

    Args:
        classes: uint8, any shape.
        source: "LULC" or "cloud_mask".
        nodata: the class that means none.
    """
    counts = np.bincount(classes.reshape(-1), minlength=_CLASSES)
    told = int(counts.sum() - counts[nodata])
    if not told:
        return {}
    return {
        measure.name: PERCENT * float(counts[list(measure.classes)].sum()) / told
        for measure in MEASURES
        if measure.source_modality == source and measure.classes
    }


def vegetation(ndvi: np.ndarray) -> dict[str, float]:
    """Mean and standard deviation of NDVI (any shape, float), NaN left out."""
    values = _finite(ndvi)
    return {"ndvi_mean": float(values.mean()), "ndvi_std": float(values.std())} if values.size else {}


def terrain(heights: np.ndarray) -> dict[str, float]:
    """Mean height and relief in metres (any shape, int16 or float), NaN left out."""
    values = _finite(heights)
    if not values.size:
        return {}
    return {"elevation_mean": float(values.mean()), "relief": float(values.max() - values.min())}


def backscatter(decibels: np.ndarray, bands: Sequence[str]) -> dict[str, float]:
    """Mean power of VV and VH in dB, and the percent of pixels where any of them is NaN.

    Power is what adds up over an area: the mean of the dB values themselves would be that of its logarithm, which
    speckle alone pulls down by up to 2.5 dB.

    Args:
        decibels: (band, y, x), float.
        bands: the name of each band.
    """
    means: dict[str, float] = {}
    for name, plane in zip(bands, decibels, strict=True):
        values = _finite(plane)
        if name.lower() not in ("vv", "vh") or not values.size:
            continue
        with np.errstate(over="ignore", divide="ignore"):  # of values that are no backscatter
            mean = 10 * np.log10(np.mean(10 ** (values / 10)))
        if np.isfinite(mean):
            means[f"{name.lower()}_mean"] = float(mean)
    missing = np.isnan(decibels).any(axis=0)
    return means | {"nodata": PERCENT * float(missing.mean())}


def missing_optical(bands: np.ndarray) -> dict[str, float]:
    """Percent of the pixels (band, y, x) that are 0 in every band."""
    return {"nodata": PERCENT * (1 - float(bands.any(axis=0).mean()))}


def _finite(values: np.ndarray) -> np.ndarray:
    """The values that are numbers, as float64: sums of 70,000 float16 overflow."""
    wide = values.astype(np.float64).reshape(-1)
    return wide if values.dtype.kind in "iu" else wide[np.isfinite(wide)]
