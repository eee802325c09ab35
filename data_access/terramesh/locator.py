"""From a sample's id and a modality to the bytes of its member."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from data_access.terramesh.layout import Layout, Shard
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.modalities import CLOUD_MASK, CLOUD_MASK_CARRIERS, KEY_PATTERN, S1_OF_SOURCE, excludes
from data_access.terramesh.search_windows import Wanted
from data_access.terramesh.shard import Member
from errors import ModalityMissingError, ShardError, UnknownSampleError

Row = Callable[[str], Mapping[str, object]]  # the sample's row in the catalogue; raises UnknownSampleError

MAX_SEARCHED_SHARDS = 32  # shards looked through where none has the expected name: seconds, not hours
_NUMBERED = re.compile(r"(.*?)(\d{1,18})")
_REMEMBERED = 1 << 15  # rows, of a few hundred bytes; the keys in the windows of a search are asked for again and again


@dataclass(frozen=True)
class Located:
    """Where a sample was said to lie."""

    key: str
    split: str
    tar: str
    source: str | None
    position: int | None = None  # rank of the key among those of its split and tar, from 0
    count: int | None = None  # how many keys the catalogue lists there

    @property
    def wanted(self) -> Wanted:
        """What to look for in a shard."""
        return Wanted(self.key, self.position, self.count)


@dataclass(frozen=True)
class _Run:
    """Keys of a shard that are numbered without a gap, as published shards are: their ranks need no look-up."""

    prefix: str
    digits: int
    first: int  # number of the first key
    count: int

    def key(self, rank: int) -> str:
        """The key of a rank."""
        return f"{self.prefix}{self.first + rank:0{self.digits}d}"

    def rank(self, key: str) -> int | None:
        """The rank of a key; None for one that is not of the run."""
        match = _NUMBERED.fullmatch(key)
        if match is None or (match[1], len(match[2])) != (self.prefix, self.digits):
            return None
        rank = int(match[2]) - self.first
        return rank if 0 <= rank < self.count else None


class SampleLocator:
    """Finds members; all it knows of samples it asks the catalogue."""

    def __init__(self, row: Row, layout: Layout, finder: MemberFinder) -> None:
        """Locate the samples of the rows in the shards of the layout."""
        self._layout = layout
        self._finder = finder
        self._is_run = lru_cache(_REMEMBERED)(self._proven)
        self._located = lru_cache(_REMEMBERED)(lambda sample_id: _located(sample_id, row(sample_id), layout))

    def locate(self, sample_id: str) -> Located:
        """Where the sample lies. Raises UnknownSampleError."""
        if not KEY_PATTERN.fullmatch(sample_id):
            raise UnknownSampleError(
                f"TerraMesh has no sample {sample_id[:60]!r} here. Look it up on the map or in the table."
            )
        return self._located(sample_id)

    def member(self, sample_id: str, modality: str) -> tuple[Shard, Member]:
        """The shard and the member that carry a modality of a sample; for the cloud mask, the first that may.

        Raises:
            UnknownSampleError: no such sample.
            ModalityMissingError: the sample does not have this modality, or its shard is not there.
            ShardError: the shard is damaged where the member should be.
            RemoteError: its shard can not be reached.
        """
        return next(self.members(sample_id, modality))

    def members(self, sample_id: str, modality: str) -> Iterator[tuple[Shard, Member]]:
        """At least one: every shard and member that may carry a modality. Only the cloud mask has several carriers.

        Raises: as `member`, when the first is asked for.
        """
        place = self.locate(sample_id)
        found, problem = False, None
        for folder in carriers(modality):
            for listed in self._candidates(place, folder):
                shard = listed.settled()  # what is kept of a shard must not outlive its bytes
                try:
                    member = self._finder.find(shard, place.wanted, lambda keys: self._ranks(place, keys))
                except ShardError as error:
                    problem = problem or error.message
                    continue
                if member is not None:
                    found = True
                    yield shard, member
                    break
        if not found and problem:
            raise ShardError(f"{sample_id} {modality} was not found. {problem}")
        if not found:
            raise ModalityMissingError(self._why_missing(place, modality))

    def far_shard(self, sample_id: str, modality: str) -> Shard | None:
        """The shard that should hold a modality of a sample, if it is one that is searched; None otherwise."""
        place = self.locate(sample_id)
        for folder in carriers(modality):
            shard = self._layout.of(place.split, folder).get(place.tar)
            if shard is not None and self._finder.is_far(shard) and not excludes(place.source, folder):
                return shard
        return None

    def _ranks(self, place: Located, keys: Iterable[str]) -> dict[str, int]:
        """Ranks of those keys that the catalogue lists in the same shard."""
        numbered = _numbered(place)
        run = numbered if numbered and self._is_run(place.split, place.tar, numbered) else None
        ranks = {}
        for key in keys:
            rank = run.rank(key) if run else None
            rank = self._listed_rank(place, key) if rank is None else rank
            if rank is not None:
                ranks[key] = rank
        return ranks

    def _listed_rank(self, place: Located, key: str) -> int | None:
        other = self._located_or_none(key)
        return other.position if other and (other.split, other.tar) == (place.split, place.tar) else None

    def _proven(self, split: str, tar: str, run: "_Run") -> bool:
        """Whether the catalogue lists the first and the last key of a run as such: then all between are in it, too."""
        first, last = (self._located_or_none(key) for key in (run.key(0), run.key(run.count - 1)))
        return all(
            found is not None and (found.split, found.tar, found.position) == (split, tar, rank)
            for found, rank in ((first, 0), (last, run.count - 1))
        )

    def _located_or_none(self, key: str) -> Located | None:
        try:
            return self.locate(key)
        except UnknownSampleError:
            return None

    def _candidates(self, place: Located, folder: str) -> Iterator[Shard]:
        """The shard of the same name where there is one; else a few others, unless the source excludes the modality.

        Others are looked through only where that is cheap: each search of a far shard costs several requests.
        """
        shards = self._layout.of(place.split, folder)
        if place.tar in shards:
            if not (excludes(place.source, folder) and self._finder.is_far(shards[place.tar])):
                yield shards[place.tar]
        elif not excludes(place.source, folder):
            near = (shard for shard in shards.values() if not self._finder.is_far(shard))
            yield from list(near)[:MAX_SEARCHED_SHARDS]

    def _why_missing(self, place: Located, modality: str) -> str:
        if excludes(place.source, modality):
            has = S1_OF_SOURCE[str(place.source)]
            return (
                f"{place.key} has no {modality}: samples of {place.source} come with {has}, never with both. "
                f"Ask for {has}."
            )
        if modality != CLOUD_MASK and not self._layout.of(place.split, modality):
            return f"This collection has no {modality} for the split {place.split!r}. Fetch {place.split}/{modality}/."
        if place.tar not in self._layout.names(place.split):
            return f"{place.key} lies in {place.tar}, which is not on this disk. Fetch that shard."
        return f"{place.key} has no {modality}: no shard of {place.split} on this disk holds it under {place.tar}."


def carriers(modality: str) -> tuple[str, ...]:
    """The folders whose members may carry a modality."""
    return CLOUD_MASK_CARRIERS if modality == CLOUD_MASK else (modality,)


def _numbered(place: Located) -> _Run | None:
    """The run that a sample's shard would be if its keys were numbered without a gap."""
    match = _NUMBERED.fullmatch(place.key)
    if match is None or place.position is None or place.count is None or int(match[2]) < place.position:
        return None
    return _Run(match[1], len(match[2]), int(match[2]) - place.position, place.count)


def _located(sample_id: str, row: Mapping[str, object], layout: Layout) -> Located:
    split, splits = _text(row.get("split")) or "", layout.splits
    if split not in splits and len(splits) == 1:
        split = splits[0]  # the sample's name tells more than its folder's
    position, count = row.get("position"), row.get("shard_samples")
    return Located(
        sample_id,
        split,
        _text(row.get("tar")) or "",
        _text(row.get("source")),
        position if isinstance(position, int) else None,
        count if isinstance(count, int) else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
