"""A stand-in for a resident model: the demo's classes with random weights, made once, and a sample for it."""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.demo_model.build import build_demo_model
from generation.engine.resident import Resident
from generation.modalities import COORDINATES, MODALITIES


@lru_cache(maxsize=1)
def loaded() -> Resident:
    """The demo model with random weights; tests do not change it."""
    torch.set_num_threads(1)
    model = build_demo_model()
    with torch.no_grad():  # the UNets' last layers begin at zero: they would decode everything to the mean
        for values in model.tokenizer.parameters():  # type: ignore[union-attr] # terratorch has no types
            if not values.any():
                values.normal_(std=0.05, generator=torch.Generator().manual_seed(values.numel()))
    return Resident(model, "demo", torch.device("cpu"), "0" * 64, {})


def terratorchs_model() -> Any:  # noqa: ANN401 - terratorch has no types
    """Its `TerraMindGeneration`."""
    return loaded().model


def sample(*names: str, size: int = 224, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Plausible values of some modalities, in units."""
    rng = np.random.default_rng(seed)
    arrays: dict[str, NDArray[np.float32]] = {}
    for name in names:
        known = MODALITIES[name]
        if name == COORDINATES:
            arrays[name] = np.array([11.5, 48.25], np.float32)
        elif name == "LULC":
            arrays[name] = rng.integers(0, 10, (1, size, size)).astype(np.float32)
        else:
            mean, std = (np.array(values)[:, None, None] for values in (known.mean, known.std))
            arrays[name] = (mean + std * rng.normal(size=(len(known.bands), size, size))).astype(np.float32)
    return arrays
