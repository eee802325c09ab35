"""What is there and what is missing of a root, against roots with known gaps."""

import shutil
from pathlib import Path

import pytest

from data_access.terramesh.completeness import completeness, parts_of
from data_access.terramesh.opening import open_terramesh


@pytest.fixture
def root(demo_collection: Path, tmp_path: Path) -> Path:
    """A copy of the demo's TerraMesh, of links."""
    copied = tmp_path / "root"
    shutil.copytree(demo_collection / "terramesh", copied, copy_function=lambda a, b: Path(b).symlink_to(a))
    return copied


def test_the_demo_lacks_nothing(root: Path, tmp_path: Path) -> None:
    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables")
    found = completeness(opened.layout, opened.catalog)
    (val,) = found.splits
    assert (val.samples, val.without_shard, val.names, val.has_table) == (96, 0, 4, True)
    assert {name: (shards.present, shards.expected) for name, shards in val.shards.items()} == {
        **dict.fromkeys(("S2L2A", "S2L1C", "S2RGB", "DEM", "NDVI", "LULC"), (4, 4)),
        "S1RTC": (3, 3),  # Major TOM has one kind of Sentinel-1,
        "S1GRD": (1, 1),  # SSL4EO-S12 the other
    }
    assert found.bytes == sum(path.stat().st_size for path in root.rglob("*.tar"))
    assert parts_of(tmp_path / "index", opened.layout) == {"offsets": 0, "statistics": 0, "thumbnails": 0}


def test_gaps_are_counted(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / "val" / "NDVI")
    (root / "val" / "DEM" / "majortom_shard_000002.tar").unlink()
    for shard in root.glob("val/*/majortom_shard_000001.tar"):
        shard.unlink()
    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables")
    found = completeness(opened.layout, opened.catalog)
    (val,) = found.splits
    assert {name: (shards.present, shards.expected) for name, shards in val.shards.items()} == {
        **dict.fromkeys(("S2L2A", "S2L1C", "S2RGB", "LULC"), (3, 4)),
        "S1RTC": (2, 3),
        "S1GRD": (1, 1),
        "DEM": (2, 4),
        "NDVI": (0, 4),
    }
    assert found.modalities == ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "S1GRD", "DEM", "NDVI", "LULC")
    assert (
        val.without_shard
        == found.without_shard
        == sum(
            1
            for row in opened.catalog.tally(["tar", "available"]).to_pylist()
            for _ in range(row["samples"])
            if row["tar"] == "majortom_shard_000001.tar"
        )
    )
    assert val.without_shard > 0
    assert (val.names, val.there) == (4, 3), "a job over what is there can be complete"


def test_without_a_table_the_shards_are_scanned(root: Path, tmp_path: Path) -> None:
    (root / "val_metadata.parquet").unlink()
    opened = open_terramesh(root, kind="local", tables_dir=tmp_path / "tables")
    (val,) = completeness(opened.layout, opened.catalog).splits
    assert (val.samples, val.has_table) == (96, False)
