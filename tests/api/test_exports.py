"""Exports over HTTP: what the files are called, that HEAD makes none, that going away ends the making."""

import asyncio
import contextlib
import csv
import io
import json
import threading
import time
from collections.abc import Generator
from typing import Any

import pyarrow.parquet as pq
import pytest
import xarray as xr
from PIL import Image
from starlette.testclient import TestClient

from api.file_answer import FileAnswer
from api.workshop import Workshop
from errors import BusyError, OfflineError, RemoteError, RemoteTimeoutError
from rendering.sheet import EDGE
from tests.memory_dataset import DAMAGED, IDS, LICENCE, MemoryDataset

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
PATIENCE_S = 10


@pytest.mark.parametrize("ending", MEDIA)
def test_a_file_is_named_and_never_kept(client: TestClient, ending: str) -> None:
    answer = client.get(f"/terramesh/export.{ending}?country=Germany")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA[ending]
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="terramesh-')
    assert name.endswith(f'-tm1.{ending}"')
    assert answer.headers["cache-control"] == "no-store"


def test_the_files_hold_the_samples_of_the_filter(client: TestClient) -> None:
    query = "country=Germany&country=Fiji"
    rows = csv.DictReader(io.StringIO(client.get(f"/terramesh/export.csv?{query}").text, newline=""))
    features = client.get(f"/terramesh/export.geojson?{query}").json()["features"]
    table = pq.read_table(io.BytesIO(client.get(f"/terramesh/export.parquet?{query}").content))
    expected = [IDS[0], IDS[1], IDS[4], IDS[5]]
    assert [row["id"] for row in rows] == expected
    assert [feature["id"] for feature in features] == expected
    assert table["id"].to_pylist() == expected
    assert table.schema.metadata[b"credit"].decode() == LICENCE.credit


