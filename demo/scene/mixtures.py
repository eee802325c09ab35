"""Which mixture each surface is."""

from collections.abc import Callable

from demo.scene import human, nature, spectra
from demo.scene.palette import Index, Palette, Parts
from demo.scene.surface import Surface

MIXTURES: dict[Surface, Callable[[Palette, Index], Parts]] = {
    Surface.SEA: nature.sea,
    Surface.RIVER: nature.river,
    Surface.LAKE: nature.lake,
    Surface.BROADLEAF: nature.broadleaf,
    Surface.CONIFER: nature.conifer,
    Surface.MIXED_FOREST: nature.mixed,
    Surface.SHRUB: nature.shrub,
    Surface.ARABLE: human.arable,
    Surface.PERMANENT_CROP: human.orchard,
    Surface.PASTURE: human.pasture,
    Surface.COMPLEX_CULTIVATION: human.mosaic,
    Surface.MIXED_FARMLAND: human.mosaic,
    Surface.AGROFORESTRY: human.montado,
    Surface.GRASSLAND: nature.grassland,
    Surface.HEATH: nature.heath,
    Surface.SPARSE: nature.stony,
    Surface.INLAND_WETLAND: nature.marsh,
    Surface.COASTAL_WETLAND: nature.marsh,
    Surface.MANGROVE: nature.mangrove,
    Surface.SAND: nature.sand,
    Surface.ROCK: nature.bare(spectra.ROCK, spectra.RED_ROCK),
    Surface.URBAN_DENSE: human.houses(0.14),
    Surface.URBAN_OPEN: human.houses(0.5),
    Surface.INDUSTRY: human.works,
    Surface.ROAD: human.road,
    Surface.ICE: nature.bare(spectra.GLACIER),
    Surface.BURNT: nature.bare(spectra.ASH),
    Surface.RICE: human.rice,
    Surface.SALT: nature.bare(spectra.SALT),
    Surface.LAVA: nature.bare(spectra.LAVA),
}
