"""A whole result judged: seeds, what they say together, speckle, tokens, places."""

from pathlib import Path

import numpy as np
import pytest

from generation.judging import truth as truths
from generation.judging.judge import judge
from generation.judging.of_result import JudgedResult, judge_result
from generation.kept_result import KeptResult
from generation.outcome import Outcome
from generation.prepared import Prepared, Window
from generation.request import Request
from tests.generation.judging.kept import keep, values_like
from tests.memory_dataset import MemoryDataset

SHAPE = (32, 32)
OUTPUTS = ("S1RTC", "DEM", "LULC", "NDVI")
SEEDS = (3, 5, 8)


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """The truth behind every result of this module; no DEM."""
    arrays = {name: values_like(name, SHAPE, 99) for name in OUTPUTS if name != "DEM"}
    valid = {name: np.ones(SHAPE, bool) for name in arrays}
    valid["NDVI"][:8] = False
    prepared = Prepared(
        {}, Window(0, 0, *SHAPE), truth=arrays, valid=valid, truth_notes={"S1RTC": ("One pixel was filled.",)}
    )
    monkeypatch.setattr(truths, "prepare", lambda *_: prepared)
    return arrays


def made(folder: Path, **changes: object) -> KeptResult:
    """A result of three seeds."""
    arrays = {name: np.stack([values_like(name, SHAPE, seed) for seed in SEEDS]) for name in OUTPUTS}
    outcome = Outcome(arrays, coordinates=np.array([[10, 50], [11, 50], [np.nan, np.nan]], np.float32), **changes)  # type: ignore[arg-type]
    return keep(folder, outcome, Request(inputs=("S2L2A",), outputs=(*OUTPUTS, "coordinates"), seeds=SEEDS))


def judged(folder: Path, dataset: MemoryDataset | None = None, **changes: object) -> JudgedResult:
    return judge_result(made(folder, **changes), dataset or MemoryDataset())


def test_every_seed_and_all_together(tmp_path: Path, real: dict[str, np.ndarray]) -> None:
    found = judged(tmp_path).outputs
    assert list(found) == list(OUTPUTS)
    alone = judge("S1RTC", values_like("S1RTC", SHAPE, SEEDS[1]), real["S1RTC"])
    assert found["S1RTC"].seeds[1] == alone
    mean = np.mean([values_like("S1RTC", SHAPE, seed).astype(float) for seed in SEEDS], axis=0).astype(np.float32)
    assert found["S1RTC"].together == judge("S1RTC", mean, real["S1RTC"])
    assert found["S1RTC"].best == found["S1RTC"].together
    assert found["S1RTC"].spread == pytest.approx(
        np.std([values_like("S1RTC", SHAPE, seed) for seed in SEEDS], axis=0).mean(), rel=1e-4
    )
    assert found["NDVI"].seeds[0].share == 0.75


def test_radar_is_also_held_against_less_speckle(tmp_path: Path) -> None:
    found = judged(tmp_path).outputs
    assert found["S1RTC"].without_speckle is not None
    assert found["S1RTC"].without_speckle != found["S1RTC"].together
    assert found["NDVI"].without_speckle is None


def test_what_the_sample_lacks_is_told(tmp_path: Path) -> None:
    found = judged(tmp_path).outputs["DEM"]
    assert found.best.reason == "the sample has no DEM, so there is nothing to compare with"
    assert found.spread is not None  # needs no truth


def test_tokens_of_seeds_are_compared_with_each_other(tmp_path: Path) -> None:
    tokens = np.arange(12, dtype=np.int32).reshape(3, 2, 2)
    tokens[1] = tokens[0]
    found = judged(tmp_path, tokens={"S1RTC": tokens}).outputs
    assert found["S1RTC"].token_agreement is not None
    assert found["S1RTC"].token_agreement.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert found["NDVI"].token_agreement is None


def test_tokens_are_held_against_the_real_ones(tmp_path: Path) -> None:
    tokens = np.arange(12, dtype=np.int32).reshape(3, 2, 2)
    real, levels = dict.fromkeys(("S1RTC", "DEM"), tokens[1]), {"levels": {"S1RTC": [3, 5]}}
    made_of = {"S1RTC": tokens, "DEM": tokens, "NDVI": tokens}
    result = judged(tmp_path, tokens=made_of, real_tokens=real, facts=levels)
    found = result.outputs["S1RTC"].real_tokens
    assert found is not None
    assert found.equal == (0, 1, 0)
    assert found.distance is not None
    assert found.distance[1] == 0
    assert result.outputs["DEM"].real_tokens is None  # of which the sample has none now
    assert result.outputs["NDVI"].real_tokens is None  # whose real tokens were not kept
    assert result.outputs["S1RTC"].truth_notes == ("One pixel was filled.",)


def test_places_have_their_distance_from_the_sample(tmp_path: Path) -> None:
    found = judged(tmp_path).coordinates
    assert found is not None
    assert found.truth == (10.0, 50.0)
    assert found.distances_km[1] == pytest.approx(71.7, abs=0.1)
    assert found.distances_km[::2] == (0, None)


def test_another_revision_or_a_place_alone_leaves_nothing_to_compare(tmp_path: Path) -> None:
    changed = judged(tmp_path, MemoryDataset(revision="r2"))
    assert "changed since the run" in changed.reason
    assert changed.outputs["NDVI"].best.reason == changed.reason
    assert changed.coordinates is not None
    assert changed.coordinates.distances_km == (None, None, None)
    alone = keep(tmp_path / "alone", Outcome(), Request(inputs=("coordinates",), outputs=("DEM",)), sample=None)
    assert "place alone" in judge_result(alone, None).reason


def test_a_matrix_is_judged_cell_by_cell(tmp_path: Path, real: dict[str, np.ndarray]) -> None:
    places = {"S1RTC>coordinates": np.array([[11, 50]], np.float32)}
    outcome = Outcome(
        {"S2L2A>NDVI": values_like("NDVI", SHAPE, 1)[None], "S1RTC>LULC": real["LULC"][None]}, extras=places
    )
    result = keep(tmp_path, outcome, Request(inputs=("S2L2A", "S1RTC"), outputs=("NDVI", "LULC"), kind="matrix"))
    judged = judge_result(result, MemoryDataset())
    found = judged.outputs
    assert judged.places["S1RTC>coordinates"].distances_km[0] == pytest.approx(71.7, abs=0.1)
    assert found["S2L2A>NDVI"].modality == "NDVI"
    assert found["S1RTC>LULC"].best.skill == 1
    assert found["S1RTC>LULC"].together is None


def test_a_result_is_judged_once(tmp_path: Path) -> None:
    result = made(tmp_path)
    assert judge_result(result, MemoryDataset()) is judge_result(result, MemoryDataset())
