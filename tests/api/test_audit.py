"""What an audit has found over HTTP: counted, and read back from its files."""

import csv
import io
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes.audit import AuditBody
from data_access.annotations.audit.audit import audit_of
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.settings import settings
from tests.data_access.annotations.audit.audited_patches import CHECKED, PATCHES, PER_PATCH, audited_patches
from tests.memory_dataset import MemoryCollections

PATH = "/bigearthnet/annotations/audit"


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigEarthNet]:
    folder = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(settings()), "tables_dir", folder / "kept")
        found = audited_patches(folder)
        audit_of(found).start(RowFilter()).wait(20)
        yield found


@pytest.fixture(scope="module")
def client(patches: BigEarthNet) -> Iterator[TestClient]:
    api = create_api(Opening(lambda: MemoryCollections({"bigearthnet": patches})))
    with TestClient(api) as opened:
        yield opened
    api.state.hall.close()


def test_outcomes_are_counted_per_task(client: TestClient) -> None:
    found = AuditBody.model_validate(client.get(PATH).json())
    assert (found.patches, found.with_map, found.checked) == (12, 11, CHECKED)
    assert sum(line.differ for line in found.tasks) == CHECKED
    some = AuditBody.model_validate(client.get(PATH, params={"country": "Austria", "type": "mcq"}).json())
    assert [(line.type, line.category, line.agree, line.not_checked) for line in some.tasks] == [
        ("mcq", "season", 5, 1)
    ]


def test_parquet_can_be_read_back(client: TestClient, patches: BigEarthNet) -> None:
    answer = client.get(f"{PATH}.parquet", params={"outcome": "differ"})
    table = pq.read_table(io.BytesIO(answer.content))
    assert table["ID"].to_pylist() == [PER_PATCH * number + 2 for number in range(CHECKED)]
    assert table["patch_id"].to_pylist() == list(PATCHES[:CHECKED])
    assert set(table["outcome"].to_pylist()) == {"differ"}
    about = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert about["licence"] == patches.info.licence.name
    assert about["credit"] == patches.info.licence.credit
    assert about["outcomes"] == "differ"
    assert about["checked"].startswith(f"{CHECKED} of 12 patches")
    assert "audit-differ" in answer.headers["content-disposition"]


def test_csv_can_be_read_back(client: TestClient, patches: BigEarthNet) -> None:
    answer = client.get(f"{PATH}.csv", params=[("outcome", "differ"), ("outcome", "agree"), ("type", "binary")])
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["outcome"] for row in rows] == ["agree", "differ"] * CHECKED
    assert {row["credit"] for row in rows} == {patches.info.licence.credit}
    assert rows[1]["found"] == "The map has no pastures."


def test_nothing_found_is_a_file_with_columns(client: TestClient) -> None:
    table = pq.read_table(io.BytesIO(client.get(f"{PATH}.parquet", params={"country": "Serbia"}).content))
    assert table.num_rows == 0
    assert "found" in table.column_names
    assert client.get(f"{PATH}.csv", params={"country": "Serbia"}).text.count("\r\n") == 1


@pytest.mark.parametrize("query", [{"outcome": "maybe"}, {"answer": "e"}, {"bbox": "1,2"}])
def test_bad_values_are_named(client: TestClient, query: dict[str, str]) -> None:
    answer = client.get(f"{PATH}.csv", params=query)
    assert answer.status_code in (400, 422)
    assert answer.json()["message"]
