"""An engine without a model, for tests of whatever is around it: what it makes depends on inputs and seed alone."""

import math
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from generation.events import Event
from generation.modalities import COORDINATES, MODALITIES, PATCH_PX
from generation.outcome import NOTHING_REAL, Outcome
from generation.request import Request

TRAP = "PATCHWORK_TERRAMIND"  # the one setting that every process of a run gets; here the folder of traps
DEADLY, BROKEN = "deadly", "broken"
LEVELS = [3, 4]  # of the quantiser of every output


class Engine:
    """See `generation.engine.engine.Engine`."""

    def run(
        self,
        request: Request,
        arrays: Mapping[str, np.ndarray],
        *,
        truth: Mapping[str, np.ndarray] = NOTHING_REAL,
        tell: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Outcome:
        """Noise that is as large as the inputs."""
        del tell, stopped
        spring_traps()
        height, width = next(each.shape[1:] for each in arrays.values() if each.ndim == 3)
        print_ = zlib.crc32(b"".join(np.ascontiguousarray(each).tobytes() for each in arrays.values()))
        made: dict[str, np.ndarray] = {}
        for name in request.outputs:
            if name == COORDINATES:
                continue
            shape = (len(MODALITIES[name].bands), height, width)
            drawn = np.stack([np.random.default_rng([print_, seed]).normal(size=shape) for seed in request.seeds])
            made[name] = (drawn > 0).astype(np.uint8) + 1 if name == "LULC" else drawn.astype(np.float32)
        places = np.array([[seed, print_ % 80] for seed in request.seeds], np.float32)
        coordinates = places if COORDINATES in request.outputs else None
        real = {name: tokens_of(truth[name]) for name in made if name in truth}
        facts: dict[str, object] = {"revision": "imagined", "device": "cpu", "precision": "fp32"}
        return Outcome(
            arrays=made,
            tokens={name: np.stack([tokens_of(each) for each in values]) for name, values in made.items()},
            real_tokens=real,
            coordinates=coordinates,
            facts=facts | {"levels": dict.fromkeys(real, LEVELS)},
            timings={"total": 0.0},
        )


def tokens_of(values: np.ndarray) -> np.ndarray:
    """A code per patch, of its upper left pixel: int32 (ty, tx)."""
    corners = values[0, ::PATCH_PX, ::PATCH_PX].astype(np.float64)
    return np.asarray(np.floor(corners) % math.prod(LEVELS), dtype=np.int32)


def spring_traps() -> None:
    """Die once, or fail every time, where a test wants it."""
    folder = Path(os.environ.get(TRAP) or "nowhere")
    if (folder / BROKEN).is_file():
        raise RuntimeError("a layer does not fit")
    if (folder / DEADLY).is_file():
        (folder / DEADLY).unlink()
        os._exit(1)
