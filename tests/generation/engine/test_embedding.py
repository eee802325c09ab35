"""Embeddings against terratorch's own backbone, built apart and loaded with the same weights."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from errors import EmbeddingError, GenerationCancelledError
from generation.demo_model import build, sizes
from generation.embedding_parts import KeptExtras, parts_of, read_part
from generation.engine import embedding as embedding_module
from generation.engine.backbone import backbone_of, encoder_inputs, layer_outputs
from generation.engine.embedding import embed, grid_of
from generation.engine.terratorch_part import load_terratorch
from generation.modalities import MODALITIES
from generation.outcome import Outcome
from generation.request import MERGES, Merge, Request
from tests.generation.engine.loaded import loaded, sample, terratorchs_model

Array = NDArray[np.float32]
INPUTS = ("S2L2A", "DEM", "LULC", "NDVI")


def run(arrays: dict[str, Array], merge: Merge = "mean", layer: int = -1) -> Outcome:
    request = Request(inputs=tuple(arrays), kind="embed", merge=merge, layer=layer)
    return embed(loaded(), request, arrays, lambda _: None, lambda: False)


def kept(outcome: Outcome) -> KeptExtras:
    """An outcome as a result that was kept."""
    return cast(KeptExtras, SimpleNamespace(facts=outcome.facts, extra=outcome.extras.__getitem__))


def terratorchs_own(merge: str, arrays: dict[str, Array]) -> list[Any]:
    """Layer outputs of a `TerraMindViT` of its own: built by its constructor, filled by terratorch's loading."""
    terratorch, model = load_terratorch(), terratorchs_model()
    register, norm = terratorch.terramind_register, terratorch.module("model.tm_utils").LayerNorm
    with build._lent_vocabularies():
        vit = terratorch.module("model.terramind_vit").TerraMindViT(
            img_size=sizes.IMAGE_PX,
            modalities=[MODALITIES[name].terramind_name for name in arrays],
            merge_method=None if merge == "none" else merge,
            dim=sizes.TOKEN_DIM,
            encoder_depth=sizes.TOKEN_ENCODER_DEPTH,
            num_heads=sizes.TOKEN_HEADS,
            norm_layer=partial(norm, eps=1e-6, bias=False),
            tokenizer_dict={key: build._giving(tokenizer) for key, tokenizer in model.tokenizer.items()},
        )
    state = register.checkpoint_filter_fn(model.sampler.model.state_dict(), vit)
    vit.load_state_dict(state, strict=True)
    given = {}
    for name, values in arrays.items():
        known = MODALITIES[name]
        mean, std = (torch.tensor(each)[:, None, None] for each in (known.mean, known.std))
        given[known.terramind_name] = ((torch.tensor(values) - mean) / std)[None]
    with torch.no_grad():
        outputs: list[Any] = vit.eval()(given)
    return outputs


@pytest.mark.parametrize("merge", MERGES)
def test_embeddings_are_those_of_terratorchs_backbone(merge: Merge) -> None:
    arrays = sample(*INPUTS)
    expected = terratorchs_own(merge, arrays)
    outcome = run(arrays, merge=merge)
    assert outcome.facts["layers"] == len(expected) == sizes.TOKEN_ENCODER_DEPTH
    for layer, own in enumerate(expected):
        for name in arrays if merge == "dict" else [""]:
            vectors = own[MODALITIES[name].terramind_name] if name else own
            array = f"embedding_{name}" if name else "embedding"
            ours = outcome.extras[f"{array}_layers"][layer]
            assert ours.dtype == np.float32
            np.testing.assert_array_equal(ours.reshape(vectors.shape[1:]), vectors[0].numpy())
            if layer == sizes.TOKEN_ENCODER_DEPTH - 1:
                np.testing.assert_array_equal(outcome.extras[array], ours)


def test_the_registrys_tiny_backbone_is_borrowed_just_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """True sizes, through terratorch's registry and a checkpoint in the hub's form."""
    terratorch = load_terratorch()
    register = terratorch.terramind_register
    names = ["S2L2A", "S1GRD"]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        generation = terratorch.generation_class(
            modalities=names,
            output_modalities=["DEM"],
            dim=192,
            encoder_depth=12,
            decoder_depth=1,  # the backbone has none
            num_heads=3,
            norm_layer=partial(terratorch.module("model.tm_utils").LayerNorm, eps=1e-6, bias=False),
            pretraining_mean=dict(register.v1_pretraining_mean),
            pretraining_std=dict(register.v1_pretraining_std),
            tokenizer_dict={},
        ).eval()
    torch.save(generation.sampler.model.state_dict(), tmp_path / "TerraMind_v1_tiny.pt")
    monkeypatch.setattr(register, "hf_hub_download", lambda repo_id, filename: str(tmp_path / filename))  # noqa: ARG005
    own = terratorch.backbones.build("terramind_v1_tiny", pretrained=True, modalities=names, merge_method="max").eval()
    inputs = encoder_inputs(generation, sample(*names), torch.device("cpu"))
    ours = layer_outputs(backbone_of(generation, "max", inputs), inputs, lambda: False)
    with torch.no_grad():
        expected = own(dict(inputs))
    assert len(ours) == len(expected) == 12
    for one, other in zip(ours, expected, strict=True):
        assert isinstance(one, torch.Tensor)
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_any_layer_can_be_chosen_before_and_after() -> None:
    arrays = sample("S2L2A")
    last, second = run(arrays), run(arrays, layer=1)
    assert (last.facts["layer"], second.facts["layer"]) == (3, 1)
    np.testing.assert_array_equal(read_part(kept(last), "embedding", 1), second.extras["embedding"])
    np.testing.assert_array_equal(read_part(kept(second), "embedding", -1), last.extras["embedding"])
    np.testing.assert_array_equal(read_part(kept(second), "embedding"), second.extras["embedding"])
    assert np.abs(last.extras["embedding"] - second.extras["embedding"]).max() > 0.1


