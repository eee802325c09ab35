"""Shards over HTTP: the list, and playing one as server-sent events until the end or until the listener leaves."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.application import create_api
from api.limits import PLAYERS
from api.opening import Opening
from api.server_events import HEARTBEAT, EventStream, ServerEvent
from data_access.dataset import CollectionKind, Dataset
from data_access.places import Places
from data_access.terramesh import read_ahead
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.opening import open_terramesh
from errors import PatchworkError
from tests.data_access.terramesh.writers import write_root
from tests.loopback_hub import loopback_hub
from tests.memory_dataset import MemoryCollections, MemoryDataset
from tests.running_app import free_port

SHARD = "majortom_shard_000001.tar"
KEYS = tuple(f"majortom_val_{number:07d}" for number in range(1, 13))
PLAY = f"/terramesh/shards/val/{SHARD}/play"
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Event:
    """One event as it came."""

    name: str
    data: dict[str, Any]
    id: str | None


def events_of(text: str) -> list[Event]:
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append(Event(fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


def opened(root: Path | str, folder: Path, kind: CollectionKind = "local") -> TerraMesh:
    places = Places(folder / "no atlas", folder / "no climate")
    return open_terramesh(root, kind=kind, tables_dir=folder / "tables", places=places)


def api_of(dataset: TerraMesh) -> FastAPI:
    sets: dict[str, Dataset | PatchworkError] = {"terramesh": dataset, "bigearthnet": MemoryDataset("bigearthnet")}
    collections = MemoryCollections(sets)
    return create_api(Opening(lambda: collections))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_root(tmp_path / "root", {SHARD: KEYS})


@pytest.fixture
def client(root: Path, tmp_path: Path) -> Iterator[TestClient]:
    api = api_of(opened(root, tmp_path))
    with TestClient(api) as running:
        yield running
    api.state.hall.close()


def test_the_list_of_shards(client: TestClient, root: Path) -> None:
    (item,) = client.get("/terramesh/shards").json()["items"]
    assert (item["split"], item["name"], item["samples"]) == ("val", SHARD, len(KEYS))
    sizes = {path.parent.name: path.stat().st_size for path in root.rglob("*.tar")}
    assert item["modalities"] == sizes
    refused = client.get("/bigearthnet/shards")
    assert (refused.status_code, refused.json()["error"]) == (404, "unknown_shard")


def test_every_sample_in_order_with_a_picture_that_is_there(client: TestClient) -> None:
    answer = client.get(PLAY, params={"modality": "S2L2A", "preset": "true-colour", "size": 32})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    first, *samples, last = events_of(answer.text)
    assert (first.name, first.data["position"], first.data["samples"]) == ("begin", 0, len(KEYS))
    assert [(each.name, each.data["id"], each.data["number"]) for each in samples] == [
        ("sample", key, number) for number, key in enumerate(KEYS, 1)
    ]
    assert all(each.id == str(each.data["position"]) for each in samples)
    assert (last.name, last.data["position"]) == ("done", samples[-1].data["position"])

    fresh = samples[0].data["url"].replace("size=32", "size=32&unknown=1")  # another key: drawn by the chip's own route
    kept = client.get(samples[0].data["url"])
    assert kept.headers["content-type"] == "image/webp"
    assert "immutable" in kept.headers["cache-control"]
    assert kept.content == client.get(fresh).content


def test_pictures_are_drawn_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [each for each in events_of(client.get(PLAY, params={"modality": "LULC"}).text) if each.name == "sample"]
    monkeypatch.setattr("api.routes.chips.draw", lambda *_: pytest.fail("drawn again"))
    for each in samples:
        assert client.get(each.data["url"]).status_code == 200


def test_it_goes_on_exactly_where_it_was_paused(client: TestClient) -> None:
    def ids(where: str, last: str = "") -> list[str]:
        played = client.get(f"{PLAY}?modality=DEM{where}", headers={"Last-Event-ID": last} if last else {})
        return [each.data["id"] for each in events_of(played.text) if each.name == "sample"]

    whole = [each for each in events_of(client.get(PLAY, params={"modality": "DEM"}).text) if each.name == "sample"]
    position = whole[4].data["position"]
    assert ids(f"&after={position}") == ids("", last=str(position)) == ids(f"&sample={KEYS[5]}") == list(KEYS[5:])
    assert ids(f"&after={whole[-1].data['position']}") == []


def test_what_can_not_be_played_is_an_error_and_not_a_stream(client: TestClient) -> None:
    for path, status, code in (
        ("/terramesh/shards/val/nothing.tar/play?modality=DEM", 404, "unknown_shard"),
        (f"{PLAY}?modality=S1GRD", 404, "unknown_shard"),
        (f"{PLAY}?modality=DEM&sample=nobody", 404, "unknown_sample"),
        (f"{PLAY}?modality=DEM&after=-1", 400, "bad_request"),
        (f"{PLAY}?modality=DEM&after=1e308", 400, "bad_request"),
        (f"{PLAY}?modality=DEM&per_second=nan", 400, "bad_request"),
        (f"{PLAY}", 400, "bad_request"),
        ("/bigearthnet/shards/val/a.tar/play?modality=S2", 404, "unknown_shard"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (status, code), path
        assert client.head(path).status_code == status, path
    for _ in range(PLAYERS + 1):  # each gives its place back
        whole = client.head(f"{PLAY}?modality=DEM")
        assert (whole.status_code, whole.content) == (200, b"")
        assert whole.headers["content-type"].startswith("text/event-stream")


def test_a_preset_that_does_not_fit_ends_it_with_its_reason(client: TestClient) -> None:
    first, last = events_of(client.get(PLAY, params={"modality": "DEM", "preset": "nope"}).text)
    assert (first.name, last.name, last.data["error"]) == ("begin", "error", "bad_preset")


def test_a_damaged_member_is_a_note_and_the_rest_plays_on(root: Path, tmp_path: Path) -> None:
    path = root / "val" / "LULC" / SHARD
    with TestClient(api_of(opened(root, tmp_path / "whole"))) as client:
        whole = [each.data for each in events_of(client.get(PLAY, params={"modality": "LULC"}).text)][1:-1]
    data = bytearray(path.read_bytes())
    data[whole[2]["position"] + 512 + 40 : whole[3]["position"] - 512] = b"\xff" * (
        whole[3]["position"] - whole[2]["position"] - 512 - 40 - 512
    )  # the content of the fourth member
    path.write_bytes(data)
    with TestClient(api_of(opened(root, tmp_path / "damaged"))) as client:
        events = events_of(client.get(PLAY, params={"modality": "LULC"}).text)
    notes = [each for each in events if each.name == "note"]
    assert [each.data["id"] for each in notes] == [KEYS[3]]
    assert KEYS[3] in notes[0].data["message"]
    assert [each.data["id"] for each in events if each.name == "sample"] == [key for key in KEYS if key != KEYS[3]]
    assert events[-1].name == "done"


@contextmanager
def served(api: FastAPI) -> Iterator[str]:
    """A real server in a thread: a test client knows no connections that break."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(PATIENCE_S)
    api.state.hall.close()


