"""Files of weights with TerraMind's true names and shapes, in a few megabytes and no time.

Every tensor is a window of one random block that all tensors of a file share: PyTorch writes shared storage once. So
a file of a billion parameters is as small as its largest tensor, while shapes, names and the way it is read are real.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from torch import nn

from generation.engine.skeleton import build_model, build_tokenizer
from generation.modalities import COORDINATES
from generation.weights_location import MODEL_FILES, TOKENIZER_FILES

STEP = 64  # numbers between the windows of two tensors: whole cache lines
SPREAD = 0.02  # as TerraMind initialises


def published_state(model_or_tokenizer: nn.Module, *, seed: int = 0) -> dict[str, torch.Tensor]:
    """Random tensors under the names that the hub's file has; buffers as they are, shared ones shared."""
    part: Any = model_or_tokenizer.sampler if hasattr(model_or_tokenizer, "sampler") else None
    part = model_or_tokenizer if part is None else part.model
    kept: dict[str, torch.Tensor] = part.state_dict(keep_vars=True)
    largest = max(tensor.numel() for tensor in kept.values())
    block = torch.empty(largest + STEP * len(kept)).normal_(0, SPREAD, generator=torch.Generator().manual_seed(seed))
    windows: dict[int, torch.Tensor] = {}
    for index, tensor in enumerate(kept.values()):
        if isinstance(tensor, nn.Parameter):
            start = STEP * index
            windows.setdefault(id(tensor), block[start : start + tensor.numel()].view(tensor.shape))
        else:
            windows[id(tensor)] = tensor
    return {name: windows[id(tensor)] for name, tensor in kept.items()}


def save_weights(folder: Path, models: Iterable[str] = (), tokenizers: Iterable[str] = ()) -> Path:
    """Write files under the hub's names into a flat folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(models):
        torch.save(published_state(build_model(name), seed=seed), folder / MODEL_FILES[name].name)
    for seed, name in enumerate(tokenizers):
        file = folder / TOKENIZER_FILES[name].name
        if name == COORDINATES:
            save_vocabulary(file)
        else:
            torch.save(published_state(build_tokenizer(name), seed=100 + seed), file)
    return folder


def save_vocabulary(path: Path) -> None:
    """A vocabulary that writes each quarter degree as one word."""
    words = ["[PAD]", "[UNK]", "[SOS]", "[EOS]", "[S_0]", "[S_1]", "[S_2]"]
    words += [f"lat={quarter / 4:.2f}" for quarter in range(-360, 361)]
    words += [f"lon={quarter / 4:.2f}" for quarter in range(-720, 721)]
    tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in words[:7]])
    path.write_text(json.dumps(json.loads(tokenizer.to_str())), encoding="utf-8")


def as_hub_cache(folder: Path, cache: Path) -> Path:
    """Lay the files of a flat folder out as the hub's client keeps them."""
    for file in (*MODEL_FILES.values(), *TOKENIZER_FILES.values()):
        source = folder / file.name
        if source.is_file():
            repository = cache / f"models--{file.repository.replace('/', '--')}"
            commit = "0123456789abcdef0123456789abcdef01234567"
            for name in ("blobs", "refs", f"snapshots/{commit}"):
                (repository / name).mkdir(parents=True, exist_ok=True)
            (repository / "refs" / "main").write_text(commit, encoding="utf-8")
            blob = repository / "blobs" / _sha256(source)
            blob.hardlink_to(source)
            (repository / "snapshots" / commit / file.name).symlink_to(Path("../../blobs") / blob.name)
    return cache


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
