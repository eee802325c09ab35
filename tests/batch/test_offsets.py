"""Offsets of members, beside what `tarfile` says."""

import tarfile
from pathlib import Path

from batch.offsets import offsets_table
from batch.parts import shard_sets
from batch.problems import Problems
from data_access.terramesh.batch_parts import SCHEMAS
from data_access.terramesh.layout import discover
from tests.data_access.terramesh.writers import member_bytes, write_root, write_shard

TAR = "majortom_shard_000001.tar"


def test_offsets_equal_those_of_tarfile(tmp_path: Path) -> None:
    keys = tuple(f"majortom_val_{number:07d}" for number in (3, 1, 2))  # in the order of the file
    layout = discover(write_root(tmp_path, {TAR: keys}))
    (only,) = shard_sets(layout, "offsets")
    table = offsets_table(only.shards, Problems())
    assert table.schema.equals(SCHEMAS["offsets"])
    assert table["id"].to_pylist() == sorted(keys)
    assert table["position"].to_pylist() == [0, 1, 2]
    for modality, shard in only.shards.items():
        with tarfile.open(tmp_path / shard.relative) as archive:
            stated = {entry.name.partition(".")[0]: (entry.offset_data, entry.size) for entry in archive}
        found = zip(*(table[f"{what}_{modality}"].to_pylist() for what in ("offset", "size")), strict=True)
        assert dict(zip(table["id"].to_pylist(), found, strict=True)) == stated
    assert table["offset_S1GRD"].null_count == 3


def test_a_sample_that_one_shard_lacks_keeps_its_position(tmp_path: Path) -> None:
    for modality, keys in (("DEM", ("a_1", "a_2", "a_3")), ("LULC", ("a_1", "a_3"))):
        write_shard(tmp_path, "val", modality, TAR, {key: member_bytes(modality) for key in keys})
    (only,) = shard_sets(discover(tmp_path), "offsets")
    table = offsets_table(only.shards, Problems())
    assert table["position"].to_pylist() == [0, 1, 2]
    assert [value is None for value in table["offset_LULC"].to_pylist()] == [False, True, False]


def test_a_damaged_shard_is_named_and_what_lies_before_is_kept(tmp_path: Path) -> None:
    path = write_shard(tmp_path, "val", "DEM", TAR, {key: member_bytes("DEM") for key in ("a_1", "a_2")})
    path.write_bytes(path.read_bytes()[: len(member_bytes("DEM")) + 2048])
    (only,) = shard_sets(discover(tmp_path), "offsets")
    problems = Problems()
    assert offsets_table(only.shards, problems)["id"].to_pylist() == ["a_1"]
    assert "is damaged" in problems.told()[0]
