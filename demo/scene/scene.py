"""Draws one scene: terrain, water, land cover, parcels, roads and towns. Deterministic from its seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene.noise import fractal
from demo.scene.setting import Setting
from demo.scene.surface import Surface


@dataclass(frozen=True)
class Scene:
    """One square piece of ground, the same in every season. Arrays are (y, x), row 0 north."""

    setting: Setting
    pixel_m: float
    elevation_m: NDArray[np.float32]
    surface: NDArray[np.uint8]  # Surface values
    parcel: NDArray[np.int32]  # 0 outside farmland; equal numbers are one field with one crop
    texture: NDArray[np.float32]  # about standard normal: brightness variation within a surface
    wetness: NDArray[np.float32]  # 0 dry ... 1 soaked
    seed: int


def make_scene(setting: Setting, *, size_px: int, seed: int, pixel_m: float = 10.0) -> Scene:
    """Draw the ground of a place.

    Args:
        setting: the kind of place.
        size_px: edge length in pixels.
        seed: equal seeds give equal scenes.
        pixel_m: edge length of a pixel in metres.
    """
    rng = np.random.default_rng(np.random.PCG64(seed))
    height = fractal(rng, size_px, 1.7)
    cover = fractal(rng, size_px, 1.4)
    surface = np.where(cover > 0.4, int(setting.forest_kinds[0]), int(setting.open_kinds[0])).astype(np.uint8)
    surface[height < -1.2] = Surface.LAKE
    return Scene(
        setting=setting,
        pixel_m=pixel_m,
        elevation_m=(setting.base_m + setting.relief_m * 0.4 * height).astype(np.float32),
        surface=surface,
        parcel=np.zeros((size_px, size_px), dtype=np.int32),
        texture=fractal(rng, size_px, 0.6),
        wetness=np.clip(0.5 - 0.2 * height, 0, 1).astype(np.float32),
        seed=seed,
    )
