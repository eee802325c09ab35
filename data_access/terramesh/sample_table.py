"""The samples of a TerraMesh root: from its metadata tables where they are, from the shards where they are not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data_access.places import Places, enrich
from data_access.progress import activity
from data_access.remote.download import local_copy
from data_access.remote.remote_file import RemoteFile
from data_access.store_building import Staging, examples
from data_access.terramesh.layout import UNKNOWN_SPLIT, Layout
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.member_scan import scan_shards
from data_access.terramesh.metadata_table import SAMPLE_SCHEMA, MetadataTable
from data_access.terramesh.modalities import KEY_PATTERN
from data_access.terramesh.parts_join import PartsJoin
from errors import ShardError, SourceMissingError

TITLE = "TerraMesh"
MAX_REMOTE_SCAN = 16  # shards of one name: listing one far away takes hundreds of requests
_LARGE = 1_000_000  # samples, beside which the 200 MB of the atlas count; it is read anew for the next collection
_MAX_ODD_NAMES = 100  # kept for the note that names three


@dataclass
class SampleRows:
    """Stages the samples of a root; columns as in `metadata_table.SAMPLE_SCHEMA`, places and measures added."""

    layout: Layout
    index: MemberIndex  # members by shard, for splits or shards that no metadata table lists
    scans: Path  # folder of what scans found
    downloads: Path  # folder of the metadata tables of remote roots
    parts: Path | None  # folder of what the batch index found
    places: Places
    _odd: dict[str, None] = field(default_factory=dict)  # the first unusable names
    _odd_rows: int = 0
    _listed: Counter[tuple[str, str]] = field(default_factory=Counter)  # samples by split and shard
    _timeless: Counter[str] = field(default_factory=Counter)  # samples without a time, by source

    def __call__(self, staging: Staging) -> None:
        """Stage all samples.

        Raises:
            SchemaError: a metadata table lacks a column or can not be read.
            SourceMissingError: a remote root has too many shards that no metadata table lists.
        """
        self._odd, self._odd_rows, self._listed, self._timeless = {}, 0, Counter(), Counter()
        parts = PartsJoin(self.parts, self.layout)
        staging.add(parts.join(enrich(SAMPLE_SCHEMA.empty_table(), self.places)))
        for table in self._tables(staging.notes):
            samples = parts.join(self._sound(table))
            for source, count in _counts(samples["source"].filter(pc.is_null(samples["time"]))):
                self._timeless[source] += count
            staging.add(enrich(_tell_split(samples), self.places))
        staging.notes += [*self._odd_note(), *self._time_note(), *parts.notes(self._listed, staging.rows)]
        staging.passing_notes += self.places.notes
        if staging.rows >= _LARGE:
            self.places.forget()

    def _tables(self, notes: list[str]) -> Iterator[pa.Table]:
        """The rows of all splits in batches; notes on what is odd are added as they are met."""
        for split in self.layout.splits:
            unlisted = self.layout.names(split)
            if split in self.layout.metadata:
                yield from self._from_metadata(split, unlisted, notes)
                unlisted -= {tar for of_split, tar in self._listed if of_split == split}
            if unlisted:
                yield from self._from_shards(split, sorted(unlisted), notes)

    def _from_metadata(self, split: str, there: set[str], notes: list[str]) -> Iterator[pa.Table]:
        metadata = MetadataTable(local_copy(self.layout.metadata[split], self.downloads), split)
        notes += metadata.notes
        missing = 0
        with activity(f"Reading the metadata of {TITLE} ({split})", total=metadata.rows, unit="samples") as progress:
            for table in metadata.batches(there):
                for tar, count in _counts(table["tar"]):
                    self._listed[split, tar] += count
                missing += len(table) - (pc.sum(table["available"]).as_py() or 0)
                yield table
                progress.advance(len(table))
        if missing:
            where = "on this disk" if self.layout.folder else "in this collection"
            notes.append(f"{missing:,} of {metadata.rows:,} samples of {split} lie in shards that are not {where}.")

    def _from_shards(self, split: str, names: list[str], notes: list[str]) -> Iterator[pa.Table]:
        """The samples of shards that no metadata table lists; each is scanned once and the result kept."""
        if len(names) > MAX_REMOTE_SCAN and self._is_remote(split):
            told = f"{len(names)} shards of {split} ({examples(names)}) are listed in no metadata table"
            if not self.layout.metadata:
                raise SourceMissingError(
                    f"{told}, and looking through so many over a network would take hours. Put "
                    f"{split}_metadata.parquet beside the folder {split}/, or name a local copy of some shards."
                )
            notes.append(f"{told} and are left out: looking through so many over a network would take hours.")
            return
        with activity(f"Looking through the shards of {TITLE} ({split})", total=len(names), unit="shards") as progress:
            for name in names:
                progress.tell(progress.done, name)
                table, remarks = _scan(self.layout, split, name, self.index, self.scans)
                notes += remarks
                yield table
                progress.advance()

    def _is_remote(self, split: str) -> bool:
        return any(isinstance(each.location, RemoteFile) for each in self.layout.shards if each.split == split)

    def _sound(self, samples: pa.Table) -> pa.Table:
        """Samples whose id may become part of a URL."""
        sound = pc.fill_null(pc.match_substring_regex(samples["id"], f"^(?:{KEY_PATTERN.pattern})$"), fill_value=False)
        odd = len(samples) - (pc.sum(sound).as_py() or 0)
        if not odd:
            return samples
        self._odd_rows += odd
        if len(self._odd) < _MAX_ODD_NAMES:
            self._odd |= dict.fromkeys(pc.unique(samples.filter(pc.invert(sound))["id"]).to_pylist()[:_MAX_ODD_NAMES])
        return samples.filter(sound)

    def _odd_note(self) -> Iterator[str]:
        if self._odd_rows:
            yield f"{self._odd_rows} samples have unusable names ({examples(list(self._odd))}); left out."

    def _time_note(self) -> Iterator[str]:
        """Season follows from time; the index in SSL4EO-S12 names puts the dates of a place in order, no more."""
        lost = sum(self._timeless.values())
        if not lost:
            return
        note = f"No time is known for {lost:,} samples: their season is unknown until statistics are made of them."
        if self._timeless["ssl4eos12"]:
            note += " The last digit of SSL4EO-S12 names only orders the dates of a place; the first is in any season."
        yield note


def _scan(layout: Layout, split: str, name: str, index: MemberIndex, folder: Path) -> tuple[pa.Table, tuple[str, ...]]:
    """The samples of all shards of one name; a shard that can not be read costs its samples, nothing else."""
    shards = [shard for modality in layout.folders if (shard := layout.of(split, modality).get(name))]
    problems: list[str] = []
    readable = []
    for listed in shards:
        try:
            shard = listed.settled()  # what is kept of a scan must not outlive the bytes
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


def _tell_split(samples: pa.Table) -> pa.Table:
    """Where the folder does not tell the split, the sample's name may: majortom_val_0000001."""
    if not pc.any(pc.equal(samples["split"], UNKNOWN_SPLIT)).as_py():
        return samples
    told = pc.struct_field(pc.extract_regex(samples["id"], r"_(?P<split>train|val|test)_"), "split")
    unknown = pc.equal(samples["split"], UNKNOWN_SPLIT)
    split = pc.if_else(unknown, pc.fill_null(told, UNKNOWN_SPLIT), samples["split"])
    return samples.set_column(samples.column_names.index("split"), "split", split)


def _counts(column: pa.ChunkedArray) -> Iterator[tuple[str, int]]:
    """How often each word occurs."""
    for each in pc.value_counts(column).to_pylist():
        yield str(each["values"]), int(each["counts"])
