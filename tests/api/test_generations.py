"""Generations over HTTP: asked for, followed, queued, cancelled, named, and their results like those of samples."""

import base64
import io
import json
from collections.abc import Iterator

import numpy as np
import pytest
import rasterio
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_api
from api.json_body import MOST_BYTES
from api.opening import Opening
from api.routes import generations
from generation.geotiff_tags import read_tags
from generation.limits import Limits
from generation.provenance import MENTAL_IMAGE
from generation.service import GenerationService
from rendering.render import render
from tests.generation.quick_engine import DIES, HANGS
from tests.generation.small_service import SAMPLE, finished, running, small_service
from tests.memory_dataset import MemoryCollections, MemoryDataset

ASKED = {"dataset": "terramesh", "sample": SAMPLE, "inputs": ["S2L2A"], "outputs": ["S1RTC"], "timesteps": 2}
UNKNOWN = "0" * 24
NO_RUN = {"session": "somebody"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenerationService]:
    with small_service(tmp_path_factory.mktemp("cache"), limits=Limits(waiting=2)) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(service: GenerationService) -> Iterator[TestClient]:
    opened = {"terramesh": MemoryDataset(), "bigearthnet": MemoryDataset("bigearthnet")}
    api = create_api(Opening(lambda: MemoryCollections(opened)))
    with pytest.MonkeyPatch.context() as patched, TestClient(api) as made:
        patched.setattr(generations, "service", lambda: service)
        yield made
    api.state.hall.close()


def start(client: TestClient, session: str = "one", **changes: object) -> str:
    answer = client.post("/generations", json={**ASKED, "session": session, **changes})
    assert answer.status_code == 202, answer.text
    run = str(answer.json()["id"])
    assert answer.headers["location"].endswith(f"/generations/{run}")
    return run


def events(client: TestClient, run: str, last: str | None = None) -> list[tuple[int, str, dict[str, object]]]:
    answer = client.get(f"/generations/{run}/events", headers={"Last-Event-ID": last} if last else {})
    found = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


@pytest.fixture(scope="module")
def run(client: TestClient, service: GenerationService) -> str:
    """A finished run of three outputs and two seeds."""
    made = start(client, "made", outputs=["S2L2A", "S1RTC", "LULC"], seeds=[0, 7])
    finished(service.job(made))
    return made


def test_events_lead_from_the_line_to_the_result(client: TestClient) -> None:
    made = start(client, outputs=["S1RTC", "LULC"])
    told = events(client, made)
    assert [number for number, *_ in told] == sorted({number for number, *_ in told})
    assert told[-1][1] == "done"
    assert {name for _, name, _ in told} <= {"queued", "loading", "tokens", "step", "done"}
    tokens = next(data for _, name, data in told if name == "tokens")
    assert np.array(tokens["grid"]).shape == np.array(tokens["decided"]).shape == (1, 14, 14)
    step = next(data for _, name, data in told if name == "step")
    kind, _, picture = str(step["preview"]).partition(",")
    assert kind == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(picture))).size == (224, 224)
    state = client.get(f"/generations/{made}").json()
    assert (state["state"], state["error"]) == ("done", None)
    assert state["result"]["shapes"] == {"S1RTC": [1, 2, 224, 224], "LULC": [1, 1, 224, 224]}
    assert state["result"]["provenance"]["notice"] == MENTAL_IMAGE


