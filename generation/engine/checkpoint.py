"""A file of weights, opened: nothing in it is run, and what is no checkpoint is named for what it is.

The formats are PyTorch's zip archive of a flat dict of tensors, as the hub has TerraMind's, and safetensors. Tensors
stay in the file (memory-mapped): what is never used is never read, and the system may drop and read again what was.
"""

import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from errors import WeightsError
from generation.weights_location import SAFE_SUFFIX

STARTS = (b"PK", b"\x80")  # a zip archive, or a pickle as PyTorch wrote before 1.6
HEAD_BYTES = 512  # enough to tell what a file is
# What PyTorch's reader raises about bytes that are no checkpoint.
UNREADABLE = (RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError, OSError, AssertionError)


@dataclass(frozen=True)
class Checkpoint:
    """The tensors of one file by their names; `cure` ends every message about it."""

    path: Path
    tensors: Mapping[str, torch.Tensor]
    cure: str

    def error(self, reason: str) -> WeightsError:
        """An error that names the file, the reason and the cure."""
        return weights_error(self.path, reason, self.cure)


def weights_error(path: Path, reason: str, cure: str) -> WeightsError:
    """An error about a file of weights, in the one shape all of them have."""
    return WeightsError(f"{path} {reason}. {cure}")


def open_checkpoint(path: Path, cure: str) -> Checkpoint:
    """Open a file of weights.

    Args:
        path: a `.pt` of PyTorch or a `.safetensors`.
        cure: what to do where the file can not be used.

    Raises:
        WeightsError: it is missing, truncated, of another kind (a web page, a Git LFS pointer, text), holds more than
            tensors, or no tensors by name.
    """
    head = _head(path, cure)
    if path.suffix == SAFE_SUFFIX:
        found: object = _open_safetensors(path, cure)
    else:
        _refuse_other_files(path, head, cure)
        found = _open_archive(path, cure)
    if not isinstance(found, Mapping) or not found:
        raise weights_error(path, "holds no tensors by name", cure)
    if strange := [name for name, value in found.items() if not isinstance(value, torch.Tensor)]:
        what = "is a checkpoint of a training run" if {"state_dict", "model"} & set(map(str, strange)) else "is foreign"
        raise weights_error(path, f"{what}: {str(strange[0])[:60]!r} in it is no tensor", cure)
    return Checkpoint(path, found, cure)


def _head(path: Path, cure: str) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise weights_error(path, f"can not be read: {error.strerror}", cure) from error
    if not head:
        raise weights_error(path, "is empty", cure)
    return head


def _refuse_other_files(path: Path, head: bytes, cure: str) -> None:
    """Name what a file is that a download or a checkout left in the place of the weights."""
    start = head.lstrip().lower()
    if start.startswith(b"version https://git-lfs"):
        raise weights_error(path, "is a Git LFS pointer, the text that stands for the file in a repository", cure)
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise weights_error(path, "is a web page, such as a server sends in place of a file", cure)
    if start.startswith(b"{"):
        raise weights_error(path, "is JSON text, such as a server's error", cure)
    if not head.startswith(STARTS):
        raise weights_error(path, f"is no checkpoint: it begins with {head[:12]!r}", cure)
    if head.startswith(b"PK") and not zipfile.is_zipfile(path):
        size = path.stat().st_size
        raise weights_error(path, f"is truncated: its {size:,} bytes end before the archive does", cure)


def _open_archive(path: Path, cure: str) -> object:
    """What PyTorch reads with nothing but tensors and plain containers allowed."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except pickle.UnpicklingError as error:
        reason = "holds more than tensors, which could run code; it is not opened"
        raise weights_error(path, reason, cure) from error
    except UNREADABLE as error:
        reason = f"can not be read as a checkpoint: {str(error).partition(chr(10))[0][:120]}"
        raise weights_error(path, reason, cure) from error


def _open_safetensors(path: Path, cure: str) -> object:
    try:
        return load_file(path)
    except (SafetensorError, *UNREADABLE) as error:
        raise weights_error(path, f"can not be read as safetensors: {str(error)[:120]}", cure) from error
