"""Traps of terratorch: for each the naive call that falls into it, and the engine that does not."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from einops import EinopsError

from errors import GenerationRequestError, PatchworkError
from generation.engine.decoding import diffused
from generation.engine.engine import Engine
from generation.engine.precision import Chosen
from generation.engine.terratorch_part import load_terratorch
from generation.events import Step
from generation.modalities import published_range
from generation.request import Request, real_steps
from tests.generation.engine.loaded import loaded, sample
from tests.generation.engine.runs import SIZE, Run, asked_for, request, run, tensors

OPTICAL = sample("S2L2A", size=SIZE)


def naive(wanted: Request, given: dict[str, torch.Tensor]) -> dict[str, Any]:
    """The model as one would call it."""
    with asked_for(loaded().model, wanted) as model:
        found: dict[str, Any] = model(given, standardize=True)
    return found


def test_several_decoding_steps() -> None:
    wanted = request("LULC", decoding_steps=2)
    with pytest.raises(RuntimeError):
        naive(wanted, tensors(OPTICAL))
    told = Run(wanted, OPTICAL)
    told.outcome()
    assert [int(event.decided.sum()) for event in told.events if event.name == "tokens"] == [5, 9]  # type: ignore[union-attr]


def test_the_callers_values_are_standardised_in_place() -> None:
    given = tensors(OPTICAL)
    before = given["S2L2A"].clone()
    naive(request("LULC"), given)
    assert not torch.equal(given["S2L2A"], before)
    arrays = {"S2L2A": OPTICAL["S2L2A"].copy()}
    run(request("LULC"), arrays)
    assert np.array_equal(arrays["S2L2A"], OPTICAL["S2L2A"])


def test_torchs_seed_is_not_enough() -> None:
    found = []
    for _ in range(2):
        torch.manual_seed(0)
        found.append(naive(request("LULC"), tensors(OPTICAL))["LULC"])
    assert not torch.equal(*found)
    first, second = (run(request("LULC")).tokens["LULC"] for _ in range(2))
    assert np.array_equal(first, second)


def test_one_pixel_without_value() -> None:
    hole = OPTICAL["S2L2A"].copy()
    hole[0, 5, 5] = np.nan
    with pytest.raises(RuntimeError, match="inf"):
        naive(request("LULC"), tensors({"S2L2A": hole}))
    with pytest.raises(GenerationRequestError, match="1 values of S2L2A are NaN"):
        run(request("LULC"), {"S2L2A": hole})


def test_numbers_of_another_type() -> None:
    with pytest.raises(RuntimeError, match=r"dtype|type"):
        naive(request("LULC"), {"S2L2A": tensors(OPTICAL)["S2L2A"].double()})
    whole = OPTICAL["S2L2A"].round()
    made = [run(request("LULC"), {"S2L2A": whole.astype(kind)}).tokens["LULC"] for kind in ("f4", "f8", "i2")]
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


@pytest.mark.parametrize(("height", "width"), [(48, 72), (56, 56)])
def test_areas_that_are_no_square_of_whole_patches(height: int, width: int) -> None:
    arrays = sample("S2L2A", size=72)
    arrays = {"S2L2A": arrays["S2L2A"][:, :height, :width]}
    with pytest.raises((AssertionError, RuntimeError, ValueError, EinopsError)):
        naive(request("LULC"), tensors(arrays))
    told = Run(request("NDVI", "LULC", seeds=(0, 1)), arrays)
    made = told.outcome()
    assert made.arrays["NDVI"].shape == (2, 1, height, width)
    assert made.arrays["LULC"].shape == (2, 1, height, width)
    assert np.isfinite(made.arrays["NDVI"]).all()
    tiles = made.facts["tiles"]
    assert isinstance(tiles, dict)
    assert made.facts["tile_seeds"] == [[0, 2**31], [1, 1 + 2**31]] if height == 48 else True
    # the first tile is what its crop alone makes
    size = tiles["size"]
    crop = run(request("NDVI", "LULC"), {"S2L2A": arrays["S2L2A"][:, :size, :size]})
    assert np.array_equal(made.tokens["NDVI"][0, : size // 16, : size // 16], crop.tokens["NDVI"][0])
    previews = [event.preview for event in told.events if isinstance(event, Step) and event.preview is not None]
    assert all(preview.shape[1:] == (height, width) for preview in previews)


def test_land_cover_comes_as_ten_scores() -> None:
    assert naive(request("LULC"), tensors(OPTICAL))["LULC"].shape == (1, 10, SIZE, SIZE)
    made = run(request("LULC")).arrays["LULC"]
    assert made.shape == (1, 1, SIZE, SIZE)
    assert made.dtype == np.uint8
    assert made.max() < 10


@pytest.mark.parametrize("name", ["S2RGB", "S2L1C"])
def test_outputs_that_silently_become_others(name: str) -> None:
    terramind = load_terratorch().module("model.terramind")
    embeddings, _ = terramind.build_output_modality_embeddings(
        load_terratorch().modality_info, [name], img_size=224, dim=48, patch_size=16
    )
    assert list(embeddings) == ["tok_sen2l2a@224"]
    with pytest.raises(GenerationRequestError, match="ask for S2L2A"):
        request(name)


def test_steps_that_do_not_divide_a_thousand() -> None:
    model: Any = loaded().model
    scheduler = model.tokenizer["tok_ndvi@224"].noise_scheduler
    for steps in range(1, 101):
        scheduler.set_timesteps(steps, mode="trailing")
        assert len(scheduler.timesteps) == real_steps(steps)


def test_token_ids_in_bf16_are_others() -> None:
    model: Any = loaded().model
    tokenizer, image = model.tokenizer["tok_sen2l2a@224"], tensors(sample("S2L2A", size=224))["S2L2A"]
    image = (image - model.pretraining_mean["tok_sen2l2a@224"]) / model.pretraining_std["tok_sen2l2a@224"]
    with torch.inference_mode():
        right = tokenizer.encode(image)[-1]
        with torch.autocast("cpu", torch.bfloat16):
            wrong = tokenizer.encode(image)[-1]
    assert (right != wrong).float().mean() > 0.1
    arrays = sample("S2L2A", "NDVI", size=SIZE)
    wanted = request("S1RTC", "LULC", inputs=("S2L2A", "NDVI"), precision="bf16")
    half, full = (run(Request.from_json(wanted.to_json() | {"precision": each}), arrays) for each in ("bf16", "fp32"))
    for name in wanted.outputs:
        assert np.array_equal(half.tokens[name], full.tokens[name])
    assert np.array_equal(half.arrays["LULC"], full.arrays["LULC"])  # decoded in fp32
    assert not np.array_equal(half.arrays["S1RTC"], full.arrays["S1RTC"])
    assert np.abs(half.arrays["S1RTC"] - full.arrays["S1RTC"]).mean() < 0.5  # dB
    assert half.facts["precision"] == "bf16"


def test_the_model_is_called_with_gradients() -> None:
    assert naive(request("LULC"), tensors(OPTICAL))["LULC"].requires_grad
    model: Any = loaded().model
    with_gradients: list[bool] = []
    hook = model.tokenizer["tok_lulc@224"].decoder.register_forward_pre_hook(
        lambda *_: with_gradients.append(torch.is_grad_enabled())
    )
    try:
        run(request("LULC"))
    finally:
        hook.remove()
    assert with_gradients == [False]


@pytest.mark.parametrize("clipped", [True, False])
def test_values_are_clipped_to_one_deviation(clipped: bool) -> None:
    model: Any = loaded().model
    tokenizer = model.tokenizer["tok_sen1rtc@224"]
    scheduler = tokenizer.noise_scheduler
    before = dict(scheduler.config)
    scheduler.register_to_config(thresholding=True, sample_max_value=1.0)  # as TerraMind's own tokenizers
    published = dict(scheduler.config)
    bias = tokenizer.decoder.out[-1].bias
    with torch.no_grad():
        bias += 3.0  # a decoder that means three standard deviations
    try:
        values = run(request("S1RTC", clipped=clipped)).arrays["S1RTC"][0]
        theirs = naive(request("S1RTC"), tensors(OPTICAL))["S1RTC"][0].detach()
        assert dict(scheduler.config) == published  # whatever was asked for, the next run finds it as it was
    finally:
        scheduler.register_to_config(**{name: before[name] for name in ("thresholding", "sample_max_value")})
        with torch.no_grad():
            bias -= 3.0
    low, high = zip(*published_range("S1RTC"), strict=True)
    within = all(values[band].max() <= high[band] + 1e-3 and values[band].min() >= low[band] - 1e-3 for band in (0, 1))
    assert within == clipped
    assert all(theirs[band].max() <= high[band] + 1e-3 for band in (0, 1))


def test_the_clip_is_terratorchs_thresholding_without_its_sorting() -> None:
    model: Any = loaded().model
    tokenizer = model.tokenizer["tok_sen1rtc@224"]
    scheduler = tokenizer.noise_scheduler
    before = dict(scheduler.config)
    noise, tokens = torch.randn(1, 2, 48, 48) * 3, torch.arange(9).reshape(1, 3, 3)
    scheduler.register_to_config(thresholding=True, sample_max_value=1.0)
    try:
        ours = diffused(
            tokenizer,
            tokens,
            noise,
            4,
            clipped=True,
            precision=Chosen("fp32", ""),
            heard=lambda *_: None,
            check=lambda: None,
        )
        with torch.inference_mode():
            scheduler.set_timesteps(4, mode="trailing")
            image = noise
            for time in scheduler.timesteps:
                guess = tokenizer.decoder(image, time, tokenizer.tokens_to_embedding(tokens))
                image = scheduler.step(guess, time, image).prev_sample
    finally:
        scheduler.register_to_config(**{name: before[name] for name in ("thresholding", "sample_max_value")})
    assert torch.equal(ours, image)


def test_what_a_model_does_not_make_is_refused_by_name() -> None:
    engine = Engine(load=lambda *_, **__: loaded())
    with pytest.raises(Exception, match="coordinates") as refused:
        engine.run(request("coordinates"), OPTICAL, tell=lambda _: None, stopped=lambda: False)
    assert isinstance(refused.value, PatchworkError)


def test_edges_that_the_detokenizer_can_not_halve() -> None:
    # As TerraMind's own, whose tokenizers have four levels: 112 pixels are no multiple of 32.
    unet = load_terratorch().unet
    network = unet.PatchedUNetCondCat(
        in_channels=1,
        out_channels=1,
        cond_channels=4,
        image_size=224,
        patch_size=4,
        model_channels=32,
        num_res_blocks=1,
        attention_resolutions=[8],
        channel_mult=(1, 1, 1, 1),
    ).eval()
    model: Any = loaded().model
    own = model.tokenizer["tok_ndvi@224"]
    tokens, noise = torch.arange(9).reshape(1, 3, 3), torch.randn(1, 1, 48, 48)
    with pytest.raises(RuntimeError, match="Sizes of tensors"), torch.inference_mode():
        network(noise, torch.tensor(1), own.tokens_to_embedding(tokens))
    tokenizer = SimpleNamespace(
        decoder=network,
        noise_scheduler=own.noise_scheduler,
        patch_size=16,
        parameters=network.parameters,
        tokens_to_embedding=own.tokens_to_embedding,
    )
    heard: list[torch.Size] = []
    with torch.inference_mode():
        made = diffused(
            tokenizer,
            tokens,
            noise,
            2,
            clipped=True,
            precision=Chosen("fp32", ""),
            heard=lambda _part, _step, _steps, so_far: heard.append(so_far.shape),
            check=lambda: None,
        )
    assert made.shape == noise.shape
    assert heard == [noise.shape] * 2
    assert made.isfinite().all()
