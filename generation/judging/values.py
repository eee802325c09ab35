"""Errors of generated quantities: MAE, RMSE, bias, PSNR and SSIM, per band and of all bands together."""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage
from skimage import metrics

from generation.judging.judgement import Scores

WINDOW = 7  # pixels: scikit-image's, for windows whose pixels weigh alike (Wang et al. 2004 take 11, weighted)
Range = tuple[float, float]


def value_scores(
    generated: np.ndarray,
    real: np.ndarray,
    valid: np.ndarray,
    *,
    bands: Sequence[str],
    ranges: Sequence[Range],
    means: Sequence[float],
) -> tuple[Scores, tuple[Scores, ...]]:
    """Compare two pictures of quantities.

    Args:
        generated: (band, y, x), any real type.
        real: the same shape.
        valid: bool (y, x): pixels to compare, at least one; both pictures are finite there.
        bands: the name of each band.
        ranges: low and high end of each band's data range, for PSNR and SSIM.
        means: the training data's mean of each band.

    Returns:
        all bands together, and each. Together, errors are averaged over the bands, those of PSNR in parts of each
        band's data range.
    """
    each = tuple(
        _band_scores(one, other, valid, band=band, value_range=value_range, mean=mean)
        for one, other, band, value_range, mean in zip(generated, real, bands, ranges, means, strict=True)
    )
    return _together(each), each


def _band_scores(
    generated: np.ndarray, real: np.ndarray, valid: np.ndarray, *, band: str, value_range: Range, mean: float
) -> Scores:
    truth = real[valid].astype(np.float64)
    error = generated[valid].astype(np.float64) - truth
    rmse = float(np.sqrt(np.mean(error**2)))
    median = float(np.median(truth))
    return Scores(
        band=band,
        mae=float(np.abs(error).mean()),
        rmse=rmse,
        bias=float(error.mean()),
        psnr=psnr(rmse, value_range),
        ssim=similarity(generated, real, valid, value_range),
        data_range=value_range,
        constant=median,
        constant_mae=float(np.abs(truth - median).mean()),
        mean_mae=float(np.abs(truth - mean).mean()),
    )


def _together(bands: Sequence[Scores]) -> Scores:
    similarities = [each.ssim for each in bands if each.ssim is not None]
    relative = [each.rmse / (each.data_range[1] - each.data_range[0]) for each in bands if each.data_range]
    return Scores(
        band="",
        mae=_mean([each.mae for each in bands]),
        rmse=_root_mean_square([each.rmse for each in bands]),
        bias=_mean([each.bias for each in bands]),
        psnr=psnr(_root_mean_square(relative), (0.0, 1.0)),
        ssim=_mean(similarities) if similarities else None,
        data_range=bands[0].data_range if len(bands) == 1 else None,
        constant=bands[0].constant if len(bands) == 1 else None,
        constant_mae=_mean([each.constant_mae for each in bands]),
        mean_mae=_mean([each.mean_mae for each in bands]),
    )


def psnr(rmse: float, value_range: Range) -> float:
    """Peak signal-to-noise ratio in dB: the width of the data range over the error; infinite without an error."""
    return float(20 * np.log10((value_range[1] - value_range[0]) / rmse)) if rmse > 0 else float("inf")


def similarity(generated: np.ndarray, real: np.ndarray, valid: np.ndarray, value_range: Range) -> float | None:
    """Structural similarity, the mean over all windows that lie in the picture and have no invalid pixel.

    Args:
        generated: (y, x).
        real: the same shape.
        valid: bool (y, x).
        value_range: low and high end of the data range.

    Returns:
        -1 to 1, or None where there is no such window.
    """
    if min(real.shape) < WINDOW:
        return None
    inside = ndimage.binary_erosion(valid, np.ones((WINDOW, WINDOW), bool))
    if not inside.any():
        return None
    # The measure is made for values from 0 on: without the shift, heights of 900 m would look alike by themselves.
    # Whatever stands at invalid pixels must be finite, since the windows are running sums; it counts in none of them.
    low = value_range[0]
    planes = [np.where(valid, plane.astype(np.float64) - low, 0) for plane in (generated, real)]
    _, of_windows = metrics.structural_similarity(
        *planes, win_size=WINDOW, data_range=value_range[1] - value_range[0], full=True
    )
    return float(of_windows[inside].mean())


def _mean(numbers: Sequence[float]) -> float:
    return float(np.mean(numbers))


def _root_mean_square(numbers: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(numbers))))
