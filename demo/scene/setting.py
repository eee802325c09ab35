"""What makes one place look different from another: climate, landform, water, farming, towns."""

from dataclasses import dataclass
from enum import StrEnum

from demo.scene.surface import Surface


class Climate(StrEnum):
    """Decides the calendar of the vegetation, the colour of the soil and the height of the snow line."""

    POLAR = "polar"
    BOREAL = "boreal"
    TEMPERATE = "temperate"
    MEDITERRANEAN = "mediterranean"
    STEPPE = "steppe"
    DESERT = "desert"
    SAVANNA = "savanna"
    RAINFOREST = "rainforest"


class Landform(StrEnum):
    """The large shape of the ground."""

    PLAIN = "plain"
    HILLS = "hills"
    MOUNTAINS = "mountains"
    GLACIAL = "glacial"  # broad valleys between sharp ridges
    CANYON = "canyon"  # a plateau cut by rivers
    VOLCANO = "volcano"
    DUNES = "dunes"


class River(StrEnum):
    """What kind of river crosses the scene."""

    NONE = "none"
    STREAMS = "streams"  # dendritic, where the terrain gathers water
    MEANDER = "meander"
    BRAIDED = "braided"
    DELTA = "delta"


class Fields(StrEnum):
    """How farmland is cut into parcels; the handwriting of a region."""

    NONE = "none"
    OPEN = "open"  # large irregular rectangles
    STRIPS = "strips"  # long narrow strips in blocks of one direction
    BOCAGE = "bocage"  # small meadows between hedges
    SURVEY = "survey"  # squares of a land survey, roads along them
    PIVOT = "pivot"  # irrigated circles
    PADDY = "paddy"  # small basins along the contours
    SMALLHOLDER = "smallholder"  # gardens of half a hectare
    ORCHARD = "orchard"  # rows of trees
    FISHBONE = "fishbone"  # clearings along side roads


@dataclass(frozen=True)
class Setting:
    """One place as the scene engine sees it. Shares are of the scene's area, 0 to 1; heights in metres."""

    lon: float
    lat: float
    climate: Climate
    landform: Landform = Landform.HILLS
    base_m: float = 200.0
    relief_m: float = 80.0  # height difference over about 3 km
    sea: float = 0.0
    lakes: float = 0.0
    river: River = River.STREAMS
    river_width_m: float = 60.0
    forest: float = 0.3
    forest_kinds: tuple[Surface, ...] = (Surface.BROADLEAF,)
    open_kinds: tuple[Surface, ...] = (Surface.GRASSLAND,)  # what grows where nothing else does
    fields: Fields = Fields.NONE
    farmed: float = 0.0
    crops: tuple[Surface, ...] = (Surface.ARABLE,)
    wetland: Surface | None = None  # what fringes the water
    wetland_share: float = 0.0
    town: float = 0.0  # about the share that is built
    roads: int = 0  # main roads crossing the scene
    rock_m: float = 9000.0  # bare rock above
    ice_m: float = 9000.0  # perpetual ice above
    burnt: float = 0.0
    red: float = 0.0  # how red soil, sand and rock are: 0 in Europe, 1 in central Australia
