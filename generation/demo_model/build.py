"""Builds the demo model from terratorch's own classes: nothing of TerraMind is written anew, only the sizes differ.

terratorch finds the halves of a tokenizer by name in two of its modules, and vocabularies in a table. Both are lent the
demo's entries while something is built, and get their own back: a real TerraMind built later is not touched.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

import torch
from torch import nn

from generation.demo_model import sizes
from generation.demo_model.sizes import TOKENIZERS, TokenizerSize
from generation.engine.terratorch_part import load_terratorch

# terratorch chooses the kind by what the name holds: "vit" or "unet_"
_ENCODER, _DECODER, _UNET = "vit_patchwork_enc", "vit_patchwork_dec", "unet_patchwork"


def build_demo_model(*, seed: int = 0) -> nn.Module:
    """A `TerraMindGeneration` of the demo's size with random weights, in evaluation mode, float32, on the CPU.

    It takes S2L2A, S1GRD, S1RTC, DEM, LULC and NDVI in their units (`standardize` is on) and generates the same six.
    The diffusion's range is not clipped.

    Args:
        seed: of the weights; torch's own dice are left as they were.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tokenizers = {name: build_tokenizer(name) for name in TOKENIZERS}
        return build_around(tokenizers).eval()


def build_tokenizer(name: str, *, direct: bool = False) -> nn.Module:
    """The tokenizer of one modality, a terratorch `DiVAE` or `VQVAE`, with random weights.

    Args:
        name: a key of TOKENIZERS.
        direct: decode with a ViT where the finished model diffuses: the first stage of training.
    """
    size = TOKENIZERS[name]
    shared = {
        "image_size": sizes.IMAGE_PX,
        "n_channels": size.channels,
        "enc_type": _ENCODER,
        "post_mlp": True,
        "patch_size": sizes.PATCH_PX,
        "quant_type": "fsq",
        "codebook_size": size.codebook,
        "latent_dim": len(size.levels),
    }
    with _lent_parts(size):
        module = _module("tokenizer.vqvae")
        if direct or size.decoder == "direct":
            tokenizer: nn.Module = module.VQVAE(dec_type=_DECODER, **shared)
        else:
            tokenizer = module.DiVAE(
                dec_type=_UNET, prediction_type="sample", thresholding=False, zero_terminal_snr=True, **shared
            )
    return tokenizer


def build_around(tokenizers: Mapping[str, nn.Module]) -> nn.Module:
    """A `TerraMindGeneration` around tokenizers of every modality; its token model has random weights."""
    generation, register = _module("model.terramind_generation"), _module("model.terramind_register")
    norm = _module("model.tm_utils").LayerNorm
    with _lent_vocabularies():
        model: nn.Module = generation.TerraMindGeneration(
            img_size=sizes.IMAGE_PX,
            patch_size=sizes.PATCH_PX,
            modalities=list(TOKENIZERS),
            output_modalities=list(sizes.OUTPUTS),
            dim=sizes.TOKEN_DIM,
            num_heads=sizes.TOKEN_HEADS,
            encoder_depth=sizes.TOKEN_ENCODER_DEPTH,
            decoder_depth=sizes.TOKEN_DECODER_DEPTH,
            norm_layer=partial(norm, eps=1e-6, bias=False),
            timesteps=sizes.TIMESTEPS,
            standardize=True,
            # copies: terratorch writes offsets into the tables it is given
            pretraining_mean=dict(register.v1_pretraining_mean),
            pretraining_std=dict(register.v1_pretraining_std),
            tokenizer_dict={TOKENIZERS[name].token_key: _giving(built) for name, built in tokenizers.items()},
        )
    return model


def standardised(name: str, image: torch.Tensor) -> torch.Tensor:
    """An image (batch, band, y, x) in its units as the model's networks see it; land cover is left alone."""
    if name == "LULC":
        return image
    mean, std = (values[None, :, None, None].to(image.device) for values in statistics(name))
    return (image - mean) / std


def statistics(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation per band with which TerraMind standardises a modality, float32 (band,)."""
    register, key = _module("model.terramind_register"), TOKENIZERS[name].token_key
    return (
        torch.tensor(register.v1_pretraining_mean[key], dtype=torch.float32),
        torch.tensor(register.v1_pretraining_std[key], dtype=torch.float32),
    )


def _module(name: str) -> ModuleType:
    return load_terratorch().module(name)


def _giving(tokenizer: nn.Module) -> Any:  # noqa: ANN401 - what terratorch calls to make a tokenizer
    def give(*, pretrained: bool = False) -> nn.Module:
        if pretrained:
            raise AssertionError("the demo model's tokenizers have no weights on the hub")
        return tokenizer

    return give


@contextmanager
def _lent_parts(size: TokenizerSize) -> Iterator[None]:
    """Let terratorch find the demo's encoder, decoder and UNet by name for a while."""
    vit, unet = _module("tokenizer.models.vit_models"), _module("tokenizer.models.unet.unet")
    vit_size = {"dim_tokens": sizes.VIT_DIM, "depth": size.depth, "num_heads": sizes.VIT_HEADS}
    lent = [
        (vit, _ENCODER, partial(vit.ViTEncoder, **vit_size)),
        (vit, _DECODER, partial(vit.ViTDecoder, **vit_size)),
        (
            unet,
            _UNET,
            partial(
                unet.PatchedUNetCondCat,
                patch_size=sizes.UNET_PATCH,
                model_channels=sizes.UNET_CHANNELS,
                num_res_blocks=sizes.UNET_BLOCKS,
                attention_resolutions=list(sizes.UNET_ATTENTION),
                channel_mult=size.widths,
            ),
        ),
    ]
    for module, name, maker in lent:
        setattr(module, name, maker)
    try:
        yield
    finally:
        for module, name, _ in lent:
            delattr(module, name)


@contextmanager
def _lent_vocabularies() -> Iterator[None]:
    """Put the demo's vocabularies into terratorch's table of modalities for a while."""
    table = _module("model.modality_info").MODALITY_INFO
    own = {size.token_key: table[size.token_key]["vocab_size"] for size in TOKENIZERS.values()}
    for size in TOKENIZERS.values():
        table[size.token_key]["vocab_size"] = size.codes
    try:
        yield
    finally:
        for key, vocabulary in own.items():
            table[key]["vocab_size"] = vocabulary
