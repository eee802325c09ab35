"""Parts of a run on their own: the filter of codes, rows that are decoded in parts, and their numbers."""

import numpy as np
import pytest
import torch

from generation.engine import decoding
from generation.engine.draws import Draws, tile_seed
from generation.engine.precision import chosen, has_bf16
from generation.engine.rows import Rows
from generation.engine.sampling import filtered
from generation.engine.terratorch_part import load_terratorch
from generation.events import Step
from generation.request import MAX_SEED
from generation.tiling import tiling_of
from tests.generation.engine.loaded import sample
from tests.generation.engine.runs import SIZE, Run, request, run


@pytest.mark.parametrize(("top_k", "top_p"), [(0, 0.8), (5, 0.0), (7, 0.5), (0, 0.0), (20_000, 0.99)])
def test_codes_are_filtered_as_terratorch_does(top_k: int, top_p: float) -> None:
    sampler = load_terratorch().module("model.generate").GenerationSampler
    scores = torch.randn(40, 500, generator=torch.Generator().manual_seed(0)).round(decimals=1) * 3  # with ties
    theirs = sampler.top_k_top_p_filtering(None, scores.clone(), top_k, top_p)
    assert torch.equal(filtered(scores.clone(), top_k, top_p), theirs)


def test_many_rows_are_decoded_in_parts_and_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, arrays = request("NDVI", "LULC", seeds=(0, 1, 2)), sample("S2L2A", size=SIZE)
    whole = run(wanted, arrays)
    monkeypatch.setattr(decoding, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(decoding, "ROW_PX", SIZE * SIZE)
    told = Run(wanted, arrays)
    parts = told.outcome()
    assert np.allclose(whole.arrays["NDVI"], parts.arrays["NDVI"], atol=1e-4)
    steps = [event for event in told.events if isinstance(event, Step)]
    assert [(event.modality, event.step, event.steps) for event in steps] == [
        *(("LULC", step, 2) for step in (1, 2)),
        *(("NDVI", step, 4) for step in (1, 2, 3, 4)),
    ]
    assert [event.preview is not None for event in steps] == [True, False, True, True, False, False]
    assert steps[-1].eta_s == 0


def test_the_noise_of_neighbours_agrees_where_they_overlap() -> None:
    rows = Rows((0,), tiling_of(264, 264))
    field = torch.randn(1, 1, 264, 264)
    tiles = rows.noise(field)
    assert torch.equal(tiles[0][:, :, 40:], tiles[1][:, :, :184])


def test_no_tile_repeats_another_seeds_dice() -> None:
    seeds = {tile_seed(seed, tile) for seed in (0, 1, MAX_SEED) for tile in range(64)}
    assert len(seeds) == 3 * 64
    alone, beside = Draws([7]), Draws([3, 7])
    assert torch.equal(torch.rand(5, generator=alone.of(0)), torch.rand(5, generator=beside.of(1)))


def test_precision_is_chosen_and_told() -> None:
    cpu = torch.device("cpu")
    assert chosen("auto", cpu, "demo").name == "fp32"
    assert chosen("bf16", cpu, "demo").name == "bf16"
    assert chosen("auto", cpu, "terramind_v1_base").name == ("bf16" if has_bf16("cpu") else "fp32")
    assert chosen("auto", torch.device("mps"), "terramind_v1_base").name == "fp32"
    assert "CPU" in chosen("auto", cpu, "terramind_v1_base").reason
