"""The stages of the training as jobs that any process can do: each goes on where an earlier run of it stopped."""

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import nn

from demo.model.codes import Codes, open_codes, tokenise
from demo.model.decoders import STEPS as DECODER_STEPS
from demo.model.decoders import train_decoder
from demo.model.heights import HEIGHTS, train_heights
from demo.model.pool import open_pool
from demo.model.scenes import Split
from demo.model.token_model import FIRST, FURTHER, sharpen, train_token_model
from demo.model.tokenizers import STEPS as TOKENIZER_STEPS
from demo.model.tokenizers import train_tokenizer
from generation.demo_model.build import build_around, build_tokenizer
from generation.demo_model.sizes import TOKENIZERS

# glibc gives the memory of large arrays back at once and takes it anew a moment later: a fifth of the time
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**34), "OMP_NUM_THREADS": "1"}
_POOLS: tuple[Split, ...] = ("train", "further")


@dataclass(frozen=True)
class Recipe:
    """What a training is made of; equal recipes give equal weights, but for rounding.

    Attributes:
        cache: folder of scenes, tokens and checkpoints.
        seed: of everything.
        scenes: in the pool that everything is trained on.
        further_scenes: in the pool that the token model is finished on.
        share: of the steps; 1 for the real thing.
        device: of torch.
        workers: processes; one where a GPU does the work.
    """

    cache: Path
    seed: int = 5
    scenes: int = 2048
    further_scenes: int = 4096
    share: float = 1.0
    device: str = "cpu"
    workers: int = 2

    @property
    def pools(self) -> Path:
        """Folder of the scenes."""
        return self.cache / "scenes"

    @property
    def run(self) -> Path:
        """Folder of checkpoints."""
        return self.cache / "run"

    def tokens(self, split: Split) -> Path:
        """Folder of the tokens of a pool."""
        return self.cache / f"tokens-{split}"

    def steps(self, full: int) -> int:
        """Steps of a stage that has `full` in the real thing."""
        return max(1, round(full * self.share))


Job = tuple[Callable[..., None], tuple[object, ...]]


def run_jobs(jobs: Sequence[Job], workers: int) -> None:
    """Do jobs in this process, or in several, in this order."""
    if workers == 1:
        for work, words in jobs:
            work(*words)
        return
    os.environ.update(_MALLOC)  # read by a process when it starts
    # spawned, not forked: torch's threads do not survive a fork
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=prepare_worker) as pool:
        for future in [pool.submit(work, *words) for work, words in jobs]:
            future.result()


def prepare_worker() -> None:
    """One core each, and lines of progress."""
    torch.set_num_threads(1)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")


def make_tokenizer(recipe: Recipe, name: str) -> None:
    """First stage of a modality, and its tokens."""
    tokenizer = _tokenizer(recipe, name)
    for split in _POOLS:
        pool, folder = open_pool(recipe.pools, split), recipe.tokens(split)
        tokenise(name, tokenizer, pool, folder=folder, seed=recipe.seed, device=recipe.device)


def make_decoder(recipe: Recipe, name: str) -> None:
    """Second stage of a modality."""
    _decoder(recipe, name)
    (recipe.run / f"decoder-{name}.done").touch()


def make_token_model(recipe: Recipe) -> None:
    """Last two stages; they need the tokens, but no tokenizer."""
    _train_tokens(recipe, build_around({name: build_tokenizer(name) for name in TOKENIZERS}))


def assemble(recipe: Recipe) -> nn.Module:
    """The whole model from finished stages, in evaluation mode on the CPU; the last stage, which needs it, is here."""
    makers = {name: _decoder if name in DECODER_STEPS else _tokenizer for name in TOKENIZERS}
    model = build_around({name: make(recipe, name) for name, make in makers.items()})
    _train_tokens(recipe, model)
    train_heights(
        model.cpu(),
        open_pool(recipe.pools, "further"),
        _codes(recipe, "further", *TOKENIZERS),
        folder=recipe.run,
        seed=recipe.seed,
        stage=replace(HEIGHTS, steps=recipe.steps(HEIGHTS.steps)),
    )
    sharpen(model)
    return model.eval()


def _train_tokens(recipe: Recipe, model: nn.Module) -> None:
    done = [recipe.run / f"decoder-{name}.done" for name in DECODER_STEPS]
    for stage, split in zip((FIRST, FURTHER), _POOLS, strict=True):
        train_token_model(
            model,
            open_pool(recipe.pools, split),
            _codes(recipe, split, *TOKENIZERS),
            folder=recipe.run,
            seed=recipe.seed,
            stage=replace(stage, steps=recipe.steps(stage.steps)),
            device=recipe.device,
            alone=lambda: recipe.workers > 1 and all(path.exists() for path in done),
        )


def _tokenizer(recipe: Recipe, name: str) -> nn.Module:
    tokenizer, _ = train_tokenizer(
        name,
        open_pool(recipe.pools, "train"),
        folder=recipe.run,
        seed=recipe.seed,
        device=recipe.device,
        steps=recipe.steps(TOKENIZER_STEPS[name]),
    )
    return tokenizer


def _decoder(recipe: Recipe, name: str) -> nn.Module:
    finished, _ = train_decoder(
        name,
        _tokenizer(recipe, name),
        open_pool(recipe.pools, "train"),
        _codes(recipe, "train", name),
        folder=recipe.run,
        seed=recipe.seed,
        device=recipe.device,
        steps=recipe.steps(DECODER_STEPS[name]),
    )
    return finished


def _codes(recipe: Recipe, split: Split, *names: str) -> Codes:
    return open_codes(names, folder=recipe.tokens(split), seed=recipe.seed)
