"""The union of annotations and imagery, and the pairing of Sentinel-1 with Sentinel-2."""

import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.pairing import PairingTables, find_pairing_tables
from data_access.bigearthnet.patch_table import patch_table
from data_access.bigearthnet.stores import open_images
from data_access.tasks import TASK_COLUMNS
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.data_access.bigearthnet.image_files import (
    FOREIGN_S1,
    PATCH,
    S1,
    SECOND,
    map_codes,
    s1_bands,
    s2_bands,
    write_lmdb,
    write_pairs,
)

NO_PAIRS = PairingTables(())
SECOND_S1 = "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_27_55"


def annotated(tmp_path: Path, *rows: dict[str, object]) -> pa.Table:
    path = write_rows(tmp_path / "a.parquet", rows)
    return Annotations(open_annotation_file(path), tmp_path / "tables").patches()


def stored(tmp_path: Path, *keys: str) -> ImageStore:
    values = {key: s1_bands() if key.startswith("S1") else s2_bands() for key in keys if "_map" not in key}
    maps = {key: {"Data": map_codes()} for key in keys if "_map" in key}
    return open_images(write_lmdb(tmp_path / "images" / "lmdb", values | maps), tmp_path / "tables")


def by_id(table: pa.Table) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in table.to_pylist()}


def test_annotations_alone(tmp_path: Path) -> None:
    table, notes = patch_table(annotated(tmp_path, row(1), row(2), row(3, SECOND, s1_name=SECOND_S1)), None, NO_PAIRS)
    assert notes == ()
    rows = by_id(table)
    assert list(rows) == [PATCH, SECOND]
    first = rows[PATCH]
    assert (first["s1_name"], first["country"], first["season"], first["source"]) == (
        S1,
        "Austria",
        "Summer",
        "bigearthnet",
    )
    assert (first["n_annotations"], first["n_binary_presence"], first["epsg"]) == (2, 2, 32633)
    assert (first["has_annotations"], first["has_imagery"], first["cloud_cover"]) == (True, False, None)
    assert str(first["time"]) == "2017-06-13 10:10:31"
    assert str(first["s1_time"]) == "2017-06-12 16:58:09"
    assert table.schema.field("time").type == pa.timestamp("us")
    assert set(TASK_COLUMNS) < set(table.column_names)


def test_imagery_alone_is_placed_by_its_names(tmp_path: Path) -> None:
    table, _ = patch_table(None, stored(tmp_path, PATCH, f"{SECOND}_reference_map", FOREIGN_S1), NO_PAIRS)
    rows = by_id(table)
    assert list(rows) == [FOREIGN_S1, PATCH, SECOND]
    assert [[r[k] for k in ("has_s2", "has_s1", "has_reference_map")] for r in rows.values()] == [
        [False, True, False],
        [True, False, False],
        [False, False, True],
    ]
    assert all(r["has_imagery"] and not r["has_annotations"] and r["country"] is None for r in rows.values())
    assert rows[PATCH]["lon"] == 12.740300299577253
    assert rows[FOREIGN_S1]["s1_name"] == FOREIGN_S1
    assert rows[FOREIGN_S1]["time"] == rows[FOREIGN_S1]["s1_time"]
    assert rows[PATCH]["s1_name"] is None


def test_names_never_pair(tmp_path: Path) -> None:
    table, notes = patch_table(None, stored(tmp_path, PATCH, S1), NO_PAIRS)
    assert table["id"].to_pylist() == [S1, PATCH]
    assert "1 Sentinel-1 patches" in notes[0]


def test_a_table_that_names_no_patch_for_an_s1_name_pairs_nothing(tmp_path: Path) -> None:
    store = stored(tmp_path, PATCH, S1)
    table = pa.table({"patch_id": pa.array([None], pa.string()), "s1_name": [S1]})
    pq.write_table(table, tmp_path / "images" / "metadata.parquet")
    united, _ = patch_table(None, store, find_pairing_tables(tmp_path / "images"))
    assert united["id"].to_pylist() == [S1, PATCH]


def test_annotations_pair_imagery(tmp_path: Path) -> None:
    table, notes = patch_table(annotated(tmp_path, row(1)), stored(tmp_path, PATCH, S1), NO_PAIRS)
    (only,) = table.to_pylist()
    assert (only["id"], only["s1_name"], only["has_s2"], only["has_s1"]) == (PATCH, S1, True, True)
    assert notes == ()


