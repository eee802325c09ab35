"""How large each part of the demo model is. TerraMind's own sizes are some fifty times these."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import prod
from types import MappingProxyType
from typing import Any, Literal

IMAGE_PX = 224
PATCH_PX = 16

Decoder = Literal["diffusion", "direct"]


@dataclass(frozen=True)
class TokenizerSize:
    """One tokenizer: a small ViT, finite scalar quantisation, and what turns codes back into an image.

    Attributes:
        raw_key: terratorch's name of the modality as image, "" where TerraMind takes its tokens only.
        token_key: terratorch's name of it as tokens.
        channels: bands; classes of land cover.
        codebook: levels of each latent number; their product is the vocabulary.
        depth: blocks of the ViT that encodes (and of the one that decodes, where `decoder` is direct).
        decoder: "diffusion" is a UNet that removes noise step by step, "direct" a ViT that answers at once.
        widths: widths of the UNet's levels, in units of UNET_CHANNELS.
    """

    raw_key: str
    token_key: str
    channels: int
    codebook: str
    depth: int = 2
    decoder: Decoder = "diffusion"
    widths: tuple[int, ...] = (1, 2, 2)

    @property
    def levels(self) -> tuple[int, ...]:
        """Levels of each latent number."""
        return tuple(int(level) for level in self.codebook.split("-"))

    @property
    def codes(self) -> int:
        """Size of the vocabulary."""
        return prod(self.levels)


# Land cover has no diffusion, as in TerraMind. Heights have none either: noise of five steps leaves tens of metres on
# plains, and the direct decoder is as sharp as heights need it.
TOKENIZERS: Mapping[str, TokenizerSize] = MappingProxyType(
    {
        "S2L2A": TokenizerSize("untok_sen2l2a@224", "tok_sen2l2a@224", 12, "8-5-5-5", 4, widths=(1, 2, 3)),
        "S1GRD": TokenizerSize("untok_sen1grd@224", "tok_sen1grd@224", 2, "8-6-5"),
        "S1RTC": TokenizerSize("untok_sen1rtc@224", "tok_sen1rtc@224", 2, "8-6-5"),
        "DEM": TokenizerSize("untok_dem@224", "tok_dem@224", 1, "8-5-5-5", 3, "direct"),
        "LULC": TokenizerSize("", "tok_lulc@224", 10, "8-5-5-5", 4, "direct"),
        "NDVI": TokenizerSize("", "tok_ndvi@224", 1, "8-5-5-5"),
    }
)
# The order in which terratorch generates; the last one's tokens could not be conditioned on, were they no input too.
OUTPUTS = ("LULC", "DEM", "S1GRD", "S1RTC", "S2L2A", "NDVI")

VIT_DIM, VIT_HEADS = 128, 4
UNET_PATCH, UNET_CHANNELS, UNET_BLOCKS = 4, 32, 1
UNET_ATTENTION = (4,)  # at the level that is four times coarser than the first
TOKEN_DIM, TOKEN_HEADS, TOKEN_ENCODER_DEPTH, TOKEN_DECODER_DEPTH = 192, 4, 4, 4
TIMESTEPS = 5  # of diffusion, unless a call asks otherwise


def architecture() -> dict[str, Any]:
    """Every size, as it is kept beside the weights: a file made for other sizes is told from a right one by this."""
    return {
        "image_px": IMAGE_PX,
        "patch_px": PATCH_PX,
        "tokenizers": {name: asdict(size) | {"widths": list(size.widths)} for name, size in TOKENIZERS.items()},
        "vit": {"dim": VIT_DIM, "heads": VIT_HEADS},
        "unet": {
            "patch": UNET_PATCH,
            "channels": UNET_CHANNELS,
            "blocks": UNET_BLOCKS,
            "attention": list(UNET_ATTENTION),
        },
        "token_model": {
            "dim": TOKEN_DIM,
            "heads": TOKEN_HEADS,
            "encoder_depth": TOKEN_ENCODER_DEPTH,
            "decoder_depth": TOKEN_DECODER_DEPTH,
        },
    }
