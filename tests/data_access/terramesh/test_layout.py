"""What lies below a root is found, whatever is missing."""

import os
from pathlib import Path

import pytest

from data_access.terramesh.layout import UNKNOWN_SPLIT, discover
from errors import SourceMissingError


def put(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_splits_modalities_and_tables_are_found(tmp_path: Path) -> None:
    for name in ("val/DEM/b.tar", "val/DEM/a.tar", "val/S2L2A/a.tar", "train/S1GRD/z.tar"):
        put(tmp_path / name)
    put(tmp_path / "val_metadata.parquet")
    layout = discover(tmp_path)
    assert [shard.relative for shard in layout.shards] == [
        "train/S1GRD/z.tar",
        "val/S2L2A/a.tar",
        "val/DEM/a.tar",
        "val/DEM/b.tar",
    ]
    assert layout.splits == ("train", "val")
    assert layout.folders == ("S2L2A", "S1GRD", "DEM")
    assert list(layout.of("val", "DEM")) == ["a.tar", "b.tar"]
    assert layout.of("val", "NDVI") == {}
    assert layout.names("val") == {"a.tar", "b.tar"}
    assert layout.metadata == {"val": tmp_path / "val_metadata.parquet"}


def test_other_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "val/DEM/a.tar")
    for name in (
        "val/DEM/.b.tar",
        "val/DEM/b.tar.part",
        "val/README.md",
        ".cache/DEM/c.tar",
        "assets/logo.png",
        "a.tar",
    ):
        put(tmp_path / name)
    (tmp_path / "val/DEM/folder.tar").mkdir()
    (tmp_path / "val/DEM/gone.tar").symlink_to(tmp_path / "nowhere")
    assert [shard.relative for shard in discover(tmp_path).shards] == ["val/DEM/a.tar"]


def test_linked_shards_count(tmp_path: Path) -> None:
    blob = put(tmp_path / "blobs/1234", b"x" * 1024)
    (tmp_path / "root/val/DEM").mkdir(parents=True)
    (tmp_path / "root/val/DEM/a.tar").symlink_to(blob)
    (shard,) = discover(tmp_path / "root").shards
    assert shard.size == 1024


@pytest.mark.parametrize(("folder", "split"), [("val", "val"), ("train", "train"), ("my_copy", UNKNOWN_SPLIT)])
def test_root_may_be_a_split_folder(tmp_path: Path, folder: str, split: str) -> None:
    put(tmp_path / folder / "DEM/a.tar")
    put(tmp_path / "val_metadata.parquet")
    layout = discover(tmp_path / folder)
    assert [shard.split for shard in layout.shards] == [split]
    assert list(layout.metadata) == (["val"] if split == "val" else [])


def test_table_without_shards_is_a_collection(tmp_path: Path) -> None:
    put(tmp_path / "train_metadata.parquet")
    assert discover(tmp_path).splits == ("train",)


def test_missing_or_empty_root_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="'nowhere' is not a folder"):
        discover(tmp_path / "nowhere")
    (tmp_path / "val/DEM").mkdir(parents=True)
    with pytest.raises(SourceMissingError, match="holds neither shards"):
        discover(tmp_path)
    with pytest.raises(SourceMissingError, match="is not a folder"):
        discover(put(tmp_path / "file.tar"))


def test_revision_changes_with_every_file(tmp_path: Path) -> None:
    shard = put(tmp_path / "val/DEM/a.tar", b"1")
    table = put(tmp_path / "val_metadata.parquet", b"1")
    seen = {discover(tmp_path).revision}
    assert discover(tmp_path).revision in seen
    put(shard, b"12")
    seen.add(discover(tmp_path).revision)
    os.utime(shard, (1, 1))
    seen.add(discover(tmp_path).revision)
    os.utime(table, (1, 1))
    seen.add(discover(tmp_path).revision)
    put(tmp_path / "val/DEM/b.tar")
    seen.add(discover(tmp_path).revision)
    assert len(seen) == 5
