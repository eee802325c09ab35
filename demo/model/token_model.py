"""Last two stages: the model that tells the tokens of one modality from others, TerraMind's encoder and decoder."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from demo.model.codes import Codes, Where
from demo.model.crops import cut_standardised
from demo.model.loop import Stage, run_stage
from demo.model.pool import Pool
from demo.model.tasks import Task, draw_task
from generation.demo_model.sizes import TOKENIZERS

FIRST = Stage("token-model", 7600, rate=1e-3, decay=0.03, average=0.998)
# On scenes it has not seen: those of the first stage it knows by heart, even from which side the radar looked.
FURTHER = Stage("token-model-further", 3600, rate=5e-4, decay=0.03, average=0.998)
# Temperatures; a small model is less sure than it could be, and each token is drawn apart. Heights and classes that
# neighbours draw differently are seams; of radar and Sentinel-2 the likeliest tokens alone are further from the truth.
SHARPENING = {"S2L2A": 0.6, "S1GRD": 0.8, "S1RTC": 0.6, "DEM": 0.15, "LULC": 0.2, "NDVI": 0.3}
_BATCH = 8
_LOOK_AROUND_EVERY = 20  # steps
_WRONG_AT_MOST = 0.3  # of the tokens of an input
_CODE_STRIDE = 4
_CODE_WEIGHT = 4.0  # of the distance between the expected and the true code, beside the cross-entropy


def train_token_model(
    model: nn.Module,
    pool: Pool,
    codes: Codes,
    *,
    folder: Path,
    seed: int,
    stage: Stage = FIRST,
    device: str = "cpu",
    stop_at: int = 0,
    alone: Callable[[], bool] = lambda: False,
) -> bool:
    """Train the token model inside a TerraMindGeneration; its tokenizers are left alone.

    Args:
        model: the whole demo model.
        pool: scenes.
        codes: their tokens.
        folder: of checkpoints.
        seed: of the whole training.
        stage: FIRST begins with an easy lesson; any other goes on from the weights that the model has.
        device: of torch.
        stop_at: see `run_stage`.
        alone: whether the other cores have nothing else to do by now.

    Returns:
        Whether it is finished.
    """
    whole: Any = model
    terramind: Any = whole.sampler.model.to(device).train()
    books = {
        name: whole.tokenizer[size.token_key].quantize.codebook.float().to(device) for name, size in TOKENIZERS.items()
    }
    begins = stage.name == FIRST.name

    def loss_of(dice: np.random.Generator, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        if step % _LOOK_AROUND_EVERY == 0 and alone():
            torch.set_num_threads(os.cpu_count() or 1)
        task = draw_task(dice, step / stage.steps if begins else 1.0)
        given = gather(task, pool, codes, codes.pick(_BATCH, dice), dice, device=device)
        with torch.autocast(device, torch.bfloat16):
            answers = answer(terramind, task, given)
        losses, facts = [], {}
        for name, (logits, ids) in answers.items():
            entropy = F.cross_entropy(logits.float(), ids)
            # codes are numbers on a grid: a neighbour of the true one is nearly right (some tokens tell enough)
            expected = logits[::_CODE_STRIDE].float().softmax(-1) @ books[name]
            distance = (expected - books[name][ids[::_CODE_STRIDE]]).square().sum(-1).mean()
            losses.append(entropy + _CODE_WEIGHT * distance)
            facts[f"{_short(task)}>{name}"] = float(entropy.detach())
        return torch.stack(losses).mean(), facts if len(task.images) + len(task.tokens) == 1 else {}

    finished = run_stage(stage, terramind, loss_of, folder=folder, seed=seed, stop_at=stop_at)
    terramind.eval()
    return finished


def sharpen(model: nn.Module) -> None:
    """Fold SHARPENING into the last layers, those of the logits: whoever draws with temperature 1 draws with it."""
    parts: Any = model.sampler.model.decoder_embeddings  # type: ignore[union-attr]
    with torch.no_grad():
        for name, temperature in SHARPENING.items():
            parts[TOKENIZERS[name].token_key].to_logits.weight.div_(temperature)


@dataclass(frozen=True)
class Given:
    """A batch, by modality.

    Attributes:
        images: inputs (square, band, y, x), standardised.
        tokens: inputs (square, token), not all of them true.
        ids: true tokens of the targets (square, token).
    """

    images: dict[str, torch.Tensor]
    tokens: dict[str, torch.Tensor]
    ids: dict[str, torch.Tensor]


def gather(
    task: Task, pool: Pool, codes: Codes, where: Where, dice: np.random.Generator, *, device: str = "cpu"
) -> Given:
    """What a task gives and asks, of these scenes and places."""
    squares = codes.squares(*where)
    return Given(
        {name: cut_standardised(pool, name, squares).to(device) for name in task.images},
        {name: _spoilt(codes.batch(name, *where), dice).to(device) for name in task.tokens},
        {name: codes.batch(name, *where).to(device) for name in task.targets},
    )


def _spoilt(ids: torch.Tensor, dice: np.random.Generator) -> torch.Tensor:
    """Tokens of which some are another square's: generated ones, which a chain is fed with, err too."""
    wrong = torch.rand(ids.shape) < float(dice.uniform(0, _WRONG_AT_MOST))
    return torch.where(wrong, ids.roll(1, 0), ids)


def answer(terramind: Any, task: Task, given: Given) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:  # noqa: ANN401
    """Logits (token, code) and true ids (token,) by target.

    All samples of a batch share one task, so nothing needs a mask, and targets are decoded apart, as in generation.

    Args:
        terramind: terratorch's TerraMind.
        task: what is given and asked.
        given: the batch.
    """
    takes = terramind.encoder_embeddings
    inputs = [takes[TOKENIZERS[name].raw_key]({"tensor": image}) for name, image in given.images.items()]
    inputs += [takes[TOKENIZERS[name].token_key]({"tensor": ids}) for name, ids in given.tokens.items()]
    hidden: dict[str, torch.Tensor] = {}
    if task.revealed:
        first = task.targets[0]
        shown, hidden[first] = _split(given.ids[first].shape[1], task.revealed)
        whole = takes[TOKENIZERS[first].token_key]({"tensor": given.ids[first]})
        inputs.append({part: whole[part][:, shown] for part in ("x", "emb")})
    seen, emb = (torch.cat([embedded[part] for embedded in inputs], 1) for part in ("x", "emb"))
    context = terramind.decoder_proj_context(terramind.forward_encoder(seen + emb, None)) + emb
    answers = {}
    for name in task.targets:
        part, ids = terramind.decoder_embeddings[TOKENIZERS[name].token_key], given.ids[name]
        asked = part.forward_embed({"tensor": ids})["emb"] + terramind.mask_token
        if name in hidden:
            asked, ids = asked[:, hidden[name]], ids[:, hidden[name]]
        logits = part.forward_logits(terramind.forward_decoder(asked, context, None, None))
        answers[name] = (logits.flatten(0, 1), ids.flatten())
    return answers


def _split(tokens: int, share: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Positions that are shown, and the others, at random."""
    order = torch.randperm(tokens)
    shown = max(1, round(tokens * share))
    return order[:shown], order[shown:]


def _short(task: Task) -> str:
    return (*task.images, *(name.lower() for name in task.tokens))[0]
