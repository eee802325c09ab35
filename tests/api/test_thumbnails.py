"""Thumbnails: kept ones as they are, else drawn from what costs least."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes.thumbnails import DRAWN_PX
from data_access.dataset import HasThumbnails
from tests.memory_dataset import BANDS, DAMAGED, IDS, MemoryCollections, MemoryDataset

URL = f"/terramesh/samples/{IDS[0]}/thumbnail.webp"


class WithThumbnails(MemoryDataset):
    """One sample has a picture that was made beforehand."""

    def thumbnail(self, sample_id: str) -> bytes | None:
        self.row(sample_id)
        return b"kept" if sample_id == IDS[0] else None


def client_of(dataset: MemoryDataset) -> TestClient:
    return TestClient(create_api(Opening(lambda: MemoryCollections({"terramesh": dataset}))))


def test_without_a_kept_one_the_sample_is_drawn(client: TestClient, terramesh: MemoryDataset) -> None:
    answer = client.get(URL)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-encoding"] == "identity"
    assert Image.open(io.BytesIO(answer.content)).size == (DRAWN_PX, DRAWN_PX)
    assert terramesh.reads == [(IDS[0], "S2L2A")]
    client.get(URL)
    assert len(terramesh.reads) == 1


def test_a_kept_one_is_answered_without_reading_the_sample() -> None:
    dataset = WithThumbnails()
    assert isinstance(dataset, HasThumbnails)
    assert not isinstance(MemoryDataset(), HasThumbnails)
    client = client_of(dataset)
    assert client.get(URL).content == b"kept"
    assert dataset.reads == []
    assert client.get(URL.replace(IDS[0], IDS[1])).content[8:12] == b"WEBP"


def test_the_smallest_modality_that_is_whole_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = MemoryDataset()
    monkeypatch.setitem(BANDS, "S2RGB", ("R", "G", "B"))  # listed, yet no sample has values of it
    read = dataset.read

    def without_rgb(sample_id: str, modality: str) -> object:
        if modality == "S2RGB":
            dataset.reads.append((sample_id, modality))
            from errors import SampleFormatError  # noqa: PLC0415

            raise SampleFormatError("the chunk is damaged")
        return read(sample_id, modality)

    monkeypatch.setattr(dataset, "read", without_rgb)
    assert client_of(dataset).get(URL).status_code == 200
    assert [modality for _, modality in dataset.reads] == ["S2RGB", "S2L2A"]


def test_what_is_wrong_is_told(client: TestClient) -> None:
    assert client.get(URL.replace(IDS[0], "nobody")).json()["error"] == "unknown_sample"
    damaged = client.get(URL.replace(IDS[0], DAMAGED))
    assert (damaged.status_code, damaged.json()["error"]) == (422, "bad_shard")


def test_nothing_optical_is_a_modality_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = MemoryDataset()
    monkeypatch.setattr(type(dataset), "modalities", property(lambda _: ("DEM",)))
    answer = client_of(dataset).get(URL)
    assert (answer.status_code, answer.json()["error"]) == (404, "modality_missing")


def test_the_demo_has_thumbnails_of_both_data_sets(demo_collection: Path, tmp_path: Path) -> None:
    from data_access.collections import open_collections  # noqa: PLC0415 - only where the demo is
    from data_access.settings import load_settings  # noqa: PLC0415

    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "demo").symlink_to(demo_collection)
    collections = open_collections(load_settings(["--cache-dir", str(cache)]))
    client = TestClient(create_api(Opening(lambda: collections)))
    for name in ("terramesh", "bigearthnet"):
        rows = client.get(f"/{name}/samples?limit=5").json()["items"]
        sample_id = next(row["id"] for row in rows if row.get("has_s2", True))
        picture = Image.open(io.BytesIO(client.get(f"/{name}/samples/{sample_id}/thumbnail.webp").content))
        assert max(picture.size) == DRAWN_PX
        assert np.asarray(picture.convert("RGB")).std() > 1