def read_events(pieces: Iterator[str], count: int) -> list[Event]:
    """The first events of a running stream, which stays open as long as somebody holds the iterator."""
    text = ""
    for piece in iter(lambda: next(pieces, None), None):
        text += piece
        if len(found := events_of(text[: text.rfind("\n\n") + 2])) >= count:
            return found
    raise AssertionError("the stream ended")


def test_nothing_is_read_for_a_listener_that_left(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "FIRST_WINDOW", 4096)
    monkeypatch.setattr(read_ahead, "LARGEST_WINDOW", 4096)
    with loopback_hub(root) as hub:
        dataset = opened(f"{hub.url}/plain", tmp_path / "far", "https")
        hub.latency_s = 0.02
        with served(api_of(dataset)) as base:
            hub.forget()
            with httpx.stream("GET", f"{base}{PLAY}", params={"modality": "S2L2A"}, timeout=PATIENCE_S) as answer:
                assert [each.name for each in read_events(answer.iter_text(), 2)] == ["begin", "sample"]
            time.sleep(0.5)
            asked = len(hub.log)
            time.sleep(0.5)
            assert len(hub.log) == asked
            assert hub.sent < (root / "val" / "S2L2A" / SHARD).stat().st_size / 2


def test_only_so_many_play_at_once_and_places_come_back(root: Path, tmp_path: Path) -> None:
    slow = {"modality": "DEM", "per_second": "1"}
    with served(api_of(opened(root, tmp_path))) as base, httpx.Client(base_url=base, timeout=PATIENCE_S) as client:
        streams = [client.stream("GET", PLAY, params=slow) for _ in range(PLAYERS)]
        running = [stream.__enter__().iter_text() for stream in streams]
        for pieces in running:
            read_events(pieces, 1)
        refused = client.get(PLAY, params=slow)
        assert (refused.status_code, refused.json()["error"]) == (429, "busy")
        assert refused.headers["retry-after"]
        streams.pop().__exit__(None, None, None)
        deadline = time.monotonic() + PATIENCE_S
        while client.head("/terramesh/shards").status_code != 200 or not _plays(client, slow):
            assert time.monotonic() < deadline, "the place of a listener that left is free again"
            time.sleep(0.05)
        for stream in streams:
            stream.__exit__(None, None, None)


def _plays(client: httpx.Client, parameters: dict[str, str]) -> bool:
    with client.stream("GET", PLAY, params=parameters) as answer:
        return answer.status_code == 200


def test_slow_sources_are_bridged_and_paces_are_kept() -> None:
    async def rest() -> AsyncGenerator[ServerEvent]:
        await asyncio.sleep(0.12)
        yield ServerEvent("late", {})
        yield ServerEvent("soon", {})

    async def sent() -> list[tuple[float, bytes]]:
        stream = EventStream(ServerEvent("first", {"a": "x\ny"}, "7"), rest(), heartbeat_s=0.05, per_second=20)
        begun = time.monotonic()
        return [(time.monotonic() - begun, bytes(piece)) async for piece in stream.body_iterator]  # type: ignore[arg-type] # bytes

    pieces = asyncio.run(sent())
    assert pieces[0][1] == b'event: first\nid: 7\ndata: {"a":"x\\ny"}\n\n'
    assert [piece for _, piece in pieces[1:3]] == [HEARTBEAT, HEARTBEAT]
    assert [piece.split(b"\n")[0] for _, piece in pieces[3:]] == [b"event: late", b"event: soon"]
    assert pieces[4][0] - pieces[3][0] > 0.04
