"""What one run of TerraMind made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

NOTHING_REAL: Mapping[str, np.ndarray] = MappingProxyType({})  # the truth of a run that has none to compare with


@dataclass(frozen=True, eq=False)
class Outcome:
    """Arrays of one run, seed by seed in the order of the request.

    Names are Patchwork's, `input>output` in a matrix. Whole samples were cut into tiles: `facts["tiles"]` then tells
    `size`, `lefts` and `tops` in pixels, and each token map is a mosaic of one map per tile, left to right, top to
    bottom.
    """

    # (seed, band, y, x) float32 in the modality's unit; LULC uint8 class numbers, one band
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    tokens: dict[str, np.ndarray] = field(default_factory=dict)  # (seed, ty, tx) int32
    coordinates: np.ndarray | None = None  # (seed, 2) float32: longitude, latitude; NaN where the words made no place
    extras: dict[str, np.ndarray] = field(default_factory=dict)  # of embeddings, reconstruction and thinking
    timings: dict[str, float] = field(default_factory=dict)  # seconds: load, tokens, decode, total, step:MODALITY
    facts: dict[str, object] = field(default_factory=dict)  # values JSON can carry: model, device, precision, ...
    real_tokens: dict[str, np.ndarray] = field(default_factory=dict)  # of the truth, by output: (ty, tx) int32
