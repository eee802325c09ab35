"""Tokens of the real modality against terratorch's own `tokenize`, and what asking for them leaves behind."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from generation.demo_model.sizes import TOKENIZERS
from generation.engine.building import load_model
from generation.engine.encoding import encoded
from generation.engine.engine import Engine
from generation.engine.tokenizers import DECODES
from generation.judging.tokens import numbers_of
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import Request
from generation.tiling import tiling_of
from generation.weights_location import weights_location
from tests.generation.engine.loaded import loaded, sample, terratorchs_model
from tests.generation.engine.runs import SIZE, request

Array = NDArray[np.float32]


def run(wanted: Request, truth: dict[str, Array], *, size: int = SIZE) -> Outcome:
    engine = Engine(load=lambda *_, **__: loaded())
    given = sample(*wanted.inputs, size=size, seed=1)
    return engine.run(wanted, given, truth=truth, tell=lambda _: None, stopped=lambda: False)


def terratorchs_own(name: str, values: Array) -> NDArray[np.int64]:
    """Tokens (ty, tx) of one image by terratorch's `tokenize`, standardised as it would."""
    known = MODALITIES[name]
    mean, std = (torch.tensor(each)[:, None, None] for each in (known.mean, known.std))
    with torch.no_grad():
        tokens = (
            terratorchs_model().tokenizer[known.token_key].tokenize(((torch.from_numpy(values) - mean) / std)[None])
        )
    return np.asarray(tokens[0])


def test_real_tokens_are_those_of_terratorchs_tokenizer() -> None:
    truth = sample(*TOKENIZERS, size=SIZE)
    wanted = request("LULC", "S1RTC", "DEM", timesteps=1)
    outcome, without = run(wanted, truth), run(wanted, {})
    assert list(outcome.real_tokens) == ["LULC", "S1RTC", "DEM"]
    for name, tokens in outcome.real_tokens.items():
        np.testing.assert_array_equal(tokens, terratorchs_own(name, truth[name]))
        np.testing.assert_array_equal(outcome.tokens[name], without.tokens[name])  # the model does not see the truth
        assert tokens.shape == outcome.tokens[name].shape[1:]
    assert not without.real_tokens


def test_levels_take_a_code_apart_as_terratorchs_quantiser_does() -> None:
    outcome = run(request("LULC", timesteps=1), sample("LULC", size=SIZE))
    assert outcome.facts["levels"] == {"LULC": list(TOKENIZERS["LULC"].levels)}
    codes = np.arange(TOKENIZERS["LULC"].codes)
    quantise = terratorchs_model().tokenizer[MODALITIES["LULC"].token_key].quantize
    levels = np.array(TOKENIZERS["LULC"].levels)
    scaled = quantise.indices_to_embedding(torch.from_numpy(codes)[None, None])[0, :, 0].T.numpy()  # 0 to 1
    np.testing.assert_allclose(numbers_of(codes, levels.tolist()) / (levels - 1), scaled, atol=1e-6)


def test_tiles_are_laid_out_as_those_that_were_generated() -> None:
    truth, wanted = sample("DEM", size=264), request("DEM", inputs=("S1RTC",), window=0, timesteps=1)
    outcome = run(wanted, truth, size=264)
    assert outcome.real_tokens["DEM"].shape == outcome.tokens["DEM"].shape[1:] == (28, 28)
    np.testing.assert_array_equal(
        outcome.real_tokens["DEM"][:14, 14:], terratorchs_own("DEM", np.ascontiguousarray(truth["DEM"][:, :224, 40:]))
    )


def test_each_column_of_a_matrix_has_its_real_tokens() -> None:
    wanted = request("DEM", "NDVI", inputs=("S2L2A", "S1RTC"), kind="matrix", timesteps=1)
    outcome = run(wanted, sample("NDVI", size=SIZE))
    assert "S1RTC>NDVI" in outcome.tokens
    assert list(outcome.real_tokens) == ["NDVI"]


def test_what_has_no_tokens_or_another_size_is_left_out() -> None:
    truth = sample("DEM", size=64) | sample("coordinates")
    assert not run(request("DEM", timesteps=1), truth).real_tokens


@pytest.mark.parametrize("name", ["LULC"])
def test_terraminds_encoder_is_let_go_after_its_use(true_folder: Path, name: str) -> None:
    resident = load_model(
        "terramind_v1_tiny", ("S2L2A",), (name,), location=weights_location(str(true_folder)), device="cpu"
    )
    values = sample(name, size=32)[name]
    tokens = encoded(resident.encoder(name), name, values, tiling_of(32, 32), lambda: None)
    assert tokens.shape == (1, 4)
    assert resident.tokenizers is not None
    assert resident.tokenizers.halves(name) == {DECODES}
    assert not hasattr(resident.model.tokenizer[MODALITIES[name].token_key], "encoder")  # type: ignore[index]
    resident.ensure_encoder(name)
    assert resident.encoder(name) is resident.model.tokenizer[MODALITIES[name].token_key]  # type: ignore[index]
    again = encoded(resident.encoder(name), name, values, tiling_of(32, 32), lambda: None)
    assert torch.equal(tokens, again)