@pytest.mark.parametrize("place", ["images/metadata.parquet", "images/lmdb/metadata.parquet"])
def test_tables_beside_the_imagery_pair_it(tmp_path: Path, place: str) -> None:
    store = stored(tmp_path, PATCH, S1, SECOND_S1)
    pairs = {PATCH: S1, SECOND: SECOND_S1, PATCH.replace("57", "58"): "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_26_58"}
    write_pairs(tmp_path / place, pairs, country=["Austria", "Serbia", "Kosovo"], split=["train", "test", "test"])
    table, _ = patch_table(None, store, find_pairing_tables(store.root))
    rows = by_id(table)
    assert list(rows) == [PATCH, SECOND]
    assert (rows[PATCH]["has_s2"], rows[PATCH]["has_s1"], rows[PATCH]["country"]) == (True, True, "Austria")
    assert (rows[SECOND]["has_s2"], rows[SECOND]["has_s1"], rows[SECOND]["split"]) == (False, True, "test")


def test_of_disagreeing_tables_the_nearest_counts(tmp_path: Path) -> None:
    store = stored(tmp_path, PATCH, S1, SECOND_S1)
    write_pairs(tmp_path / "images" / "a.parquet", {PATCH: SECOND_S1})
    write_pairs(tmp_path / "images" / "lmdb" / "b.parquet", {PATCH: S1})
    table, _ = patch_table(None, store, find_pairing_tables(store.root))
    assert by_id(table)[PATCH]["s1_name"] == S1


def test_other_parquet_files_beside_the_imagery_do_no_harm(tmp_path: Path) -> None:
    store = stored(tmp_path, PATCH, S1)
    folder = tmp_path / "images"
    (folder / "broken.parquet").write_bytes(b"PAR1 not really")
    pq.write_table(pa.table({"patch_id": [PATCH]}), folder / "lacking.parquet")
    pq.write_table(pa.table({"patch_id": [1], "s1_name": [None]}), folder / "odd.parquet")
    write_pairs(folder / "[good]*.parquet", {PATCH: S1})
    tables = find_pairing_tables(store.root)
    assert {path.name for path in tables.paths} == {"odd.parquet", "[good]*.parquet"}
    table, _ = patch_table(None, store, tables)
    assert by_id(table)[PATCH]["has_s1"]


def test_a_new_pairing_table_changes_the_revision(tmp_path: Path) -> None:
    store = stored(tmp_path, PATCH, S1)
    before = find_pairing_tables(store.root).revision
    write_pairs(tmp_path / "images" / "metadata.parquet", {PATCH: S1})
    assert find_pairing_tables(store.root).revision != before


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(math.nan, 12.7), (48.1, math.inf), (91.0, 12.7), (48.1, -200.0), (None, None)]
)
def test_patches_without_a_valid_coordinate_are_named(
    tmp_path: Path, latitude: float | None, longitude: float | None
) -> None:
    rows = [row(1, latitude=latitude, longitude=longitude), row(2, SECOND)]
    table, notes = patch_table(annotated(tmp_path, *rows), None, NO_PAIRS)
    assert (by_id(table)[PATCH]["lon"], by_id(table)[PATCH]["lat"]) == (None, None)
    assert by_id(table)[SECOND]["lat"] == 48.11003471465957
    assert PATCH in notes[0]
    assert notes[0].startswith("1 patch without")


def test_patches_of_unknown_names_are_kept(tmp_path: Path) -> None:
    table, _ = patch_table(annotated(tmp_path, row(1, "my own patch", s1_name=None), row(2)), None, NO_PAIRS)
    own = by_id(table)["my own patch"]
    assert (own["lat"], own["epsg"], own["time"], own["s1_time"]) == (48.11003471465957, None, None, None)


def test_what_is_missing_is_counted(tmp_path: Path) -> None:
    _, notes = patch_table(annotated(tmp_path, row(1)), stored(tmp_path, SECOND), NO_PAIRS)
    assert notes == (
        "1 of 2 patches have annotations but no imagery here.",
        "1 of 2 patches have imagery but no annotations here.",
    )


@pytest.mark.real
def test_all_real_pairs_are_found(real_data: Path, tmp_path: Path) -> None:
    store = open_images(real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB", tmp_path)
    table, notes = patch_table(None, store, find_pairing_tables(store.root))
    assert table.num_rows == 24
    assert notes == ()
    assert all(r["has_s2"] and r["has_s1"] and r["country"] and r["split"] for r in table.to_pylist())
