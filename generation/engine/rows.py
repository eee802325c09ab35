"""Which seed and which tile each row of a batch is: seed by seed, and within a seed tile by tile."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.draws import tile_seed
from generation.modalities import COORDINATES
from generation.tiling import Tiling


@dataclass(frozen=True)
class Rows:
    """The rows of one run."""

    seeds: tuple[int, ...]
    tiling: Tiling

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.seeds) * self.tiling.count

    @property
    def tile_of_row(self) -> list[int]:
        """Rows of the same tile have the same inputs."""
        return list(range(self.tiling.count)) * len(self.seeds)

    @property
    def row_seeds(self) -> list[int]:
        """The seed that draws each row."""
        return [number for of_seed in self.seeds_of_tiles for number in of_seed]

    @property
    def seeds_of_tiles(self) -> list[list[int]]:
        """The same by seed and tile."""
        return [[tile_seed(seed, tile) for tile in range(self.tiling.count)] for seed in self.seeds]

    def inputs(self, name: str, values: NDArray[np.float32], device: torch.device) -> torch.Tensor:
        """One input for all rows: (row, band, y, x), or (row, 2) of coordinates, which all tiles share."""
        if name == COORDINATES:
            return torch.from_numpy(np.tile(values, (self.count, 1))).to(device)
        tiles = torch.from_numpy(np.ascontiguousarray(self.tiling.cut(values)))
        return tiles.repeat(len(self.seeds), 1, 1, 1).to(device)

    def by_seed(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the rows as (seed, tile, ...)."""
        return values.reshape(len(self.seeds), self.tiling.count, *values.shape[1:])

    def token_maps(self, tokens: NDArray[Any]) -> NDArray[Any]:
        """Tokens (row, n) as one map per seed, (seed, ty, tx)."""
        side = self.tiling.tokens
        maps = self.by_seed(tokens.reshape(self.count, side, side))
        return np.stack([self.tiling.mosaic(of_seed) for of_seed in maps])

    def noise(self, field: torch.Tensor) -> torch.Tensor:
        """The noise of one seed's tiles (tile, band, y, x) out of one field (1, band, y, x), so that overlaps agree."""
        size = self.tiling.size
        return torch.cat([field[:, :, top : top + size, left : left + size] for left, top in self.tiling.corners])
