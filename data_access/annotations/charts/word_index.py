"""Which caption holds which of the most common words: one bit each, so that any selection is counted in milliseconds.

Captions lie grouped by country and season, each group at the start of a 64-bit word of its own. A count is then one AND
and one popcount over the whole table (30 MB for 464,000 captions and 512 words), summed group by group.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data_access.annotations.charts.word_tokens import MOST_LETTERS, common_words, distinct_words
from data_access.progress import Activity, activity

VOCABULARY = 512  # words that are counted: rarer ones stand in few captions and tell nothing of a season or country
SAMPLED = 50_000  # captions that the vocabulary is chosen from, spread evenly over all
_BLOCK = 1 << 13  # captions at a time, a multiple of 8: their words as booleans take 4 MB
_WORD = 64  # bits
INDEX_ARRAYS = ("words", "groups", "starts", "rows", "bits")
_NOBODY = -1  # the row of a place between two groups

Group = tuple[str, str]  # country and season
Blocks = Callable[[], Iterable[pa.Array]]  # all captions from the first, in blocks of any length


@dataclass(frozen=True)
class Captions:
    """All captions of a collection, in one order."""

    texts: Blocks
    rows: np.ndarray  # (n,) row number of each
    groups: Sequence[Group]
    group: np.ndarray  # (n,) place of each in `groups`


@dataclass(frozen=True)
class WordIndex:
    """Words, groups and the bits of their captions.

    Attributes:
        words: the vocabulary, (words,).
        groups: country and season of each group of captions, (groups,); every one has a caption.
        starts: (groups,) int64, the 64-bit word that each group begins with.
        rows: (64 * m,) int32, the row of each bit's caption; -1 between groups.
        bits: (1 + words, m) uint64; the first line has the bit of every caption.
    """

    words: tuple[str, ...]
    groups: tuple[Group, ...]
    starts: np.ndarray
    rows: np.ndarray
    bits: np.ndarray

    def count(self, selected: np.ndarray) -> np.ndarray:
        """Captions among the selected rows, in all and with each word, per group.

        Args:
            selected: (rows,) bool.

        Returns:
            (1 + words, groups) int64; the first line counts the captions of each group.
        """
        if not self.groups:
            return np.zeros((1 + len(self.words), 0), dtype=np.int64)
        chosen = np.packbits(selected[self.rows], bitorder="little").view("<u8")  # -1 reads a row, but has no bit
        counts: np.ndarray = np.empty((len(self.bits), len(self.groups)), dtype=np.int64)
        for line, bits in enumerate(self.bits):  # a line at a time stays in the core's cache
            np.add.reduceat(np.bitwise_count(bits & chosen), self.starts, dtype=np.int64, out=counts[line])
        return counts


def index_words(captions: Captions) -> dict[str, np.ndarray]:
    """The arrays of an index, by name, each of one dimension; `read_index` takes them."""
    total = len(captions.rows)
    with activity("Finding the words of the captions", total=2 * total, unit="captions") as under_way:
        vocabulary = common_words(_sample(captions.texts(), total, under_way), VOCABULARY)
        packed = _pack(captions.texts(), total, vocabulary, under_way)
    present, group = np.unique(captions.group, return_inverse=True)
    place, starts, length = _places(group, len(present))
    rows = np.full(length, _NOBODY, dtype=np.int32)
    rows[place] = captions.rows
    bits: np.ndarray = np.zeros((1 + len(vocabulary), length // _WORD), dtype="<u8")
    everyone: np.ndarray = np.ones(total, dtype=np.bool_)
    _set_line(bits[0], place, everyone)
    for line, octets in enumerate(packed, start=1):
        _set_line(bits[line], place, np.unpackbits(octets, count=total, bitorder="little").view(np.bool_))
    names = [name for number in present.tolist() for name in captions.groups[number]]
    return {
        "words": np.array(vocabulary.to_pylist(), dtype=f"<U{MOST_LETTERS}"),
        "groups": np.array(names, dtype=str) if names else np.zeros(0, "<U1"),
        "starts": starts,
        "rows": rows,
        "bits": bits.ravel(),
    }


def read_index(arrays: Mapping[str, np.ndarray | None]) -> WordIndex | None:
    """The index of some arrays, without a copy; None where one is missing."""
    words, groups, starts, rows, bits = (arrays.get(name) for name in INDEX_ARRAYS)
    if words is None or groups is None or starts is None or rows is None or bits is None:
        return None
    names = groups.tolist()
    return WordIndex(
        words=tuple(words.tolist()),
        groups=tuple(zip(names[::2], names[1::2], strict=True)),
        starts=starts,
        rows=rows,
        bits=bits.reshape(1 + len(words), -1),
    )


def _sample(texts: Iterable[pa.Array], total: int, under_way: Activity) -> Iterator[pa.Array]:
    """Every so many-th caption."""
    step, seen = max(total // SAMPLED, 1), 0
    for block in texts:
        yield block.take(pa.array(np.arange(-seen % step, len(block), step)))
        seen += len(block)
        under_way.advance(len(block), "which words are common")


def _pack(texts: Iterable[pa.Array], total: int, vocabulary: pa.Array, under_way: Activity) -> np.ndarray:
    """Which caption, in the given order, holds which word, (words, ceil(total / 8)) uint8, lowest bit first."""
    packed: np.ndarray = np.zeros((len(vocabulary), -(-total // 8)), dtype=np.uint8)
    done = 0
    for block in _of_length(texts, _BLOCK):
        octets = np.packbits(distinct_words(block, vocabulary), axis=1, bitorder="little")
        packed[:, done // 8 : done // 8 + octets.shape[1]] = octets
        done += len(block)
        under_way.advance(len(block), "which caption holds which word")
    return packed


def _of_length(blocks: Iterable[pa.Array], length: int) -> Iterator[pa.Array]:
    """The same texts in blocks of one length; the last may be shorter."""
    waiting: list[pa.Array] = []
    for block in blocks:
        waiting.append(block.cast(pa.string()))
        while sum(map(len, waiting)) >= length:
            joined = pa.concat_arrays(waiting)
            yield joined[:length]
            waiting = [joined[length:]]
    if sum(map(len, waiting)):
        yield pa.concat_arrays(waiting)


def _places(group: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray, int]:
    """The bit of each caption, the 64-bit word that each group begins with, and the bits in all."""
    sizes = np.bincount(group, minlength=groups)
    widths = -(-sizes // _WORD)
    starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
    order = np.argsort(group, kind="stable")
    within = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.empty(len(group), dtype=np.int64)
    place[order] = starts[group[order]] * _WORD + within
    return place, starts[:-1], int(starts[-1]) * _WORD


def _set_line(line: np.ndarray, place: np.ndarray, held: np.ndarray) -> None:
    spread: np.ndarray = np.zeros(len(line) * _WORD, dtype=np.bool_)
    spread[place] = held
    line[:] = np.packbits(spread, bitorder="little").view("<u8")