def test_text_is_compressed_on_the_way_where_the_client_takes_it(client: TestClient) -> None:
    packed = client.get("/terramesh/export.geojson", headers={"Accept-Encoding": "gzip"})
    as_is = client.get("/terramesh/export.geojson", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert as_is.headers["content-encoding"] == "identity"
    assert _undated(packed.json()) == _undated(as_is.json())
    assert client.get("/terramesh/export.parquet").headers["content-encoding"] == "identity"


@pytest.mark.parametrize("ending", MEDIA)
def test_head_makes_no_file(
    client: TestClient, terramesh: MemoryDataset, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("HEAD asked for rows")

    monkeypatch.setattr(terramesh, "rows", refuse, raising=False)
    answer = client.head(f"/terramesh/export.{ending}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == MEDIA[ending]
    assert "content-length" not in answer.headers


def test_a_bad_filter_is_an_error_and_not_a_file(client: TestClient) -> None:
    answer = client.get("/terramesh/export.csv?bbox=1,2,3")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_filter")
    assert client.get("/eurosat/export.csv").status_code == 404


class Endless:
    """Pieces without an end; tells how many were made and whether the making was ended."""

    def __init__(self) -> None:
        self.made = 0
        self.ended = threading.Event()

    def pieces(self) -> Generator[bytes]:
        try:
            while True:
                self.made += 1
                yield b"x"
        finally:
            self.ended.set()


def test_a_client_that_goes_away_ends_the_making() -> None:
    endless, workshop = Endless(), Workshop("test", threads=1, queue=0)

    async def download() -> None:
        sent = 0
        gone = asyncio.Event()

        async def receive() -> dict[str, str]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            nonlocal sent
            sent += message["type"] == "http.response.body"
            if sent == 3:
                gone.set()
            await asyncio.sleep(0)

        rest = workshop.stream(endless.pieces())
        response = FileAnswer(await anext(rest), rest, media_type="text/plain", headers={})
        await response({"type": "http", "asgi": {}, "method": "GET", "path": "/", "headers": []}, receive, send)

    asyncio.run(download())
    assert endless.ended.wait(PATIENCE_S)
    made = endless.made
    time.sleep(0.05)
    assert endless.made == made < 1000
    asyncio.run(_once(workshop))
    workshop.close()


def test_only_so_many_are_made_at_once() -> None:
    workshop = Workshop("test", threads=1, queue=1)

    async def three() -> None:
        streams = [workshop.stream(Endless().pieces()) for _ in range(3)]
        await anext(streams[0])
        await anext(streams[1])
        with pytest.raises(BusyError):
            await anext(streams[2])
        await streams[0].aclose()
        another = workshop.stream(Endless().pieces())
        await anext(another)
        await another.aclose()
        await streams[1].aclose()

    asyncio.run(three())
    workshop.close()


def test_an_error_on_the_way_breaks_the_connection() -> None:
    workshop = Workshop("test", threads=1, queue=0)

    def broken() -> Generator[bytes]:
        yield b"whole"
        raise ZeroDivisionError("half")

    async def download() -> None:
        rest = workshop.stream(broken())
        first = await anext(rest)
        assert first == b"whole"
        with pytest.raises(ZeroDivisionError):
            await anext(rest)

    asyncio.run(download())
    asyncio.run(_once(workshop))
    workshop.close()


def test_a_generator_that_fails_to_close_gives_its_place_back() -> None:
    workshop = Workshop("test", threads=1, queue=0)

    def stubborn() -> Generator[bytes]:
        try:
            yield b"whole"
        finally:
            raise OSError("the disk is full")

    async def download() -> None:
        rest = workshop.stream(stubborn())
        assert await anext(rest) == b"whole"
        with contextlib.suppress(OSError):
            await rest.aclose()

    asyncio.run(download())
    asyncio.run(_once(workshop))
    workshop.close()


async def _once(workshop: Workshop) -> None:
    """The workshop has its place back."""
    stream = workshop.stream(Endless().pieces())
    assert await anext(stream) == b"x"
    await stream.aclose()


def _undated(file: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps({**file, "created": ""}))  # type: ignore[no-any-return]


def test_a_stac_collection_leads_to_items_and_those_to_values(client: TestClient) -> None:
    answer = client.get("/terramesh/export.stac?country=Germany")
    assert answer.headers["content-disposition"].endswith('-tm1.stac.json"')
    links = [link["href"] for link in answer.json()["links"] if link["rel"] == "item"]
    assert len(links) == 2
    item = client.get(links[0]).json()
    assert item["id"] == IDS[0]
    for name in ("S2L2A", "S2L2A_npy", "S2L2A_png", "thumbnail"):
        asset = item["assets"][name]
        assert client.get(asset["href"]).headers["content-type"] == asset["type"].partition(";")[0]
    whole = next(link["href"] for link in item["links"] if link["rel"] == "collection")
    assert client.get(whole).json()["id"] == item["collection"]
    assert client.head("/terramesh/export.stac").content == b""


def test_a_stac_item_of_nobody_is_not_found(client: TestClient) -> None:
    assert client.get("/terramesh/samples/nobody/stac.json").json()["error"] == "unknown_sample"


def test_a_sheet_shows_every_modality_of_a_sample(client: TestClient) -> None:
    answer = client.get(f"/terramesh/samples/{IDS[0]}/sheet.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == f'attachment; filename="{IDS[0]}.png"'
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert width > height > 2 * EDGE, "six modalities in two rows"
    again = client.get(f"/terramesh/samples/{IDS[0]}/sheet.png", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_damaged_sample_has_a_sheet_of_empty_frames(client: TestClient) -> None:
    assert client.get(f"/terramesh/samples/{DAMAGED}/sheet.png").status_code == 200
    assert client.get("/terramesh/samples/nobody/sheet.png").status_code == 404


@pytest.mark.parametrize("error", [RemoteTimeoutError, OfflineError])
def test_a_sheet_is_not_made_while_a_server_is_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: type[RemoteError]
) -> None:
    sound = MemoryDataset.read

    def failing(dataset: MemoryDataset, sample_id: str, modality: str) -> xr.Dataset:
        if modality == "DEM":
            raise error("The hub does not answer.")
        return sound(dataset, sample_id, modality)

    monkeypatch.setattr(MemoryDataset, "read", failing)
    refused = client.get(f"/terramesh/samples/{IDS[0]}/sheet.png?v=tm1")
    assert (refused.status_code >= 500, refused.headers["cache-control"]) == (True, "no-store")
    monkeypatch.setattr(MemoryDataset, "read", sound)
    assert client.get(f"/terramesh/samples/{IDS[0]}/sheet.png?v=tm1").status_code == 200
