"""Reads members of a TerraMesh root with nothing but the standard library, json and numcodecs."""

import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numcodecs import Blosc


class Member:
    """One `.zarr.zip`."""

    def __init__(self, key: str, shard: str, data: bytes) -> None:
        self.key, self.shard = key, shard
        self.archive = zipfile.ZipFile(io.BytesIO(data))

    def json(self, name: str) -> dict[str, Any]:
        """A JSON document of the group."""
        document: dict[str, Any] = json.loads(self.archive.read(name))
        return document

    def array(self, name: str) -> np.ndarray:
        """One array, decoded from its one chunk."""
        meta = self.json(f"{name}/.zarray")
        raw = self.archive.read(f"{name}/{'.'.join('0' * max(len(meta['shape']), 1))}")
        data = Blosc().decode(raw) if meta["compressor"] else raw
        return np.frombuffer(data, meta["dtype"]).reshape(meta["shape"])

    @property
    def bands(self) -> np.ndarray:
        """The first time step of the main array, (band, y, x)."""
        return np.asarray(self.array("bands")[0])

    @property
    def names(self) -> list[str]:
        """Names of the arrays."""
        return sorted(name.split("/")[0] for name in self.archive.namelist() if name.endswith("/.zarray"))


def members(root: Path, modality: str) -> Iterator[Member]:
    """All members of a modality in the order of shards and members."""
    for shard in sorted((root / "val" / modality).glob("*.tar")):
        with tarfile.open(shard) as archive:
            for info in archive:
                stream = archive.extractfile(info)
                assert stream is not None
                yield Member(info.name.removesuffix(".zarr.zip"), shard.name, stream.read())


def by_key(root: Path, modality: str) -> dict[str, Member]:
    """All members of a modality by key."""
    return {member.key: member for member in members(root, modality)}
