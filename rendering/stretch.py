"""From values to bytes: the range of an image, and the linear stretch with gamma over it.

Everything is computed in float64. Integers go through a table of their few distinct values, which gives the very same
bytes five times as fast.
"""

from collections.abc import Callable

import numpy as np

from rendering.options import LARGEST_VALUE, Range

FULL = 255  # the largest byte
_WIDEST_INTEGER = 4  # bytes; differences of wider ones can overflow an index, and no data set stores them
_LONGEST_TABLE = 1 << 16  # distinct values: all of a 16-bit type; a longer table costs more than the pixels do


def valid_values(planes: np.ndarray, missing: np.ndarray | None) -> np.ndarray:
    """The values that are not missing, as a flat array (a view where nothing is missing).

    Args:
        planes: (y, x) or (band, y, x).
        missing: bool (y, x), or None.
    """
    return planes.reshape(-1) if missing is None else planes[..., ~missing].reshape(-1)


def percentiles(valid: np.ndarray, *ranks: float) -> tuple[float, ...]:
    """Percentiles (linear interpolation in float64, as numpy's default) of at least one finite value."""
    exact = valid if valid.dtype.kind != "f" else valid.astype(np.float64).clip(-LARGEST_VALUE, LARGEST_VALUE)
    return tuple(float(value) for value in np.percentile(exact, ranks))


def extremes(valid: np.ndarray) -> Range:
    """Smallest and largest of at least one finite value, inside what float64 arithmetic can stretch."""
    lowest, highest = np.clip([float(valid.min()), float(valid.max())], -LARGEST_VALUE, LARGEST_VALUE)
    return float(lowest), float(highest)


def to_unit(values: np.ndarray, low: float, high: float, gamma: float = 1.0) -> np.ndarray:
    """Map low...high to 0...1, clip, and raise to the power of gamma.

    NaN becomes 0 (such pixels are drawn as missing later), and a range without extent becomes one half.

    Returns:
        float64, same shape.
    """
    clipped = np.fmin(np.fmax(values.astype(np.float64), low), high)  # fmax and fmin pass over NaN
    if high <= low:
        return np.full(clipped.shape, 0.5)
    unit = (clipped - low) / (high - low)
    result: np.ndarray = unit if gamma == 1.0 else unit**gamma
    return result


def to_bytes(values: np.ndarray, low: float, high: float, gamma: float = 1.0, levels: int = FULL) -> np.ndarray:
    """Map low...high to the bytes 0...levels, rounding to the nearest.

    Args:
        values: any shape, any real dtype.
        low: becomes 0, and so does everything below.
        high: becomes `levels`, and so does everything above.
        gamma: exponent on the unit interval.
        levels: the largest byte to give.

    Returns:
        uint8, same shape.
    """

    def convert(some: np.ndarray) -> np.ndarray:
        rounded: np.ndarray = np.rint(to_unit(some, low, high, gamma) * levels).astype(np.uint8)
        return rounded

    return _through_table(values, convert)


def to_colour_index(values: np.ndarray, low: float, high: float, colours: int) -> np.ndarray:
    """Map low...high to 0...colours-1 in equal steps, the highest value to the last: matplotlib's convention.

    Returns:
        uint8, same shape.
    """

    def convert(some: np.ndarray) -> np.ndarray:
        index: np.ndarray = np.minimum(to_unit(some, low, high) * colours, colours - 1).astype(np.uint8)
        return index

    return _through_table(values, convert)


def _through_table(values: np.ndarray, convert: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Apply an elementwise `convert` to each distinct integer once instead of to each pixel."""
    if values.dtype.kind == "f" or values.dtype.itemsize > _WIDEST_INTEGER:
        return convert(values)
    first, last = int(values.min()), int(values.max())
    if last - first >= min(_LONGEST_TABLE, values.size):
        return convert(values)
    table = convert(np.arange(first, last + 1))
    looked_up: np.ndarray = table.take(np.subtract(values, first, dtype=np.intp, casting="unsafe"))
    return looked_up
