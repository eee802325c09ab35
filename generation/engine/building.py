"""Loads a model that can generate: TerraMind's own from the hub's files, or the demo model.

resident = load_model("terramind_v1_base", ("S2L2A",), ("S1GRD", "LULC"), location=weights_location(None))
resident.ensure(("S2L2A", "LULC"), ("DEM",))  # loads what these need beyond what is there
resident.model({"S2L2A": tensor})  # terratorch's own TerraMindGeneration
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from data_access.settings import settings
from errors import GenerationUnavailableError
from generation.engine.checkpoint import Checkpoint, open_checkpoint
from generation.engine.fetching import bring
from generation.engine.fingerprints import Tell, fingerprint
from generation.engine.resident import EMBEDDINGS, Resident, check_modalities, tell_loading
from generation.engine.skeleton import build_model
from generation.engine.tokenizers import Tokenizers
from generation.engine.weights import fill
from generation.models import DEMO_WEIGHTS, MODELS, demo_folder
from generation.weights_location import DEMO, MODEL_FILES, TOKENIZER_FILES, WeightsFile, WeightsLocation

DEVICES = ("auto", "cpu", "cuda", "mps")


def load_model(
    name: str,
    inputs: Iterable[str] = (),
    outputs: Iterable[str] = (),
    *,
    location: WeightsLocation,
    device: str = "auto",
    memory: Path | None = None,
    tell: Tell = None,
) -> Resident:
    """Load a model with what a run from `inputs` to `outputs` needs.

    Args:
        name: a key of MODELS.
        inputs: Patchwork's names of modalities.
        outputs: likewise.
        location: where the weights are; see `weights_location`.
        device: one of DEVICES.
        memory: folder in which fingerprints of files are remembered; by default one in the cache folder.
        tell: hears what is fetched, checked and loaded.

    Raises:
        GenerationUnavailableError: packages are missing, or there is no such device or model.
        WeightsError: a file is missing, damaged, or another's.
        RemoteError: a file can not be fetched now.
        ModalityMissingError: the model does not take or generate a modality.
    """
    if name not in MODELS:
        raise GenerationUnavailableError(f"There is no model {name[:40]!r}. Choose one of {', '.join(MODELS)}.")
    check_modalities(name, tuple(inputs), tuple(outputs))
    target = choose_device(device)
    if name == DEMO:
        resident = _load_demo(location, target, tell)
    else:
        resident = _load_terramind(name, location, target, memory or default_memory(), tell)
    resident.ensure(inputs, outputs, tell)
    return resident


def default_memory() -> Path:
    """Where fingerprints of weights are remembered."""
    return settings().cache_dir / "weights"


def choose_device(wanted: str) -> torch.device:
    """The device that a setting names; `auto` is a GPU where there is one.

    Raises:
        GenerationUnavailableError: the word is none of DEVICES, or there is no such device here.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return torch.device(next((name for name in ("cuda", "mps") if there[name]), "cpu"))
    if not there.get(wanted, False):
        raise GenerationUnavailableError(
            f"PATCHWORK_TERRAMIND_DEVICE is {wanted[:20]!r}, and torch finds none here. Choose one of "
            f"{', '.join(DEVICES)}, or unset it."
        )
    return torch.device(wanted)


def _load_demo(location: WeightsLocation, device: torch.device, tell: Tell) -> Resident:
    from generation.demo_model import load_demo_model, revision_of  # noqa: PLC0415 - TerraMind's own need none of it

    tell_loading(tell, MODELS[DEMO].title, 0)
    folder = demo_folder(location)
    model, revision = load_demo_model(folder), revision_of(folder)
    tell_loading(tell, MODELS[DEMO].title, 1)
    return Resident(model.to(device), DEMO, device, revision, {DEMO_WEIGHTS.name: revision})


def _load_terramind(name: str, location: WeightsLocation, device: torch.device, memory: Path, tell: Tell) -> Resident:
    """The token model of all modalities; tokenizers follow on demand."""
    revisions: dict[str, str] = {}

    def brought(file: WeightsFile, tell: Tell) -> Path:
        path = bring(file, model=name, location=location, tell=tell)
        revisions[file.name] = fingerprint(path, memory=memory, cure=location.cure(name, (file,)), tell=tell)
        return path

    file = MODEL_FILES[name]
    path = brought(file, tell)
    tell_loading(tell, MODELS[name].title, 0)
    checkpoint = open_checkpoint(path, location.cure(name, (file,)))
    model = build_model(name)
    missing = _fill_token_model(model, checkpoint)
    model.to(device)
    tell_loading(tell, MODELS[name].title, 1)
    tokenizers = Tokenizers(
        path_of=lambda modality, heard: brought(TOKENIZER_FILES[modality], heard),
        cure_of=lambda modality: location.cure(name, (TOKENIZER_FILES[modality],)),
    )
    return Resident(model, name, device, revisions[file.name], revisions, tokenizers, missing)


def _fill_token_model(model: nn.Module, checkpoint: Checkpoint) -> frozenset[str]:
    """Fill the encoder and decoder; returns the embeddings that the file lacks as a whole.

    The published files hold the model without terratorch's `sampler.model.` before each name, so they go into that
    part: `ckpt_path` puts them nowhere, and leaves random weights.
    """
    token_model: Any = model
    token_model = token_model.sampler.model
    there = {_embedding(key) for key in checkpoint.tensors}
    lacking = fill(
        token_model,
        checkpoint,
        may_be_left=lambda _key: True,  # of text, in published files: nothing here asks for it
        may_lack=lambda key: bool(_embedding(key)) and _embedding(key) not in there,
    )
    return frozenset(_embedding(key) for key in lacking)


def _embedding(key: str) -> str:
    """The embedding that a tensor belongs to, such as `encoder_embeddings.coords`; "" where it is of the blocks."""
    return ".".join(key.split(".")[:2]) if key.startswith(EMBEDDINGS) else ""
