"""The scene engine: synthetic ground at real places, and what Sentinel-1 and Sentinel-2 see of it.

    setting = setting_for("alpine", 11.4, 47.1)
    scene = make_scene(setting, size_px=264, seed=7)
    moment = Moment(datetime(2020, 7, 1, 10, 12, tzinfo=UTC), 11.4, 47.1)
    optical = sentinel2(scene, moment, seed=7, sky=Sky(thick=0.1))
    radar = sentinel1(scene, moment, seed=7, terrain_corrected=True)

Every result is a pure function of its arguments; numpy's PCG64 is the only source of randomness.
"""

from demo.scene.clouds import Sky
from demo.scene.landscapes import LANDSCAPES, setting_for
from demo.scene.moment import Moment
from demo.scene.radar import sentinel1
from demo.scene.scene import Scene, lulc_map, make_scene
from demo.scene.setting import Climate, Fields, Landform, River, Setting
from demo.scene.simulate import Sentinel2, sentinel2
from demo.scene.spectra import L1C_BANDS, L2A_BANDS, RESOLUTION_M
from demo.scene.surface import FOREST, URBAN, WATER, Surface, corine_of, is_any, lulc_of

__all__ = [
    "FOREST",
    "L1C_BANDS",
    "L2A_BANDS",
    "LANDSCAPES",
    "RESOLUTION_M",
    "URBAN",
    "WATER",
    "Climate",
    "Fields",
    "Landform",
    "Moment",
    "River",
    "Scene",
    "Sentinel2",
    "Setting",
    "Sky",
    "Surface",
    "corine_of",
    "is_any",
    "lulc_map",
    "lulc_of",
    "make_scene",
    "sentinel1",
    "sentinel2",
    "setting_for",
]
