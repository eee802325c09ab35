"""One training loop for every stage, seeded step by step: a stage that was stopped goes on as if it had not been."""

import logging
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from demo.model.attention import plain_attention

_SAVE_EVERY_S = 120.0
_TELL_EVERY = 50  # steps
_WARM_UP = 50  # steps
_LAST_RATE = 0.02  # of the first, at the end of the cosine
_CLIP = 1.0  # norm of the gradient

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """A piece of training.

    Attributes:
        name: of its checkpoint, too.
        steps: how many.
        rate: learning rate after warming up; falls along a cosine.
        decay: of weights.
        average: decay of the running mean of the weights, which is what a stage results in.
    """

    name: str
    steps: int
    rate: float
    decay: float = 0.01
    average: float = 0.995


Loss = Callable[[np.random.Generator, int], tuple[torch.Tensor, dict[str, float]]]


def run_stage(stage: Stage, network: nn.Module, loss_of: Loss, *, folder: Path, seed: int, stop_at: int = 0) -> bool:
    """Train a network, or go on with what an earlier run left, and leave the mean of its weights in it.

    Args:
        stage: what to do.
        network: its parameters that need gradients are trained.
        loss_of: the loss of a step and figures to tell, given the step's dice and number; torch's own dice are
            seeded by the step as well.
        folder: of checkpoints.
        seed: of the whole training.
        stop_at: stop before this step and keep the checkpoint; 0 for the end.

    Returns:
        Whether the stage is finished.
    """
    path = folder / f"{stage.name}.pt"
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(weights, stage.rate, weight_decay=stage.decay, betas=(0.9, 0.95))
    mean = [weight.detach().clone() for weight in weights]
    first = _restore(path, network, optimiser, mean)
    last = min(stage.steps, stop_at or stage.steps)
    saved, told, figures = time.monotonic(), time.monotonic(), dict[str, float]()
    for step in range(first, last):
        dice = _seed_step(seed, stage.name, step)
        for group in optimiser.param_groups:
            group["lr"] = _rate(stage, step)
        with plain_attention(weights[0].device.type):
            loss, facts = loss_of(dice, step)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, _CLIP)
        optimiser.step()
        _average(mean, weights, min(stage.average, (step + 1) / (step + 10)))
        for name, value in facts.items():
            figures[name] = 0.95 * figures.get(name, value) + 0.05 * value
        if (step + 1) % _TELL_EVERY == 0:
            pace = (time.monotonic() - told) / _TELL_EVERY
            words = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
            _log.info("%s %d of %d, %.2f s a step: %s", stage.name, step + 1, stage.steps, pace, words)
            told = time.monotonic()
        if time.monotonic() - saved > _SAVE_EVERY_S:
            _save(path, network, optimiser, mean, step + 1)
            saved = time.monotonic()
    if last > first:
        _save(path, network, optimiser, mean, last)
    if last < stage.steps:
        return False
    with torch.no_grad():
        for weight, smooth in zip(weights, mean, strict=True):
            weight.copy_(smooth)
    return True


def _rate(stage: Stage, step: int) -> float:
    fall = 0.5 * (1 + math.cos(math.pi * step / stage.steps))
    return stage.rate * min(1.0, (step + 1) / _WARM_UP) * (fall * (1 - _LAST_RATE) + _LAST_RATE)


def _seed_step(seed: int, name: str, step: int) -> np.random.Generator:
    """Dice of a step; torch and terratorch (which shuffles with `random`) get theirs from the same."""
    dice = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, *name.encode(), step))))
    torch.manual_seed(int(dice.integers(2**31)))
    random.seed(int(dice.integers(2**31)))
    return dice


def _average(mean: list[torch.Tensor], weights: list[nn.Parameter], decay: float) -> None:
    with torch.no_grad():
        for smooth, weight in zip(mean, weights, strict=True):
            smooth.lerp_(weight, 1 - decay)


def _save(
    path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, mean: list[torch.Tensor], step: int
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    state = {"step": step, "network": network.state_dict(), "optimiser": optimiser.state_dict(), "mean": mean}
    torch.save(state, partial)
    partial.replace(path)


def _restore(path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, mean: list[torch.Tensor]) -> int:
    """Bring back a checkpoint, if there is one; returns the next step."""
    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, map_location=next(network.parameters()).device, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    for smooth, kept in zip(mean, state["mean"], strict=True):
        smooth.copy_(kept)
    _log.info("%s goes on at step %d", path.stem, state["step"])
    return int(state["step"])
