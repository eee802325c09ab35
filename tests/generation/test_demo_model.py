"""The embedded demo model: of terratorch's own classes, loaded tensor by tensor, refused where anything is wrong."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file, save_file  # noqa: E402 - after torch is known to be there

from errors import WeightsError  # noqa: E402
from generation.demo_model import WEIGHTS_FOLDER, build_demo_model, load_demo_model, revision_of  # noqa: E402
from generation.demo_model.sizes import OUTPUTS, TOKENIZERS  # noqa: E402
from generation.demo_model.weights import CONFIG_FILE, WEIGHTS_FILE, save_model, tensors_of  # noqa: E402
from generation.engine.terratorch_part import load_terratorch  # noqa: E402

_REPOSITORY_BYTES = 45_000_000
Network = Any  # terratorch is not typed


@pytest.fixture(scope="module")
def model() -> Network:
    return build_demo_model(seed=3)


@pytest.fixture(scope="module")
def saved(model: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save_model(model, folder, {"seed": 3})
    return folder


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """Files that a test may damage."""
    for name in (WEIGHTS_FILE, CONFIG_FILE):
        (tmp_path / name).write_bytes((saved / name).read_bytes())
    return tmp_path


def test_it_is_made_of_terratorchs_classes(model: Network) -> None:
    part = load_terratorch()
    assert type(model) is part.generation_class
    kinds = {name: type(model.tokenizer[size.token_key]) for name, size in TOKENIZERS.items()}
    diffusing = {name for name, kind in kinds.items() if kind is part.vqvae.DiVAE}
    assert diffusing == {"S2L2A", "S1GRD", "S1RTC", "NDVI"}
    assert {kind for name, kind in kinds.items() if name not in diffusing} == {part.vqvae.VQVAE}


def test_building_leaves_terratorch_as_it_was(model: Network) -> None:
    del model
    part = load_terratorch()
    assert not [name for module in (part.vit_models, part.unet) for name in vars(module) if "patchwork" in name]
    assert part.modality_info["tok_lulc@224"]["vocab_size"] == 4375
    assert part.modality_info["tok_sen2l2a@224"]["vocab_size"] == 15360


def test_building_leaves_torchs_dice_alone() -> None:
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    build_demo_model()
    assert torch.equal(torch.rand(3), expected)


def test_equal_seeds_give_equal_weights(model: Network) -> None:
    again: Network = build_demo_model(seed=3)
    other: Network = build_demo_model(seed=4)
    pairs = zip(tensors_of(model).values(), tensors_of(again).values(), strict=True)
    assert all(torch.equal(one, two) for one, two in pairs)
    assert not torch.equal(model.sampler.model.mask_token, other.sampler.model.mask_token)


def test_all_outputs_come_in_one_chained_call(model: Network) -> None:
    random.seed(1)
    with torch.no_grad():
        drawn = model({"DEM": torch.full((1, 1, 224, 224), 300.0)}, timesteps=1)
    assert {name: tuple(image.shape) for name, image in drawn.items()} == {
        name: (1, TOKENIZERS[name].channels, 224, 224) for name in OUTPUTS
    }
    assert all(torch.isfinite(image).all() for image in drawn.values())


def test_every_tensor_comes_from_the_file(saved: Path) -> None:
    loaded, held = load_demo_model(saved), load_file(saved / WEIGHTS_FILE)
    tensors = loaded.state_dict(keep_vars=True)
    assert all(torch.equal(tensors[name].half(), half) for name, half in held.items())
    filled = {tensors[name].data_ptr() for name in held}
    assert {tensor.data_ptr() for tensor in tensors.values()} == filled  # names that share memory share what is loaded
    assert not loaded.training


def test_a_truncated_file_is_refused(copy: Path) -> None:
    whole = (copy / WEIGHTS_FILE).read_bytes()
    (copy / WEIGHTS_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="fingerprint"):
        load_demo_model(copy)
    _accept_revision(copy)
    with pytest.raises(WeightsError, match="no whole safetensors file"):
        load_demo_model(copy)


@pytest.mark.parametrize("fault", ["missing", "left over", "shape", "not finite"])
def test_a_file_that_does_not_fit_is_refused(copy: Path, fault: str) -> None:
    tensors = load_file(copy / WEIGHTS_FILE)
    name = sorted(tensors)[5]
    if fault == "missing":
        del tensors[name]
    elif fault == "left over":
        tensors["another.weight"] = torch.zeros(3).half()
    elif fault == "shape":
        tensors[name] = torch.zeros(3, 5).half()
    else:
        tensors[name] = torch.full_like(tensors[name], torch.nan)
    save_file(tensors, copy / WEIGHTS_FILE)
    _accept_revision(copy)
    words = {"missing": "lacks 1", "left over": "does not, 1", "shape": r"shape \(3, 5\)", "not finite": "not finite"}
    with pytest.raises(WeightsError, match=words[fault]):
        load_demo_model(copy)


def test_a_file_of_other_sizes_is_refused(copy: Path) -> None:
    config = json.loads((copy / CONFIG_FILE).read_text(encoding="utf-8"))
    config["architecture"]["token_model"]["dim"] = 64
    (copy / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(WeightsError, match="other sizes"):
        load_demo_model(copy)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"demo_model\.json can not be read"):
        load_demo_model(tmp_path)


@pytest.mark.parametrize("words", ["", "[]", "{"])
def test_a_damaged_description_is_refused(copy: Path, words: str) -> None:
    (copy / CONFIG_FILE).write_text(words, encoding="utf-8")
    with pytest.raises(WeightsError):
        load_demo_model(copy)


def test_the_trained_weights_are_whole_and_small() -> None:
    assert len(revision_of(WEIGHTS_FOLDER)) == 64
    model: Network = load_demo_model()
    assert model.sampler.model.mask_token.abs().sum() > 0
    assert sum(path.stat().st_size for path in WEIGHTS_FOLDER.iterdir()) <= _REPOSITORY_BYTES


def _accept_revision(folder: Path) -> None:
    """Write the fingerprint of the damaged file into its description, so that the next check is reached."""
    config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    config["revision"] = revision_of(folder)
    (folder / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
