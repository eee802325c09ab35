"""What a tokenizer keeps: a modality is encoded, becomes tokens, and is decoded again, without the token model between.

TerraMind generates tokens, so no generated picture can be better than this. Each input is taken with its own tokenizer;
S2L1C, true colour and coordinates have no image tokenizer.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from errors import GenerationRequestError
from generation.engine.decoding import is_diffusion
from generation.engine.draws import Draws
from generation.engine.encoding import encoded
from generation.engine.pictures import Painter
from generation.engine.precision import Chosen, chosen
from generation.engine.real_tokens import TOKENIZED
from generation.engine.resident import Resident
from generation.engine.rows import Rows
from generation.engine.running import Running
from generation.events import Event, Tokens
from generation.outcome import Outcome
from generation.request import Request, real_steps
from generation.speeds import DIRECT, STEP, Pace
from generation.tiling import tiling_of

Array = NDArray[np.float32]


def reconstruct(
    resident: Resident,
    request: Request,
    arrays: Mapping[str, Array],
    tell: Callable[[Event], None],
    stopped: Callable[[], bool],
) -> Outcome:
    """Encode and decode each modality with its tokenizer.

    Args:
        resident: the loaded model; tokenizers that are missing are loaded.
        request: its outputs, or without any its inputs, are reconstructed; `timesteps`, `seeds`, `clipped` and
            `precision` count as in a generation. Seeds differ by the noise that the diffusion begins with, only.
        arrays: by Patchwork's names, (band, y, x) in units.
        tell: hears of the tokens and of every diffusion step.
        stopped: whether whoever asked has gone.

    Returns:
        arrays (seed, band, y, x) and tokens (seed, ty, tx), the same for all seeds. facts tell the `codes` of each
        vocabulary, how many of them are `used`, and which modalities have no tokenizer (`without`).

    Raises:
        GenerationRequestError: no modality has a tokenizer, or one was not given.
        GenerationCancelledError: `stopped` said so.
        WeightsError: a tokenizer's file is missing or another's.
    """
    names = _chosen_names(request, arrays)
    height, width = arrays[names[0]].shape[-2:]
    rows = Rows(request.seeds, tiling_of(width, height))
    precision = chosen(request.precision, resident.device, resident.name)
    pace = Pace(resident.name, precision.name, rows.tiling.size**2, resident.device.type)
    running = Running(tell, stopped, pace)
    for name in names:
        resident.ensure_encoder(name, tell)
    painter = Painter(resident.model, request, rows, precision, running)
    for name in names:
        diffuses = is_diffusion(painter.tokenizer(name))
        running.plan(STEP if diffuses else DIRECT, rows.count * (real_steps(request.timesteps) if diffuses else 1))
    outcome = Outcome(timings=running.timings, facts=_facts(names, request, precision))
    with running.timed("total"):
        for name in names:
            _reconstruct_one(painter, name, arrays[name], outcome)
    return outcome


def _reconstruct_one(painter: Painter, name: str, values: Array, outcome: Outcome) -> None:
    """Put one modality's pictures, tokens and facts into the outcome."""
    running, rows = painter.running, painter.rows
    with running.timed("tokens"):
        tokens = _encoded(painter, name, values)
        maps = rows.token_maps(tokens.to(torch.int32).numpy())
        running.tell(Tokens(name, 1, 1, maps, np.ones_like(maps, bool)))
    with running.timed("decode"), torch.no_grad():
        # dice of its own: a picture does not depend on what else is reconstructed
        noise = painter.noises([name], Draws(rows.row_seeds)).get(name)
        outcome.arrays[name] = painter.picture(name, name, tokens, noise)
    outcome.tokens[name] = maps
    facts: Any = outcome.facts
    facts["codes"][name] = int(painter.tokenizer(name).quantize.codebook_size)
    facts["used"][name] = int(np.unique(maps).size)


def _encoded(painter: Painter, name: str, values: Array) -> torch.Tensor:
    """Tokens of every row, (row, n) int64 on the CPU; the rows of one tile share them."""
    rows, check = painter.rows, painter.running.check
    return encoded(painter.tokenizer(name), name, values, rows.tiling, check).repeat(len(rows.seeds), 1)


def _facts(names: tuple[str, ...], request: Request, precision: Chosen) -> dict[str, object]:
    return {
        "codes": {},
        "used": {},
        "without": [name for name in request.outputs or request.inputs if name not in names],
        "precision": precision.name,
        "precision_reason": precision.reason,
        "steps": real_steps(request.timesteps),
    }


def _chosen_names(request: Request, arrays: Mapping[str, Array]) -> tuple[str, ...]:
    """What is to be reconstructed. Raises GenerationRequestError where that is nothing, or was not given."""
    names = tuple(name for name in request.outputs or request.inputs if name in TOKENIZED)
    if not names:
        raise GenerationRequestError(
            f"None of {', '.join(request.outputs or request.inputs)} has an image tokenizer: choose from "
            f"{', '.join(TOKENIZED)}."
        )
    for name in names:
        if name not in arrays:
            raise GenerationRequestError(f"{name} is to be reconstructed, but is no input: name it in inputs too.")
    return names
