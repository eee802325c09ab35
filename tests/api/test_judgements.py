"""Judgements over HTTP: numbers, pictures between generated and real, ranges shared by both."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes import generations
from errors import UnknownGenerationError
from generation.judging import truth as truths
from generation.judging.seeds import spread
from generation.kept_result import KeptResult
from generation.outcome import Outcome
from generation.prepared import Prepared, Window
from generation.request import Request
from tests.generation.judging.kept import keep, values_like
from tests.memory_dataset import MemoryCollections, MemoryDataset

SHAPE = (32, 40)
SEEDS = (0, 4)
OUTPUTS = ("S2L2A", "S1GRD", "DEM", "LULC", "NDVI")


class OneResult:
    """A service that knows one result."""

    def __init__(self, result: KeptResult) -> None:
        self.kept = result

    def result(self, run: str) -> KeptResult:
        if run != self.kept.id:
            raise UnknownGenerationError("There is no such result.")
        return self.kept


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KeptResult:
    arrays = {name: np.stack([values_like(name, SHAPE, seed) for seed in SEEDS]) for name in OUTPUTS}
    tokens, real = np.array([[[1, 2]], [[1, 1]]], np.int32), np.array([[1, 1]], np.int32)
    places = np.array([[10, 50], [11, 50]], np.float32)
    outcome = Outcome(arrays, {"DEM": tokens}, places, facts={"levels": {"DEM": [2, 2]}}, real_tokens={"DEM": real})
    request = Request(inputs=("S1RTC",), outputs=(*OUTPUTS, "coordinates"), seeds=SEEDS)
    return keep(tmp_path_factory.mktemp("kept"), outcome, request, revision="tm1")


@pytest.fixture(scope="module")
def real() -> dict[str, np.ndarray]:
    """The sample has all but S1GRD."""
    return {name: values_like(name, SHAPE, 77) for name in OUTPUTS if name != "S1GRD"}


@pytest.fixture(scope="module")
def client(kept: KeptResult, real: dict[str, np.ndarray]) -> Iterator[TestClient]:
    """An API whose only result is the kept one; of the real NDVI the first rows are missing."""
    valid = {name: np.ones(SHAPE, bool) for name in real}
    valid["NDVI"][:4] = False
    api = create_api(Opening(lambda: MemoryCollections({"terramesh": MemoryDataset(revision="tm1")})))
    with pytest.MonkeyPatch.context() as patched, TestClient(api) as opened:
        prepared = Prepared({}, Window(0, 0, *SHAPE), truth=real, valid=valid)
        patched.setattr(truths, "prepare", lambda *_: prepared)
        patched.setattr(generations, "service", lambda: OneResult(kept))
        yield opened
    api.state.hall.close()


@pytest.fixture
def at(kept: KeptResult) -> str:
    """Address of the result."""
    return f"/generations/{kept.id}"


def values(client: TestClient, address: str) -> np.ndarray:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    array: np.ndarray = np.load(io.BytesIO(answer.content), allow_pickle=False)
    return array


def picture(client: TestClient, address: str) -> np.ndarray:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))


def test_judgement_tells_every_output(client: TestClient, at: str) -> None:
    answer = client.get(f"{at}/judgement")
    told = answer.json()
    assert "immutable" in answer.headers["cache-control"]
    assert list(told["outputs"]) == list(OUTPUTS)
    assert told["seeds"] == list(SEEDS)
    assert told["reason"] == ""
    dem = told["outputs"]["DEM"]
    assert len(dem["seeds"]) == len(SEEDS)
    assert dem["together"]["together"]["mae"] > 0
    assert dem["together"]["range_source"] == "real"
    assert dem["real_tokens"] == {
        "tokens": 2,
        "codes": 1,
        "equal": [0.5, 1.0],
        "constant": 1.0,
        "chance": 0.75,
        "distance": [1.0, 0.0],
        "constant_distance": 0.0,
    }
    assert told["outputs"]["NDVI"]["real_tokens"] is None
    assert np.array(told["outputs"]["LULC"]["seeds"][0]["classes"]["confusion"]).sum() == SHAPE[0] * SHAPE[1]
    assert "the sample has no S1GRD" in told["outputs"]["S1GRD"]["together"]["reason"]
    assert told["coordinates"]["distances_km"][1] == pytest.approx(71.7, abs=0.1)
    assert told["class_names"][5] == "built area"
    assert told["metrics"]["mae"]["better"] == "lower"
    again = client.get(f"{at}/judgement", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_real_values_are_cut_and_marked(client: TestClient, at: str, real: dict[str, np.ndarray]) -> None:
    found = values(client, f"{at}/NDVI/real.npy")
    assert np.isnan(found[0, :4]).all()
    np.testing.assert_array_equal(found[0, 4:], real["NDVI"][0, 4:])
    assert values(client, f"{at}/LULC/real.npy").dtype == np.uint8


def test_differences_are_generated_minus_real(
    client: TestClient, at: str, kept: KeptResult, real: dict[str, np.ndarray]
) -> None:
    first, mean = (values(client, f"{at}/DEM/difference.npy{query}") for query in ("", "?seed=mean"))
    np.testing.assert_allclose(first, kept.seed("DEM", 0) - real["DEM"], rtol=1e-5)
    np.testing.assert_allclose(mean, kept.array("DEM").astype(float).mean(axis=0) - real["DEM"], rtol=1e-3, atol=1e-2)
    classes = values(client, f"{at}/LULC/difference.npy?seed=4")
    np.testing.assert_array_equal(classes, kept.seed("LULC", 4) != real["LULC"])


def test_what_is_reconstructed_is_called_so(client: TestClient, real: dict[str, np.ndarray], tmp_path: Path) -> None:
    names = ("DEM", "LULC")
    outcome = Outcome({name: real[name][None] for name in names})
    again = keep(tmp_path, outcome, Request(kind="reconstruct", inputs=names, outputs=names), revision="tm1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(generations, "service", lambda: OneResult(again))
        at = f"/generations/{again.id}"
        assert client.get(f"{at}/DEM/difference/legend").json()["title"].endswith(": reconstructed minus real")
        classes = client.get(f"{at}/LULC/difference/legend").json()
        for ending in ("npy", "tif"):
            told = client.get(f"{at}/DEM.{ending}").headers["content-disposition"]
            assert f'filename="reconstructed_{again.id}_DEM.{ending}"' in told
    assert classes["title"] == "Reconstructed beside real"
    assert classes["recipe"] == "red where the reconstructed class is not the real one"


def test_spread_needs_no_truth(client: TestClient, at: str, kept: KeptResult) -> None:
    np.testing.assert_allclose(values(client, f"{at}/S1GRD/spread.npy"), spread(kept.array("S1GRD")))
    legend = client.get(f"{at}/S1GRD/spread/legend?band=vh").json()
    assert (legend["unit"], legend["title"]) == ("dB", "vh: spread over seeds")
    assert client.get(f"{at}/LULC/spread/legend").json()["unit"] == "share of seeds"


@pytest.mark.parametrize("modality", ["S2L2A", "DEM", "LULC", "NDVI"])
def test_pictures_of_everything(client: TestClient, at: str, modality: str) -> None:
    for name in ("real", "difference", "spread"):
        assert picture(client, f"{at}/{modality}/{name}.webp").shape == (*SHAPE, 3)
        assert picture(client, f"{at}/{modality}/{name}.webp?size=80").shape[1] == 80
        legend = client.get(f"{at}/{modality}/{name}/legend").json()
        assert legend["modality"] == modality
    assert picture(client, f"{at}/S2RGB/real.webp").shape == (*SHAPE, 3)


def test_a_shared_range_draws_generated_and_real_alike(client: TestClient, at: str) -> None:
    chosen = client.get(f"{at}/DEM/range").json()["range"]
    legends = [
        client.get(f"{at}/{rest}legend", params={"range": chosen, "seed": 0}).json() for rest in ("DEM/", "DEM/real/")
    ]
    assert legends[0]["range"] == legends[1]["range"]
    assert client.get(f"{at}/S2L2A/range?preset=true-colour").json()["range"]
    assert client.get(f"{at}/S1GRD/range").json()["range"] is None  # fixed ranges, one per channel
    assert client.get(f"{at}/LULC/range").json()["range"] is None


@pytest.mark.parametrize(
    ("rest", "status", "says"),
    [
        ("S1GRD/difference.webp", 404, "no S1GRD"),
        ("DEM/difference.webp?seed=9", 400, "this run has 0, 4"),
        ("DEM/difference.webp?seed=meen", 400, "seed"),
        ("S2L2A/difference.webp?band=B99", 400, "no band 'B99'"),
        ("DEM/difference.webp?range=5,1", 400, "low before high"),
        ("DEM/real.webp?preset=card", 400, "no preset"),
        ("S1RTC/spread.webp", 404, "made no array 'S1RTC'"),
        ("nothing/range", 404, "made no array"),
    ],
)
def test_what_can_not_be_is_named(client: TestClient, at: str, rest: str, status: int, says: str) -> None:
    answer = client.get(f"{at}/{rest}")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    assert says in answer.json()["message"]


def test_an_unknown_run(client: TestClient, at: str) -> None:
    assert client.get(f"{at[:-3]}fff/judgement").status_code == 404
    assert client.get("/generations/nonsense/judgement").status_code == 400


@given(
    rest=st.sampled_from(["DEM/difference.webp", "LULC/difference/legend", "S2L2A/spread.webp", "DEM/range"]),
    parameters=st.dictionaries(
        st.sampled_from(["seed", "band", "range", "size", "preset"]),
        st.one_of(st.text(max_size=80), st.sampled_from(["mean", "0", "1e309,NaN", "-1e30,1e30", "B08", "9" * 10])),
        max_size=3,
    ),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_never_breaks_a_picture(client: TestClient, at: str, rest: str, parameters: dict[str, str]) -> None:
    answer = client.get(f"{at}/{rest}", params=parameters)
    assert answer.status_code in {200, 400}, answer.text
