"""Two workers for all tests of this room, and roots to work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from batch.cluster import connected
from data_access.terramesh.modalities import FOLDERS


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """Two processes on this machine; starting them takes seconds, so all tests share them."""
    with connected(None, workers=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def wide_root(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first shards of the demo under six names: enough work to disturb while it is done."""
    root = tmp_path_factory.mktemp("wide")
    for modality in FOLDERS:
        source = demo_collection / "terramesh" / "val" / modality / "majortom_shard_000001.tar"
        if source.is_file():
            folder = root / "val" / modality
            folder.mkdir(parents=True)
            for number in range(1, 7):
                (folder / f"majortom_shard_{number:06d}.tar").symlink_to(source)
    return root
