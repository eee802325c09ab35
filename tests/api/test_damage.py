"""Damaged sources over HTTP: each fault is named, and everything that is not damaged goes on working."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from data_access.settings import load_settings
from tests.all_opened import all_opened
from tests.data_access.annotations.annotation_rows import PATCH, row, write_rows
from tests.data_access.terramesh.writers import member_bytes, write_root, write_shard

GOOD, OTHER = "majortom_val_0000001", "majortom_val_0000002"
SHARD = "majortom_shard_000001.tar"


@pytest.fixture
def terramesh(tmp_path: Path) -> Path:
    """A sound root of two samples."""
    return write_root(tmp_path / "terramesh", {SHARD: (GOOD, OTHER)})


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    """A sound annotation file of one patch."""
    return write_rows(tmp_path / "text.parquet", [row(1), row(2)])


@contextmanager
def client_of(cache: Path, terramesh: Path, annotations: Path) -> Iterator[TestClient]:
    """The API over both sources."""
    flags = ["--terramesh", str(terramesh), "--bigearthnet-txt", str(annotations), "--cache-dir", str(cache)]
    configuration = load_settings(flags)
    api = create_api(Opening(lambda: all_opened(configuration)))
    with TestClient(api) as client:
        yield client
    api.state.hall.close()


def assert_terramesh_works(client: TestClient) -> None:
    assert client.get("/terramesh/count").json()["matched"] == 2
    assert client.get(f"/terramesh/samples/{GOOD}/S2L2A.webp").status_code == 200


def assert_annotations_work(client: TestClient) -> None:
    assert client.get("/bigearthnet/count").json()["annotations"] == 2
    assert len(client.get(f"/bigearthnet/samples/{PATCH}/annotations").json()["items"]) == 2


def test_sound_sources_work(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        assert_terramesh_works(client)
        assert_annotations_work(client)


def test_a_missing_folder_is_named(tmp_path: Path, annotations: Path) -> None:
    with client_of(tmp_path / "cache", tmp_path / "gone", annotations) as client:
        answer = client.get("/terramesh/count")
        assert (answer.status_code, answer.json()["error"]) == (503, "source_missing")
        assert "gone" in answer.json()["message"]
        assert client.get("/health").json()["status"] == "partial"
        assert_annotations_work(client)


@pytest.mark.parametrize("kept", [0, 100, 700, 2000])
def test_a_truncated_shard_is_named(tmp_path: Path, terramesh: Path, annotations: Path, kept: int) -> None:
    shard = terramesh / "val" / "S2L2A" / SHARD
    shard.write_bytes(shard.read_bytes()[:kept])
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        answer = client.get(f"/terramesh/samples/{OTHER}/S2L2A.npy")
        assert answer.status_code in {404, 422}, answer.text
        assert answer.json()["error"] in {"bad_shard", "bad_sample", "modality_missing"}
        assert client.get(f"/terramesh/samples/{GOOD}/DEM.npy").status_code == 200
        record = client.get(f"/terramesh/samples/{OTHER}")
        assert record.status_code == 200
        assert "DEM" in {modality["name"] for modality in record.json()["modalities"]}
        assert_annotations_work(client)


def test_a_shard_truncated_while_serving_is_named(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        assert_terramesh_works(client)
        shard = terramesh / "val" / "S1RTC" / SHARD
        shard.write_bytes(shard.read_bytes()[:900])
        answer = client.get(f"/terramesh/samples/{OTHER}/S1RTC.webp")
        assert answer.status_code == 422, answer.text
        shard.unlink()
        answer = client.get(f"/terramesh/samples/{OTHER}/S1RTC.npy")
        assert (answer.status_code, answer.json()["error"]) in {(503, "source_missing"), (422, "bad_shard")}
        assert_terramesh_works(client)


def test_a_wrong_dtype_is_named(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    text = np.zeros((1, 1, 16, 16), "<U4")
    members = {GOOD: member_bytes("DEM"), OTHER: member_bytes("DEM", bands=text)}
    write_shard(terramesh, "val", "DEM", SHARD, members)
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        answer = client.get(f"/terramesh/samples/{OTHER}/DEM.npy")
        assert (answer.status_code, answer.json()["error"]) == (422, "bad_sample")
        assert client.get(f"/terramesh/samples/{GOOD}/DEM.npy").status_code == 200


def test_a_foreign_file_in_a_shard_hurts_nobody(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    members = {GOOD: member_bytes("DEM"), OTHER: member_bytes("DEM"), "../../etc/passwd": b"root"}
    write_shard(terramesh, "val", "DEM", SHARD, members)
    (terramesh / "val" / "DEM" / "notes.txt").write_text("hello")
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        assert_terramesh_works(client)
        assert client.get(f"/terramesh/samples/{OTHER}/DEM.npy").status_code == 200


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_coordinate_that_is_none_costs_the_place_not_the_pixels(
    tmp_path: Path, terramesh: Path, annotations: Path
) -> None:
    nan = np.array([np.nan])
    for path in sorted((terramesh / "val").glob("*/*.tar")):
        modality = path.parent.name
        nowhere = member_bytes(modality, center_lon=nan, center_lat=nan, x=None, y=None, sample=None)
        members = {GOOD: member_bytes(modality), OTHER: nowhere}
        write_shard(terramesh, "val", modality, SHARD, members)
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        record = client.get(f"/terramesh/samples/{OTHER}")
        assert record.status_code == 200
        assert record.json()["lon"] is None
        assert client.get(f"/terramesh/samples/{OTHER}/S2L2A.npy").status_code == 200
        assert client.get(f"/terramesh/samples/{OTHER}/S2L2A.tif").status_code == 200
        assert client.get(f"/terramesh/samples/{GOOD}/S2L2A.webp").status_code == 200
        assert client.get("/terramesh/points").status_code == 200


def test_a_missing_column_is_named(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    pq.write_table(pq.read_table(annotations).drop_columns(["patch_id"]), annotations)
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        answer = client.get("/bigearthnet/count")
        assert (answer.status_code, answer.json()["error"]) == (503, "bad_schema")
        assert "patch_id" in answer.json()["message"]
        assert_terramesh_works(client)


def test_a_column_of_another_type_is_named(tmp_path: Path, terramesh: Path, annotations: Path) -> None:
    table = pq.read_table(annotations)
    words = pa.array(["north"] * table.num_rows)
    pq.write_table(table.set_column(table.column_names.index("latitude"), "latitude", words), annotations)
    with client_of(tmp_path / "cache", terramesh, annotations) as client:
        answer = client.get(f"/bigearthnet/samples/{PATCH}")
        assert (answer.status_code, answer.json()["error"]) == (503, "bad_schema")
        assert_terramesh_works(client)


def test_no_file_at_all_is_named(tmp_path: Path, terramesh: Path) -> None:
    empty = tmp_path / "empty.parquet"
    empty.write_bytes(b"")
    with client_of(tmp_path / "cache", terramesh, empty) as client:
        answer = client.get("/bigearthnet/count")
        assert answer.status_code == 503
        assert answer.json()["error"] in {"bad_schema", "source_missing", "bad_sample"}
        assert_terramesh_works(client)
