"""Playing shards of TerraMesh: what passes by is remembered, so that samples just played open at once."""

import io
from collections.abc import Callable, Generator, Mapping
from functools import cached_property

import numpy as np
import xarray as xr

from data_access.catalog import TableCatalog
from data_access.dataset import OffsetState, Provenance
from data_access.playing import PlayBegun, Played, PlayedSample, PlayNote, ShardSet
from data_access.terramesh.byte_range import size_of
from data_access.terramesh.locator import SampleLocator
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.modalities import FOLDERS, MEMBER_SUFFIX, MODALITIES, source_of
from data_access.terramesh.offsets import has_dark_pixels, offset_of_l1c
from data_access.terramesh.sample import SampleFile
from data_access.terramesh.shard_files import Layout, Shard
from data_access.terramesh.shard_stream import StreamedMember, start_of, stream_shard
from errors import SampleFormatError, UnknownSampleError, UnknownShardError

Row = Callable[[str], Mapping[str, object]]  # of the catalogue; raises UnknownSampleError


class ShardPlayer:
    """`playing.Player` over one root."""

    def __init__(
        self, layout: Layout, catalog: TableCatalog, row: Row, locator: SampleLocator, finder: MemberFinder
    ) -> None:
        """Play the shards of the layout; `row` tells more of a sample, `finder` remembers what passes."""
        self._layout = layout
        self._catalog = catalog
        self._row = row
        self._locator = locator
        self._finder = finder

    def shards(self) -> tuple[ShardSet, ...]:
        """All shards, by split and name; those that only the catalogue names are not there to be played."""
        return tuple(self._sets.values())

    def play(
        self, split: str, name: str, modality: str, *, after: int = 0, sample: str | None = None
    ) -> Generator[Played]:
        """Play a shard, see `playing.Player.play`."""
        shard = self._shard(split, name, modality)
        start = after if sample is None else self._start(shard, sample)
        size = size_of(shard.location) if shard.size is None else shard.size
        yield PlayBegun(min(start, size), size, self._sets[split, name].samples)
        counted = 0 if start == 0 else None
        for item in stream_shard(shard, start):
            if isinstance(item, StreamedMember):
                counted = None if counted is None else counted + 1
                yield self._played(shard, item, counted)
            else:
                yield PlayNote(item.message, item.position)

    def opened(self, played: PlayedSample) -> xr.Dataset:
        """The sample decoded from its bytes, see `playing.Player.opened`."""
        provenance = Provenance(
            shard=played.shard,
            member=played.id + MEMBER_SUFFIX,
            byte_offset=played.data_offset,
            byte_length=len(played.data),
        )
        try:
            file = SampleFile(io.BytesIO(played.data), MODALITIES[played.modality])
            values = file.pixels()
            return file.to_dataset(
                values,
                sample_id=played.id,
                source=source_of(played.id, played.shard.rpartition("/")[2]) or "unknown",
                offset=_offset(played.modality, values, file.bands),
                provenance=provenance,
            )
        except SampleFormatError as error:
            raise SampleFormatError(f"{played.modality} of {played.id}: {error.message}") from error

    @cached_property
    def _sets(self) -> dict[tuple[str, str], ShardSet]:
        samples = {
            (row["split"], row.get("tar")): int(row["samples"])
            for row in self._catalog.tally(["split", "tar"]).to_pylist()
        }
        sizes: dict[tuple[str, str], dict[str, int | None]] = {}
        for shard in sorted(self._layout.shards, key=_place):
            sizes.setdefault((shard.split, shard.name), {})[shard.modality] = shard.size
        return {place: ShardSet(*place, samples.get(place), found) for place, found in sizes.items()}

    def _shard(self, split: str, name: str, modality: str) -> Shard:
        found = self._sets.get((split, name))
        if found is None:
            raise UnknownShardError(f"There is no shard {name[:80]!r} in the split {split[:20]!r}. Choose another.")
        shard = self._layout.of(split, modality).get(name)
        if shard is None:
            raise UnknownShardError(
                f"{name} has no {modality[:40]!r} here. It has {', '.join(found.sizes)}: choose one of these."
            )
        return shard.settled()

    def _start(self, shard: Shard, sample: str) -> int:
        found, member = self._locator.member(sample, shard.modality)
        if found != shard:
            raise UnknownSampleError(f"{sample} lies in {found.relative}, not in {shard.relative}. Play that one.")
        return start_of(member)

    def _played(self, shard: Shard, item: StreamedMember, counted: int | None) -> PlayedSample:
        try:
            row = self._row(item.key)
        except UnknownSampleError:  # a shard may hold what no table lists
            row = {}
        position = row.get("position") if row.get("tar") == shard.name else None
        rank = position if isinstance(position, int) else None
        self._finder.take_in(shard, item.header, rank, item.data)
        return PlayedSample(
            id=item.key,
            modality=shard.modality,
            shard=shard.relative,
            data_offset=item.header.data_offset,
            data=item.data,
            position=item.position,
            number=counted if rank is None else rank + 1,
            row=row,
        )


def _place(shard: Shard) -> tuple[str, str, int]:
    return shard.split, shard.name, FOLDERS.index(shard.modality)


def _offset(modality: str, values: np.ndarray, bands: tuple[str, ...]) -> OffsetState:
    """What the pixels alone tell of the Sentinel-2 offset."""
    if modality == "S2L1C":
        return offset_of_l1c(values, bands)
    if modality == "S2L2A":
        return "absent" if has_dark_pixels(values) else "unknown"
    return "absent"
