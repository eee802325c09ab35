"""What the token model is asked in a step of its training: given these modalities in this form, tell those."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.demo_model.sizes import TOKENIZERS

# Random masks left the model at the frequencies of the tokens; whole images in, whole images out is what it learns
# from, beginning with what Sentinel-2 shows most plainly.
FIRST_LESSON = 0.12  # of the steps
_RAW = tuple(name for name, size in TOKENIZERS.items() if size.raw_key)
_ALL = tuple(TOKENIZERS)
_TARGETS_AT_MOST = 2
_REVEALED = 0.15  # of the steps show a part of a target, as decoding in several steps does
# land cover: a wrong class is wrong altogether; Sentinel-2: it is mostly given, so seldom free to be asked for;
# uncorrected radar: it depends on slopes too, so more is to be learned than for the corrected
_EAGERNESS = {"LULC": 3.0, "S2L2A": 10.0, "S1GRD": 1.5}
_ASKED_ALL_THE_SAME = 0.1


@dataclass(frozen=True)
class Task:
    """One question.

    Attributes:
        images: inputs given as images.
        tokens: inputs given as tokens.
        targets: modalities to tell.
        revealed: share of the first target's tokens that is given.
    """

    images: tuple[str, ...]
    tokens: tuple[str, ...]
    targets: tuple[str, ...]
    revealed: float = 0.0


def draw_task(dice: np.random.Generator, progress: float) -> Task:
    """A random question.

    Args:
        dice: of the step.
        progress: share of the training that is done.
    """
    if progress < FIRST_LESSON:
        return Task(("S2L2A",), (), ("LULC", "NDVI"))
    inputs = _draw_inputs(dice)
    as_tokens = 0.1 if inputs[0] == "S2L2A" else 0.3  # of what could be images, as chained generation has them
    images = tuple(name for name in inputs if name in _RAW and dice.random() >= as_tokens)
    tokens = tuple(name for name in inputs if name not in images)
    # what is given as an image may be asked for as tokens all the same
    weights = np.array([_weight(name, images, tokens) for name in _ALL])
    count = min(_TARGETS_AT_MOST, int((weights > 0).sum()))
    targets = tuple(str(name) for name in dice.choice(_ALL, count, replace=False, p=weights / weights.sum()))
    revealed = float(dice.uniform(0.2, 0.8)) if dice.random() < _REVEALED else 0.0
    return Task(images, tokens, targets, revealed)


def _weight(name: str, images: Sequence[str], tokens: Sequence[str]) -> float:
    """How often a modality is asked for, relative to others."""
    if name in tokens:
        return 0.0
    return _ASKED_ALL_THE_SAME if name in images else _EAGERNESS.get(name, 1.0)


def _draw_inputs(dice: np.random.Generator) -> Sequence[str]:
    """Sentinel-2 with or without company, any modality alone, or some without Sentinel-2."""
    kind = dice.random()
    if kind < 0.25:
        return ["S2L2A"]
    if kind < 0.33:
        return ["S2L2A", *(name for name in _ALL if name != "S2L2A" and dice.random() < 0.5)]
    if kind < 0.53:
        return [str(dice.choice(_ALL))]
    return [str(name) for name in dice.choice(_ALL[1:], int(dice.integers(2, len(_ALL))), replace=False)]
