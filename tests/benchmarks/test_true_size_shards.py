"""Shards that exist nowhere are tar archives of samples all the same, and hold what searches promise."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.true_size_shards import SAMPLES, TrueSizeShard, true_size_root
from data_access.terramesh.known_headers import KnownHeaders
from data_access.terramesh.member_search import MemberSearch, ShardBytes
from data_access.terramesh.modalities import FOLDERS, MODALITIES
from data_access.terramesh.sample import SampleFile
from data_access.terramesh.search_windows import Wanted

TAR = "majortom_shard_000001.tar"


@pytest.mark.parametrize("pax", [False, True])
@pytest.mark.parametrize("modality", ["S2L2A", "DEM"])
def test_shards_are_archives_of_samples(modality: str, pax: bool) -> None:
    shard = true_size_root(6, pax=pax).shards[TAR, modality]
    data = shard.read(0, shard.size)
    assert len(data) == shard.size
    assert shard.read(1000, 5000) == data[1000:6000]
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = archive.getmembers()
        assert [member.name for member in members] == [f"{key}.zarr.zip" for key in shard.keys]
        for rank, member in enumerate(members):
            file = archive.extractfile(member)
            assert file is not None
            content = file.read()
            assert content == shard.member(rank)
            assert len(content) == shard.sizes[rank]
            assert SampleFile(io.BytesIO(content), MODALITIES[modality]).pixels().shape[1:] == (264, 264)


def test_sizes_are_those_of_published_shards() -> None:
    shard = true_size_root().shards[TAR, "S2L2A"]
    assert len(shard.keys) == SAMPLES
    assert shard.size == pytest.approx(6.35e9, rel=0.01)
    near = np.corrcoef(shard.sizes[:-1], shard.sizes[1:])[0, 1]
    far = np.corrcoef(shard.sizes[:-2000], shard.sizes[2000:])[0, 1]
    assert near > 0.4
    assert abs(far) < 0.2


def test_the_table_lists_every_sample(tmp_path: Path) -> None:
    root = true_size_root(40)
    root.write_metadata(tmp_path)
    table = pq.read_table(tmp_path / "train_metadata.parquet").to_pydict()
    assert len(set(table["zarr"])) == 80
    assert set(table["tar"]) == {tar for tar, _ in root.shards}
    assert len(root.files) == 2 * (len(FOLDERS) - 1)


@pytest.mark.parametrize("modality", ["S2L2A", "S1RTC", "NDVI", "LULC"])
def test_any_sample_is_found_in_two_reads_at_the_median(modality: str) -> None:
    shard = true_size_root().shards[TAR, modality]
    requests, ratios = zip(*(cost(shard, int(rank)) for rank in np.linspace(1, SAMPLES - 1, 60)), strict=True)
    assert np.median(requests) <= 2
    assert np.quantile(requests, 0.95) <= 4
    assert np.mean(ratios) <= 10


def cost(shard: TrueSizeShard, rank: int) -> tuple[int, float]:
    """Reads, and bytes over the member's own, where nothing of the shard is known."""
    reads: list[int] = []

    def read(offset: int, length: int) -> bytes:
        reads.append(length)
        return shard.read(offset, length)

    ranks = {key: number for number, key in enumerate(shard.keys)}
    found = MemberSearch(
        ShardBytes(shard.modality, shard.modality, shard.size, read),
        Wanted(shard.keys[rank], rank, len(shard.keys)),
        KnownHeaders(),
        lambda keys: {key: ranks[key] for key in keys},
    ).run()
    assert found is not None
    assert found.data == shard.member(rank)
    return len(reads), sum(reads) / int(shard.sizes[rank])
