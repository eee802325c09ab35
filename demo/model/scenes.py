"""The scenes that the demo model learns from: those of the demo collection's kind, at other places, times and seeds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.scene import (
    L2A_BANDS,
    LANDSCAPES,
    RESOLUTION_M,
    Moment,
    Scene,
    Sky,
    lulc_map,
    make_scene,
    sentinel1,
    sentinel2,
    setting_for,
)
from demo.terramesh.arrays import SNOW, THICK_CLOUD, THIN_CLOUD, ndvi_of
from demo.terramesh.places import MAJORTOM, SSL4EO12, Place
from demo.terramesh.placing import SIZE_PX

Split = Literal["train", "further", "held-out"]

_PIXEL_M = 10.0
_SEASON_MONTHS = (1, 4, 7, 10)
_JITTER_DEGREES = 0.4
_OF_THE_COLLECTION = 0.7  # share of scenes near a place of the collection; the others take any landscape in any month
_CLOUDED = 0.12  # share of the scenes with a sky that the place does not ask for
_LULC_SNOW, _LULC_CLOUD = 7, 8
_SPLITS: dict[Split, int] = {"train": 11, "held-out": 13, "further": 17}


@dataclass(frozen=True)
class ScenePlan:
    """Everything that decides the pixels of one scene.

    Attributes:
        place: where and how to draw it.
        moment: of the Sentinel-2 image.
        radar_moment: of the Sentinel-1 images.
        sky: how cloudy.
        scene_seed: of the ground.
        sensor_seed: of clouds, noise and speckle.
    """

    place: Place
    moment: Moment
    radar_moment: Moment
    sky: Sky
    scene_seed: int
    sensor_seed: int


@cache
def _entries() -> tuple[tuple[Place, int], ...]:
    """The places of the collection, each as often as the collection shows it, with the month."""
    once = [(place, place.month or 7) for place in MAJORTOM]
    return (*once, *((place, month) for place in SSL4EO12 for month in _SEASON_MONTHS))


@cache
def _places_of(landscape: str) -> tuple[Place, ...]:
    """Places for a landscape: those of the collection that have it, else those of its climate."""
    every = (*MAJORTOM, *SSL4EO12)
    same = tuple(place for place in every if place.landscape == landscape)
    climate = LANDSCAPES[landscape].climate
    return same or tuple(place for place in every if LANDSCAPES[place.landscape].climate == climate)


def plan_scene(split: Split, index: int, *, seed: int) -> ScenePlan:
    """The plan of one scene; equal arguments give equal plans, the two splits share no seed."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, _SPLITS[split], index))))
    if rng.random() < _OF_THE_COLLECTION:
        base, month = _entries()[rng.integers(len(_entries()))]
        landscape, changes = base.landscape, base.changes
        month = (month - 1 + int(rng.integers(-1, 2))) % 12 + 1
    else:
        landscape = sorted(LANDSCAPES)[rng.integers(len(LANDSCAPES))]
        choices = _places_of(landscape)
        base = choices[rng.integers(len(choices))]
        changes, month = (base.changes if base.landscape == landscape else {}), int(rng.integers(1, 13))
    sky = Sky(thick=base.thick, thin=base.thin)
    if rng.random() < _CLOUDED:
        sky = Sky(thick=float(rng.uniform(0.03, 0.3)), thin=float(rng.uniform(0.0, 0.25)))
    lon, lat = (float(value + rng.uniform(-_JITTER_DEGREES, _JITTER_DEGREES)) for value in (base.lon, base.lat))
    midnight = datetime(int(rng.integers(2017, 2024)), month, int(rng.integers(4, 26)), tzinfo=UTC)
    seen = midnight + timedelta(hours=10.5 - lon / 15 + float(rng.normal(0, 0.12)))
    echo = seen + timedelta(days=float(rng.integers(0, 3)), hours=float(rng.choice((6.0, 18.0))) - 10.5)
    return ScenePlan(
        place=Place(base.name, lon, lat, landscape, month, changes=changes),
        moment=Moment(seen, lon, lat),
        radar_moment=Moment(echo, lon, lat),
        sky=sky,
        scene_seed=int(rng.integers(0, 2**32)),
        sensor_seed=int(rng.integers(0, 2**31)),
    )


def draw_scene(plan: ScenePlan) -> dict[str, NDArray[np.generic]]:
    """Draw one scene in every modality, (band, y, x), in the units of the collection; the offset is not there.

    `S1RTC-clean` and `S1GRD-clean` are the backscatter without speckle.
    """
    place = plan.place
    setting = setting_for(place.landscape, place.lon, place.lat, **place.changes)
    scene = make_scene(setting, size_px=SIZE_PX, seed=plan.scene_seed, pixel_m=_PIXEL_M)
    optical = sentinel2(scene, plan.moment, seed=plan.sensor_seed, sky=plan.sky)
    bands = [np.kron(optical.l2a[band], _block(RESOLUTION_M[band])) for band in L2A_BANDS]
    s2 = np.stack(bands).astype(np.int16)
    drawn: dict[str, NDArray[np.generic]] = {
        "S2L2A": s2,
        "DEM": np.rint(scene.elevation_m).astype(np.int16)[None],
        "NDVI": ndvi_of(s2)[None],
        "LULC": _land_cover(scene, optical.cloud_mask)[None],
    }
    for name, corrected in (("S1RTC", True), ("S1GRD", False)):
        for suffix, speckle in (("", True), ("-clean", False)):
            echo = sentinel1(
                scene, plan.radar_moment, seed=plan.sensor_seed + 1, terrain_corrected=corrected, speckle=speckle
            )
            drawn[name + suffix] = echo.astype(np.float16)
    return drawn


def _block(resolution_m: float) -> NDArray[np.int16]:
    """What repeats a pixel of a coarse band onto the 10 m grid."""
    step = round(resolution_m / _PIXEL_M)
    return np.ones((step, step), dtype=np.int16)


def _land_cover(scene: Scene, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Land cover with cloud and snow as the collection marks them."""
    lulc = lulc_map(scene)
    lulc[(mask == THIN_CLOUD) | (mask == THICK_CLOUD)] = _LULC_CLOUD
    lulc[mask == SNOW] = _LULC_SNOW
    return lulc
