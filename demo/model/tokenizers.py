"""First stage: encoders and codes of every modality, with decoders that answer at once.

Trained end to end with diffusion the codes collapse to a handful, so diffusion comes later on frozen encoders. The
codes are kept alive by spreading the latents over all levels at the start and by a penalty that keeps them spread.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from demo.model.crops import any_squares, cut_standardised
from demo.model.loop import Stage, run_stage
from demo.model.pool import Pool
from generation.demo_model.build import build_tokenizer

_BATCH = 16
_SPREAD = 1.6  # standard deviation of a latent at the start; after the sigmoid that fills all levels
_UNIFORM_VARIANCE = 1 / 12
# At 1 the codes of heights collapse. The others need hardly any: forced to be even, they spend as much on noise as on
# what the image shows, and no other modality could tell them.
_EVEN_WEIGHT = {"DEM": 3.0, "LULC": 0.1, "S2L2A": 0.1, "S1GRD": 0.1, "S1RTC": 0.1}

# steps each: the more there is to say, the longer
STEPS = {"S2L2A": 1600, "S1GRD": 900, "S1RTC": 900, "DEM": 1000, "LULC": 1800, "NDVI": 1200}


def train_tokenizer(
    name: str, pool: Pool, *, folder: Path, seed: int, device: str = "cpu", steps: int = 0, stop_at: int = 0
) -> tuple[nn.Module, bool]:
    """Train the encoder, codes and direct decoder of a modality.

    Args:
        name: a key of TOKENIZERS.
        pool: scenes.
        folder: of checkpoints.
        seed: of the whole training.
        device: of torch.
        steps: instead of STEPS.
        stop_at: see `run_stage`.

    Returns:
        The tokenizer with a direct decoder, and whether it is finished.
    """
    torch.manual_seed(seed)
    tokenizer: Any = build_tokenizer(name, direct=True)
    _spread_latents(tokenizer, _batch(pool, name, 64, np.random.default_rng(seed))[0])
    tokenizer.to(device).train()
    stage = Stage(f"tokenizer-{name}", steps or STEPS[name], rate=1e-3)

    def loss_of(dice: np.random.Generator, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        del step
        image, target = (tensor.to(device) for tensor in _batch(pool, name, _BATCH, dice))
        with torch.autocast(device, torch.bfloat16):
            latent = tokenizer.quant_proj(tokenizer.encoder(image))
        latent = latent.float()
        codes, _, _ = tokenizer.quantize(latent)  # in float32: rounding to levels bears nothing less
        with torch.autocast(device, torch.bfloat16):
            decoded = tokenizer.decode_quant(codes)
        error = _error(name, decoded.float(), target)
        uneven = _unevenness(latent)
        return error + _EVEN_WEIGHT.get(name, 1.0) * uneven, {
            "error": float(error.detach()),
            "uneven": float(uneven.detach()),
        }

    finished = run_stage(stage, tokenizer, loss_of, folder=folder, seed=seed, stop_at=stop_at)
    return tokenizer.eval(), finished


def _batch(pool: Pool, name: str, count: int, dice: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Images and what to make of them: for radar the ground without speckle, which no code could tell."""
    squares = any_squares(pool, count, dice)
    image = cut_standardised(pool, name, squares)
    target = cut_standardised(pool, f"{name}-clean", squares) if name.startswith("S1") else image
    return image, target


def _spread_latents(tokenizer: Any, image: torch.Tensor) -> None:  # noqa: ANN401 - a terratorch VQVAE
    """Set the last projection so that the latents of real images fill all levels."""
    with torch.no_grad():
        latent = tokenizer.quant_proj(tokenizer.encoder(image))
        mean, gain = latent.mean((0, 2, 3)), _SPREAD / latent.std((0, 2, 3))
        tokenizer.quant_proj.weight.mul_(gain[:, None, None, None])
        tokenizer.quant_proj.bias.copy_((tokenizer.quant_proj.bias - mean) * gain)


def _unevenness(latent: torch.Tensor) -> torch.Tensor:
    """How far the latents (batch, number, y, x) are from uniform and independent, after the sigmoid."""
    spread = torch.sigmoid(latent).transpose(0, 1).flatten(1)
    mean = spread.mean(1, keepdim=True)
    covariance = (spread - mean) @ (spread - mean).T / spread.shape[1]
    wanted = torch.eye(len(spread), device=latent.device) * _UNIFORM_VARIANCE
    return (mean - 0.5).square().sum() + (covariance - wanted).square().sum() / _UNIFORM_VARIANCE


def _error(name: str, decoded: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    if name == "LULC":
        return F.cross_entropy(decoded, target[:, 0].long())
    if name == "DEM":
        return error_of_heights(decoded, target)
    return F.l1_loss(decoded, target) + 0.5 * F.mse_loss(decoded, target)


def error_of_heights(decoded: torch.Tensor, target: torch.Tensor, *, slopes: float = 0.05) -> torch.Tensor:
    """How far standardised heights (square, 1, y, x) are off, a number.

    A plain is as good a picture as a mountain: its few metres count as much. And slopes count, or there were seams.
    """
    flat = 1 / (target.std((1, 2, 3), keepdim=True) + 0.05)
    slope = sum(((torch.diff(decoded - target, dim=dim).abs() * flat).mean() for dim in (2, 3)), torch.tensor(0.0))
    error = F.l1_loss(decoded, target) + 0.5 * F.mse_loss(decoded, target)
    return error + 0.05 * ((decoded - target).abs() * flat).mean() + slopes * slope
