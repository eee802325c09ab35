"""Whether Sentinel-2 values carry the +1000 offset of newer processing baselines.

The collection mixes both, and dates do not tell. The cirrus band B10 of L1C does: it is near zero but for the offset.
Real samples read 1010, 1016 and 1072 with it, 18 and 59 without. L2A has no such band; its own dark pixels may rule the
offset out, and where they can not, the sample's L1C decides.
"""

from collections.abc import Callable, Sequence

import numpy as np

from data_access.dataset import OffsetState

CIRRUS_BAND = "B10"
CIRRUS_THRESHOLD = 500  # halfway between none and 1000
DARK_LIMIT = 900  # with the offset even black surfaces stay near 1000; real samples: 969 and more
DARK_PERCENTILE = 1  # single dark pixels are noise


def offset_of_l1c(bands: np.ndarray, names: Sequence[str]) -> OffsetState:
    """State of an L1C chip (band, y, x), by the median of its cirrus band."""
    if CIRRUS_BAND not in names:
        return "absent" if has_dark_pixels(bands) else "unknown"
    cirrus = bands[list(names).index(CIRRUS_BAND)]
    over = np.count_nonzero(cirrus > CIRRUS_THRESHOLD)  # more than half of them: a median without sorting
    return "present" if 2 * over > cirrus.size else "absent"


def offset_of_l2a(bands: np.ndarray, l1c: Callable[[], OffsetState]) -> OffsetState:
    """State of an L2A chip (band, y, x).

    Args:
        bands: the chip.
        l1c: tells the state of the sample's L1C; asked only where no dark pixels rule the offset out.
    """
    return "absent" if has_dark_pixels(bands) else l1c()


def has_dark_pixels(bands: np.ndarray) -> bool:
    """Whether any band is darker in one percent of its pixels than the offset allows."""
    flat = bands.reshape(bands.shape[0], -1)
    rank = flat.shape[1] * DARK_PERCENTILE // 100
    return bool(flat.size) and bool((np.count_nonzero(flat < DARK_LIMIT, axis=1) > rank).any())
