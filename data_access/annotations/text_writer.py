"""Every different text of the annotations, numbered as they come.

Nine million rows repeat themselves: each question is asked of many patches, and "yes" answers millions. A text is kept
once, in lower case, as searches want it; beside it stands where its capitals were, which gives the original back.
"""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.spools import Spools, write_table

NO_TEXT = -1  # of a row whose text is null
_DIGESTS = "SELECT md5_number_lower(t) AS low, md5_number_upper(t) AS high, lower(t) AS lowered FROM incoming"
_CASE_STEP = ord("a") - ord("A")
_DTYPES: dict[str, np.dtype[Any]] = {
    "text": np.dtype(np.uint8),  # all texts in lower case, UTF-8, end to end
    "ends": np.dtype(np.int64),  # where each begins and the last one ends
    "capitals": np.dtype(np.int64),  # where capitals of ASCII stood in `text`, ascending
}
_Numbered = tuple[np.ndarray, np.ndarray]  # digests, ascending, and the number of each


class TextWriter:
    """Numbers texts and writes each new one."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Write into a folder; the connection lowers texts, exactly as it does the words of a search."""
        self._folder = folder
        self._connection = connection
        self._spools = Spools(
            folder, {"text": np.dtype(np.uint8), "ends": np.dtype(np.int64), "capitals": np.dtype(np.int64)}
        )
        self._spools.add("ends", np.zeros(1, np.int64))
        self._bytes = 0
        self._known = _KnownDigests()
        self._odd: list[pa.Table] = []  # originals that capitals alone do not give back

    def numbers(self, texts: pa.Array) -> np.ndarray:
        """The number of each text, (n,) int32; NO_TEXT for nulls.

        Raises:
            OSError: the disk is full.
        """
        encoded = texts.cast(pa.large_string()).dictionary_encode()
        different = encoded.dictionary
        if not len(different):
            return np.full(len(texts), NO_TEXT, np.int32)
        numbers = self._numbered(different)
        codes = pc.fill_null(encoded.indices, len(different)).to_numpy()
        found: np.ndarray = np.append(numbers, NO_TEXT)[codes].astype(np.int32)
        return found

    def finish(self) -> None:
        """Write what is left. Raises OSError where the disk is full."""
        self._spools.finish()
        nothing = pa.table({"number": pa.array([], pa.int32()), "text": pa.array([], pa.large_string())})
        write_table(self._folder, "odd_texts", pa.concat_tables([nothing, *self._odd]))

    def close(self) -> None:
        """Let go of the files."""
        self._spools.close()

    def _numbered(self, texts: pa.Array) -> np.ndarray:
        """Numbers of texts that differ from each other, (n,) int64."""
        self._connection.register("incoming", pa.table({"t": texts}))
        found = self._connection.sql(_DIGESTS).to_arrow_table().combine_chunks()
        low, high = found["low"].to_numpy(), found["high"].to_numpy()
        numbers = self._known.find(low, high)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            lowered = found["lowered"].cast(pa.large_string()).combine_chunks()
            order = self._write(texts.take(pa.array(new)), _whole(lowered).take(pa.array(new)))
            numbers[new[order]] = self._known.add(low[new[order]], high[new[order]])
        return numbers

    def _write(self, originals: pa.Array, lowered: pa.Array) -> np.ndarray:
        """Write new texts; returns the order in which they were written, (n,) int64."""
        even = np.asarray(pc.equal(pc.binary_length(originals), pc.binary_length(lowered)))
        places = np.flatnonzero(even)
        capitals, odd = _capitals(originals.take(pa.array(places)), lowered.take(pa.array(places)))
        if len(odd):
            even[places[odd]] = False
            places = np.flatnonzero(even)
            capitals, _ = _capitals(originals.take(pa.array(places)), lowered.take(pa.array(places)))
        rest = np.flatnonzero(~even)
        order = np.concatenate([places, rest])
        if len(rest):
            numbers = np.arange(len(places), len(order)) + self._known.count
            self._odd.append(pa.table({"number": numbers.astype(np.int32), "text": originals.take(pa.array(rest))}))
        data, ends = _content(lowered.take(pa.array(order)))
        self._spools.add("text", data)
        self._spools.add("ends", ends[1:] + self._bytes)
        self._spools.add("capitals", capitals + self._bytes)
        self._bytes += len(data)
        return order


class _KnownDigests:
    """Which digests have a number: sorted arrays, the latest apart from the rest, as 20 bytes a text are little."""

    def __init__(self) -> None:
        self.count = 0
        self._sorted = [(np.zeros(0, np.uint64), np.zeros(0, np.int64)) for _ in range(2)]  # the rest, the latest
        self._high = np.zeros(1 << 16, np.uint64)  # the other half of each digest, by number

    def find(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Number of each digest, (n,) int64; -1 for unknown ones."""
        numbers = np.full(len(low), -1, np.int64)
        for keys, of_keys in self._sorted:
            if len(keys):
                places = np.minimum(np.searchsorted(keys, low), len(keys) - 1)
                hits = np.flatnonzero(keys[places] == low)
                found = of_keys[places[hits]]
                same = self._high[found] == high[hits]
                numbers[hits[same]] = found[same]
        return numbers

    def add(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Number new digests from `count` on, in their order; returns the numbers, (n,) int64."""
        numbers = np.arange(self.count, self.count + len(low))
        self.count += len(low)
        if self.count > len(self._high):
            self._high = np.concatenate([self._high, np.zeros(max(self.count, len(self._high)), np.uint64)])
        self._high[numbers] = high
        self._sorted[1] = _merged(self._sorted[1], (low, numbers))
        if 4 * len(self._sorted[1][0]) > len(self._sorted[0][0]):  # merged seldom, so that large arrays move seldom
            self._sorted = [_merged(*self._sorted), (low[:0], numbers[:0])]
        return numbers


def _merged(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    keys, numbers = (np.concatenate(pair) for pair in zip(first, second, strict=True))
    order = np.argsort(keys, kind="stable")
    return keys[order], numbers[order]


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _content(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 of all texts end to end, (bytes,) uint8, and where each begins and the last one ends, (n + 1,) int64."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return content, ends - ends[0]


def _capitals(originals: pa.Array, lowered: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where capitals stand in texts of the same lengths, (m,) int64, and which texts differ in more than that."""
    before, ends = _content(originals)
    after, _ = _content(lowered)
    differ = np.flatnonzero(before != after)
    plain = (before[differ] >= ord("A")) & (before[differ] <= ord("Z"))
    plain &= before[differ] + _CASE_STEP == after[differ]
    odd = np.unique(np.searchsorted(ends, differ[~plain], side="right") - 1)
    return differ, odd
