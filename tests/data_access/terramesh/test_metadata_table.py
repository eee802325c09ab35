"""The metadata table in every form that its columns may have."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.terramesh.metadata_table import SAMPLE_SCHEMA, MetadataTable
from errors import SchemaError

TIME = datetime(2020, 5, 3, 2, 7, 17)  # noqa: DTZ001 the table's times are UTC without a zone
ROWS: dict[str, object] = {
    "tar": ["majortom_shard_000001.tar", "ssl4eos12_shard_000009.tar", "other.tar"],
    "zarr": ["majortom_val_0000001.zarr.zip", "ssl4eos12_val_0080385.zarr.zip", "mine_1.zarr.zip"],
    "sample_id": ["38D_378R_2_3", "0194630_1", None],
    "center_lon": [34.0, -72.5, 9.8],
    "center_lat": [-3.4, -38.8, 57.2],
}


def read(
    tmp_path: Path, columns: dict[str, object], available: tuple[str, ...] = ()
) -> tuple[pa.Table, tuple[str, ...]]:
    path = tmp_path / "val_metadata.parquet"
    pq.write_table(pa.table(columns), path)
    metadata = MetadataTable(path, "val")
    table, notes = pa.concat_tables([SAMPLE_SCHEMA.empty_table(), *metadata.batches(set(available))]), metadata.notes
    assert len(table) == metadata.rows
    assert table.schema.equals(SAMPLE_SCHEMA)
    table.validate(full=True)
    return table, notes


def test_required_columns_alone(tmp_path: Path) -> None:
    del (columns := dict(ROWS))["sample_id"]
    table, notes = read(tmp_path, columns, ("other.tar",))
    assert table["id"].to_pylist() == ["majortom_val_0000001", "ssl4eos12_val_0080385", "mine_1"]
    assert table["source"].to_pylist() == ["majortom", "ssl4eos12", None]
    assert table["split"].to_pylist() == ["val"] * 3
    assert table["available"].to_pylist() == [False, False, True]
    assert table["lon"].to_pylist() == ROWS["center_lon"]
    for name in ("sample", "time", "s1_time", "cloud_cover", "epsg"):
        assert table[name].null_count == 3
    assert notes == ()


def test_columns_that_are_not_used_do_no_harm(tmp_path: Path) -> None:
    extra = {"geometry": [b"\0"] * 3, "bounds": [[0.0, 1.0]] * 3, "split": ["x"] * 3, "index": [None] * 3}
    assert read(tmp_path, ROWS | extra)[0] == read(tmp_path, dict(ROWS))[0]


@pytest.mark.parametrize("name", ["tar", "zarr", "center_lon", "center_lat"])
def test_missing_required_column_is_named(tmp_path: Path, name: str) -> None:
    del (columns := dict(ROWS))[name]
    with pytest.raises(SchemaError, match=rf"val_metadata.parquet has no column {name}; it has"):
        read(tmp_path, columns)


@pytest.mark.parametrize(
    "times",
    [
        pa.array([TIME, None, TIME], pa.timestamp("ns")),
        pa.array([TIME, None, TIME], pa.timestamp("s")),
        pa.array([TIME.replace(tzinfo=UTC), None, TIME.replace(tzinfo=UTC)], pa.timestamp("ms", "UTC")),
        pa.array(["2020-05-03T02:07:17", None, "2020-05-03 02:07:17Z"]),
        pa.array(["2020-05-03T02:07:17.000000000", "", "2020-05-03T04:07:17+02:00"], pa.large_string()),
        pa.array(["2020-05-03T02:07:17", "not a date", "2020-05-03T02:07:17"]).dictionary_encode(),
        pa.array([1_588_471_637_000_000_000, 0, 1_588_471_637_000_000_000]),
    ],
    ids=lambda times: str(times.type),
)
def test_times_of_every_type(tmp_path: Path, times: pa.Array) -> None:
    table, _ = read(tmp_path, ROWS | {"S2_time": times, "S1_time": times})
    assert table["time"].to_pylist() == [TIME, None, TIME]
    assert table["s1_time"].to_pylist() == [TIME, None, TIME]


@pytest.mark.parametrize(
    "crs",
    [
        pa.array(["EPSG:32636", None, "epsg:32632"]),
        pa.array(["32636", "unknown", "32632"]),
        pa.array([32636, 0, 32632]),
        pa.array([32636.0, float("nan"), 32632.0]),
        pa.array([32636, None, 32632], pa.int32()),
        pa.array(["EPSG:32636", None, "EPSG:32632"]).dictionary_encode(),
        pa.array(
            [
                'PROJCS["a",GEOGCS["b",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32636"]]',
                None,
                'PROJCRS["a",ID["EPSG",32632]]',
            ]
        ),
    ],
    ids=lambda crs: str(crs.type),
)
def test_crs_of_every_type(tmp_path: Path, crs: pa.Array) -> None:
    table, _ = read(tmp_path, ROWS | {"crs": crs})
    assert table["epsg"].to_pylist() == [32636, None, 32632]


@pytest.mark.parametrize(
    ("stored", "percent", "notes"),
    [
        ([0.0, 12.5, 100.0], [0.0, 12.5, 100.0], 0),
        ([0.0, 0.125, 1.0], [0.0, 12.5, 100.0], 1),
        ([0.0, 0.0, None], [0.0, 0.0, None], 0),
        ([float("nan"), -1.0, 50.0], [None, None, 50.0], 0),
        ([0, 3, 100], [0.0, 3.0, 100.0], 0),
    ],
)
def test_cloud_cover_is_percent(tmp_path: Path, stored: list[float], percent: list[float | None], notes: int) -> None:
    table, found = read(tmp_path, ROWS | {"cloud_cover": stored})
    assert table["cloud_cover"].to_pylist() == percent
    assert len(found) == notes


def test_names_may_come_with_folders(tmp_path: Path) -> None:
    table, _ = read(
        tmp_path, ROWS | {"tar": ["val/S2L2A/a.tar", "b.tar", "c.tar"], "zarr": ["x/k1.zarr.zip", "k2", "k3."]}
    )
    assert table["tar"].to_pylist() == ["a.tar", "b.tar", "c.tar"]
    assert table["id"].to_pylist() == ["k1", "k2", "k3"]


@pytest.mark.parametrize(("name", "column"), [("center_lon", ["a", "b", "c"]), ("tar", [[1], [2], [3]])])
def test_column_that_can_not_be_read_is_named(tmp_path: Path, name: str, column: list[object]) -> None:
    with pytest.raises(SchemaError, match=f"Column {name} of val_metadata.parquet has type"):
        read(tmp_path, ROWS | {name: column})


@pytest.mark.parametrize(
    ("name", "column", "field"),
    [
        ("S2_time", [[1], [2], [3]], "time"),
        ("cloud_cover", ["much", "some", "none"], "cloud_cover"),
        ("crs", [[1], [2], [3]], "epsg"),
    ],
)
def test_optional_column_that_can_not_be_read_costs_itself_alone(
    tmp_path: Path, name: str, column: list[object], field: str
) -> None:
    table, (note,) = read(tmp_path, ROWS | {name: column})
    assert table[field].null_count == len(table) == 3
    assert f"Column {name} of val_metadata.parquet has type" in note


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing PAR1", b"{}"])
def test_file_that_is_no_table_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "val_metadata.parquet"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match=r"val_metadata\.parquet can not be read"):
        MetadataTable(path, "val")


def test_empty_table(tmp_path: Path) -> None:
    empty = {name: pa.array([], pa.string() if name in ("tar", "zarr", "sample_id") else pa.float64()) for name in ROWS}
    assert len(read(tmp_path, empty)[0]) == 0
