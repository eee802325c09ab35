"""The one entry: a generated modality beside the real one becomes a `Judgement`."""

from dataclasses import replace

import numpy as np

from generation.judging.classes import NO_DATA, class_scores, known_classes
from generation.judging.judgement import Judgement, Kind, RangeSource
from generation.judging.seeds import CLASS_MODALITIES
from generation.judging.values import Range, value_scores
from generation.modalities import MODALITIES, published_range

# Heights span thousands of metres over the globe and a few in one sample: by the published range every DEM would fit.
_USUAL_SOURCE: dict[str, RangeSource] = {"DEM": "real"}
# A real picture without contrast has a range of nothing. For heights 10 m, twice the margin of the relief picture; for
# others this part of the published range.
_LEAST_HEIGHT_RANGE_M = 10.0
_LEAST_PART = 0.01


def judge(
    modality: str,
    generated: np.ndarray,
    real: np.ndarray,
    valid: np.ndarray | None = None,
    *,
    range_source: RangeSource | None = None,
) -> Judgement:
    """Compare a generated modality with the real one, NaN-safe: a pixel counts where both have a value in all bands.

    Args:
        modality: Patchwork's name, an output of TerraMind with pixels.
        generated: (band, y, x) in the modality's unit.
        real: the same shape and bands, cut the same way; of land cover, class 0 is no data and is not compared.
        valid: bool (y, x), pixels that count; None for all.
        range_source: what PSNR and SSIM measure errors by: the `published` range that TerraMind generates in (mean ±
            one standard deviation of the training data), or lowest to highest value of the `real` picture. By default
            published, so that samples can be compared, but real for elevation.

    Returns:
        the numbers, or the reason why there are none.
    """
    judgement = unjudged(modality)
    classes = judgement.kind == "classes"
    if generated.shape != real.shape:
        return replace(judgement, reason=f"the shapes differ: generated {generated.shape}, real {real.shape}")
    compared = _compared(generated, real, valid, classes=classes)
    if not compared.any():
        return replace(judgement, reason="no pixel has a value in both pictures")
    judgement = replace(judgement, pixels=int(compared.sum()), share=float(compared.mean()))
    if classes:
        return replace(judgement, classes=class_scores(generated[0], real[0], compared))
    known = MODALITIES[modality]
    source = range_source or _USUAL_SOURCE.get(modality, "published")
    ranges = published_range(modality) if source == "published" else _real_ranges(modality, real, compared)
    together, bands = value_scores(generated, real, compared, bands=known.bands, ranges=ranges, means=known.mean)
    return replace(judgement, range_source=source, together=together, bands=bands)


def unjudged(modality: str, reason: str = "") -> Judgement:
    """A judgement without numbers, and why there are none."""
    kind: Kind = "classes" if modality in CLASS_MODALITIES else "values"
    return Judgement(modality, kind, MODALITIES[modality].unit, reason=reason)


def _compared(generated: np.ndarray, real: np.ndarray, valid: np.ndarray | None, *, classes: bool) -> np.ndarray:
    """The pixels that both pictures have: bool (y, x)."""
    compared: np.ndarray = np.isfinite(generated).all(axis=0) & np.isfinite(real).all(axis=0)
    if valid is not None:
        compared &= valid
    if classes:
        compared &= known_classes(generated[0]) & known_classes(real[0]) & (real[0] != NO_DATA)
    return compared


def _real_ranges(modality: str, real: np.ndarray, compared: np.ndarray) -> tuple[Range, ...]:
    """Lowest and highest value of each band, at least as far apart as makes sense of the modality."""
    ranges = []
    for band, (low, high) in zip(real, published_range(modality), strict=True):
        least = _LEAST_HEIGHT_RANGE_M if modality == "DEM" else _LEAST_PART * (high - low)
        lowest, highest = float(band[compared].min()), float(band[compared].max())
        missing = max(0.0, least - (highest - lowest)) / 2
        ranges.append((lowest - missing, highest + missing))
    return tuple(ranges)
