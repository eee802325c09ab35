"""First half of a run: terratorch's `forward` up to the tokens of every output."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from errors import GenerationRequestError
from generation.engine.draws import Draws
from generation.engine.hooks import blocks_of, called_before, replaced
from generation.engine.rows import Rows
from generation.engine.sampling import Drawn, Sampling
from generation.modalities import COORDINATES, MODALITIES
from generation.request import Request


@dataclass(frozen=True)
class DrawnTokens:
    """Tokens of all outputs, row by row."""

    tokens: dict[str, torch.Tensor]  # (row, n) int64 on the CPU, by Patchwork's name; not of coordinates
    coordinates: NDArray[np.float32] | None  # (row, 2)
    draws: Draws  # in the state in which terratorch draws the first noise


def draw_tokens(
    model: Any,  # noqa: ANN401 - terratorch's TerraMindGeneration
    request: Request,
    arrays: Mapping[str, NDArray[np.float32]],
    rows: Rows,
    *,
    outputs: Sequence[str],
    tell: Callable[[str, Drawn], None],
    check: Callable[[], None],
) -> DrawnTokens:
    """Tokens of the outputs, each drawn with those before it in sight.

    Nothing of this is under autocast: codes and draws need fp32.

    Args:
        model: the resident model with the tokenizers of inputs and outputs.
        request: how to draw.
        arrays: the inputs, checked.
        rows: seeds and tiles.
        outputs: in this order.
        tell: hears of every step by Patchwork's name of the output.
        check: raises where nobody waits any more.
    """
    keys = {_output_key(model, name): name for name in outputs}
    draws = Draws(rows.row_seeds)
    device = next(model.parameters()).device
    given = {_input_name(model, name): rows.inputs(name, values, device) for name, values in arrays.items()}
    caught: dict[str, torch.Tensor] = {}
    sampling = Sampling(
        model.sampler,
        draws,
        rows.tile_of_row,
        temperature=request.temperature,
        tell=lambda drawn: tell(keys[drawn.key], drawn),
        check=check,
    )
    with ExitStack() as around:
        around.enter_context(torch.random.fork_rng(devices=[]))  # drawing one certain word still rolls torch's dice
        around.callback(random.setstate, random.getstate())  # and `forward` Python's
        if device.type == "cuda":  # convolutions there round to ten bits unless told not to, and draw other codes
            around.enter_context(torch.backends.cudnn.flags(enabled=True, allow_tf32=False))
        around.enter_context(sampling.installed())
        around.enter_context(
            replaced(
                model,
                output_modalities=list(keys),
                decoding_steps=request.decoding_steps,
                temps=request.temperature,
                top_p=request.top_p,
                top_k=request.top_k,
            )
        )
        for key in keys:
            if key != MODALITIES[COORDINATES].token_key:
                around.enter_context(replaced(model.tokenizer[key], decode_tokens=_catching(caught, key)))
        for name in arrays:
            _tokenise_once(around, model, name, rows, check)
        words = model(given, standardize=True, timesteps=1)
    places = words.get(_output_name(model, COORDINATES)) if COORDINATES in outputs else None
    return DrawnTokens(
        {name: caught[key] for key, name in keys.items() if key in caught},
        None if places is None else np.array([_place(place) for place in places], np.float32),
        draws,
    )


def _catching(caught: dict[str, torch.Tensor], key: str) -> Callable[..., torch.Tensor]:
    """In place of a detokenizer: keeps the tokens; pictures are made later."""

    def decode_tokens(tokens: torch.Tensor, **_options: object) -> torch.Tensor:
        caught[key] = tokens.flatten(1).cpu()
        return torch.zeros((1, 1, 1, 1), device=tokens.device)

    return decode_tokens


def _tokenise_once(around: ExitStack, model: Any, name: str, rows: Rows, check: Callable[[], None]) -> None:  # noqa: ANN401
    """The tokenizer of an image input sees every tile once and alone, whatever the number of seeds."""
    key = model.mod_name_mapping[_input_name(model, name)]
    if key not in model.tokenizer or name == COORDINATES:
        return
    tokenizer = model.tokenizer[key]
    own = tokenizer.encode

    def encode(images: torch.Tensor, *_more: object) -> tuple[None, None, torch.Tensor]:
        tiles = torch.cat([own(images[tile : tile + 1])[-1] for tile in range(rows.tiling.count)])
        return None, None, tiles.repeat(len(rows.seeds), 1, 1)

    around.enter_context(replaced(tokenizer, encode=encode))
    around.enter_context(called_before(blocks_of(tokenizer.encoder), check))


def _input_name(model: Any, name: str) -> str:  # noqa: ANN401 - terratorch has no types
    """What the model calls an input."""
    called = MODALITIES[name].terramind_name
    wanted = MODALITIES[name].raw_key or MODALITIES[name].token_key
    if model.mod_name_mapping.get(called) == wanted:
        return called
    raise GenerationRequestError(f"inputs names {name}, which this model does not take. Drop it or use another model.")


def _output_key(model: Any, name: str) -> str:  # noqa: ANN401 - terratorch has no types
    """Terratorch's key of an output."""
    key = MODALITIES[name].token_key
    if key is not None and key in model.output_mod_name_mapping:
        return key
    raise GenerationRequestError(f"outputs names {name}, which this model does not make. Drop it or use another model.")


def _output_name(model: Any, name: str) -> str:  # noqa: ANN401 - terratorch has no types
    return str(model.output_mod_name_mapping[MODALITIES[name].token_key])


def _place(words: Sequence[float]) -> tuple[float, float]:
    """Longitude and latitude, or NaN for both where the model's words made no place on the globe."""
    lon, lat = (float(word) for word in words)
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else (math.nan, math.nan)
