"""The training of the demo model goes on where it was stopped; what it made does better than any constant guess."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from demo.model.codes import Codes, lay_out, open_codes, tokenise  # noqa: E402 - after torch is known to be there
from demo.model.decoders import train_decoder  # noqa: E402
from demo.model.evaluate import best_constant, error_of, generate, reconstruct  # noqa: E402
from demo.model.heights import HEIGHTS, train_heights  # noqa: E402
from demo.model.loop import Stage  # noqa: E402
from demo.model.pool import LAYERS, Pool, make_pool, open_pool  # noqa: E402
from demo.model.scenes import draw_scene, plan_scene  # noqa: E402
from demo.model.tasks import Task, draw_task  # noqa: E402
from demo.model.token_model import FIRST, FURTHER, Given, answer, train_token_model  # noqa: E402
from demo.model.tokenizers import train_tokenizer  # noqa: E402
from demo.scene import LANDSCAPES  # noqa: E402
from demo.terramesh.places import MAJORTOM, SSL4EO12  # noqa: E402
from generation.demo_model import build_demo_model, load_demo_model  # noqa: E402
from generation.demo_model.sizes import TOKENIZERS  # noqa: E402

_SEED = 77  # of scenes that no training has seen
_FRESH = 12
Network = Any  # terratorch is not typed
Tensor = Any


@pytest.fixture(scope="module")
def pools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pools")
    make_pool(folder, "train", 2, seed=1, workers=1, progress=False)
    return folder


@pytest.fixture(scope="module")
def pool(pools: Path) -> Pool:
    return open_pool(pools, "train")


@pytest.fixture(scope="module")
def codes(pool: Pool) -> Codes:
    dice = np.random.default_rng(0)
    tokens = {name: dice.integers(0, size.codes, (2, 4, 196)).astype(np.int16) for name, size in TOKENIZERS.items()}
    assert len(pool["DEM"]) == 2
    return Codes(tokens, *lay_out(2, seed=1))


def test_a_pool_holds_what_is_drawn_and_is_not_drawn_twice(pools: Path, pool: Pool) -> None:
    drawn = draw_scene(plan_scene("train", 1, seed=1))
    assert set(drawn) == set(LAYERS)
    for layer, pixels in drawn.items():
        assert np.array_equal(pool[layer][1], pixels)
    before = (pools / "train" / "S2L2A.npy").stat().st_mtime_ns
    make_pool(pools, "train", 2, seed=1, workers=1, progress=False)
    assert (pools / "train" / "S2L2A.npy").stat().st_mtime_ns == before


def test_plans_know_all_landscapes_and_never_a_sample_of_the_collection() -> None:
    plans = [plan_scene("train", index, seed=5) for index in range(1200)]
    assert {plan.place.landscape for plan in plans} == set(LANDSCAPES)
    assert not {(plan.place.lon, plan.place.lat) for plan in plans} & {
        (at.lon, at.lat) for at in (*MAJORTOM, *SSL4EO12)
    }
    further = {plan_scene("further", index, seed=5).scene_seed for index in range(1200)}
    held_out = {plan_scene("held-out", index, seed=5).scene_seed for index in range(96)}
    assert not held_out & {plan.scene_seed for plan in plans}
    assert not further & {plan.scene_seed for plan in plans}
    assert not further & held_out


def test_radar_without_speckle_is_the_same_ground() -> None:
    drawn = draw_scene(plan_scene("train", 3, seed=1))
    for name in ("S1GRD", "S1RTC"):
        grain = drawn[name].astype(np.float64) - drawn[f"{name}-clean"].astype(np.float64)
        assert abs(np.median(grain)) < 0.6  # of logarithms of a gamma distribution with 4.4 looks
        assert 1.5 < grain.std() < 2.8


def _weights(network: Network) -> list[Any]:
    return [weight.detach().clone() for weight in network.parameters()]


def _same(run: Callable[[Path, int], tuple[list[Any], bool]], folder: Path) -> None:
    """A stage of three steps ends in the same weights whether it is stopped after two or not."""
    straight, finished = run(folder / "straight", 0)
    assert finished
    assert not run(folder / "stopped", 2)[1]
    again, finished = run(folder / "stopped", 0)
    assert finished
    assert all(torch.allclose(one, two, atol=1e-6) for one, two in zip(straight, again, strict=True))


def test_a_tokenizer_goes_on_where_it_was_stopped(pool: Pool, tmp_path: Path) -> None:
    def run(folder: Path, stop_at: int) -> tuple[list[Any], bool]:
        tokenizer, finished = train_tokenizer("NDVI", pool, folder=folder, seed=1, steps=3, stop_at=stop_at)
        return _weights(tokenizer), finished

    _same(run, tmp_path)


def test_a_decoder_goes_on_and_leaves_its_encoder_alone(pool: Pool, tmp_path: Path) -> None:
    encoder, _ = train_tokenizer("NDVI", pool, folder=tmp_path, seed=1, steps=1)
    tokenise("NDVI", encoder, pool, folder=tmp_path / "tokens", seed=1)
    codes = open_codes(("NDVI",), folder=tmp_path / "tokens", seed=1)

    def run(folder: Path, stop_at: int) -> tuple[list[Any], bool]:
        whole, finished = train_decoder("NDVI", encoder, pool, codes, folder=folder, seed=1, steps=3, stop_at=stop_at)
        kept = zip(_weights(whole.encoder), _weights(encoder.encoder), strict=True)
        assert all(torch.equal(one, two) for one, two in kept)
        return _weights(whole.decoder), finished

    _same(run, tmp_path)


@pytest.mark.parametrize("full", [FIRST, FURTHER], ids=lambda stage: str(stage.name))
def test_the_token_model_goes_on_where_it_was_stopped(full: Stage, pool: Pool, codes: Codes, tmp_path: Path) -> None:
    stage = replace(full, steps=3)

    def run(folder: Path, stop_at: int) -> tuple[list[Any], bool]:
        model: Any = build_demo_model(seed=1)
        finished = train_token_model(model, pool, codes, folder=folder, seed=1, stage=stage, stop_at=stop_at)
        return _weights(model.sampler.model), finished

    _same(run, tmp_path)


def test_the_decoder_of_heights_goes_on_and_leaves_its_codes_alone(pool: Pool, codes: Codes, tmp_path: Path) -> None:
    def run(folder: Path, stop_at: int) -> tuple[list[Any], bool]:
        model: Any = build_demo_model(seed=1)
        tokenizer = model.tokenizer[TOKENIZERS["DEM"].token_key]
        before = _weights(tokenizer.encoder) + _weights(model.sampler.model)
        stage = replace(HEIGHTS, steps=3)
        finished = train_heights(model, pool, codes, folder=folder, seed=1, stage=stage, stop_at=stop_at)
        after = _weights(tokenizer.encoder) + _weights(model.sampler.model)
        assert all(torch.equal(one, two) for one, two in zip(before, after, strict=True))
        return _weights(tokenizer.decoder), finished

    _same(run, tmp_path)


def test_an_answer_is_that_of_terratorchs_own_forward() -> None:
    """The training's short cut without masks tells the same logits as terratorch's forward with them."""
    model: Any = build_demo_model(seed=2)
    terramind = model.sampler.model
    image = torch.randn(2, 12, 224, 224)
    ids = {name: torch.randint(0, TOKENIZERS[name].codes, (2, 196)) for name in ("LULC", "NDVI")}
    with torch.no_grad():
        mine = answer(terramind, Task(("S2L2A",), (), ("LULC", "NDVI")), Given({"S2L2A": image}, {}, ids))
        _, losses = terramind(_masked(image, ids), 196, 2 * 196)
    for name, (logits, wanted) in mine.items():
        own = torch.nn.functional.cross_entropy(logits, wanted)
        assert torch.allclose(own, losses[TOKENIZERS[name].token_key], atol=1e-4)


def _masked(image: Tensor, ids: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What terratorch's forward takes: everything of the image is seen, all tokens are asked."""

    def masks(*, seen: bool) -> dict[str, Any]:
        attention = torch.zeros(2, 196, dtype=torch.int)
        attention[:, 0] = 0 if seen else 196
        return {
            "input_mask": torch.full((2, 196), not seen),
            "target_mask": torch.full((2, 196), seen),
            "decoder_attention_mask": attention,
        }

    asked = {TOKENIZERS[name].token_key: {"tensor": tokens, **masks(seen=False)} for name, tokens in ids.items()}
    return {TOKENIZERS["S2L2A"].raw_key: {"tensor": image, **masks(seen=True)}, **asked}


