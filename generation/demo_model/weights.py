"""The demo model's weights: one safetensors file in half precision, a small JSON beside it, and nothing taken on trust.

terratorch loads with `strict=False`: a wrong file leaves random weights behind and only a line in a log. Here every
tensor of the model must come from the file, in its shape, and every tensor of the file must go into the model.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from errors import WeightsError
from generation.demo_model.build import build_demo_model
from generation.demo_model.sizes import architecture

WEIGHTS_FOLDER = Path(__file__).with_name("weights")
WEIGHTS_FILE = "demo_model.safetensors"
CONFIG_FILE = "demo_model.json"
CARD_FILE = "README.md"

_CURE = "Restore the folder from the repository, or make it with `python -m demo.train_model`."
_NAMED_AT_MOST = 3  # tensors in a message


def load_demo_model(folder: Path = WEIGHTS_FOLDER) -> nn.Module:
    """The trained demo model in evaluation mode, float32, on the CPU.

    Args:
        folder: holds WEIGHTS_FILE and CONFIG_FILE.

    Raises:
        WeightsError: a file is missing or damaged, or the weights are not exactly this model's.
    """
    config = _read_config(folder)
    if config.get("architecture") != architecture():
        raise WeightsError(f"{folder / CONFIG_FILE} describes a model of other sizes than this program's. {_CURE}")
    revision = revision_of(folder)
    if config.get("revision") != revision:
        raise WeightsError(
            f"{folder / WEIGHTS_FILE} has the fingerprint {revision[:12]}, not {str(config.get('revision'))[:12]} "
            f"as {CONFIG_FILE} says: it is damaged or another's. {_CURE}"
        )
    model = build_demo_model()
    load_into(model, folder / WEIGHTS_FILE)
    return model


def revision_of(folder: Path = WEIGHTS_FOLDER) -> str:
    """The sha256 of the weights, as 64 hexadecimal digits.

    Raises:
        WeightsError: the file is missing or can not be read.
    """
    try:
        with (folder / WEIGHTS_FILE).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{folder / WEIGHTS_FILE} can not be read: {error.strerror}. {_CURE}") from error


def load_into(model: nn.Module, path: Path) -> None:
    """Fill every tensor of a model from a file, and leave none of the file over.

    Args:
        model: any model that was saved with `save_model`.
        path: the safetensors file.

    Raises:
        WeightsError: the file can not be read, lacks a tensor, has one too many or one of another shape.
    """
    wanted = tensors_of(model)
    try:
        with safe_open(path, framework="pt") as file:
            held = set(file.keys())
            _same_names(path, wanted.keys() - held, held - wanted.keys())
            with torch.no_grad():
                for name, tensor in wanted.items():
                    _fill(tensor, file.get_tensor(name), name, path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path} is no whole safetensors file: {error}. {_CURE}") from error


def save_model(model: nn.Module, folder: Path, facts: Mapping[str, Any]) -> str:
    """Write a model's weights in half precision, and the JSON beside them; returns the revision.

    Args:
        model: a demo model.
        folder: made if missing.
        facts: what else the JSON shall tell, such as seeds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: tensor.detach().half().contiguous().cpu() for name, tensor in tensors_of(model).items()}
    partial = folder / f".{WEIGHTS_FILE}"
    save_file(halves, partial)
    partial.replace(folder / WEIGHTS_FILE)
    revision = revision_of(folder)
    config = {
        "synthetic": True,
        "note": "Trained on drawn scenes; worthless on observations.",
        "revision": revision,
        "parameters": sum(tensor.numel() for tensor in halves.values()),
        "architecture": architecture(),
        **facts,
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    return revision


def tensors_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and buffers by name; of those that share their memory, the first name only."""
    tensors = model.state_dict(keep_vars=True)
    first: dict[int, str] = {}
    for name, tensor in tensors.items():
        first.setdefault(tensor.data_ptr(), name)
    return {name: tensors[name] for name in first.values()}


def _fill(target: torch.Tensor, source: torch.Tensor, name: str, path: Path) -> None:
    if target.shape != source.shape:
        raise WeightsError(
            f"{name} in {path} has the shape {tuple(source.shape)}, the model's is {tuple(target.shape)}. {_CURE}"
        )
    if not bool(torch.isfinite(source).all()):
        raise WeightsError(f"{name} in {path} holds values that are not finite. {_CURE}")
    target.copy_(source)


def _same_names(path: Path, missing: set[str], left_over: set[str]) -> None:
    for names, fault in ((missing, "lacks"), (left_over, "has, and the model does not,")):
        if names:
            first = ", ".join(sorted(names)[:_NAMED_AT_MOST])
            raise WeightsError(f"{path} {fault} {len(names)} tensors, such as {first}. {_CURE}")


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"{folder / CONFIG_FILE} can not be read: {error.strerror}. {_CURE}") from error
    except ValueError as error:
        raise WeightsError(f"{folder / CONFIG_FILE} is not JSON: {error}. {_CURE}") from error
    if not isinstance(config, dict):
        raise WeightsError(f"{folder / CONFIG_FILE} holds no JSON object. {_CURE}")
    return config
