"""The readings of a patch over HTTP: what is stored, what it says, and the usual answers for what is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes.readings import ReadingBody, ReadingsBody
from data_access.bigearthnet.opening import open_bigearthnet
from tests.data_access.annotations.audit.audited_patches import (
    DAMAGED,
    PATCHES,
    PER_PATCH,
    WITHOUT_MAP,
    audited_patches,
)
from tests.memory_dataset import IDS, MemoryCollections

PATH = "/bigearthnet/samples/{}/readings"
BOX = re.compile(r"\[(\S+) (\S+), (\S+) (\S+)\]")
POINT = re.compile(r"<point>\((\S+), (\S+)\)</point>")


def test_a_patch_is_answered_as_documented_and_can_be_kept(client: TestClient) -> None:
    answer = client.get(PATH.format(IDS[0]))
    (item,) = ReadingsBody.model_validate(answer.json()).items
    assert item.input == "<script>alert(1)</script>", "as stored: whoever draws it makes text of it"
    assert item.problem, "it has no task"
    assert item.verdict is None
    again = client.get(PATH.format(IDS[0]), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "immutable" in client.get(PATH.format(IDS[0]), params={"v": "ben1"}).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (PATH.format("nobody"), 404, "unknown_sample"),
        (f"/terramesh/samples/{IDS[0]}/readings", 404, "unknown_dataset"),
        (PATH.format("..%2f"), 404, "not_found"),
    ],
)
def test_what_is_not_there_is_named(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_a_map_that_can_not_be_read_is_told_and_not_kept(tmp_path: Path) -> None:
    patches = audited_patches(tmp_path)
    api = create_api(Opening(lambda: MemoryCollections({"bigearthnet": patches})))
    with TestClient(api) as client:
        answers = {patch: client.get(PATH.format(patch), params={"v": patches.info.revision}) for patch in PATCHES[-3:]}
    api.state.hall.close()
    verdicts = {
        patch: [item.verdict and item.verdict.reason for item in ReadingsBody.model_validate(answer.json()).items]
        for patch, answer in answers.items()
    }
    assert verdicts[WITHOUT_MAP].count(None) == PER_PATCH - 1, "the season is told by the row"
    assert verdicts[DAMAGED].count("The reference map of this patch can not be read.") == PER_PATCH - 1
    kept = {patch for patch, answer in answers.items() if "immutable" in answer.headers["cache-control"]}
    assert kept == set(PATCHES[-3:]) - {DAMAGED}


@pytest.fixture(scope="module")
def served(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over the real annotation rows and the real patches that have pixels."""
    patches = open_bigearthnet(
        real_data / "bigearthnet_txt" / "bench_rows.parquet",
        real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB",
        kind="local",
        tables_dir=tmp_path_factory.mktemp("tables"),
    )
    api = create_api(Opening(lambda: MemoryCollections({"bigearthnet": patches})))
    with TestClient(api) as client:
        yield client
    api.state.hall.close()


@pytest.mark.real
def test_real_boxes_and_points_lie_where_the_rows_say(served: TestClient, real_data: Path) -> None:
    rows = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet").to_pylist()
    items: dict[int | None, ReadingBody] = {}
    for patch in {row["patch_id"] for row in rows}:
        body = served.get(PATH.format(patch)).json()
        items |= {item.ID: item for item in ReadingsBody.model_validate(body).items}
    assert len(items) == len(rows) == 122
    boxes = points = 0
    for row in rows:
        item = items[row["ID"]]
        assert not item.problem, row["input"]
        box, point = BOX.fullmatch(row["output"]), POINT.search(row["input"])
        assert item.box == (tuple(map(float, box.groups())) if box else None)
        assert item.point == (tuple(map(float, point.groups())) if point else None)
        assert (item.box is not None) == (row["type"] == "bounding box")
        boxes, points = boxes + bool(box), points + bool(point)
        for leak in item.leaks:
            stated = row[leak.kind] if leak.kind != "season" or row["season"] != "Fall" else "autumn"
            assert item.answer[leak.start : leak.end].lower() == stated.lower()
    assert boxes > points > 0
