"""An engine without TerraMind, for tests of everything around it: what it does is said by the request's numbers.

`timesteps` says how many steps a run has, `top_k` what else happens in it.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping

import numpy as np

from errors import WeightsError
from generation.events import Event, Loading, Step, Tokens
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import Request

STEP_S = 0.02
# Values of `top_k`.
HANGS, DEAF, DIES, CRASHES, LACKS_MEMORY, FAILS, REFUSES, PRINTS, UNSAYABLE = range(1, 10)


class StoppedError(Exception):
    """The run is not wanted any more."""


class Engine:
    """Makes arrays of the right shapes whose values are their seed."""

    def run(
        self,
        request: Request,
        arrays: Mapping[str, np.ndarray],
        *,
        truth: Mapping[str, np.ndarray],
        tell: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Outcome:
        tell(Loading("weights", 1, 1))
        outcome = Outcome(timings={"total": 0.1}, facts={"revision": "quick", "pid": os.getpid()})
        for name in request.outputs:
            if name == "coordinates":
                continue
            bands = len(MODALITIES[name].bands)
            made = np.stack([np.full((bands, 224, 224), seed, np.float32) for seed in request.seeds])
            grid = np.zeros((len(request.seeds), 14, 14), np.int32)
            tell(Tokens(name, 1, 1, grid, grid == 0))
            for step in range(1, request.timesteps + 1):
                if stopped():
                    raise StoppedError
                tell(Step(name, step, request.timesteps, (request.timesteps - step) * STEP_S, made[0]))
                _misbehave(request.top_k, stopped)
                time.sleep(STEP_S)
            outcome.arrays[name] = made.astype(np.uint8) if name == "LULC" else made
            outcome.tokens[name] = grid
            if name in truth:
                outcome.real_tokens[name] = grid[0] + int(truth[name].shape[-1])
        if request.top_k == UNSAYABLE:
            outcome.facts["device"] = object()
        outcome.extras["inputs"] = np.array([float(each.mean()) for each in arrays.values()], np.float32)
        return outcome


def _misbehave(how: int, stopped: Callable[[], bool]) -> None:
    match how:
        case _ if how == HANGS:
            while not stopped():
                time.sleep(0.005)
            raise StoppedError
        case _ if how == DEAF:
            time.sleep(3600)
        case _ if how == DIES:
            os._exit(3)
        case _ if how == CRASHES:
            os.kill(os.getpid(), signal.SIGSEGV)
        case _ if how == LACKS_MEMORY:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory")
        case _ if how == FAILS:
            raise KeyError("secret")
        case _ if how == REFUSES:
            raise WeightsError("file.pt is damaged. Fetch it again.")
        case _ if how == PRINTS:
            print("a library's progress bar", flush=True)  # noqa: T201 - what must not reach the messages
        case _:
            return
