"""Measures of the batch index beside the samples that they belong to; how partial they are is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.catalog import TableCatalog, kept_catalog
from data_access.measures import MEASURE_COLUMNS
from data_access.places import Places
from data_access.sample_filter import SampleFilter
from data_access.store_building import Recipe
from data_access.terramesh import batch_parts, opening, sample_table
from data_access.terramesh.batch_parts import Kind, Label, part_path, write_part
from data_access.terramesh.layout import discover
from data_access.terramesh.opening import open_terramesh
from tests.data_access.terramesh.conftest import OpenRoot
from tests.data_access.terramesh.writers import CENTRE, write_root

FIRST, SECOND, THIRD = "majortom_val_0000001", "majortom_val_0000002", "ssl4eos12_val_0080385"
SHARDS = {"majortom_shard_000001.tar": (FIRST, SECOND), "ssl4eos12_shard_000009.tar": (THIRD,)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_root(tmp_path / "root", SHARDS)


def write(
    root: Path, index: Path, kind: Kind, tar: str, ids: list[str], **columns: Sequence[float | datetime | None]
) -> None:
    """A part as the batch index writes it, all other columns null."""
    shards = batch_parts.shards_of(discover(root), "val", tar)
    schema = batch_parts.SCHEMAS[kind]
    given = {"id": ids, **columns}
    arrays = [pa.array(given.get(field.name, [None] * len(ids)), field.type) for field in schema]
    label = Label(batch_parts.identities(kind, shards), ())
    write_part(part_path(index, kind, "val", tar), kind, pa.table(arrays, schema=schema), label)


def test_measures_join_their_samples_and_make_a_new_revision(root: Path, tmp_path: Path, open_root: OpenRoot) -> None:
    before = open_root(root)
    assert "lulc_water" not in before.catalog.column_names
    index = tmp_path / "index"
    values = [80.0, None, 5.0]
    write(root, index, "statistics", "majortom_shard_000001.tar", [SECOND, "other", FIRST], lulc_water=values)

    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables", index_dir=index)

    assert opened.info.revision not in (before.info.revision, "")
    assert set(MEASURE_COLUMNS) < set(opened.catalog.column_names)
    assert [opened.catalog.row(key)["lulc_water"] for key in (FIRST, SECOND, THIRD)] == [5.0, 80.0, None]
    assert opened.catalog.row(FIRST)["relief"] is None
    wet = SampleFilter(ranges=(("lulc_water", 40.0, None),))
    assert opened.catalog.rows(wet, limit=5)["id"].to_pylist() == [SECOND]
    assert "Statistics cover 2 of 3 samples" in " ".join(opened.info.notes)


def test_a_part_that_comes_while_the_catalogue_is_built_waits_for_the_next_start(
    root: Path, tmp_path: Path, open_root: OpenRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise what is kept of the map would bear the name of measures that it does not have."""
    assert open_root(root) is not None
    index, tables = tmp_path / "index", tmp_path / "tables"
    write(root, index, "statistics", "majortom_shard_000001.tar", [FIRST, SECOND], relief=[1.0, 2.0])

    def build(path: Path | None, recipe: Recipe) -> TableCatalog:
        built = kept_catalog(path, recipe)
        write(root, index, "statistics", "ssl4eos12_shard_000009.tar", [THIRD], relief=[3.0])
        return built

    steep = SampleFilter(ranges=(("relief", 0.5, None),))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(opening, "kept_catalog", build)
        early = open_terramesh(root, kind="local", tables_dir=tables, index_dir=index)
    assert (tables / f"terramesh-{early.info.revision}.duckdb").is_file()
    assert early.points.mask(steep).count == early.catalog.count(steep).matched == 2

    late = open_terramesh(root, kind="local", tables_dir=tables, index_dir=index)
    assert late.info.revision != early.info.revision
    assert late.points.mask(steep).count == late.catalog.count(steep).matched == 3


def test_broken_and_stale_parts_are_passed_over(root: Path, tmp_path: Path, open_root: OpenRoot) -> None:
    assert open_root(root) is not None  # the fixture leaves countries aside
    index = tmp_path / "index"
    for tar, keys in SHARDS.items():
        write(root, index, "statistics", tar, list(keys), relief=[1.0] * len(keys))
    path = part_path(index, "statistics", "val", "majortom_shard_000001.tar")
    path.write_bytes(path.read_bytes()[:-50])
    shard = root / "val" / "LULC" / "ssl4eos12_shard_000009.tar"
    shard.write_bytes(shard.read_bytes() + bytes(512))

    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables", index_dir=index)

    assert "relief" not in opened.catalog.column_names


def test_samples_that_the_metadata_does_not_list_are_told(root: Path, tmp_path: Path, open_root: OpenRoot) -> None:
    assert open_root(root) is not None
    row = {"tar": ["majortom_shard_000001.tar"], "zarr": [FIRST], "center_lon": [9.0], "center_lat": [45.0]}
    pq.write_table(pa.table(row), root / "val_metadata.parquet")
    index = tmp_path / "index"
    write(root, index, "offsets", "majortom_shard_000001.tar", [FIRST, SECOND])

    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables", index_dir=index)

    assert any("1 shards hold samples that the metadata does not list" in note for note in opened.info.notes)
    assert any("2 instead of 1" in note for note in opened.info.notes)


def test_null_and_nan_are_unknown_alike(root: Path, tmp_path: Path, open_root: OpenRoot) -> None:
    assert open_root(root) is not None
    index = tmp_path / "index"
    write(root, index, "statistics", "majortom_shard_000001.tar", [FIRST, SECOND], ndvi_mean=[np.nan, 0.5])
    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables", index_dir=index)
    assert [opened.catalog.row(key)["ndvi_mean"] for key in (FIRST, SECOND)] == [None, 0.5]


def test_times_of_the_parts_tell_the_season_where_the_metadata_holds_none(
    root: Path, tmp_path: Path, open_root: OpenRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    january, july = datetime(2021, 1, 5, tzinfo=UTC), datetime(2020, 7, 1, 10, 30, tzinfo=UTC)
    listed = {
        "tar": [tar for tar, keys in SHARDS.items() for _ in keys],
        "zarr": [f"{key}.zarr.zip" for key in (FIRST, SECOND, THIRD)],
        "center_lon": [CENTRE[0]] * 3,
        "center_lat": [CENTRE[1]] * 3,
        "S2_time": [None, january, None],
    }
    pq.write_table(pa.table(listed), root / "val_metadata.parquet")
    before = open_root(root)
    assert [before.catalog.row(key)["time"] is None for key in (FIRST, SECOND, THIRD)] == [True, False, True]
    timed: list[object] = []  # what the season is told from

    def enrich(table: pa.Table, _: Places) -> pa.Table:
        timed.extend(table["time"].to_pylist())
        return table

    monkeypatch.setattr(sample_table, "enrich", enrich)
    index = tmp_path / "index"
    write(root, index, "statistics", "majortom_shard_000001.tar", [FIRST, SECOND], time=[july, july])

    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables", index_dir=index)

    rows = [opened.catalog.row(key) for key in (FIRST, SECOND, THIRD)]
    assert [row["time"] for row in rows] == [july.replace(tzinfo=None), january.replace(tzinfo=None), None]
    assert timed == [row["time"] for row in rows]
    assert any(note.startswith("No time is known for 1 samples") for note in opened.info.notes)
