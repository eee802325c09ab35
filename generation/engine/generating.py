"""One run of kind `generate`: inputs to outputs, all seeds and tiles at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.checking import area_of
from generation.engine.decoding import clips, is_diffusion
from generation.engine.pictures import Painter
from generation.engine.precision import Chosen
from generation.engine.rows import Rows
from generation.engine.running import Running, Stopwatch
from generation.engine.sampling import Drawn
from generation.engine.tokens import DrawnTokens, draw_tokens
from generation.events import Step, Tokens
from generation.modalities import COORDINATES
from generation.request import Request, real_steps
from generation.speeds import DIRECT, STEP, TOKENS
from generation.tiling import tiling_of


@dataclass
class Made:
    """What a run collects."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    tokens: dict[str, NDArray[Any]] = field(default_factory=dict)
    coordinates: NDArray[np.float32] | None = None


class Generating:
    """Inputs to outputs on one resident model."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - terratorch's TerraMindGeneration
        request: Request,
        precision: Chosen,
        running: Running,
        *,
        area: tuple[int, int],
    ) -> None:
        """Lay out seeds and tiles.

        Args:
            model: terratorch's TerraMindGeneration with the tokenizers that are needed.
            request: what to do.
            precision: of the decoders.
            running: who listens.
            area: width and height of the inputs, pixels.
        """
        self._model = model
        self._request = request
        self._running = running
        self.rows = Rows(request.seeds, tiling_of(*area))
        self._painter = Painter(model, request, self.rows, precision, running)

    def plan(self, outputs: Sequence[str]) -> None:
        """Count the work of one call of `run`, before the first of them."""
        rows = self.rows.count
        for name in outputs:
            self._running.plan(TOKENS, rows * (1 if name == COORDINATES else self._request.decoding_steps))
            if name == COORDINATES:
                continue
            if is_diffusion(self._painter.tokenizer(name)):
                self._running.plan(STEP, rows * real_steps(self._request.timesteps))
            else:
                self._running.plan(DIRECT, rows)

    def clipped(self, outputs: Sequence[str]) -> dict[str, bool]:
        """Of each output that is diffused: whether its values are clipped to the published range."""
        tokenizers = {name: self._painter.tokenizer(name) for name in outputs if name != COORDINATES}
        return {
            name: self._request.clipped and clips(tokenizer)
            for name, tokenizer in tokenizers.items()
            if is_diffusion(tokenizer)
        }

    def run(
        self,
        arrays: Mapping[str, NDArray[np.float32]],
        outputs: Sequence[str],
        made: Made,
        *,
        shown: str = "{}",
    ) -> None:
        """Generate the outputs, chained in their order, and add them to what is made.

        Args:
            arrays: the inputs, checked.
            outputs: in this order.
            made: is added to.
            shown: how events and results call an output, such as `S2L2A>{}`.
        """
        with torch.inference_mode(), self._running.timed("tokens"):
            drawn = draw_tokens(
                self._model,
                self._request,
                arrays,
                self.rows,
                outputs=outputs,
                tell=self._token_teller(shown),
                check=self._running.check,
            )
        with torch.no_grad(), self._running.timed("decode"):
            self._paint(drawn, outputs, made, shown)

    def _token_teller(self, shown: str) -> Any:  # noqa: ANN401 - a callable
        watch = Stopwatch()

        def tell(name: str, drawn: Drawn) -> None:
            self._running.worked(TOKENS, self.rows.count, watch.lap())
            if name == COORDINATES:
                return
            grid = self.rows.token_maps(drawn.tokens.to(torch.int32).numpy())
            decided = self.rows.token_maps(drawn.decided.numpy())
            self._running.tell(Tokens(shown.format(name), drawn.step, drawn.steps, grid, decided))

        return tell

    def _paint(self, drawn: DrawnTokens, outputs: Sequence[str], made: Made, shown: str) -> None:
        """Pictures: those that are ready at once first, so that something is seen early."""
        pictures = [name for name in outputs if name != COORDINATES]
        noise = self._painter.noises(pictures, drawn.draws)
        found: dict[str, NDArray[Any]] = {}
        if drawn.coordinates is not None:
            # tiles of one area share a place: the first tile speaks for the seed
            made.coordinates = np.array(self.rows.by_seed(drawn.coordinates)[:, 0], np.float32)
            self._running.tell(Step(shown.format(COORDINATES), 1, 1, self._running.seconds_left(), None))
        for name in sorted(pictures, key=lambda name: name in noise):
            found[name] = self._painter.picture(name, shown.format(name), drawn.tokens[name], noise.get(name))
        for name in pictures:
            made.arrays[shown.format(name)] = found[name]
            made.tokens[shown.format(name)] = self.rows.token_maps(drawn.tokens[name].to(torch.int32).numpy())


def generate(
    model: Any,  # noqa: ANN401 - terratorch's TerraMindGeneration
    request: Request,
    arrays: Mapping[str, NDArray[np.float32]],
    precision: Chosen,
    running: Running,
) -> tuple[Made, Generating]:
    """Do what a request of kind `generate` asks, with checked inputs."""
    generating = Generating(model, request, precision, running, area=area_of(arrays))
    generating.plan(request.outputs)
    made = Made()
    generating.run(arrays, request.outputs, made)
    return made, generating
