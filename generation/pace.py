"""How long runs take, learned from those that ran: for places in the line, and for an estimate before a run."""

from threading import Lock

from generation.request import Request, real_steps

_UNDIFFUSED = ("LULC", "coordinates")  # outputs that are decoded in one pass
_LATEST = 0.5  # weight of the latest run: a model that has just been loaded is faster from the second run on
_BASE = 1.0  # work of a run beside its diffusion, in steps: tokens, encoding, decoding


class Pace:
    """Seconds per step of each model; safe to use from many threads."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = Lock()
        self._seconds: dict[tuple[str, str], float] = {}  # per unit of `work`, by kind and model

    def expected(self, request: Request) -> float | None:
        """Seconds that a run is likely to take; None before the first one of its kind and model."""
        with self._lock:
            each = self._seconds.get((request.kind, request.model))
        return None if each is None else each * work(request)

    def learn(self, request: Request, seconds: float) -> None:
        """Note how long a run took."""
        key, each = (request.kind, request.model), seconds / work(request)
        with self._lock:
            before = self._seconds.get(key, each)
            self._seconds[key] = before + _LATEST * (each - before)


def work(request: Request) -> float:
    """How much a run does, in diffusion steps of one seed of one output."""
    diffused = sum(1 for name in request.outputs if name not in _UNDIFFUSED)
    times = len(request.inputs) if request.kind == "matrix" else 1
    return times * len(request.seeds) * (_BASE + diffused * real_steps(request.timesteps))
