"""What Sentinel-1 sees of a scene: backscatter by surface and season, slopes, layover, shadow and speckle."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene import phenology
from demo.scene.moment import Moment, snow_line_m
from demo.scene.noise import Field, dice, fractal, smooth
from demo.scene.scene import Scene
from demo.scene.setting import Climate
from demo.scene.surface import WATER, Surface, is_any

_LOOKS = 4.4  # equivalent number of looks of the GRD product
_FLOOR_DB = (-27.0, -33.0)  # what the sensor still tells from nothing, VV and VH
_HEADING = math.radians(12.0)  # the orbit's tilt; the radar looks to the right of it

# VV, VH in dB at 38 degrees, dry
_BACKSCATTER = {
    Surface.SEA: (-17.5, -26.5), Surface.RIVER: (-19.5, -27.0), Surface.LAKE: (-20.5, -27.5),
    Surface.BROADLEAF: (-9.3, -14.6), Surface.CONIFER: (-9.9, -15.2), Surface.MIXED_FOREST: (-9.6, -14.9),
    Surface.SHRUB: (-11.2, -17.2), Surface.ARABLE: (-12.0, -19.0), Surface.PERMANENT_CROP: (-11.0, -17.0),
    Surface.PASTURE: (-12.4, -19.2), Surface.COMPLEX_CULTIVATION: (-11.2, -17.6),
    Surface.MIXED_FARMLAND: (-10.9, -17.0), Surface.AGROFORESTRY: (-11.8, -17.8), Surface.GRASSLAND: (-13.2, -20.4),
    Surface.HEATH: (-12.6, -19.4), Surface.SPARSE: (-13.8, -22.0), Surface.INLAND_WETLAND: (-10.8, -18.4),
    Surface.COASTAL_WETLAND: (-12.0, -20.0), Surface.MANGROVE: (-8.6, -14.6), Surface.SAND: (-18.5, -27.0),
    Surface.ROCK: (-10.8, -18.8), Surface.URBAN_DENSE: (-4.6, -12.0), Surface.URBAN_OPEN: (-7.4, -14.2),
    Surface.INDUSTRY: (-4.2, -12.2), Surface.ROAD: (-14.5, -21.5), Surface.ICE: (-10.0, -16.5),
    Surface.BURNT: (-11.8, -19.5), Surface.RICE: (-12.0, -19.0), Surface.SALT: (-16.5, -25.5),
    Surface.LAVA: (-8.8, -16.5),
}  # fmt: skip


def sentinel1(
    scene: Scene, moment: Moment, *, seed: int, terrain_corrected: bool, speckle: bool = True
) -> NDArray[np.float32]:
    """Simulate one Sentinel-1 image.

    Args:
        scene: the ground.
        moment: when; decides moisture, crops and snow.
        seed: of wind, rain and speckle.
        terrain_corrected: True for gamma nought RTC (slopes flattened), False for plain GRD.
        speckle: False for what a sensor without grain would give of the same ground under the same seed.

    Returns:
        float32 (2, y, x): VV and VH in dB.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    size = scene.surface.shape[0]
    levels = np.array([_BACKSCATTER[surface] for surface in Surface], dtype=np.float32)
    echo = np.stack([levels[scene.surface, 0], levels[scene.surface, 1]])
    echo += _season(scene, moment, rng)
    echo += (0.55 * scene.texture + 0.5 * fractal(rng, size, 0.9, cutoff=6))[None]
    slope, lost = _relief(scene, moment, rng, terrain_corrected)
    echo += np.where(is_any(scene.surface, WATER), 0, slope)[None]
    power = 10 ** (echo / 10)
    power += _double_bounce(scene, rng)
    power[0][lost], power[1][lost] = 1e-4, 1e-4
    grainy = rng if speckle else None
    power = np.stack([_sensed(channel, floor, grainy) for channel, floor in zip(power, _FLOOR_DB, strict=True)])
    return np.asarray(10 * np.log10(np.maximum(power, 1e-5)), dtype=np.float32)


def _sensed(power: Field, floor_db: float, rng: np.random.Generator | None) -> NDArray[np.floating]:
    """A channel as the sensor gives it: blurred, grainy if dice are given, never darker than the sensor's own noise."""
    noise = 10 ** (floor_db / 10)
    if rng is None:
        return np.asarray(smooth(power, 0.5) + noise)
    grain = rng.gamma(_LOOKS, 1 / _LOOKS, power.shape)
    return np.asarray(smooth(power, 0.5) * grain + noise * rng.gamma(_LOOKS, 1 / _LOOKS, power.shape))


