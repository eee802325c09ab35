"""A result as code: programs that run, with terratorch's own call, and give what the engine gave."""

import io
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from data_access.collections import open_dataset
from data_access.dataset import Dataset
from data_access.settings import settings
from generation.as_code import has_code, terratorch_code
from generation.installation import missing_packages
from generation.modalities import COORDINATES, MODALITIES
from generation.prepared import prepare
from generation.provenance import MENTAL_IMAGE
from generation.request import Request
from tests.generation.made import MadeResult

ADDRESS = "http://127.0.0.1:8501/api"
SAMPLE = "majortom_val_0000001"
needs_torch = pytest.mark.skipif(bool(missing_packages()), reason="torch or terratorch is not installed")


@pytest.fixture(scope="module")
def dataset(demo_collection: Path) -> Dataset:
    """The demo's TerraMesh."""
    assert demo_collection
    return open_dataset(settings(), "terramesh")


@pytest.fixture
def served(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that ask the API are answered as the API would."""

    def urlopen(address: str) -> io.BytesIO:
        sample, _, name = address.removeprefix(f"{ADDRESS}/terramesh/samples/").removesuffix(".npy").partition("/")
        buffer = io.BytesIO()
        np.save(buffer, dataset.read(sample, name)["bands"].values)
        return io.BytesIO(buffer.getvalue())

    monkeypatch.setattr("urllib.request.urlopen", urlopen)


def made(request: Request, dataset: Dataset) -> MadeResult:
    prepared = prepare(dataset, SAMPLE, request)
    return MadeResult(sample=SAMPLE, request=request, window=prepared.window, notes=prepared.notes)


def executed(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is known at the end of a program that ran in a folder of its own."""
    monkeypatch.chdir(folder)
    found: dict[str, Any] = {}
    exec(compile(program, "program.py", "exec"), found)  # noqa: S102 - our own program
    return found


@pytest.mark.usefixtures("served")
@needs_torch
def test_the_demo_program_gives_the_engines_numbers(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.generation.engine.loaded import loaded  # noqa: PLC0415 - needs torch
    from tests.generation.engine.runs import Run  # noqa: PLC0415

    monkeypatch.setattr("generation.demo_model.load_demo_model", lambda: loaded().model)
    request = Request(
        inputs=("S2L2A", "DEM"),
        outputs=("LULC", "S1RTC"),
        seeds=(0, 7),
        timesteps=2,
        decoding_steps=2,
        precision="fp32",
        window=112,
    )
    before = dict(vars(loaded().model))
    try:
        inputs = executed(
            terratorch_code(made(request, dataset), address=ADDRESS, dataset=dataset), tmp_path, monkeypatch
        )
    finally:
        vars(loaded().model).update(before)
        vars(loaded().model.sampler).pop("generate", None)
    prepared = prepare(dataset, SAMPLE, request)
    for name, array in prepared.arrays.items():
        assert np.array_equal(inputs["inputs"][name][0].numpy(), array)
    ours = Run(request, prepared.arrays).outcome()
    for row, seed in enumerate(request.seeds):
        assert np.array_equal(np.load(tmp_path / f"LULC_{seed}.npy"), ours.arrays["LULC"][row])
        theirs = np.load(tmp_path / f"S1RTC_{seed}.npy")
        assert np.ptp(theirs) > 0
        assert np.allclose(theirs, ours.arrays["S1RTC"][row], rtol=1e-4, atol=1e-3)


@pytest.mark.usefixtures("served")
@needs_torch
def test_terraminds_program_builds_and_calls_as_terratorch_wants_it(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415

    built: dict[str, Any] = {}
    scheduler = SimpleNamespace(register_to_config=lambda **values: built.update(values))

    class Model:
        def __init__(self) -> None:
            self.sampler = SimpleNamespace(generate=lambda **named: built.update(named))
            self.tokenizer = {"tok_dem@224": SimpleNamespace(noise_scheduler=scheduler), "coords": SimpleNamespace()}

        def eval(self) -> "Model":
            return self

        def __call__(self, given: dict[str, torch.Tensor], timesteps: int) -> dict[str, Any]:
            self.sampler.generate(num_tokens=196)
            built["shapes"] = {name: tuple(values.shape) for name, values in given.items()}
            built["timesteps"] = timesteps
            for values in given.values():
                values.add_(1)  # as terratorch does
            return {"DEM": next(iter(given.values()))[:, :1], "coords": [[11.0, 48.0]]}

    terratorch = ModuleType("terratorch")
    terratorch.FULL_MODEL_REGISTRY = SimpleNamespace(  # type: ignore[attr-defined]
        build=lambda name, **settings: built.update(name=name, **settings) or Model()
    )
    monkeypatch.setitem(sys.modules, "terratorch", terratorch)
    request = Request(
        model="terramind_v1_base",
        inputs=("S2L2A", "S2RGB", COORDINATES),
        outputs=("DEM", "NDVI"),
        clipped=False,
        decoding_steps=4,
        seeds=(1, 2),
        window=256,
    )
    found = executed(terratorch_code(made(request, dataset), address=ADDRESS, dataset=dataset), tmp_path, monkeypatch)
    assert built["name"] == "terramind_v1_base_generate"
    assert built["modalities"] == ["S2L2A", "RGB", "coords"]
    assert built["output_modalities"] == ["DEM", "NDVI"]
    assert (built["pretrained"], built["standardize"]) == (True, True)
    assert (built["decoding_steps"], built["temps"], built["top_p"], built["top_k"]) == (4, 1.0, 0.8, 0)
    assert (built["thresholding"], built["clip_sample"], built["num_tokens"]) == (False, False, None)
    assert built["shapes"] == {"S2L2A": (1, 12, 256, 256), "RGB": (1, 3, 256, 256), "coords": (1, 2)}
    prepared = prepare(dataset, SAMPLE, request)
    for name, array in prepared.arrays.items():  # also after two calls that change what they are given
        assert np.array_equal(found["inputs"][MODALITIES[name].terramind_name][0].numpy(), array)
    assert sorted(path.name for path in tmp_path.glob("*.npy")) == [
        "DEM_1.npy",
        "DEM_2.npy",
        "coords_1.npy",
        "coords_2.npy",
    ]


def test_every_program_compiles_and_says_what_its_picture_is_not(dataset: Dataset) -> None:
    for fields in (
        {"window": 0},
        {"precision": "bf16"},
        {"inputs": ("LULC", "NDVI"), "outputs": ("S2L2A", COORDINATES)},
        {"model": "terramind_v1_large", "temperature": 0.0, "top_k": 5},
    ):
        request = Request(**({"inputs": ("S2L2A",), "outputs": ("S1RTC",)} | fields))
        program = terratorch_code(made(request, dataset), address=ADDRESS, dataset=dataset)
        compile(program, "program.py", "exec")
        assert MENTAL_IMAGE in program
        assert ("tiles" in program) == (request.window == 0)
        assert ("bf16" in program) == (request.precision == "bf16")
    place = MadeResult(
        dataset="", sample=None, given=(11.5, 48.0), request=Request(inputs=(COORDINATES,), outputs=("DEM",))
    )
    program = terratorch_code(place, address=ADDRESS, dataset=None)
    assert "urllib" not in program
    assert "[[11.5, 48.0]]" in program
    compile(program, "program.py", "exec")


def test_only_what_terratorch_generates_has_code() -> None:
    request = Request(inputs=("S2L2A",), outputs=("DEM",))
    assert has_code(MadeResult(request=request))
    assert not has_code(MadeResult(request=replace(request, kind="embed")))
