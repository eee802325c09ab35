"""How much of TerraMesh is there: shards per split and modality, samples whose shard is missing, batch parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data_access.catalog import TableCatalog
from data_access.terramesh.batch_parts import KINDS, Kind, is_current, part_path, shards_of
from data_access.terramesh.layout import Layout
from data_access.terramesh.modalities import FOLDERS, excludes, source_of


@dataclass(frozen=True)
class Shards:
    """The shards of one modality in one split."""

    present: int
    expected: int  # names that the catalogue or another modality tells of, without those of the other Sentinel-1
    bytes: int  # of those whose size is known


@dataclass(frozen=True)
class Split:
    """One split: its samples, and its shards by modality."""

    name: str
    samples: int  # in the catalogue
    without_shard: int  # in the catalogue, but no modality of them is there
    names: int  # sets of shards of one name
    there: int  # of these, with a shard of any modality: what `python -m batch` can read
    has_table: bool  # {split}_metadata.parquet is there; else the shards were scanned
    shards: Mapping[str, Shards]  # by modality, in display order


@dataclass(frozen=True)
class Completeness:
    """One root of TerraMesh."""

    splits: tuple[Split, ...]
    modalities: tuple[str, ...]  # that any split has or misses, in display order

    @property
    def bytes(self) -> int:
        """Size of all shards that are there."""
        return sum(shards.bytes for split in self.splits for shards in split.shards.values())

    @property
    def names(self) -> int:
        """Sets of shards of one name."""
        return sum(split.names for split in self.splits)

    @property
    def there(self) -> int:
        """Sets of shards of which any is there."""
        return sum(split.there for split in self.splits)

    @property
    def without_shard(self) -> int:
        """Samples of the catalogue that can not be opened here."""
        return sum(split.without_shard for split in self.splits)


def completeness(layout: Layout, catalog: TableCatalog) -> Completeness:
    """Compare the files of a root with its catalogue; one pass of the database over two columns."""
    known: dict[str, set[str]] = {split: layout.names(split) for split in layout.splits}
    samples: dict[str, int] = {}
    missing: dict[str, int] = {}
    for row in catalog.tally(["split", "tar", "available"]).to_pylist():
        split = str(row["split"])
        samples[split] = samples.get(split, 0) + int(row["samples"])
        if row.get("tar"):
            known.setdefault(split, set()).add(str(row["tar"]))
        if row.get("available") is False:
            missing[split] = missing.get(split, 0) + int(row["samples"])
    splits = tuple(
        Split(
            name=name,
            samples=samples.get(name, 0),
            without_shard=missing.get(name, 0),
            names=len(known[name]),
            there=len(layout.names(name)) if name in layout.splits else 0,
            has_table=name in layout.metadata,
            shards={modality: _shards(layout, name, modality, known[name]) for modality in FOLDERS},
        )
        for name in known
    )
    modalities = tuple(name for name in FOLDERS if any(split.shards[name].expected for split in splits))
    return Completeness(splits, modalities)


def parts_of(index_dir: Path, layout: Layout) -> dict[Kind, int]:
    """How many sets of shards `python -m batch` has finished in each of its kinds, made from the shards as they are."""
    names = [(split, tar) for split in layout.splits for tar in sorted(layout.names(split))]
    return {kind: sum(_has_part(index_dir, kind, layout, *name) for name in names) for kind in KINDS}


def _has_part(index_dir: Path, kind: Kind, layout: Layout, split: str, tar: str) -> bool:
    path = part_path(index_dir, kind, split, tar)
    return path.is_file() and is_current(path, kind, shards_of(layout, split, tar))


def _shards(layout: Layout, split: str, modality: str, known: set[str]) -> Shards:
    present = layout.of(split, modality)
    expected = {name for name in known if not excludes(source_of("", name), modality)} | present.keys()
    return Shards(len(present), len(expected), sum(shard.size or 0 for shard in present.values()))