def test_tasks_never_give_as_tokens_what_they_ask_for() -> None:
    dice = np.random.default_rng(1)
    tasks = [draw_task(dice, 0.5) for _ in range(500)]
    assert all(task.targets and (task.images or task.tokens) for task in tasks)
    assert not [task for task in tasks if set(task.tokens) & set(task.targets)]
    assert {target for task in tasks for target in task.targets} == set(TOKENIZERS)
    assert 0.08 < np.mean([task.revealed > 0 for task in tasks]) < 0.25


@pytest.fixture(scope="module")
def fresh() -> dict[str, Any]:
    scenes = [draw_scene(plan_scene("held-out", index, seed=_SEED)) for index in range(_FRESH)]
    return {
        layer: np.stack([scene[layer][:, 20:244, 20:244] for scene in scenes]).astype(np.float32) for layer in LAYERS
    }


@pytest.fixture(scope="module")
def trained() -> Network:
    return load_demo_model()


def test_fresh_scenes_are_generated_better_than_any_constant(trained: Network, fresh: dict[str, Any]) -> None:
    outputs = tuple(name for name in TOKENIZERS if name != "S2L2A")
    drawn = generate(trained, {"S2L2A": fresh["S2L2A"]}, outputs, seed=1)
    drawn |= generate(trained, {name: fresh[name] for name in ("LULC", "S1RTC", "DEM")}, ("S2L2A",), seed=1)
    errors = {name: error_of(name, drawn[name], fresh[name]) for name in TOKENIZERS}
    for name in TOKENIZERS:  # the constant is even that of these very scenes
        guess = np.broadcast_to(best_constant(fresh, name)[None, :, None, None], fresh[name].shape)
        constant = error_of(name, guess, fresh[name])
        better = errors[name] > 1.5 * constant if name == "LULC" else errors[name] < 0.8 * constant
        assert better, (name, errors[name], constant)
    assert errors["NDVI"] < 0.10
    ceiling = error_of("LULC", reconstruct(trained, "LULC", fresh["LULC"]), fresh["LULC"])
    assert ceiling > 80
    assert errors["LULC"] > ceiling - 8


