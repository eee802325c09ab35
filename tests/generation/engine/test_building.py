"""Weights of the true shapes reach the model from a folder, the hub's cache and the hub, tensor by tensor."""

import pickle
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import save_file
from torch import nn

from errors import AccessDeniedError, GenerationUnavailableError, ModalityMissingError, RemoteError, WeightsError
from generation.engine import fetching
from generation.engine.building import choose_device, load_model
from generation.engine.resident import Resident
from generation.engine.skeleton import WithoutRandomWeights
from generation.engine.terratorch_part import load_terratorch
from generation.events import Loading
from generation.modalities import OUTPUTS
from generation.models import DEMO_WEIGHTS, MODELS
from generation.weights_location import MODEL_FILES, TOKENIZER_FILES, WeightsLocation, weights_location
from tests.generation.engine.true_weights import as_hub_cache
from tests.loopback_hub import LoopbackHub, loopback_hub

TINY = "terramind_v1_tiny"
FLAT = {"LULC": "tok_lulc@224", "NDVI": "tok_ndvi@224"}


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, and a hub that must not be asked; returns the cache."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@contextmanager
def hub_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with loopback_hub(folder) as hub:
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def tokenizer_of(resident: Resident, key: str) -> nn.Module:
    model: Any = resident.model
    tokenizer: nn.Module = model.tokenizer[key]
    return tokenizer


def assert_tensors_are(module: nn.Module, path: Path, *, but: tuple[str, ...] = ()) -> None:
    """Every tensor of a module is the file's, under its name, and none of the file's is left out but those named."""
    held = torch.load(path, weights_only=True)
    state = module.state_dict()
    assert state.keys() == {name for name in held if name.partition(".")[0] not in but}
    for name, value in state.items():
        assert value.dtype == torch.float32
        assert torch.equal(value, held[name]), name


def assert_all_loaded(resident: Resident, folder: Path) -> None:
    model: Any = resident.model
    assert_tensors_are(model.sampler.model, folder / MODEL_FILES[TINY].name)
    generates_only, tokenises_only = tokenizer_of(resident, "tok_lulc@224"), tokenizer_of(resident, "tok_ndvi@224")
    lulc, ndvi = (folder / TOKENIZER_FILES[name].name for name in ("LULC", "NDVI"))
    assert_tensors_are(generates_only, lulc, but=("encoder", "quant_proj"))
    assert_tensors_are(tokenises_only, ndvi, but=("decoder",))
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert not any(module.training for module in model.modules())


def loaded(location: WeightsLocation, told: list[Loading] | None = None, memory: Path | None = None) -> Resident:
    tell = None if told is None else told.append
    inputs, outputs = ("S2L2A", "NDVI"), ("LULC", "coordinates")
    return load_model(TINY, inputs, outputs, location=location, device="cpu", memory=memory, tell=tell)


def test_from_a_flat_folder(true_folder: Path, no_hub: Path) -> None:
    resident = loaded(weights_location(str(true_folder)))
    assert_all_loaded(resident, true_folder)
    assert not no_hub.exists()
    files = resident.files(("S2L2A",), ("LULC",))
    assert files.keys() == {"TerraMind_v1_tiny.pt", "TerraMind_Tokenizer_LULC.pt"}
    assert files["TerraMind_v1_tiny.pt"] == resident.revision
    assert len(resident.revision) == 64


@pytest.mark.parametrize("setting", [None, TINY])
def test_from_the_hubs_cache_offline(true_folder: Path, no_hub: Path, tmp_path: Path, setting: str | None) -> None:
    as_hub_cache(true_folder, no_hub)
    resident = loaded(weights_location(setting), memory=tmp_path / "memory")
    assert_all_loaded(resident, true_folder)
    assert resident.revisions == loaded(weights_location(str(true_folder))).revisions


def test_from_the_hub(true_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Loading] = []
    with hub_of(true_folder, monkeypatch) as hub:
        resident = loaded(weights_location(TINY), told)
        assert hub.asked("TerraMind-1.0-Tokenizer-LULC/resolve/main/TerraMind_Tokenizer_LULC.pt")
        assert not hub.asked("S1GRD")
        hub.forget()
        loaded(weights_location(TINY))
        assert not hub.log, "what is in the cache is not asked for again"
    assert_all_loaded(resident, true_folder)
    fetched = [event for event in told if event.what == "Fetching TerraMind_v1_tiny.pt"]
    size = (true_folder / "TerraMind_v1_tiny.pt").stat().st_size
    assert fetched[-1].done == fetched[-1].total == size
    assert told[-1] == Loading("Loading TerraMind_v1_tiny.pt", 1, 1) or told[-1].done == told[-1].total


