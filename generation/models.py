"""The models that can generate, which of them can run here, and what is missing where they can not.

Looks at packages and files without loading either: the app's process answers this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from data_access.settings import REPOSITORY_ROOT, Settings
from generation.installation import installation_cure, missing_packages
from generation.modalities import INPUTS, MODALITIES, OUTPUTS
from generation.weights_location import (
    DEMO,
    MODEL_FILES,
    SETTING,
    TOKENIZER_FILES,
    WeightsFile,
    WeightsLocation,
    weights_location,
)

# Named here as well as in `demo_model/weights.py`, which can not be imported without torch; a test compares them.
DEMO_WEIGHTS = Path(__file__).parent / "demo_model" / "weights" / "demo_model.safetensors"
DEMO_MODALITIES = ("S2L2A", "S1GRD", "S1RTC", "DEM", "LULC", "NDVI")

_DEMO_WEIGHTS_IN_REPOSITORY = DEMO_WEIGHTS.relative_to(REPOSITORY_ROOT).as_posix()


@dataclass(frozen=True)
class Model:
    """A model by the name that requests give; `parameters` counts the token model, without tokenizers."""

    name: str
    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    synthetic: bool  # knows the synthetic demo collection only
    parameters: int

    @property
    def clips(self) -> bool:
        """Whether its diffusion is published with a clipped range; the demo model was trained without."""
        return not self.synthetic


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        DEMO: Model(DEMO, "Demo model", DEMO_MODALITIES, DEMO_MODALITIES, synthetic=True, parameters=6_750_000),
        **{
            name: Model(name, title, INPUTS, OUTPUTS, synthetic=False, parameters=parameters)
            for name, title, parameters in (
                ("terramind_v1_tiny", "TerraMind tiny", 52_000_000),
                ("terramind_v1_small", "TerraMind small", 124_000_000),
                ("terramind_v1_base", "TerraMind base", 376_000_000),
                ("terramind_v1_large", "TerraMind large", 942_000_000),
            )
        },
    }
)


@dataclass(frozen=True)
class ModelState:
    """Whether a model can run here, and with which modalities.

    Attributes:
        model: which.
        ready: a run can start, with every modality that is not in `modalities_missing`.
        missing: titles of files that are not on this machine, whether or not they will be fetched.
        fetched: those files are fetched from the hub when a run needs them.
        cure: what to do where the model or a modality is missing; empty where nothing is.
        modalities_missing: by modality, the title of the tokenizer's file that is not here and will not be fetched.
            Such a modality can not be generated, and LULC, NDVI and coordinates can not be inputs either.
    """

    model: Model
    ready: bool
    missing: tuple[str, ...] = ()
    fetched: bool = False
    cure: str = ""
    modalities_missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Inputs that this machine has the files for."""
        return tuple(
            name
            for name in self.model.inputs
            if name not in self.modalities_missing or not MODALITIES[name].needs_tokenizer_as_input
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs that this machine has the files for."""
        return tuple(name for name in self.model.outputs if name not in self.modalities_missing)


def states(settings: Settings) -> tuple[ModelState, ...]:
    """The state of every model, in the order of MODELS."""
    packages = missing_packages()
    if packages:
        cure = installation_cure(packages)
        return tuple(ModelState(model, ready=False, missing=packages, cure=cure) for model in MODELS.values())
    location = weights_location(settings.terramind)
    return tuple(
        _demo_state(model, location) if model.synthetic else _state(model, location) for model in MODELS.values()
    )


def demo_folder(location: WeightsLocation) -> Path:
    """Where the demo model's weights are: the folder that the setting names where it has some, else the repository."""
    own = location.folder
    return own if own is not None and (own / DEMO_WEIGHTS.name).is_file() else DEMO_WEIGHTS.parent


def usable(model: Model, *, dataset_is_demo: bool) -> str:
    """Why a model must not be used on a data set: a sentence, or "" where it may."""
    if model.synthetic and not dataset_is_demo:
        return (
            f"{model.title} was trained on drawn scenes and knows the synthetic demo collection only; "
            f"on observations it would invent. Choose one of TerraMind's own models."
        )
    return ""


def _demo_state(model: Model, location: WeightsLocation) -> ModelState:
    """The state of the demo model, whose weights lie in the repository."""
    if (demo_folder(location) / DEMO_WEIGHTS.name).is_file():
        return ModelState(model, ready=True)
    lost = f"{_DEMO_WEIGHTS_IN_REPOSITORY} is missing."
    cure = f"{lost} Restore it from the repository, or make it with: python -m demo.train_model"
    return ModelState(model, ready=False, missing=(DEMO_WEIGHTS.name,), cure=f"{cure}.")


def _state(model: Model, location: WeightsLocation) -> ModelState:
    """The state of one of TerraMind's own models."""
    if location.kind == "demo":
        return ModelState(
            model, ready=False, cure=f"{SETTING} is {DEMO}: TerraMind's own weights are not looked for. Unset it."
        )
    if location.folder is not None and not location.folder.is_dir():
        return ModelState(
            model,
            ready=False,
            missing=(MODEL_FILES[model.name].title,),
            cure=f"{SETTING} is {str(location.folder)!r}: there is no such folder. Set it to demo, one of "
            f"{', '.join(MODEL_FILES)}, or a folder that holds files such as {MODEL_FILES[model.name].name}.",
        )
    own = MODEL_FILES[model.name]
    tokenizers = {name: file for name, file in TOKENIZER_FILES.items() if location.find(file) is None}
    absent: tuple[WeightsFile, ...] = (*(() if location.find(own) else (own,)), *tokenizers.values())
    fetched = bool(absent) and location.may_fetch(model.name)
    if fetched or not absent:
        return ModelState(model, ready=True, missing=tuple(file.title for file in absent), fetched=fetched)
    return ModelState(
        model,
        ready=own not in absent and len(tokenizers) < len(TOKENIZER_FILES),
        missing=tuple(file.title for file in absent),
        cure=location.cure(model.name, absent),
        modalities_missing={name: file.title for name, file in tokenizers.items()},
    )
