"""The reference loader reads shards from front to back; what Patchwork fetches by ranges is the same, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import webdataset

from data_access.terramesh.byte_range import read_range
from data_access.terramesh.layout import Layout, Shard, discover, open_root
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.offset_index import OffsetIndex
from data_access.terramesh.search_windows import Wanted
from tests.loopback_hub import LoopbackHub, loopback_hub

REPOSITORY = "ibm-esa-geospatial/TerraMesh"


@pytest.fixture(params=["demo", pytest.param("real", marks=pytest.mark.real)])
def root(request: pytest.FixtureRequest) -> Path:
    if request.param == "demo":
        return Path(request.getfixturevalue("demo_collection")) / "terramesh"
    return Path(request.getfixturevalue("real_data")) / "terramesh"


@pytest.fixture
def hub(root: Path) -> Iterator[LoopbackHub]:
    with loopback_hub(root) as hub:
        yield hub


def sequential(path: Path) -> dict[str, bytes]:
    """Key and bytes of every sample of a shard, as the data set's loader gets them."""
    samples = webdataset.WebDataset(str(path), shardshuffle=False, empty_check=False)
    return {sample["__key__"]: sample["zarr.zip"] for sample in samples}


@pytest.mark.parametrize("way", ["walked", "searched", "hub", "plain"])
def test_ranges_give_what_the_loader_gives(
    root: Path, hub: LoopbackHub, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    layout: Layout = open_root({"hub": f"hf:{REPOSITORY}", "plain": f"{hub.url}/plain"}.get(way, root))
    local = {shard.relative: shard for shard in discover(root).shards}
    assert {shard.relative for shard in layout.shards} == set(local)
    finder = MemberFinder(
        MemberIndex(tmp_path / "lists"),
        OffsetIndex(tmp_path / "offsets"),
        walked_bytes=1 << 40 if way == "walked" else 0,
    )
    for shard in layout.shards:
        path = local[shard.relative].location
        assert isinstance(path, Path)
        expected = sequential(path)
        assert expected
        assert fetched(finder, shard, sorted(expected)) == expected


def fetched(finder: MemberFinder, shard: Shard, keys: list[str]) -> dict[str, bytes]:
    """The same samples by ranges, in an order that helps no search."""
    ranks = {key: rank for rank, key in enumerate(keys)}
    found = {}
    for key in sorted(keys, key=lambda key: key[::-1]):
        member = finder.find(
            shard,
            Wanted(key, ranks[key], len(keys)),
            lambda others: {other: ranks[other] for other in others if other in ranks},
        )
        assert member is not None, key
        found[key] = finder.data(shard, member)
        assert found[key] == read_range(shard.location, member.data_offset, member.size)
    return found
