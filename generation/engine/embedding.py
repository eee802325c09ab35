"""The backbone's view of a sample: a vector per patch of 16 x 16 pixels, from any layer, merged as in terratorch."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from errors import EmbeddingError
from generation.embedding_parts import Part, layer_index, layers_name
from generation.engine.backbone import Layer, backbone_of, encoder_inputs, layer_outputs
from generation.engine.resident import Resident
from generation.events import Event
from generation.modalities import COORDINATES, MODALITIES, PATCH_PX
from generation.outcome import Outcome
from generation.request import Request

Array = NDArray[np.float32]

KEPT_LAYERS_BYTES = 48_000_000  # all layers of the base model take 7 MB; of what is above this, one layer is kept
EMBEDDING = "embedding"


def embed(
    resident: Resident,
    request: Request,
    arrays: Mapping[str, Array],
    tell: Callable[[Event], None],  # noqa: ARG001 - one pass of a quarter of a second has no steps to tell
    stopped: Callable[[], bool],
) -> Outcome:
    """Embed one sample with the encoder of the resident model, in fp32.

    Args:
        resident: the loaded model.
        request: `layer` (-1 is the last one, after the encoder's norm) and `merge` are read.
        arrays: inputs by Patchwork's names, (band, y, x) in units.
        tell: takes events; there are none.
        stopped: whether whoever asked has gone.

    Returns:
        extras `embedding` float32 (ty, tx, D), and all layers as `embedding_layers` (layer, ty, tx, D) where they are
        small enough. Merged as "dict", both are kept per modality (`embedding_S2L2A`); not merged, they are
        (tokens, D). `generation.embedding_parts` reads them by the facts `parts`, `layer` and `layers`.

    Raises:
        EmbeddingError: no input has patches, the inputs share no square grid, or the model has no such layer.
        GenerationCancelledError: `stopped` said so.
    """
    began = time.perf_counter()
    grid = grid_of(arrays)
    resident.ensure(tuple(arrays), ())
    given = encoder_inputs(resident.model, arrays, resident.device)
    outputs = layer_outputs(backbone_of(resident.model, request.merge, given), given, stopped)
    extras, facts = pack(outputs, request.layer, sources_of(outputs[-1], EMBEDDING), grid)
    parts = parts_of_run(EMBEDDING, request.merge, tuple(arrays), outputs[-1], grid)
    seconds = time.perf_counter() - began
    return Outcome(extras=extras, timings={"encoder": seconds, "total": seconds}, facts={**facts, "parts": parts})


def grid_of(arrays: Mapping[str, Array]) -> tuple[int, int]:
    """Rows and columns of patches that all image inputs share.

    Raises:
        EmbeddingError: no input is an image, or the sizes are no common square of whole patches.
    """
    sizes = {name: values.shape[-2:] for name, values in arrays.items() if name != COORDINATES}
    if not sizes:
        raise EmbeddingError("a place alone has no patches to embed: choose an image modality as an input")
    height, width = next(iter(sizes.values()))
    if height != width or height % PATCH_PX or len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size[0]} x {size[1]}" for name, size in sizes.items())
        raise EmbeddingError(
            f"the encoder takes one square of whole patches of {PATCH_PX} pixels, not {told}: choose a window of 224, "
            "256 or 112 pixels"
        )
    return height // PATCH_PX, width // PATCH_PX


def sources_of(output: Layer, name: str) -> dict[str, str]:
    """The extra in which each source is kept: "" where all inputs are merged, else TerraMind's names of the images."""
    if not isinstance(output, dict):
        return {"": name}
    return {source: f"{name}_{ours}" for source, ours in _images(output)}


def pack(
    outputs: Sequence[Layer], layer: int, sources: Mapping[str, str], grid: tuple[int, int]
) -> tuple[dict[str, Array], dict[str, object]]:
    """Layer outputs as the arrays and facts of an outcome.

    Args:
        outputs: of every layer: (1, tokens, D), or that per modality.
        layer: which one was asked for; negative ones count from the end.
        sources: of `sources_of`.
        grid: rows and columns of patches; tokens of several modalities in a row are left a row.
    """
    chosen = layer_index(layer, len(outputs))
    stacked: dict[str, Array] = {}
    for source, name in sources.items():
        layers = np.stack([_vectors(output, source) for output in outputs])
        fits = layers.shape[1] == grid[0] * grid[1]
        stacked[name] = layers.reshape(len(outputs), *grid, -1) if fits else layers
    keeps_all = sum(values.nbytes for values in stacked.values()) <= KEPT_LAYERS_BYTES
    extras = {name: np.ascontiguousarray(layers[chosen]) for name, layers in stacked.items()}
    if keeps_all:
        extras |= {layers_name(name): layers for name, layers in stacked.items()}
    dimensions = next(iter(stacked.values())).shape[-1]
    return extras, {"layers": len(outputs), "layer": chosen, "all_layers": keeps_all, "dimensions": dimensions}


def parts_of_run(
    name: str, merge: str, inputs: Sequence[str], output: Layer, grid: tuple[int, int]
) -> list[dict[str, object]]:
    """The fact `parts`: which grids of patches lie in which extra."""
    rows, columns = grid
    images = [each for each in inputs if each != COORDINATES]
    if isinstance(output, dict):
        parts = [Part(f"{name}_{each}", each, rows, columns, f"{name}_{each}") for each in images]
    elif merge == "none" and output.shape[1] != rows * columns:
        starts = _starts(inputs, output.shape[1], rows * columns)
        parts = [Part(f"{name}_{each}", each, rows, columns, name, starts[each]) for each in images]
    else:
        parts = [Part(name, "", rows, columns, name)]
    return [part.to_json() for part in parts]


def _starts(inputs: Sequence[str], tokens: int, patches: int) -> dict[str, int]:
    """Where the tokens of each input begin in a row of all; those of a place are what the images leave over."""
    words = tokens - patches * sum(name != COORDINATES for name in inputs)
    starts, start = {}, 0
    for name in inputs:
        starts[name] = start
        start += words if name == COORDINATES else patches
    return starts


def _images(output: Mapping[str, torch.Tensor]) -> list[tuple[str, str]]:
    """TerraMind's and our names of the modalities in an output that has patches."""
    ours = {each.terramind_name: name for name, each in MODALITIES.items()}
    return [(source, ours[source]) for source in output if source in ours and ours[source] != COORDINATES]


def _vectors(output: Layer, source: str) -> Array:
    """One layer's vectors of a source, (tokens, D)."""
    tensor = output[source] if isinstance(output, dict) else output
    return np.asarray(tensor[0].float().cpu().numpy(), np.float32)
