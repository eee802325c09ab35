"""Where samples lie, told by the catalogue's rows with as few look-ups as possible."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from data_access.terramesh.layout import Layout
from data_access.terramesh.locator import SampleLocator
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.member_search import RanksOf
from data_access.terramesh.offset_index import OffsetIndex
from data_access.terramesh.search_windows import Wanted
from data_access.terramesh.shard import Member
from data_access.terramesh.shard_files import Shard
from errors import UnknownSampleError

TAR = "majortom_shard_000001.tar"


class RememberingFinder(MemberFinder):
    """Finds everything and remembers what it was told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(MemberIndex(folder), OffsetIndex(folder))
        self.wanted: list[Wanted] = []
        self.ranks: dict[str, int] = {}
        self.ask: Iterable[str] = ()

    def find(self, shard: Shard, wanted: Wanted, ranks_of: RanksOf) -> Member | None:
        self.wanted.append(wanted)
        self.ranks = dict(ranks_of(self.ask))
        return Member(wanted.key, f"{wanted.key} in {shard.name}", 512, 1)


class Rows:
    """Rows of a catalogue that counts its look-ups."""

    def __init__(self, keys: Iterable[str], tar: str = TAR) -> None:
        listed = sorted(keys)
        self.rows = {
            key: {"split": "val", "tar": tar, "source": "majortom", "position": rank, "shard_samples": len(listed)}
            for rank, key in enumerate(listed)
        }
        self.asked: list[str] = []

    def __call__(self, key: str) -> Mapping[str, object]:
        self.asked.append(key)
        if key not in self.rows:
            raise UnknownSampleError(key)
        return self.rows[key]


def key(number: int) -> str:
    return f"majortom_val_{number:07d}"


@pytest.fixture
def finder(tmp_path: Path) -> RememberingFinder:
    return RememberingFinder(tmp_path)


def locator(rows: Rows, finder: MemberFinder) -> SampleLocator:
    shard = Shard("val", "DEM", Path(TAR), f"val/DEM/{TAR}", 1000)
    return SampleLocator(rows, Layout("root", (shard,), {}), finder)


def test_ranks_of_keys_without_a_gap_need_two_look_ups(finder: RememberingFinder) -> None:
    rows = Rows(map(key, range(80, 180)))
    finder.ask = [key(80), key(99), key(179), key(180), key(79), "majortom_val_99", "other"]
    locator(rows, finder).member(key(100), "DEM")
    assert finder.wanted == [Wanted(key(100), 20, 100)]
    assert finder.ranks == {key(80): 0, key(99): 19, key(179): 99}
    assert sorted(set(rows.asked) - {"majortom_val_99", "other"}) == [key(79), key(80), key(100), key(179), key(180)]
    assert len(rows.asked) == len(set(rows.asked))


def test_ranks_of_keys_with_gaps_are_looked_up(finder: RememberingFinder) -> None:
    rows = Rows(map(key, [*range(80, 120), *range(121, 180)]))
    finder.ask = [key(80), key(119), key(120), key(121), key(179)]
    locator(rows, finder).member(key(100), "DEM")
    assert finder.ranks == {key(80): 0, key(119): 39, key(121): 40, key(179): 98}


def test_keys_of_another_shard_have_no_rank(finder: RememberingFinder) -> None:
    rows = Rows(map(key, range(80, 180)))
    rows.rows |= Rows(map(key, range(180, 200)), tar="majortom_shard_000002.tar").rows
    finder.ask = [key(179), key(180)]
    locator(rows, finder).member(key(100), "DEM")
    assert finder.ranks == {key(179): 99}


def test_rows_without_a_position_are_found_without(finder: RememberingFinder) -> None:
    rows = Rows([key(1)])
    rows.rows[key(1)] |= {"position": None, "shard_samples": None}
    locator(rows, finder).member(key(1), "DEM")
    assert finder.wanted == [Wanted(key(1))]


@pytest.mark.parametrize("sample_id", ["", "../x", "a b", "\ud800", "x" * 200, "größer"])
def test_ids_that_are_none_are_not_asked_for(finder: RememberingFinder, sample_id: str) -> None:
    rows = Rows([key(1)])
    with pytest.raises(UnknownSampleError):
        locator(rows, finder).locate(sample_id)
    assert rows.asked == []
