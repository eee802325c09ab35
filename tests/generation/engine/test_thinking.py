"""Thinking in modalities against terratorch's `TerraMindTiM`, built apart and loaded with the same weights."""

import random
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from errors import EmbeddingError, GenerationCancelledError, GenerationRequestError
from generation.demo_model import build, sizes
from generation.embedding_parts import KeptExtras, parts_of, read_part
from generation.engine.embedding import embed
from generation.engine.generating import generate
from generation.engine.precision import Chosen
from generation.engine.running import Running
from generation.engine.terratorch_part import load_terratorch
from generation.engine.thinking import think
from generation.events import Event, Step, Tokens
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import Merge, Request
from generation.speeds import Pace
from tests.generation.engine.loaded import loaded, sample, terratorchs_model

Array = NDArray[np.float32]
SEED = 5


def request_of(inputs: tuple[str, ...], thoughts: tuple[str, ...], merge: Merge = "mean") -> Request:
    return Request(
        inputs=inputs, outputs=thoughts, kind="think", timesteps=2, seeds=(SEED,), merge=merge, precision="fp32"
    )


def run(arrays: dict[str, Array], *thoughts: str, merge: Merge = "mean", events: list[Event] | None = None) -> Outcome:
    heard: list[Event] = [] if events is None else events
    return think(loaded(), request_of(tuple(arrays), thoughts, merge), arrays, heard.append, lambda: False)


def terratorchs_own(
    arrays: dict[str, Array], thoughts: tuple[str, ...], merge: str
) -> tuple[list[Any], dict[str, Any]]:
    """Layer outputs and thoughts of a `TerraMindTiM` of its own: built by its constructor, filled by its loading."""
    terratorch, model = load_terratorch(), terratorchs_model()
    register, norm = terratorch.terramind_register, terratorch.module("model.tm_utils").LayerNorm
    names = [MODALITIES[name].terramind_name for name in arrays]
    with build._lent_vocabularies():
        tim = terratorch.module("model.terramind_tim").TerraMindTiM(
            img_size=sizes.IMAGE_PX,
            modalities=names,
            tim_modalities=list(thoughts),
            merge_method=merge,
            dim=sizes.TOKEN_DIM,
            encoder_depth=sizes.TOKEN_ENCODER_DEPTH,
            decoder_depth=sizes.TOKEN_DECODER_DEPTH,
            num_heads=sizes.TOKEN_HEADS,
            norm_layer=partial(norm, eps=1e-6, bias=False),
            tokenizer_dict={key: build._giving(tokenizer) for key, tokenizer in model.tokenizer.items()},
        )
    tim.load_state_dict(register.checkpoint_filter_fn_tim(model.sampler.model.state_dict(), tim), strict=True)
    given: dict[str, Any] = {}
    for name, values in arrays.items():
        known = MODALITIES[name]
        mean, std = (torch.tensor(each)[:, None, None] for each in (known.mean, known.std))
        given[known.terramind_name] = ((torch.tensor(values) - mean) / std)[None]
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        random.seed(SEED)
        outputs: list[Any] = tim.eval()(given)
    return outputs, {name: given[name] for name in given if name not in names}


@pytest.mark.parametrize(
    ("inputs", "thoughts", "merge"),
    [
        (("S2L2A",), ("LULC",), "mean"),
        (("S1RTC", "DEM"), ("LULC", "NDVI"), "max"),
        (("S2L2A", "NDVI"), ("LULC", "S1GRD"), "dict"),
    ],
)
def test_thinking_is_that_of_terratorch(inputs: tuple[str, ...], thoughts: tuple[str, ...], merge: Merge) -> None:
    arrays = sample(*inputs)
    expected, thought = terratorchs_own(arrays, thoughts, merge)
    outcome = run(arrays, *thoughts, merge=merge)
    assert len(thought) == len(thoughts)
    for tokens, name in zip(thought.values(), thoughts, strict=True):
        np.testing.assert_array_equal(outcome.tokens[name].reshape(1, -1), tokens.numpy())
    for layer, own in enumerate(expected):
        for name in inputs if merge == "dict" else [""]:
            vectors = own[MODALITIES[name].terramind_name] if name else own
            ours = outcome.extras[f"with_{name}_layers" if name else "with_layers"][layer]
            np.testing.assert_allclose(ours.reshape(vectors.shape[1:]), vectors[0].numpy(), rtol=1e-4, atol=1e-5)