def test_a_hub_that_fails_and_one_that_refuses(
    true_folder: Path, no_hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub_of(true_folder, monkeypatch) as hub:
        hub.token = "secret"  # noqa: S105 - of the loopback hub
        with pytest.raises(AccessDeniedError, match=r"TerraMind_v1_tiny.pt can not be .*HF_TOKEN.*hf download"):
            loaded(weights_location(TINY))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")

    def unreachable(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("as the hub's client says after its tries")

    monkeypatch.setattr(fetching, "hf_hub_download", unreachable)
    with pytest.raises(RemoteError, match=r"TerraMind_v1_tiny.pt can not be fetched.*hf download") as raised:
        loaded(weights_location(TINY))
    assert raised.value.retryable
    assert not list(no_hub.glob("**/*.pt"))


def test_missing_files_are_named_with_the_line_that_fetches_them(true_folder: Path) -> None:
    for setting in (None, TINY, str(true_folder.parent)):
        with pytest.raises(
            WeightsError, match=f"TerraMind_v1_tiny.pt is not on this machine.*hf download.*{TINY[-4:]}"
        ):
            loaded(weights_location(setting))
    resident = loaded(weights_location(str(true_folder)))
    with pytest.raises(WeightsError, match=r"Tokenizer_DEM.pt is not on this machine.*--local-dir"):
        resident.ensure((), ("DEM",))
    assert "S1RTC" in OUTPUTS
    resident.ensure(("S1RTC", "DEM"), ("LULC",))  # as inputs they need no tokenizer


def test_safetensors_are_read_in_place_of_the_pt(true_folder: Path, tmp_path: Path) -> None:
    held = torch.load(true_folder / "TerraMind_v1_tiny.pt", weights_only=True)
    save_file({name: value.clone() for name, value in held.items()}, tmp_path / "TerraMind_v1_tiny.safetensors")
    resident = load_model(TINY, location=weights_location(str(tmp_path)), device="cpu")
    model: Any = resident.model
    assert_tensors_are(model.sampler.model, true_folder / "TerraMind_v1_tiny.pt")


def test_every_tensor_is_what_terratorch_itself_loads(true_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = load_terratorch()
    for register in (part.terramind_register, part.tokenizer_register):
        monkeypatch.setattr(register, "hf_hub_download", lambda **asked: str(true_folder / asked["filename"]))
    with WithoutRandomWeights():
        theirs = part.terramind_register.terramind_v1_tiny_generate(
            modalities=["S2L2A", "NDVI"], output_modalities=["coords", "LULC"], pretrained=True
        )
    resident = loaded(weights_location(str(true_folder)))
    ours = resident.model.state_dict()
    expected = theirs.state_dict()
    assert len(expected) > 500
    halves = ("tokenizer.tok_lulc@224.encoder", "tokenizer.tok_lulc@224.quant_proj", "tokenizer.tok_ndvi@224.decoder")
    for name, value in expected.items():
        if not name.startswith(halves):
            assert torch.equal(ours[name], value), name


class TestTrapsOfLoading:
    """What a call of terratorch as one would write it does wrong, and what is done here."""

    def test_a_checkpoint_path_leaves_random_weights(self, true_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        register = load_terratorch().terramind_register
        monkeypatch.setitem(register.tokenizer_dict, "v1", {})
        path = true_folder / "TerraMind_v1_tiny.pt"
        key = "encoder.0.attn.qkv.weight"
        published = torch.load(path, weights_only=True)[key]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            naive = register.terramind_v1_tiny_generate(
                modalities=["S2L2A"], output_modalities=["LULC"], ckpt_path=str(path)
            )
        assert not torch.equal(naive.state_dict()[f"sampler.model.{key}"], published)
        ours = loaded(weights_location(str(true_folder)))
        assert torch.equal(ours.model.state_dict()[f"sampler.model.{key}"], published)

    def test_tensors_that_are_missing_stay_random(
        self, true_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held = torch.load(true_folder / "TerraMind_v1_tiny.pt", weights_only=True)
        del held["encoder.5.mlp.fc1.weight"]
        torch.save(held, tmp_path / "TerraMind_v1_tiny.pt")
        register = load_terratorch().terramind_register
        monkeypatch.setitem(register.tokenizer_dict, "v1", {})
        monkeypatch.setattr(register, "hf_hub_download", lambda **_: str(tmp_path / "TerraMind_v1_tiny.pt"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            naive = register.terramind_v1_tiny_generate(  # goes on
                modalities=["S2L2A"], output_modalities=["LULC"], pretrained=True
            )
        assert naive is not None
        with pytest.raises(WeightsError, match=r"TerraMind_v1_tiny.pt lacks 1 tensors, such as encoder.5.mlp.fc1"):
            loaded(weights_location(str(tmp_path)))


class RunsCode:
    """An object whose pickle makes a file when it is read."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")


class TestWrongFiles:
    """A file that is not the one that is needed is refused by name, with its reason and the cure."""

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS pointer"),
            (b"\n<!DOCTYPE html><html><title>Sign in</title>", "web page"),
            (b'{"error":"Repository not found"}', "JSON"),
            (b"hello", "no checkpoint: it begins with b'hello'"),
            (b"PK\x03\x04" + bytes(5000), "truncated: its 5,004 bytes"),
        ],
    )
    def test_that_is_no_checkpoint(self, tmp_path: Path, content: bytes, reason: str) -> None:
        (tmp_path / "TerraMind_v1_tiny.pt").write_bytes(content)
        with pytest.raises(WeightsError, match=rf"TerraMind_v1_tiny.pt .*{reason}.*hf download"):
            loaded(weights_location(str(tmp_path)))

    @pytest.mark.parametrize("save", [torch.save, lambda what, path: path.write_bytes(pickle.dumps(what))])
    def test_that_would_run_code(self, tmp_path: Path, save: Callable[[object, Path], object]) -> None:
        mark = tmp_path / "ran"
        save({"encoder.0.attn.qkv.weight": RunsCode(str(mark))}, tmp_path / "TerraMind_v1_tiny.pt")
        with pytest.raises(WeightsError, match=r"TerraMind_v1_tiny.pt holds more than tensors.*not opened"):
            loaded(weights_location(str(tmp_path)))
        assert not mark.exists()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ({"state_dict": {"a": torch.zeros(1)}, "epoch": 3}, "checkpoint of a training run"),
            ([torch.zeros(1)], "no tensors by name"),
            ({}, "no tensors by name"),
            ({"decoder_norm.weight": torch.full((192,), float("nan"))}, "lacks"),
            ({"decoder_norm.weight": torch.zeros(192, dtype=torch.int32)}, "holds decoder_norm.weight as torch.int32"),
            ({"something.else": torch.zeros(1)}, "lacks"),
        ],
    )
    def test_that_holds_something_else(self, tmp_path: Path, content: object, reason: str) -> None:
        torch.save(content, tmp_path / "TerraMind_v1_tiny.pt")
        with pytest.raises(WeightsError, match=rf"TerraMind_v1_tiny.pt .*{reason}.*hf download"):
            loaded(weights_location(str(tmp_path)))

    def test_partial_download(self, true_folder: Path, tmp_path: Path) -> None:
        whole = (true_folder / "TerraMind_v1_tiny.pt").read_bytes()
        (tmp_path / "TerraMind_v1_tiny.pt").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(WeightsError, match="is truncated"):
            loaded(weights_location(str(tmp_path)))

    def test_a_flipped_bit(self, true_folder: Path, tmp_path: Path) -> None:
        content = bytearray((true_folder / "TerraMind_v1_tiny.pt").read_bytes())
        content[len(content) // 2] ^= 1
        (tmp_path / "TerraMind_v1_tiny.pt").write_bytes(content)
        with pytest.raises(WeightsError, match=r"TerraMind_v1_tiny.pt is damaged: the checksum.*hf download"):
            loaded(weights_location(str(tmp_path)))

    def test_a_flipped_bit_in_the_hubs_cache(self, true_folder: Path, tmp_path: Path, no_hub: Path) -> None:
        flat = tmp_path / "flat"
        flat.mkdir()
        (flat / "TerraMind_v1_tiny.pt").write_bytes((true_folder / "TerraMind_v1_tiny.pt").read_bytes())
        as_hub_cache(flat, no_hub)
        with next(no_hub.glob("*/blobs/*")).open("r+b") as file:
            file.seek(1_000_000)
            file.write(b"\0\1\2\3")
        with pytest.raises(WeightsError, match="is damaged: its content is not what the hub sent"):
            loaded(weights_location(None))

    def test_another_size_of_the_model(self, true_folder: Path, tmp_path: Path) -> None:
        (tmp_path / "TerraMind_v1_small.pt").hardlink_to(true_folder / "TerraMind_v1_tiny.pt")
        with pytest.raises(WeightsError, match=r"TerraMind_v1_small.pt is of another model: .* shape"):
            load_model("terramind_v1_small", location=weights_location(str(tmp_path)), device="cpu")

    def test_another_tokenizer(self, true_folder: Path, tmp_path: Path) -> None:
        (tmp_path / "TerraMind_v1_tiny.pt").hardlink_to(true_folder / "TerraMind_v1_tiny.pt")
        (tmp_path / "TerraMind_Tokenizer_S1GRD.pt").hardlink_to(true_folder / "TerraMind_Tokenizer_NDVI.pt")
        with pytest.raises(WeightsError, match=r"Tokenizer_S1GRD.pt is of another model.*shape"):
            load_model(TINY, ("S2L2A",), ("S1GRD",), location=weights_location(str(tmp_path)), device="cpu")

    def test_a_file_that_holds_everything_around_the_model(self, true_folder: Path, tmp_path: Path) -> None:
        resident = loaded(weights_location(str(true_folder)))
        torch.save(resident.model.state_dict(), tmp_path / "TerraMind_v1_tiny.pt")
        with pytest.raises(WeightsError, match="holds a model with everything around it"):
            loaded(weights_location(str(tmp_path)))

    def test_a_vocabulary_of_something_else(self, true_folder: Path, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
        resident = loaded(weights_location(str(true_folder)))
        assert resident.tokenizers is not None
        resident.tokenizers.path_of = lambda _name, _tell: tmp_path / "config.json"
        resident.tokenizers._halves.clear()
        with pytest.raises(WeightsError, match=r"config.json is no vocabulary of coordinates.*hf download"):
            resident.tokenizers.ensure("coordinates", {"encodes"})


def test_a_checkpoint_without_an_embedding_serves_the_rest(true_folder: Path, tmp_path: Path) -> None:
    held = torch.load(true_folder / "TerraMind_v1_tiny.pt", weights_only=True)
    without = {name: value for name, value in held.items() if not name.startswith("encoder_embeddings.coords.")}
    torch.save(
        {**without, "encoder_embeddings.caption.mod_emb": torch.zeros(3), "extra": torch.zeros(1)},
        tmp_path / "TerraMind_v1_tiny.pt",
    )
    resident = load_model(TINY, location=weights_location(str(tmp_path)), device="cpu")
    assert resident.embeddings_missing == {"encoder_embeddings.coords"}
    resident.ensure(("S2L2A",), ())
    with pytest.raises(WeightsError, match=r"has no encoder_embeddings.coords, which this run needs"):
        resident.ensure(("coordinates",), ())


def test_halves_are_loaded_when_they_are_needed_and_kept(true_folder: Path) -> None:
    resident = loaded(weights_location(str(true_folder)))
    first = tokenizer_of(resident, "tok_lulc@224")
    assert not hasattr(first, "encoder")
    resident.ensure(("S2L2A", "DEM"), ("LULC",))
    assert tokenizer_of(resident, "tok_lulc@224") is first
    resident.ensure(("LULC",), ("coordinates",))
    both = tokenizer_of(resident, "tok_lulc@224")
    assert_tensors_are(both, true_folder / "TerraMind_Tokenizer_LULC.pt")
    resident.ensure_encoder("LULC")
    assert tokenizer_of(resident, "tok_lulc@224") is both
    assert not hasattr(tokenizer_of(resident, "tok_ndvi@224"), "decoder")
    with pytest.raises(ModalityMissingError, match="no tokenizer of S2L1C"):
        resident.ensure_encoder("S2L1C")


def test_what_a_model_does_not_know_is_refused(true_folder: Path) -> None:
    here = weights_location(str(true_folder))
    with pytest.raises(ModalityMissingError, match="TerraMind tiny does not generate 'S2RGB'"):
        load_model(TINY, ("S2L2A",), ("S2RGB",), location=here)
    with pytest.raises(ModalityMissingError, match="does not take 'caption'"):
        load_model(TINY, ("caption",), (), location=here)
    with pytest.raises(GenerationUnavailableError, match="no model 'terramind_v2'"):
        load_model("terramind_v2", location=here)


def test_devices() -> None:
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device("auto").type == ("cuda" if torch.cuda.is_available() else choose_device("auto").type)
    with pytest.raises(GenerationUnavailableError, match="PATCHWORK_TERRAMIND_DEVICE is 'tpu'"):
        choose_device("tpu")


def test_the_demo_model_comes_from_its_folder(tmp_path: Path) -> None:
    from generation.demo_model import build_demo_model  # noqa: PLC0415
    from generation.demo_model.weights import save_model  # noqa: PLC0415

    made = build_demo_model(seed=3)
    token_model: Any = made.sampler
    parameters = sum(parameter.numel() for parameter in token_model.model.parameters())
    assert parameters == pytest.approx(MODELS["demo"].parameters, rel=0.25)
    save_model(made, tmp_path, {})
    resident = load_model("demo", ("S2L2A",), ("LULC",), location=weights_location(str(tmp_path)), device="cpu")
    expected = made.state_dict()
    for name, value in resident.model.state_dict().items():
        assert torch.equal(value, expected[name].half().float()), name
    assert resident.revisions == {DEMO_WEIGHTS.name: resident.revision}
    with pytest.raises(ModalityMissingError, match="Demo model does not generate 'coordinates'"):
        resident.ensure(("S2L2A",), ("coordinates",))
