"""Second stage: the diffusion decoders, which learn to draw what the finished codes tell."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from numpy.typing import NDArray
from torch import nn

from demo.model.codes import Codes
from demo.model.crops import cut_standardised
from demo.model.loop import Stage, run_stage
from demo.model.pool import Pool
from generation.demo_model.build import build_tokenizer
from generation.demo_model.sizes import IMAGE_PX, PATCH_PX

# Quarters of images first, for more scenes fit a batch; but norms and borders differ from whole images, so those last.
_WINDOW_TOKENS, _WINDOW_BATCH = 7, 16
_WHOLE_BATCH = 4
_WHOLE_FROM = 0.7  # of the steps
_GRID = IMAGE_PX // PATCH_PX
_LAST_STEP_SHARE = 0.25  # of the batch starts from nothing but noise, as every drawing does
_NOISE_STEPS = 1000

STEPS = {"S2L2A": 3400, "NDVI": 1600, "S1RTC": 2400, "S1GRD": 2400}


def train_decoder(
    name: str,
    encoder: nn.Module,
    pool: Pool,
    codes: Codes,
    *,
    folder: Path,
    seed: int,
    device: str = "cpu",
    steps: int = 0,
    stop_at: int = 0,
) -> tuple[nn.Module, bool]:
    """Train the diffusion decoder of a modality.

    Args:
        name: a key of STEPS.
        encoder: the tokenizer of the first stage, whose encoder and codes are kept as they are.
        pool: scenes.
        codes: their tokens.
        folder: of checkpoints.
        seed: of the whole training.
        device: of torch.
        steps: instead of STEPS.
        stop_at: see `run_stage`.

    Returns:
        The finished tokenizer, a terratorch DiVAE, and whether it is finished.
    """
    torch.manual_seed(seed)
    tokenizer: Any = build_tokenizer(name)
    halves = {
        key: value for key, value in encoder.state_dict().items() if not key.startswith(("decoder", "post_quant"))
    }
    tokenizer.load_state_dict(halves | tokenizer.decoder.state_dict(prefix="decoder."))
    tokenizer.to(device)
    decoder: nn.Module = tokenizer.decoder
    decoder.train()

    stage = Stage(f"decoder-{name}", steps or STEPS[name], rate=1.5e-3)

    def loss_of(dice: np.random.Generator, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        edge, count = (_GRID, _WHOLE_BATCH) if step >= _WHOLE_FROM * stage.steps else (_WINDOW_TOKENS, _WINDOW_BATCH)
        image, ids = _windows(name, pool, codes.pick(count, dice), codes, edge)
        image, latent = image.to(device), tokenizer.tokens_to_embedding(ids.to(device))
        times = torch.randint(0, _NOISE_STEPS, (count,), device=device)
        times[: round(count * _LAST_STEP_SHARE)] = _NOISE_STEPS - 1
        noisy = tokenizer.noise_scheduler.add_noise(image, torch.randn_like(image), times)
        with torch.autocast(device, torch.bfloat16):
            drawn = decoder(noisy, times, latent)
        error = F.mse_loss(drawn.float(), image)
        return error + 0.5 * F.l1_loss(drawn.float(), image), {"error": float(error.detach())}

    finished = run_stage(stage, decoder, loss_of, folder=folder, seed=seed, stop_at=stop_at)
    return tokenizer.eval(), finished


def _windows(
    name: str, pool: Pool, where: tuple[NDArray[np.int64], NDArray[np.int64]], codes: Codes, edge: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Parts of images, `edge` tokens wide, standardised, and their tokens (window, y, x)."""
    image = cut_standardised(pool, name, codes.squares(*where))
    ids = codes.batch(name, *where).reshape(-1, _GRID, _GRID)
    top, left = (int(corner) for corner in torch.randint(0, _GRID - edge + 1, (2,)))
    y, x, size = top * PATCH_PX, left * PATCH_PX, edge * PATCH_PX
    window = ids[:, top : top + edge, left : left + edge]
    return image[:, :, y : y + size, x : x + size].contiguous(), window.contiguous()
