"""TerraMind's part of terratorch, loaded alone.

`import terratorch` loads lightning, torchgeo, timm and much else that TerraMind never touches: seven seconds, and
gigabytes of packages to install. Only the sub-package `terratorch.models.backbones.terramind` and the registries are
needed. So the packages above it are entered into `sys.modules` empty, without running their `__init__`. No file of
terratorch is changed. Where a program has imported the whole package already, that one is used.

`terramind/utils.py` imports torchvision for one function that TerraMind never calls. An empty stand-in takes its place
for that one import and is removed again: torchvision need not be installed, and one that does not fit the installed
torch (it raises on import) does no harm.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from errors import GenerationUnavailableError
from generation.installation import INSTALL_LINES, installation_cure, missing_packages

TERRAMIND = "terratorch.models.backbones.terramind"
# Packages above TerraMind whose __init__ would load everything else, with their folders below terratorch's.
HOLLOW_PACKAGES = {
    "terratorch": "",
    "terratorch.models": "models",
    "terratorch.models.backbones": "models/backbones",
    "terratorch.registry": "registry",
}
TORCHVISION_NAMES = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
# Imported before the stand-in exists, because diffusers decides once whether torchvision is there.
DIFFUSERS_MODULES = ("diffusers.schedulers.scheduling_utils", "diffusers.models.modeling_utils", "diffusers")

_lock = Lock()


@dataclass(frozen=True)
class TerratorchPart:
    """What the engine uses of terratorch; modules are terratorch's own."""

    version: str
    full_models: Any  # FULL_MODEL_REGISTRY: `terramind_v1_*_generate`, `terramind_v1_tokenizer_*`
    backbones: Any  # BACKBONE_REGISTRY: `terramind_v1_*`, `terramind_v1_*_tim`
    generation_class: Any  # TerraMindGeneration
    modality_info: dict[str, dict[str, Any]]  # MODALITY_INFO, shared by every model of the process
    terramind_register: ModuleType
    tokenizer_register: ModuleType
    vqvae: ModuleType
    vit_models: ModuleType
    unet: ModuleType

    def module(self, name: str) -> ModuleType:
        """Another module of the sub-package, such as `model.generate`."""
        return importlib.import_module(f"{TERRAMIND}.{name}")


@lru_cache(maxsize=1)
def load_terratorch() -> TerratorchPart:
    """TerraMind's part of terratorch, imported at the first call (about two seconds with torch).

    Raises:
        GenerationUnavailableError: a package is not installed, or the installed ones do not fit each other.
    """
    missing = missing_packages()
    if missing:
        raise GenerationUnavailableError(installation_cure(missing))
    with _lock:
        try:
            if TERRAMIND not in sys.modules:
                _import_alone()
            return _part()
        except (ImportError, AttributeError, RuntimeError) as error:  # RuntimeError: binaries of two torches
            raise GenerationUnavailableError(
                f"TerraMind can not be loaded: {error}. The installed packages do not fit each other; "
                f"install those that Patchwork was tested with: {' && '.join(INSTALL_LINES)}."
            ) from error


def _part() -> TerratorchPart:
    """The parts by name, once the sub-package is imported."""
    registry = importlib.import_module("terratorch.registry")
    parts = {
        name: importlib.import_module(f"{TERRAMIND}.{path}")
        for name, path in {
            "terramind_register": "model.terramind_register",
            "tokenizer_register": "tokenizer.tokenizer_register",
            "vqvae": "tokenizer.vqvae",
            "vit_models": "tokenizer.models.vit_models",
            "unet": "tokenizer.models.unet.unet",
        }.items()
    }
    return TerratorchPart(
        version=_installed_version(),
        full_models=registry.FULL_MODEL_REGISTRY,
        backbones=registry.BACKBONE_REGISTRY,
        generation_class=importlib.import_module(f"{TERRAMIND}.model.terramind_generation").TerraMindGeneration,
        modality_info=importlib.import_module(f"{TERRAMIND}.model.modality_info").MODALITY_INFO,
        **parts,
    )


def _import_alone() -> None:
    """Import the sub-package below hollow packages; where that fails, leave no hollow package behind."""
    if "terratorch" in sys.modules:  # the whole package, or one of its other parts
        importlib.import_module(TERRAMIND)
        return
    spec = find_spec("terratorch")
    if spec is None or spec.origin is None:
        raise ImportError("terratorch has no folder")
    for name in DIFFUSERS_MODULES:
        importlib.import_module(name)
    try:
        _enter_hollow_packages(Path(spec.origin).parent)
        with _torchvision_stand_in():
            importlib.import_module(f"{TERRAMIND}.utils")
        importlib.import_module(TERRAMIND)
    except BaseException:
        for name in [name for name in sys.modules if name.partition(".")[0] == "terratorch"]:
            del sys.modules[name]
        raise


def _enter_hollow_packages(root: Path) -> None:
    """Enter the packages above TerraMind without running them, and the registries into the one that offers them."""
    for name, folder in HOLLOW_PACKAGES.items():
        _enter(name, root / folder)
    registries = importlib.import_module("terratorch.registry.registry")
    for name in dir(registries):
        if "REGISTRY" in name or name in ("Registry", "MultiSourceRegistry"):
            setattr(sys.modules["terratorch.registry"], name, getattr(registries, name))
    # Programs that users copy from terratorch's documentation take these two from the top.
    for name in ("FULL_MODEL_REGISTRY", "BACKBONE_REGISTRY"):
        setattr(sys.modules["terratorch"], name, getattr(registries, name))


@contextmanager
def _torchvision_stand_in() -> Iterator[None]:
    """An empty torchvision for the time of one import; nothing where it is loaded already."""
    if TORCHVISION_NAMES[0] in sys.modules:
        yield
        return
    for name in TORCHVISION_NAMES:
        _enter(name, None)
    try:
        yield
    finally:
        for name in TORCHVISION_NAMES:
            del sys.modules[name]


def _enter(name: str, folder: Path | None) -> None:
    """Enter an empty package into `sys.modules` and into its parent; its sub-modules are found in `folder`."""
    module = ModuleType(name)
    module.__path__ = [] if folder is None else [str(folder)]
    module.__package__ = name
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__spec__.submodule_search_locations = list(module.__path__)
    sys.modules[name] = module
    parent, _, leaf = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], leaf, module)


def _installed_version() -> str:
    """Version of the installed terratorch, for the provenance of results."""
    try:
        return version("terratorch")
    except PackageNotFoundError:  # put on the path without being installed
        return "unknown"
