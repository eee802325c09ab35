"""What a data set that lies in shards offers to those who want to watch one: its list of shards, and playing one.

Playing gives the samples of one shard and modality in the order of the file, as a training loader sees them.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import xarray as xr


@dataclass(frozen=True)
class ShardSet:
    """The shards of one name: the same samples, one file per modality."""

    split: str
    name: str
    samples: int | None  # that the catalogue lists there; None where it does not tell
    sizes: Mapping[str, int | None]  # bytes by modality, in display order; None where the listing does not tell


@dataclass(frozen=True)
class PlayBegun:
    """Where playing begins; always the first item."""

    position: int  # byte of the shard
    size: int  # bytes of the shard
    samples: int | None  # in the whole shard


@dataclass(frozen=True)
class PlayedSample:
    """One sample, as its bytes came."""

    id: str
    modality: str
    shard: str  # path below the root
    data_offset: int  # byte of the shard where its data begins
    data: bytes  # the member as it lies in the shard
    position: int  # byte of the shard where the next one begins: playing on from there misses and repeats nothing
    number: int | None  # its place in the shard, from 1; None where that is not known
    row: Mapping[str, object]  # of the catalogue; empty where it does not list the sample


@dataclass(frozen=True)
class PlayNote:
    """Something on the way that is no sample, or damaged."""

    message: str
    position: int


Played: TypeAlias = PlayBegun | PlayedSample | PlayNote


class Player(Protocol):
    """Plays the shards of one data set; safe to use from many threads at once."""

    def shards(self) -> tuple[ShardSet, ...]:
        """All shards, by split and name."""

    def play(
        self, split: str, name: str, modality: str, *, after: int = 0, sample: str | None = None
    ) -> Generator[Played]:
        """Play a shard from a position on, or from a sample on; closing the generator stops the reading.

        Args:
            split: of the shard.
            name: of the shard's file.
            modality: whose shard is read.
            after: `position` of the last item that came; 0 is the beginning.
            sample: begin with this sample of the shard instead.

        Raises:
            UnknownShardError: there is no such shard, or it lacks the modality.
            UnknownSampleError: the sample does not lie in it.
            SourceMissingError, ShardError, RemoteError: it can not be read.
        """

    def opened(self, played: PlayedSample) -> xr.Dataset:
        """The sample decoded from the bytes that came, without reading anything else.

        The state of its Sentinel-2 offset stays "unknown" where only another modality could tell it.

        Raises:
            SampleFormatError: the bytes are damaged.
        """


@runtime_checkable
class PlaysShards(Protocol):
    """What a data set in shards offers beside `Dataset`."""

    @property
    def player(self) -> Player:
        """Plays its shards."""
