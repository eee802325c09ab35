"""A whole result judged: every output, each seed, what the seeds say together, and the generated places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data_access.dataset import Dataset
from data_access.memory_cache import OnceCache
from errors import ModalityMissingError
from generation.judging.coordinates import LonLat, distance_km
from generation.judging.judge import judge, unjudged
from generation.judging.judgement import Judgement
from generation.judging.seeds import CLASS_MODALITIES, agreement_matrix, spread, together
from generation.judging.speckle import multilooked
from generation.judging.tokens import TokenScores, token_scores
from generation.judging.truth import Truth, truth_of
from generation.kept_result import KeptResult
from generation.modalities import COORDINATES, MODALITIES

OF_A_PAIR = ">"  # between input and output in the names of a matrix
RADAR = frozenset({"S1GRD", "S1RTC"})
_MOST_RESULTS = 64  # judgements that are kept; each is a few numbers


@dataclass(frozen=True, eq=False)
class JudgedOutput:
    """One generated array beside the real one.

    Attributes:
        name: of the array; `input>output` in a matrix.
        modality: of it.
        seeds: one judgement per seed, in the order of the request.
        together: of the mean over the seeds, for classes of the most frequent one; None for a single seed.
        without_speckle: of the same (or of the only seed) beside the real radar averaged over windows; else None.
        spread: mean over pixels and bands of how far the seeds lie apart; None for a single seed.
        token_agreement: float (seeds, seeds), the share of equal tokens; None for a single seed, or without tokens.
        real_tokens: the tokens beside those of the real one; None where there are none to compare with.
        truth_notes: what was done to the real one before it was compared and made tokens, in sentences.
    """

    name: str
    modality: str
    seeds: tuple[Judgement, ...]
    together: Judgement | None = None
    without_speckle: Judgement | None = None
    spread: float | None = None
    token_agreement: np.ndarray | None = None
    real_tokens: TokenScores | None = None
    truth_notes: tuple[str, ...] = ()

    @property
    def best(self) -> Judgement:
        """What a single number of this output is taken from: all seeds together, or the only one."""
        return self.together or self.seeds[0]


@dataclass(frozen=True)
class JudgedPlaces:
    """Generated coordinates and the true ones, per seed."""

    places: tuple[LonLat, ...]  # longitude and latitude; NaN where the words made no place
    truth: LonLat | None
    distances_km: tuple[float | None, ...]  # from the truth


@dataclass(frozen=True)
class JudgedResult:
    """Everything of a run that can be judged.

    Attributes:
        outputs: by the name of the array.
        coordinates: None where no place was generated; of a matrix see `places`.
        places: of a matrix, the generated places by the name of the cell, `input>coordinates`.
        reason: why nothing is compared with the truth; empty where something is.
    """

    outputs: Mapping[str, JudgedOutput] = field(default_factory=dict)
    coordinates: JudgedPlaces | None = None
    places: Mapping[str, JudgedPlaces] = field(default_factory=dict)
    reason: str = ""


_JUDGED: OnceCache[tuple[str, str], JudgedResult] = OnceCache(_MOST_RESULTS, lambda _: 1)


def judge_result(result: KeptResult, dataset: Dataset | None) -> JudgedResult:
    """Judge everything a run made, once for all who ask.

    Args:
        result: of the run.
        dataset: that its sample belongs to; None where there is none.

    Raises:
        ResultDamagedError: an array can not be read.
        UnknownSampleError, ShardError, SampleFormatError: the sample can not be read any more.
    """
    key = result.id, dataset.info.revision if dataset else ""
    return _JUDGED.get(key, lambda: _judge(result, truth_of(result, dataset)))


def modality_of(name: str) -> str:
    """The modality of an array of a result: what stands behind the arrow in a matrix."""
    return name.rpartition(OF_A_PAIR)[2]


def _judge(result: KeptResult, truth: Truth) -> JudgedResult:
    outputs = {
        name: _judge_output(result, name, truth) for name in result.modalities if modality_of(name) in MODALITIES
    }
    made = result.coordinates
    return JudgedResult(
        outputs,
        coordinates=_judge_places(made, truth) if made is not None else None,
        places={
            name: _judge_places(result.extra(name), truth)
            for name in result.extras
            if name.endswith(f"{OF_A_PAIR}{COORDINATES}")
        },
        reason=truth.reason,
    )


def _judge_output(result: KeptResult, name: str, truth: Truth) -> JudgedOutput:
    modality, made = modality_of(name), result.array(name)
    classes = modality in CLASS_MODALITIES
    several = len(made) > 1
    whole = together(made, classes=classes) if several else made[0]
    return JudgedOutput(
        name=name,
        modality=modality,
        seeds=tuple(judged(modality, each, truth) for each in made),
        together=judged(modality, whole, truth) if several else None,
        without_speckle=_without_speckle(modality, whole, truth),
        spread=float(np.nanmean(spread(made, classes=classes))) if several else None,
        token_agreement=_token_agreement(result, name) if several else None,
        real_tokens=_real_tokens(result, name) if modality in truth.arrays else None,
        truth_notes=truth.notes.get(modality, ()),
    )


def judged(modality: str, generated: np.ndarray, truth: Truth) -> Judgement:
    """Judge one array beside the truth, or say why it can not be."""
    if truth.reason or modality not in truth.arrays:
        return unjudged(modality, truth.reason or f"the sample has no {modality}, so there is nothing to compare with")
    return judge(modality, generated, truth.arrays[modality], truth.valid.get(modality))


def _without_speckle(modality: str, generated: np.ndarray, truth: Truth) -> Judgement | None:
    if modality not in RADAR or modality not in truth.arrays:
        return None
    real = truth.arrays[modality]
    finite = np.isfinite(real).all(axis=0)
    return judge(modality, generated, multilooked(real, finite & truth.valid.get(modality, finite)))


def _token_agreement(result: KeptResult, name: str) -> np.ndarray | None:
    try:
        return agreement_matrix(result.tokens(name))
    except ModalityMissingError:  # a run that kept no tokens
        return None


def _real_tokens(result: KeptResult, name: str) -> TokenScores | None:
    modality = modality_of(name)
    try:
        made, real = result.tokens(name), result.real_tokens(modality)
    except ModalityMissingError:  # a run that kept none of one of them
        return None
    return token_scores(made, real, result.facts.get("levels", {}).get(modality, ()))


def _judge_places(coordinates: np.ndarray, truth: Truth) -> JudgedPlaces:
    places = tuple((float(lon), float(lat)) for lon, lat in coordinates)
    distances = tuple(distance_km(place, truth.place) if truth.place else None for place in places)
    return JudgedPlaces(places, truth.place, distances)