def test_thoughts_are_what_a_generation_with_the_same_seed_makes() -> None:
    arrays = sample("S2L2A")
    outcome = run(arrays, "LULC", "NDVI")
    request = Request(inputs=("S2L2A",), outputs=("LULC", "NDVI"), timesteps=2, seeds=(SEED,), precision="fp32")
    running = Running(lambda _: None, lambda: False, Pace("demo", "fp32", 224 * 224))
    made, _ = generate(loaded().model, request, arrays, Chosen("fp32", "asked for"), running)
    for name in ("LULC", "NDVI"):
        np.testing.assert_array_equal(outcome.tokens[name], made.tokens[name])
        np.testing.assert_array_equal(outcome.arrays[name], made.arrays[name])


def test_without_thoughts_it_is_the_embedding_and_with_them_it_is_not() -> None:
    arrays = sample("S2L2A", "DEM")
    outcome = run(arrays, "LULC", merge="dict")
    embedded = embed(
        loaded(), Request(inputs=("S2L2A", "DEM"), kind="embed", merge="dict"), arrays, lambda _: None, lambda: False
    )
    kept = cast(KeptExtras, SimpleNamespace(facts=outcome.facts, extra=outcome.extras.__getitem__))
    names = [part.name for part in parts_of(outcome.facts)]
    assert names == ["without_S2L2A", "without_DEM", "with_S2L2A", "with_DEM"]
    for name in ("S2L2A", "DEM"):
        without, with_thoughts = read_part(kept, f"without_{name}"), read_part(kept, f"with_{name}")
        np.testing.assert_array_equal(without, embedded.extras[f"embedding_{name}"])
        assert np.abs(with_thoughts - without).max() > 1e-3
    assert outcome.facts["thoughts"] == ["LULC"]
    assert outcome.facts["seed"] == SEED


def test_thoughts_are_seen_as_they_are_drawn() -> None:
    events: list[Event] = []
    run(sample("DEM"), "LULC", "NDVI", events=events)
    assert [event.modality for event in events if isinstance(event, Tokens)] == ["LULC", "NDVI"]
    steps = [event for event in events if isinstance(event, Step)]
    assert [(event.modality, event.step) for event in steps] == [("LULC", 1), ("NDVI", 1), ("NDVI", 2)]
    assert all(event.preview is not None for event in steps)


def test_what_can_not_be_thought_of_is_named() -> None:
    arrays = sample("S2L2A", "NDVI")
    with pytest.raises(GenerationRequestError, match="NDVI is an input already"):
        run(arrays, "NDVI")
    with pytest.raises(GenerationRequestError, match="coordinates can not be a thought"):
        run(arrays, "coordinates")
    with pytest.raises(EmbeddingError, match="choose mean, max or dict"):
        run(arrays, "LULC", merge="concat")
    with pytest.raises(EmbeddingError, match="choose a window"):
        run(sample("S2L2A", size=264), "LULC")


@pytest.mark.parametrize("after", [Tokens, Step])
def test_cancelling_ends_a_thought(after: type[Event]) -> None:
    heard: list[Event] = []
    request = request_of(("DEM",), ("LULC", "NDVI"))
    with pytest.raises(GenerationCancelledError):
        think(loaded(), request, sample("DEM"), heard.append, lambda: any(isinstance(each, after) for each in heard))
    assert sum(isinstance(each, after) for each in heard) == 1
