"""The headers of one shard that were ever seen, in file order."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from threading import Lock

from data_access.terramesh.window_headers import Header

_START = attrgetter("start")
_HEADER_BYTES = 300  # of memory, with its places in list and tables


@dataclass(frozen=True)
class Bracket:
    """Between which bytes a member must lie if keys rise."""

    low: int  # where the entry after the nearest lower key begins, or the beginning of the shard
    high: int  # where the nearest higher key begins, or the end of the shard


@dataclass
class KnownHeaders:
    """Safe to use from many threads at once."""

    _in_order: list[Header] = field(default_factory=list)  # by start
    _by_key: dict[str, Header] = field(default_factory=dict)
    _ranks: dict[str, int] = field(default_factory=dict)
    _rising: bool = True
    _lock: Lock = field(default_factory=Lock)

    def add(self, headers: Iterable[Header], ranks: Mapping[str, int]) -> list[Header]:
        """Remember headers, and the ranks of those keys that the catalogue lists; returns what is new."""
        fresh = []
        with self._lock:
            for header in headers:
                before = self._by_key.get(header.key)
                if before == header:
                    continue
                if before is not None:
                    if before.start > header.start:
                        continue  # of two members with one key the last counts, as when an archive is unpacked
                    self._in_order.remove(before)
                self._by_key[header.key] = header
                insort(self._in_order, header, key=_START)
                self._rising = self._rising and self._fits(header)
                fresh.append(header)
            self._ranks.update(ranks)
        return fresh

    def get(self, key: str) -> Header | None:
        """The header of a member, if it was seen."""
        return self._by_key.get(key)

    def bracket(self, key: str, size: int) -> Bracket | None:
        """Where a member that was not seen must lie; None where the keys seen so far do not rise."""
        with self._lock:
            if not self._rising:
                return None
            place = bisect_left(self._in_order, key, key=attrgetter("key"))
            low = self._in_order[place - 1].end if place else 0
            high = self._in_order[place].start if place < len(self._in_order) else size
        return Bracket(low, high)

    def anchors(self, near: int, reach: int) -> dict[int, int]:
        """Offsets by rank of the `reach` headers before and after an offset; empty where ranks and offsets disagree.

        Where the entry after a header begins is known too, and counts as the next rank's.
        """
        with self._lock:
            place = bisect_left(self._in_order, near, key=_START)
            nearest = self._in_order[max(0, place - reach) : place + reach]
        found: dict[int, int] = {}
        latest: int | None = None
        for header in nearest:
            rank = self._ranks.get(header.key)
            if rank is not None:
                found[rank], latest = header.start, rank
            if latest is not None:  # the catalogue may not list all that the shard holds
                found[latest + 1] = header.end
        offsets = [found[rank] for rank in sorted(found)]
        rising = all(first < second for first, second in pairwise(offsets))
        return found if rising else {}

    def _fits(self, header: Header) -> bool:
        """Whether a header's key lies between those of its neighbours; the lock is held."""
        place = bisect_left(self._in_order, header.start, key=_START)
        keys = [each.key for each in self._in_order[max(0, place - 1) : place + 2]]
        return all(first < second for first, second in pairwise(keys))

    def __iter__(self) -> Iterator[Header]:
        """All headers in file order."""
        with self._lock:
            return iter(tuple(self._in_order))

    def __len__(self) -> int:
        """How many headers are known."""
        return len(self._in_order)

    @property
    def nbytes(self) -> int:
        """Memory, roughly."""
        return _HEADER_BYTES * len(self._in_order)
