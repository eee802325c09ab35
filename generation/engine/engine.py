"""The engine: one resident model, one request after the other.

    engine = Engine()
    outcome = engine.run(request, {"S2L2A": array}, tell=print, stopped=lambda: False)

In fp32 the result is the one of terratorch's own call with the same weights, inputs, seed and settings, bit for bit on
a CPU.
"""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from data_access.settings import settings
from generation.engine.building import load_model
from generation.engine.checking import area_of, checked
from generation.engine.generating import Generating, generate
from generation.engine.matrix import matrix
from generation.engine.precision import Chosen, chosen
from generation.engine.real_tokens import real_tokens
from generation.engine.resident import Resident
from generation.engine.running import Running, Stopped, Tell
from generation.engine.terratorch_part import load_terratorch
from generation.events import Event
from generation.outcome import NOTHING_REAL, Outcome
from generation.request import Request, real_steps
from generation.speeds import SPEEDS, Pace
from generation.tiling import tiling_of
from generation.weights_location import WeightsLocation, weights_location

LoadModel = Callable[..., Resident]
# Kinds that look inside instead of generating: module beside this one, loaded when first asked for, and function.
OTHER_KINDS = {
    "embed": ("embedding", "embed"),
    "reconstruct": ("reconstruction", "reconstruct"),
    "think": ("thinking", "think"),
}


class Engine:
    """Runs requests on the model that is loaded; loads another one where a request names it."""

    def __init__(self, location: WeightsLocation | None = None, *, load: LoadModel = load_model) -> None:
        """Load nothing yet.

        Args:
            location: where weights are; by default what the settings say.
            load: loads a model, as `load_model` does.
        """
        self._location = location
        self._load = load
        self._resident: Resident | None = None
        self._lock = Lock()

    def run(
        self,
        request: Request,
        arrays: Mapping[str, NDArray[Any]],
        *,
        truth: Mapping[str, NDArray[Any]] = NOTHING_REAL,
        tell: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Outcome:
        """Do what a request asks.

        Args:
            request: what to do.
            arrays: the inputs (band, y, x) in units, coordinates (2,) as longitude and latitude; not changed.
            truth: what is real of the outputs, likewise, to compare tokens with; the model never sees it.
            tell: hears every event, in this thread.
            stopped: asked many times a second whether to give up.

        Raises:
            GenerationRequestError: inputs are missing or can not be; the model does not take or make a modality.
            GenerationCancelledError: `stopped` said yes.
            WeightsError, GenerationUnavailableError, RemoteError: the model can not be loaded.
        """
        with self._lock:
            start = time.perf_counter()
            given = checked(arrays, request.looked_at)
            resident = self._ready(request, tell)
            loaded = time.perf_counter()
            outcome = _dispatch(resident, request, given, tell, stopped, truth=truth)
            timings = {"load": loaded - start} | outcome.timings | {"total": time.perf_counter() - start}
            return replace(outcome, timings=timings, facts=common_facts(resident, request) | outcome.facts)

    def _ready(self, request: Request, tell: Tell) -> Resident:
        """The resident model with all that the request needs."""
        if self._resident is None or self._resident.name != request.model:
            self._resident = None
            gc.collect()  # gigabytes of the model before, in cycles of modules
            location = self._location or weights_location(settings().terramind)
            self._resident = self._load(request.model, location=location, device=settings().terramind_device, tell=tell)
        if request.kind not in OTHER_KINDS:  # the others know best which halves of which tokenizers they need
            self._resident.ensure(request.inputs, request.outputs, tell)
        return self._resident


def _dispatch(
    resident: Resident,
    request: Request,
    given: dict[str, NDArray[np.float32]],
    tell: Tell,
    stopped: Stopped,
    *,
    truth: Mapping[str, NDArray[Any]],
) -> Outcome:
    """The run of the request's kind."""
    if request.kind not in OTHER_KINDS:
        precision = chosen(request.precision, resident.device, resident.name)
        pace = Pace(resident.name, precision.name, tiling_of(*area_of(given)).size ** 2, resident.device.type)
        return _draw(resident, request, given, precision, Running(tell, stopped, pace), truth=truth)
    module, function = OTHER_KINDS[request.kind]
    outcome: Outcome = getattr(import_module(f"{__package__}.{module}"), function)(
        resident, request, given, tell, stopped
    )
    return outcome


def _draw(
    resident: Resident,
    request: Request,
    given: dict[str, NDArray[np.float32]],
    precision: Chosen,
    running: Running,
    *,
    truth: Mapping[str, NDArray[Any]],
) -> Outcome:
    """Runs that draw pictures of tokens."""
    extras: dict[str, NDArray[Any]] = {}
    if request.kind == "matrix":
        made, generating, places = matrix(resident.model, request, given, precision, running)
        extras.update(places)
    else:
        made, generating = generate(resident.model, request, given, precision, running)
    real, levels = real_tokens(resident, truth, request.outputs, generating.rows.tiling, running)
    facts = _facts(request, precision, running.pace, generating) | {"levels": levels}
    if generating.rows.tiling.count > 1:
        facts["tiles"] = generating.rows.tiling.to_json()
        facts["tile_seeds"] = generating.rows.seeds_of_tiles
    return Outcome(made.arrays, made.tokens, made.coordinates, extras, running.timings, facts, real)


def _facts(request: Request, precision: Chosen, pace: Pace, generating: Generating) -> dict[str, object]:
    """What a result says of how it was made, beside what all kinds of runs say."""
    return {
        "precision": precision.name,
        "precision_reason": precision.reason,
        "steps": real_steps(request.timesteps),
        "clipped": generating.clipped(request.outputs),
        "speeds": SPEEDS.known(pace),
    }


def common_facts(resident: Resident, request: Request) -> dict[str, object]:
    """What every result says of the model and the machine."""
    return {
        "revision": resident.revision,
        "files": dict(resident.files(request.inputs, request.outputs)),
        "device": resident.device.type,
        "precision": "fp32",
        "software": {"torch": str(torch.__version__), "terratorch": load_terratorch().version},
    }
