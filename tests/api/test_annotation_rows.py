"""Pages of annotations over HTTP are the rows of the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from data_access.annotations.annotation_file import COLUMNS
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import Dataset
from tests.data_access.annotations.annotation_rows import OTHER, PATCH, row, write_rows
from tests.memory_dataset import MemoryCollections, MemoryDataset

ROWS = [
    *(row(number) for number in range(1, 8)),
    row(8, OTHER, type="mcq", category="area", input="How much? a) 0 to 10%, b) 20%, c) 30%, d) 40%", output="b"),
    row(9, OTHER, output="no", latitude=float("nan")),
    row(10, None),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("rows")
    path = write_rows(folder / "text.parquet", ROWS)
    patches = open_bigearthnet(path, None, kind="demo", tables_dir=folder / "tables")
    collections = MemoryCollections[Dataset]({"terramesh": MemoryDataset(), "bigearthnet": patches})
    api = create_api(Opening(lambda: collections))
    with TestClient(api) as opened:
        yield opened
    api.state.hall.close()


def test_pages_join_without_gap_or_repeat(client: TestClient) -> None:
    seen: list[int] = []
    query: dict[str, int] = {"limit": 3}
    while True:
        page = client.get("/bigearthnet/annotations", params=query).json()
        assert (page["matched"], page["patches"]) == (10, 2)
        seen += [item["ID"] for item in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == list(range(1, 11))


def test_rows_are_as_stored_and_filtered_by_row(client: TestClient) -> None:
    body = client.get("/bigearthnet/annotations?answer=b&type=mcq").json()
    assert (body["items"], body["matched"], body["patches"], body["next"]) == ([ROWS[7]], 1, 1, None)
    assert tuple(body["items"][0]) == COLUMNS
    (item,) = client.get("/bigearthnet/annotations?answer=no").json()["items"]
    assert item["latitude"] is None, "JSON has no NaN"
    assert client.get(f'/bigearthnet/annotations?text="arable land" {PATCH[-2:]}').json()["matched"] == 0
    assert client.get('/bigearthnet/annotations?text="arable land"&per_patch=1,2').json()["matched"] == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [("answer=maybe", "bad_filter"), ("limit=0", "bad_request"), ("limit=999999", "bad_request"),
     ("after=x", "bad_request"), (f"after={2**63}", "bad_request"), ("box_at=2,2", "bad_filter"),
     ("box_size=1,0,0,1", "bad_filter")],
)  # fmt: skip
def test_what_means_nothing_is_named(client: TestClient, query: str, code: str) -> None:
    answer = client.get(f"/bigearthnet/annotations?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, code)


def test_only_bigearthnet_has_any(client: TestClient) -> None:
    assert client.get("/terramesh/annotations").status_code == 404


def test_a_page_is_known_again(client: TestClient) -> None:
    answer = client.get("/bigearthnet/annotations?limit=1")
    again = client.get("/bigearthnet/annotations?limit=1", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
