"""The API over the demo collection: real readers, real tables, every modality, and generated requests."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from rasterio.io import MemoryFile
from schemathesis import checks
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from data_access.settings import load_settings
from tests.all_opened import all_opened
from tests.api.generated_requests import JUNK, PARAMETERS, document_of

EXAMPLES = 8  # per route: the in-memory data set gets more, this one checks SQL and files
SENTINEL_1 = {"majortom": "S1RTC", "ssl4eos12": "S1GRD"}


# Opened at the first request, when the fixture `demo_collection` has seen to it that there is one.
api = create_api(Opening(lambda: all_opened(load_settings())))
schema = document_of(api)


@pytest.fixture(scope="module")
def demo(demo_collection: Path) -> Iterator[TestClient]:
    """A client of the API over the demo collection at `demo_collection`, opened."""
    assert load_settings().demo_dir == demo_collection
    with TestClient(api) as client:
        while client.get("/terramesh/count").json().get("error") == "opening":
            pass  # each request waits twenty seconds by itself; a busy machine may need more
        yield client
    api.state.hall.close()


def samples(demo: TestClient, dataset: str, **wanted: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = demo.get(f"/{dataset}/samples", params={"limit": "5000", **wanted}).json()["items"]
    return rows


def test_health_says_demo_and_synthetic(demo: TestClient, demo_collection: Path) -> None:
    body = demo.get("/health").json()
    counts = json.loads((demo_collection / "manifest.json").read_text())["counts"]
    assert body["status"] == "ok"
    for state in body["collections"].values():
        assert (state["kind"], state["synthetic"]) == ("demo", True)
    assert body["collections"]["terramesh"]["samples"] == counts["terramesh_samples"]
    assert body["collections"]["bigearthnet"]["samples"] == counts["bigearthnet_patches"]


@pytest.mark.parametrize("dataset", ["terramesh", "bigearthnet"])
def test_counts_facets_rows_and_points_agree(demo: TestClient, dataset: str) -> None:
    facets = demo.get(f"/{dataset}/facets").json()
    for value in facets["facets"]["country"][:5]:
        wanted = {"country": value["value"]}
        count = demo.get(f"/{dataset}/count", params=wanted).json()
        assert count["matched"] == value["count"]
        assert len(samples(demo, dataset, **wanted)) == value["count"]
        columns = demo.get(f"/{dataset}/points", params=wanted, headers={"Accept": "application/vnd.patchwork.columns"})
        length = int.from_bytes(columns.content[:4], "little")
        assert json.loads(columns.content[4 : 4 + length])["n"] == value["count"]


@pytest.mark.parametrize("source", SENTINEL_1)
def test_every_modality_of_a_sample_is_served(demo: TestClient, source: str) -> None:
    sample = samples(demo, "terramesh", source=source)[0]["id"]
    record = demo.get(f"/terramesh/samples/{sample}").json()
    assert record["problems"] == []
    names = {modality["name"] for modality in record["modalities"]}
    assert names >= {"S2L2A", "S2L1C", "S2RGB", SENTINEL_1[source], "DEM", "NDVI", "LULC", "cloud_mask"}
    assert not names & (set(SENTINEL_1.values()) - {SENTINEL_1[source]})
    for modality in record["modalities"]:
        base = f"/terramesh/samples/{sample}/{modality['name']}"
        values = np.load(io.BytesIO(demo.get(f"{base}.npy").content))
        assert (list(values.shape), values.dtype.name) == (modality["shape"], modality["dtype"])
        picture = Image.open(io.BytesIO(demo.get(f"{base}.webp").content))
        assert picture.size == values.shape[:0:-1]
        assert demo.get(f"{base}/legend").json()["modality"] == modality["name"]
        with MemoryFile(demo.get(f"{base}.tif").content) as memory, memory.open() as read:
            np.testing.assert_array_equal(read.read().astype(np.float64), values.astype(np.float64))
            assert read.crs.to_epsg() == record["epsg"]
            assert "synthetic" in read.tags()


def test_footprints_are_the_corners_of_the_records(demo: TestClient) -> None:
    for dataset in ("terramesh", "bigearthnet"):
        items = demo.get(f"/{dataset}/footprints?limit=4").json()["items"]
        assert len(items) == 4
        for item in items:
            record = demo.get(f"/{dataset}/samples/{item['id']}").json()
            np.testing.assert_allclose(item["corners"], record["corners"])
            assert set(item["modalities"]) == {modality["name"] for modality in record["modalities"]}


def test_annotations_are_the_rows_of_the_file(demo: TestClient, demo_collection: Path) -> None:
    table = pq.read_table(demo_collection / "BigEarthNet.txt.parquet")
    patch = table["patch_id"][table.num_rows // 2].as_py()
    expected = [row for row in table.to_pylist() if row["patch_id"] == patch]
    assert demo.get(f"/bigearthnet/samples/{patch}/annotations").json()["items"] == expected
    assert demo.get("/bigearthnet/count").json()["annotations"] == table.num_rows


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_documented(case: schemathesis.Case[Any], demo: TestClient) -> None:
    assert demo.app is api
    case.call_and_validate(
        checks=[
            checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ]
    )


@given(
    st.sampled_from(["count", "facets", "samples", "points", "footprints", "tiles/1/1/0.png"]),
    st.sampled_from(["terramesh", "bigearthnet"]),
    st.dictionaries(st.sampled_from(PARAMETERS), JUNK, max_size=3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_junk_in_a_filter_never_breaks_a_query(
    demo: TestClient, route: str, dataset: str, parameters: dict[str, str]
) -> None:
    answer = demo.get(f"/{dataset}/{route}", params=parameters)
    assert answer.status_code < 500, answer.text
