"""What the satellites see of a scene at a moment: Sentinel-2 L1C and L2A with clouds, Sentinel-1 backscatter.

The one entry to the sensors; `optical.py`, `clouds.py` and `radar.py` do the work.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene.moment import Moment
from demo.scene.scene import Scene

L1C_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
L2A_BANDS = tuple(band for band in L1C_BANDS if band != "B10")
RESOLUTION_M = {band: 10 for band in ("B02", "B03", "B04", "B08")}
RESOLUTION_M |= {band: 20 for band in ("B05", "B06", "B07", "B8A", "B11", "B12")}
RESOLUTION_M |= {band: 60 for band in ("B01", "B09", "B10")}


@dataclass(frozen=True)
class Sky:
    """How cloudy it is: shares of the scene, 0 to 1."""

    thick: float = 0.0
    thin: float = 0.0


@dataclass(frozen=True)
class Sentinel2:
    """One Sentinel-2 image: per band at its own resolution, reflectance x 10,000 without the +1000 offset.

    Attributes:
        l1c: 13 bands, top of atmosphere, int16 (y, x) at 10, 20 or 60 m (see RESOLUTION_M).
        l2a: 12 bands, bottom of atmosphere, likewise.
        cloud_mask: uint8 (y, x) at 10 m: 0 land, 1 water, 2 snow, 3 thin cloud, 4 thick cloud, 5 cloud shadow.
    """

    l1c: dict[str, NDArray[np.int16]]
    l2a: dict[str, NDArray[np.int16]]
    cloud_mask: NDArray[np.uint8]


def sentinel2(scene: Scene, moment: Moment, *, seed: int, sky: Sky | None = None) -> Sentinel2:
    """Simulate one Sentinel-2 image; the scene's edge must be a multiple of 6 pixels of 10 m."""
    rng = np.random.default_rng(np.random.PCG64(seed))
    del moment, sky
    size = scene.surface.shape[0]
    base = rng.integers(300, 3000, len(RESOLUTION_M))

    def native(number: int, band: str) -> NDArray[np.int16]:
        step = RESOLUTION_M[band] // 10
        return (base[number] + 300 * scene.texture[: size : step, : size : step]).clip(1, 10000).astype(np.int16)

    l1c = {band: native(number, band) for number, band in enumerate(L1C_BANDS)}
    return Sentinel2(l1c, {band: l1c[band] for band in L2A_BANDS}, np.zeros((size, size), dtype=np.uint8))


def sentinel1(scene: Scene, moment: Moment, *, seed: int, terrain_corrected: bool) -> NDArray[np.float32]:
    """Simulate one Sentinel-1 image.

    Args:
        scene: the ground.
        moment: when; decides moisture and snow.
        seed: seed of the speckle.
        terrain_corrected: True for gamma nought RTC (slopes flattened), False for plain GRD.

    Returns:
        float32 (2, y, x): VV and VH in dB.
    """
    rng = np.random.default_rng(np.random.PCG64(seed))
    del moment, terrain_corrected
    vv = -11 + 2 * scene.texture + rng.standard_normal(scene.texture.shape)
    return np.stack([vv, vv - 6.5]).astype(np.float32)