def test_a_reload_goes_on_behind_the_last_event(client: TestClient, run: str) -> None:
    told = events(client, run)
    middle = told[len(told) // 2][0]
    assert events(client, run, str(middle)) == [each for each in told if each[0] > middle]
    answer = client.get(f"/generations/{run}/events", headers={"Last-Event-ID": str(told[-1][0])})
    assert (answer.status_code, answer.content) == (204, b"")  # which tells a browser to stop asking
    assert events(client, run, "junk") == told


def test_cancelling_ends_the_events(client: TestClient, service: GenerationService) -> None:
    made = start(client, top_k=HANGS)
    running(service.job(made))
    busy = client.post("/generations", json={**ASKED, "session": "one"})
    assert (busy.status_code, busy.json()["error"]) == (409, "wrong_state")
    assert made in busy.json()["message"]
    assert busy.json()["run"] == made
    assert client.delete(f"/generations/{made}").status_code == 200
    assert events(client, made)[-1][1:] == ("cancelled", {})
    assert client.get(f"/generations/{made}").json()["state"] == "cancelled"
    assert client.get(f"/generations/{made}/S1RTC.npy").status_code == 404
    assert client.delete(f"/generations/{made}").json()["state"] == "cancelled"


def test_two_sessions_queue_and_a_full_line_says_when_to_come_back(
    client: TestClient, service: GenerationService
) -> None:
    first = start(client, "a", top_k=HANGS)
    running(service.job(first))
    waiting = [start(client, session) for session in "bc"]
    assert [client.get(f"/generations/{each}").json()["position"] for each in waiting] == [1, 2]
    full = client.post("/generations", json={**ASKED, "session": "d"})
    assert (full.status_code, full.json()["error"], full.json()["retryable"]) == (429, "queue_full", True)
    assert int(full.headers["retry-after"]) >= 1
    client.delete(f"/generations/{first}")
    for each in waiting:
        assert events(client, each)[-1][1] == "done"


def test_a_dead_worker_is_an_error_of_its_run(client: TestClient) -> None:
    made = start(client, top_k=DIES)
    number, name, data = events(client, made)[-1]
    assert (name, data["error"], data["retryable"]) == ("failed", "generation_failed", True)
    assert client.get(f"/generations/{made}").json()["error"] == data
    assert number >= 1
    assert events(client, start(client))[-1][1] == "done"


def test_values_by_seed_and_all_together(client: TestClient, run: str) -> None:
    def values(parameters: str) -> np.ndarray:
        array: np.ndarray = np.load(io.BytesIO(client.get(f"/generations/{run}/S1RTC.npy{parameters}").content))
        return array

    assert values("").shape == (2, 224, 224)
    assert (values("").max(), values("?seed=7").max()) == (0, 7)
    assert values("?seed=all").shape == (2, 2, 224, 224)
    wrong = client.get(f"/generations/{run}/S1RTC.npy?seed=3")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "bad_generation")


def test_pictures_and_legends_are_those_of_samples(client: TestClient, run: str) -> None:
    answer = client.get(f"/generations/{run}/S1RTC.webp?seed=7&preset=vv&range=0,10&size=112")
    assert Image.open(io.BytesIO(answer.content)).size == (112, 112)
    whole = np.asarray(
        Image.open(io.BytesIO(client.get(f"/generations/{run}/S1RTC.png?seed=7").content)).convert("RGBA")
    )
    expected = render(np.full((2, 224, 224), 7, np.float32), bands=("vv", "vh"), modality="S1RTC")
    np.testing.assert_array_equal(whole, expected.rgba)
    legend = client.get(f"/generations/{run}/S1RTC/legend?preset=vv&range=0,10").json()
    assert legend["preset"] == "vv"
    assert client.get(f"/generations/{run}/S1RTC.webp?preset=hillshade").json()["error"] == "bad_preset"


def test_true_colour_is_a_picture_of_what_was_generated(client: TestClient, run: str) -> None:
    assert client.get(f"/generations/{run}/S2RGB/legend").json()["preset"] == "true-colour"
    as_is = client.get(f"/generations/{run}/S2RGB.webp?preset=as-is").content
    assert as_is == client.get(f"/generations/{run}/S2L2A.webp?preset=true-colour").content
    for ending in ("npy", "tif"):
        assert client.get(f"/generations/{run}/S2RGB.{ending}").json()["error"] == "modality_missing"


def test_a_geotiff_lies_where_the_window_does_and_tells_what_it_is(client: TestClient, run: str) -> None:
    answer = client.get(f"/generations/{run}/S1RTC.tif?seed=7")
    assert answer.headers["content-disposition"].startswith('attachment; filename="generated_')
    with rasterio.MemoryFile(answer.content) as memory, memory.open() as file:
        assert (file.count, file.shape, file.crs.to_epsg()) == (2, (224, 224), 32632)
        assert (file.transform.c, file.transform.f) == (500000.0 + 200, 5500000.0 - 200)  # cropped from 264 pixels
        assert file.descriptions == ("vv", "vh")
        assert file.read().max() == 7
        told = read_tags(file.tags())
    assert (told["modality"], told["seed"], told["sample"], told["notice"]) == ("S1RTC", 7, SAMPLE, MENTAL_IMAGE)


def test_results_never_change_and_browsers_keep_them(client: TestClient, run: str) -> None:
    for path in ("S1RTC.webp", "S1RTC.npy", "S1RTC.tif", "S1RTC/legend"):
        answer = client.get(f"/generations/{run}/{path}?v=anything")
        assert "immutable" in answer.headers["cache-control"]
        again = client.get(f"/generations/{run}/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/generations/{run}").headers["cache-control"] == "no-store"


def test_a_title_is_kept_with_the_result(client: TestClient, run: str) -> None:
    answer = client.post(f"/generations/{run}/title", json={"title": " Floods  of May "})
    assert answer.json()["result"]["title"] == "Floods of May"
    bodies: tuple[object, ...] = ({"title": 3}, {"title": "a", "more": 1}, {}, [], {"title": "x" * 500})
    for body in bodies:
        assert client.post(f"/generations/{run}/title", json=body).status_code == 400
    assert client.post(f"/generations/{UNKNOWN}/title", json={"title": "x"}).status_code == 404


