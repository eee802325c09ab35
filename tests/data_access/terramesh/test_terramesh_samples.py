"""The sample table: the same from metadata tables and from scanned shards, with everything odd noted."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.catalog import TableCatalog, kept_catalog
from data_access.places import Places, places_of
from data_access.progress import activities
from data_access.remote.remote_file import RemoteFile
from data_access.store_building import Recipe
from data_access.terramesh import member_scan
from data_access.terramesh import sample_table as module
from data_access.terramesh.byte_range import Location, read_range
from data_access.terramesh.layout import Layout, Shard, discover
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.metadata_table import SAMPLE_SCHEMA
from data_access.terramesh.sample_table import SampleRows
from errors import SchemaError, SourceMissingError
from tests.data_access.terramesh.writers import CENTRE, EPSG, member_bytes, write_root, write_shard

SHARDS = {
    "majortom_shard_000001.tar": ("majortom_val_0000001", "majortom_val_0000002"),
    "ssl4eos12_shard_000009.tar": ("ssl4eos12_val_0080385",),
}
KEYS = [key for keys in SHARDS.values() for key in keys]
TIME, S1_TIME = datetime(2020, 5, 3, 2, 7, 17), datetime(2020, 5, 3, 8, 7, 17)  # noqa: DTZ001 UTC without a zone


@pytest.fixture(autouse=True)
def _without_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Countries and climate zones have tests of their own."""
    monkeypatch.setattr(module, "enrich", lambda table, _: table)
    monkeypatch.setattr(Places, "notes", ())


@dataclass(frozen=True)
class Samples:
    """What a catalogue holds of a root."""

    placed: pa.Table  # as `SAMPLE_SCHEMA`
    ranks: list[tuple[int, int]]  # position and samples of the shard
    catalog: TableCatalog
    notes: tuple[str, ...]


def read(root: Path | Layout, kept: Path) -> Samples:
    places = places_of(kept / "no atlas")
    layout, index = discover(root) if isinstance(root, Path) else root, MemberIndex(kept / "members")
    rows = SampleRows(layout, index, kept / "samples", kept / "downloads", kept / "index", places)
    recipe = Recipe("TerraMesh", rows, first_of_repeated=True, unplaced_apart=True)
    catalog = kept_catalog(None, recipe)
    placed = catalog.take(np.arange(catalog.total))
    ranks = list(zip(placed["position"].to_pylist(), placed["shard_samples"].to_pylist(), strict=True))
    return Samples(placed.select(SAMPLE_SCHEMA.names).cast(SAMPLE_SCHEMA), ranks, catalog, catalog.notes)


def write_metadata(root: Path, split: str = "val", **columns: list[object]) -> None:
    rows: dict[str, list[object]] = {
        "tar": [tar for tar, keys in SHARDS.items() for _ in keys],
        "zarr": [f"{key}.zarr.zip" for key in KEYS],
        "sample_id": ["0194630_1"] * 3,
        "center_lon": [CENTRE[0]] * 3,
        "center_lat": [CENTRE[1]] * 3,
        "crs": [f"EPSG:{EPSG}"] * 3,
        "S2_time": [TIME] * 3,
        "S1_time": [S1_TIME] * 3,
    }
    pq.write_table(pa.table(rows | columns), root / f"{split}_metadata.parquet")


