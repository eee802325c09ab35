"""Runs of the engine on a small resident model, and terratorch's own call beside them."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.engine import Engine
from generation.engine.resident import Resident
from generation.events import Event
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import Request
from tests.generation.engine.loaded import loaded, sample

SIZE = 48  # pixels: nine tokens are enough for everything but beauty
Arrays = Mapping[str, NDArray[Any]]


@dataclass
class Run:
    """One run and what it told."""

    request: Request
    arrays: Arrays
    resident: Resident = field(default_factory=loaded)
    events: list[Event] = field(default_factory=list)
    stop_after: int = 10**9  # how often it may ask whether to go on

    def outcome(self) -> Outcome:
        """Run it."""
        asked = 0

        def stopped() -> bool:
            nonlocal asked
            asked += 1
            return asked > self.stop_after

        engine = Engine(load=lambda *_, **__: self.resident)
        return engine.run(self.request, self.arrays, tell=self.events.append, stopped=stopped)


def run(request: Request, arrays: Arrays | None = None) -> Outcome:
    """Run a request on the inputs it names, drawn at random."""
    return Run(request, sample(*request.inputs, size=SIZE) if arrays is None else arrays).outcome()


def request(*outputs: str, inputs: tuple[str, ...] = ("S2L2A",), **fields: Any) -> Request:  # noqa: ANN401
    """A small request."""
    return Request(inputs=inputs, outputs=outputs, **({"timesteps": 2} | fields))


def tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    """Inputs as terratorch wants them."""
    return {
        MODALITIES[name].terramind_name: torch.from_numpy(np.array(values, np.float32))[None]
        for name, values in arrays.items()
    }


@contextmanager
def asked_for(model: Any, wanted: Request) -> Iterator[Any]:  # noqa: ANN401 - terratorch's TerraMindGeneration
    """Terratorch's model with the settings that its constructor would have taken."""
    names = ("output_modalities", "decoding_steps", "temps", "top_p", "top_k", "timesteps")
    before = {name: getattr(model, name) for name in names}
    model.output_modalities = [MODALITIES[name].token_key for name in wanted.outputs]
    model.decoding_steps, model.temps, model.top_p = wanted.decoding_steps, wanted.temperature, wanted.top_p
    model.top_k, model.timesteps = wanted.top_k, wanted.timesteps
    try:
        yield model
    finally:
        for name, value in before.items():
            setattr(model, name, value)


def direct(wanted: Request, arrays: Arrays, seed: int, resident: Resident | None = None) -> dict[str, Any]:
    """Terratorch's own call: `random.seed(seed)`, then the model; arrays (band, y, x) by Patchwork's names."""
    with asked_for((resident or loaded()).model, wanted) as model, torch.inference_mode():
        random.seed(seed)
        made = model(tensors(arrays), standardize=True)
    names = {MODALITIES[name].terramind_name: name for name in wanted.outputs}
    found: dict[str, Any] = {}
    for called, values in made.items():
        name = names[called]
        if name == "coordinates":
            found[name] = np.array(values[0], np.float32)
        else:
            array = values[0].numpy()
            found[name] = array.argmax(0)[None].astype(np.uint8) if name == "LULC" else array
    return found
