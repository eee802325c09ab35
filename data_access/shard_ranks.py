"""The place of every sample among those of its shard, told batch by batch from rows in id order."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SHARD_COLUMNS = ("split", "tar")  # what names a shard of samples, whatever the modality
POSITION, SHARD_SAMPLES = "position", "shard_samples"


class ShardRanks:
    """Counts the samples of each shard as they pass by."""

    def __init__(self, announced: pa.Table) -> None:
        """Take how many samples each shard will have: columns split, tar, samples; a null shard is none."""
        self._codes = {name: code for code, name in enumerate(_names(announced).to_pylist()) if name is not None}
        places = [code for code, name in enumerate(_names(announced).to_pylist()) if name is not None]
        self._announced = np.zeros(announced.num_rows, np.int64)
        self._announced[places] = announced["samples"].to_numpy()[places]
        self._passed = np.zeros(announced.num_rows, np.int64)

    def add(self, table: pa.Table) -> pa.Table:
        """The next rows with int32 columns `position` (0-based, by id) and `shard_samples`; null without a shard."""
        encoded = pc.dictionary_encode(_names(table), null_encoding="mask").combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):  # of no rows
            return _with(table, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool))
        lost = np.asarray(pc.is_null(encoded.indices))
        words = np.array([self._codes[word] for word in encoded.dictionary.to_pylist()], np.int64)
        found = np.flatnonzero(~lost)
        codes = words[np.asarray(encoded.indices.filter(pa.array(~lost)))]
        position, samples = np.zeros(len(lost), np.int64), np.zeros(len(lost), np.int64)
        position[found] = self._passed[codes] + _ranks(codes)
        samples[found] = self._announced[codes]
        self._passed += np.bincount(codes, minlength=len(self._passed))
        return _with(table, position, samples, lost)

    def corrections(self) -> dict[str, int]:
        """How many samples really passed of those shards that announced another number, by `{split}/{tar}`."""
        return {
            name: int(self._passed[code])
            for name, code in self._codes.items()
            if self._passed[code] not in (0, self._announced[code])
        }


def _names(table: pa.Table) -> pa.ChunkedArray:
    split, tar = (table[name].cast(pa.string()) for name in SHARD_COLUMNS)
    return pc.binary_join_element_wise(split, tar, "/")


def _ranks(codes: np.ndarray) -> np.ndarray:
    """How many equal codes stand before each, (n,) int64."""
    order = np.argsort(codes, kind="stable")
    grouped = codes[order]
    starts = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]])) if len(codes) else order
    ranks = np.empty(len(codes), np.int64)
    ranks[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    return ranks


def _with(table: pa.Table, position: np.ndarray, samples: np.ndarray, lost: np.ndarray) -> pa.Table:
    for name, values in ((POSITION, position), (SHARD_SAMPLES, samples)):
        table = table.append_column(name, pa.array(values.astype(np.int32), mask=lost))
    return table
