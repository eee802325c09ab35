"""How well the model does on scenes it has not seen, beside the best constant guess and its tokenizers' own ceiling."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from demo.model.crops import central_squares, cut
from demo.model.pool import Pool
from generation.demo_model.build import standardised, statistics
from generation.demo_model.sizes import OUTPUTS, TIMESTEPS, TOKENIZERS

UNITS = {"S2L2A": "reflectance × 10,000", "S1GRD": "dB", "S1RTC": "dB", "DEM": "m", "NDVI": "", "LULC": "% right"}
SEEDS = 8  # whose mean is compared with the speckle-free backscatter
_BATCH = 8
_CONSTANT_SCENES = 512  # of the training pool, from which the best constant is taken

Images = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Scores:
    """Mean absolute error in the modality's unit, or percent of pixels right for land cover.

    Attributes:
        constant: of the best constant guess: the median per band, the most frequent class.
        ceiling: of the tokenizer on the real image: encoded and decoded.
        from_single: of what is generated from single inputs; (input, output).
        from_all: of what is generated from all other modalities together.
        mean_of_seeds: of the mean over SEEDS seeds from S2L2A, against backscatter without speckle; S1 only.
        constant_clean: of the best constant against backscatter without speckle.
        scenes: how many.
    """

    constant: dict[str, float]
    ceiling: dict[str, float]
    from_single: dict[tuple[str, str], float]
    from_all: dict[str, float]
    mean_of_seeds: dict[str, float]
    constant_clean: dict[str, float]
    scenes: int


def evaluate(model: Any, held_out: Pool, trained: Pool, scenes: int) -> Scores:  # noqa: ANN401 - TerraMindGeneration
    """Judge a model on the middles of held-out scenes.

    Args:
        model: the demo model.
        held_out: scenes that were not trained on.
        trained: the pool, for the constants.
        scenes: how many to judge on.
    """
    real = read_images(held_out, scenes)
    constants = {name: best_constant(trained, name) for name in (*TOKENIZERS, "S1GRD-clean", "S1RTC-clean")}
    ceiling = {name: error_of(name, reconstruct(model, name, real[name]), real[name]) for name in TOKENIZERS}
    singles = {}
    for given in TOKENIZERS:
        drawn = generate(model, {given: real[given]}, _outputs_beside(given), seed=0)
        singles.update({(given, name): error_of(name, image, real[name]) for name, image in drawn.items()})
    together = {name: error_of(name, _from_all(model, name, real), real[name]) for name in TOKENIZERS}
    radar = ("S1GRD", "S1RTC")
    means = {}
    for name in radar:
        total = sum(generate(model, {"S2L2A": real["S2L2A"]}, (name,), seed=seed)[name] for seed in range(SEEDS))
        means[name] = error_of(name, np.asarray(total / SEEDS), real[f"{name}-clean"])
    return Scores(
        constant={name: _error_of_constant(constants[name], real[name], name) for name in TOKENIZERS},
        ceiling=ceiling,
        from_single=singles,
        from_all=together,
        mean_of_seeds=means,
        constant_clean={
            name: _error_of_constant(constants[f"{name}-clean"], real[f"{name}-clean"], name) for name in radar
        },
        scenes=scenes,
    )


def read_images(pool: Pool, scenes: int) -> Images:
    """The middles of the first scenes of a pool, in their units, (scene, band, y, x)."""
    return {layer: cut(pool, layer, central_squares(range(scenes))).numpy() for layer in pool}


def generate(
    model: Any,  # noqa: ANN401 - TerraMindGeneration
    given: Mapping[str, NDArray[np.float32]],
    outputs: Sequence[str],
    *,
    seed: int,
    timesteps: int = TIMESTEPS,
) -> Images:
    """What the model draws from some modalities; land cover as class numbers (scene, 1, y, x)."""
    kept, model.output_modalities = model.output_modalities, [TOKENIZERS[name].token_key for name in outputs]
    drawn: dict[str, list[NDArray[np.float32]]] = {name: [] for name in outputs}
    try:
        for batch in _batches(given):
            random.seed(seed)  # terratorch takes its dice from here
            with torch.no_grad():
                found = model(batch, timesteps=timesteps)
            for name in outputs:
                image = found[name].argmax(1, keepdim=True) if name == "LULC" else found[name]
                drawn[name].append(image.float().numpy())
    finally:
        model.output_modalities = kept
    return {name: np.concatenate(parts) for name, parts in drawn.items()}


def reconstruct(model: Any, name: str, image: NDArray[np.float32], *, seed: int = 0) -> NDArray[np.float32]:  # noqa: ANN401
    """Real images (scene, band, y, x) encoded and decoded again: what the codes can tell at best."""
    tokenizer = model.tokenizer[TOKENIZERS[name].token_key]
    parts = []
    for batch in _batches({name: image}):
        torch.manual_seed(seed)
        with torch.no_grad():
            ids = tokenizer.tokenize(standardised(name, batch[name]))
            decoded = tokenizer.decode_tokens(ids, timesteps=TIMESTEPS, verbose=False)
        if name == "LULC":
            parts.append(decoded.argmax(1, keepdim=True).float().numpy())
        else:
            mean, std = (values[None, :, None, None] for values in statistics(name))
            parts.append((decoded * std + mean).numpy())
    return np.concatenate(parts)


def error_of(name: str, drawn: NDArray[np.float32], real: NDArray[np.float32]) -> float:
    """Mean absolute error, or percent of pixels right for land cover."""
    if name == "LULC":
        return float((drawn == real).mean() * 100)
    return float(np.abs(drawn - real).mean())


def best_constant(trained: Pool, layer: str) -> NDArray[np.float32]:
    """The constant that errs least over the training pool: the median per band, or the most frequent class."""
    sample = np.asarray(trained[layer][:_CONSTANT_SCENES, :, ::4, ::4], dtype=np.float32)
    if layer == "LULC":
        return np.array([np.bincount(sample.astype(np.int64).ravel()).argmax()], dtype=np.float32)
    return np.asarray(np.median(sample, axis=(0, 2, 3)), dtype=np.float32)


def _error_of_constant(constant: NDArray[np.float32], real: NDArray[np.float32], name: str) -> float:
    return error_of(name, np.broadcast_to(constant[None, :, None, None], real.shape), real)


def _outputs_beside(given: str) -> tuple[str, ...]:
    """What can be generated from an input: terratorch refuses what goes in as tokens."""
    return tuple(name for name in OUTPUTS if name != given)


def _from_all(model: Any, name: str, real: Images) -> NDArray[np.float32]:  # noqa: ANN401
    """One modality drawn from all others."""
    given = {other: real[other] for other in TOKENIZERS if other != name}
    return generate(model, given, (name,), seed=0)[name]


def _batches(images: Mapping[str, NDArray[np.float32]]) -> Iterable[dict[str, torch.Tensor]]:
    count = len(next(iter(images.values())))
    for first in range(0, count, _BATCH):
        # copies: terratorch standardises what it is given in place
        yield {name: torch.from_numpy(image[first : first + _BATCH].copy()) for name, image in images.items()}