def test_scan_and_metadata_table_agree(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    scanned = read(root, tmp_path / "kept")
    write_metadata(root)
    listed = read(root, tmp_path / "kept")
    assert scanned.placed == listed.placed
    assert scanned.ranks == listed.ranks == [(0, 2), (1, 2), (0, 1)]
    assert scanned.placed["id"].to_pylist() == KEYS
    assert scanned.placed["source"].to_pylist() == ["majortom", "majortom", "ssl4eos12"]
    assert scanned.placed["time"].to_pylist() == [TIME] * 3
    assert scanned.placed["s1_time"].to_pylist() == [S1_TIME] * 3
    assert scanned.notes == ()


def test_scan_is_kept(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    first = read(root, tmp_path / "kept")
    with mock.patch.object(member_scan, "open_member", side_effect=AssertionError):
        assert read(root, tmp_path / "kept").placed == first.placed


def test_shards_that_the_table_does_not_list_are_scanned(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root)
    write_shard(root, "val", "DEM", "extra.tar", {"mine_val_1": member_bytes("DEM")})
    samples = read(root, tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == [*KEYS[:2], "mine_val_1", KEYS[2]]
    assert samples.placed["source"].to_pylist()[2] == "unknown"
    assert samples.placed["time"].to_pylist()[2] is None


def test_rows_without_their_shard_are_kept_and_flagged(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root, tar=["gone.tar", "majortom_shard_000001.tar", "ssl4eos12_shard_000009.tar"])
    samples = read(root, tmp_path / "kept")
    assert samples.placed["available"].to_pylist() == [False, True, True]
    assert samples.notes == ("1 of 3 samples of val lie in shards that are not on this disk.",)


def test_seasons_that_no_time_tells_are_told_to_be_unknown(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root, S2_time=[TIME, None, None])
    samples = read(root, tmp_path / "kept")
    assert samples.placed["time"].to_pylist() == [TIME, None, None]
    (note,) = samples.notes
    assert note.startswith(
        "No time is known for 2 samples: their season is unknown until statistics are made of them. The last digit of"
    )
    write_metadata(root, S2_time=[TIME, None, TIME])
    assert read(root, tmp_path / "kept").notes == (note.replace("2 samples", "1 samples").partition(" The last")[0],)


def far_layout(shards: int, metadata: dict[str, Location]) -> Layout:
    files = [
        RemoteFile(f"http://far/train/DEM/{number}.tar", f"train/DEM/{number}.tar", 10) for number in range(shards)
    ]
    return Layout("far", tuple(Shard("train", "DEM", file, file.relative, file.size) for file in files), metadata)


def test_far_shards_without_metadata_are_not_looked_through(tmp_path: Path) -> None:
    with pytest.raises(
        SourceMissingError, match=r"20 shards of train .* no metadata table.*Put train_metadata.parquet"
    ):
        read(far_layout(20, {}), tmp_path / "kept")


def test_far_shards_beside_metadata_are_left_out(tmp_path: Path) -> None:
    write_metadata(tmp_path)
    samples = read(far_layout(20, {"val": tmp_path / "val_metadata.parquet"}), tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == KEYS
    assert any(
        "20 shards of train (0.tar, 1.tar, 10.tar and 17 more) are listed in no" in note for note in samples.notes
    )


def test_reading_and_scanning_are_under_way_while_they_are(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root)
    write_shard(root, "val", "DEM", "extra.tar", {"mine_val_1": member_bytes("DEM")})
    read(root, tmp_path / "kept")
    latest = {each.title: (each.done, each.total, each.status) for each in reversed(activities())}
    assert latest["Reading the metadata of TerraMesh (val)"] == (3, 3, "done")
    assert latest["Looking through the shards of TerraMesh (val)"] == (1, 1, "done")
    assert latest["Building the catalogue of TerraMesh"] == (4, 4, "done")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 900.0, None])
def test_samples_without_a_place_are_counted_and_named(tmp_path: Path, wrong: float | None) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root, center_lon=[9.0, wrong, 9.0])
    samples = read(root, tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == [KEYS[0], KEYS[2]]
    assert samples.catalog.unplaced_row(KEYS[1])["tar"] == "majortom_shard_000001.tar"
    (note,) = samples.notes
    assert note.startswith("1 samples have no usable coordinates (NaN, or outside the globe)")
    assert note.endswith("majortom_val_0000002. They open by their id.")


def test_members_without_a_centre_are_placed_by_their_pixel_centres(tmp_path: Path) -> None:
    data = member_bytes("LULC", center_lon=None, center_lat=None, time=np.array([b"never"]))
    write_shard(tmp_path, "val", "LULC", "a.tar", {"k_1": data})
    samples = read(tmp_path, tmp_path / "kept")
    (row,) = samples.placed.to_pylist()
    assert (row["lon"], row["lat"]) == (pytest.approx(9.0, abs=1e-3), pytest.approx(45.0, abs=1e-3))
    assert row["time"] is None
    assert "'never' is not understood" in " ".join(samples.notes)


def test_nan_centres_in_shards_are_found_by_the_scan(tmp_path: Path) -> None:
    nowhere = np.array([np.nan])
    write_shard(tmp_path, "val", "LULC", "a.tar", {"k_1": member_bytes("LULC", center_lat=nowhere, center_lon=nowhere)})
    samples = read(tmp_path, tmp_path / "kept")
    assert len(samples.placed) == 0
    assert samples.catalog.unplaced_row("k_1")["available"]
    assert "k_1" in samples.notes[0]


def test_a_root_without_a_single_usable_sample_opens_and_says_why(tmp_path: Path) -> None:
    write_shard(tmp_path, "val", "LULC", "a.tar", {"a.b.c": member_bytes("LULC")})
    samples = read(tmp_path, tmp_path / "kept")
    assert len(samples.placed) == 0
    assert "a.b.c.zarr.zip" in samples.notes[0]


def test_damaged_members_cost_nothing_but_themselves(tmp_path: Path) -> None:
    sound = member_bytes("LULC")
    write_shard(tmp_path, "val", "LULC", "a.tar", {"k_1": sound, "k_2": sound[:-100], "k_3": sound[:-100]})
    write_shard(tmp_path, "val", "DEM", "a.tar", {"k_2": member_bytes("DEM")})
    samples = read(tmp_path, tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == ["k_1", "k_2"]
    assert samples.catalog.unplaced_row("k_3")["available"]
    assert "a.tar: 2 member(s) can not be read (such as k_2 in val/LULC/a.tar: " in samples.notes[0]


def test_damaged_shards_cost_nothing_but_themselves(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    (root / "val/LULC/majortom_shard_000001.tar").write_bytes(b"")
    path = root / "val/DEM/ssl4eos12_shard_000009.tar"
    path.write_bytes(path.read_bytes()[:2000])
    samples = read(root, tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == KEYS
    assert any("val/LULC/majortom_shard_000001.tar is damaged" in note for note in samples.notes)
    assert any("val/DEM/ssl4eos12_shard_000009.tar is damaged" in note for note in samples.notes)


def test_unusable_and_repeated_names_are_left_out(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    write_metadata(root, zarr=["majortom_val_0000002.zarr.zip", "majortom_val_0000002.zarr.zip", "a b/\0<i>.zarr.zip"])
    samples = read(root, tmp_path / "kept")
    assert samples.placed["id"].to_pylist() == ["majortom_val_0000002"]
    assert "1 samples have unusable names" in samples.notes[0]
    assert "1 sample names occur more than once (majortom_val_0000002)" in samples.notes[1]


def test_split_is_told_by_the_name_where_the_folder_does_not(tmp_path: Path) -> None:
    root = tmp_path / "my_copy"
    write_shard(root, ".", "DEM", "a.tar", {"majortom_val_0000001": member_bytes("DEM"), "k": member_bytes("DEM")})
    samples = read(root, tmp_path / "kept")
    assert dict(zip(samples.placed["id"].to_pylist(), samples.placed["split"].to_pylist(), strict=True)) == {
        "k": "unknown",
        "majortom_val_0000001": "val",
    }


def test_missing_column_is_named(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root", SHARDS)
    pq.write_table(pa.table({"tar": ["a.tar"]}), root / "val_metadata.parquet")
    with pytest.raises(SchemaError, match="has no column zarr, center_lon, center_lat"):
        read(root, tmp_path / "kept")


def test_reading_ahead_leaves_the_pixels_alone(tmp_path: Path) -> None:
    write_shard(tmp_path, "val", "S2L2A", "a.tar", {"k_1": member_bytes("S2L2A", size=264)})
    size = (tmp_path / "val/S2L2A/a.tar").stat().st_size
    with mock.patch.object(member_scan, "read_range", wraps=read_range) as ranged:
        read(tmp_path, tmp_path / "kept")
    assert size > 1_000_000
    assert sum(call.args[2] for call in ranged.call_args_list) < size / 10
