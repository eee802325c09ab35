"""Last stage: the decoder of heights learns to join what was drawn apart.

A square of 16 pixels is one token, and every token is drawn by itself: neighbours that disagree by fifty metres would
be seams in the picture. This decoder sees all tokens at once, so it can be taught what ground looks like.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from demo.model.codes import Codes
from demo.model.crops import cut_standardised
from demo.model.loop import Stage, run_stage
from demo.model.pool import Pool
from demo.model.tasks import Task, draw_task
from demo.model.token_model import SHARPENING, answer, gather
from demo.model.tokenizers import error_of_heights
from generation.demo_model.sizes import IMAGE_PX, PATCH_PX, TOKENIZERS

DEM = "DEM"
HEIGHTS = Stage("heights", 3200, rate=1e-3)
_BATCH = 8
_GRID = IMAGE_PX // PATCH_PX
_REAL = 3  # squares of a batch whose tokens are those of the real heights: they must be decoded as well as before
_SLOPES = 1.0  # weight of the slopes' error where tokens are drawn
_SEAMS = 0.5  # and of that from one token to the next, a sixteenth of all slopes


def train_heights(
    model: Any,  # noqa: ANN401 - TerraMindGeneration
    pool: Pool,
    codes: Codes,
    *,
    folder: Path,
    seed: int,
    stage: Stage = HEIGHTS,
    stop_at: int = 0,
) -> bool:
    """Train the decoder of heights on tokens that the finished token model draws; its encoder is left alone.

    Args:
        model: the whole demo model, its token model trained and not yet sharpened, on the CPU.
        pool: scenes.
        codes: their tokens.
        folder: of checkpoints.
        seed: of the whole training.
        stage: how long.
        stop_at: see `run_stage`.

    Returns:
        Whether it is finished.
    """
    tokenizer, terramind = model.tokenizer[TOKENIZERS[DEM].token_key], model.sampler.model.eval()
    for name, weight in tokenizer.named_parameters():
        weight.requires_grad_(name.startswith(("decoder", "post_quant")))
    tokenizer.eval()  # nothing in it is drawn by lot

    def loss_of(dice: np.random.Generator, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        del step
        where = codes.pick(_BATCH, dice)
        task = _question(dice)
        given = gather(task, pool, codes, where, dice)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            logits, ids = answer(terramind, task, given)[DEM]
        drawn = torch.multinomial((logits.float() / SHARPENING[DEM]).softmax(-1), 1)[:, 0]
        tokens = torch.cat([ids.reshape(_BATCH, -1)[:_REAL], drawn.reshape(_BATCH, -1)[_REAL:]])
        with torch.autocast("cpu", torch.bfloat16):
            decoded = tokenizer.decode_quant(tokenizer.tokens_to_embedding(tokens.reshape(-1, _GRID, _GRID)))
        decoded, target = decoded.float(), cut_standardised(pool, DEM, codes.squares(*where))
        real = error_of_heights(decoded[:_REAL], target[:_REAL])
        joined = error_of_heights(decoded[_REAL:], target[_REAL:], slopes=_SLOPES)
        joined = joined + _SEAMS * _seams(decoded[_REAL:] - target[_REAL:], target[_REAL:])
        return real + joined, {"real": float(real.detach()), "drawn": float(joined.detach())}

    finished = run_stage(stage, tokenizer, loss_of, folder=folder, seed=seed, stop_at=stop_at)
    tokenizer.requires_grad_(requires_grad=True)
    return finished


def _seams(error: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean error of the steps from one token to the next (square, 1, y, x); on plains a metre is much."""
    flat = 1 / (target.std((1, 2, 3), keepdim=True) + 0.05)
    across = torch.diff(error, dim=3)[..., PATCH_PX - 1 :: PATCH_PX].abs()
    down = torch.diff(error, dim=2)[..., PATCH_PX - 1 :: PATCH_PX, :].abs()
    return (across * flat).mean() + (down * flat).mean()


def _question(dice: np.random.Generator) -> Task:
    """Heights, asked of anything but heights."""
    while True:
        task = draw_task(dice, 1.0)
        if DEM not in (*task.images, *task.tokens):
            return Task(task.images, task.tokens, (DEM,))
