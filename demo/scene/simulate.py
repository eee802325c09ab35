"""What Sentinel-2 sees of a scene at a moment: L1C and L2A, with clouds, their shadows and a cloud mask."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene.clouds import Clouds, Sky, make_clouds
from demo.scene.moment import Moment
from demo.scene.optical import Reflectance, reflectance
from demo.scene.scene import Scene
from demo.scene.spectra import L1C_BANDS, L2A_BANDS, RESOLUTION_M
from demo.scene.surface import Surface

_BASE_PIXEL_M = 10.0

# per L1C band: light scattered by clean air (x 10,000), by haze, share of the light that gas lets through
_AIR = {
    "B01": (780, 330, 0.98), "B02": (560, 290, 0.98), "B03": (310, 250, 0.95), "B04": (165, 210, 0.97),
    "B05": (120, 190, 0.95), "B06": (95, 180, 0.96), "B07": (75, 165, 0.97), "B08": (60, 150, 0.96),
    "B8A": (50, 140, 0.98), "B09": (30, 60, 0.33), "B10": (6, 2, 0.002), "B11": (6, 60, 0.95), "B12": (3, 40, 0.92),
}  # fmt: skip
# reflectance of a thick cloud and of a veil, x 10,000
_THICK = {"B09": 5200, "B10": 90, "B11": 4600, "B12": 3300}
_VEIL = {"B09": 4300, "B10": 900, "B11": 4300, "B12": 3200}
_THICK_ELSE, _VEIL_ELSE = 8200, 7000
_NOISE = 7.0  # standard deviation of the sensor's noise, x 10,000, plus a share of the signal
_NOISE_SHARE = 0.004


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
    """Simulate one Sentinel-2 image.

    Args:
        scene: ground with pixels of 10 m and an edge that is a multiple of six of them.
        moment: when; decides sun, season and snow.
        seed: of clouds, haze and noise.
        sky: how cloudy; clear if not given.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    size = scene.surface.shape[0]
    ground = reflectance(scene, moment, rng)
    clouds = make_clouds(sky or Sky(), rng, size, scene.pixel_m, moment.sun)
    haze = float(rng.uniform(0.3, 1.3))
    lit = ground.rho * (1 - clouds.shade)[None]
    number = {band: index for index, band in enumerate(L2A_BANDS)}
    l2a = {band: _seen(lit[number[band]], band, clouds, rng) for band in L2A_BANDS}
    l1c = {}
    for band in L1C_BANDS:
        below = lit[number[band]] if band in number else lit[number["B11"]]
        l1c[band] = _seen(_through_air(below, band, haze, moment, scene), band, clouds, rng)
    return Sentinel2(l1c, l2a, _mask(scene, ground, clouds))


def _through_air(rho: NDArray[np.float32], band: str, haze: float, moment: Moment, scene: Scene) -> NDArray[np.float32]:
    """What reaches the satellite above the air: less of the ground, plus light that the air scatters."""
    clean, hazy, gas = _AIR[band]
    _, elevation = moment.sun
    air_mass = 0.5 * (1 + 1 / max(math.sin(elevation), 0.2))
    thinner = math.exp(-float(scene.elevation_m.mean()) / 8000)  # less air above high ground
    path = (clean * thinner + hazy * haze * thinner**3) * (0.6 + 0.4 * air_mass)
    through = gas**air_mass * (1 - 1.2 * path / 10000)
    return np.asarray(path + through * rho, dtype=np.float32)


def _seen(rho: NDArray[np.float32], band: str, clouds: Clouds, rng: np.random.Generator) -> NDArray[np.int16]:
    """Lay the clouds over a band, average to its resolution, add noise, round."""
    veil, thick = _VEIL.get(band, _VEIL_ELSE), _THICK.get(band, _THICK_ELSE)
    image = rho + (veil - rho) * clouds.thin
    image = image + (thick * clouds.bright - image) * clouds.thick
    step = round(RESOLUTION_M[band] / _BASE_PIXEL_M)
    if step > 1:
        n = image.shape[0] // step
        image = image.reshape(n, step, n, step).mean(axis=(1, 3))
    noise = rng.standard_normal(image.shape, dtype=np.float32) * (_NOISE + _NOISE_SHARE * image) / math.sqrt(step)
    return np.asarray(np.clip(np.rint(image + noise), 1, 16000), dtype=np.int16)


def _mask(scene: Scene, ground: Reflectance, clouds: Clouds) -> NDArray[np.uint8]:
    mask = np.zeros(ground.snow.shape, dtype=np.uint8)
    mask[ground.water] = 1
    mask[(ground.snow > 0.45) | (scene.surface == Surface.ICE)] = 2
    mask[(clouds.shade > 0.30) & (clouds.thin < 0.08)] = 5
    mask[clouds.thin > 0.10] = 3
    mask[clouds.thick > 0.12] = 3
    mask[clouds.thick > 0.5] = 4
    return mask
