"""What routes ask for by type: the opened data set, the filter, a checked id, the workshops of this app."""

from dataclasses import dataclass, field
from typing import Annotated

import xarray as xr
from fastapi import Depends, Path, Request

from api.filter_parameters import filter_of
from api.followers import Followers
from api.limits import (
    ARRAY_CACHE_BYTES,
    CHIP_QUEUE,
    CHIP_THREADS,
    EXPORT_QUEUE,
    EXPORT_THREADS,
    FAR_THREADS,
    FOLLOWERS,
    PICTURE_CACHE_BYTES,
    PLAYERS,
    QUERY_QUEUE,
    QUERY_THREADS,
    SEARCH_THREADS,
    TILE_CACHE_BYTES,
)
from api.opening import Opening
from api.workshop import Workshop
from data_access.dataset import FAR_KINDS, ID_PATTERN, Dataset, DatasetName
from data_access.memory_cache import OnceCache
from data_access.sample_filter import SampleFilter

MODALITY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"

SampleId = Annotated[str, Path(pattern=ID_PATTERN, description="TerraMesh key, or BigEarthNet patch_id")]
Modality = Annotated[str, Path(pattern=MODALITY_PATTERN, description="such as S2L2A, S1RTC, cloud_mask; S2-10m, S1")]


def _array_bytes(opened: xr.Dataset) -> int:
    """Bytes of all arrays of an opened modality."""
    return int(opened.nbytes)


def _text_bytes(content: bytes) -> int:
    """Bytes of an encoded answer."""
    return len(content)


@dataclass(frozen=True)
class Hall:
    """Everything the routes of one app share."""

    opening: Opening
    chips: Workshop = field(default_factory=lambda: Workshop("picture", threads=CHIP_THREADS, queue=CHIP_QUEUE))
    far: Workshop = field(default_factory=lambda: Workshop("far picture", threads=FAR_THREADS, queue=CHIP_QUEUE))
    exports: Workshop = field(default_factory=lambda: Workshop("export", threads=EXPORT_THREADS, queue=EXPORT_QUEUE))
    players: Workshop = field(default_factory=lambda: Workshop("player", threads=PLAYERS, queue=0))
    queries: Workshop = field(default_factory=lambda: Workshop("query", threads=QUERY_THREADS, queue=QUERY_QUEUE))
    searches: Workshop = field(default_factory=lambda: Workshop("search", threads=SEARCH_THREADS, queue=QUERY_QUEUE))
    followers: Followers = field(default_factory=lambda: Followers(FOLLOWERS))
    arrays: OnceCache[str, xr.Dataset] = field(default_factory=lambda: OnceCache(ARRAY_CACHE_BYTES, _array_bytes))
    pictures: OnceCache[str, bytes] = field(default_factory=lambda: OnceCache(PICTURE_CACHE_BYTES, _text_bytes))
    tiles: OnceCache[str, bytes] = field(default_factory=lambda: OnceCache(TILE_CACHE_BYTES, _text_bytes))

    def readers(self, dataset: Dataset) -> Workshop:
        """Who reads samples of a data set: a server that stalls holds up what lies behind servers, and nothing else."""
        return self.far if dataset.info.kind in FAR_KINDS else self.chips

    def answering(self, wanted: SampleFilter) -> Workshop:
        """Who answers questions with a filter: those with words, which are searched for, keep nobody else waiting."""
        return self.searches if wanted.words else self.queries

    def close(self) -> None:
        """Let go of the threads."""
        self.chips.close()
        self.far.close()
        self.exports.close()
        self.players.close()
        self.queries.close()
        self.searches.close()


def hall_of(request: Request) -> Hall:
    """The hall that `application.create_api` gave to this app."""
    hall = request.app.state.hall
    if not isinstance(hall, Hall):
        raise TypeError("the API was not made by create_api")
    return hall


SharedHall = Annotated[Hall, Depends(hall_of)]


async def open_dataset(
    dataset: Annotated[DatasetName, Path(description="terramesh or bigearthnet")], hall: SharedHall
) -> Dataset:
    """The data set that the path names, once it is open."""
    return await hall.opening.dataset(dataset)


OpenDataset = Annotated[Dataset, Depends(open_dataset)]
Filter = Annotated[SampleFilter, Depends(filter_of)]
