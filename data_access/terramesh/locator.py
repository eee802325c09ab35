"""From a sample's id and a modality to the bytes of its member."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.terramesh.layout import Layout, Shard
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.modalities import CLOUD_MASK, CLOUD_MASK_CARRIERS, S1_OF_SOURCE, excludes
from data_access.terramesh.shard import Member
from errors import ModalityMissingError, ShardError, UnknownSampleError

MAX_SEARCHED_SHARDS = 32  # shards looked through where none has the expected name: seconds, not hours


@dataclass(frozen=True)
class Located:
    """Where a sample was said to lie."""

    key: str
    split: str
    tar: str
    source: str | None


class _Words:
    """A column of few distinct words, as codes: two bytes a row for up to 32,767 words."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        encoded = pc.dictionary_encode(column, null_encoding="encode").combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):  # of an empty column
            encoded = pa.array([], pa.dictionary(pa.int32(), pa.string()))
        self._words: list[str | None] = encoded.dictionary.to_pylist()
        self._codes = encoded.indices.to_numpy().astype(np.min_scalar_type(-len(self._words) - 1))

    def __getitem__(self, row: int) -> str | None:
        return self._words[int(self._codes[row])]


class SampleLocator:
    """Finds members. Ids are kept as sorted bytes, a quarter of the memory of strings."""

    def __init__(self, samples: pa.Table, layout: Layout, index: MemberIndex) -> None:
        """Remember the samples of a table in the schema of `metadata_table.SAMPLE_SCHEMA`, in any order."""
        order = pc.sort_indices(samples["id"])
        self._ids = np.array(samples["id"].take(order).to_pylist(), dtype=np.bytes_)
        self._split, self._tar, self._source = (
            _Words(samples[name].take(order)) for name in ("split", "tar", "source")
        )
        self._layout = layout
        self._index = index

    def locate(self, sample_id: str) -> Located:
        """Where the sample lies. Raises UnknownSampleError."""
        wanted = sample_id.encode("utf-8", "replace")
        position = int(np.searchsorted(self._ids, wanted))
        if position == len(self._ids) or self._ids[position] != wanted:
            raise UnknownSampleError(
                f"TerraMesh has no sample {sample_id[:60]!r} here. Look it up on the map or in the table."
            )
        split, splits = self._split[position] or "", self._layout.splits
        if split not in splits and len(splits) == 1:
            split = splits[0]  # the sample's name tells more than its folder's
        return Located(sample_id, split, self._tar[position] or "", self._source[position])

    def member(self, sample_id: str, modality: str) -> tuple[Shard, Member]:
        """The shard and the member that carry a modality of a sample; for the cloud mask, the first that may.

        Raises:
            UnknownSampleError: no such sample.
            ModalityMissingError: the sample does not have this modality, or its shard is not on this disk.
            ShardError: the shard is damaged where the member should be.
        """
        return next(self.members(sample_id, modality))

    def members(self, sample_id: str, modality: str) -> Iterator[tuple[Shard, Member]]:
        """At least one: every shard and member that may carry a modality. Only the cloud mask has several carriers.

        Raises: as `member`, when the first is asked for.
        """
        place = self.locate(sample_id)
        found, problem = False, None
        for folder in CLOUD_MASK_CARRIERS if modality == CLOUD_MASK else (modality,):
            for shard in self._candidates(place, folder):
                members = self._index.members(shard)
                if (member := members.find(sample_id)) is not None:
                    found = True
                    yield shard, member
                    break
                problem = problem or members.problem
        if not found and problem:
            raise ShardError(f"{sample_id} {modality} was not found. {problem}")
        if not found:
            raise ModalityMissingError(self._why_missing(place, modality))

    def _candidates(self, place: Located, folder: str) -> Iterator[Shard]:
        """The shard of the same name where there is one; else a few others, unless the source excludes the modality."""
        shards = self._layout.of(place.split, folder)
        if place.tar in shards:
            yield shards[place.tar]
        elif not excludes(place.source, folder):
            yield from list(shards.values())[:MAX_SEARCHED_SHARDS]

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
