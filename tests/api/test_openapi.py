"""The whole documented API under generated requests, valid and not: no 5xx, and every answer as documented."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes import generations
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import Dataset
from tests.api.generated_requests import ALIKE, JUNK, PARAMETERS, document_of
from tests.data_access.annotations.annotation_rows import OTHER, row, write_rows
from tests.generation.small_service import small_service
from tests.memory_dataset import IDS, MemoryCollections, MemoryDataset

EXAMPLES = 25  # per route; with the boundaries of every parameter about a minute over all routes

# A file of annotations as it is on disk: their routes ask for more than a data set in memory has.
folder = Path(tempfile.mkdtemp(prefix="patchwork-test-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
text = write_rows(folder / "text.parquet", [row(1), row(2, type="mcq"), row(3, OTHER, output="no"), row(4, None)])
patches = open_bigearthnet(text, None, kind="demo", tables_dir=folder / "tables")
collections = MemoryCollections[Dataset]({"terramesh": MemoryDataset(), "bigearthnet": patches})
api = create_api(Opening(lambda: collections))
client = TestClient(api)
schema = document_of(api)

FILTERED = [
    path
    for path, methods in api.openapi()["paths"].items()
    if any(parameter["name"] == "cloud_max" for parameter in methods.get("get", {}).get("parameters", ()))
]
LOOKS = ("preset", "bands", "range", "gamma", "expression", "offset", "size", "v")


@pytest.fixture(scope="module", autouse=True)
def quick_generations() -> Iterator[None]:
    """Runs of an engine without a model, whoever asks for the generations of this process."""
    with small_service(folder) as running, pytest.MonkeyPatch.context() as patch:
        # Not `dependency_overrides`: where there is any, FastAPI builds all dependencies anew for every request.
        patch.setattr(generations, "service", lambda: running)
        yield


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_documented(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(
        checks=[
            checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ]
    )


@pytest.mark.parametrize("path", FILTERED)
def test_every_measure_is_read_by_every_route_that_filters(path: str) -> None:
    route = path.format(dataset="bigearthnet", sample_id=IDS[0], z=0, x=0, y=0)
    for name in sorted(ALIKE):
        refused = client.get(route, params={name: "much"})
        assert (refused.status_code, refused.json()["error"]) == (400, "bad_filter")
        assert refused.json()["message"].startswith(f"{name} ")
    answered(route, dict.fromkeys(ALIKE, "0.5"))


def answered(url: str, parameters: dict[str, str]) -> None:
    answer = client.get(url, params=parameters)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error", "message", "retryable"}
        assert len(answer.content) < 2000


@given(
    st.sampled_from(["count", "facets", "samples", "points", "footprints", "tiles/0/0/0.png"]),
    st.dictionaries(st.sampled_from(PARAMETERS), JUNK, max_size=3),
)
@settings(max_examples=80, deadline=None)
def test_junk_in_a_filter_never_breaks_a_route(route: str, parameters: dict[str, str]) -> None:
    answered(f"/terramesh/{route}", parameters)


@given(
    st.sampled_from(["S2L2A.webp", "DEM.png", "S1RTC/legend"]),
    st.dictionaries(st.sampled_from(LOOKS), JUNK, max_size=3),
)
@settings(max_examples=80, deadline=None)
def test_junk_in_a_look_never_breaks_a_chip(route: str, parameters: dict[str, str]) -> None:
    answered(f"/terramesh/samples/{IDS[0]}/{route}", parameters)


@given(JUNK, JUNK)
@settings(max_examples=80, deadline=None)
def test_junk_in_a_path_never_breaks_a_route(sample_id: str, modality: str) -> None:
    for path in ((sample_id,), (sample_id, f"{modality}.npy"), (sample_id, modality)):
        quoted = "/".join(quote(part, safe="") for part in path)
        answered(f"/terramesh/samples/{quoted}", {})
