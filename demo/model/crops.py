"""Squares cut out of the pool, as the networks see them."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from demo.model.pool import Pool
from demo.terramesh.placing import SIZE_PX
from generation.demo_model.build import statistics
from generation.demo_model.sizes import IMAGE_PX

SLACK_PX = SIZE_PX - IMAGE_PX  # how far a square may be moved in a scene
CENTRE_PX = SLACK_PX // 2


@dataclass(frozen=True)
class Squares:
    """Which squares of which scenes.

    Attributes:
        scene: numbers of scenes in the pool.
        top: first row of each square.
        left: first column of each square.
    """

    scene: NDArray[np.int64]
    top: NDArray[np.int64]
    left: NDArray[np.int64]


def any_squares(pool: Pool, count: int, dice: np.random.Generator) -> Squares:
    """Squares of random scenes at random places."""
    scenes = len(pool["DEM"])
    return Squares(dice.integers(0, scenes, count), *dice.integers(0, SLACK_PX + 1, (2, count)))


def central_squares(scenes: range) -> Squares:
    """The middle of each scene: where a sample is cropped for the model."""
    middle = np.full(len(scenes), CENTRE_PX)
    return Squares(np.asarray(scenes), middle, middle)


def cut(pool: Pool, layer: str, squares: Squares) -> torch.Tensor:
    """Squares of one layer in their units, float32 (square, band, IMAGE_PX, IMAGE_PX); land cover as class numbers."""
    pixels = [
        pool[layer][scene, :, top : top + IMAGE_PX, left : left + IMAGE_PX]
        for scene, top, left in zip(squares.scene, squares.top, squares.left, strict=True)
    ]
    return torch.from_numpy(np.stack(pixels).astype(np.float32))


def cut_standardised(pool: Pool, layer: str, squares: Squares) -> torch.Tensor:
    """Like `cut`, standardised as TerraMind standardises the modality; land cover is left alone."""
    image = cut(pool, layer, squares)
    modality = layer.removesuffix("-clean")
    if modality == "LULC":
        return image
    mean, std = (values[None, :, None, None] for values in statistics(modality))
    return (image - mean) / std
