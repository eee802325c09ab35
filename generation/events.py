"""What a run tells while it lasts: one small frozen class per event.

Arrays travel as they are from the engine to whoever listens; `to_json` gives what a browser is told, in which a
picture is rendered by the API and not part of it.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

JsonObject = dict[str, object]


@dataclass(frozen=True)
class Queued:
    """The job waits for its turn."""

    name: ClassVar[str] = "queued"
    position: int  # 1 is next
    wait_s: float | None  # None where nothing is known yet

    def to_json(self) -> JsonObject:
        """Position and expected wait in seconds."""
        return {"position": self.position, "wait_s": _rounded(self.wait_s)}


@dataclass(frozen=True)
class Loading:
    """Weights are being fetched, read or checked."""

    name: ClassVar[str] = "loading"
    what: str  # a sentence's subject, such as "TerraMind base" or a file name
    done: float
    total: float  # in the unit of `done`; 0 where unknown

    def to_json(self) -> JsonObject:
        """What is loaded and how far it is."""
        return {"what": self.what, "done": self.done, "total": self.total}


@dataclass(frozen=True, eq=False)
class Tokens:
    """One decoding step of one output is drawn."""

    name: ClassVar[str] = "tokens"
    modality: str  # Patchwork's name; "input>output" in a matrix
    step: int  # 1-based
    steps: int
    grid: np.ndarray  # int32 (seeds, ty, tx); codes not decided yet are 0
    decided: np.ndarray  # bool, of the same shape

    def to_json(self) -> JsonObject:
        """Grid and mask as nested lists, seed by seed and row by row."""
        return {
            "modality": self.modality,
            "step": self.step,
            "steps": self.steps,
            "grid": self.grid.tolist(),
            "decided": self.decided.tolist(),
        }


@dataclass(frozen=True, eq=False)
class Step:
    """One diffusion step of one output is done, or its decoder ran, where it has no diffusion (land cover)."""

    name: ClassVar[str] = "step"
    modality: str  # Patchwork's name; "input>output" in a matrix
    step: int  # 1-based
    steps: int
    eta_s: float | None  # until the whole run is done
    preview: np.ndarray | None  # float32 (band, y, x) in the output's unit, or class numbers; of the first seed

    def to_json(self) -> JsonObject:
        """Where the run is; the API adds the preview as a picture."""
        return {"modality": self.modality, "step": self.step, "steps": self.steps, "eta_s": _rounded(self.eta_s)}


@dataclass(frozen=True)
class Done:
    """The run is over and its result is kept."""

    name: ClassVar[str] = "done"
    seconds: float

    def to_json(self) -> JsonObject:
        """How long it took."""
        return {"seconds": _rounded(self.seconds)}


@dataclass(frozen=True)
class Failed:
    """The run ended with an error."""

    name: ClassVar[str] = "failed"
    code: str
    message: str
    retryable: bool = False

    def to_json(self) -> JsonObject:
        """The error in the shape of the API's error answers."""
        return {"error": self.code, "message": self.message, "retryable": self.retryable}


@dataclass(frozen=True)
class Cancelled:
    """The run was stopped by whoever asked for it."""

    name: ClassVar[str] = "cancelled"

    def to_json(self) -> JsonObject:
        """Nothing beside the fact."""
        return {}


Event = Queued | Loading | Tokens | Step | Done | Failed | Cancelled


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)