def _season(scene: Scene, moment: Moment, rng: np.random.Generator) -> NDArray[np.float32]:
    """Rain, wind, growing crops, floods and wet snow, dB (2, y, x)."""
    climate = scene.setting.climate
    size = scene.surface.shape[0]
    add = np.zeros((2, size, size), dtype=np.float32)
    water = is_any(scene.surface, WATER)
    rain = float(rng.uniform(-1.2, 1.6)) if climate is not Climate.DESERT else -1.0
    add += np.where(water, 0, rain + 1.6 * (scene.wetness - 0.4))[None]
    wind = float(rng.uniform(-5.0, 3.0)) + 0.7 * fractal(rng, size, 1.6)
    add[0] += np.where(scene.surface == Surface.SEA, wind, 0)
    add[1] += np.where(scene.surface == Surface.SEA, 0.4 * wind, 0)
    roll, second = dice(scene.parcel, scene.seed % 997 + 41), dice(scene.parcel, scene.seed % 997 + 43)
    green, _ = phenology.crops(moment, climate, roll, second)
    farmed = (scene.parcel > 0) & is_any(scene.surface, (Surface.ARABLE, Surface.COMPLEX_CULTIVATION, Surface.RICE))
    add[0] += np.where(farmed, 4.2 * (dice(scene.parcel, 61) - 0.5) - 1.2 * green, 0)  # ploughing makes rough soil
    add[1] += np.where(farmed, 2.8 * (dice(scene.parcel, 62) - 0.5) + 3.4 * green - 1.0, 0)
    flooded = (scene.surface == Surface.RICE) & (green < 0.4) & (second > 0.4)
    add -= np.where(flooded, 6.5, 0)[None]
    line = snow_line_m(moment, climate)
    melting = (scene.elevation_m > line) & (scene.elevation_m < line + 500) & (moment.local_year > 0.2) & ~water
    add -= np.where(melting, 3.5, 0)[None]
    return add


def _relief(
    scene: Scene, moment: Moment, rng: np.random.Generator, terrain_corrected: bool
) -> tuple[Field, NDArray[np.bool_]]:
    """Gain of slopes that face the radar in dB, and the ground that the radar can not see."""
    ascending = (moment.time.hour + moment.lon / 15) % 24 > 12  # Sentinel-1 climbs in the evening
    look = (math.pi / 2 - _HEADING) if ascending else (3 * math.pi / 2 + _HEADING)  # azimuth that the radar looks to
    incidence = float(rng.uniform(math.radians(32), math.radians(44)))
    south, east = np.gradient(smooth(scene.elevation_m, 0.8), scene.pixel_m)
    away = np.sin(look) * east - np.cos(look) * south  # rise of the ground away from the radar
    tilt = np.arctan(away)
    local = incidence - tilt
    folded = local < math.radians(4)
    ratio = np.tan(incidence) / np.tan(np.clip(local, math.radians(5), math.radians(86)))
    gain = np.clip(10 * np.log10(np.clip(ratio, 0.02, 30)), -11, 11)
    gain = gain * (0.22 if terrain_corrected else 1.0) + np.where(folded, 3.0 if terrain_corrected else 5.0, 0)
    lost = local > math.radians(84)
    lost |= _behind(scene.elevation_m, scene.pixel_m, look, incidence)
    return np.asarray(gain, dtype=np.float32), np.asarray(ndimage.binary_opening(lost))


def _behind(height_m: Field, pixel_m: float, look: float, incidence: float) -> NDArray[np.bool_]:
    """Ground hidden behind higher ground that stands nearer to the radar."""
    hidden = np.zeros(height_m.shape, dtype=bool)
    rise = pixel_m / math.tan(incidence)
    reach = float(np.ptp(height_m)) / rise
    if reach < 3:
        return hidden
    for step in np.geomspace(2, min(reach, height_m.shape[0]), 14):
        shift = (-round(step * math.cos(look)), round(step * math.sin(look)))
        nearer = ndimage.shift(height_m, shift, order=0, mode="nearest")
        hidden |= nearer - step * rise > height_m + 2
    return hidden


def _double_bounce(scene: Scene, rng: np.random.Generator) -> NDArray[np.float32]:
    """Walls that stand square to the radar send it straight back: bright points in towns, power (2, y, x)."""
    built = is_any(scene.surface, (Surface.URBAN_DENSE, Surface.URBAN_OPEN, Surface.INDUSTRY))
    hit = built & (rng.random(built.shape) < 0.07)
    strength = np.where(hit, 10 ** rng.uniform(-0.3, 0.9, built.shape), 0).astype(np.float32)
    return np.stack([strength, 0.12 * strength])
