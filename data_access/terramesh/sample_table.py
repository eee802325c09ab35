"""The samples of a TerraMesh root: from its metadata tables where they are, from the shards where they are not."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data_access.remote.download import local_copy
from data_access.terramesh.layout import UNKNOWN_SPLIT, Layout
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.member_scan import scan_shards
from data_access.terramesh.metadata_table import SAMPLE_SCHEMA, read_metadata
from data_access.terramesh.modalities import KEY_PATTERN
from errors import ShardError, SourceMissingError

_SHOWN = 3  # how many examples a note names


@dataclass(frozen=True)
class SampleTable:
    """All samples of a root; columns as in `metadata_table.SAMPLE_SCHEMA`, rows in id order."""

    placed: pa.Table  # for map and catalogue
    unplaced: pa.Table  # no place on the globe is known; they open by id
    notes: tuple[str, ...]  # what is partial, assumed or damaged, in sentences


def sample_table(layout: Layout, index: MemberIndex, folder: Path, downloads: Path) -> SampleTable:
    """Collect the samples of a root.

    Args:
        layout: the files of the root.
        index: members by shard, for splits or shards that no metadata table lists.
        folder: where scans are kept.
        downloads: where metadata tables of remote roots are kept.

    Raises:
        SchemaError: a metadata table lacks a column or can not be read.
    """
    tables: list[pa.Table] = [SAMPLE_SCHEMA.empty_table()]
    notes: list[str] = []
    for split in layout.splits:
        unlisted = layout.names(split)
        if split in layout.metadata:
            table, remarks = read_metadata(local_copy(layout.metadata[split], downloads), split, unlisted)
            unlisted -= set(pc.unique(table["tar"]).to_pylist())
            tables.append(table)
            notes += [*remarks, *_missing_shards(table, split)]
        for name in sorted(unlisted):
            table, remarks = _scan(layout, split, name, index, folder)
            tables.append(table)
            notes += remarks
    samples, remarks = _sound_ids(pa.concat_tables(tables))
    samples = _tell_split(samples)
    on_globe = _on_globe(samples)
    unplaced = samples.filter(pc.invert(on_globe))
    return SampleTable(samples.filter(on_globe), unplaced, (*notes, *remarks, *_unplaced_note(unplaced)))


def _scan(layout: Layout, split: str, name: str, index: MemberIndex, folder: Path) -> tuple[pa.Table, tuple[str, ...]]:
    """The samples of all shards of one name; a shard that can not be read costs its samples, nothing else."""
    shards = [shard for modality in layout.folders if (shard := layout.of(split, modality).get(name))]
    problems: list[str] = []
    readable = []
    for shard in shards:
        try:
            members = index.members(shard)
        except (ShardError, SourceMissingError) as error:
            problems.append(error.message)
            continue
        problems += [*members.notes, *([members.problem] if members.problem else [])]
        readable.append(shard)
    if not readable:
        return SAMPLE_SCHEMA.empty_table(), tuple(problems)
    table, notes = scan_shards(readable, index, folder)
    return table.cast(SAMPLE_SCHEMA), (*problems, *notes)


def _missing_shards(table: pa.Table, split: str) -> tuple[str, ...]:
    missing = len(table) - (pc.sum(table["available"]).as_py() or 0)
    if not missing:
        return ()
    return (f"{missing} of {len(table)} samples of {split} lie in shards that are not on this disk.",)


def _sound_ids(samples: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Samples in id order whose id may become part of a URL, each once; of several the first counts."""
    notes = []
    sound = pc.fill_null(pc.match_substring_regex(samples["id"], f"^(?:{KEY_PATTERN.pattern})$"), fill_value=False)
    if not pc.all(sound).as_py() and len(samples):
        odd = pc.unique(samples.filter(pc.invert(sound))["id"]).to_pylist()
        notes.append(f"{len(samples) - pc.sum(sound).as_py()} samples have unusable names ({_some(odd)}); left out.")
        samples = samples.filter(sound)
    samples = samples.append_column("_row", pa.array(range(len(samples)), pa.int64()))
    samples = samples.sort_by([("id", "ascending"), ("_row", "ascending")])
    ids = samples["id"].combine_chunks()
    again = pa.concat_arrays([pa.array([False] * min(1, len(ids)), pa.bool_()), pc.equal(ids[1:], ids[:-1])])
    if pc.any(again).as_py():
        twice = pc.unique(samples.filter(again)["id"]).to_pylist()
        notes.append(f"{len(twice)} sample names occur more than once ({_some(twice)}); the first of each counts.")
        samples = samples.filter(pc.invert(again))
    return samples.drop_columns(["_row"]), tuple(notes)


def _tell_split(samples: pa.Table) -> pa.Table:
    """Where the folder does not tell the split, the sample's name may: majortom_val_0000001."""
    if not pc.any(pc.equal(samples["split"], UNKNOWN_SPLIT)).as_py():
        return samples
    told = pc.struct_field(pc.extract_regex(samples["id"], r"_(?P<split>train|val|test)_"), "split")
    unknown = pc.equal(samples["split"], UNKNOWN_SPLIT)
    split = pc.if_else(unknown, pc.fill_null(told, UNKNOWN_SPLIT), samples["split"])
    return samples.set_column(samples.column_names.index("split"), "split", split)


def _on_globe(samples: pa.Table) -> pa.ChunkedArray:
    """Whether each sample's centre is a place; NaN and null are none."""
    lon_fits = pc.less_equal(pc.abs(samples["lon"]), 180.0)
    lat_fits = pc.less_equal(pc.abs(samples["lat"]), 90.0)
    return pc.fill_null(pc.and_(lon_fits, lat_fits), fill_value=False)


def _unplaced_note(unplaced: pa.Table) -> tuple[str, ...]:
    if not len(unplaced):
        return ()
    note = f"{len(unplaced)} samples have no usable coordinates (NaN, or outside the globe) and are not on the map"
    return (f"{note}: {_some(unplaced['id'].to_pylist())}. They open by their id.",)


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(str(name)[:80] for name in names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
