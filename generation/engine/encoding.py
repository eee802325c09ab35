"""An image as its tokenizer writes it: tokens, tile by tile, exactly as terratorch's own `tokenize` gives them."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.hooks import blocks_of, called_before
from generation.engine.rows import Rows
from generation.modalities import MODALITIES
from generation.tiling import Tiling


def encoded(
    tokenizer: Any,  # noqa: ANN401 - terratorch has no types
    name: str,
    values: NDArray[np.float32],
    tiling: Tiling,
    check: Callable[[], None],
) -> torch.Tensor:
    """Tokens of an image.

    Args:
        tokenizer: of the modality, with its encoder.
        name: of the modality.
        values: (band, y, x) in units, finite.
        tiling: of the image.
        check: called between the encoder's blocks; raises where nobody waits any more.

    Returns:
        (tile, n) int64 on the CPU.
    """
    device = next(tokenizer.parameters()).device
    tiles = Rows((0,), tiling).inputs(name, values, device)
    known = MODALITIES[name]
    mean, std = (torch.tensor(each, device=device)[:, None, None] for each in (known.mean, known.std))
    with ExitStack() as around:
        around.enter_context(torch.inference_mode())
        around.enter_context(torch.autocast(device.type, enabled=False))  # in bf16 not one token would stay the same
        if device.type == "cuda":  # convolutions there round to ten bits unless told not to
            around.enter_context(torch.backends.cudnn.flags(enabled=True, allow_tf32=False))
        around.enter_context(called_before(blocks_of(tokenizer.encoder), check))
        return torch.cat([tokenizer.encode(((tile - mean) / std)[None])[-1].flatten(1).cpu() for tile in tiles])
