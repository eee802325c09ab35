"""What is built is what terratorch builds, and the traps of its constructors are not fallen into."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from errors import ModalityMissingError, WeightsError
from generation.engine.resident import check_modalities
from generation.engine.skeleton import (
    ARCHITECTURES,
    WithoutRandomWeights,
    build_model,
    build_tokenizer,
    open_coordinate_tokenizer,
)
from generation.engine.terratorch_part import load_terratorch
from generation.modalities import INPUTS, MODALITIES, OUTPUTS
from generation.models import MODELS
from generation.weights_location import MODEL_FILES, TOKENIZER_FILES
from tests.generation.engine.true_weights import save_vocabulary

ALL_IN = [MODALITIES[name].terramind_name for name in INPUTS]
ALL_OUT = [MODALITIES[name].terramind_name for name in OUTPUTS]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - terratorch's module, which has no types
    """The factories of terratorch, without tokenizers, which these tests do not need; what they change is undone."""
    module = load_terratorch().terramind_register
    monkeypatch.setitem(module.tokenizer_dict, "v1", {})
    for table in ("v1_pretraining_mean", "v1_pretraining_std"):
        monkeypatch.setattr(module, table, dict(getattr(module, table)))
    warnings.filterwarnings("ignore", message="Tokenizer for output modality")
    return module


def shapes(model: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_tensor_of_each_size_is_terratorchs(register: Any, name: str) -> None:  # noqa: ANN401
    with WithoutRandomWeights():
        theirs = getattr(register, f"{name}_generate")(modalities=ALL_IN, output_modalities=[*ALL_OUT[::-1], "LULC"])
    ours = build_model(name)
    assert shapes(ours) == shapes(theirs)
    parameters = sum(parameter.numel() for parameter in ours.parameters())
    assert parameters == pytest.approx(MODELS[name].parameters, rel=0.01)
    assert parameters * 4 / 1e9 == pytest.approx(MODEL_FILES[name].gigabytes, rel=0.02)
    own: Any = ours
    for kind, theirs_of_kind in (("mean", theirs.pretraining_mean), ("std", theirs.pretraining_std)):
        held = getattr(own, f"pretraining_{kind}")
        assert held.keys() == theirs_of_kind.keys()
        assert all(torch.equal(held[key], value) for key, value in theirs_of_kind.items())
    assert own.standardize
    assert type(own.sampler.model.encoder[0].mlp) is type(theirs.sampler.model.encoder[0].mlp)
    assert type(own.sampler.model.encoder[0].mlp.act) is type(theirs.sampler.model.encoder[0].mlp.act)


def test_modalities_are_terratorchs(register: Any) -> None:  # noqa: ANN401
    part = load_terratorch()
    model: Any = build_model("terramind_v1_tiny")
    for modality in MODALITIES.values():
        if modality.token_key:
            assert part.modality_info[modality.token_key]["vocab_size"] == modality.codes
            assert model.output_mod_name_mapping[modality.token_key] == modality.terramind_name
        assert model.mod_name_mapping[modality.terramind_name] == (modality.raw_key or modality.token_key)
        for key in (modality.raw_key, modality.token_key) if modality.is_image else ():
            if key:
                assert list(modality.mean) == list(register.v1_pretraining_mean[key])
                assert list(modality.std) == list(register.v1_pretraining_std[key])
        if modality.raw_key:
            assert len(register.PRETRAINED_BANDS[modality.raw_key]) == len(modality.bands)


def test_files_are_those_that_terratorch_asks_the_hub_for(register: Any) -> None:  # noqa: ANN401
    theirs = register.pretrained_weights | load_terratorch().tokenizer_register.pretrained_weights
    for name, file in MODEL_FILES.items():
        assert theirs[name] == {"hf_hub_id": file.repository, "hf_hub_filename": file.name}
    for name, file in TOKENIZER_FILES.items():
        short = "coords_tokenizer" if name == "coordinates" else f"tokenizer_{name.lower()}"
        assert theirs[f"terramind_v1_{short}"] == {"hf_hub_id": file.repository, "hf_hub_filename": file.name}


@pytest.mark.parametrize("name", [name for name in TOKENIZER_FILES if name != "coordinates"])
def test_tokenizers_have_the_size_that_is_told(name: str) -> None:
    parameters = sum(parameter.numel() for parameter in build_tokenizer(name).parameters())
    assert parameters * 4 / 1e9 == pytest.approx(TOKENIZER_FILES[name].gigabytes, rel=0.01)


def test_the_last_of_the_outputs_has_no_embedding_for_those_after_it(register: Any) -> None:  # noqa: ANN401
    with WithoutRandomWeights():
        naive = register.terramind_v1_tiny_generate(modalities=["S2L2A"], output_modalities=["DEM", "S1GRD"])
    assert "tok_sen1grd@224" not in naive.encoder_embeddings, "so S1GRD can not come before DEM in another run"
    ours: Any = build_model("terramind_v1_tiny")
    assert {MODALITIES[name].token_key for name in OUTPUTS} <= set(ours.encoder_embeddings)


def test_an_offset_stays_in_the_means_of_every_later_model(register: Any) -> None:  # noqa: ANN401
    key = "untok_sen2l2a@224"
    published = np.array(register.v1_pretraining_mean[key])
    for builds in (1, 2):
        with WithoutRandomWeights():
            register.terramind_v1_tiny_generate(
                modalities=["S2L2A"], output_modalities=["DEM"], offset={"S2L2A": 1000.0}
            )
        assert np.allclose(register.v1_pretraining_mean[key], published + 1000 * builds)
    ours: Any = build_model("terramind_v1_tiny")
    assert np.allclose(ours.pretraining_mean[key].flatten(), published)


def test_the_registry_hides_what_went_wrong(register: Any) -> None:  # noqa: ANN401
    wrong = {"modalities": ["S2L2A"], "output_modalities": ["NAIP"]}
    with pytest.raises(NotImplementedError, match="NAIP"), WithoutRandomWeights():
        register.terramind_v1_tiny_generate(**wrong)
    register.v1_pretraining_mean.pop("untok_sen2l2a@224")
    hidden = {"modalities": ["S2L2A"], "output_modalities": ["DEM"], "offset": {"S2L2A": 1.0}}
    with pytest.raises(Exception, match="could not be instantiated") as raised, WithoutRandomWeights():
        load_terratorch().full_models.build("terramind_v1_tiny_generate", **hidden)
    assert "untok_sen2l2a" not in str(raised.value)
    with pytest.raises(ModalityMissingError, match=r"does not generate 'NAIP'. Choose from S2L2A"):
        check_modalities("terramind_v1_tiny", ("S2L2A",), ("NAIP",))


def test_building_draws_no_random_numbers(register: Any) -> None:  # noqa: ANN401
    state = torch.get_rng_state()
    build_model("terramind_v1_tiny")
    build_tokenizer("LULC")
    assert torch.equal(torch.get_rng_state(), state)
    register.terramind_v1_tiny_generate(modalities=["DEM"], output_modalities=["coords"])
    assert not torch.equal(torch.get_rng_state(), state), "as published it draws millions that a checkpoint replaces"


def test_initialisation_is_left_out_in_this_block_only() -> None:
    with WithoutRandomWeights():
        torch.nn.Linear(2, 2)
        values = torch.full((3,), 7.0)
        assert torch.nn.init.normal_(values) is values
        assert torch.nn.init.constant_(tensor=values, val=1.0) is values
        assert values.tolist() == [7.0, 7.0, 7.0]
    assert torch.nn.init.zeros_(values).tolist() == [0.0, 0.0, 0.0]


class TestCoordinates:
    """The vocabulary in which TerraMind writes a place."""

    def test_writes_and_reads_a_place(self, tmp_path: Path) -> None:
        save_vocabulary(tmp_path / "config.json")
        tokenizer: Any = open_coordinate_tokenizer(tmp_path / "config.json", "")
        tokens = tokenizer.encode(torch.tensor([[-70.6, 12.3]]))["tensor"]
        assert tokenizer.decode_text({"coords": {"tensor": tokens}}) == [[-70.5, 12.25]]

    @pytest.mark.parametrize("content", ["", "{", '{"model_type": "vit", "hidden_size": 768}', "\0"])
    def test_other_files_are_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "config.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(WeightsError, match=r"config.json is no vocabulary of coordinates.*Fetch it"):
            open_coordinate_tokenizer(path, "Fetch it")

    def test_a_vocabulary_of_letters_is_refused(self, tmp_path: Path) -> None:
        save_vocabulary(path := tmp_path / "config.json")
        content = json.loads(path.read_text(encoding="utf-8"))
        content["pre_tokenizer"] = {"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": False}
        path.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(WeightsError, match="can not write a place in four tokens"):
            open_coordinate_tokenizer(path, "")
