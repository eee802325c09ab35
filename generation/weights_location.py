"""Where TerraMind's weights are: their repositories on the hub, its cache, or a flat folder with the same file names.

Nothing here loads torch or asks the network: it says which files are on this machine, which are missing, and the
lines that fetch them.
"""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from huggingface_hub import try_to_load_from_cache

from data_access.remote.hub_access import is_offline

SETTING = "PATCHWORK_TERRAMIND"
DEMO = "demo"
# Read instead of the .pt of the same name where a folder has it: it can hold nothing but tensors.
SAFE_SUFFIX = ".safetensors"


@dataclass(frozen=True)
class WeightsFile:
    """One file of the hub; `gigabytes` is its size by the number of its parameters in fp32."""

    repository: str
    name: str
    gigabytes: float

    @property
    def title(self) -> str:
        """Repository and file name, as messages say it."""
        return f"{self.repository}/{self.name}"


def _model_file(size: str, gigabytes: float) -> WeightsFile:
    return WeightsFile(f"ibm-esa-geospatial/TerraMind-1.0-{size}", f"TerraMind_v1_{size}.pt", gigabytes)


def _tokenizer_file(name: str, gigabytes: float = 1.15) -> WeightsFile:
    return WeightsFile(
        f"ibm-esa-geospatial/TerraMind-1.0-Tokenizer-{name}", f"TerraMind_Tokenizer_{name}.pt", gigabytes
    )


MODEL_FILES: Mapping[str, WeightsFile] = MappingProxyType(
    {
        "terramind_v1_tiny": _model_file("tiny", 0.21),
        "terramind_v1_small": _model_file("small", 0.50),
        "terramind_v1_base": _model_file("base", 1.50),
        "terramind_v1_large": _model_file("large", 3.77),
    }
)
# By Patchwork's name of the modality.
TOKENIZER_FILES: Mapping[str, WeightsFile] = MappingProxyType(
    {
        **{name: _tokenizer_file(name) for name in ("S2L2A", "S1GRD", "S1RTC", "DEM", "NDVI")},
        "LULC": _tokenizer_file("LULC", 0.74),
        "coordinates": WeightsFile("ibm-esa-geospatial/TerraMind-1.0-Tokenizer-Coords", "config.json", 0.001),
    }
)


@dataclass(frozen=True)
class WeightsLocation:
    """What PATCHWORK_TERRAMIND says.

    Attributes:
        kind: `cache` (unset: what the hub's cache holds), `demo` (the demo model only), `hub` (one model, fetched
            where it is not in the cache), or `folder`.
        folder: of the files, where `kind` is `folder`.
        model: the registry name, where `kind` is `hub`.
    """

    kind: Literal["cache", "demo", "hub", "folder"]
    folder: Path | None = None
    model: str = ""

    def find(self, file: WeightsFile) -> Path | None:
        """The file on this machine, or None."""
        if self.folder is not None:
            safe = self.folder / Path(file.name).with_suffix(SAFE_SUFFIX).name
            places = [self.folder / file.name] if file.name.endswith(".json") else [safe, self.folder / file.name]
            return next((place for place in places if place.is_file()), None)
        found = try_to_load_from_cache(file.repository, file.name, cache_dir=hub_cache())
        return Path(found) if isinstance(found, str) else None

    def may_fetch(self, model: str) -> bool:
        """Whether files of this model that are not here are fetched from the hub when they are needed."""
        return self.kind == "hub" and self.model == model and not is_offline()

    def cure(self, model: str, files: tuple[WeightsFile, ...]) -> str:
        """What to do so that these files of a model are found: the lines that fetch them, and the setting."""
        lines = " && ".join(self._download_line(file) for file in files)
        gigabytes = sum(file.gigabytes for file in files)
        fetch = f"Fetch {'it' if len(files) == 1 else 'them'} ({gigabytes:.1f} GB) with: {lines}"
        if self.kind == "folder":
            return f"{fetch}."
        if self.kind == "demo":
            return f"{fetch}; then unset {SETTING}."
        if self.kind == "hub" and self.model == model:
            return f"{fetch}. Or unset HF_HUB_OFFLINE, and Patchwork fetches what a run needs."
        return f"{fetch}. Or set {SETTING}={model}, and Patchwork fetches what a run needs."

    def _download_line(self, file: WeightsFile) -> str:
        where = f" --local-dir {shlex.quote(str(self.folder))}" if self.folder is not None else ""
        return f"hf download {file.repository} {file.name}{where}"


def weights_location(setting: str | None) -> WeightsLocation:
    """What the value of PATCHWORK_TERRAMIND means: unset, `demo`, a registry name, or else a folder."""
    value = (setting or "").strip()
    if not value:
        return WeightsLocation("cache")
    if value == DEMO:
        return WeightsLocation("demo")
    if value in MODEL_FILES:
        return WeightsLocation("hub", model=value)
    return WeightsLocation("folder", folder=Path(value).expanduser())


def hub_cache() -> Path:
    """The hub's cache folder, by the variables that huggingface_hub reads, but at every call."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.environ[name]).expanduser()
    home = os.environ.get("HF_HOME")
    if not home:
        home = str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(home).expanduser() / "hub"
