"""Draws one scene: terrain, water, land cover, parcels, roads and towns. Deterministic from its seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene.cover import lay_cover, survey
from demo.scene.noise import smooth
from demo.scene.parcels import cut_parcels
from demo.scene.setting import Setting
from demo.scene.settlement import build
from demo.scene.surface import Surface, is_any, lulc_of
from demo.scene.terrain import make_terrain
from demo.scene.water import lay_water

_FARMED = (
    Surface.ARABLE,
    Surface.PERMANENT_CROP,
    Surface.PASTURE,
    Surface.COMPLEX_CULTIVATION,
    Surface.MIXED_FARMLAND,
    Surface.AGROFORESTRY,
    Surface.RICE,
)
_ANNUAL_MAP_BLUR_M = 14.0  # the annual map shows nothing narrower than about three pixels


@dataclass(frozen=True)
class Scene:
    """One square piece of ground, the same in every season. Arrays are (y, x), row 0 north.

    Attributes:
        setting: the kind of place.
        pixel_m: edge length of a pixel.
        elevation_m: height above the sea; water is level, the sea is 0.
        surface: Surface values.
        parcel: field numbers, 0 outside farmland; equal numbers are one field with one crop.
        texture: about standard normal: variation of brightness within a surface.
        wetness: 0 dry ... 1 soaked.
        depth_m: depth of water, 0 on land.
        edge: borders of fields and farm tracks.
        streets: streets inside towns.
        rows: phase (0-1) across the rows of an orchard, else 0.
        seed: what it was drawn from.
    """

    setting: Setting
    pixel_m: float
    elevation_m: NDArray[np.float32]
    surface: NDArray[np.uint8]
    parcel: NDArray[np.int32]
    texture: NDArray[np.float32]
    wetness: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    edge: NDArray[np.bool_]
    streets: NDArray[np.bool_]
    rows: NDArray[np.float32]
    seed: int


def make_scene(setting: Setting, *, size_px: int, seed: int, pixel_m: float = 10.0) -> Scene:
    """Draw the ground of a place.

    Args:
        setting: the kind of place.
        size_px: edge length in pixels.
        seed: equal seeds give equal scenes.
        pixel_m: edge length of a pixel in metres.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    terrain = make_terrain(setting, rng, size_px, pixel_m)
    water = lay_water(setting, rng, terrain, pixel_m)
    ground = survey(rng, water, pixel_m)
    parcels = cut_parcels(setting.fields, rng, water.height_m, pixel_m)
    surface = lay_cover(setting, rng, ground, water, parcels=parcels, pixel_m=pixel_m)
    built = build(setting, rng, water.height_m, water.any, tracks=parcels.track, pixel_m=pixel_m)
    # a road crosses a stream on a bridge, towns end at the shore
    surface = np.where((built.surface < len(Surface)) & ~water.sea & ~water.lake, built.surface, surface)
    farmed = is_any(surface, _FARMED)
    return Scene(
        setting=setting,
        pixel_m=pixel_m,
        elevation_m=np.where(water.sea, 0, np.maximum(water.height_m, 0)).astype(np.float32),
        surface=surface.astype(np.uint8),
        parcel=np.where(farmed, parcels.number + 1, 0).astype(np.int32),
        texture=(0.45 * ground.fine + 0.5 * ground.middle + 0.35 * ground.coarse).astype(np.float32),
        wetness=ground.wetness,
        depth_m=water.depth_m,
        edge=(parcels.edge | parcels.track) & farmed,
        streets=built.streets,
        rows=np.where(farmed, parcels.rows, 0).astype(np.float32),
        seed=seed,
    )


def lulc_map(scene: Scene) -> NDArray[np.uint8]:
    """The annual land cover map (TerraMesh classes 1-9 without cloud): smoothed as such maps are."""
    return _generalised(lulc_of(scene.surface), _ANNUAL_MAP_BLUR_M / scene.pixel_m)


def _generalised(codes: NDArray[np.uint8], sigma_px: float) -> NDArray[np.uint8]:
    """Every pixel takes the class that is most common around it."""
    present = np.unique(codes)
    votes = np.stack([smooth(codes == code, sigma_px) for code in present])
    return np.asarray(present[votes.argmax(axis=0)])
