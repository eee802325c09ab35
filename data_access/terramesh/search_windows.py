"""Which bytes of a shard to read next in search of a member: few enough, and with a header in them for sure.

The constants were found by simulation on sizes as `size_model` describes them. Wider windows cost more bytes than the
reads they save, narrower ones the reverse.
"""

from dataclasses import dataclass
from itertools import pairwise

from data_access.terramesh.known_headers import Bracket, KnownHeaders
from data_access.terramesh.size_model import DEFAULT_SPREAD, SPREADS, Estimate, SizeModel
from data_access.terramesh.tar import BLOCK

MAX_WINDOW = 32 << 20  # bytes; a catalogue that lies about the count must not have a whole shard read at once
_UNKNOWN_MEAN = 512 << 10  # bytes per member where the count is not known: those of Sentinel-2 are the largest
_END_MARK = 5632  # two blocks of zeros, filled up to a multiple of 10,240: half of that on average
_REACH = 6  # headers to either side that the guess is made from

# In units of the mean member.
_PROBE = 1.5  # a first window, and the spread: holds a header for sure, if members are not much larger than the mean
_NEAR = 7.0  # deviations up to this are covered at once, farther guesses are probed first
_SURE = 1.6  # deviations to either side that a covering window spans
_WIDEST = 4.0  # to either side
_SIZE_SURE = 1.3  # deviations of the member's own size to read behind its header


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and where the catalogue says that it lies."""

    key: str
    rank: int | None = None  # among the keys of the shard, from 0
    count: int | None = None  # keys of the shard


@dataclass(frozen=True)
class Window:
    """Bytes of a shard that were read."""

    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """First byte behind it."""
        return self.offset + len(self.data)

    def part(self, begin: int, end: int) -> bytes:
        """What it holds of these bytes of the shard; nothing where it does not hold the first of them."""
        return self.data[begin - self.offset : end - self.offset] if self.offset <= begin < self.end else b""


class WindowPlanner:
    """Plans the reads of one search."""

    def __init__(self, modality: str, size: int, wanted: Wanted, known: KnownHeaders) -> None:
        """Look for `wanted` in a shard of `size` bytes of which some headers are known, more and more of them."""
        self._size = size
        self._wanted = wanted
        self._known = known
        self._spread = SPREADS.get(modality, DEFAULT_SPREAD)
        mean = (size - _END_MARK) / wanted.count if wanted.count else _UNKNOWN_MEAN
        self._mean = min(max(mean, 2.0 * BLOCK), MAX_WINDOW)

    def next(self, bracket: Bracket, gap: Window | None, widened: int) -> tuple[int, int]:
        """Begin and end of the next read.

        Args:
            bracket: where the member must lie.
            gap: what was read last, if no header begins in it; the window then adjoins it.
            widened: factor, where earlier reads did not bring the search much nearer.
        """
        begins, ends = self._estimates(bracket)
        probe = min((_PROBE + self._spread) * self._mean * widened, MAX_WINDOW)
        if gap:
            return _beside(gap, bracket, begins.middle, probe)
        if begins.deviation == 0:
            length = ends.middle + _SIZE_SURE * ends.deviation - begins.middle
            return _clipped(begins.middle, begins.middle + length * widened, bracket, BLOCK)
        if begins.deviation > _NEAR * self._mean:
            return _clipped(begins.middle - probe / 2, begins.middle + probe / 2, bracket, probe)
        half = min(_SURE * begins.deviation, _WIDEST * self._mean * widened, MAX_WINDOW)
        return _clipped(begins.middle - half, ends.middle + half, bracket, probe)

    def around(self, bracket: Bracket, widened: int) -> tuple[int, int]:
        """A window over a bracket and what lies beside it."""
        reach = min(_WIDEST * self._mean * widened, MAX_WINDOW)
        return down(bracket.low - reach), up(bracket.high + reach)

    def _estimates(self, bracket: Bracket) -> tuple[Estimate, Estimate]:
        """Where the member begins and ends."""
        rank, count = self._wanted.rank, self._wanted.count
        anchors = {} if rank is None or count is None else self._anchors(bracket, rank, count)
        if rank is not None and anchors:
            ranks = sorted(anchors)
            model = SizeModel(ranks, [anchors[each] for each in ranks], self._spread, self._mean)
            begins = model.offset(rank)
            if bracket.low <= begins.middle < bracket.high:
                return begins, model.offset(rank + 1)
        middle = (bracket.low + bracket.high) / 2  # nothing to guess from, or ranks that lie: halve what is left
        deviation = (bracket.high - bracket.low) / 4
        return Estimate(middle, deviation), Estimate(middle + self._mean, deviation)

    def _anchors(self, bracket: Bracket, rank: int, count: int) -> dict[int, int]:
        """Offsets by rank that the guess is made from; none where they contradict what the keys tell."""
        anchors = self._known.anchors((bracket.low + bracket.high) // 2, _REACH)
        end = max(self._size - _END_MARK, BLOCK)
        if not anchors or min(anchors) > 0:
            anchors[0] = 0
        if max(anchors) < count and anchors[max(anchors)] < end:
            anchors[count] = end
        offsets = [anchors[each] for each in sorted(anchors)]
        rising = all(first < second for first, second in pairwise(offsets))
        return anchors if rising and min(anchors) <= rank < max(anchors) else {}


def _beside(gap: Window, bracket: Bracket, guess: float, length: float) -> tuple[int, int]:
    """A window that adjoins the gap on the side of the guess, or on the one where there is room."""
    right = guess >= (gap.offset + gap.end) / 2
    if (right and gap.end < bracket.high) or gap.offset <= bracket.low:
        return gap.end, up(min(gap.end + length, bracket.high))
    return down(max(gap.offset - length, bracket.low)), gap.offset


def _clipped(low: float, high: float, bracket: Bracket, least: float) -> tuple[int, int]:
    """A window cut to the bracket and, where there is room, as wide as `least`."""
    low, high = max(low, bracket.low), min(high, bracket.high)
    high = min(high + max(least - (high - low), 0) / 2, bracket.high)
    low = max(min(low, high - least), bracket.low)
    high = min(max(high, low + least), bracket.high)
    begin = down(low)
    return begin, max(up(high), begin + BLOCK)


def down(offset: float) -> int:
    """The block that an offset lies in."""
    return max(int(offset), 0) // BLOCK * BLOCK


def up(offset: float) -> int:
    """The block that begins at or behind an offset."""
    return -(-int(offset) // BLOCK) * BLOCK
