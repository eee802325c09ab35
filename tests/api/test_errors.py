"""Every error leaves in one shape, with the status of the table, and never as a traceback."""

import time
from threading import Event

import pytest
from starlette.testclient import TestClient

import errors
from api.application import create_api
from api.errors import STATUS_OF, status_of
from api.opening import OpenedCollections, Opening
from errors import DemoBuildError, PatchworkError, SchemaError, SettingsError
from tests.memory_dataset import DAMAGED, IDS, MemoryCollections, MemoryDataset

SAMPLE = f"/terramesh/samples/{IDS[0]}"


def all_named_errors() -> list[type[PatchworkError]]:
    """All that can reach the API; the demo is built by a command of its own."""
    found = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PatchworkError)]
    assert len(found) > 10
    return [each for each in found if each is not DemoBuildError]


@pytest.mark.parametrize("kind", all_named_errors())
def test_every_named_error_has_a_status(kind: type[PatchworkError]) -> None:
    assert kind in STATUS_OF, f"{kind.__name__} is missing in the table of api/errors.py"
    assert 400 <= status_of(kind("why")) < 600


def test_a_child_of_a_named_error_has_its_parents_status() -> None:
    class StrangeSchemaError(SchemaError):
        """Not in the table."""

    assert status_of(StrangeSchemaError("why")) == STATUS_OF[SchemaError]


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/nowhere/count", 404, "unknown_dataset"),
        ("/terramesh/nothing", 404, "not_found"),
        ("/terramesh/samples/majortom_val_9999999", 404, "unknown_sample"),
        ("/terramesh/samples/majortom_val_9999999/S2L2A.npy", 404, "unknown_sample"),
        (f"{SAMPLE}/S9.npy", 404, "modality_missing"),
        (f"{SAMPLE}/S2L2A.exe", 404, "not_found"),
        (f"{SAMPLE}/annotations", 404, "unknown_dataset"),
        (f"{SAMPLE}/S2L2A.webp?preset=beautiful", 400, "bad_preset"),
        (f"{SAMPLE}/S2L2A.webp?size=1", 400, "bad_request"),
        (f"{SAMPLE}/S2L2A.webp?size=1e308", 400, "bad_request"),
        (f"{SAMPLE}/S2L2A.png?gamma=nan", 400, "bad_preset"),
        ("/terramesh/samples/a%20b", 400, "bad_id"),
        ("/terramesh/samples/%00", 400, "bad_id"),
        ("/terramesh/samples/" + "a" * 129, 400, "bad_id"),
        ("/terramesh/count?bbox=10,50,11,40", 400, "bad_filter"),
        ("/terramesh/count?bbox=nan,0,1,1", 400, "bad_filter"),
        ("/terramesh/count?bbox=0,0,1e308,1", 400, "bad_filter"),
        ("/terramesh/count?cloud_max=101", 400, "bad_filter"),
        ("/terramesh/count?time_from=2020-13-01", 400, "bad_filter"),
        ("/terramesh/samples?limit=0", 400, "bad_request"),
        ("/terramesh/samples?after=../etc", 400, "bad_request"),
        ("/terramesh/points?limit=3", 413, "too_large"),
        ("/terramesh/tiles/2/4/0.png", 400, "bad_coordinate"),
        ("/terramesh/tiles/99/0/0.png", 400, "bad_request"),
        ("/terramesh/tiles/0/-1/0.png", 400, "bad_request"),
        (f"/terramesh/tiles/1/{'9' * 5000}/0.png", 400, "bad_request"),
        (f"/terramesh/samples/{DAMAGED}/S2L2A.webp", 422, "bad_shard"),
        (f"/terramesh/samples/{DAMAGED}/S2L2A.npy", 422, "bad_shard"),
        (f"/terramesh/samples/{DAMAGED}/S2L2A.tif", 422, "bad_shard"),
    ],
)
def test_each_fault_is_named(client: TestClient, url: str, status: int, code: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert set(answer.json()) == {"error", "message", "retryable"}
    assert answer.json()["retryable"] is False
    assert "Traceback" not in answer.text
    assert len(answer.content) < 1000


def test_a_method_that_is_not_there(client: TestClient) -> None:
    answer = client.delete(SAMPLE)
    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")


def test_a_damaged_sample_leaves_the_others_alone(client: TestClient) -> None:
    assert client.get(f"/terramesh/samples/{DAMAGED}/DEM.npy").status_code == 422
    assert client.get(f"{SAMPLE}/DEM.npy").status_code == 200
    record = client.get(f"/terramesh/samples/{DAMAGED}").json()
    assert record["problems"] == ["S2L2A: the shard is truncated"]


def test_a_data_set_that_can_not_be_opened_leaves_the_other_alone() -> None:
    collections = MemoryCollections[MemoryDataset](
        {"terramesh": SchemaError("val.parquet lacks column zarr."), "bigearthnet": MemoryDataset()}
    )
    client = TestClient(create_api(Opening(lambda: collections)))
    answer = client.get("/terramesh/count")
    assert answer.status_code == 503
    assert answer.json() == {"error": "bad_schema", "message": "val.parquet lacks column zarr.", "retryable": False}
    assert client.get("/bigearthnet/count").status_code == 200
    health = client.get("/health").json()
    assert health["status"] == "partial"
    assert health["collections"]["terramesh"]["error"] == "bad_schema"
    assert health["collections"]["bigearthnet"]["state"] == "open"


def test_settings_that_can_not_work_are_named_by_health_and_by_every_route() -> None:
    def fail() -> OpenedCollections:
        raise SettingsError("PATCHWORK_PORT is 'x': not a number.")

    client = TestClient(create_api(Opening(fail)))
    assert client.get("/terramesh/count").json()["error"] == "bad_setting"
    assert client.get("/health").json()["status"] == "failed"


def test_health_answers_while_the_collections_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.opening.OPENING_WAIT_S", 0.05)
    ready = Event()

    def slow() -> OpenedCollections:
        ready.wait(10)
        return MemoryCollections({"terramesh": MemoryDataset(), "bigearthnet": MemoryDataset()})

    opening = Opening(slow)
    opening.start()
    with TestClient(create_api(opening)) as client:
        assert client.get("/health").json()["status"] == "opening"
        busy = client.get("/terramesh/count")
        assert (busy.status_code, busy.json()["retryable"]) == (503, True)
        assert int(busy.headers["retry-after"]) > 0
        ready.set()
        deadline = time.monotonic() + 5
        while client.get("/health").json()["status"] != "ok":
            assert time.monotonic() < deadline
        assert client.get("/terramesh/count").status_code == 200


def test_a_bug_is_a_sentence_for_the_client(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("secret path /home/someone")

    monkeypatch.setattr(MemoryDataset, "count", broken)
    quiet = TestClient(client.app, raise_server_exceptions=False)
    answer = quiet.get("/terramesh/count")
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
    assert "secret" not in answer.text
