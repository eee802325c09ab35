"""The shape of the ground: uplift by landform, valleys by running water, sea level, fine relief."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from demo.scene.drainage import Drainage, evolve
from demo.scene.noise import Field, fractal, metres, smooth
from demo.scene.setting import Landform, River, Setting

_COARSE_M = 40.0  # valleys are cut on this grid: finer would cost seconds and show no more
_STEEPEST = 0.85  # slope (m/m) that only a twentieth of the ground exceeds: more would not stand
_MIN_DOMAIN_M = 3200.0  # rivers must come from outside of small scenes too

# per landform: share of the form that is there before the water, roughness, strength, rounds, creep (see `evolve`)
_EROSION = {
    Landform.PLAIN: (0.9, 0.0, 0.02, 1, 0.8),
    Landform.HILLS: (0.20, 0.15, 0.25, 7, 0.9),
    Landform.MOUNTAINS: (0.12, 0.12, 0.35, 8, 0.8),
    Landform.GLACIAL: (0.15, 0.15, 0.35, 7, 1.1),
    Landform.CANYON: (0.6, 0.15, 0.15, 6, 0.7),
    Landform.VOLCANO: (0.3, 0.05, 0.12, 6, 0.5),
    Landform.DUNES: (1.0, 0.0, 0.0, 0, 0.0),
}
# relief finer than the coarse grid, as a share of the whole relief
_FINE = dict.fromkeys(Landform, 0.004) | {Landform.PLAIN: 0.012, Landform.HILLS: 0.008, Landform.DUNES: 0.01}


@dataclass(frozen=True)
class Terrain:
    """The ground and its coarse drainage.

    Attributes:
        height_m: (size, size), relative to the sea where there is one; negative is under the sea.
        coarse_m: height of the surrounding domain (n, n), cells of `cell_m`.
        drainage: drainage tree of the domain.
        cell_m: edge of a coarse cell.
        axis: direction (radians, mathematical, from east) in which the land falls.
    """

    height_m: Field
    coarse_m: Field
    drainage: Drainage
    cell_m: float
    axis: float


def make_terrain(setting: Setting, rng: np.random.Generator, size_px: int, pixel_m: float) -> Terrain:
    """Shape the ground of a scene and of the land around it."""
    n = round(max(2 * size_px * pixel_m, _MIN_DOMAIN_M) / _COARSE_M)
    axis = float(rng.uniform(0, 2 * np.pi))
    raw = _form(setting, rng, n, axis)
    share, rough, strength, rounds, creep = _EROSION[setting.landform]
    start = share * raw + rough * fractal(rng, n, 1.4, cutoff=4)
    outlet = _rim(n) & (raw <= np.median(raw))
    rise = smooth(raw - raw.min(), n / 12) if setting.landform is not Landform.VOLCANO else raw - start
    if setting.sea > 0:
        outlet |= raw <= np.quantile(raw, setting.sea * 0.8)
        start = np.where(outlet, raw - raw[outlet].max(), start - raw[outlet].max() * share)
    coarse, drainage = evolve(start, rise, outlet, strength=strength, rounds=rounds, creep=creep)
    coarse = _scaled(coarse, setting, size_px * pixel_m)
    height = _window(coarse, size_px, pixel_m)
    height += _FINE[setting.landform] * setting.relief_m * fractal(rng, size_px, 1.5, cutoff=8)
    if setting.landform is Landform.CANYON:
        height = _strata(height, setting.relief_m)
    if setting.sea > 0:
        level = np.float32(np.quantile(height, setting.sea))
        height, coarse = height - level, coarse - level
        height = np.where(height > 0, height + np.minimum(height, 1.5), height).astype(np.float32)
    return Terrain(height, coarse, drainage, _COARSE_M, axis)


def _rim(n: int) -> np.ndarray:
    rim = np.zeros((n, n), dtype=bool)
    rim[0] = rim[-1] = True
    rim[:, 0] = rim[:, -1] = True
    return rim


def _form(setting: Setting, rng: np.random.Generator, n: int, axis: float) -> Field:
    """The large form of the land, about unit spread, falling along `axis`."""
    east, north = metres(n, 2.0 / n)
    along = -(np.cos(axis) * east + np.sin(axis) * north)
    rough = fractal(rng, n, 1.9)
    form = setting.landform
    if form is Landform.DUNES:
        return _dunes(rng, n, east, north, axis)
    if form is Landform.VOLCANO:
        shift_east, shift_north = rng.uniform(-0.22, 0.22, 2)
        radius = np.hypot(east - shift_east, north - shift_north) * (1 + 0.10 * rough)
        cone = np.exp(-radius / 0.30) - 0.45 * np.exp(-((radius / 0.055) ** 2))
        return np.asarray(3.0 * cone + 0.12 * rough, dtype=np.float32)
    if form is Landform.CANYON:
        return np.asarray(1.5 * np.tanh(1.3 * rough) + 0.9 * along, dtype=np.float32)
    tilt = 3.0 if setting.river is River.DELTA else 1.6 if setting.sea > 0 else 0.9
    return np.asarray(rough + tilt * along, dtype=np.float32)


def _dunes(rng: np.random.Generator, n: int, east: Field, north: Field, axis: float) -> Field:
    """Long dunes across the wind: gentle windward, steep leeward slopes, forking where the phase is disturbed."""
    warp = fractal(rng, n, 1.9)
    across = np.cos(axis) * east + np.sin(axis) * north
    phase = (across * rng.uniform(5.5, 9.0) + 0.22 * warp + 0.04 * fractal(rng, n, 1.2, cutoff=4)) % 1.0
    profile = np.where(phase < 0.72, phase / 0.72, (1 - phase) / 0.28)
    size = np.clip(1 + 0.6 * fractal(rng, n, 1.6, cutoff=2), 0.15, 2.0)
    return smooth(profile**1.3 * size + 0.25 * warp, 0.7)


def _scaled(coarse: Field, setting: Setting, extent_m: float) -> Field:
    """Stretch to the relief of the setting, measured inside the scene, and lift the lowest ground to its base."""
    n = coarse.shape[0]
    half = round(extent_m / _COARSE_M / 2)
    inner = coarse[n // 2 - half : n // 2 + half, n // 2 - half : n // 2 + half]
    low, high = np.quantile(inner, (0.02, 0.98))
    gain = setting.relief_m / max(float(high - low), 1e-6)
    steep = float(np.quantile(np.hypot(*np.gradient(inner * gain, _COARSE_M)), 0.95))
    gain *= min(1.0, _STEEPEST / max(steep, 1e-6))
    return np.asarray(setting.base_m + gain * (coarse - low), dtype=np.float32)


def _window(coarse: Field, size_px: int, pixel_m: float) -> Field:
    """The middle of the domain on the scene's grid, by cubic interpolation."""
    n = coarse.shape[0]
    line = (np.arange(size_px) - (size_px - 1) / 2) * pixel_m / _COARSE_M + (n - 1) / 2
    grid = np.broadcast_arrays(line[:, None], line[None, :])
    window: Field = ndimage.map_coordinates(coarse, np.stack(grid), order=3, mode="nearest", output=np.float32)
    return window


def _strata(height: Field, relief_m: float) -> Field:
    """Benches and cliffs: hard layers resist, soft ones give way."""
    step = relief_m / 5.0
    layer = height / step
    whole = np.floor(layer)
    part = layer - whole
    bench = np.where(part < 0.6, part * 0.35, 0.21 + (part - 0.6) * 1.975)
    return np.asarray((whole + bench) * step, dtype=np.float32)
