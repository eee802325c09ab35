"""How fast TerraMind runs here: measured while it runs, guessed before.

Time goes to two things: passes of the token model, one per output, decoding step, seed and tile; and steps of a
decoder, one per diffusion step, seed and tile. Both are known per model, precision and picture size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

TOKENS = "tokens"  # one pass of encoder and decoder, and drawing the codes
STEP = "step"  # one diffusion step of one picture
DIRECT = "direct"  # one picture of a decoder without diffusion
CPU = "cpu"
MEASURED_PX = 224 * 224
NEWEST_SHARE = 0.5  # of a new measurement in what is remembered: follows a machine that becomes busy, not one outlier

# Seconds for 224 x 224 pixels on two AVX-512 cores; see benchmarks/generation.py.
_TOKEN_SECONDS = {
    "demo": 0.03,
    "terramind_v1_tiny": 0.22,
    "terramind_v1_small": 0.4,
    "terramind_v1_base": 0.95,
    "terramind_v1_large": 2.85,
}
_STEP_SECONDS = {"fp32": 1.04, "bf16": 0.56}
_DIRECT_SECONDS = 0.25
_DEMO_DECODER_SECONDS = 0.025
_UNKNOWN_MODEL = "terramind_v1_base"
_GPU_SPEED_UP = 40.0  # a guess until the first run has measured it


@dataclass(frozen=True)
class Pace:
    """What decides how long one unit of work takes."""

    model: str
    precision: str  # fp32 or bf16, of the decoders
    pixels: int  # of one tile
    device: str = CPU  # cpu, cuda or mps

    def key(self, what: str) -> str:
        """Under which name a measurement is remembered."""
        precision = "fp32" if what != STEP else self.precision  # the only thing that ever runs in bf16
        return f"{self.model}/{self.device}/{precision}/{self.pixels}/{what}"

    def guess(self, what: str) -> float:
        """Seconds of one unit where nothing was measured yet."""
        if what == TOKENS:
            seconds = _TOKEN_SECONDS.get(self.model, _TOKEN_SECONDS[_UNKNOWN_MODEL])
        elif self.model == "demo":
            seconds = _DEMO_DECODER_SECONDS
        else:
            seconds = _DIRECT_SECONDS if what == DIRECT else _STEP_SECONDS.get(self.precision, _STEP_SECONDS["fp32"])
        return seconds * self.pixels / MEASURED_PX / (1.0 if self.device == CPU else _GPU_SPEED_UP)


class Speeds:
    """Seconds per unit of work, as measured in this process or learnt from another."""

    def __init__(self) -> None:
        """Start with guesses only."""
        self._measured: dict[str, float] = {}
        self._device = CPU
        self._lock = Lock()

    def seconds(self, pace: Pace, what: str) -> float:
        """Of one unit: measured, else guessed."""
        with self._lock:
            measured = self._measured.get(pace.key(what))
        return pace.guess(what) if measured is None else measured

    def measured(self, pace: Pace, what: str, seconds: float) -> None:
        """Remember what one unit took."""
        self.learn({pace.key(what): seconds})

    def learn(self, seconds_of: Mapping[str, float]) -> None:
        """Take over measurements by their key, such as those in `Outcome.facts["speeds"]`."""
        with self._lock:
            for key, seconds in seconds_of.items():
                before = self._measured.get(key, seconds)
                self._measured[key] = before + NEWEST_SHARE * (seconds - before)
                self._device = key.split("/")[1]

    @property
    def device(self) -> str:
        """Where runs were last measured; the CPU before any was."""
        with self._lock:
            return self._device

    def known(self, pace: Pace) -> dict[str, float]:
        """Measurements of one pace by key."""
        keys = {pace.key(what) for what in (TOKENS, STEP, DIRECT)}
        with self._lock:
            return {key: seconds for key, seconds in self._measured.items() if key in keys}


SPEEDS = Speeds()  # of this process
