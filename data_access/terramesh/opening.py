"""Opens a TerraMesh root."""

from dataclasses import replace
from pathlib import Path

from data_access.catalog import build_catalog, open_catalog
from data_access.dataset import CollectionKind
from data_access.places import Places, enrich, places_of
from data_access.settings import settings
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.layout import open_root
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.sample_table import sample_table


def open_terramesh(
    root: Path | str, *, kind: CollectionKind, tables_dir: Path, places: Places | None = None
) -> TerraMesh:
    """Open a root.

    Args:
        root: folder with `{split}/{modality}/*.tar`, a split folder, or the value that names a remote root.
        kind: whether it is the demo collection.
        tables_dir: where the tables and indexes built from it are kept.
        places: countries and climate zones; by default those of the settings.

    Raises:
        SourceMissingError: no such folder, or nothing of TerraMesh in it.
        SchemaError: a metadata table lacks a column or can not be read.
    """
    layout = open_root(root, listings=tables_dir.parent / "listings")
    index = MemberIndex(tables_dir / "terramesh-members")
    samples = sample_table(layout, index, tables_dir / "terramesh-samples", tables_dir.parent / "downloads")
    path = tables_dir / f"terramesh-{layout.revision}.parquet"
    catalog = open_catalog(path)
    if catalog is None:
        places = places or places_of(settings().world_atlas)
        table = enrich(samples.placed, places)
        # What is incomplete for want of an atlas is not kept, so that it is complete once there is one.
        catalog = build_catalog(table, None if places.notes else path)
        samples = replace(samples, notes=(*samples.notes, *places.notes))
    return TerraMesh(layout, samples, catalog, index, kind)