def test_layers_that_are_too_large_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_module, "KEPT_LAYERS_BYTES", 100_000)
    outcome = run(sample("S2L2A"), layer=1)
    assert set(outcome.extras) == {"embedding"}
    assert read_part(kept(outcome), "embedding", 1).shape == (14, 14, sizes.TOKEN_DIM)
    with pytest.raises(EmbeddingError, match="Start a run with layer 3"):
        read_part(kept(outcome), "embedding", 3)


@pytest.mark.parametrize("merge", ["dict", "none"])
def test_inputs_kept_apart_are_read_apart(merge: Merge) -> None:
    outcome = run(sample(*INPUTS), merge=merge)
    names = [part.name for part in parts_of(outcome.facts)]
    assert names == [f"embedding_{name}" for name in INPUTS]
    apart = [read_part(kept(outcome), name, 2) for name in names]
    assert {each.shape for each in apart} == {(14, 14, sizes.TOKEN_DIM)}
    merged = run(sample(*INPUTS))
    np.testing.assert_allclose(np.mean(apart, axis=0), read_part(kept(merged), "embedding", 2), rtol=1e-4, atol=1e-4)


@settings(max_examples=12, deadline=None)
@given(
    names=st.sets(st.sampled_from((*INPUTS, "S1RTC")), min_size=1),
    patches=st.integers(2, 7),
    merge=st.sampled_from(MERGES),
)
def test_any_inputs_of_any_square_size(names: set[str], patches: int, merge: Merge) -> None:
    arrays = sample(*sorted(names), size=16 * patches)
    outcome = run(arrays, merge=merge)
    for part in parts_of(outcome.facts):
        vectors = read_part(kept(outcome), part.name)
        assert vectors.shape[:2] == (patches, patches) == (part.rows, part.columns)
        assert vectors.shape[2] == sizes.TOKEN_DIM * (len(names) if merge == "concat" else 1)
        assert np.isfinite(vectors).all()


def test_an_embedding_follows_its_input_and_leaves_it_alone() -> None:
    arrays = sample("S2L2A", "LULC")
    before = {name: values.copy() for name, values in arrays.items()}
    one, again = run(arrays), run(arrays)
    np.testing.assert_array_equal(one.extras["embedding"], again.extras["embedding"])
    for name, values in arrays.items():
        np.testing.assert_array_equal(values, before[name])
    arrays["LULC"] = 9 - arrays["LULC"]
    assert np.abs(run(arrays).extras["embedding"] - one.extras["embedding"]).max() > 1e-3


def test_bf16_outside_changes_nothing_inside() -> None:
    arrays = sample("S2L2A", "LULC")
    expected = run(arrays).extras["embedding"]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        np.testing.assert_array_equal(run(arrays).extras["embedding"], expected)


def test_cancelling_ends_between_two_layers_and_leaves_no_hook() -> None:
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) == 3

    request = Request(inputs=("DEM",), kind="embed")
    with pytest.raises(GenerationCancelledError):
        embed(loaded(), request, sample("DEM"), lambda _: None, stopped)
    assert len(asked) == 3
    assert not any(block._forward_pre_hooks for block in terratorchs_model().sampler.model.encoder)


def test_the_resident_model_generates_as_before() -> None:
    model = loaded().model
    names, mode = list(model.state_dict()), model.training
    run(sample("S2L2A"), merge="concat")
    assert list(model.state_dict()) == names
    assert model.training == mode


def test_what_can_not_be_embedded_is_named() -> None:
    with pytest.raises(EmbeddingError, match="place alone"):
        grid_of(sample("coordinates"))
    with pytest.raises(EmbeddingError, match=r"S2L2A 264 x 264: choose a window of 224"):
        grid_of(sample("S2L2A", size=264))
    with pytest.raises(EmbeddingError, match=r"DEM 112 x 112"):
        grid_of(sample("S2L2A") | sample("DEM", size=112))
    with pytest.raises(EmbeddingError, match="has 4, counted from 0 to 3"):
        run(sample("DEM"), layer=12)
    with pytest.raises(EmbeddingError, match="may be mean"):
        backbone_of(loaded().model, "sum", ["DEM"])
    outcome = run(sample("DEM"))
    with pytest.raises(EmbeddingError, match="it has embedding"):
        read_part(kept(outcome), "embedding_DEM")
    with pytest.raises(EmbeddingError, match="made no embeddings"):
        parts_of({})
