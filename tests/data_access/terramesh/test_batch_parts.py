"""Parts of a batch run: written whole, told stale when their shards change, read a row group at a time."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.terramesh import batch_parts
from data_access.terramesh.batch_parts import SCHEMAS, Kind, Label, identities, part_path, shards_of, write_part
from data_access.terramesh.layout import Layout, discover
from tests.data_access.terramesh.writers import member_bytes, write_root, write_shard

TAR = "majortom_shard_000001.tar"
IDS = [f"majortom_val_{number:07d}" for number in range(1, 301)]


def table_of(kind: Kind, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """A table with the columns of a kind; those that are not given are null."""
    length = len(columns["id"])
    arrays = [pa.array(columns.get(each.name, [None] * length), each.type) for each in SCHEMAS[kind]]
    return pa.table(arrays, schema=SCHEMAS[kind])


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return discover(write_root(tmp_path / "root", {TAR: tuple(IDS[:2])}))


@pytest.fixture
def index(tmp_path: Path, layout: Layout) -> Path:
    """An index of three parts, made by hand."""
    folder = tmp_path / "index"
    pictures = [IDS, [f"webp of {each}".encode() for each in IDS]]
    tables: dict[Kind, pa.Table] = {
        "thumbnails": pa.table(pictures, schema=SCHEMAS["thumbnails"]),
        "offsets": table_of("offsets", {"id": IDS[:2], "position": [0, 1], "offset_DEM": [512, 4096]}),
        "statistics": table_of("statistics", {"id": IDS[:2]}),
    }
    for kind, table in tables.items():
        label = Label(identities(kind, shards_of(layout, "val", TAR)), ("something",))
        write_part(part_path(folder, kind, "val", TAR), kind, table, label)
    return folder


def test_every_thumbnail_is_found_in_its_row_group(index: Path, layout: Layout) -> None:
    path = part_path(index, "thumbnails", "val", TAR)
    assert pq.read_metadata(path).num_row_groups == 3
    for each in IDS:
        assert batch_parts.thumbnail(index, "val", TAR, each, layout) == f"webp of {each}".encode()
    for unknown in ("a", "majortom_val_0000001x", "zzz"):
        assert batch_parts.thumbnail(index, "val", TAR, unknown, layout) is None
    assert batch_parts.thumbnail(index, "val", "another.tar", IDS[0]) is None


def test_offsets_and_statistics_are_found(index: Path, layout: Layout) -> None:
    table = batch_parts.offsets(index, "val", TAR, shards_of(layout, "val", TAR))
    assert table is not None
    assert table["offset_DEM"].to_pylist() == [512, 4096]
    assert batch_parts.offsets(index, "train", TAR) is None
    assert batch_parts.statistics_paths(index, layout) == (part_path(index, "statistics", "val", TAR),)
    assert batch_parts.statistics_paths(index) == batch_parts.statistics_paths(index, layout)
    assert batch_parts.statistics_paths(index / "nowhere") == ()


def test_parts_of_shards_that_changed_are_passed_over(index: Path, tmp_path: Path) -> None:
    path = write_shard(tmp_path / "root", "val", "S2RGB", TAR, {IDS[0]: member_bytes("S2RGB", seed=5)})
    os.utime(path, ns=(1, 1))
    changed = discover(tmp_path / "root")
    assert batch_parts.thumbnail(index, "val", TAR, IDS[0], changed) is None
    assert batch_parts.offsets(index, "val", TAR, shards_of(changed, "val", TAR)) is None
    # The statistics never read the published picture, so they hold.
    assert batch_parts.statistics_paths(index, changed)
    os.utime(tmp_path / "root" / "val" / "DEM" / TAR, ns=(1, 1))
    assert batch_parts.statistics_paths(index, discover(tmp_path / "root")) == ()


def test_the_root_may_be_mounted_elsewhere(index: Path, tmp_path: Path) -> None:
    (tmp_path / "root").rename(tmp_path / "moved")
    assert batch_parts.statistics_paths(index, discover(tmp_path / "moved"))


def test_the_digest_changes_with_the_statistics_alone(index: Path) -> None:
    before = batch_parts.digest(index)
    part_path(index, "offsets", "val", TAR).unlink()
    assert batch_parts.digest(index) == before
    os.utime(part_path(index, "statistics", "val", TAR), ns=(5, 5))
    assert batch_parts.digest(index) != before


@pytest.mark.parametrize("kind", batch_parts.KINDS)
def test_a_broken_part_counts_as_missing(index: Path, layout: Layout, kind: Kind) -> None:
    path = part_path(index, kind, "val", TAR)
    whole = path.read_bytes()
    for broken in (b"", whole[:-9], bytes(len(whole)), whole[:200] + b"\xff" * 40 + whole[240:]):
        path.write_bytes(broken)
        os.utime(path, ns=(len(broken), sum(broken)))
        thumbnail = batch_parts.thumbnail(index, "val", TAR, IDS[0], layout)
        assert kind != "thumbnails" or thumbnail is None
        assert kind != "offsets" or batch_parts.offsets(index, "val", TAR) is None
        if broken != whole[:200] + b"\xff" * 40 + whole[240:]:  # damage that only a reader of all rows meets
            assert not batch_parts.is_current(path, kind, shards_of(layout, "val", TAR))


def test_parts_of_another_format_are_passed_over(index: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_parts, "_FORMAT", 99)
    assert batch_parts.statistics_paths(index, layout) == ()
    assert batch_parts.offsets(index, "val", TAR) is None
    path = part_path(index, "thumbnails", "val", TAR)
    os.utime(path, ns=(7, 7))  # what is known of its footer is of another moment
    assert batch_parts.thumbnail(index, "val", TAR, IDS[0]) is None


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    table = pa.table([IDS, [each.encode() for each in IDS]], schema=SCHEMAS["thumbnails"])
    for name, shards in (("a", {"DEM": "1", "LULC": "2"}), ("b", {"LULC": "2", "DEM": "1"})):
        write_part(tmp_path / name, "thumbnails", table, Label(shards, ()))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
