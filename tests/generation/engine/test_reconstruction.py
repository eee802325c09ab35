"""Reconstruction against terratorch's tokenizers called directly."""

import random

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from errors import GenerationCancelledError, GenerationRequestError
from generation.demo_model.sizes import TOKENIZERS
from generation.engine.reconstruction import reconstruct
from generation.events import Event, Step, Tokens
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import Request
from tests.generation.engine.loaded import loaded, sample, terratorchs_model

Array = NDArray[np.float32]


def run(arrays: dict[str, Array], *, seeds: tuple[int, ...] = (0,), events: list[Event] | None = None) -> Outcome:
    request = Request(inputs=tuple(arrays), kind="reconstruct", timesteps=4, seeds=seeds, precision="fp32")
    heard: list[Event] = [] if events is None else events
    return reconstruct(loaded(), request, arrays, heard.append, lambda: False)


def terratorchs_own(name: str, values: Array, seed: int) -> tuple[Array, NDArray[np.int64]]:
    """The picture in units, or class numbers, and the tokens, by terratorch's `forward` after `random.seed`."""
    tokenizer = terratorchs_model().tokenizer[MODALITIES[name].token_key]
    known = MODALITIES[name]
    mean, std = (torch.tensor(each)[:, None, None] for each in (known.mean, known.std))
    standardised = ((torch.tensor(values) - mean) / std)[None]
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        tokens = tokenizer.tokenize(standardised)
        torch.manual_seed(random.Random(seed).randint(-(2**31), 2**31 - 1))  # noqa: S311 - pictures
        if name == "LULC":
            return tokenizer.autoencode(standardised).argmax(dim=1).numpy(), tokens.numpy()
        if name == "DEM":  # the demo's has no diffusion
            decoded = tokenizer.autoencode(standardised)
        else:
            decoded = tokenizer(standardised, timesteps=4, verbose=False)
    return (decoded[0] * std + mean).numpy(), tokens.numpy()


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_reconstruction_is_that_of_terratorchs_tokenizer(name: str) -> None:
    arrays = sample(name)
    outcome = run(arrays, seeds=(3, 11))
    for row, seed in enumerate((3, 11)):
        picture, tokens = terratorchs_own(name, arrays[name], seed)
        np.testing.assert_array_equal(outcome.tokens[name][row], tokens[0])
        np.testing.assert_allclose(outcome.arrays[name][row], picture, rtol=1e-5, atol=2e-5 * max(MODALITIES[name].std))
    assert outcome.arrays[name].dtype == (np.uint8 if name == "LULC" else np.float32)
    assert outcome.facts["codes"] == {name: TOKENIZERS[name].codes}
    assert outcome.facts["used"] == {name: np.unique(outcome.tokens[name]).size}


def test_a_seed_alone_and_beside_others_gives_the_same() -> None:
    arrays = sample("NDVI")
    together, alone = run(arrays, seeds=(1, 2, 3)), run(arrays, seeds=(2,))
    np.testing.assert_allclose(together.arrays["NDVI"][1], alone.arrays["NDVI"][0], atol=1e-5)
    assert np.abs(together.arrays["NDVI"][0] - together.arrays["NDVI"][1]).max() > 0.01


def test_tokens_and_every_step_are_told() -> None:
    events: list[Event] = []
    arrays = sample("LULC", "NDVI")
    outcome = run(arrays, events=events)
    tokens = [event for event in events if isinstance(event, Tokens)]
    steps = [event for event in events if isinstance(event, Step)]
    assert [event.modality for event in tokens] == ["LULC", "NDVI"]
    np.testing.assert_array_equal(tokens[1].grid, outcome.tokens["NDVI"])
    assert tokens[1].decided.all()
    assert [(event.modality, event.step, event.steps) for event in steps] == [
        ("LULC", 1, 1),
        *(("NDVI", step, 4) for step in range(1, 5)),
    ]
    last = steps[-1]
    assert last.preview is not None
    np.testing.assert_allclose(last.preview, outcome.arrays["NDVI"][0], atol=1e-4)
    assert last.eta_s == pytest.approx(0)
    assert steps[1].eta_s is not None
    assert steps[1].eta_s > 0
    assert steps[0].preview is not None
    np.testing.assert_array_equal(steps[0].preview, outcome.arrays["LULC"][0])


def test_a_larger_area_is_put_together_from_tiles() -> None:
    arrays = sample("DEM", size=264)
    outcome = run(arrays)
    assert outcome.arrays["DEM"].shape == (1, 1, 264, 264)
    assert outcome.tokens["DEM"].shape == (1, 28, 28)
    assert np.isfinite(outcome.arrays["DEM"]).all()
    np.testing.assert_allclose(  # a corner belongs to one tile
        outcome.arrays["DEM"][0, :, :32, :32],
        terratorchs_own("DEM", arrays["DEM"][:, :224, :224], 0)[0][:, :32, :32],
        rtol=1e-4,
        atol=1e-2,
    )


def test_what_has_no_tokenizer_is_left_out_and_said() -> None:
    arrays = sample("DEM", "S2L1C", "coordinates")
    outcome = run(arrays)
    assert set(outcome.arrays) == {"DEM"}
    assert outcome.facts["without"] == ["S2L1C", "coordinates"]
    with pytest.raises(GenerationRequestError, match="None of S2L1C has an image tokenizer"):
        run(sample("S2L1C"))
    request = Request(inputs=("DEM",), outputs=("NDVI",), kind="reconstruct")
    with pytest.raises(GenerationRequestError, match="NDVI is to be reconstructed, but is no input"):
        reconstruct(loaded(), request, sample("DEM"), lambda _: None, lambda: False)


def test_cancelling_ends_within_a_step() -> None:
    heard: list[Event] = []
    request = Request(inputs=("NDVI",), kind="reconstruct", timesteps=50)
    with pytest.raises(GenerationCancelledError):
        reconstruct(
            loaded(),
            request,
            sample("NDVI"),
            heard.append,
            lambda: any(isinstance(event, Step) and event.step == 2 for event in heard),
        )
    assert max(event.step for event in heard if isinstance(event, Step)) == 2