def test_heights_that_are_drawn_apart_join(trained: Network, fresh: dict[str, Any]) -> None:
    drawn = generate(trained, {"S2L2A": fresh["S2L2A"]}, ("DEM",), seed=1)["DEM"]
    steps = np.abs(np.diff(drawn, axis=3))[..., 15::16].mean((1, 2, 3))
    assert np.median(steps) < 2, "metres from one token to the next; a decoder that never saw drawn tokens: ten"


@pytest.mark.parametrize("name", ["S1GRD", "S1RTC"])
def test_the_mean_over_seeds_is_near_the_radar_without_speckle(
    name: str, trained: Network, fresh: dict[str, Any]
) -> None:
    given = {"S2L2A": fresh["S2L2A"][:8]}
    drawn = [generate(trained, given, (name,), seed=seed, timesteps=2)[name] for seed in range(8)]
    assert error_of(name, np.mean(drawn, axis=0), fresh[f"{name}-clean"][:8]) < 2.0


def test_another_input_gives_another_output(trained: Network, fresh: dict[str, Any]) -> None:
    one = generate(trained, {"S1GRD": fresh["S1GRD"][:1]}, ("LULC",), seed=1)["LULC"]
    two = generate(trained, {"S1GRD": fresh["S1GRD"][1:2]}, ("LULC",), seed=1)["LULC"]
    assert (one != two).mean() > 0.1
