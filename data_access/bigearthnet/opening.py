"""Opens BigEarthNet from annotations, imagery, or both."""

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.bigearthnet.pairing import PairingTables, find_pairing_tables
from data_access.bigearthnet.patch_table import patch_table
from data_access.bigearthnet.stores import open_images
from data_access.catalog import TableCatalog, kept_catalog
from data_access.dataset import CollectionInfo, CollectionKind, licence_of_kind
from data_access.places import Places, enrich, places_of
from data_access.sample_table import UNKNOWN
from data_access.settings import settings
from data_access.store_building import Recipe, Staging
from errors import PatchworkError, SourceMissingError

logger = logging.getLogger(__name__)

_Part = TypeVar("_Part")

# Up to this size annotations are prepared for searches when one is asked for, which takes a second or two; for millions
# of rows it takes minutes, which begin at once, in the background.
_PREPARED_LATER_ROWS = 200_000
TABLE_VERSION = 3  # part of the revision: raise it when the sample table's columns or values change
_TITLES: dict[CollectionKind, str] = {
    "demo": "BigEarthNet v2 and BigEarthNet.txt, synthetic demo",
    "local": "BigEarthNet v2 and BigEarthNet.txt",
    "hf": "BigEarthNet.txt, from the hub",
    "https": "BigEarthNet.txt, over HTTP",
}


@dataclass(frozen=True)
class _Parts:
    """What could be opened."""

    annotations: Annotations | None
    images: ImageStore | None
    pairing: PairingTables

    @property
    def revision(self) -> str:
        """Changes when any of the files does."""
        words = (
            self.annotations.file.revision if self.annotations else "",
            self.images.revision if self.images else "",
            self.pairing.revision,
            str(TABLE_VERSION),
        )
        return hashlib.sha256(":".join(words).encode()).hexdigest()[:16]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is partial or foreign in the files, in sentences."""
        return (*(self.annotations.notes if self.annotations else ()), *(self.images.notes if self.images else ()))


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
    root = images or txt
    if root is None:
        raise SourceMissingError(
            "Nothing of BigEarthNet is configured: set PATCHWORK_BIGEARTHNET_TXT to the annotation Parquet, "
            "PATCHWORK_BIGEARTHNET_IMAGES to the imagery, or both."
        )
    annotations = _attempt(lambda: Annotations(open_annotation_file(txt), tables_dir)) if txt else None
    store = _attempt(lambda: open_images(images, tables_dir)) if images else None
    problems = [part for part in (annotations, store) if isinstance(part, PatchworkError)]
    sound_store = None if isinstance(store, PatchworkError) else store
    parts = _Parts(
        annotations=None if isinstance(annotations, PatchworkError) else annotations,
        images=sound_store,
        pairing=find_pairing_tables(images) if images and sound_store else PairingTables(()),
    )
    if parts.annotations is None and parts.images is None:
        raise problems[0]
    catalog = _catalog(parts, tables_dir / f"bigearthnet-{parts.revision}.duckdb", places)
    info = CollectionInfo(
        dataset="bigearthnet",
        kind=kind,
        title=_TITLES[kind],
        root=root.name,
        revision=parts.revision,
        licence=licence_of_kind(BIGEARTHNET_LICENCE, kind),
        synthetic=kind == "demo",
        notes=(*(f"A part could not be opened. {each.message}" for each in problems), *parts.notes, *catalog.notes),
    )
    dataset = BigEarthNet(annotations, store, catalog, info, points=tables_dir / f"points-{parts.revision}")
    if parts.annotations and parts.annotations.file.rows > _PREPARED_LATER_ROWS:
        dataset.rows_opening().add_done_callback(_report)  # now, not before: map and counts are not held up by it
    return dataset


def _report(prepared: Future[AnnotationRows | None]) -> None:
    """Patches and their rows are there whatever happened; a search will tell, and try again."""
    if error := prepared.exception():
        logger.warning("the annotations can not be prepared for searches: %s", error)


def _attempt(opening: Callable[[], _Part]) -> _Part | PatchworkError:
    try:
        return opening()
    except PatchworkError as error:
        return error


def _catalog(parts: _Parts, path: Path, places: Places | None) -> TableCatalog:
    """The kept catalogue, or a new one."""
    chosen = places or places_of(settings().world_atlas)

    def fill(staging: Staging) -> None:
        annotated = parts.annotations.patches() if parts.annotations else None
        table, notes = patch_table(annotated, parts.images, parts.pairing)
        table = enrich(table, chosen)
        staging.add(table)
        staging.notes += notes
        # What is incomplete for want of an atlas is not kept, so that it is complete once there is one.
        staging.passing_notes += chosen.notes if _has_unknown_places(table) else ()

    search = parts.annotations.search if parts.annotations else None
    return kept_catalog(path, Recipe("BigEarthNet", fill), text_search=search)


def _has_unknown_places(table: pa.Table) -> bool:
    """Whether a patch has no country or climate zone; annotated ones bring both, and then no atlas is read."""
    return any(pc.any(pc.equal(table[name].cast(pa.string()), UNKNOWN)).as_py() for name in ("country", "climate_zone"))
