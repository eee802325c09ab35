"""What the cards of the Data page say of a collection: gathered once per revision, since none of it changes within."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data_access.catalog import TableCatalog
from data_access.dataset import Dataset
from data_access.memory_cache import OnceCache
from data_access.settings import settings
from data_access.terramesh.batch_parts import Kind, index_folder
from data_access.terramesh.completeness import Completeness, completeness, parts_of
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.opening import revision_of

REMEMBERED = 4  # collections: two are open at a time
# Flags of the sample table of BigEarthNet, and what they say of a patch.
PATCH_FLAGS: Mapping[str, str] = {
    "has_s2": "with Sentinel-2",
    "has_s1": "with Sentinel-1",
    "has_reference_map": "with a reference map",
    "has_annotations": "with annotations",
}


_PARTS: OnceCache[tuple[object, ...], dict[Kind, int]] = OnceCache(1, lambda _: 1)  # the latest answer alone


@dataclass(frozen=True)
class Coverage:
    """How many of all have something."""

    title: str
    present: int
    total: int

    @property
    def fraction(self) -> float:
        """Share that has it, 0 to 1."""
        return self.present / self.total if self.total else 0.0


def shards_of(dataset: Dataset) -> Completeness | None:
    """Shards per split and modality; None for a data set without shards."""
    if not isinstance(dataset, TerraMesh):
        return None
    return _completeness(dataset)


def index_of(dataset: Dataset) -> tuple[Path, dict[Kind, int]] | None:
    """Folder of the batch index of a data set, and how many sets of shards each kind covers."""
    if not isinstance(dataset, TerraMesh):
        return None
    configured = settings()
    # What an operator indexed is of the configured root, never of the demo that stands in for it.
    chosen = configured.terramesh_index if configured.terramesh else None
    folder = index_folder(chosen, configured.cache_dir, dataset.layout)
    key = (str(folder), dataset.layout.revision, _state_of(folder))
    return folder, _PARTS.get(key, lambda: parts_of(folder, dataset.layout))


def has_news(dataset: Dataset, folder: Path) -> bool:
    """Whether the batch index holds statistics that the open catalogue was built without."""
    return isinstance(dataset, TerraMesh) and revision_of(dataset.layout, folder) != dataset.info.revision


def patches_of(dataset: Dataset) -> tuple[Coverage, ...]:
    """How many patches of BigEarthNet have imagery and annotations; none for other data sets."""
    catalog = dataset.catalog
    if not isinstance(catalog, TableCatalog) or not set(PATCH_FLAGS) <= set(catalog.column_names):
        return ()
    return _patches(catalog, dataset.info.revision)


@lru_cache(maxsize=REMEMBERED)
def _completeness(dataset: TerraMesh) -> Completeness:
    return completeness(dataset.layout, dataset.catalog)


@lru_cache(maxsize=REMEMBERED)
def _patches(catalog: TableCatalog, _revision: str) -> tuple[Coverage, ...]:
    rows = catalog.tally(tuple(PATCH_FLAGS)).to_pylist()
    return tuple(
        Coverage(title, sum(int(row["samples"]) for row in rows if row[flag]), catalog.total)
        for flag, title in PATCH_FLAGS.items()
    )


def _state_of(folder: Path) -> tuple[tuple[str, int], ...]:
    """Changes whenever a part comes or goes, since a part is renamed into its folder."""
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.glob("*/*") if path.is_dir()))
