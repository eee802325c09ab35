"""The engine's result is terratorch's own, for every seed, alone or beside others; and nothing is left behind."""

import random
from typing import Any

import numpy as np
import pytest
import torch

from errors import GenerationCancelledError, GenerationRequestError
from generation.engine.engine import Engine
from generation.engine.resident import Resident
from generation.events import Step, Tokens
from generation.request import Request
from tests.generation.engine.loaded import loaded, sample
from tests.generation.engine.runs import SIZE, Run, direct, request, run

ALL = ("LULC", "NDVI", "S1RTC", "DEM", "S2L2A", "S1GRD")


@pytest.mark.parametrize(
    "wanted",
    [
        request(*ALL),
        request("S1GRD", "LULC", inputs=("S2L2A", "DEM"), timesteps=3, top_k=5, temperature=0.7),
        request("DEM", inputs=("LULC", "NDVI"), top_p=0.0),
        request("S2L2A", "NDVI", inputs=("S1RTC",), temperature=0.0),
    ],
    ids=["all outputs chained", "two inputs, top k, odd steps", "token inputs, no top p", "temperature 0"],
)
def test_in_fp32_it_equals_terratorchs_own_call(wanted: Request) -> None:
    arrays = sample(*wanted.inputs, size=SIZE)
    theirs = direct(wanted, arrays, seed=0)
    ours = run(wanted, arrays)
    assert list(ours.arrays) == list(wanted.outputs)
    for name in wanted.outputs:
        assert np.array_equal(ours.arrays[name][0], theirs[name]), name
        assert np.ptp(theirs[name]) > 0


def test_seeds_in_one_batch_are_each_what_terratorch_makes_of_them_alone() -> None:
    wanted = request("LULC", "S1RTC", "NDVI", seeds=(5, 0, 2**31 - 1))
    arrays = sample("S2L2A", size=SIZE)
    together = run(wanted, arrays)
    for row, seed in enumerate(wanted.seeds):
        alone = run(Request.from_json(wanted.to_json() | {"seeds": [seed]}), arrays)
        theirs = direct(wanted, arrays, seed)
        for name in wanted.outputs:
            assert np.array_equal(together.tokens[name][row], alone.tokens[name][0])
            assert np.array_equal(alone.arrays[name][0], theirs[name])
            assert np.allclose(together.arrays[name][row], theirs[name], rtol=1e-4, atol=1e-3)
    assert not np.array_equal(together.tokens["NDVI"][0], together.tokens["NDVI"][1])


def test_each_seed_stays_the_same_where_tokens_are_drawn_in_several_steps() -> None:
    wanted = request("NDVI", "DEM", decoding_steps=4, seeds=(3, 1))
    arrays = sample("S2L2A", size=SIZE)
    model: Any = loaded().model
    own = model.sampler.generate
    # terratorch's own call with the one argument left out that makes it fail
    model.sampler.generate = lambda *given, **named: own(*given, **(named | {"num_tokens": None}))
    try:
        theirs = [direct(wanted, arrays, seed) for seed in wanted.seeds]
    finally:
        del model.sampler.generate
    ours = run(wanted, arrays)
    for row in range(2):
        for name in wanted.outputs:
            assert np.allclose(ours.arrays[name][row], theirs[row][name], rtol=1e-4, atol=1e-3)


def test_the_same_request_twice_gives_the_same_and_leaves_all_dice_alone() -> None:
    arrays = sample("S2L2A", "LULC", size=SIZE)
    before = {name: values.copy() for name, values in arrays.items()}
    torch.manual_seed(1)
    random.seed(1)
    states = torch.get_rng_state(), random.getstate()
    first, second = (run(request("S1RTC", inputs=("S2L2A", "LULC")), arrays) for _ in range(2))
    assert np.array_equal(first.arrays["S1RTC"], second.arrays["S1RTC"])
    assert torch.equal(states[0], torch.get_rng_state())
    assert states[1] == random.getstate()
    assert all(np.array_equal(before[name], arrays[name]) for name in arrays)


