"""Builds TerraMind from terratorch's own classes, without the random values that a checkpoint replaces anyway.

One model takes every input and generates every output. terratorch gives the embedding with which an output conditions
the next ones to all outputs but the last, so the last one here is land cover: as an input it has the embedding already.
"""

import warnings
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from generation.engine.checkpoint import weights_error
from generation.engine.terratorch_part import TerratorchPart, load_terratorch
from generation.modalities import COORDINATES, INPUTS, MODALITIES, OUTPUTS, PATCH_PX, TRAINED_PX

LAST_OUTPUT = "LULC"
RANDOM_METHODS = frozenset({"normal_", "uniform_"})  # of tensors; what `torch.nn.init` calls in the end
DEFAULT_TIMESTEPS = 10
COORDINATE_TOKENS = 4  # that TerraMind has places for
_SOMEWHERE = (8.5, 47.25)  # longitude, latitude: to see whether a vocabulary can write a place

# Sizes of the four models as `terramind_v1_*_generate` builds them in terratorch 1.2.11; a test compares every tensor.
_GATED: dict[str, Any] = {"qkv_bias": False, "proj_bias": False, "mlp_bias": False, "gated_mlp": True}
_PLAIN: dict[str, Any] = {"qkv_bias": True, "proj_bias": True, "mlp_bias": True, "gated_mlp": False}
ARCHITECTURES: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "terramind_v1_tiny": {"dim": 192, "num_heads": 3, "encoder_depth": 12, "decoder_depth": 4, **_PLAIN},
        "terramind_v1_small": {"dim": 384, "num_heads": 6, "encoder_depth": 12, "decoder_depth": 6, **_PLAIN},
        "terramind_v1_base": {"dim": 768, "num_heads": 12, "encoder_depth": 12, "decoder_depth": 12, **_GATED},
        "terramind_v1_large": {"dim": 1024, "num_heads": 16, "encoder_depth": 24, "decoder_depth": 24, **_GATED},
    }
)


class WithoutRandomWeights(TorchFunctionMode):
    """While it lasts, in this thread, tensors are not filled with random values or constants by `torch.nn.init`.

    New parameters then hold whatever their memory held: only for models that are filled afterwards. Drawing random
    numbers for TerraMind takes seconds; and torch's dice stay as they were.
    """

    def __torch_function__(
        self,
        func: Any,  # noqa: ANN401 - torch's protocol has no types
        types: Any,  # noqa: ANN401 - likewise
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - likewise
        known = kwargs or {}
        if getattr(func, "__module__", "") == "torch.nn.init" or getattr(func, "__name__", "") in RANDOM_METHODS:
            return args[0] if args else known["tensor"]
        return func(*args, **known)


def build_model(name: str) -> nn.Module:
    """A `TerraMindGeneration` of all inputs and outputs, unfilled, without tokenizers, in evaluation mode.

    Its inputs and outputs bear TerraMind's names (`RGB`, `coords`); it standardises values itself. Means are not
    terratorch's table: each build that is given an `offset` adds it there, for every model that is built later.

    Args:
        name: a key of ARCHITECTURES.

    Raises:
        GenerationUnavailableError: see `load_terratorch`.
    """
    part = load_terratorch()
    sizes = ARCHITECTURES[name]
    outputs = [each for each in OUTPUTS if each != LAST_OUTPUT] + [LAST_OUTPUT]
    with WithoutRandomWeights(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tokenizer for output modality")  # they come on demand
        model: nn.Module = part.generation_class(
            img_size=TRAINED_PX,
            patch_size=PATCH_PX,
            modalities=[MODALITIES[each].terramind_name for each in INPUTS],
            output_modalities=[MODALITIES[each].terramind_name for each in outputs],
            mlp_ratio=4,
            num_register_tokens=0,
            norm_layer=partial(part.module("model.tm_utils").LayerNorm, eps=1e-6, bias=False),
            act_layer=nn.SiLU if sizes["gated_mlp"] else nn.GELU,
            timesteps=DEFAULT_TIMESTEPS,
            standardize=True,
            pretraining_mean=_by_key("mean"),
            pretraining_std=_by_key("std"),
            tokenizer_dict={},
            **sizes,
        )
    return model.eval()


def _by_key(statistic: Literal["mean", "std"]) -> dict[str, list[float]]:
    """A statistic of every modality by terratorch's keys, as images and as tokens."""
    return {
        key: list(getattr(modality, statistic))
        for modality in MODALITIES.values()
        if modality.is_image
        for key in (modality.raw_key, modality.token_key)
        if key is not None
    }


def build_tokenizer(modality: str) -> nn.Module:
    """The tokenizer of an image modality, a terratorch `DiVAE` or (land cover) `VQVAE`, unfilled, in evaluation mode.

    Args:
        modality: Patchwork's name of one that has a tokenizer.
    """
    register = load_terratorch().tokenizer_register
    with WithoutRandomWeights():
        tokenizer: nn.Module = getattr(register, f"terramind_v1_tokenizer_{modality.lower()}")()
    return tokenizer.eval()


def open_coordinate_tokenizer(path: Path, cure: str) -> nn.Module:
    """The vocabulary in which TerraMind writes longitude and latitude.

    Args:
        path: the hub's `config.json` of it.
        cure: what to do about a wrong file.

    Raises:
        WeightsError: the file is no vocabulary, or one that can not write a place in TerraMind's four tokens.
    """
    part: TerratorchPart = load_terratorch()
    try:
        tokenizer: nn.Module = part.terramind_register.terramind_v1_coords_tokenizer(tokenizer_file=str(path))
        tokens = tokenizer.encode(torch.tensor([_SOMEWHERE]))["tensor"]  # type: ignore[operator] # nn.Module is untyped
    except Exception as error:  # the library in Rust raises Exception itself
        raise weights_error(path, f"is no vocabulary of coordinates: {str(error)[:120]}", cure) from error
    codes = MODALITIES[COORDINATES].codes
    if not 2 <= tokens.shape[1] <= COORDINATE_TOKENS or int(tokens.max()) >= codes:
        raise weights_error(path, "is the vocabulary of something else: it can not write a place in four tokens", cure)
    return tokenizer.eval()
