"""The unit of work: one part, made from the shards of one name. This is what runs on a worker."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from batch import pulse
from batch.offsets import offsets_table
from batch.problems import Problems
from batch.statistics import statistics_table
from batch.thumbnails import thumbnails_table
from data_access.terramesh.batch_parts import (
    Kind,
    Label,
    identities,
    part_path,
    read_label,
    shards_of,
    shards_read,
    write_part,
)
from data_access.terramesh.layout import Layout, Shard
from errors import JobError, PatchworkError

_TABLES: Mapping[Kind, Callable[[Mapping[str, Shard], Problems], pa.Table]] = {
    "offsets": offsets_table,
    "statistics": statistics_table,
    "thumbnails": thumbnails_table,
}


@dataclass(frozen=True)
class ShardSet:
    """The shards of one name in one split: the same samples in every modality."""

    split: str
    tar: str
    shards: Mapping[str, Shard]  # those that are read, by modality

    @property
    def title(self) -> str:
        """As a person tells it from others."""
        return f"{self.split}/{self.tar}"

    @property
    def size(self) -> int:
        """Bytes of all shards; those of unknown size count nothing."""
        return sum(shard.size or 0 for shard in self.shards.values())


@dataclass(frozen=True)
class Outcome:
    """What became of one set."""

    title: str
    samples: int = 0
    size: int = 0  # bytes of its shards
    problems: tuple[str, ...] = ()  # what of the shards is damaged; the part is there
    failure: str | None = None  # why there is no part


def shard_sets(layout: Layout, kind: Kind, *, split: str | None = None, names: str | None = None) -> Iterator[ShardSet]:
    """The sets of a root that a part can be made from, in order.

    Args:
        layout: the files of the root.
        kind: what is made.
        split: only this one.
        names: only shards whose name fits one of these patterns, separated by commas, such as `majortom_*`.
    """
    patterns = [pattern.strip() for pattern in names.split(",")] if names else ["*"]
    for each in layout.splits:
        for tar in sorted(layout.names(each)):
            fits = any(fnmatchcase(tar, pattern) or fnmatchcase(tar, f"{pattern}.tar") for pattern in patterns)
            if fits and split in (None, each) and (shards := shards_read(kind, shards_of(layout, each, tar))):
                yield ShardSet(each, tar, shards)


def finished(kind: Kind, shard_set: ShardSet, out: Path) -> Outcome | None:
    """What the part of a set says, where it is there and its shards have not changed since; else None."""
    label = read_label(part_path(out, kind, shard_set.split, shard_set.tar), kind)
    if label is None:
        return None
    try:
        if label.shards != identities(kind, _settled(shard_set.shards)):
            return None
    except PatchworkError:  # one of them can not be asked; whoever makes the part says why
        return None
    return Outcome(shard_set.title, size=shard_set.size, problems=label.problems)


def make_part(kind: Kind, shard_set: ShardSet, out: Path) -> Outcome:
    """Read the shards of a set and write its part. Equal shards give equal parts, whoever makes them.

    Raises:
        RemoteError: something remote failed in a way that the next attempt may not.
        JobError: the part can not be written, so no other can.
    """
    problems = Problems()
    try:
        with pulse.reading(shard_set.title):
            shards = _settled(shard_set.shards)
            table = _TABLES[kind](shards, problems)
    except PatchworkError as error:
        if error.retryable:
            raise
        return Outcome(shard_set.title, size=shard_set.size, failure=error.message)
    label = Label(identities(kind, shards), problems.told())
    path = part_path(out, kind, shard_set.split, shard_set.tar)
    try:
        write_part(path, kind, table, label)
    except OSError as error:
        raise JobError(
            f"{path.name} can not be written to {out.name} ({error.strerror}). Free space or choose another folder, "
            "then run the same command again: it goes on where this one stopped."
        ) from error
    return Outcome(shard_set.title, len(table), shard_set.size, label.problems)


def _settled(shards: Mapping[str, Shard]) -> dict[str, Shard]:
    """The shards with what tells their bytes from others, so that a part never passes for one of a later version."""
    return {name: shard.settled() for name, shard in shards.items()}
