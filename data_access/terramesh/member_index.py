"""Where every sample lies in its shards: each shard is walked once, when it is first needed, and its list is kept.

One small file per shard in the cache folder, named after the shard's path, size and time, so that changed shards are
walked again and unchanged ones never. A broken file is a miss.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from data_access.kept_tables import kept_table
from data_access.memory_cache import OnceCache
from data_access.terramesh.byte_range import read_range, size_of
from data_access.terramesh.layout import Shard
from data_access.terramesh.modalities import MEMBER_SUFFIX
from data_access.terramesh.shard import Member, list_members

MEMORY_BYTES = 64 << 20  # lists held in memory: some 150 shards of 10,240 samples
MAX_REMARKS = 20  # a page can show them all
_FORMAT = "1"  # raise it when older files can not be read any more
_SCHEMA = pa.schema([("key", pa.string()), ("data_offset", pa.int64()), ("size", pa.int64())])


@dataclass(frozen=True)
class Members:
    """The members of one shard, sorted by key, in three arrays: a tenth of the memory of objects."""

    keys: np.ndarray  # bytes, sorted
    data_offsets: np.ndarray  # int64
    sizes: np.ndarray  # int64
    notes: tuple[str, ...]
    problem: str | None  # damage: members may be missing

    def find(self, key: str) -> Member | None:
        """The member with this key, if the shard has it."""
        position = int(np.searchsorted(self.keys, wanted := key.encode()))
        if position == len(self.keys) or self.keys[position] != wanted:
            return None
        return Member(key, key + MEMBER_SUFFIX, int(self.data_offsets[position]), int(self.sizes[position]))

    def __iter__(self) -> Iterator[str]:
        """All keys in order."""
        return (key.decode() for key in self.keys)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return int(self.keys.nbytes + self.data_offsets.nbytes + self.sizes.nbytes)


class MemberIndex:
    """Members by shard; safe to use from many threads at once."""

    def __init__(self, folder: Path) -> None:
        """Keep the lists in `folder`, which is made when the first is written."""
        self._folder = folder
        self._remarks: dict[str, None] = {}  # an ordered set
        self._lists: OnceCache[str, Members] = OnceCache(MEMORY_BYTES, lambda members: members.nbytes)

    @property
    def folder(self) -> Path:
        """Where the lists are kept."""
        return self._folder

    def remarks(self) -> tuple[str, ...]:
        """What is odd or damaged in the shards walked so far, in sentences."""
        remarks = tuple(self._remarks)
        more = len(remarks) - MAX_REMARKS
        return remarks if more <= 0 else (*remarks[:MAX_REMARKS], f"{more} more remarks on other shards.")

    def members(self, shard: Shard) -> Members:
        """The members of a shard.

        Raises:
            SourceMissingError, ShardError: it can not be read at all. Damage inside is told in `Members.problem`.
        """
        return self._lists.get(shard.identity, lambda: self._load(shard))

    def _load(self, shard: Shard) -> Members:
        path = self._folder / f"{digest(_FORMAT, shard.identity)}.parquet"
        build = partial(_walk, shard)
        table = kept_table(path, build)
        members = _from_table(table if table.schema.equals(_SCHEMA) else build())
        self._remarks |= dict.fromkeys((*members.notes, *([members.problem] if members.problem else [])))
        return members


def digest(*words: str) -> str:
    """A file name for these words."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _walk(shard: Shard) -> pa.Table:
    size = size_of(shard.location) if shard.size is None else shard.size
    listing = list_members(partial(read_range, shard.location), size, shard.relative)
    members = sorted(listing.members, key=lambda member: member.key)
    labels = {"notes": json.dumps(listing.notes), "problem": json.dumps(listing.problem)}
    columns = [
        [member.key for member in members],
        [member.data_offset for member in members],
        [member.size for member in members],
    ]
    return pa.table(columns, schema=_SCHEMA.with_metadata(labels))


def _from_table(table: pa.Table) -> Members:
    labels: Mapping[bytes, bytes] = table.schema.metadata or {}
    return Members(
        keys=np.array(table["key"].to_pylist(), dtype=np.bytes_),
        data_offsets=table["data_offset"].to_numpy(),
        sizes=table["size"].to_numpy(),
        notes=tuple(json.loads(labels.get(b"notes", b"[]"))),
        problem=json.loads(labels.get(b"problem", b"null")),
    )
