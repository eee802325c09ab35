"""Results written to disk as the service does it, without a model having run."""

from pathlib import Path

import numpy as np

from generation.jobs import Asked
from generation.kept_result import Finished, KeptResult, read_result, write_result
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.prepared import Prepared, Window
from generation.request import Request
from generation.results import new_id

SAMPLE = "majortom_val_0000001"


def values_like(modality: str, shape: tuple[int, int], seed: int) -> np.ndarray:
    """Values such as the modality has, (band, y, x); smooth, so that they look like a place."""
    rng = np.random.default_rng([seed, list(MODALITIES).index(modality)])
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] / shape[0]
    known = MODALITIES[modality]
    if modality == "LULC":
        return np.asarray(np.floor(4 * x + 3 * y * rng.uniform(0.8, 1.2))[None] % 9 + 1, dtype=np.uint8)
    waves = [np.sin(rng.uniform(3, 9) * x + rng.uniform(3, 9) * y + rng.uniform(0, 6)) for _ in known.bands]
    noise = rng.normal(0, 0.2, (len(known.bands), *shape))
    mean, std = (np.array(each)[:, None, None] for each in (known.mean, known.std))
    return np.asarray(mean + 0.6 * std * (np.array(waves) + noise), dtype=np.float32)


def keep(
    folder: Path,
    outcome: Outcome,
    request: Request,
    *,
    sample: str | None = SAMPLE,
    revision: str = "r1",
    window: Window = Window(0, 0, 32, 32),  # noqa: B008 - frozen
) -> KeptResult:
    """Write a result into a folder of its own, under an id of its own, and read it back."""
    run = new_id()
    place = folder / run
    place.mkdir(parents=True)
    asked = Asked(run, request, "terramesh", sample, revision, "session", made_at="2026-11-20T16:00:00Z")
    write_result(place, Finished(asked, Prepared({}, window), outcome, seconds=1.5, told=3))
    return read_result(place)
