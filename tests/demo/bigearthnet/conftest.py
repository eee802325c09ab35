"""One demo collection for all tests of this room, read back as a user would: lmdb, safetensors, pyarrow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lmdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load

from demo.bigearthnet.build import build_bigearthnet

SEED = 3


@dataclass
class Collection:
    """A built collection, opened."""

    root: Path
    values: lmdb.Transaction
    rows: list[dict[str, Any]]  # without the planted mistakes
    spoiled: list[dict[str, Any]]  # with a mistake each
    mistakes: dict[int, str]
    metadata: list[dict[str, Any]]
    steps: list[tuple[int, int, str]]

    def raw(self, key: str) -> bytes:
        return bytes(self.values.get(key.encode(), b""))

    def tensors(self, key: str) -> dict[str, np.ndarray]:
        return load(self.raw(key))

    def codes(self, patch_id: str) -> np.ndarray:
        return self.tensors(f"{patch_id}_reference_map")["Data"]


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    root = tmp_path_factory.mktemp("demo")
    steps: list[tuple[int, int, str]] = []
    build_bigearthnet(root, SEED, lambda *step: steps.append(step))
    with (
        lmdb.open(str(root / "bigearthnet_images"), readonly=True, lock=False) as environment,
        environment.begin() as values,
    ):
        texts = pq.read_table(root / "BigEarthNet.txt.parquet")
        mistakes = {
            int(key): what for key, what in json.loads(texts.schema.metadata[b"patchwork_demo_mistakes"]).items()
        }
        yield Collection(
            root,
            values,
            [row for row in texts.to_pylist() if row["ID"] not in mistakes],
            [row for row in texts.to_pylist() if row["ID"] in mistakes],
            mistakes,
            pq.read_table(root / "bigearthnet_images" / "metadata.parquet").to_pylist(),
            steps,
        )
