"""Presets: kinds of landscape by name, turned into a Setting at a place."""

from dataclasses import replace
from typing import Any

from demo.scene.setting import Climate, Fields, Landform, River, Setting
from demo.scene.surface import Surface as S

_C, _F, _L, _R = Climate, Fields, Landform, River

# each line: what the place is; everything not said is the default of Setting
_EUROPE: dict[str, dict[str, Any]] = {
    "open-fields": dict(climate=_C.TEMPERATE, relief_m=35, fields=_F.OPEN, farmed=0.82, forest=0.10, town=0.03, roads=1,
                        open_kinds=(S.PASTURE,), crops=(S.ARABLE, S.ARABLE, S.ARABLE, S.PASTURE)),
    "strip-fields": dict(climate=_C.TEMPERATE, relief_m=60, fields=_F.STRIPS, farmed=0.70, forest=0.16, town=0.05, roads=1,
                         open_kinds=(S.PASTURE,), crops=(S.ARABLE, S.ARABLE, S.COMPLEX_CULTIVATION, S.PASTURE),
                         forest_kinds=(S.BROADLEAF, S.MIXED_FOREST)),
    "bocage": dict(climate=_C.TEMPERATE, relief_m=45, fields=_F.BOCAGE, farmed=0.84, forest=0.06, town=0.02, roads=1,
                   open_kinds=(S.PASTURE,), crops=(S.PASTURE, S.PASTURE, S.PASTURE, S.ARABLE)),
    "forest-hills": dict(climate=_C.TEMPERATE, relief_m=190, forest=0.66, farmed=0.26, fields=_F.BOCAGE, town=0.02, roads=1,
                         forest_kinds=(S.BROADLEAF, S.MIXED_FOREST, S.CONIFER), open_kinds=(S.PASTURE,),
                         crops=(S.PASTURE, S.MIXED_FARMLAND)),
    "river-plain": dict(climate=_C.TEMPERATE, landform=_L.PLAIN, base_m=80, relief_m=12, river=_R.MEANDER, river_width_m=130,
                        fields=_F.STRIPS, farmed=0.68, forest=0.14, town=0.03, roads=1, open_kinds=(S.PASTURE,),
                        wetland=S.INLAND_WETLAND, wetland_share=0.04, crops=(S.ARABLE, S.ARABLE, S.PASTURE)),
    "town": dict(climate=_C.TEMPERATE, landform=_L.HILLS, base_m=120, relief_m=35, town=0.52, roads=3, forest=0.08,
                 fields=_F.OPEN, farmed=0.35, open_kinds=(S.PASTURE,), crops=(S.ARABLE, S.COMPLEX_CULTIVATION)),
    "alpine": dict(climate=_C.TEMPERATE, landform=_L.MOUNTAINS, base_m=900, relief_m=1350, forest=0.44, farmed=0.05,
                   fields=_F.BOCAGE, crops=(S.PASTURE,), town=0.01, roads=1, forest_kinds=(S.MIXED_FOREST, S.CONIFER),
                   open_kinds=(S.GRASSLAND, S.HEATH), rock_m=2050),
    "glacier": dict(climate=_C.TEMPERATE, landform=_L.GLACIAL, base_m=1900, relief_m=1500, forest=0.0, river=_R.NONE,
                    open_kinds=(S.GRASSLAND, S.SPARSE), rock_m=2450, ice_m=2800, lakes=0.01),
    "boreal-lakes": dict(climate=_C.BOREAL, base_m=110, relief_m=28, lakes=0.26, forest=0.58, river=_R.NONE, roads=1,
                         forest_kinds=(S.MIXED_FOREST, S.CONIFER, S.CONIFER), open_kinds=(S.SHRUB,),
                         wetland=S.INLAND_WETLAND, wetland_share=0.08),
    "boreal-forest": dict(climate=_C.BOREAL, base_m=180, relief_m=55, forest=0.72, lakes=0.03, roads=1, fields=_F.OPEN,
                          forest_kinds=(S.CONIFER, S.CONIFER, S.MIXED_FOREST), open_kinds=(S.SHRUB, S.HEATH),
                          wetland=S.INLAND_WETLAND, wetland_share=0.14),
    "peatland": dict(climate=_C.TEMPERATE, base_m=90, relief_m=30, forest=0.14, forest_kinds=(S.CONIFER,), lakes=0.02,
                     open_kinds=(S.INLAND_WETLAND, S.HEATH, S.HEATH), fields=_F.BOCAGE, farmed=0.22, crops=(S.PASTURE,)),
    "upland": dict(climate=_C.TEMPERATE, base_m=220, relief_m=240, forest=0.22, forest_kinds=(S.CONIFER, S.MIXED_FOREST),
                   open_kinds=(S.GRASSLAND, S.HEATH, S.HEATH), fields=_F.BOCAGE, farmed=0.18, crops=(S.PASTURE,)),
    "atlantic-coast": dict(climate=_C.TEMPERATE, base_m=0, relief_m=70, sea=0.36, fields=_F.BOCAGE, farmed=0.42, forest=0.05,
                           open_kinds=(S.HEATH, S.GRASSLAND, S.PASTURE), crops=(S.PASTURE,), town=0.03, roads=1),
    "baltic-coast": dict(climate=_C.TEMPERATE, landform=_L.PLAIN, base_m=0, relief_m=14, sea=0.33, fields=_F.OPEN, farmed=0.28,
                         forest=0.24, forest_kinds=(S.CONIFER, S.MIXED_FOREST), open_kinds=(S.PASTURE,), town=0.02, roads=1,
                         wetland=S.COASTAL_WETLAND, wetland_share=0.08),
    "skerries": dict(climate=_C.BOREAL, base_m=0, relief_m=38, sea=0.48, forest=0.38, river=_R.NONE,
                     forest_kinds=(S.MIXED_FOREST, S.CONIFER), open_kinds=(S.SPARSE, S.HEATH)),
    "mediterranean": dict(climate=_C.MEDITERRANEAN, base_m=160, relief_m=170, fields=_F.ORCHARD, farmed=0.46, forest=0.18,
                          crops=(S.PERMANENT_CROP, S.PERMANENT_CROP, S.ARABLE), open_kinds=(S.SHRUB, S.HEATH, S.GRASSLAND),
                          town=0.03, roads=1, forest_kinds=(S.MIXED_FOREST, S.BROADLEAF)),
    "montado": dict(climate=_C.MEDITERRANEAN, base_m=180, relief_m=60, fields=_F.OPEN, farmed=0.72, forest=0.12, lakes=0.015,
                    crops=(S.AGROFORESTRY, S.AGROFORESTRY, S.PASTURE, S.ARABLE), open_kinds=(S.HEATH,)),
    "mediterranean-coast": dict(climate=_C.MEDITERRANEAN, base_m=0, relief_m=210, sea=0.34, forest=0.14, town=0.09, roads=1,
                                open_kinds=(S.HEATH, S.SHRUB), fields=_F.ORCHARD, farmed=0.18, crops=(S.PERMANENT_CROP,),
                                forest_kinds=(S.MIXED_FOREST,)),
    "salt-marsh": dict(climate=_C.MEDITERRANEAN, landform=_L.PLAIN, base_m=0, relief_m=7, sea=0.24, river=_R.DELTA,
                       river_width_m=120, wetland=S.COASTAL_WETLAND, wetland_share=0.34, fields=_F.STRIPS, farmed=0.25,
                       forest=0.03, open_kinds=(S.GRASSLAND,), crops=(S.RICE, S.ARABLE)),
    "burnt-hills": dict(climate=_C.MEDITERRANEAN, base_m=350, relief_m=320, forest=0.42, burnt=0.24, roads=1,
                        forest_kinds=(S.CONIFER, S.BROADLEAF), open_kinds=(S.SHRUB, S.HEATH), town=0.008),
}
_WORLD: dict[str, dict[str, Any]] = {
    "survey-plain": dict(climate=_C.TEMPERATE, landform=_L.PLAIN, base_m=300, relief_m=14, fields=_F.SURVEY, farmed=0.92,
                         forest=0.03, open_kinds=(S.PASTURE,), crops=(S.ARABLE, S.ARABLE, S.ARABLE, S.PASTURE)),
    "large-rectangles": dict(climate=_C.SAVANNA, landform=_L.PLAIN, base_m=420, relief_m=30, fields=_F.SURVEY, farmed=0.78,
                             forest=0.16, open_kinds=(S.GRASSLAND,), crops=(S.ARABLE, S.ARABLE, S.ARABLE, S.PASTURE)),
    "pivots": dict(climate=_C.DESERT, landform=_L.PLAIN, base_m=500, relief_m=14, fields=_F.PIVOT, farmed=0.62, forest=0.0,
                   river=_R.NONE, open_kinds=(S.SPARSE, S.SAND), roads=1),
    "pivots-steppe": dict(climate=_C.STEPPE, landform=_L.PLAIN, base_m=850, relief_m=18, fields=_F.PIVOT, farmed=0.66,
                          forest=0.0, river=_R.NONE, open_kinds=(S.GRASSLAND, S.PASTURE), roads=1),
    "paddies": dict(climate=_C.RAINFOREST, landform=_L.PLAIN, base_m=6, relief_m=7, river=_R.MEANDER, river_width_m=90,
                    fields=_F.PADDY, farmed=0.74, forest=0.06, town=0.06, roads=1, crops=(S.RICE, S.RICE, S.RICE, S.ARABLE),
                    open_kinds=(S.PASTURE,)),
    "terraces": dict(climate=_C.RAINFOREST, base_m=500, relief_m=420, fields=_F.PADDY, farmed=0.48, forest=0.42, town=0.02,
                     crops=(S.RICE, S.RICE, S.COMPLEX_CULTIVATION), open_kinds=(S.SHRUB,)),
    "rainforest": dict(climate=_C.RAINFOREST, base_m=90, relief_m=22, river=_R.MEANDER, river_width_m=190, forest=0.9,
                       wetland=S.INLAND_WETLAND, wetland_share=0.03, open_kinds=(S.SHRUB,)),
    "fishbone": dict(climate=_C.RAINFOREST, base_m=140, relief_m=45, fields=_F.FISHBONE, farmed=0.55, forest=0.62,
                     crops=(S.PASTURE, S.PASTURE, S.PASTURE, S.ARABLE), open_kinds=(S.PASTURE,)),
    "plantation": dict(climate=_C.RAINFOREST, base_m=60, relief_m=60, fields=_F.ORCHARD, farmed=0.66, forest=0.28, roads=1,
                       crops=(S.PERMANENT_CROP,), open_kinds=(S.SHRUB,)),
    "savanna": dict(climate=_C.SAVANNA, base_m=900, relief_m=60, forest=0.10, open_kinds=(S.GRASSLAND, S.GRASSLAND, S.SHRUB),
                    river=_R.STREAMS),
    "smallholders": dict(climate=_C.SAVANNA, base_m=1200, relief_m=120, fields=_F.SMALLHOLDER, farmed=0.68, forest=0.10,
                         town=0.05, roads=1, open_kinds=(S.GRASSLAND, S.SHRUB), crops=(S.ARABLE, S.COMPLEX_CULTIVATION)),
    "sahel": dict(climate=_C.SAVANNA, landform=_L.PLAIN, base_m=300, relief_m=22, fields=_F.SMALLHOLDER, farmed=0.42,
                  forest=0.02, town=0.02, roads=1, open_kinds=(S.SPARSE, S.GRASSLAND, S.SHRUB), crops=(S.ARABLE,)),
    "delta-arid": dict(climate=_C.DESERT, landform=_L.PLAIN, base_m=15, relief_m=6, river=_R.MEANDER, river_width_m=260,
                       fields=_F.STRIPS, farmed=0.62, forest=0.02, town=0.10, roads=2, open_kinds=(S.SPARSE, S.SAND),
                       crops=(S.ARABLE, S.ARABLE, S.PERMANENT_CROP)),
    "dunes": dict(climate=_C.DESERT, landform=_L.DUNES, base_m=400, relief_m=85, river=_R.NONE, forest=0.0, open_kinds=(S.SAND,)),
    "rock-desert": dict(climate=_C.DESERT, landform=_L.CANYON, base_m=900, relief_m=330, forest=0.0,
                        open_kinds=(S.ROCK, S.SPARSE, S.SAND)),
    "oasis": dict(climate=_C.DESERT, base_m=700, relief_m=140, river=_R.STREAMS, forest=0.0, fields=_F.SMALLHOLDER, farmed=0.16,
                  town=0.05, roads=1, open_kinds=(S.SPARSE, S.ROCK), crops=(S.PERMANENT_CROP, S.ARABLE)),
    "canyon": dict(climate=_C.STEPPE, landform=_L.CANYON, base_m=1200, relief_m=520, forest=0.06, forest_kinds=(S.CONIFER,),
                   open_kinds=(S.ROCK, S.SPARSE, S.HEATH)),
    "salt-lake": dict(climate=_C.DESERT, landform=_L.PLAIN, base_m=1100, relief_m=18, lakes=0.3, river=_R.NONE, forest=0.0,
                      open_kinds=(S.SALT, S.SPARSE, S.SPARSE)),
    "steppe": dict(climate=_C.STEPPE, base_m=420, relief_m=55, forest=0.01, fields=_F.OPEN, farmed=0.34, crops=(S.ARABLE,),
                   open_kinds=(S.GRASSLAND,), roads=1),
    "high-mountains": dict(climate=_C.STEPPE, landform=_L.MOUNTAINS, base_m=3100, relief_m=1700, forest=0.0, rock_m=4100,
                           ice_m=4500, open_kinds=(S.GRASSLAND, S.SPARSE)),
    "altiplano": dict(climate=_C.STEPPE, base_m=3850, relief_m=170, lakes=0.08, forest=0.0, fields=_F.STRIPS, farmed=0.30,
                      open_kinds=(S.GRASSLAND, S.SPARSE), town=0.015, roads=1, crops=(S.ARABLE, S.PASTURE)),
    "rain-mountains": dict(climate=_C.RAINFOREST, landform=_L.MOUNTAINS, base_m=700, relief_m=1100, forest=0.88,
                           open_kinds=(S.SHRUB,)),
    "volcano-island": dict(climate=_C.RAINFOREST, landform=_L.VOLCANO, base_m=0, relief_m=820, sea=0.42, forest=0.46,
                           river=_R.NONE, open_kinds=(S.SHRUB, S.GRASSLAND), rock_m=640, town=0.02, roads=1),
    "volcano": dict(climate=_C.TEMPERATE, landform=_L.VOLCANO, base_m=900, relief_m=1400, forest=0.42, rock_m=1650,
                    forest_kinds=(S.MIXED_FOREST, S.CONIFER), open_kinds=(S.LAVA, S.GRASSLAND), river=_R.NONE),
    "mangrove": dict(climate=_C.RAINFOREST, landform=_L.PLAIN, base_m=0, relief_m=4, sea=0.26, river=_R.DELTA, river_width_m=210,
                     wetland=S.MANGROVE, wetland_share=0.62, forest=0.05, open_kinds=(S.COASTAL_WETLAND,)),
    "tropical-coast": dict(climate=_C.RAINFOREST, landform=_L.PLAIN, base_m=0, relief_m=20, sea=0.4, forest=0.34, town=0.06,
                           fields=_F.ORCHARD, farmed=0.2, crops=(S.PERMANENT_CROP,), open_kinds=(S.SHRUB, S.PASTURE), roads=1),
    "braided-river": dict(climate=_C.TEMPERATE, landform=_L.PLAIN, base_m=250, relief_m=22, river=_R.BRAIDED, river_width_m=340,
                          fields=_F.OPEN, farmed=0.44, forest=0.14, open_kinds=(S.GRASSLAND,), crops=(S.PASTURE, S.ARABLE)),
    "tundra": dict(climate=_C.POLAR, landform=_L.PLAIN, base_m=40, relief_m=16, lakes=0.24, forest=0.0, river=_R.MEANDER,
                   river_width_m=70, open_kinds=(S.INLAND_WETLAND, S.HEATH, S.GRASSLAND)),
    "taiga": dict(climate=_C.BOREAL, base_m=260, relief_m=70, forest=0.78, forest_kinds=(S.CONIFER, S.CONIFER, S.BROADLEAF),
                  river=_R.MEANDER, river_width_m=100, open_kinds=(S.SHRUB,), burnt=0.05, wetland=S.INLAND_WETLAND,
                  wetland_share=0.07),
    "fjord": dict(climate=_C.BOREAL, landform=_L.GLACIAL, base_m=0, relief_m=900, sea=0.24, forest=0.30, river=_R.NONE,
                  forest_kinds=(S.BROADLEAF, S.CONIFER), open_kinds=(S.GRASSLAND, S.SPARSE), rock_m=520, ice_m=1200),
    "polar-ice": dict(climate=_C.POLAR, landform=_L.GLACIAL, base_m=350, relief_m=780, forest=0.0, river=_R.NONE,
                      open_kinds=(S.SPARSE, S.ROCK), rock_m=640, ice_m=760),
    "city": dict(climate=_C.TEMPERATE, landform=_L.PLAIN, base_m=20, relief_m=16, town=0.82, roads=4, forest=0.04,
                 river=_R.MEANDER, river_width_m=170, open_kinds=(S.PASTURE,)),
    "city-arid": dict(climate=_C.DESERT, landform=_L.PLAIN, base_m=300, relief_m=30, town=0.66, roads=4, forest=0.0,
                      river=_R.NONE, open_kinds=(S.SPARSE, S.SAND), fields=_F.SMALLHOLDER, farmed=0.08),
    "outback": dict(climate=_C.DESERT, landform=_L.PLAIN, base_m=350, relief_m=22, red=1.0, forest=0.05, open_kinds=(S.SPARSE, S.SHRUB, S.SAND),
                    river=_R.STREAMS),
}

_REDNESS = {_C.RAINFOREST: 0.55, _C.SAVANNA: 0.65, _C.DESERT: 0.25, _C.MEDITERRANEAN: 0.25, _C.STEPPE: 0.15}

LANDSCAPES: dict[str, Setting] = {
    name: Setting(**({"lon": 0.0, "lat": 0.0, "red": _REDNESS.get(choices["climate"], 0.0)} | choices))
    for name, choices in (_EUROPE | _WORLD).items()
}


def setting_for(landscape: str, lon: float, lat: float, **changes: Any) -> Setting:  # noqa: ANN401 - fields of Setting
    """The setting of a kind of landscape at a place, with single fields changed by name.

    Raises:
        KeyError: no such landscape; LANDSCAPES names them all.
    """
    return replace(LANDSCAPES[landscape], lon=lon, lat=lat, **changes)
