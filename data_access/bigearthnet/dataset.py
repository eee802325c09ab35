"""BigEarthNet v2 with the texts of BigEarthNet.txt as a `data_access.dataset.Dataset`."""

import hashlib
import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import xarray as xr

from data_access.bigearthnet.annotation_file import open_annotation_file
from data_access.bigearthnet.annotations import Annotations
from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.bigearthnet.modalities import MODALITIES, MODALITY_NAMES, modality_named
from data_access.bigearthnet.pairing import PairingTables, find_pairing_tables
from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, place_of
from data_access.bigearthnet.patch_lookup import LOOKUP_COLUMNS, Patch, PatchLookup
from data_access.bigearthnet.patch_reader import PatchReader
from data_access.bigearthnet.patch_table import patch_table
from data_access.bigearthnet.stores import open_images
from data_access.catalog import TableCatalog, build_catalog, open_catalog
from data_access.dataset import (
    CollectionInfo,
    CollectionKind,
    Corners,
    ModalitySummary,
    SampleRecord,
    licence_of_kind,
)
from data_access.places import Places, enrich
from data_access.point_index import PointIndex
from errors import ModalityMissingError, PatchworkError, SourceMissingError

_Part = TypeVar("_Part")

TABLE_VERSION = 1  # part of the revision: raise it when the sample table's columns change
_NOTES = "notes"  # label of the kept sample table
_TITLES: dict[CollectionKind, str] = {
    "demo": "BigEarthNet v2 and BigEarthNet.txt, synthetic demo",
    "local": "BigEarthNet v2 and BigEarthNet.txt",
}


class BigEarthNet:
    """Annotations, imagery, or both; safe to use from many threads at once."""

    def __init__(
        self,
        annotations: Annotations | PatchworkError | None,
        images: ImageStore | PatchworkError | None,
        catalog: TableCatalog,
        info: CollectionInfo,
    ) -> None:
        """Put the parts together, or why one could not be opened; `open_bigearthnet` makes them."""
        self._annotations = annotations
        self._images_problem = images if isinstance(images, PatchworkError) else None
        self._reader = None if images is None or isinstance(images, PatchworkError) else PatchReader(images)
        self._catalog = catalog
        self._points = PointIndex(catalog)
        self._patches = PatchLookup(catalog.take(np.arange(catalog.total), LOOKUP_COLUMNS))
        self._info = info

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


def open_bigearthnet(
    txt: Path | None,
    images: Path | None,
    *,
    kind: CollectionKind,
    tables_dir: Path,
    places: Places | None = None,
) -> BigEarthNet:
    """Open annotations, imagery, or both. Where one of two can not be opened the other goes on, and a note tells.

    Args:
        txt: the annotation Parquet, or None.
        images: the LMDB folder or the folder of GeoTIFF trees, or None.
        kind: whether it is the demo collection.
        tables_dir: where the tables built from it are kept.
        places: countries and climate zones for patches without annotations; by default those of the settings.

    Raises:
        SourceMissingError: nothing is given, or the file or folder is not there.
        SchemaError: the annotation file lacks a column or is no Parquet file.
        SampleFormatError: the annotation file's rows are damaged.
        ShardError: the LMDB is damaged.
    """
    if txt is None and images is None:
        raise SourceMissingError(
            "Nothing of BigEarthNet is configured: set PATCHWORK_BIGEARTHNET_TXT to the annotation Parquet, "
            "PATCHWORK_BIGEARTHNET_IMAGES to the imagery, or both."
        )
    annotations = _attempt(lambda: Annotations(open_annotation_file(txt), tables_dir)) if txt else None
    store = _attempt(lambda: open_images(images, tables_dir)) if images else None
    problems = [part for part in (annotations, store) if isinstance(part, PatchworkError)]
    sound_annotations = None if isinstance(annotations, PatchworkError) else annotations
    sound_store = None if isinstance(store, PatchworkError) else store
    if sound_annotations is None and sound_store is None:
        raise problems[0]
    pairing = find_pairing_tables(images) if images and sound_store else PairingTables(())
    revision = _revision(sound_annotations, sound_store, pairing)
    path = tables_dir / f"bigearthnet-{revision}.parquet"
    catalog, notes = _catalog(sound_annotations, sound_store, pairing, path, places)
    root = next(path for path in (images, txt) if path)
    info = CollectionInfo(
        dataset="bigearthnet",
        kind=kind,
        title=_TITLES[kind],
        root=root.name,
        revision=revision,
        licence=licence_of_kind(BIGEARTHNET_LICENCE, kind),
        synthetic=kind == "demo",
        notes=(
            *(f"A part could not be opened. {problem.message}" for problem in problems),
            *(sound_annotations.notes if sound_annotations else ()),
            *(sound_store.notes if sound_store else ()),
            *notes,
        ),
    )
    return BigEarthNet(annotations, store, catalog, info)


def _attempt(opening: Callable[[], _Part]) -> _Part | PatchworkError:
    try:
        return opening()
    except PatchworkError as error:
        return error


def _again(problem: PatchworkError) -> PatchworkError:
    """A fresh copy: an exception that is raised again and again would gather tracebacks."""
    return type(problem)(problem.message)


def _catalog(
    annotations: Annotations | None,
    store: ImageStore | None,
    pairing: PairingTables,
    path: Path,
    places: Places | None,
) -> tuple[TableCatalog, tuple[str, ...]]:
    """The kept sample table with its notes, or a new one."""
    search = annotations.search if annotations else None
    kept = open_catalog(path, text_search=search)
    if kept is not None:
        return kept, tuple(json.loads(kept.labels.get(_NOTES, "[]")))
    table, notes = patch_table(annotations.patches() if annotations else None, store, pairing)
    labels = {_NOTES: json.dumps(notes)}
    return build_catalog(enrich(table, places), path, text_search=search, labels=labels), notes


def _revision(annotations: Annotations | None, store: ImageStore | None, pairing: PairingTables) -> str:
    parts = (
        annotations.file.revision if annotations else "",
        store.revision if store else "",
        pairing.revision,
        str(TABLE_VERSION),
    )
    return hashlib.sha256(":".join(parts).encode()).hexdigest()[:16]


def _gap_hours(row: dict[str, object]) -> float | None:
    """Hours from Sentinel-2 to Sentinel-1; None where either is unknown or the patch is Sentinel-1 alone."""
    s2, s1 = row.get("time"), row.get("s1_time")
    if not isinstance(s1, datetime) or not isinstance(s2, datetime) or row["s1_name"] == row["id"]:
        return None
    return (s1 - s2) / timedelta(hours=1)
