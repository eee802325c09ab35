"""The pool as codes: every modality of a few squares of every scene, tokenised once."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from demo.model.crops import CENTRE_PX, SLACK_PX, Squares, cut_standardised
from demo.model.pool import Pool

PLACES = 4  # squares of a scene; the first is its middle
_BATCH = 32
_log = logging.getLogger(__name__)

Where = tuple[NDArray[np.int64], NDArray[np.int64]]  # scenes and places


@dataclass(frozen=True)
class Codes:
    """Tokens of a pool.

    Attributes:
        tokens: by modality, int16 (scene, place, token).
        tops: first rows of the squares, (scene, place).
        lefts: first columns.
    """

    tokens: dict[str, NDArray[np.int16]]
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]

    def squares(self, scenes: NDArray[np.int64], places: NDArray[np.int64]) -> Squares:
        """Where the tokens of these scenes and places were taken."""
        return Squares(scenes, self.tops[scenes, places], self.lefts[scenes, places])

    def batch(self, name: str, scenes: NDArray[np.int64], places: NDArray[np.int64]) -> torch.Tensor:
        """Tokens of one modality, int64 (square, token)."""
        return torch.from_numpy(self.tokens[name][scenes, places].astype(np.int64))

    def pick(self, count: int, dice: np.random.Generator) -> Where:
        """Random scenes and places."""
        scenes, places = self.tops.shape
        return dice.integers(0, scenes, count), dice.integers(0, places, count)


def lay_out(scenes: int, *, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First rows and columns of the squares of every scene, (scene, place) each."""
    dice = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 17))))
    corners = dice.integers(0, SLACK_PX + 1, (2, scenes, PLACES))
    corners[:, :, 0] = CENTRE_PX
    return corners[0], corners[1]


def tokenise(name: str, tokenizer: nn.Module, pool: Pool, *, folder: Path, seed: int, device: str = "cpu") -> Path:
    """Tokenise one modality of a pool into `{folder}/{name}.npy`, unless that is there; returns the file."""
    path = folder / f"{name}.npy"
    if path.exists():
        return path
    tops, lefts = lay_out(len(pool["DEM"]), seed=seed)
    rows: list[NDArray[np.int16]] = []
    tokenizer.eval().to(device)
    for first in range(0, len(tops), _BATCH):
        scenes = np.repeat(np.arange(first, min(first + _BATCH, len(tops))), PLACES)
        squares = Squares(scenes, tops[scenes[::PLACES]].ravel(), lefts[scenes[::PLACES]].ravel())
        image = cut_standardised(pool, name, squares).to(device)
        with torch.no_grad():
            ids = tokenizer.tokenize(image).flatten(1)  # type: ignore[operator]
        rows.append(ids.cpu().numpy().astype(np.int16).reshape(-1, PLACES, ids.shape[1]))
    found = np.concatenate(rows)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npy")
    np.save(partial, found)
    partial.replace(path)
    _log.info("%s: %d codes occur", name, len(np.unique(found)))
    return path


def open_codes(names: tuple[str, ...], *, folder: Path, seed: int) -> Codes:
    """The tokens of a pool that was tokenised."""
    tokens = {name: np.load(folder / f"{name}.npy") for name in names}
    return Codes(tokens, *lay_out(len(next(iter(tokens.values()))), seed=seed))
