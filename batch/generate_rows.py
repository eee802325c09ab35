"""How well one sample was generated, as rows of the metrics table: per output, seed, and band or class."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from generation.judging.coordinates import distance_km
from generation.judging.judge import judge
from generation.judging.judgement import Judgement
from generation.judging.tokens import token_scores
from generation.modalities import COORDINATES
from generation.outcome import Outcome
from generation.prepared import Prepared
from generation.request import Request

# Units are the modality's own; shares are 0 to 1; null where a column does not apply or there was nothing to compare.
METRICS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("modality", pa.string(), nullable=False),
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("part", pa.string(), nullable=False),  # "all", a band's name, or "class 0" to "class 9"
        ("pixels", pa.int64()),
        *((name, pa.float64()) for name in ("mae", "rmse", "bias", "psnr", "ssim", "constant_mae", "mean_mae")),
        *((name, pa.float64()) for name in ("accuracy", "miou", "constant_accuracy", "iou", "skill")),
        ("distance_km", pa.float64()),
        *((name, pa.float64()) for name in ("tokens_equal", "tokens_constant", "tokens_chance")),
        *((name, pa.float64()) for name in ("token_steps", "token_steps_constant")),
    ]
)
ALL = "all"  # bands or classes together
_BAND_NUMBERS = ("mae", "rmse", "bias", "psnr", "ssim", "constant_mae", "mean_mae")
Row = dict[str, object]


def metric_rows(outcome: Outcome, prepared: Prepared, request: Request, lon: float, lat: float) -> Iterator[Row]:
    """Rows of one sample, but for its id; outputs that it does not really have give none.

    Args:
        outcome: what was generated.
        prepared: with the truth.
        request: names outputs and seeds, in the order of the rows; an outcome has lost its order on the way.
        lon: of the sample's centre, degrees.
        lat: likewise.
    """
    for modality in request.outputs:
        truth, arrays = prepared.truth.get(modality), outcome.arrays.get(modality)
        if truth is None or arrays is None:
            continue
        for index, (seed, generated) in enumerate(zip(request.seeds, arrays, strict=True)):
            about: Row = {"modality": modality, "seed": seed}
            tokens = _tokens(outcome, modality, index)
            for row in _judged(judge(modality, generated, truth, prepared.valid.get(modality))):
                yield about | row | (tokens if row["part"] == ALL else {})
    if outcome.coordinates is not None:
        for seed, place in zip(request.seeds, outcome.coordinates.tolist(), strict=True):
            yield {"modality": COORDINATES, "seed": seed, "part": ALL, "distance_km": distance_km((lon, lat), place)}


def _judged(judgement: Judgement) -> Iterator[Row]:
    if judgement.reason:
        return
    numbers: Mapping[str, float | None] = judgement.numbers()
    yield {"part": ALL, "pixels": judgement.pixels, "skill": _finite(judgement.skill), **_finite_all(numbers)}
    for band in judgement.bands:
        scores = asdict(band)
        yield {"part": band.band, "pixels": judgement.pixels, **_finite_all({n: scores[n] for n in _BAND_NUMBERS})}
    if judgement.classes is not None:
        real = np.asarray(judgement.classes.confusion).sum(axis=1).tolist()
        for number, iou in enumerate(judgement.classes.iou):
            if iou is not None:
                yield {"part": f"class {number}", "pixels": real[number], "iou": iou}


def _tokens(outcome: Outcome, modality: str, index: int) -> Row:
    """How the tokens of one seed fit the real ones; nothing where there are none to compare."""
    made, real = outcome.tokens.get(modality), outcome.real_tokens.get(modality)
    if made is None or real is None:
        return {}
    levels: Any = outcome.facts.get("levels", {})
    scores = token_scores(made[index : index + 1], real, levels.get(modality, ()))
    if scores is None:
        return {}
    return {
        "tokens_equal": scores.mean_equal,
        "tokens_constant": scores.constant,
        "tokens_chance": scores.chance,
        "token_steps": scores.mean_distance,
        "token_steps_constant": scores.constant_distance,
    }


def _finite_all(numbers: Mapping[str, float | None]) -> Row:
    return {name: _finite(value) for name, value in numbers.items()}


def _finite(value: float | None) -> float | None:
    """A number that JSON can carry: the PSNR of equal pictures is infinite, and told as null."""
    return value if value is not None and math.isfinite(value) else None
