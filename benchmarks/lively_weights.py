"""TerraMind at its true size with random weights that pass signals on, for benchmarks where no weights can be had.

Times and memory do not depend on the values of weights, and the equality of two programs must hold for any of them. But
weights as TerraMind begins its training would turn every input into the same output.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from generation.modalities import OUTPUTS
from tests.generation.engine.true_weights import SPREAD, save_weights

DECIDED = 5.0  # spread of the scores of a code: a few codes are likely, as in a trained model


def write_folder(folder: Path, models: Iterable[str]) -> Path:
    """Files in the hub's names: the models, and all tokenizers."""
    return save_weights(folder, list(models), list(OUTPUTS))


def enliven(model: nn.Module) -> None:
    """Scale the weights so that every layer passes on what it gets; the same weights become the same, once each.

    Each gets memory of its own: in the file, and where that is mapped also in the model, they are windows of one block.
    """
    with torch.no_grad():
        for name, part in model.named_modules():
            if getattr(part, "_enlivened", False):
                continue
            part._enlivened = True  # noqa: SLF001 - a mark of ours
            _scale(name, part)


def _scale(name: str, part: Any) -> None:  # noqa: ANN401 - any layer
    weight, bias = getattr(part, "weight", None), getattr(part, "bias", None)
    if not isinstance(weight, nn.Parameter):
        return
    if "Norm" in type(part).__name__:
        weight.data = torch.ones_like(weight)
    elif isinstance(part, nn.Embedding):
        weight.data = weight / SPREAD
    elif weight.ndim >= 2:
        decided = DECIDED if name.endswith("to_logits") else 1.0
        weight.data = weight * (decided / SPREAD / weight[0].numel() ** 0.5)
    if isinstance(bias, nn.Parameter):
        bias.data = torch.zeros_like(bias)
