"""Opens a TerraMesh root."""

import hashlib
from pathlib import Path

from data_access.catalog import TableCatalog, kept_catalog
from data_access.dataset import CollectionKind
from data_access.places import Places, places_of
from data_access.settings import settings
from data_access.store_building import Recipe
from data_access.terramesh.batch_parts import digest, index_folder, statistics_paths
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.layout import Layout, open_root
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.sample_table import TITLE, SampleRows


def open_terramesh(
    root: Path | str,
    *,
    kind: CollectionKind,
    tables_dir: Path,
    places: Places | None = None,
    index_dir: Path | None = None,
) -> TerraMesh:
    """Open a root.

    Args:
        root: folder with `{split}/{modality}/*.tar`, a split folder, or the value that names a remote root.
        kind: whether it is the demo collection.
        tables_dir: where the tables and indexes built from it are kept.
        places: countries and climate zones; by default those of the settings.
        index_dir: what `python -m batch` made of the root; by default below the cache folder.

    Raises:
        SourceMissingError: no such folder, or nothing of TerraMesh in it.
        SchemaError: a metadata table lacks a column or can not be read.
    """
    layout = open_root(root, listings=tables_dir.parent / "listings")
    index = MemberIndex(tables_dir / "terramesh-members")
    parts = index_folder(index_dir, tables_dir.parent, layout)
    revision = revision_of(layout, parts)  # told once: a batch job may add parts while the catalogue is built
    catalog = catalog_of(layout, index, revision, tables_dir=tables_dir, parts=parts, places=places)
    points = tables_dir / f"points-{revision}"
    return TerraMesh(layout, catalog, index, kind, revision=revision, parts=parts, points=points)


def catalog_of(
    layout: Layout, index: MemberIndex, revision: str, *, tables_dir: Path, parts: Path, places: Places | None = None
) -> TableCatalog:
    """The catalogue of a root: the kept one, or a new one.

    Args:
        layout: the files of the root.
        index: members by shard.
        revision: of layout and parts together, see `revision_of`.
        tables_dir: where it is kept.
        parts: what the batch index left behind, if anything.
        places: countries and climate zones; by default those of the settings.

    Raises:
        SourceMissingError: a remote root lists too few of its samples.
        SchemaError: a metadata table lacks a column or can not be read.
    """
    rows = SampleRows(
        layout,
        index,
        scans=tables_dir / "terramesh-samples",
        downloads=tables_dir.parent / "downloads",
        parts=parts,
        places=places or places_of(settings().world_atlas),
    )
    recipe = Recipe(TITLE, rows, first_of_repeated=True, unplaced_apart=True)
    return kept_catalog(tables_dir / f"terramesh-{revision}.duckdb", recipe)


def revision_of(layout: Layout, parts: Path) -> str:
    """Changes when the files of the root do, or what the batch index measured of them."""
    if not statistics_paths(parts):
        return layout.revision
    return hashlib.sha256(f"{layout.revision} {digest(parts)}".encode()).hexdigest()[:16]
