"""BigEarthNet v2 with the texts of BigEarthNet.txt as a `data_access.dataset.Dataset`."""

import math
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import xarray as xr

from data_access.annotations.annotations import Annotations
from data_access.annotations.checked import Annotation, checked
from data_access.annotations.rows import AnnotationRows
from data_access.background import MadeOnce
from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.map_facts import MapFacts, facts_of
from data_access.bigearthnet.modalities import MODALITIES, MODALITY_NAMES, modality_named
from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, place_of
from data_access.bigearthnet.patch_lookup import LOOKUP_COLUMNS, Patch, PatchLookup
from data_access.bigearthnet.patch_reader import PatchReader
from data_access.catalog import TableCatalog
from data_access.dataset import CollectionInfo, Corners, ModalitySummary, SampleRecord
from data_access.point_index import PointIndex
from errors import ModalityMissingError, PatchworkError


class BigEarthNet:
    """Annotations, imagery, or both; safe to use from many threads at once."""

    def __init__(
        self,
        annotations: Annotations | PatchworkError | None,
        images: ImageStore | PatchworkError | None,
        catalog: TableCatalog,
        info: CollectionInfo,
        points: Path | None = None,
    ) -> None:
        """Put the parts together, or why one could not be opened; `opening.open_bigearthnet` makes them.

        Args:
            annotations: of the patches, if there are any.
            images: their store, if there is one.
            catalog: the patches.
            info: what users are told of all that.
            points: folder of the point index; None keeps it in memory.
        """
        self._annotations = annotations
        self._images_problem = images if isinstance(images, PatchworkError) else None
        self._reader = None if images is None or isinstance(images, PatchworkError) else PatchReader(images)
        self._catalog = catalog
        self._points = PointIndex.open(catalog, points)
        self._patches = PatchLookup(catalog.take(np.arange(catalog.total), LOOKUP_COLUMNS))
        self._info = info
        self._rows = MadeOnce("patchwork-rows", self._open_rows)

    @property
    def info(self) -> CollectionInfo:
        """Title, revision, licence, notes."""
        return self._info

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names accepted by `read`, in display order; none without imagery."""
        return MODALITY_NAMES if self._reader else ()

    @property
    def catalog(self) -> TableCatalog:
        """The sample table: the union of annotations and imagery."""
        return self._catalog

    @property
    def points(self) -> PointIndex:
        """The point index."""
        return self._points

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        """Open one modality of one patch; its arrays are read-only.

        Raises:
            UnknownSampleError: no such patch.
            ModalityMissingError: no such modality, the patch does not have it, or no imagery is configured.
            ShardError, SampleFormatError: its bytes are damaged.
            PatchworkError: the imagery could not be opened at all, with the reason met then.
        """
        wanted = modality_named(modality)
        patch = self._patches.find(sample_id)
        if self._images_problem:
            raise _again(self._images_problem)
        if self._reader is None:
            raise ModalityMissingError(
                "No imagery of BigEarthNet is configured, only its annotations: set PATCHWORK_BIGEARTHNET_IMAGES to "
                "the rico-hdl LMDB folder or to the folder of the GeoTIFF trees."
            )
        return self._reader.read(patch, wanted)

    def describe(self, sample_id: str) -> SampleRecord:
        """Everything but the pixels. A modality that can not be read is named in `problems`, the rest is given.

        `s1_s2_gap_hours` is positive where Sentinel-1 came later.

        Raises:
            UnknownSampleError: no such patch.
        """
        patch = self._patches.find(sample_id)
        properties = self._catalog.row(patch.id)
        modalities, problems = self._summaries(patch)
        place = place_of(patch.id)
        lon, lat = (float(v) if isinstance(v := properties.get(name), float) else math.nan for name in ("lon", "lat"))
        if math.isnan(lon + lat):
            problems.insert(0, f"{patch.id} has no valid coordinate in the annotations and is not on the map.")
            lon, lat = place.centre() if place else (lon, lat)
        if self._images_problem:
            problems.append(self._images_problem.message)
        return SampleRecord(
            id=patch.id,
            dataset="bigearthnet",
            lon=lon,
            lat=lat,
            properties=properties,
            epsg=place.epsg if place else None,
            corners=place.corners() if place else None,
            size_m=float(PATCH_SIZE_M) if place else None,
            s1_s2_gap_hours=_gap_hours(properties),
            modalities=modalities,
            problems=tuple(problems),
        )

    def available(self, sample_id: str) -> tuple[str, ...]:
        """Modalities that the patch has, in display order, told by the patch table alone.

        Raises:
            UnknownSampleError: no such patch.
        """
        patch = self._patches.find(sample_id)
        return tuple(each.name for each in MODALITIES if self._reader and patch.stored_name(each) is not None)

    def corners(self, sample_id: str) -> Corners | None:
        """The four true corners by the patch's name; None where it names no place. Raises UnknownSampleError."""
        place = place_of(self._patches.find(sample_id).id)
        return place.corners() if place else None

    def annotations(self, sample_id: str) -> list[dict[str, object]]:
        """The annotations of a patch in the order of their IDs, each with the thirteen columns as stored.

        Raises:
            UnknownSampleError: no such patch.
            SampleFormatError: the annotation file is damaged.
            PatchworkError: the annotations could not be opened at all, with the reason met then.
        """
        patch = self._patches.find(sample_id)
        if isinstance(self._annotations, PatchworkError):
            raise _again(self._annotations)
        return self._annotations.of(patch.id) if self._annotations else []

    @property
    def files(self) -> dict[str, Path]:
        """Files for a process of its own that reads them: `annotations` and `catalogue`, as far as they are there.

        Raises:
            PatchworkError: the annotations could not be opened at all, with the reason met then.
        """
        if isinstance(self._annotations, PatchworkError):
            raise _again(self._annotations)
        found = {"annotations": self._annotations and self._annotations.file.path, "catalogue": self._catalog.path}
        return {name: path for name, path in found.items() if path}

    @property
    def rows(self) -> AnnotationRows | None:
        """All rows of the annotations, searched and filtered; None without annotations. Waits as `rows_opening` tells.

        Raises:
            SampleFormatError: the annotation file is damaged.
            PatchworkError: the annotations could not be opened at all, with the reason met then.
        """
        return self.rows_opening().result()

    def rows_opening(self) -> Future[AnnotationRows | None]:
        """What `rows` gives, or the error that it raises, now or later.

        The first time of a file what searches need is built, which takes minutes for millions of rows: it is done once,
        in the background, and where it failed the next call tries again.
        """
        return self._rows.begin()

    def _open_rows(self) -> AnnotationRows | None:
        if isinstance(self._annotations, PatchworkError):
            raise _again(self._annotations)
        return AnnotationRows(self._annotations.rows(), self._catalog) if self._annotations else None

    def read_annotations(self, sample_id: str) -> tuple[Annotation, ...]:
        """The annotations of a patch as `annotations` gives them, read, and checked against its reference map.

        Raises:
            What `annotations` raises. A map that is missing leaves rows without a verdict; of one that can not be
                read the verdicts tell.
        """
        rows, facts = self.annotations(sample_id), self.map_facts(sample_id)
        unread = facts is None and self._has_map(self._patches.find(sample_id))
        return checked(rows, facts, unread=unread)

    def map_facts(self, sample_id: str) -> MapFacts | None:
        """What the reference map of a patch says; None without one, or where it can not be read.

        Raises:
            UnknownSampleError: no such patch.
        """
        patch = self._patches.find(sample_id)
        if self._reader is None or not self._has_map(patch):
            return None
        try:
            (codes,) = self._reader.pixels(patch, modality_named("reference_map"))
        except PatchworkError:  # `describe` tells of it
            return None
        return facts_of(np.maximum(codes, 0))  # a negative number can only stand for no data

    def _has_map(self, patch: Patch) -> bool:
        return self._reader is not None and patch.has_reference_map

    def _summaries(self, patch: Patch) -> tuple[tuple[ModalitySummary, ...], list[str]]:
        """The modalities that a patch has, and why others could not be read."""
        summaries: list[ModalitySummary] = []
        problems: list[str] = []
        for modality in MODALITIES if self._reader else ():
            if self._reader is None or patch.stored_name(modality) is None:
                continue
            try:
                summaries.append(self._reader.summary(patch, modality))
                misplaced = self._reader.misplaced(patch, modality)
            except ModalityMissingError:
                continue  # a patch may have some bands only
            except PatchworkError as error:
                misplaced = error.message
            if misplaced and misplaced not in problems:
                problems.append(misplaced)
        return tuple(summaries), problems


def _again(problem: PatchworkError) -> PatchworkError:
    """A fresh copy: an exception that is raised again and again would gather tracebacks."""
    return type(problem)(problem.message)


def _gap_hours(row: dict[str, object]) -> float | None:
    """Hours from Sentinel-2 to Sentinel-1; None where either is unknown or the patch is Sentinel-1 alone."""
    s2, s1 = row.get("time"), row.get("s1_time")
    if not isinstance(s1, datetime) or not isinstance(s2, datetime) or row["s1_name"] == row["id"]:
        return None
    return (s1 - s2) / timedelta(hours=1)
