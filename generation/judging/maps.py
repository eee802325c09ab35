"""Maps of a result: what some seeds say, how that differs from the truth, how far the seeds lie apart."""

import numpy as np

from errors import GenerationRequestError, ModalityMissingError
from generation.judging.classes import NO_DATA, known_classes
from generation.judging.of_result import modality_of
from generation.judging.seeds import CLASS_MODALITIES, spread, together
from generation.judging.truth import Truth
from generation.kept_result import KeptResult

MEAN = "mean"  # in place of a seed: all of them together


def values_of(result: KeptResult, name: str, seed: str = "") -> np.ndarray:
    """What one seed made of a modality, or all of them together.

    Args:
        result: of a run.
        name: of an array of the result.
        seed: a number of the request; `mean` for all together; empty for the first.

    Returns:
        (band, y, x).

    Raises:
        ModalityMissingError, ResultDamagedError, GenerationRequestError: see `KeptResult.seed`.
    """
    if seed == MEAN:
        return together(result.array(name), classes=modality_of(name) in CLASS_MODALITIES)
    return result.seed(name, int(seed) if seed else None)


def real_of(name: str, truth: Truth) -> np.ndarray:
    """The real modality behind an array: float32 (band, y, x), NaN where it has no value; classes uint8, 0 there.

    Raises:
        ModalityMissingError: the sample does not have it, or there is none.
    """
    modality = modality_of(name)
    if truth.reason or modality not in truth.arrays:
        reason = truth.reason or f"the sample has no {modality[:40]}"
        raise ModalityMissingError(f"There is no real {modality[:40]} to compare with: {reason}.")
    real = truth.arrays[modality]
    valid = truth.valid.get(modality, np.ones(real.shape[1:], bool))
    if modality in CLASS_MODALITIES:
        return np.asarray(np.where(valid & known_classes(real[0]), real, NO_DATA), dtype=np.uint8)
    return np.asarray(np.where(valid, real, np.nan), dtype=np.float32)


def difference_of(name: str, generated: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Generated minus real.

    Args:
        name: of the array.
        generated: (band, y, x).
        real: as `real_of` gives it.

    Returns:
        float32 (band, y, x), NaN where there is nothing to compare; of classes 0 where they are the same, else 1.

    Raises:
        GenerationRequestError: the shapes differ.
    """
    if generated.shape != real.shape:
        raise GenerationRequestError(
            f"{name[:40]} was generated with shape {generated.shape}, the real one has {real.shape}: run it again."
        )
    if modality_of(name) in CLASS_MODALITIES:
        return np.where(real == NO_DATA, np.nan, generated != real).astype(np.float32)
    return np.asarray(generated.astype(np.float32) - real, dtype=np.float32)


def spread_of(result: KeptResult, name: str) -> np.ndarray:
    """How far the seeds of a run lie apart: see `seeds.spread`.

    Raises:
        GenerationRequestError: the run had one seed only.
        ModalityMissingError, ResultDamagedError: see `KeptResult.array`.
    """
    made = result.array(name)
    if len(made) < 2:
        raise GenerationRequestError("One seed has no spread: run it with several, such as seeds 0 to 3.")
    return spread(made, classes=modality_of(name) in CLASS_MODALITIES)