def test_generation_chains() -> None:
    # At temperature 0 no dice are rolled, so what differs comes from the output before.
    chained, alone = (run(request(*names, temperature=0)) for names in (("DEM", "S1RTC"), ("S1RTC",)))
    assert not np.array_equal(chained.arrays["S1RTC"], alone.arrays["S1RTC"])
    model: Any = loaded().model
    seen: list[torch.Tensor] = []
    hook = model.sampler.model.encoder[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    try:
        run(request("DEM", "S1RTC"))
    finally:
        hook.remove()
    assert [tokens.shape[1] for tokens in seen] == [9, 18]  # the second output is drawn with the first in sight


def test_steps_and_tokens_are_told_with_previews_and_time_left() -> None:
    told = Run(request("S1RTC", "LULC", timesteps=3, decoding_steps=2, seeds=(0, 1)), sample("S2L2A", size=SIZE))
    outcome = told.outcome()
    tokens = [event for event in told.events if isinstance(event, Tokens)]
    assert [(event.modality, event.step, event.steps) for event in tokens] == [
        ("S1RTC", 1, 2),
        ("S1RTC", 2, 2),
        ("LULC", 1, 2),
        ("LULC", 2, 2),
    ]
    assert [int(event.decided.sum()) for event in tokens] == [10, 18, 10, 18]
    assert all((event.grid[~event.decided] == 0).all() for event in tokens)
    assert np.array_equal(tokens[1].grid, outcome.tokens["S1RTC"])
    steps = [event for event in told.events if isinstance(event, Step)]
    assert [(event.modality, event.step, event.steps) for event in steps] == [
        ("LULC", 1, 1),  # ready at once, so it comes first
        *(("S1RTC", step, 4) for step in (1, 2, 3, 4)),  # 3 steps do not divide 1000
    ]
    assert steps[-1].eta_s == 0
    assert steps[1].eta_s is not None
    assert steps[1].eta_s > 0
    for event, name in ((steps[0], "LULC"), (steps[-1], "S1RTC")):
        assert event.preview is not None
        assert event.preview.dtype == np.float32
        assert np.array_equal(event.preview, outcome.arrays[name][0])
    assert outcome.facts["steps"] == 4
    assert outcome.timings["total"] >= outcome.timings["tokens"] + outcome.timings["decode"]


@pytest.mark.parametrize("patience", [0, 12, 28, 44])  # of some fifty questions: early and late, tokens and pictures
def test_a_cancelled_run_ends_at_once_and_leaves_nothing_behind(patience: int) -> None:
    model: Any = loaded().model
    objects = [model, model.sampler, model.sampler.model, *model.tokenizer.values()]
    before = [dict(vars(each)) for each in objects]
    settings = {
        key: dict(tokenizer.noise_scheduler.config)
        for key, tokenizer in model.tokenizer.items()
        if hasattr(tokenizer, "noise_scheduler")
    }
    told = Run(request("LULC", "S1RTC", clipped=False), sample("S2L2A", size=SIZE), stop_after=patience)
    with pytest.raises(GenerationCancelledError):
        told.outcome()
    assert [dict(vars(each)) for each in objects] == before
    assert not any(module._forward_pre_hooks for module in model.modules())
    assert all(dict(model.tokenizer[key].noise_scheduler.config) == value for key, value in settings.items())


def test_a_matrix_holds_what_each_pair_makes_alone() -> None:
    arrays = sample("S2L2A", "LULC", size=SIZE)
    told = Run(request("LULC", "NDVI", kind="matrix", inputs=("S2L2A", "LULC")), arrays)
    made = told.outcome()
    assert list(made.arrays) == ["S2L2A>LULC", "S2L2A>NDVI", "LULC>NDVI"]  # tokens into themselves can not be
    for cell in made.arrays:
        name, output = cell.split(">")
        alone = run(request(output, inputs=(name,)), {name: arrays[name]})
        assert np.array_equal(made.arrays[cell], alone.arrays[output])
        assert np.array_equal(made.tokens[cell], alone.tokens[output])
    assert {event.modality for event in told.events if isinstance(event, Step)} == set(made.arrays)
    last = told.events[-1]
    assert isinstance(last, Step)
    assert last.eta_s == 0


def test_inputs_that_can_not_be_are_named() -> None:
    arrays = sample("S2L2A", "LULC", size=SIZE)
    for broken, named in (
        ({}, "was not given"),
        ({"S2L2A": arrays["S2L2A"][:3]}, r"must be \(12, y, x\)"),
        ({"S2L2A": np.where(arrays["S2L2A"] > 9000, np.nan, arrays["S2L2A"]) * np.nan}, "NaN"),
        ({"LULC": arrays["LULC"] + 0.5}, "no class number"),
        ({"S2L2A": arrays["S2L2A"], "LULC": arrays["LULC"][:, :32]}, "different areas"),
    ):
        inputs = tuple(broken) or ("S2L2A",)
        with pytest.raises(GenerationRequestError, match=named):
            run(request("DEM", inputs=inputs), broken)


def test_another_model_takes_the_place_of_the_first() -> None:
    names: list[str] = []

    def load(name: str, **_: object) -> Resident:
        names.append(name)
        own = loaded()
        return Resident(own.model, name, own.device, own.revision, {})

    engine = Engine(load=load)
    for model in ("demo", "demo", "terramind_v1_tiny", "demo"):
        wanted = request("LULC", model=model)
        engine.run(wanted, sample("S2L2A", size=SIZE), tell=lambda _: None, stopped=lambda: False)
    assert names == ["demo", "terramind_v1_tiny", "demo"]
