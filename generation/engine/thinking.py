"""Thinking in modalities: the model first generates what it was not given, and then looks at both.

The thoughts are the tokens that a generation with the same seed draws; the backbone then takes them beside the inputs.
That is what terratorch's `TerraMindTiM` does; here the thoughts come through the same sampling as every generation, so
that they are seen as they are drawn, can be cancelled, and are decoded into pictures. A test holds both equal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from errors import EmbeddingError, GenerationRequestError
from generation.engine.backbone import backbone_of, encoder_inputs, layer_outputs
from generation.engine.checking import checked
from generation.engine.embedding import grid_of, pack, parts_of_run, sources_of
from generation.engine.generating import generate
from generation.engine.precision import chosen
from generation.engine.resident import Resident
from generation.engine.running import Running
from generation.events import Event
from generation.modalities import COORDINATES, MODALITIES, OUTPUTS, PATCH_PX
from generation.outcome import Outcome
from generation.request import Request, real_steps
from generation.speeds import Pace

Array = NDArray[np.float32]

WITHOUT, WITH = "without", "with"  # names of the two embeddings
COMPARABLE = ("mean", "max", "dict")  # merged otherwise, vectors with and without thoughts have other lengths
THOUGHTS = tuple(name for name in OUTPUTS if name != COORDINATES)


def think(
    resident: Resident,
    request: Request,
    arrays: Mapping[str, Array],
    tell: Callable[[Event], None],
    stopped: Callable[[], bool],
) -> Outcome:
    """Generate thoughts, and embed the sample with and without them.

    Args:
        resident: the loaded model.
        request: its outputs are the thoughts, drawn as in a generation. Embedded are those of the first seed.
        arrays: inputs by Patchwork's names, (band, y, x) in units.
        tell: hears of tokens, and of every step in which a thought becomes a picture.
        stopped: whether whoever asked has gone.

    Returns:
        arrays and tokens of the thoughts as of a generation; extras `without` and `with`, float32 (ty, tx, D), and
        their layers, named and read like those of `generation.engine.embedding`. Merged as "dict", the patches of the
        inputs are kept, as they are changed by the thoughts; those of the thoughts are not.

    Raises:
        GenerationRequestError: a thought is an input already, or no image.
        EmbeddingError: the inputs share no square grid of patches, or are merged so that nothing can be compared.
        GenerationCancelledError: `stopped` said so.
    """
    _check_thoughts(request)
    grid = grid_of(arrays)
    resident.ensure(request.inputs, request.outputs, tell)
    precision = chosen(request.precision, resident.device, resident.name)
    pace = Pace(resident.name, precision.name, grid[0] * grid[1] * PATCH_PX**2, resident.device.type)
    running = Running(tell, stopped, pace)
    with running.timed("total"):
        inputs = checked(arrays, request.inputs)
        made, _ = generate(resident.model, replace(request, kind="generate"), inputs, precision, running)
        with running.timed("encoder"):
            extras, facts = _embedded(resident, request, inputs, made.tokens, stopped=stopped)
    return Outcome(
        arrays=made.arrays,
        tokens=made.tokens,
        extras=extras,
        timings=running.timings,
        facts={
            **facts,
            "thoughts": list(request.outputs),
            "seed": request.seeds[0],
            "precision": precision.name,
            "precision_reason": precision.reason,
            "steps": real_steps(request.timesteps),
        },
    )


def _embedded(
    resident: Resident,
    request: Request,
    inputs: Mapping[str, Array],
    tokens: Mapping[str, NDArray[np.int32]],
    *,
    stopped: Callable[[], bool],
) -> tuple[dict[str, Array], dict[str, object]]:
    """Embeddings without and with thoughts, as the extras and facts of an outcome."""
    grid = grid_of(inputs)
    given = encoder_inputs(resident.model, inputs, resident.device)
    thoughts = {str(MODALITIES[name].token_key): _tokens(tokens[name], resident.device) for name in request.outputs}
    extras: dict[str, Array] = {}
    facts: dict[str, object] = {}
    parts: list[object] = []
    for name, seen in ((WITHOUT, given), (WITH, given | thoughts)):
        outputs = layer_outputs(backbone_of(resident.model, request.merge, seen), seen, stopped)
        arrays, told = pack(outputs, request.layer, sources_of(outputs[-1], name), grid)
        extras |= arrays
        facts |= told
        parts += parts_of_run(name, request.merge, tuple(inputs), outputs[-1], grid)
    return extras, {**facts, "parts": parts}


def _tokens(maps: NDArray[np.int32], device: torch.device) -> torch.Tensor:
    """The thoughts of the first seed, (1, tokens)."""
    return torch.from_numpy(maps[0].astype(np.int64)).reshape(1, -1).to(device)


def _check_thoughts(request: Request) -> None:
    """Refuse what can not be thought of."""
    if request.merge not in COMPARABLE:
        raise EmbeddingError(
            f"merged as {request.merge!r}, embeddings with and without thoughts have other lengths: choose "
            f"{_either(COMPARABLE)}"
        )
    for name in request.outputs:
        if name not in THOUGHTS:
            raise GenerationRequestError(f"{name} can not be a thought: it has no patches. Choose {_either(THOUGHTS)}.")
        if name in request.inputs:
            raise GenerationRequestError(
                f"{name} is an input already, and nothing to think of: drop it from one of the two."
            )


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
