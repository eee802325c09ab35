"""Health tells what the process is busy with, and answers for one data set while the other is being opened."""

from concurrent.futures import Future
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from data_access.progress import activity
from errors import ShardError
from tests.memory_dataset import MemoryCollections, MemoryDataset


def activity_named(client: TestClient, title: str) -> dict[str, Any]:
    """What health says of one piece of work."""
    listed: list[dict[str, Any]] = client.get("/health").json()["activities"]
    return next(each for each in listed if each["title"] == title)


def test_work_is_listed_while_it_runs_and_after(client: TestClient) -> None:
    with activity("Building the catalogue of TerraMesh", total=200, unit="samples") as work:
        work.tell(50, "val")
        told = activity_named(client, work.title)
        assert (told["status"], told["fraction"], told["detail"]) == ("running", 0.25, "val")
        assert told["remaining_s"] > 0
    assert activity_named(client, work.title)["status"] == "done"


def test_failed_work_says_why(client: TestClient) -> None:
    with pytest.raises(ShardError), activity("Reading a shard"):
        raise ShardError("a.tar is cut. Fetch it again.")
    told = activity_named(client, "Reading a shard")
    assert (told["status"], told["detail"], told["fraction"]) == ("failed", "a.tar is cut. Fetch it again.", None)


def test_a_countdown_of_remote_servers_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health").json()["waiting_s"] is None
    monkeypatch.setattr("api.routes.health.waiting", lambda: 41.5)
    assert client.get("/health").json()["waiting_s"] == 41.5


class HalfOpened(MemoryCollections[MemoryDataset]):
    """TerraMesh takes its time; BigEarthNet is open."""

    def opening(self, name: str) -> "Future[Any]":
        return Future() if name == "terramesh" else super().opening(name)


def test_one_data_set_answers_while_the_other_is_being_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.opening.OPENING_WAIT_S", 0.05)
    opening = Opening(lambda: HalfOpened({"terramesh": MemoryDataset(), "bigearthnet": MemoryDataset("bigearthnet")}))
    api = create_api(opening)
    with TestClient(api) as client:
        assert client.get("/bigearthnet/count").status_code == 200
        busy = client.get("/terramesh/count")
        assert (busy.status_code, busy.json()["retryable"]) == (503, True)
        health = client.get("/health").json()
        assert health["status"] == "opening"
        assert {name: state["state"] for name, state in health["collections"].items()} == {
            "terramesh": "opening",
            "bigearthnet": "open",
        }
    api.state.hall.close()
