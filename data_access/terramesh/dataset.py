"""TerraMesh as a `data_access.dataset.Dataset`: one root, opened."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import xarray as xr

from data_access.catalog import TableCatalog
from data_access.dataset import FAR_KINDS, CollectionInfo, CollectionKind, Corners, SampleRecord, licence_of_kind
from data_access.point_index import PointIndex
from data_access.settings import settings
from data_access.terramesh import batch_parts
from data_access.terramesh.describing import SampleDescriber
from data_access.terramesh.layout import Layout
from data_access.terramesh.licence import TERRAMESH_LICENCE
from data_access.terramesh.locator import SampleLocator
from data_access.terramesh.member_finder import MemberFinder, finder_of
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.modalities import CLOUD_MASK, CLOUD_MASK_CARRIERS
from data_access.terramesh.player import ShardPlayer
from data_access.terramesh.prefetch import Prefetcher
from data_access.terramesh.reader import SampleReader
from errors import UnknownSampleError

_TITLES: dict[CollectionKind, str] = {
    "demo": "TerraMesh, synthetic demo",
    "local": "TerraMesh",
    "hf": "TerraMesh, from the hub",
    "https": "TerraMesh, over HTTP",
}


class TerraMesh:
    """One root of TerraMesh shards; safe to use from many threads at once."""

    def __init__(
        self,
        layout: Layout,
        catalog: TableCatalog,
        index: MemberIndex,
        kind: CollectionKind,
        *,
        revision: str | None = None,
        finder: MemberFinder | None = None,
        parts: Path | None = None,
        points: Path | None = None,
    ) -> None:
        """Put the parts together; `opening.open_terramesh` makes them.

        Args:
            layout: the files of the root.
            catalog: its samples.
            index: members by shard.
            kind: what sort of root it is.
            revision: of layout and catalogue together; by default that of the layout.
            finder: finds members in shards; by default one that keeps what it learns.
            parts: what the batch index left behind.
            points: folder of the point index; None keeps it in memory.
        """
        finder = finder or finder_of(layout, index, parts, settings().sample_cache_bytes)
        self._catalog = catalog
        self._points = PointIndex.open(catalog, points)
        self._locator = SampleLocator(self._properties, layout, finder)
        self._reader = SampleReader(self._locator, finder)
        self._player = ShardPlayer(layout, catalog, self._properties, self._locator, finder)
        self._prefetcher = Prefetcher(lambda sample_id, name: len(self._reader.member_bytes(sample_id, name)))
        self._index = index
        self._layout = layout
        self._parts = parts
        self._folders = layout.folders
        self._info = CollectionInfo(
            dataset="terramesh",
            kind=kind,
            title=_TITLES[kind],
            root=layout.name,
            revision=revision or layout.revision,
            licence=licence_of_kind(TERRAMESH_LICENCE, kind),
            synthetic=kind == "demo",
            notes=(*layout.notes, *catalog.notes),
        )
        masks = (CLOUD_MASK,) if set(self._folders) & set(CLOUD_MASK_CARRIERS) else ()
        self._modalities = (*self._folders, *masks)
        self._describer = SampleDescriber(self._reader, self._properties, self._modalities)

    @property
    def info(self) -> CollectionInfo:
        """Title, revision, licence, and notes, which grow as damage is met in shards opened for the first time."""
        return replace(self._info, notes=tuple(dict.fromkeys((*self._info.notes, *self._index.remarks()))))

    @property
    def modalities(self) -> tuple[str, ...]:
        """Modalities that the root has for any sample, in display order."""
        return self._modalities

    @property
    def layout(self) -> Layout:
        """The files of the root, as they were found when it was opened."""
        return self._layout

    @property
    def catalog(self) -> TableCatalog:
        """The sample table; samples without a place on the globe are not in it."""
        return self._catalog

    @property
    def points(self) -> PointIndex:
        """The point index."""
        return self._points

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        """Open one modality of one sample; its arrays are read-only.

        Raises:
            UnknownSampleError: no such sample.
            ModalityMissingError: no such modality, or the sample does not have it.
            ShardError, SampleFormatError: its bytes are damaged.
            SourceMissingError: its shard has gone since the root was opened.
        """
        with self._prefetcher.foreground():
            return self._reader.read(sample_id, modality)

    def prefetch(self, sample_ids: Sequence[str], modalities: Sequence[str], *, owner: str) -> None:
        """Fetch samples in the background, see `dataset.Prefetches`; of a root on this machine nothing is fetched."""
        if self._info.kind in FAR_KINDS:
            self._prefetcher.prefetch(sample_ids, [name for name in modalities if name != CLOUD_MASK], owner=owner)

    @property
    def player(self) -> ShardPlayer:
        """Plays the shards of the root from front to back."""
        return self._player

    def thumbnail(self, sample_id: str) -> bytes | None:
        """The WebP that `python -m batch thumbnails` made of a sample; None where it made none.

        Raises:
            UnknownSampleError: no such sample.
        """
        place = self._locator.locate(sample_id)
        if self._parts is None:
            return None
        return batch_parts.thumbnail(self._parts, place.split, place.tar, sample_id, self._layout)

    def describe(self, sample_id: str) -> SampleRecord:
        """Everything but the pixels. A modality that can not be read is named in `problems`, the rest is given.

        `s1_s2_gap_hours` is positive where Sentinel-1 came later. Longitude and latitude are NaN where no file tells.

        Raises:
            UnknownSampleError: no such sample.
        """
        self._locator.locate(sample_id)
        with self._prefetcher.foreground():
            return self._describer.record(sample_id)

    def available(self, sample_id: str) -> tuple[str, ...]:
        """Modalities whose shards hold the sample, in display order, told without opening any; one may prove damaged.

        Raises:
            UnknownSampleError: no such sample.
        """
        self._locator.locate(sample_id)
        return tuple(name for name in self._modalities if self._reader.holds(sample_id, name))

    def corners(self, sample_id: str) -> Corners | None:
        """The four true corners, without decoding pixels; None where the files do not tell.

        Of a sample whose files are far the catalogue tells them, so that a map full of footprints fetches nothing.

        Raises:
            UnknownSampleError: no such sample.
            PlaceError: the files tell a place that is none (NaN, infinite, outside the globe).
        """
        self._locator.locate(sample_id)
        if any(self._locator.far_shard(sample_id, name) for name in self._folders) and (
            stated := self._describer.stated_corners(sample_id)
        ):
            return stated
        place = self._describer.place(sample_id, self._folders)
        return place.corners if place else None

    def member_bytes(self, sample_id: str, modality: str) -> bytes:
        """The member that carries a modality of a sample, as it lies in its shard: the bytes of a zipped Zarr group.

        Raises:
            UnknownSampleError, ModalityMissingError, ShardError, SourceMissingError, RemoteError: as `read`.
        """
        with self._prefetcher.foreground():
            return self._reader.member_bytes(sample_id, modality)

    def _properties(self, sample_id: str) -> dict[str, object]:
        """The row of a sample, from the catalogue or, for samples without a place, from beside it."""
        try:
            return self._catalog.row(sample_id)
        except UnknownSampleError:
            return self._catalog.unplaced_row(sample_id)
