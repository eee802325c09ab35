"""Finding one member of a shard of any size in two or three reads, without an index.

Members lie in the order of their keys, and the catalogue tells the rank of the wanted key; so its offset can be guessed
between the beginning, the end, and every header seen before. The first read is a window around that guess, just large
enough to hold a header for sure. It brings the guess so near that the second usually covers the member as a whole. What
a window shows is remembered, keys are compared as names, and a rank that lies costs reads, never another sample's
bytes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data_access.terramesh.byte_range import ReadRange
from data_access.terramesh.known_headers import Bracket, KnownHeaders
from data_access.terramesh.search_windows import Wanted, Window, WindowPlanner, down
from data_access.terramesh.shard import MAX_MEMBER_BYTES, Member
from data_access.terramesh.tar import BLOCK
from data_access.terramesh.window_headers import Chain, Header, chains_in
from errors import ShardError

RanksOf = Callable[[Iterable[str]], Mapping[str, int]]  # ranks of those keys that the catalogue lists in this shard

MAX_READS = 24  # a bisection of 10,240 members needs 14 where no rank is known
MAX_WALKED_READS = 16  # beyond that a shard is too disordered to be searched over a network
_WALK_BYTES = 8 << 20  # a window of the walk: a dozen of the largest members
_PATIENCE = 3  # reads after which windows double: the guess is misled
_MAX_GAP = 128 << 20  # more than the largest member that is opened; no header for so long is damage
_ORDERLY = 8  # headers whose keys rise before a key between two of them counts as absent: by chance one in 40,320


@dataclass(frozen=True)
class ShardBytes:
    """A shard as it is searched."""

    name: str  # as messages show it
    modality: str
    size: int  # bytes
    read: ReadRange


@dataclass(frozen=True)
class Found:
    """The member, and its bytes where the windows of the search held them."""

    member: Member
    data: bytes | None


class MemberSearch:
    """One search; what it sees goes to `known`, which later searches start from."""

    def __init__(self, shard: ShardBytes, wanted: Wanted, known: KnownHeaders, ranks_of: RanksOf) -> None:
        """Look for `wanted` in `shard`."""
        self._shard = shard
        self._wanted = wanted
        self._known = known
        self._ranks_of = ranks_of
        self._planner = WindowPlanner(shard.modality, shard.size, wanted, known)
        self._gap: Window | None = None  # read, and no header begins in it
        self._chains: list[Chain] = []
        self._end = shard.size  # where the last entry ends, once that was seen
        self.fresh: list[tuple[Header, int | None]] = []  # headers that nobody had seen before
        self.windows: list[Window] = []  # everything read, for members that lie in it as a whole

    def run(self) -> Found | None:
        """The member; None where the shard does not hold it.

        Raises:
            ShardError: it can not be told, because headers are damaged or in no order.
            SourceMissingError, RemoteError: the shard can not be read.
        """
        for reads in range(MAX_READS):
            if (header := self._known.get(self._wanted.key)) is not None:
                return self._found(header)
            bracket = self._bracket()
            if bracket is None:
                return self._walk()
            if self._is_empty(bracket):
                if len(self._known) >= _ORDERLY or self._seen_all():
                    return None
                self._gap = None  # few keys that rise by chance say nothing about what lies elsewhere
                self._look(*self._planner.around(bracket, 2 ** len(self.windows)))
                continue
            if self._gap and (self._gap.end - self._gap.offset > _MAX_GAP):
                break
            if any(window.offset <= bracket.low and window.end >= bracket.high for window in self.windows):
                raise self._lost()  # all of it was read, and there is something in it that is no sound header
            if self._gap and not (bracket.low <= self._gap.offset and self._gap.end <= bracket.high):
                self._gap = None
            self._look(*self._planner.next(bracket, self._gap, 2 ** max(0, reads - _PATIENCE)))
        return self._walk()

    def _bracket(self) -> Bracket | None:
        """Where the member must lie; None where keys do not rise."""
        bracket = self._known.bracket(self._wanted.key, self._shard.size)
        return bracket and Bracket(bracket.low, min(bracket.high, self._end))

    def _is_empty(self, bracket: Bracket) -> bool:
        """Whether nothing but foreign files lies in a bracket."""
        if bracket.low + BLOCK > bracket.high:
            return True
        marks = (window.part(bracket.low, bracket.low + BLOCK) for window in self.windows)
        if any(mark and not any(mark) for mark in marks):
            return True  # the mark at the end of the archive
        return any(chain.begin <= bracket.low and chain.end >= bracket.high for chain in self._chains)

    def _seen_all(self) -> bool:
        return any(window.offset == 0 and window.end >= self._end for window in self.windows)

    def _look(self, begin: int, end: int) -> None:
        """Read a window and remember what it shows."""
        end = min(end, self._shard.size)
        window = Window(begin, self._shard.read(begin, end - begin))
        if self._gap and self._gap.end == begin:
            window = Window(self._gap.offset, self._gap.data + window.data)
        elif self._gap and self._gap.offset == end:
            window = Window(begin, window.data + self._gap.data)
        self.windows.append(window)
        chains = chains_in(window.data, window.offset, self._shard.size)
        self._chains += chains
        headers = [header for chain in chains for header in chain.headers]
        self._remember(headers)
        self._gap = None if headers else window
        if chains and chains[-1].is_last:
            self._end = min(self._end, chains[-1].end)

    def _remember(self, headers: list[Header]) -> None:
        unranked = [header.key for header in headers]
        ranks = self._ranks_of(unranked) if unranked and self._wanted.rank is not None else {}
        fresh = self._known.add(headers, ranks)
        self.fresh += [(header, ranks.get(header.key)) for header in fresh]

    def _found(self, header: Header) -> Found:
        """The member, with its bytes where a window holds its beginning; the rest is read."""
        for window in self.windows:
            if window.offset <= header.data_offset < window.end:
                data = window.part(header.data_offset, header.data_offset + header.size)
                if header.size > MAX_MEMBER_BYTES:
                    break  # whoever wants it decides for himself
                if len(data) < header.size:
                    data += self._shard.read(header.data_offset + len(data), header.size - len(data))
                return Found(header.member, data)
        return Found(header.member, None)

    def _walk(self) -> Found | None:
        """Read on and on around the guess, for shards that are damaged or in no order."""
        share = (self._wanted.rank or 0) / max(self._wanted.count or 1, 1)
        left = right = down(share * self._shard.size)
        for turn in range(MAX_WALKED_READS):
            if (turn % 2 == 0 or left == 0) and right < self._shard.size:
                begin, right = right, min(right + _WALK_BYTES, self._shard.size)
                end = right
            elif left > 0:
                end, left = left, max(left - _WALK_BYTES, 0)
                begin = left
            else:
                break
            self._gap = None
            self._look(begin, end)
            if (header := self._known.get(self._wanted.key)) is not None:
                return self._found(header)
        if left == 0 and right == self._shard.size and len(self._chains) == 1:
            return None
        raise self._lost()

    def _lost(self) -> ShardError:
        return ShardError(
            f"{self._wanted.key} was not found in {self._shard.name}: headers of that shard are damaged or in no "
            "order. Index the collection with `python -m batch index`, or fetch the shard anew."
        )
