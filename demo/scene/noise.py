"""Random fields with the roughness of nature, and hashes that give every parcel its own dice."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float32]


def fractal(rng: np.random.Generator, size: int, beta: float, cutoff: float = 1.0) -> Field:
    """A periodic random field (size, size) with amplitude falling as frequency to the power -beta.

    Args:
        rng: source of randomness.
        size: edge length in pixels.
        beta: 0 is white noise, 1 clouds, 1.8 mountains.
        cutoff: frequencies below `cutoff` cycles per field are not amplified further.

    Returns:
        float32, mean 0, standard deviation 1.
    """
    white = np.fft.rfft2(rng.standard_normal((size, size), dtype=np.float32))
    fy = np.fft.fftfreq(size)[:, None]
    fx = np.fft.rfftfreq(size)[None, :]
    radius = np.maximum(np.hypot(fy, fx), cutoff / size)
    white *= radius.astype(np.float32) ** -np.float32(beta)
    white[0, 0] = 0
    field = np.fft.irfft2(white, s=(size, size))
    return np.asarray(field / field.std(), dtype=np.float32)


def smooth(field: NDArray[np.floating] | NDArray[np.bool_], sigma: float) -> Field:
    """Gaussian blur of a (y, x) field, edges held; sigma in pixels."""
    blurred: Field = ndimage.gaussian_filter(field.astype(np.float32), sigma, mode="nearest", truncate=3.0)
    return blurred


def highest(field: NDArray[np.floating], share: float, where: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """The mask of the highest `share` (0-1, of all pixels) of a field, only inside `where`."""
    allowed = np.ones(field.shape, dtype=bool) if where is None else where
    count = int(np.count_nonzero(allowed))
    wanted = min(count, round(share * field.size))
    if wanted == 0:
        return np.zeros(field.shape, dtype=bool)
    if wanted == count:
        return allowed.copy()
    threshold = np.partition(field[allowed], count - wanted)[count - wanted]
    return np.asarray(allowed & (field >= threshold))


def dice(numbers: NDArray[np.integer], salt: int) -> Field:
    """One uniform number (0-1) per integer, the same wherever that integer stands (splitmix64 finaliser)."""
    with np.errstate(over="ignore"):
        bits = numbers.astype(np.uint64) + np.uint64((salt * 2 + 1) * 0x9E3779B97F4A7C15 & (2**64 - 1))
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        bits ^= bits >> np.uint64(31)
    return ((bits >> np.uint64(40)).astype(np.float32)) / np.float32(2**24)


def per_parcel_mean(field: NDArray[np.floating], parcel: NDArray[np.integer]) -> Field:
    """Every pixel becomes the mean of its parcel; `parcel` holds numbers from 0 up, without large gaps."""
    flat = parcel.ravel()
    count = np.bincount(flat)
    total = np.bincount(flat, weights=field.ravel())
    return np.asarray((total / np.maximum(count, 1))[parcel], dtype=np.float32)


def metres(size: int, pixel_m: float) -> tuple[Field, Field]:
    """Coordinates (east, north) of the pixel centres in metres from the middle of the scene."""
    line = ((np.arange(size) - (size - 1) / 2) * pixel_m).astype(np.float32)
    east = np.broadcast_to(line[None, :], (size, size))
    north = np.broadcast_to(-line[:, None], (size, size))
    return east, north
