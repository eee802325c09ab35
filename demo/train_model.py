"""`python -m demo.train_model`: train the demo model of the Generate page from nothing, or go on where it was stopped.

On two cores it takes about two hours and three quarters, on a GPU less. Everything is kept in the cache folder, some
20 GB; only the weights and their card go to their place in the program.
"""

import argparse
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import torch

from data_access.settings import settings
from demo.model.card import Made, write_card
from demo.model.decoders import STEPS as DECODER_STEPS
from demo.model.evaluate import evaluate, generate, read_images
from demo.model.pool import make_pool
from demo.model.sheets import write_sheet
from demo.model.stages import Job, Recipe, assemble, make_decoder, make_token_model, make_tokenizer, run_jobs
from demo.model.tokenizers import STEPS as TOKENIZER_STEPS
from errors import PatchworkError
from generation.demo_model.sizes import OUTPUTS
from generation.demo_model.weights import (
    CARD_FILE,
    WEIGHTS_FILE,
    WEIGHTS_FOLDER,
    load_demo_model,
    save_model,
    tensors_of,
)

_HELD_OUT = 96
_JUDGED = 24  # of them
_SHOWN = 8
_TIMES_FILE = "times.json"


def main(words: list[str] | None = None) -> int:
    """Train, judge and write the weights; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m demo.train_model", description="Train the demo model.")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder of the weights and their card")
    parser.add_argument("--cache", type=Path, help="folder of scenes and checkpoints (default: in the cache folder)")
    parser.add_argument("--seed", type=int, default=Recipe.seed, help="of everything")
    parser.add_argument("--scenes", type=int, default=Recipe.scenes, help="to train everything on")
    parser.add_argument("--further", type=int, default=Recipe.further_scenes, help="to finish the token model on")
    parser.add_argument("--share", type=float, default=1.0, help="of the steps; below 1 for a quick trial")
    parser.add_argument("--remark", default="", help="a sentence for the card")
    choices = parser.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    gpu = torch.cuda.is_available()
    try:
        recipe = Recipe(
            cache=choices.cache or settings().cache_dir / "demo-model",
            seed=choices.seed,
            scenes=choices.scenes,
            further_scenes=choices.further,
            share=choices.share,
            device="cuda" if gpu else "cpu",
            workers=1 if gpu else 2,
        )
        train(recipe, choices.out, remark=choices.remark)
    except PatchworkError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


def train(recipe: Recipe, out: Path, *, remark: str = "") -> None:
    """Run all stages, or what is left of them, judge the result and write it with its card and a sheet of pictures.

    Args:
        recipe: what the training is made of.
        out: folder of the weights.
        remark: a sentence for the card.
    """
    clock = _Clock(recipe.cache / _TIMES_FILE)
    held_out = make_pool(recipe.pools, "held-out", min(_HELD_OUT, recipe.scenes), seed=recipe.seed)
    pool = make_pool(recipe.pools, "train", recipe.scenes, seed=recipe.seed)
    make_pool(recipe.pools, "further", recipe.further_scenes, seed=recipe.seed)
    clock.stop("scenes")
    run_jobs([(make_tokenizer, (recipe, name)) for name in TOKENIZER_STEPS], recipe.workers)
    clock.stop("tokenizers")
    # the longest job first: the others run beside it
    decoders: list[Job] = [(make_decoder, (recipe, name)) for name in DECODER_STEPS]
    run_jobs([(make_token_model, (recipe,)), *decoders], recipe.workers)
    clock.stop("decoders and token model")
    whole = assemble(recipe)
    clock.stop("decoder of heights")
    seen = (recipe.scenes, recipe.further_scenes)
    revision = save_model(whole, out, {"seed": recipe.seed, "scenes": sum(seen)})
    model: Any = load_demo_model(out)  # judged as it will be used: in half precision
    size = (out / WEIGHTS_FILE).stat().st_size
    scenes = min(_JUDGED, len(held_out["DEM"]))
    parameters = sum(tensor.numel() for tensor in tensors_of(model).values())
    made = Made(revision, size, parameters, recipe.seed, seen, clock.minutes, remark)
    write_card(out / CARD_FILE, made, evaluate(model, held_out, pool, scenes))
    real = {name: images[:_SHOWN] for name, images in read_images(held_out, min(_SHOWN, scenes)).items()}
    given = {"S2L2A": real["S2L2A"]}
    outputs = tuple(name for name in OUTPUTS if name != "S2L2A")
    drawn = generate(model, given, outputs, seed=0)
    write_sheet(recipe.cache / "from-s2.png", given, [(name, drawn, real) for name in outputs])


class _Clock:
    """Minutes of work by what it was, over all runs; one that is interrupted books what it finished."""

    def __init__(self, path: Path) -> None:
        self._path, self._started = path, time.monotonic()
        self.minutes: dict[str, float] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def stop(self, what: str) -> None:
        """Book the time since the last stop."""
        now = time.monotonic()
        self.minutes[what] = self.minutes.get(what, 0.0) + (now - self._started) / 60
        self._started = now
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.minutes), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