def test_models_say_what_they_need(client: TestClient) -> None:
    items = {item["name"]: item for item in client.get("/generations/models").json()["items"]}
    assert set(items) == {"demo", "terramind_v1_tiny", "terramind_v1_small", "terramind_v1_base", "terramind_v1_large"}
    assert items["demo"]["synthetic"]
    assert "coordinates" in items["terramind_v1_base"]["outputs"]


@pytest.mark.parametrize(
    ("changes", "status", "code", "said"),
    [
        ({"sample": "nowhere"}, 404, "unknown_sample", "nowhere"),
        ({"sample": "../../etc/passwd"}, 400, "bad_generation", "sample"),
        ({"dataset": "elsewhere"}, 400, "bad_generation", "dataset"),
        ({"inputs": []}, 400, "bad_generation", "inputs"),
        ({"outputs": ["S2RGB"]}, 400, "bad_generation", "S2L2A"),
        ({"inputs": ["S1GRD"]}, 404, "modality_missing", "S1GRD"),
        ({"timesteps": 10**9}, 400, "bad_generation", "timesteps"),
        ({"seeds": list(range(99))}, 400, "bad_generation", "seeds"),
        ({"seed": -1}, 400, "bad_generation", "seed"),
        ({"model": "__import__('os')"}, 400, "bad_generation", "model"),
        ({"unheard_of": 1}, 400, "bad_generation", "unheard_of"),
        ({"session": "a b"}, 400, "bad_generation", "session"),
        ({"coordinates": [1, 2]}, 400, "bad_generation", "one of the two"),
        ({"sample": None}, 400, "bad_generation", "one of the two"),
        ({"sample": None, "coordinates": [1e99, 2]}, 400, "bad_coordinate", "globe"),
        ({"sample": None, "coordinates": [1]}, 400, "bad_generation", "coordinates"),
    ],
    ids=str,
)
def test_what_can_not_be_asked_is_refused_by_name(
    client: TestClient, changes: dict[str, object], status: int, *, code: str, said: str
) -> None:
    body = {**ASKED, **NO_RUN, **changes}
    if "coordinates" in changes and changes.get("sample", "x") is None:
        body |= {"model": "terramind_v1_tiny", "inputs": ["coordinates"], "outputs": ["LULC"]}
    answer = client.post("/generations", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert said in answer.json()["message"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"null", 400),
        (b"[1]", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        (b'{"a":' * 3_000, 400),
        (b'{"timesteps": NaN, "inputs": ["DEM"], "sample": "a"}', 400),
        (b" " * (MOST_BYTES + 1), 413),
    ],
    ids=range(9),
)
def test_hostile_bodies_are_errors_of_the_client(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/generations", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "retryable"}


@pytest.mark.parametrize("part", ["..%2f..%2fetc", "%00", "x" * 24, "A" * 24, UNKNOWN + "0", "models%2f.."])
def test_hostile_ids_find_nothing(client: TestClient, part: str) -> None:
    for path in (part, f"{part}/events", f"{part}/S1RTC.npy", f"{part}/S1RTC.tif"):
        assert client.get(f"/generations/{path}").status_code in {400, 404}
    assert client.delete(f"/generations/{part}").status_code in {400, 404, 405}


@pytest.mark.parametrize("modality", ["..", "S1RTC%00", "S1RTC>", ">S1RTC", "extras%2fx", "unheard_of", "S2L2A>DEM"])
def test_hostile_modalities_find_nothing(client: TestClient, run: str, modality: str) -> None:
    for ending in ("npy", "webp", "tif"):
        assert client.get(f"/generations/{run}/{modality}.{ending}").status_code in {400, 404}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}, True),  # a proxy took TLS away
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://testserver:8080"}, False),  # another server of the same machine
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"}, False),
    ],
    ids=str,
)
def test_other_websites_change_nothing(client: TestClient, headers: dict[str, str], *, allowed: bool) -> None:
    changing = ("POST", ""), ("DELETE", f"/{UNKNOWN}"), ("POST", f"/{UNKNOWN}/title")
    for method, path in changing:
        answer = client.request(
            method, f"/generations{path}", headers=headers, content=b"{}" if method == "POST" else None
        )
        assert (answer.status_code == 403) is not allowed
        assert allowed or answer.json()["error"] == "foreign_origin"


def test_head_follows_nothing(client: TestClient, service: GenerationService) -> None:
    made = start(client, top_k=HANGS)
    assert client.head(f"/generations/{made}/events").status_code == 200
    service.cancel(made)
    finished(service.job(made))
