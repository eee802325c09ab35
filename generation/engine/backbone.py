"""TerraMind's backbone out of the generation model that is loaded already.

terratorch offers the encoder twice: in `TerraMindViT` (the backbone of the registry) and inside the encoder-decoder
that generates. Both read the same tensors of the same checkpoint, so loading the backbone beside the generation model
would hold them twice. `backbone_of` gives a `TerraMindViT` that borrows the resident encoder instead: its `forward`,
with every way of merging, is terratorch's own. A test holds it equal to a backbone that was built and loaded alone.

What `TerraMindViT` leaves to its caller is done here: values are standardised, and modalities that TerraMind sees as
tokens only (LULC, NDVI, coordinates) pass their tokenizer, in fp32: in bf16 not one token would stay the same.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from errors import EmbeddingError, GenerationCancelledError
from generation.engine.hooks import called_before
from generation.engine.terratorch_part import load_terratorch
from generation.modalities import MODALITIES

NO_MERGE = "none"
MERGES = ("mean", "max", "concat", "dict", NO_MERGE)  # terratorch's, which writes None for the last one

Layer = torch.Tensor | dict[str, torch.Tensor]  # (batch, tokens, D), or that per modality


def backbone_of(model: nn.Module, merge: str, names: Iterable[str]) -> nn.Module:
    """A `TerraMindViT` on the encoder of a resident `TerraMindGeneration`; nothing is copied.

    Args:
        model: the resident generation model.
        merge: one of MERGES.
        names: the inputs that it will be given: standardised images by their input name, and tokens by TerraMind's key
            (such as `tok_lulc@224`).

    Raises:
        EmbeddingError: the way of merging is unknown.
    """
    if merge not in MERGES:
        raise EmbeddingError(f"merge is {merge!r}: it may be {', '.join(MERGES)}")
    resident: Any = model
    encoder = resident.sampler.model
    kind = load_terratorch().module("model.terramind_vit").TerraMindViT
    backbone: Any = kind.__new__(kind)  # its __init__ would make an encoder of its own
    nn.Module.__init__(backbone)
    backbone.encoder_embeddings = encoder.encoder_embeddings
    backbone.encoder = encoder.encoder
    backbone.encoder_norm = encoder.encoder_norm
    backbone.num_register_tokens = encoder.num_register_tokens
    backbone.register_tokens = encoder.register_tokens
    keys = list(encoder.encoder_embeddings)
    backbone.mod_name_mapping = {key: key for key in keys} | {
        name: key for name, key in resident.mod_name_mapping.items() if key in keys
    }
    # Only those that are given: concatenating, terratorch fills the others with a token that no checkpoint holds.
    chosen = [backbone.mod_name_mapping[name] for name in names]
    backbone.image_modalities = [key for key in chosen if hasattr(encoder.encoder_embeddings[key], "patch_size")]
    backbone.modality_drop_rate = 0.0
    backbone.tokenizer = {}  # what needs tokens comes as tokens: see `encoder_inputs`
    backbone.merge_method = None if merge == NO_MERGE else merge
    return backbone.eval()  # type: ignore[no-any-return] # terratorch has no types


def encoder_inputs(
    model: nn.Module, arrays: Mapping[str, NDArray[np.float32]], device: torch.device
) -> dict[str, torch.Tensor]:
    """What the encoder takes of a sample: standardised images, and tokens where TerraMind has no image embedding.

    Args:
        model: the resident generation model, with the tokenizers of the inputs.
        arrays: by Patchwork's names, (band, y, x) in units; coordinates (2,) as longitude and latitude.
        device: where the model is.

    Returns:
        Batches of one, by the names that the model's own inputs have.
    """
    resident: Any = model
    given: dict[str, torch.Tensor] = {}
    with torch.inference_mode(), torch.autocast(device.type, enabled=False):
        for name, values in arrays.items():
            input_name = MODALITIES[name].terramind_name
            key = resident.mod_name_mapping[input_name]
            tensor = torch.tensor(np.ascontiguousarray(values, np.float32), device=device)[None]
            if key in resident.pretraining_mean:
                mean, std = resident.pretraining_mean[key].to(device), resident.pretraining_std[key].to(device)
                tensor = (tensor - mean) / std
            if key in resident.tokenizer:
                tokens = resident.tokenizer[key].encode(tensor, device)
                tensor = tokens["tensor"] if isinstance(tokens, dict) else tokens[-1]
            given[input_name] = tensor
    return given


def layer_outputs(backbone: nn.Module, given: Mapping[str, torch.Tensor], stopped: Callable[[], bool]) -> list[Layer]:
    """The output of every layer, the last one after the encoder's norm, in fp32.

    Raises:
        GenerationCancelledError: `stopped` said so; it is asked before every layer.
    """

    def check() -> None:
        if stopped():
            raise GenerationCancelledError("the run was cancelled before its embeddings were there")

    blocks: Any = backbone.encoder
    device_type = next(backbone.parameters()).device.type
    with torch.inference_mode(), torch.autocast(device_type, enabled=False), called_before(blocks, check):
        outputs: list[Layer] = backbone(dict(given))  # a copy: terratorch writes into the dict it is given
    return outputs
