"""Random fields with the roughness of nature, from numpy's FFT."""

import numpy as np
from numpy.typing import NDArray

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
    return (field / field.std()).astype(np.float32)
