"""Band names, arrays and small helpers for the tests of rendering."""

import numpy as np

S2L2A = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
S2L1C = (*S2L2A[:10], "B10", *S2L2A[10:])
BANDS: dict[str, tuple[str, ...]] = {
    "S2L2A": S2L2A,
    "S2L1C": S2L1C,
    "S2RGB": ("R", "G", "B"),
    "S1GRD": ("vv", "vh"),
    "S1RTC": ("vv", "vh"),
    "DEM": ("DEM",),
    "NDVI": ("NDVI",),
    "LULC": ("LULC",),
    "cloud_mask": ("cloud_mask",),
    "S2": S2L2A,
    "S2-10m": ("B02", "B03", "B04", "B08"),
    "S2-20m": ("B05", "B06", "B07", "B8A", "B11", "B12"),
    "S2-60m": ("B01", "B09"),
    "S1": ("VV", "VH"),
    "reference_map": ("reference_map",),
}


def reflectance(bands: int = 12, size: int = 48, seed: int = 0, dtype: str = "int16") -> np.ndarray:
    """Something like Sentinel-2: (bands, size, size), 200...9000."""
    rng = np.random.default_rng(seed)
    smooth = rng.gamma(3.0, 500.0, (bands, size, size))
    return (smooth + 200).clip(0, 9000).astype(dtype)


def backscatter(size: int = 48, seed: int = 0, dtype: str = "float16") -> np.ndarray:
    """Something like Sentinel-1: (2, size, size) dB, VV above VH."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.normal(-12, 5, (size, size)), rng.normal(-19, 5, (size, size))]).astype(dtype)


def hexes(rgba: np.ndarray) -> np.ndarray:
    """Colours of a picture as "#rrggbb", (y, x)."""
    return np.array([["#{:02x}{:02x}{:02x}".format(*pixel[:3]) for pixel in row] for row in rgba])
