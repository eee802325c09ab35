"""What the real modalities are as tokens, to hold the generated ones against: the same crop, tiles and tokenizer.

A run has no use for its outputs' encoders, and TerraMind's are large. So each is loaded after the pictures are made,
used once, and let go, before the next one comes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engine.checking import area_of, checked
from generation.engine.encoding import encoded
from generation.engine.resident import Resident
from generation.engine.rows import Rows
from generation.engine.running import Running
from generation.modalities import MODALITIES
from generation.tiling import Tiling

TOKENIZED = tuple(name for name, known in MODALITIES.items() if known.token_key and known.is_image)


def real_tokens(
    resident: Resident,
    truth: Mapping[str, NDArray[Any]],
    outputs: Sequence[str],
    tiling: Tiling,
    running: Running,
) -> tuple[dict[str, NDArray[np.int32]], dict[str, list[int]]]:
    """Encode the real modality of every output that has one.

    Args:
        resident: the model that made the outputs.
        truth: real modalities (band, y, x) in units, gaps filled. One of another size than what was generated is
            left out: its tokens would stand for other places.
        outputs: what was generated.
        tiling: of what was generated.
        running: who listens; hears nothing but may stop it.

    Returns:
        token maps (ty, tx), laid out as the generated ones are; the levels of each vocabulary's quantiser, of which a
        code is the number `level0 + level1 * levels[0] + ...`.

    Raises:
        GenerationRequestError: the truth has values that can not be.
        GenerationCancelledError: nobody waits any more.
        WeightsError: the tokenizer's file can not be read any more.
    """
    names = [name for name in outputs if name in TOKENIZED and name in truth]
    maps: dict[str, NDArray[np.int32]] = {}
    levels: dict[str, list[int]] = {}
    for name, values in checked(truth, tuple(names)).items():
        if area_of({name: values}) != (tiling.width, tiling.height):
            continue
        with running.timed("real_tokens"):
            tokenizer: Any = resident.encoder(name)
            tokens = encoded(tokenizer, name, values, tiling, running.check)
        maps[name] = np.asarray(Rows((0,), tiling).token_maps(tokens.to(torch.int32).numpy())[0])
        levels[name] = [int(level) for level in tokenizer.quantize._levels]  # noqa: SLF001 - told nowhere else
    return maps, levels
