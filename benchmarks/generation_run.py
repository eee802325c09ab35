"""One program that generates, in a process of its own so that its memory is its own: Patchwork's engine, or terratorch.

    python -m benchmarks.generation_run ours terramind_v1_base fp32 FOLDER OUT.npz
    python -m benchmarks.generation_run theirs terramind_v1_base fp32 FOLDER OUT.npz [--steps 10] [--size 224]

Prints one line of JSON: seconds of loading, of a first and a second run, of its stages, and the largest memory.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.lively_weights import enliven
from generation.engine.building import load_model
from generation.engine.engine import Engine
from generation.engine.terratorch_part import load_terratorch
from generation.modalities import MODALITIES
from generation.request import Request
from generation.weights_location import DEMO, MODEL_FILES, TOKENIZER_FILES, WeightsLocation

INPUTS, OUTPUTS = ("S2L2A",), ("S1GRD", "LULC")  # as measured in the tables of the documentation
SEED = 0
Made = dict[str, np.ndarray]


def sample_of(size: int) -> Made:
    """An S2L2A chip of smooth random values, the same for every program."""
    rng, known = np.random.default_rng(0), MODALITIES["S2L2A"]
    mean, std = (np.array(values)[:, None, None] for values in (known.mean, known.std))
    coarse = rng.normal(size=(len(known.bands), size // 16, size // 16)).repeat(16, 1).repeat(16, 2)
    return {"S2L2A": (mean + std * (coarse + 0.3 * rng.normal(size=coarse.shape))).astype(np.float32)}


def ours(model: str, precision: str, folder: Path | None, steps: int, chip: Made) -> tuple[dict[str, float], Made]:
    """Patchwork's engine."""
    location = WeightsLocation("folder", folder=folder) if folder else WeightsLocation("demo")
    request = Request.from_json(
        {
            "inputs": INPUTS,
            "outputs": OUTPUTS,
            "model": model,
            "timesteps": steps,
            "seeds": [SEED],
            "precision": precision,
        }
    )
    begun = time.perf_counter()
    resident = load_model(model, INPUTS, OUTPUTS, location=location, device="cpu")
    seconds = {"load": time.perf_counter() - begun}
    if folder:
        enliven(resident.model)
    engine = Engine(load=lambda *_, **__: resident)
    for name in ("first", "second"):
        begun = time.perf_counter()
        outcome = engine.run(request, chip, tell=lambda _: None, stopped=lambda: False)
        seconds[name] = time.perf_counter() - begun
    seconds |= {name: outcome.timings[name] for name in ("tokens", "decode")}
    return seconds, outcome.arrays | {f"{name} tokens": values for name, values in outcome.tokens.items()}


def theirs(model: str, folder: Path | None, steps: int, chip: Made) -> tuple[dict[str, float], Made]:
    """Terratorch's own registry and call, as its documentation shows them."""
    begun = time.perf_counter()
    built = _built(model, folder).eval()
    seconds = {"load": time.perf_counter() - begun}
    if folder:
        enliven(built)
    else:
        built.output_modalities = [MODALITIES[name].token_key for name in OUTPUTS]
    seconds |= {"tokens": 0.0, "decode": 0.0}
    built.sampler.generate = _timed(built.sampler.generate, seconds, "tokens")
    for name in OUTPUTS:
        tokenizer = built.tokenizer[MODALITIES[name].token_key]
        tokenizer.decode_tokens = _timed(tokenizer.decode_tokens, seconds, "decode")
    for name in ("first", "second"):
        seconds |= {"tokens": 0.0, "decode": 0.0}
        begun = time.perf_counter()
        random.seed(SEED)
        with torch.no_grad():
            made = built({name: torch.from_numpy(values)[None] for name, values in chip.items()}, timesteps=steps)
        seconds[name] = time.perf_counter() - begun
    arrays = {name: values[0].numpy()[None] for name, values in made.items()}
    return seconds, arrays | {"LULC": arrays["LULC"].argmax(1)[:, None].astype(np.uint8)}


def _built(model: str, folder: Path | None) -> Any:  # noqa: ANN401 - terratorch has no types
    if folder is None:
        from generation.demo_model import load_demo_model  # noqa: PLC0415 - not for TerraMind's own

        return load_demo_model()
    part = load_terratorch()
    files = [*MODEL_FILES.values(), *TOKENIZER_FILES.values()]
    local = {(file.repository, file.name): str(folder / file.name) for file in files}
    for register in (part.terramind_register, part.tokenizer_register):
        register.hf_hub_download = lambda repo_id, filename, **_: local[repo_id, filename]  # type: ignore[attr-defined]
    return part.full_models.build(
        f"{model}_generate",
        modalities=list(INPUTS),
        output_modalities=list(OUTPUTS),
        pretrained=True,
        standardize=True,
    )


def _timed(call: Callable[..., Any], seconds: dict[str, float], name: str) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever terratorch gives
        begun = time.perf_counter()
        made = call(*given, **named)
        seconds[name] += time.perf_counter() - begun
        return made

    return timed


def main() -> None:
    """Run once, keep what was made, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("who", choices=("ours", "theirs"))
    parser.add_argument("model")
    parser.add_argument("precision", choices=("fp32", "bf16"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--size", type=int, default=224, help="multiples of 32: terratorch fails on others")
    told = parser.parse_args()
    chip = sample_of(told.size)
    folder = None if told.model == DEMO else told.folder
    if told.who == "ours":
        seconds, made = ours(told.model, told.precision, folder, told.steps, chip)
    else:
        seconds, made = theirs(told.model, folder, told.steps, chip)
    np.savez(told.out, **made)  # type: ignore[arg-type] # names are no keywords of it
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps(seconds | {"peak": peak}) + "\n")


if __name__ == "__main__":
    main()
