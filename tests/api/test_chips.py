"""Chips: decodable, sized, decoded once for many, refused politely when too many wait."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from threading import BoundedSemaphore, Event

import numpy as np
import pytest
import xarray as xr
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_api
from api.limits import CHIP_THREADS, FAR_THREADS
from api.opening import Opening
from api.workshop import Workshop
from data_access.dataset import CollectionInfo
from rendering.registry import PRESETS
from tests.memory_dataset import BANDS, IDS, PIXELS, MemoryCollections, MemoryDataset

SAMPLE = f"/terramesh/samples/{IDS[0]}"
pytestmark = pytest.mark.timeout(120)  # a lost wake-up would wait for ever


@pytest.mark.parametrize("modality", BANDS)
@pytest.mark.parametrize("form", ["webp", "png"])
def test_a_chip_is_a_picture_of_the_sample(client: TestClient, modality: str, form: str) -> None:
    answer = client.get(f"{SAMPLE}/{modality}.{form}")
    assert answer.headers["content-type"] == f"image/{form}"
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == (form.upper(), (PIXELS, PIXELS))


def test_both_formats_show_the_same_pixels(client: TestClient) -> None:
    pictures = [
        np.asarray(Image.open(io.BytesIO(client.get(f"{SAMPLE}/S2L2A.{form}").content)).convert("RGBA"))
        for form in ("webp", "png")
    ]
    np.testing.assert_array_equal(pictures[0], pictures[1])


def test_size_is_the_longer_edge(client: TestClient) -> None:
    for size in (8, 100):
        answer = client.get(f"{SAMPLE}/LULC.png?size={size}")
        assert Image.open(io.BytesIO(answer.content)).size == (size, size)


def test_every_preset_of_every_modality_is_listed_and_drawn(client: TestClient) -> None:
    listed = client.get("/presets").json()
    assert set(listed) == set(PRESETS)
    for modality in BANDS:
        assert [preset["default"] for preset in listed[modality]].count(True) == 1
        for preset in listed[modality]:
            answer = client.get(f"{SAMPLE}/{modality}.webp", params={"preset": preset["name"]})
            assert answer.status_code == 200, (modality, preset["name"], answer.text)


def test_the_legend_tells_the_recipe(client: TestClient) -> None:
    legend = client.get(f"{SAMPLE}/S2L2A/legend?preset=true-colour").json()
    assert legend["modality"] == "S2L2A"
    assert legend["preset"] == "true-colour"
    assert "B04" in legend["recipe"]


def test_parameters_of_a_look_reach_the_picture(client: TestClient) -> None:
    plain = client.get(f"{SAMPLE}/S2L2A.png").content
    chosen = client.get(f"{SAMPLE}/S2L2A.png?preset=bands&bands=B8A&range=0,6000&gamma=1").content
    assert chosen != plain
    pixels = np.asarray(Image.open(io.BytesIO(chosen)).convert("RGB"))
    assert (pixels[..., 0] == pixels[..., 1]).all()


def test_many_at_once_decode_once() -> None:
    asked = 8
    started, go_on = Event(), Event()

    class Slow(MemoryDataset):
        def read(self, sample_id: str, modality: str) -> xr.Dataset:
            opened = super().read(sample_id, modality)
            started.set()
            assert go_on.wait(10)
            return opened

    slow = Slow()
    api = create_api(Opening(lambda: MemoryCollections({"terramesh": slow})))
    with TestClient(api) as client, ThreadPoolExecutor(asked) as pool:
        answers = [pool.submit(client.get, f"{SAMPLE}/S2L2A.webp") for _ in range(asked)]
        assert started.wait(10)
        go_on.set()
        contents = {answer.result().content for answer in answers}
    assert len(contents) == 1
    assert slow.reads == [(IDS[0], "S2L2A")]


def test_picture_values_and_legend_share_one_decoding(client: TestClient, terramesh: MemoryDataset) -> None:
    for rest in ("S2L2A.webp", "S2L2A.webp?preset=swir", "S2L2A/legend", "S2L2A.npy", "S2L2A.tif"):
        assert client.get(f"{SAMPLE}/{rest}").status_code == 200
    assert terramesh.reads == [(IDS[0], "S2L2A")]


def test_a_full_queue_says_when_to_come_back(client: TestClient) -> None:
    hall = client.app.state.hall  # type: ignore[attr-defined]
    full = Workshop("picture", threads=1, queue=0)
    go_on = Event()
    full._submit(lambda: go_on.wait(10))
    object.__setattr__(hall, "chips", full)
    answer = client.get(f"{SAMPLE}/NDVI.webp")
    go_on.set()
    assert (answer.status_code, answer.json()["error"], answer.json()["retryable"]) == (429, "busy", True)
    assert int(answer.headers["retry-after"]) >= 1
    assert CHIP_THREADS > 1


@pytest.mark.parametrize("rest", ["/S2L2A.webp", "/S2L2A.npy", "/S2L2A.tif", "/S2L2A/legend", "/thumbnail.webp", ""])
def test_a_far_collection_that_stalls_does_not_hold_up_a_near_one(rest: str) -> None:
    stalled = BoundedSemaphore(FAR_THREADS)
    go_on = Event()

    @dataclass
    class Far(MemoryDataset):
        @property
        def info(self) -> CollectionInfo:
            return replace(super().info, kind="hf")

        def read(self, sample_id: str, modality: str) -> xr.Dataset:
            stalled.acquire()
            assert go_on.wait(60)
            return super().read(sample_id, modality)

    sets = {"terramesh": Far(), "bigearthnet": MemoryDataset("bigearthnet")}
    api = create_api(Opening(lambda: MemoryCollections(sets)))
    with TestClient(api) as client, ThreadPoolExecutor(FAR_THREADS + 1) as pool:
        for sample_id, modality in list(product(IDS, BANDS))[:FAR_THREADS]:
            pool.submit(client.get, f"/terramesh/samples/{sample_id}/{modality}.webp")
        while stalled._value:
            time.sleep(0.01)
        near = pool.submit(client.get, f"/bigearthnet/samples/{IDS[0]}{rest}")
        try:
            assert near.result(30).status_code == 200
        finally:
            go_on.set()
    api.state.hall.close()


def test_a_failure_is_not_kept(client: TestClient, terramesh: MemoryDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = MemoryDataset.read

    def failing(*_: object) -> xr.Dataset:
        raise OSError("the disk was away for a moment")

    monkeypatch.setattr(MemoryDataset, "read", failing)
    quiet = TestClient(client.app, raise_server_exceptions=False)
    assert quiet.get(f"{SAMPLE}/DEM.webp").status_code == 500
    monkeypatch.setattr(MemoryDataset, "read", sound)
    assert client.get(f"{SAMPLE}/DEM.webp").status_code == 200
    assert terramesh.reads
