"""Which models can run here, in words that a user can act on, without loading torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from data_access.settings import load_settings
from generation import installation, models
from generation.models import DEMO_WEIGHTS, MODELS, ModelState, states, usable
from generation.weights_location import MODEL_FILES, TOKENIZER_FILES

ROOT = Path(__file__).resolve().parents[2]
REAL = tuple(MODEL_FILES)


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages installed, an empty cache of the hub, a folder with the demo's weights."""
    monkeypatch.setattr(models, "missing_packages", lambda: ())
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    (tmp_path / DEMO_WEIGHTS.name).touch()
    monkeypatch.setattr(models, "DEMO_WEIGHTS", tmp_path / DEMO_WEIGHTS.name)


def state_of(name: str, setting: str | None) -> ModelState:
    settings = load_settings().model_copy(update={"terramind": setting})
    found = {state.model.name: state for state in states(settings)}
    assert list(found) == list(MODELS)
    return found[name]


def test_the_demo_is_always_ready_where_its_weights_are(tmp_path: Path) -> None:
    for setting in (None, "demo", "terramind_v1_tiny", "/nowhere"):
        state = state_of("demo", setting)
        assert state == ModelState(MODELS["demo"], ready=True)
        assert state.inputs == state.outputs == MODELS["demo"].outputs
    (tmp_path / DEMO_WEIGHTS.name).unlink()
    state = state_of("demo", None)
    assert not state.ready
    name = "generation/demo_model/weights/demo_model.safetensors"
    assert state.cure.startswith(f"{name} is missing. Restore it from the repository")  # no path of this machine
    own = tmp_path / "own"
    own.mkdir()
    (own / DEMO_WEIGHTS.name).touch()
    assert state_of("demo", str(own)).ready


@pytest.mark.parametrize("name", REAL)
def test_without_files_nothing_is_ready_and_the_cure_says_how(name: str) -> None:
    state = state_of(name, None)
    assert not state.ready
    assert not state.fetched
    assert state.missing[0] == MODEL_FILES[name].title
    assert len(state.missing) == 1 + len(TOKENIZER_FILES)
    assert f"hf download {MODEL_FILES[name].repository} {MODEL_FILES[name].name}" in state.cure
    assert f"set PATCHWORK_TERRAMIND={name}" in state.cure
    assert state.outputs == ()
    assert state.inputs == ("S2L2A", "S2L1C", "S2RGB", "S1GRD", "S1RTC", "DEM")


def test_a_registry_name_is_fetched_unless_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of("terramind_v1_base", "terramind_v1_base")
    assert (state.ready, state.fetched, state.cure) == (True, True, "")
    assert state.outputs == MODELS["terramind_v1_base"].outputs
    assert MODEL_FILES["terramind_v1_base"].title in state.missing
    assert not state_of("terramind_v1_tiny", "terramind_v1_base").ready
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    state = state_of("terramind_v1_base", "terramind_v1_base")
    assert not state.ready
    assert "unset HF_HUB_OFFLINE" in state.cure


def test_a_folder_offers_what_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "flat"
    folder.mkdir()
    for file in (MODEL_FILES["terramind_v1_tiny"], TOKENIZER_FILES["LULC"], TOKENIZER_FILES["DEM"]):
        (folder / file.name).touch()
    state = state_of("terramind_v1_tiny", str(folder))
    assert state.ready
    assert state.outputs == ("DEM", "LULC")
    assert state.inputs == ("S2L2A", "S2L1C", "S2RGB", "S1GRD", "S1RTC", "DEM", "LULC")
    assert state.modalities_missing["NDVI"] == TOKENIZER_FILES["NDVI"].title
    assert "TerraMind_Tokenizer_NDVI.pt --local-dir" in state.cure
    assert not state_of("terramind_v1_base", str(folder)).ready
    for file in TOKENIZER_FILES.values():
        (folder / file.name).touch()
    assert state_of("terramind_v1_tiny", str(folder)) == ModelState(MODELS["terramind_v1_tiny"], ready=True)


@pytest.mark.parametrize(("setting", "words"), [("/nowhere", "there is no such folder"), ("demo", "Unset it")])
def test_settings_that_leave_terramind_out_say_so(setting: str, words: str) -> None:
    state = state_of("terramind_v1_base", setting)
    assert not state.ready
    assert setting in state.cure
    assert words in state.cure


def test_missing_packages_leave_every_model_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "missing_packages", lambda: ("torch",))
    for state in states(load_settings()):
        assert not state.ready
        assert state.missing == ("torch",)
        assert "needs torch, which is not installed" in state.cure
        assert installation.INSTALL_LINES[0] in state.cure


def test_the_demo_serves_the_demo_collection_only() -> None:
    assert "synthetic demo collection only" in usable(MODELS["demo"], dataset_is_demo=False)
    assert usable(MODELS["demo"], dataset_is_demo=True) == ""
    for name in REAL:
        assert usable(MODELS[name], dataset_is_demo=False) == usable(MODELS[name], dataset_is_demo=True) == ""


PROGRAM = """
import sys
BLOCKED = {"torch", "terratorch", "diffusers", "einops", "tokenizers"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
import importlib
from pathlib import Path
from data_access.settings import load_settings
from generation.models import states

heavy = ("generation/engine", "generation/demo_model", "generation/worker.py")
for path in sorted(Path("generation").rglob("*.py")):
    if not str(path).startswith(heavy):
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
for state in states(load_settings()):
    print(state.model.name, state.ready, *state.missing)
"""


def test_everything_but_the_engine_works_where_torch_is_not_installed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    missing = "torch einops diffusers tokenizers terratorch"
    assert done.stdout.splitlines() == [f"{name} False {missing}" for name in MODELS]
