"""An API over two small data sets in memory, and a client for it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from tests.memory_dataset import MemoryCollections, MemoryDataset, MemoryPatches


@pytest.fixture
def memory() -> MemoryCollections[MemoryDataset]:
    """TerraMesh without and BigEarthNet with annotations."""
    return MemoryCollections(
        {"terramesh": MemoryDataset(revision="tm1"), "bigearthnet": MemoryPatches("bigearthnet", revision="ben1")}
    )


@pytest.fixture
def terramesh(memory: MemoryCollections[MemoryDataset]) -> MemoryDataset:
    """The TerraMesh of the client's API."""
    return memory.get("terramesh")


@pytest.fixture
def client(memory: MemoryCollections[MemoryDataset]) -> Iterator[TestClient]:
    """A client of the API; a bug raises in the test instead of answering 500."""
    api = create_api(Opening(lambda: memory))
    with TestClient(api) as opened:
        yield opened
    api.state.hall.close()
