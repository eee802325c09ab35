"""TerraMind's part of terratorch is loaded alone, whatever else is or is not installed."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from errors import GenerationUnavailableError
from generation import installation
from generation.engine.terratorch_part import TORCHVISION_NAMES, load_terratorch

ROOT = Path(__file__).resolve().parents[3]
UNUSED = ("lightning", "torchgeo", "timm", "segmentation_models_pytorch", "albumentations", "kornia", "geopandas")

# torchvision is there but made for another torch, as it raises in that case
BROKEN = "raise RuntimeError('operator torchvision::nms does not exist')"
PROGRAM = """
import sys
from generation.engine.terratorch_part import load_terratorch
part = load_terratorch()
assert part is load_terratorch()
assert not [name for name in sys.modules if name.startswith("torchvision")], "the stand-in is gone"
assert not [name for name in {unused!r} if name in sys.modules]
from terratorch import BACKBONE_REGISTRY, FULL_MODEL_REGISTRY  # as programs that users copy do
from terratorch.registry import FULL_MODEL_REGISTRY as also
assert FULL_MODEL_REGISTRY is also is part.full_models
assert "terramind_v1_base_generate" in str(list(FULL_MODEL_REGISTRY))
assert "terramind_v1_tiny" in str(list(BACKBONE_REGISTRY))
print(part.version)
"""


def test_loads_alone_beside_a_torchvision_that_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision" / "__init__.py").write_text(BROKEN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(unused=UNUSED)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1.2.11"


@pytest.mark.skipif(find_spec("lightning") is not None, reason="the whole of terratorch can be imported here")
def test_the_plain_import_needs_packages_that_terramind_does_not(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import terratorch"],
        env={"PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError" in done.stderr


def test_the_parts_are_terratorchs_own() -> None:
    part = load_terratorch()
    assert part.generation_class.__name__ == "TerraMindGeneration"
    assert part.vqvae.DiVAE.__module__ == "terratorch.models.backbones.terramind.tokenizer.vqvae"
    assert hasattr(part.vit_models, "ViTEncoder")
    assert hasattr(part.unet, "PatchedUNetCondCat")
    assert hasattr(part.module("model.generate"), "GenerationSampler")
    assert "untok_sen2l2a@224" in part.modality_info
    assert TORCHVISION_NAMES[0] not in sys.modules or find_spec("torchvision") is not None


def test_missing_packages_are_named_with_the_lines_that_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "PACKAGES", ("torch", "diffusers_of_tomorrow", "einops_too"))
    with pytest.raises(GenerationUnavailableError) as raised:
        load_terratorch.__wrapped__()
    message = raised.value.message
    assert "needs diffusers_of_tomorrow, einops_too, which are not installed" in message
    assert all(line in message for line in installation.INSTALL_LINES)
