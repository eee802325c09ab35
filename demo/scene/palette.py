"""What the mixtures of a scene are drawn from: its dice, its crops, the season of its plants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene import phenology, spectra
from demo.scene.moment import Moment
from demo.scene.noise import Field, dice, fractal
from demo.scene.scene import Scene
from demo.scene.setting import Climate
from demo.scene.spectra import Spectrum

Share = NDArray[np.floating] | NDArray[np.bool_] | float
Parts = list[tuple[Share, Spectrum]]  # shares (of the pixels asked for) and materials
Index = NDArray[np.int64]  # numbers of pixels, row by row

GREY_CLIMATES = (Climate.TEMPERATE, Climate.BOREAL, Climate.POLAR)  # where water is clear and soil is brown


@dataclass(frozen=True)
class Palette:
    """What the mixtures of a scene are made of: per-pixel dice, per-field crops, the season."""

    scene: Scene
    grass: float
    leaves: float
    autumn: float
    crop: Field
    straw: Field
    field_roll: Field
    roof_roll: Field
    tree: Field
    soil: Spectrum
    bright: Field


def make_palette(scene: Scene, moment: Moment, rng: np.random.Generator) -> Palette:
    """Roll the dice of a scene and read the calendar of its plants."""
    climate, red = scene.setting.climate, scene.setting.red
    size = scene.surface.shape[0]
    roll, second = dice(scene.parcel, scene.seed % 997 + 41), dice(scene.parcel, scene.seed % 997 + 43)
    crop, straw = phenology.crops(moment, climate, roll, second)
    on, autumn = phenology.leaves(moment, climate)
    pale = spectra.PALE_SOIL if climate in (Climate.DESERT, Climate.STEPPE) else spectra.SOIL
    block = np.add.outer(np.arange(size) // 2 * 9973, np.arange(size) // 2)
    wobble = np.clip(1 + 0.10 * fractal(rng, size, 1.2, cutoff=5), 0.5, 1.5)
    return Palette(
        scene=scene,
        grass=phenology.grass(moment, climate),
        leaves=on,
        autumn=autumn,
        crop=np.clip(crop * wobble, 0, 1).ravel(),
        straw=straw.ravel(),
        field_roll=second.ravel(),
        roof_roll=dice(block, scene.seed % 991 + 51).ravel(),
        tree=dice(np.arange(size * size), scene.seed % 983 + 53),
        soil=(1 - red) * pale + red * spectra.RED_SOIL,
        bright=(0.75 + 0.5 * dice(scene.parcel, scene.seed % 977 + 57)).ravel(),
    )
