"""Where a generated result comes from and what it is not, told the same way in page, JSON, GeoTIFF, Zarr and code.

A result without this is a picture of a place that nobody photographed: whoever finds the file must be able to tell.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.dataset import CollectionInfo, Licence
from data_access.terramesh.licence import TERRAMESH_LICENCE
from data_access.version import VERSION
from generation.models import MODELS
from generation.prepared import Window
from generation.request import RECONSTRUCT, Request, real_steps

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

MENTAL_IMAGE = "mental image, not a reconstruction"
EXPLANATION = (
    "What TerraMind imagines from the inputs: plausible, never observed. It must not be used as a measurement of the "
    "place."
)
SYNTHETIC = "made by a program for demonstration; neither an observation nor TerraMind's own weights"
MODEL_LICENCE = "Apache-2.0"  # of TerraMind's published weights and of terratorch
SHARE_ALIKE = "A result made of these data is derived from them: their licence goes with it."
RECONSTRUCTION = "tokenizer reconstruction of the real image"
RECONSTRUCTION_EXPLANATION = (
    "The real picture, written as TerraMind's tokens and read again, with no token guessed. What the tokens do not "
    "keep its decoder fills in: it must not be used as a measurement of the place either."
)
_CLIPPED = "as published: clipped to one standard deviation around each band's mean, as terratorch's scheduler does"
_UNCLIPPED = "unclipped: the scheduler's clipping to one standard deviation is switched off"
_NEVER_CLIPPED = "unclipped: this model was trained without clipping, and has none"
_PACKAGES = ("torch", "terratorch", "diffusers", "numpy")
_LICENCES: Mapping[str, Licence] = {"terramesh": TERRAMESH_LICENCE, "bigearthnet": BIGEARTHNET_LICENCE}


class Made(Protocol):
    """What has to be known of a result. The results that the app keeps have it, and so do those of a batch run."""

    @property
    def dataset(self) -> str:
        """Name of the data set; empty where the result was made of a coordinate alone."""

    @property
    def sample(self) -> str | None:
        """Id of the sample, None where it was made of a coordinate alone."""

    @property
    def revision(self) -> str:
        """Of the collection that the sample is from."""

    @property
    def request(self) -> Request:
        """What was asked."""

    @property
    def window(self) -> Window | None:
        """The part of the sample that the model saw."""

    @property
    def given(self) -> tuple[float, float] | None:
        """Longitude and latitude that stood for a sample."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the engine tells of the run, such as `device`, `precision` and `software`."""

    @property
    def notes(self) -> Sequence[str]:
        """What was done to the inputs before the model saw them, in sentences."""

    @property
    def model_revision(self) -> str:
        """Which weights they were."""

    @property
    def made_at(self) -> str:
        """When, as ISO 8601 in UTC; empty in batch runs, whose files do not depend on the day."""


def provenance(result: Made, *, info: CollectionInfo | None = None) -> dict[str, JSON]:
    """Everything that someone who finds the result alone must know; keys in the order in which a page shows them.

    Args:
        result: what was made.
        info: the sample's collection, where it is open: its licence, and whether it is synthetic, are exact then.
    """
    request = result.request
    return {
        "notice": notice(request.kind),
        "explanation": RECONSTRUCTION_EXPLANATION if request.kind == RECONSTRUCT else EXPLANATION,
        **_model(result, info),
        **_inputs(result),
        "kind": request.kind,
        "outputs": [*request.outputs],
        "timesteps": request.timesteps,
        "steps": real_steps(request.timesteps),
        "seeds": [*request.seeds],
        "decoding_steps": request.decoding_steps,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "value_range": value_range(request.model, clipped=request.clipped),
        "precision": str(result.facts.get("precision", request.precision)),
        "device": str(result.facts.get("device", "")),
        **_licences(result, info),
        "made_at": result.made_at,
        "software": {**result.facts.get("software", software_versions())},
    }


def notice(kind: str) -> str:
    """What the pictures of a kind of run are, and what they are not."""
    return RECONSTRUCTION if kind == RECONSTRUCT else MENTAL_IMAGE


def value_range(model: str, *, clipped: bool) -> str:
    """How far the values that a model makes may go, in words.

    Args:
        model: a name of `MODELS`; any other is taken for one of TerraMind's.
        clipped: as asked for; a model without clipping does not listen.
    """
    if model in MODELS and not MODELS[model].clips:
        return _NEVER_CLIPPED
    return _CLIPPED if clipped else _UNCLIPPED


def software_versions() -> dict[str, str]:
    """Versions of what computes a result, as installed; what is not installed is left out. Imports none of it."""
    found = {"patchwork": VERSION}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _model(result: Made, info: CollectionInfo | None) -> dict[str, JSON]:
    model = MODELS.get(result.request.model)
    return {
        "synthetic": (model is not None and model.synthetic) or (info is not None and info.synthetic),
        "model": result.request.model,
        "model_title": model.title if model else result.request.model,
        "model_revision": result.model_revision,
    }


def _inputs(result: Made) -> dict[str, JSON]:
    return {
        "dataset": result.dataset,
        "sample": result.sample,
        "collection_revision": result.revision,
        "inputs": [*result.request.inputs],
        "crop": {**result.window.to_json()} if result.sample and result.window else None,
        "coordinates": [*result.given] if result.given else None,
        "notes": [*result.notes],
    }


def _licences(result: Made, info: CollectionInfo | None) -> dict[str, JSON]:
    licence = info.licence if info else _LICENCES.get(result.dataset)
    if licence is None:
        return {"model_licence": MODEL_LICENCE}
    return {
        "model_licence": MODEL_LICENCE,
        "data_licence": licence.name,
        "data_licence_url": licence.url,
        "data_licence_note": SHARE_ALIKE if "-SA-" in licence.name else "",
        "data_credit": licence.credit,
        "data_citation": licence.citation,
    }
