"""Second half of a run: pictures of the tokens, told step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.decoding import decoded_at_once, diffused, is_diffusion, noise_of
from generation.engine.draws import Draws
from generation.engine.hooks import to_array
from generation.engine.precision import Chosen
from generation.engine.rows import Rows
from generation.engine.running import Running, Stopwatch
from generation.events import Step
from generation.modalities import MODALITIES
from generation.request import Request
from generation.speeds import DIRECT, STEP

CLASSES_MODALITY = "LULC"


@dataclass(frozen=True)
class Painter:
    """Makes pictures for one run."""

    model: Any  # terratorch's TerraMindGeneration
    request: Request
    rows: Rows
    precision: Chosen
    running: Running

    def tokenizer(self, name: str) -> Any:  # noqa: ANN401 - terratorch has no types
        """The tokenizer of a modality."""
        return self.model.tokenizer[MODALITIES[name].token_key]

    def noises(self, names: list[str], draws: Draws) -> dict[str, torch.Tensor]:
        """The noise of all pictures that begin with noise, (row, band, y, x), drawn in the order of the outputs.

        One seed's tiles are cut out of one field, drawn with the dice of its first tile.
        """
        tiling = self.rows.tiling
        return {
            name: torch.cat(
                [
                    self.rows.noise(
                        noise_of(self.tokenizer(name), (tiling.height, tiling.width), draws.of(number * tiling.count))
                    )
                    for number in range(len(self.rows.seeds))
                ]
            )
            for name in names
            if is_diffusion(self.tokenizer(name))
        }

    def picture(self, name: str, shown_name: str, tokens: torch.Tensor, noise: torch.Tensor | None) -> NDArray[Any]:
        """The picture of one output for every seed, (seed, band, y, x) in units, or class numbers.

        Args:
            name: of the modality.
            shown_name: how events call it.
            tokens: (row, n).
            noise: (row, band, y, x) where the decoder begins with noise.
        """
        side = self.rows.tiling.tokens
        maps = tokens.reshape(self.rows.count, side, side)
        hear = self._hearer(name, shown_name, DIRECT if noise is None else STEP)
        if noise is None:
            found = decoded_at_once(self.tokenizer(name), maps, hear, self.running.check)
        else:
            found = diffused(
                self.tokenizer(name),
                maps,
                noise,
                self.request.timesteps,
                clipped=self.request.clipped,
                precision=self.precision,
                heard=hear,
                check=self.running.check,
            )
        tiles = self.rows.by_seed(to_array(found))
        return np.stack([self._finished(name, self.rows.tiling.blend(of_seed)) for of_seed in tiles])

    def _hearer(self, name: str, shown_name: str, what: str) -> Callable[[range, int, int, torch.Tensor], None]:
        """Tells every step of one picture, with the first seed as far as it is."""
        tiling, watch = self.rows.tiling, Stopwatch()
        known = [False] * tiling.count
        canvas: list[NDArray[np.float32] | None] = [None] * tiling.count

        def hear(part: range, step: int, steps: int, so_far: torch.Tensor) -> None:
            self.running.worked(what, len(part), watch.lap())
            preview = None
            if part.start < tiling.count:  # rows of the first seed
                for row in range(part.start, min(part.stop, tiling.count)):
                    canvas[row], known[row] = to_array(so_far[row - part.start].float()), True
                blank = next(values for values in canvas if values is not None)
                tiles = np.stack([np.zeros_like(blank) if values is None else values for values in canvas])
                preview = self._finished(name, tiling.blend(tiles, known)).astype(np.float32)
            self.running.tell(Step(shown_name, step, steps, self.running.seconds_left(), preview))

        return hear

    def _finished(self, name: str, values: NDArray[np.float32]) -> NDArray[Any]:
        """Standardised values (band, y, x) in units; scores per class become the likeliest class."""
        if name == CLASSES_MODALITY:
            return np.asarray(values.argmax(axis=0)[np.newaxis], np.uint8)
        key = MODALITIES[name].token_key
        mean, std = (to_array(table[key])[0] for table in (self.model.pretraining_mean, self.model.pretraining_std))
        return np.asarray(values * std + mean)
